"""Answers become messages: whatever a document holds, its words arrive as they are, marked where they answer."""

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from telegram_answers import (
    Seen,
    answer_of,
    as_shown,
    bare,
    covered,
    document_from,
    excerpts_of,
    seen,
    sent,
    sent_all,
)
from telegram_emulator.core import Emulator

from qa_bot.channels.telegram import words
from qa_bot.channels.telegram.formatted import LONGEST_MESSAGE, size
from qa_bot.channels.telegram.rendering import MOST_MESSAGES, render, render_context, render_near
from qa_bot.records import Answer, Excerpt, Sentence
from qa_bot.splitting import split

# What documents hold at worst: emoji and their joiners, right to left, marks, what is not seen, controls, addresses.
STRANGE = st.sampled_from([
    "😀", "👩\u200d🚀", "🇩🇪", "👍\U0001f3fd", "שלום", "سلام", "ไทย", "中文。", "日本", "e\u0301", "a\u0323\u030a", "\u0333",
    "\u200b", "\u200e", "\u200f", "\u202e", "\u2066", "\ufeff", "\u00ad", "\u2028", "\u00a0", "\u2003", "\u3000", "\x00",
    "\x07", "\x1b[1m", "\x1f", "\x7f", "\x85", "\t", "\r", "\n", " ", "<b>", "&amp;", "*_`[", "@someone", "/start", "#tag",
    "https://example.org/a_b", "example.com", "ann@example.org", "Dr. Who came. ", "Nobody came. ", "so ",
])  # fmt: skip
ANYTHING = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
PIECES = st.lists(st.one_of(STRANGE, ANYTHING), min_size=1, max_size=12).map("".join)
LONG = st.tuples(PIECES, st.integers(50, 8_000)).map(lambda drawn: (drawn[0] * drawn[1])[:25_000])
TEXTS = st.one_of(PIECES, PIECES, LONG, st.lists(PIECES, min_size=2, max_size=5).map("\n\n".join))

Shown = Callable[[Answer, str], list[list[Seen]]]


@pytest.fixture
def shown(emulator: Emulator) -> Shown:
    """Give a function that sends an answer, and gives the quotations in each message as they are seen."""

    def send(answer: Answer, note: str = "") -> list[list[Seen]]:
        screens = render(answer, note)
        assert all(screen.text.size <= LONGEST_MESSAGE for screen in screens.all)
        assert 1 <= screens.shown <= min(MOST_MESSAGES, len(screens.all))
        return [seen(message) for message in sent_all(emulator, screens)]

    return send


def marked(excerpt: Excerpt) -> str:
    """Give the highlighted words of an excerpt."""
    return "".join(excerpt.evidence.document.text[mark.start : mark.end] for mark in excerpt.highlights)


def check_whole(excerpt: Excerpt, found: list[Seen]) -> None:
    """Check that the parts of an excerpt are the excerpt."""
    parts = sorted((part for part in found if part.number == excerpt.number), key=lambda part: part.part)
    text = as_shown(excerpt.text)
    if len(text.strip()) and len(parts) == 1 == parts[0].parts:
        assert parts[0].words == text
    assert bare("".join(part.words for part in parts)) == bare(excerpt.text)
    assert bare("".join(part.bold for part in parts)) == bare(marked(excerpt))
    assert all(part.parts >= len(parts) for part in parts)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(TEXTS, st.lists(st.sampled_from([-5.0, 0.0, 0.1, 5.0]), max_size=4), STRANGE)
