"""The HTML report: what it says, and that nothing in documents or questions can be anything but text in it."""

import copy
import re
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_report import REPORT
from selectolax.lexbor import LexborHTMLParser, LexborNode

from qa_bot.evaluation.html import html_report
from qa_bot.evaluation.html.rows import Outcome, outcome_of
from qa_bot.evaluation.html.texts import clean_text, marked

EARLIER_FIELDS = ("id", "rank", "status", "confidence", "excerpt_ok", "highlight_ok")
NASTY = [
    "</script>",
    "<!--",
    "-->",
    "]]>",
    "&amp;",
    "&",
    '"',
    "'",
    "\u2028",
    "\0",
    "\r",
    "\r\n",
    "\ud800",
    "<img src=x>",
    "{{",
    "\x85",
]
nasty_texts = st.lists(st.one_of(st.sampled_from(NASTY), st.text(st.characters(exclude_categories=())))).map("".join)


def parse(report: dict[str, Any]) -> LexborHTMLParser:
    """Read the page as a browser does, from bytes."""
    return LexborHTMLParser(html_report(report).encode())


def first(node: LexborHTMLParser | LexborNode, selector: str) -> LexborNode:
    """Give the first element that fits; there must be one."""
    return node.css(selector)[0]


def texts(page: LexborHTMLParser, selector: str) -> list[str]:
    """Give the text of each element that fits."""
    return [node.text() for node in page.css(selector)]


def rows(page: LexborHTMLParser) -> dict[str, str | None]:
    """Give the outcome that the page's table says for each question."""
    return {first(row, ".id code").text(): row.attributes["data-outcome"] for row in page.css("#questions tbody tr")}


def elements(page: LexborHTMLParser) -> Counter[str | None]:
    """Count the elements of the page by their names."""
    return Counter(node.tag for node in page.css("*"))


def test_it_says_what_became_of_each_question_failed_ones_first() -> None:
    """Each question has its outcome; the failed ones come first, and only they are open."""
    page = parse(REPORT)

    assert list(rows(page).items()) == [
        ("q-2", "wrong highlight"),
        ("q-3", "answered wrongly"),
        ("q-4", "not answered"),
        ("q-5", "not answered"),
        ("q-6", "false answer"),
        ("q-1", "right"),
        ("q-7", "rightly not answered"),
        ("q-8", "gold lost"),
    ]
    assert [first(row, "td").text() for row in page.css("tr[data-failed]")] == ["2", "3", "4", "5", "6"]
    assert texts(page, "details[open] > summary") == texts(page, "tr[data-failed] summary")
    assert texts(page, ".summary")[0].split() == ["8", "questions,", "6", "answerable,", "2", "not.", "5", "failed."]


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({"status": "answered", "answerable": True, "first_ok": True, "highlight_ok": True}, Outcome.RIGHT),
        ({"status": "answered", "answerable": True, "first_ok": True}, Outcome.RIGHT),
        ({"status": "answered", "answerable": True, "first_ok": True, "highlight_ok": False}, Outcome.WRONG_HIGHLIGHT),
        ({"status": "answered", "answerable": True, "first_ok": True, "excerpt_ok": False}, Outcome.WRONG_HIGHLIGHT),
        ({"status": "answered", "answerable": True, "first_ok": False}, Outcome.ANSWERED_WRONGLY),
        ({"status": "not_found", "answerable": True, "first_ok": True}, Outcome.NOT_ANSWERED),
        ({"status": "answered", "answerable": False, "first_ok": False}, Outcome.FALSE_ANSWER),
        ({"status": "not_found", "answerable": False}, Outcome.RIGHTLY_NOT_ANSWERED),
        ({"status": "answered", "answerable": True, "first_ok": False, "gold": "lost"}, Outcome.GOLD_LOST),
        ({"status": "answered", "answerable": True, "first_ok": True, "gold": "moved"}, Outcome.RIGHT),
    ],
)
def test_outcomes(fields: dict[str, Any], outcome: Outcome) -> None:
    """An outcome follows from status, answerability and what is right; lost gold goes before all."""
    assert outcome_of(fields) is outcome


def test_a_report_of_an_earlier_version_is_shown_as_far_as_it_goes() -> None:
    """Without the newer fields, or with null in them, the outcomes are the same, but for gold that is not known lost."""
    absent: dict[str, Any] = {
        **REPORT,
        "per_question": [{k: line[k] for k in EARLIER_FIELDS} for line in REPORT["per_question"]],
    }
    for field in ("intervals", "commit", "made", "settings"):
        del absent[field]
    null = copy.deepcopy(REPORT)
    for line in null["per_question"]:
        line.update({name: None for name in line if name not in EARLIER_FIELDS})

    expected = {**rows(parse(REPORT)), "q-8": "answered wrongly"}
    for report in (absent, null):
        page = parse(report)
        assert rows(page) == expected
        assert [first(figure, "h3").text() for figure in page.css("figure") if figure.css(".missing")] == ["Latency"]
        assert texts(page, "#questions summary")[0] == "q-2"


def test_an_empty_report_is_a_page_too() -> None:
    """A report without anything has no tables, and says so of each chart."""
    page = parse({})

    assert len(page.css(".missing")) == 4
    assert page.css("table") == []


