"""What becomes of texts: refused, cleaned, trimmed, and never anything else."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram_emulator.core import Emulator
from telegram_emulator.errors import ApiError
from telegram_emulator.texts import LONGEST_TEXT, message_text


def send(emulator: Emulator, text: str, **more: Any) -> dict[str, Any]:
    """Send a text to somebody who knows the bot."""
    ann = emulator.person("Ann")
    ann.says("Hello")
    return emulator.ask("sendMessage", chat_id=ann.id, text=text, **more)


@pytest.mark.parametrize(
    ("text", "description"),
    [
        ("", "message text is empty"),
        (" \n\t ", "text must be non-empty"),
        ("\u200b\u00a0\ufeff", "text must be non-empty"),
        ("\u2028\r", "text must be non-empty"),
        ("x" * 4097, "message is too long"),
        ("😀" * 4097, "message is too long"),
        ("x" * 32_769, "text is too long"),
        ("é" * 16_385, "text is too long"),
    ],
)
def test_a_text_is_refused(emulator: Emulator, text: str, description: str) -> None:
    """In the server's words, with nothing sent."""
    assert send(emulator, text) == {"ok": False, "error_code": 400, "description": f"Bad Request: {description}"}
    assert len(emulator.state.messages) == 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\tb\x00c\x1fd", "a b c d"),
        ("a\r\nb", "a\nb"),
        ("a\u2028b\u202ec", "abc"),
        ("\n  a \n b \n ", "a \n b"),
        ("a\u00a0\u2003", "a\u00a0\u2003"),
        ("a\u200e\u200f\u200eb", "a\u200c\u200c\u200eb"),
        ("e\u030a", "e"),
        ("😀" * 4096, "😀" * 4096),
        (" " * 100 + "x" * 4096 + "\n" * 100, "x" * 4096),
        ("&amp; <b>", "&amp; <b>"),
    ],
)
def test_a_text_is_rewritten(emulator: Emulator, text: str, shown: str) -> None:
    """The message that comes back holds what is shown."""
    assert send(emulator, text)["result"]["text"] == shown


def test_a_caption_is_shorter(emulator: Emulator) -> None:
    """It may be missing, or blank."""
    ann = emulator.person("Ann")
    sent = ann.sends_document("a.txt", b"a")["document"]["file_id"]
    long = emulator.ask("sendDocument", chat_id=ann.id, document=sent, caption="x" * 1025)
    blank = emulator.ask("sendDocument", chat_id=ann.id, document=sent, caption=" ")

    assert long["description"] == "Bad Request: message caption is too long"
    assert "caption" not in blank["result"]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_what_is_shown_is_not_changed_again(text: str) -> None:
    """A text that has gone through once goes through unchanged."""
    try:
        shown = message_text(text, "", None).text
    except ApiError:
        return
    assert len(shown) <= LONGEST_TEXT
    assert message_text(shown, "", None).text == shown
