"""Text that is marked up in HTML: what the tags become, and what is wrong with them."""

from typing import Any

import pytest
from telegram_emulator.core import Emulator
from telegram_emulator.errors import ApiError
from telegram_emulator.texts import message_text


def parts(source: str) -> tuple[str, list[tuple[str, int, int]]]:
    """Give the text and where its entities are."""
    text, entities = message_text(source, "HTML", None)
    return text, [(entity["type"], entity["offset"], entity["length"]) for entity in entities]


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("é <x>y</x>", 'Unsupported start tag "x" at byte offset 3'),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("x <b", "Unclosed start tag at byte offset 2"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href='x", "Unclosed start tag at byte offset 0"),
        ("<a href=a/b>x</a>", "Unexpected end of name token at byte offset 8"),
        ("<a =x>y</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_wrong_markup_is_refused(emulator: Emulator, source: str, problem: str) -> None:
    """With the place in bytes."""
    ann = emulator.person("Ann")
    ann.says("Hello")
    answer = emulator.ask("sendMessage", chat_id=ann.id, text=source, parse_mode="HTML")

    assert (answer["error_code"], answer["description"]) == (400, f"Bad Request: can't parse entities: {problem}")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a & b &x; &nbsp; &;", "a & b &x; &nbsp; &;"),
        ("&lt;b&gt; &amp;lt; &quot;", '<b> &lt; "'),
        ("&#65;&#x42;&#x1F600", "AB😀"),
        ("&#0; &#12345678901;", "&#0; &#12345678901;"),
        ("1 > 0", "1 > 0"),
        ("<b></b>x", "x"),
    ],
)
def test_only_some_references_are_read(source: str, text: str) -> None:
    """All others are text as they stand."""
    assert parts(source) == (text, [])


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("<b>x</b>", "bold"), ("<STRONG>x</strong>", "bold"), ("<i>x</i>", "italic"), ("<em>x</em>", "italic"),
        ("<u>x</u>", "underline"), ("<ins>x</ins>", "underline"), ("<s>x</s>", "strikethrough"),
        ("<strike>x</strike>", "strikethrough"), ("<del>x</del>", "strikethrough"),
        ("<tg-spoiler>x</tg-spoiler>", "spoiler"), ("<span class=tg-spoiler>x</span>", "spoiler"),
        ("<code>x</code>", "code"), ("<pre>x</>", "pre"), ("<blockquote>x</blockquote>", "blockquote"),
        ("<blockquote expandable>x</blockquote>", "expandable_blockquote"),
        ("<tg-emoji emoji-id='5'>x</tg-emoji>", "custom_emoji"), ("<tg-time unix='5'>x</tg-time>", "date_time"),
        ("<a href='example.org'>x</a>", "text_link"),
    ],
)  # fmt: skip
def test_each_tag_becomes_an_entity(source: str, kind: str) -> None:
    """Around the letter in it."""
    assert parts(source) == ("x", [(kind, 0, 1)])


@pytest.mark.parametrize(
    ("source", "entity"),
    [
        ("😀<b> x </b> ", {"type": "bold", "offset": 2, "length": 2}),
        ("<pre><code class='language-py'>x</code></pre>", {"type": "pre", "offset": 0, "length": 1, "language": "py"}),
        ("<a href='HTTPS://Example.org?a&amp;b'>x</a>", {"type": "text_link", "offset": 0, "length": 1, "url": "https://example.org?a&b"}),
        ("<a>example.org</a>", {"type": "text_link", "offset": 0, "length": 11, "url": "http://example.org/"}),
    ],
)  # fmt: skip
def test_a_tag_says_more(source: str, entity: dict[str, Any]) -> None:
    """Offsets count UTF-16 units, and a trailing blank is no part of anything."""
    assert message_text(source, "HTML", None).entities == [entity]


def test_a_link_to_nowhere_is_text() -> None:
    """Without a word."""
    assert parts("<a href='nowhere'>x</a>") == ("x", [])


def test_other_markup_is_not_spoken() -> None:
    """A test that uses it learns so."""
    with pytest.raises(ApiError, match=r"^Bad Request: unsupported parse_mode$"):
        message_text("*x*", "MarkdownV2", None)
