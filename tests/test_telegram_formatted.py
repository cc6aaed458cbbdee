"""Texts with formatting by offsets: sizes, joining, cutting."""

import itertools

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from telegram import MessageEntity

from qa_bot.channels.telegram.formatted import (
    BOLD,
    ITALIC,
    LINK,
    MOST_SPANS,
    QUOTE,
    Formatted,
    Span,
    join,
    size,
    stretches,
    styled,
)

TEXTS = st.text(
    st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from(" \n\t.a\u00a0\u200b\u0301😀")), max_size=80
)


def spans_of(text: Formatted) -> list[tuple[str, str]]:
    """Give each span as its kind and its words."""
    return [(span.kind, text.text[span.start : span.end]) for span in text.spans]


def entities_of(text: Formatted) -> list[tuple[str, str]]:
    """Read each entity back out of the UTF-16 units, as Telegram does."""
    units = text.text.encode("utf-16-le")
    return [
        (str(entity.type), units[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le"))
        for entity in text.entities()
    ]


@given(TEXTS)
def test_a_size_is_the_number_of_utf_16_units(text: str) -> None:
    """As an encoder counts them."""
    assert size(text) == Formatted(text).size == len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize(("text", "units"), [("", 0), ("a", 1), ("é", 1), ("\uffff", 1), ("😀", 2), ("👩‍🚀", 5)])
def test_only_what_is_beyond_the_first_plane_takes_two_units(text: str, units: int) -> None:
    """A sequence of emoji takes as many as its parts."""
    assert size(text) == units


@given(st.lists(st.tuples(TEXTS, st.sampled_from([BOLD, ITALIC, QUOTE])), max_size=6), TEXTS)
def test_joining_moves_the_formatting(parts: list[tuple[str, str]], between: str) -> None:
    """Every span covers the words that it covered before, and its entity too."""
    joined = join([styled(text, kind) for text, kind in parts], between)

    assert joined.text == between.join(text for text, _ in parts)
    assert spans_of(joined) == entities_of(joined) == [(kind, text) for text, kind in parts if text]


def test_adding_plain_text_keeps_the_formatting() -> None:
    """On either side of it."""
    text = styled("😀 a", BOLD) + " and " + styled("b 👍", ITALIC) + "."

    assert text.text == "😀 a and b 👍."
    assert spans_of(text) == entities_of(text) == [(BOLD, "😀 a"), (ITALIC, "b 👍")]


def test_a_text_has_several_kinds_and_an_address() -> None:
    """A link carries it; an empty text has no formatting."""
    link = styled("here", LINK, BOLD, url="https://example.org/a")

    assert link.spans == (
        Span(LINK, 0, 4, "https://example.org/a"),
        Span(BOLD, 0, 4, "https://example.org/a"),
    )
    assert link.entities()[0] == MessageEntity(LINK, 0, 4, url="https://example.org/a")
    assert styled("", BOLD) == Formatted()
    assert Formatted().entities() == []


def test_no_more_formatting_is_sent_than_is_kept() -> None:
    """The first hundred spans are sent; the text is sent whole."""
    text = join([styled("a", BOLD)] * (MOST_SPANS + 20), " ")

    assert len(text.entities()) == MOST_SPANS == 100
    assert text.size == 2 * (MOST_SPANS + 20) - 1


@given(TEXTS, st.sets(st.integers(1, 80)), st.integers(2, 30))
@example("", {1}, 2)
@example(" \n ", {2}, 2)
@example("😀" * 40, set(), 3)
@example("a b c d", {3, 5}, 4)
def test_a_text_is_cut_into_stretches_that_fit(text: str, ends: set[int], limit: int) -> None:
    """In order, apart, each within the limit; only blanks are left out; sentences end a stretch where one fits."""
    ends = {end for end in ends if end <= len(text)}
    found = stretches(text, sorted(ends), limit)

    covered = [position for start, end in found for position in range(start, end)]
    assert covered == sorted(set(covered))
    assert all(start < end and size(text[start:end]) <= limit for start, end in found)
    assert all(not text[start].isspace() and not text[end - 1].isspace() for start, end in found)
    outside = set(range(len(text))) - set(covered)
    assert all(text[position].isspace() for position in outside)
    for (start, end), (following, _) in itertools.pairwise(found):
        fitting = [stop for stop in ends if start < stop and size(text[start:stop]) <= limit]
        if fitting:
            assert text[end : max(fitting)].strip() == "" == text[max(fitting) : following].strip()


def test_without_a_sentence_end_it_is_cut_at_a_blank() -> None:
    """And where there is none, at the limit."""
    text = "one two three fourfivesix"

    assert [text[start:end] for start, end in stretches(text, [], 9)] == ["one two", "three", "fourfives", "ix"]
    assert [text[start:end] for start, end in stretches(text, [7], 14)] == ["one two", "three", "fourfivesix"]


@pytest.mark.parametrize("blank", ["\n", "\t", "\u00a0", "\u2003"])
def test_any_blank_will_do(blank: str) -> None:
    """A line end parts words as well as a space."""
    text = f"one two{blank}three four"

    assert [text[start:end] for start, end in stretches(text, [], 12)] == ["one two", "three four"]


@pytest.mark.parametrize("cluster", ["e\u0301\u0323", "👩\u200d🚀", "👍\U0001f3fd", "❤\ufe0f", "🇩🇪", "ค\u0e33", "한"])
def test_what_is_seen_as_one_character_is_not_cut(cluster: str) -> None:
    """Marks stay with their letters, and emoji whole, where the limit lets them."""
    text = cluster * 30
    limit = 4 * size(cluster) + size(cluster) // 2

    found = [text[start:end] for start, end in stretches(text, [], limit)]

    assert "".join(found) == text
    assert all(part == cluster * (len(part) // len(cluster)) for part in found)


def test_a_very_long_text_is_cut_quickly() -> None:
    """The work grows with the text, not with its square: three megabytes would else take long."""
    text = "Ten chars. " * 300_000
    ends = range(10, len(text) + 1, 11)

    found = stretches(text, ends, 3_000)

    assert len(found) == 1_103
    assert all(text[start:end].endswith("chars.") for start, end in found)