@example("a" * 20_000, [], "x")
@example("😀" * 20_000, [], "😀" * 400)
@example("Yes. " * 4_000, [0.0, 5.0, 5.0], "\u202e")
@example("\u200b" * 9_000 + "a", [], "\u200b")
@example("\u202e" * 9_000 + "a. B", [], "\u2028")
@example("\x00a\x00", [], "\x00")
@example("\u200e\u200f" * 4_000 + "a", [], "A")
@example(" \u00a0 \u3000a 😀b. \n c ", [5.0, 5.0], "😀")
@example("中文。" * 3_000, [1.0, 0.9], "中")
def test_an_excerpt_arrives_character_for_character(shown: Shown, text: str, totals: list[float], title: str) -> None:
    """All of it, over all its parts, as the server shows these words; in bold are the words that answer, no others."""
    assume(text.strip())
    excerpts = excerpts_of(document_from(text, title), *totals)

    messages = shown(answer_of(*excerpts[:3], further=excerpts[3:]), "")

    found = [part for message in messages for part in message]
    assert {part.number for part in found} <= {excerpt.number for excerpt in excerpts}
    for excerpt in excerpts:
        check_whole(excerpt, found)


def test_a_text_beyond_one_message_is_cut_at_sentences(shown: Shown) -> None:
    """The part that answers comes first, then the others in their order, each saying which it is."""
    sentences = [
        f"Sentence {number} says what is known of it. " + "And so on, " * 30 + "it ends." for number in range(40)
    ]
    [excerpt] = excerpts_of(document_from(" ".join(sentences)), *[0.0] * 60, 9.0)

    messages = shown(answer_of(excerpt), "")

    found = [part for message in messages for part in message]
    assert [part.part for part in found] == [4, 1, 2, 3, 5]
    assert {part.parts for part in found} == {5}
    assert all(part.words.endswith(("it ends.", "known of it.")) for part in found)
    assert found[0].bold == marked(excerpt)


