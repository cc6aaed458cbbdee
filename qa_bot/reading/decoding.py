r"""Bytes become text.

UTF-8 is tried first, then what a byte order mark says, then detection. What comes out has no byte order mark, only
``\n`` as line end, and no lone surrogate, so that it can be stored, sent and sliced everywhere alike.
"""

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

from qa_bot.errors import ReadError

# Longest first: the UTF-32 mark begins with the UTF-16 one.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# A file damaged in a few places is still UTF-8: at most one bad sequence in this many bytes, and always fewer bad
# sequences than good non-ASCII ones.
BYTES_PER_FLAW = 1_000

# Text has next to no control characters; compiled and compressed data is full of them. A few are forgiven to short texts.
MAX_CONTROL_SHARE = 0.02
FORGIVEN_CONTROLS = 8
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")

LINE_ENDS = re.compile(r"\r\n?")
SURROGATES = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the encoding it was read with, and what the operator should know about it."""

    text: str
    encoding: str
    warnings: tuple[str, ...]


def decode(raw: bytes) -> Decoded:
    """Turn the bytes of a text file into text.

    Raises:
        ReadError: the bytes are no text, or text in an encoding that cannot be told.

    """
    text, encoding, warnings = _decode_by_mark(raw) or _decode_utf8(raw) or _detect(raw)
    if len(CONTROLS.findall(text)) > max(MAX_CONTROL_SHARE * len(text), FORGIVEN_CONTROLS):
        msg = "is not text (too many control characters): remove it, or convert it to text first"
        raise ReadError(msg)
    if "\x00" in text:
        warnings += ("holds NUL characters",)
    return Decoded(replace_surrogates(LINE_ENDS.sub("\n", text)), encoding, warnings)


def replace_surrogates(text: str) -> str:
    """Replace each lone surrogate, which no encoding can carry, by U+FFFD; lengths stay as they are."""
    return SURROGATES.sub("\ufffd", text)


def _decode_by_mark(raw: bytes) -> tuple[str, str, tuple[str, ...]] | None:
    for mark, encoding in BYTE_ORDER_MARKS:
        if raw.startswith(mark):
            text = raw[len(mark) :].decode(encoding, errors="replace")
            return text, encoding, _flaw_warning(text.count("\ufffd"), encoding)
    return None


def _decode_utf8(raw: bytes) -> tuple[str, str, tuple[str, ...]] | None:
    try:
        return raw.decode("utf-8"), "utf-8", ()
    except UnicodeDecodeError:
        text = raw.decode("utf-8", errors="replace")
    flaws = text.count("\ufffd")
    sound = len(raw) - len(raw.translate(None, bytes(range(0xC2, 0xF5)))) - flaws
    if flaws * BYTES_PER_FLAW <= len(raw) and sound > flaws:
        return text, "utf-8", _flaw_warning(flaws, "utf-8")
    return None


def _detect(raw: bytes) -> tuple[str, str, tuple[str, ...]]:
    best = from_bytes(raw).best()
    if best is None:
        msg = "is not text, or its encoding cannot be told: save it as UTF-8"
        raise ReadError(msg)
    return str(best), best.encoding, (f"read as {best.encoding}: save it as UTF-8 to be sure",)


def _flaw_warning(flaws: int, encoding: str) -> tuple[str, ...]:
    if not flaws:
        return ()
    return (f"{flaws} damaged {encoding} sequence{'s' * (flaws > 1)}, shown as \ufffd",)
