"""Entities beside a text: moved, clipped, made to nest, found, and refused when they are nonsense."""

from typing import Any

import pytest
from telegram_emulator.errors import ApiError
from telegram_emulator.texts import message_text

Span = tuple[str, int, int]


def settled(text: str, *spans: Span) -> tuple[str, list[Span]]:
    """Send a text with entities, and give what is shown of both."""
    asked = [{"type": kind, "offset": offset, "length": length} for kind, offset, length in spans]
    shown, entities = message_text(text, "", asked)
    return shown, [(entity["type"], entity["offset"], entity["length"]) for entity in entities]


@pytest.mark.parametrize(
    ("text", "span", "shown"),
    [
        ("  ab", ("bold", 2, 2), ("ab", [("bold", 0, 2)])),
        ("  ab", ("bold", 1, 3), (" ab", [("bold", 0, 3)])),
        ("ab \n", ("bold", 1, 3), ("ab", [("bold", 1, 1)])),
        ("ab cd  ", ("bold", 5, 2), ("ab cd", [])),
        ("a\r\nb", ("bold", 3, 1), ("a\nb", [("bold", 2, 1)])),
        ("a\u2028b", ("bold", 1, 1), ("ab", [])),
        ("😀ab", ("bold", 2, 1), ("😀ab", [("bold", 2, 1)])),
        ("ab", ("bold", 1, 0), ("ab", [])),
        ("@nobody", ("mention", 0, 3), ("@nobody", [("mention", 0, 7)])),
    ],
)
def test_an_entity_moves_with_its_text(text: str, span: Span, shown: tuple[str, list[Span]]) -> None:
    """Blanks at the beginning stay when it covers them."""
    assert settled(text, span) == shown


@pytest.mark.parametrize(
    ("entity", "problem"),
    [
        ({"type": "bold", "offset": -1, "length": 1}, "receive an entity with incorrect offset -1"),
        ({"type": "bold", "offset": 0, "length": -1}, "receive an entity with incorrect length -1"),
        ({"type": "bold", "offset": 4, "length": 1}, "entity begins after the end of the text at UTF-16 offset 4"),
        ({"type": "bold", "offset": 1, "length": 4},
         "entity beginning at UTF-16 offset 1 ends after the end of the text at UTF-16 offset 5"),
        ({"type": "bold", "offset": 3, "length": 1}, "entity begins in a middle of a UTF-16 symbol"),
        ({"type": "bold", "offset": 0, "length": 3},
         "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol"),
        ({"type": "bold", "offset": 0}, 'can\'t parse MessageEntity: Can\'t find field "length"'),
        ({"type": "huge", "offset": 0, "length": 1}, "can't parse MessageEntity: Unsupported type specified"),
        ({"type": "text_link", "offset": 0, "length": 1, "url": "x"}, "entity URL 'x' is invalid: Wrong HTTP URL"),
    ],
)  # fmt: skip
def test_nonsense_is_refused(entity: dict[str, Any], problem: str) -> None:
    """The text has four units, of which the last two are one letter."""
    with pytest.raises(ApiError) as caught:
        message_text("ab😀", "", [entity])
    assert caught.value.description == f"Bad Request: {problem}"


@pytest.mark.parametrize(
    ("spans", "shown"),
    [
        ([("bold", 0, 6), ("italic", 2, 2)], [("bold", 0, 6), ("italic", 2, 2)]),
        ([("italic", 0, 3), ("bold", 0, 3)], [("bold", 0, 3), ("italic", 0, 3)]),
        ([("bold", 0, 4), ("bold", 2, 4)], [("bold", 0, 6)]),
        ([("code", 0, 4), ("code", 2, 4)], [("code", 0, 4)]),
        ([("code", 0, 4), ("bold", 2, 4)], [("code", 0, 4), ("bold", 4, 2)]),
        ([("blockquote", 0, 4), ("bold", 2, 4)], [("blockquote", 0, 4), ("bold", 2, 2), ("bold", 4, 2)]),
        ([("blockquote", 0, 6), ("blockquote", 2, 2)], [("blockquote", 0, 6)]),
        ([("blockquote", 0, 4), ("code", 2, 4)], [("blockquote", 0, 4)]),
        ([("blockquote", 0, 6), ("code", 2, 2)], [("blockquote", 0, 6), ("code", 2, 2)]),
    ],
)
def test_what_cannot_stand_together_is_dropped_or_cut(spans: list[Span], shown: list[Span]) -> None:
    """Without a word."""
    assert settled("abcdef", *spans) == ("abcdef", shown)


def test_a_message_has_a_hundred_entities() -> None:
    """What there is beyond is lost without a word."""
    _, entities = settled("x " * 150, *[("bold", 2 * place, 1) for place in range(150)])
    assert (len(entities), entities[-1]) == (100, ("bold", 198, 1))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/ask@qa_test_bot what", [("bot_command", 0, 16)]),
        ("see /help, a/b and </b", [("bot_command", 4, 5)]),
        ("hi @Ann_1, mail a.b@c.org", [("mention", 3, 6), ("email", 16, 9)]),
        ("(https://example.org/a_(b)?x=1).", [("url", 1, 29)]),
        ("example.org and e.g. this", [("url", 0, 11)]),
        ("#cell #1 a#b", [("hashtag", 0, 5)]),
    ],
)
def test_the_server_finds_some_by_itself(text: str, found: list[Span]) -> None:
    """In what people write and in what the bot writes."""
    assert settled(text) == (text, found)


def test_nothing_is_found_inside_code_or_a_link() -> None:
    """But inside a quotation."""
    assert settled("@someone @someone", ("code", 0, 8), ("blockquote", 9, 8))[1] == [
        ("code", 0, 8),
        ("blockquote", 9, 8),
        ("mention", 9, 8),
    ]
