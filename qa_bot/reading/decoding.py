r"""Bytes become text.

A byte order mark decides, then comes UTF-8, then what the file itself declares, then detection. What comes out has no byte
order mark, only ``\n`` as line end, and no lone surrogate, so that it can be stored, sent and sliced everywhere alike.

chardet 7 was right most often of those tried, on files from the web as on paragraphs of our own collections in old
encodings; charset-normalizer takes much Spanish in Western encodings for Central European, and mixes up more.
"""

import codecs
import re
import unicodedata
from dataclasses import dataclass

import chardet

from qa_bot.errors import ReadError
from qa_bot.surrogates import replace_surrogates

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

# By the standard of the web, these names stand for the larger encodings in which what is so called is really written.
WEB_NAMES = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
# Encodings of Unicode that mostly begin with a mark; without one, detection takes some compressed data for them.
UNMARKED = frozenset({"utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"})
SAMPLE = 10_000
# Bytes that are valid UTF-8 but hardly meant: UTF-16 has these between letters, ISO-2022 switches alphabets with them.
OTHERWISE = re.compile(rb"[\x00\x1b]")

LINE_ENDS = re.compile(r"\r\n?")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the encoding it was read with, and what the operator should know about it."""

    text: str
    encoding: str
    warnings: tuple[str, ...]


def decode(raw: bytes, *, declared: str | None = None) -> Decoded:
    """Turn the bytes of a text file into text.

    Args:
        raw: the bytes.
        declared: the encoding that the file says it has, by any name; disregarded where the bytes deny it.

    Raises:
        ReadError: the bytes are no text, or text in an encoding that cannot be told.

    """
    found = _decode_by_mark(raw) or _decode_utf8(raw) or _decode_declared(raw, declared) or _detect(raw)
    text, encoding, warnings = found
    if len(CONTROLS.findall(text)) > max(MAX_CONTROL_SHARE * len(text), FORGIVEN_CONTROLS):
        msg = "is not text (too many control characters): remove it, or convert it to text first"
        raise ReadError(msg)
    if "\x00" in text:
        warnings += ("holds NUL characters",)
    return Decoded(replace_surrogates(LINE_ENDS.sub("\n", text)), encoding, warnings)


def _decode_by_mark(raw: bytes) -> tuple[str, str, tuple[str, ...]] | None:
    for mark, encoding in BYTE_ORDER_MARKS:
        if raw.startswith(mark):
            text = raw[len(mark) :].decode(encoding, errors="replace")
            return text, encoding, _flaw_warning(text.count("\ufffd"), encoding)
    return None


def _decode_utf8(raw: bytes) -> tuple[str, str, tuple[str, ...]] | None:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("utf-8", errors="replace")
    else:
        return (_decode_otherwise(raw) if OTHERWISE.search(raw) else None) or (text, "utf-8", ())
    flaws = text.count("\ufffd")
    sound = len(raw) - len(raw.translate(None, bytes(range(0xC2, 0xF5)))) - flaws
    if flaws * BYTES_PER_FLAW <= len(raw) and sound > flaws:
        return text, "utf-8", _flaw_warning(flaws, "utf-8")
    return None


def _decode_otherwise(raw: bytes) -> tuple[str, str, tuple[str, ...]] | None:
    """Decode what is valid UTF-8 by accident only."""
    encoding = chardet.detect(raw)["encoding"] or ""
    if not encoding.lower().startswith(("utf-16", "utf-32", "iso-2022", "hz")):
        return None
    text = _decode_strictly(raw, encoding)
    return None if text is None else (text, *_guess(encoding))


def _decode_declared(raw: bytes, declared: str | None) -> tuple[str, str, tuple[str, ...]] | None:
    encoding = _codec(declared or "")
    encoding = WEB_NAMES.get(encoding, encoding)
    # UTF-8 has been tried, and what says in bytes for ASCII that it is UTF-16 is not.
    if not encoding or encoding.startswith("utf"):
        return None
    text = _decode_strictly(raw, encoding)
    return None if text is None else (text, encoding, ())


def _detect(raw: bytes) -> tuple[str, str, tuple[str, ...]]:
    encoding = _codec(chardet.detect(raw)["encoding"] or "")
    text = _decode_strictly(raw, encoding) if encoding else None
    if text is None:
        msg = "is not text, or its encoding cannot be told: save it as UTF-8"
        raise ReadError(msg)
    return text, *_guess(encoding)


def _guess(encoding: str) -> tuple[str, tuple[str, ...]]:
    encoding = _codec(encoding)
    return encoding, (f"read as {encoding}: save it as UTF-8 to be sure",)


def _codec(name: str) -> str:
    """Give Python's name for an encoding of text, or nothing for what is none; Python lacks some names of the web."""
    for known in (name, name.lower().removeprefix("x-"), name.lower().replace("windows-", "cp")):
        try:
            codec = codecs.lookup(known)
            # base64 and the like are codecs too, but not of text: to use one here is an error.
            b"a".decode(known, errors="replace")
        except (LookupError, ValueError):
            continue
        return codec.name
    return ""


def _decode_strictly(raw: bytes, encoding: str) -> str | None:
    try:
        text = raw.decode(encoding)
    except ValueError:
        return None
    return text if encoding.lower() not in UNMARKED or _is_writing(text[:SAMPLE]) else None


def _is_writing(text: str) -> bool:
    """Whether a text holds nothing that nobody writes; nearly any bytes are UTF-16, but few of them make sense."""
    return not any(unicodedata.category(char) in {"Cn", "Co"} or char in "\x00\ufeff" for char in text)


def _flaw_warning(flaws: int, encoding: str) -> tuple[str, ...]:
    if not flaws:
        return ()
    return (f"{flaws} damaged {encoding} sequence{'s' * (flaws > 1)}, shown as \ufffd",)
