"""What is said above an answer that is outdated."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from telegram_answers import answer_of, document_from, excerpts_of

from qa_bot.channels.telegram import words
from qa_bot.channels.telegram.formatted import LONGEST_MESSAGE, STRIKE
from qa_bot.channels.telegram.outdated import ROOM_FOR_OUTDATED, Change, Outdated
from qa_bot.channels.telegram.rendering import render

DAY = "2026-11-25"
TEA, MENU = Change("Tea", gone=False, said="Tea is at four."), Change("The menu", gone=True, said="Scones.")
AROUND = Change("Tea", gone=False, said="")
TEXTS = st.builds(str.__mul__, st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.integers(1, 90))
CHANGES = st.lists(st.builds(Change, TEXTS, gone=st.booleans(), said=TEXTS | st.just("")), min_size=1, max_size=7)


@pytest.mark.parametrize(
    ("changes", "answered", "expected"),
    [
        ([TEA], True, ["“Tea” has changed.", "It said:\nTea is at four.", "The documents say now:"]),
        ([TEA], False, ["“Tea” has changed.", "It said:\nTea is at four."]),
        ([MENU], False, ["“The menu” is no longer among the documents.", "It said:\nScones."]),
        ([AROUND], True, ["“Tea” has changed.", words.STILL_STANDS, "The documents say now:"]),
        (
            [TEA, AROUND, MENU],
            False,
            ["“Tea” has changed; “The menu” is no longer among the documents.", "It said:\nTea is at four.\nScones."],
        ),
        ([Change("{x} \n a", gone=False, said="a\n\nb")], False, ["“{x} a” has changed.", "It said:\na b"]),
    ],
    ids=["changed", "no answer", "gone", "around", "several", "blanks and braces"],
)
def test_it_says_since_when_and_why(changes: list[Change], answered: bool, expected: list[str]) -> None:  # noqa: FBT001
    """Each reason once; words that still stand are not repeated."""
    said = Outdated(DAY, tuple(changes)).heading(answered=answered)

    assert said.text == f"Outdated since {DAY}: " + "\n\n".join(expected)
    struck = [said.text[span.start : span.end] for span in said.spans if span.kind == STRIKE]
    assert struck == [" ".join(change.said.split()) for change in changes if change.said]


@example(
    [Change(f"{n} " * 99, gone=True, said=f"😀{n} " * 99) for n in range(7)], "Tea is at four. " * 900, 2, "n" * 900
)
@given(changes=CHANGES, text=TEXTS.filter(str.strip), most=st.integers(1, 3), note=TEXTS | st.just(""))
def test_it_fits_into_a_message(changes: list[Change], text: str, most: int, note: str) -> None:
    """Above any answer, which begins with at most the messages that there are."""
    outdated = Outdated(DAY, tuple(changes))
    excerpts = excerpts_of(document_from(text))

    assert outdated.heading(answered=True).size <= ROOM_FOR_OUTDATED
    for answer in (answer_of(*excerpts[:3], further=excerpts[3:]), answer_of(near=excerpts)):
        screens = render(answer, note, outdated, most=most)
        assert screens.all[0].text.text.startswith(f"Outdated since {DAY}: ")
        assert max(screen.text.size for screen in screens.all) <= LONGEST_MESSAGE
        assert 1 <= screens.shown <= most