@pytest.mark.parametrize("size_of_each", [50, 1_000, 3_000, 9_000])
def test_at_most_three_messages_at_first(emulator: Emulator, size_of_each: int) -> None:
    """The confidence stands under the last of them; the rest is behind it."""
    document = document_from("\n\n".join(f"{number} " + "word " * (size_of_each // 5) + "end." for number in range(5)))
    excerpts = excerpts_of(document)

    screens = render(answer_of(*excerpts))

    messages = sent_all(emulator, screens)
    assert screens.shown == min(MOST_MESSAGES, len(screens.all)) == min(3, len(messages))
    confident = [message["text"].endswith("Confidence: very likely (90%)") for message in messages]
    assert confident == [number == screens.shown - 1 for number in range(len(messages))]
    assert covered(messages[screens.shown - 1], {"italic"}) == ["Confidence: very likely (90%)"]
    assert [number for screen in screens.all for number in screen.numbers] == sorted(
        number for screen in screens.all for number in screen.numbers
    )


@pytest.mark.parametrize(
    ("confidence", "said"),
    [(0.95, "almost certain (95%)"), (0.9, "very likely (90%)"), (0.7, "likely (70%)"), (0.5, "quite possible (50%)"),
     (0.39, "doubtful (39%)"), (0.0, "doubtful (0%)")],
)  # fmt: skip
def test_confidence_is_said_in_words(confidence: float, said: str) -> None:
    """With the probability beside them."""
    [excerpt] = excerpts_of(document_from("Tea is at four."))

    [screen] = render(answer_of(excerpt, confidence=confidence)).all

    assert screen.text.text == f"Tea is at four.\n[1] A title · line 1 · a.txt\n\nConfidence: {said}"


def test_an_answer_without_documents_says_so() -> None:
    """What is near is announced as no answer, and is not shown."""
    near = excerpts_of(document_from("Tea is at four."))

    screens = render(answer_of(near=near), "A note")

    assert (screens.shown, len(screens.all), screens.all[0].numbers) == (1, 1, ())
    assert screens.all[0].text.text == f"A note\n\n{words.NOT_FOUND}\n\n{words.NEAR}"
    assert render(answer_of()).all[0].text.text == words.NOT_FOUND == "The documents do not answer this."


def test_what_is_near_is_marked_as_no_answer(emulator: Emulator) -> None:
    """And quoted as exactly as an answer."""
    ann = emulator.person("Ann")
    ann.says("Hello")
    [near] = excerpts_of(document_from("😀 Tea is at four. " * 400), 1.0)

    message = sent(emulator, ann, render_near(near))

    assert message["text"].startswith("Not an answer, but near:\n😀 Tea is at four. 😀 Tea")
    assert covered(message, {"bold"}) == ["Not an answer, but near:", *(part.bold for part in seen(message))]
    [part] = seen(message)
    assert as_shown(near.text).startswith(part.words)


def test_documents_that_disagree_are_dated(emulator: Emulator) -> None:
    """With their own date or the day the file was changed, and a line above says that they disagree."""
    [first] = excerpts_of(replace(document_from("Six came.", date="2024-05-01"), changed="2024-06-01"))
    [second] = excerpts_of(
        replace(document_from("Nine came.", name="b.txt", source="b.txt"), changed="2024-04-01"), first=2
    )
    [third] = excerpts_of(document_from("It rained.", date="2020-01-01"), first=3)

    [fourth] = excerpts_of(replace(document_from("It snowed."), changed="2020-01-01"), first=4)

    [message] = sent_all(emulator, render(answer_of(first, second, third, fourth, conflicts=(1, 2))))

    assert message["text"] == (
        "The documents disagree:\n\nSix came.\n[1] A title · line 1 · a.txt · 2024-05-01\n\n"
        "Nine came.\n[2] A title · line 1 · b.txt · changed 2024-04-01\n\n"
        "It rained.\n[3] A title · line 1 · a.txt · 2020-01-01\n\nIt snowed.\n[4] A title · line 1 · a.txt\n\n"
        "Confidence: very likely (90%)"
    )


def test_the_very_words_of_an_answer_are_underlined(emulator: Emulator) -> None:
    """Inside what is in bold, also behind an emoji."""
    [excerpt] = excerpts_of(document_from("😀 Nobody came. 😀 Ann won the cup."), 0.0, 5.0)
    start = excerpt.text.index("Ann")
    excerpt = replace(excerpt, answer=Sentence(start, start + 3))

    [message] = sent_all(emulator, render(answer_of(excerpt)))

    assert covered(message, {"bold"}) == ["😀 Ann won the cup."]
    assert covered(message, {"underline"}) == ["Ann"]


def test_words_that_stand_several_times_are_counted() -> None:
    """The citation says which of them is meant, and under which heading and on which page it stands."""
    excerpts = excerpts_of(document_from("Tea is at four.\n\nIt rains.\n\nTea is at four."))

    [screen] = render(answer_of(*excerpts)).all

    assert "[3] A title · line 5 · a.txt · occurrence 2 of 2" in screen.text.text


def test_a_page_and_a_heading_are_cited() -> None:
    """Where the document has them."""
    [excerpt] = excerpts_of(document_from("Tea is at four."))
    excerpt = replace(excerpt, citation=replace(excerpt.citation, page=7, heading="Meals › Tea"))

    [screen] = render(answer_of(excerpt)).all

    assert "[1] A title › Meals › Tea · page 7 · line 1 · a.txt" in screen.text.text


def fragments(url: str) -> tuple[str, list[str]]:
    """Read an address as a browser does: the page, and the first and last words to scroll to."""
    page, _, directive = url.partition("#:~:text=")
    return page, [unquote(part) for part in directive.split(",")]


@given(st.lists(st.one_of(STRANGE, ANYTHING), min_size=1, max_size=30).map(" ".join))
@example("Tea-time, they say: it's at 4 - or 5, who knows? We do not & never did, though 100% sure.")
def test_a_page_of_the_web_is_linked_to_the_sentence(text: str) -> None:
    """Its first and last words, which a browser searches for, stand in the sentence; marks that mean something are escaped."""
    assume(text.strip())
    excerpt = excerpts_of(document_from(text, source="https://example.org/a?b=c#d"))[0]

    [link] = [span for span in render(answer_of(excerpt)).all[0].text.spans if span.url]

    page, found = fragments(link.url or "")
    assert page == "https://example.org/a?b=c"
    assert re.fullmatch(r"[\w.~%,]*", urlsplit(link.url or "").fragment.removeprefix(":~:text="), re.ASCII)
    assert 1 <= len(found) <= 2
    first = excerpt.highlights[0]
    said = " ".join(excerpt.evidence.document.text[first.start : first.end].split())
    assert said.startswith(found[0])
    assert said.endswith(found[-1])
    assert found == [said] or len(found[0]) + len(found[1]) < len(said)
    if max(map(len, said.split())) <= 100:
        assert f" {said} ".startswith(f" {found[0]} ")
        assert f" {said} ".endswith(f" {found[-1]} ")


@pytest.mark.parametrize(
    "source",
    ["a.txt", "https://example.org/" + "a" * 2_000, "https://", "https://exa mple.org/", "http://nowhere/a", "https://[x",
     "ftp://example.org/a", "https://example.org/a b", "https://.", "https://?a=b", "https://user\n@example.org"],
)  # fmt: skip
def test_what_cannot_be_linked_is_named(emulator: Emulator, source: str) -> None:
    """A message with a link that Telegram refuses would not arrive at all."""
    [excerpt] = excerpts_of(document_from("Tea is at four.", source=source))

    [message] = sent_all(emulator, render(answer_of(excerpt)))

    assert covered(message, {"text_link"}) == []
    assert f"[1] A title · line 1 · {' '.join(source.split())[:200]}" in message["text"]


@pytest.mark.parametrize(
    "note", ["x" * 5_000, "😀" * 3_000, f"{words.AGAIN}\n{words.IN_VIEW_OF.format(question='a b ' * 500)}"]
)
def test_a_long_note_leaves_room_for_the_answer(shown: Shown, note: str) -> None:
    """An earlier question may be as long as a message; the note that repeats it is cut."""
    [excerpt] = excerpts_of(document_from("Tea is at four. " * 1_200, "😀" * 400, "😀" * 400))

    messages = shown(answer_of(excerpt, conflicts=(1,)), note)

    check_whole(excerpt, [part for message in messages for part in message])
    [nothing] = render(answer_of(), note).all
    assert size(nothing.text.text) <= LONGEST_MESSAGE
    assert nothing.text.text.startswith(note[:200])


@given(PIECES, st.integers(1, 3_000), STRANGE)
@example("😀", 3_000, "😀" * 400)
def test_what_stands_around_an_excerpt_fits_into_a_message(text: str, times: int, title: str) -> None:
    """Its own paragraph is the quotation."""
    assume(text.strip())
    long = (text * times)[:6_000]
    document = document_from(f"Before{long}\n\n{long}\n\n{long}after.", title)
    excerpts = excerpts_of(document)
    paragraphs = split(document)

    for excerpt, own in zip(excerpts, paragraphs, strict=True):
        around = [paragraph for paragraph in paragraphs if abs(paragraph.number - own.number) <= 1]
        with Emulator() as emulator:
            ann = emulator.person("Ann")
            ann.says("Hello")
            rendered = render_context(excerpt, around)
            message = sent(emulator, ann, rendered)
        assert rendered.size <= LONGEST_MESSAGE
        [quoted] = covered(message, {"expandable_blockquote"}) or [""]
        assert bare(excerpt.text).startswith(bare(quoted))


def test_pages_of_context_are_in_order() -> None:
    """The lines they stand on are named; a paragraph too long for its share is cut, and says so."""
    document = document_from("One.\n\n" + "Two is long. " * 500 + "\n\nThree.")
    _, excerpt, _ = excerpts_of(document)

    text = render_context(excerpt, split(document)).text

    first, second, third, lines = text.split("\n\n")
    assert (first, third, lines) == ("One.", "Three.", "A title · lines 1 to 5")
    assert second.endswith("Two is long. […]")
    assert len(second) <= 1_200
