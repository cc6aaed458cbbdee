"""JUnit XML, Markdown and the lines of the terminal say the same of the same report."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from evaluated import QUESTIONS, TEXT, evaluate
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from stand_ins import WordEncoder, set_seeds

from qa_bot.evaluation.gate import Gate
from qa_bot.evaluation.junit import clean, junit_report
from qa_bot.evaluation.markdown import LONGEST_CELL, markdown_report, text
from qa_bot.evaluation.provenance import commit_of
from qa_bot.evaluation.report import report_lines
from qa_bot.index.encoding import no_progress
from qa_bot.opening import open_index


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Evaluate four questions: two right, one whose gold is lost, and one that nothing answers but the bot does."""
    folder = tmp_path_factory.mktemp("forms")
    with open_index(
        folder / "index", set_seeds(folder / "seeds", {"a.txt": TEXT}), WordEncoder(), no_progress
    ) as index:
        yield evaluate(index)


def test_a_report_is_json_and_says_where_it_comes_from(report: dict[str, Any]) -> None:
    """Settings, digests, version and time; of each question what was shown and expected."""
    again = json.loads(json.dumps(report))

    assert again == report
    assert report["settings"]["answering"]["threshold"] == 0.0
    assert set(report["settings"]) == {"answering", "encoder", "evidence"}
    assert re.fullmatch(r"[0-9a-f]{64}", report["index"]["digest"])
    first = report["per_question"][0]
    assert (first["question"], first["expected"]) == ("Who signed the ceasefire?", ["Haftar signed"])
    assert (first["shown"], first["shown_document"]) == ("Haftar signed the ceasefire.", "a.txt")
    assert first["shown_highlights"] == ["Haftar signed the ceasefire."]
    assert [line["gold"] for line in report["per_question"]] == ["kept", "kept", "lost", None]
    assert [line["first_ok"] for line in report["per_question"]] == [True, True, False, False]


def test_junit_has_a_case_for_each_question(report: dict[str, Any]) -> None:
    """A wrong reply fails and says what was expected and shown; lost gold is skipped."""
    suite = ET.fromstring(junit_report(report))[0]  # noqa: S314 - made here

    assert {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")} == {
        "tests": "4", "failures": "1", "errors": "0", "skipped": "1",
    }  # fmt: skip
    assert [(case.get("classname"), case.get("name")) for case in suite] == [
        (question.category, f"{question.id}: {question.question}") for question in QUESTIONS
    ]
    failure = suite[3].find("failure")
    assert failure is not None
    assert failure.get("message") == "answered wrongly"
    assert (failure.text or "").startswith("expected: not found\nshown: ")
    assert suite[2].find("skipped") is not None


@given(st.text())
def test_any_text_makes_valid_xml(words: str) -> None:
    """What XML forbids is replaced, all else stays."""
    element = ET.Element("a", {"b": clean(words)})
    element.text = clean(words)
    back = ET.fromstring(ET.tostring(element, encoding="unicode").encode())  # noqa: S314 - made here

    assert (back.text or "").replace("\n", "\r") == clean(words).replace("\r\n", "\r").replace("\n", "\r")


def test_markdown_tells_figures_categories_and_wrong_replies(report: dict[str, Any]) -> None:
    """Rendered, it has a row for each."""
    gated = report | {"gate": Gate.parse("hit@1>=.9").check(report)}
    rendered = MarkdownIt().enable("table").render(markdown_report(gated))

    assert "<strong>The gate does not hold.</strong>" in rendered
    assert "<li>hit@1 &gt;= 0.9: 0.6667, does not hold</li>" in rendered
    assert re.search(r"<td>hit@1</td>\n<td>\.667</td>\n<td>\[[\d., ]+\]</td>", rendered)
    assert "Wrong replies (1)" in rendered
    assert "<td>How old is the moon?</td>\n<td>not found</td>" in rendered
    assert "Gold lost: no longer in the documents, and nowhere counted as right (1)" in rendered


@given(st.text(max_size=120).filter(lambda words: words.strip()))
def test_any_text_stays_in_its_cell(words: str) -> None:
    """Nothing in it is taken for Markdown or HTML, and it stays one cell."""
    rendered = MarkdownIt().enable("table").render(f"| a | b |\n|---|---|\n| {text(words)} | x |")
    assert rendered.count("<td>") == 2
    assert "<td>x</td>" in rendered


def test_long_cells_are_cut() -> None:
    """So that a comment stays readable."""
    assert len(text("x" * 1000)) == LONGEST_CELL


def test_the_terminal_says_figures_with_intervals(report: dict[str, Any]) -> None:
    """And which gold is lost, and how the gate came out."""
    gated = report | {"gate": Gate.parse("hit@1>=.6").check(report)}
    lines = list(report_lines(gated))

    assert lines[0] == "4 questions, 3 answerable, 1 not; 3 paragraphs, words"
    assert re.match(r"retrieval   hit@1 \.667 \[[\d., ]+\]", lines[1])
    assert "gold lost   1 no longer in the documents, and nowhere counted as right; without them hit@1 1.000:" in lines
    assert lines[-2:] == ["the gate holds: hit@1>=.6", "  hit@1 >= 0.6: 0.6667, holds"]


def test_the_commit_is_named_with_changes(tmp_path: Path) -> None:
    """As git says; outside of a checkout there is none."""

    def git(*arguments: str) -> str:
        identity = ["-c", "user.name=a", "-c", "user.email=a@b.c"]
        done = subprocess.run(
            ["git", "-C", str(tmp_path), *identity, *arguments],  # noqa: S607 - git is where it is
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout.strip()

    assert commit_of(tmp_path) is None
    git("init", "--quiet")
    assert commit_of(tmp_path) is None
    (tmp_path / "a.txt").write_text("a")
    git("add", "a.txt")
    git("commit", "--quiet", "--message", "Begin")
    head = git("rev-parse", "HEAD")
    assert commit_of(tmp_path) == head
    (tmp_path / "a.txt").write_text("b")
    assert commit_of(tmp_path) == f"{head}+changes"