def test_figures_have_their_intervals_and_meanings() -> None:
    """The first figure is hit@1, with its interval; all stand in their groups, those without an interval too."""
    page = parse(REPORT)

    assert first(page, ".headlines dt").text() == "right paragraph first"
    assert first(page, ".headlines dd").text().split() == ["0.600", "0.500", "–", "0.700", "hit@1"]
    figures = {first(row, "code").text(): [cell.text() for cell in row.css("td")] for row in page.css(".groups tr")}
    assert figures["hit@1"] == ["0.600", "0.500 – 0.700"]
    assert figures["mrr@10"] == ["0.767", ""]
    assert figures["auroc"] == ["–", ""]
    assert figures["p95"] == ["41.0", ""]
    assert "risk_coverage" not in figures


def test_it_says_what_was_measured() -> None:
    """Model, digest, settings, commit and date are in the page."""
    page = parse(REPORT)
    facts = dict(zip(texts(page, ".facts dt"), texts(page, ".facts dd"), strict=True))

    assert facts["model digest"] == "c0ffee"
    assert (facts["made"], facts["commit"]) == ("2026-11-25T02:20:11+00:00", "ba21017")
    assert facts["answering.threshold"] == "0.18"
    assert texts(page, ".summary")[1] == "all-MiniLM-L6-v2 · 2026-11-25T02:20:11+00:00 · commit ba21017"


def test_categories_have_all_their_figures() -> None:
    """A category is a row; a figure that it does not have is a dash, and sorted as unknown."""
    page = parse(REPORT)

    assert texts(page, "#categories th[scope=col]") == ["category", "questions", "answered", "hit@1"]
    assert [re.split(r"\s+", row.text(separator=" ").strip()) for row in page.css("#categories tbody tr")] == [
        ["far", "2", "1", "–"],
        ["what", "1,200", "4", "0.600"],
    ]
    assert [cell.attributes["data-key"] for cell in page.css("#categories td")] == ["2", "1", "", "1200", "4", "0.600"]


def test_a_failed_question_shows_what_was_shown_and_what_was_expected() -> None:
    """The passage stands there with its highlights marked, its document, and the expected words."""
    row = first(parse(REPORT), "#questions tbody tr")

    assert first(row, "blockquote").text() == "It fell. […] Six people died. Others fled."
    assert [mark.text() for mark in row.css("mark")] == ["It fell.", "Six people died."]
    assert first(row, "cite").text() == "news.txt"
    assert [item.text() for item in row.css("li")] == ["Others fled", "fled"]


@given(text=st.text(), cuts=st.lists(st.integers(0, 30)))
def test_marking_changes_no_text(text: str, cuts: list[int]) -> None:
    """The stretches are the text, and the highlighted ones are the highlights."""
    borders = sorted({min(cut, len(text)) for cut in cuts})
    highlights = [text[start:end] for start, end in zip(borders[::2], borders[1::2], strict=False)]
    stretches = marked(text, highlights)

    assert "".join(stretch for stretch, _ in stretches) == text
    assert [stretch for stretch, highlighted in stretches if highlighted] == highlights


def hostile(text: str) -> dict[str, Any]:
    """Give a report of two questions that has a text wherever a text can be."""
    line = dict(REPORT["per_question"][1], id=text + "1", question=text, category=text, expected=[text, "x"])
    line.update(shown=f"a{text}|{text}b", shown_document=text, shown_highlights=[text + "b"])
    return {
        **REPORT,
        "index": {"model": text, "model_digest": text},
        "settings": {text: {text: text}, "list": [text]},
        "commit": text,
        "made": text,
        "version": text,
        "categories": {text: {"questions": 1, text: 0.5}},
        "retrieval": {text: 0.5},
        "intervals": {text: [0.1, 0.9]},
        "per_question": [line, dict(line, id=text + "2", status="not_found")],
    }


@given(text=nasty_texts.map(lambda text: f"x{text}x"))
def test_any_text_is_only_text(text: str) -> None:
    """Whatever a text holds, a parser finds the same elements as for a plain word, and the text itself."""
    page, shown = parse(hostile(text)), clean_text(text)

    assert elements(page) == elements(parse(hostile("word")))
    assert texts(page, "#questions summary") == [shown, shown]
    assert texts(page, "#questions blockquote") == [f"a{shown}|{shown}b"] * 2
    assert texts(page, "#questions mark") == [f"{shown}b"] * 2
    assert texts(page, "#questions li") == [shown, "x"] * 2
    assert texts(page, "cite") == [shown] * 2
    assert texts(page, ".id code") == [shown + "1", shown + "2"]
    assert [row.attributes["data-category"] for row in page.css("tbody tr[data-outcome]")] == [shown] * 2
    assert [option.attributes["value"] for option in page.css("option")] == ["", shown]
    assert texts(page, "#categories tbody th") == [shown]
    assert texts(page, ".facts dd")[:5] == [shown] * 5


@given(st.text(st.characters(exclude_categories=())))
def test_cleaning_keeps_every_sign_a_page_can_carry(text: str) -> None:
    """As many signs are left; only control characters and surrogates are others, and none of these is left."""
    text = text.replace("\r\n", "\n")
    cleaned = clean_text(text)

    for before, after in zip(text, cleaned, strict=True):
        forbidden = (
            (before < " " and before not in "\t\n") or "\x7f" <= before < "\xa0" or "\ud800" <= before < "\ue000"
        )
        assert (after == before) is not forbidden
    assert clean_text(cleaned) == cleaned


def test_nothing_points_out_of_the_page() -> None:
    """No address stands in the page, but that of an empty picture."""
    html = html_report(REPORT)
    page = LexborHTMLParser(html)
    addresses = [
        node.attributes.get(name) for name in ("src", "href", "action", "srcset") for node in page.css(f"[{name}]")
    ]

    assert addresses == ["data:,"]
    assert not re.search(r"https?:|url\(|@import|//[a-z]", html)
    assert not re.search(r"\son\w+=|style=", html)
