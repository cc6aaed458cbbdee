"""Text with formatting by offsets, as Telegram takes it: no markup, so nothing in a document can break it. Pure."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import regex
from telegram import MessageEntity

BOLD = MessageEntity.BOLD
ITALIC = MessageEntity.ITALIC
UNDERLINE = MessageEntity.UNDERLINE
STRIKE = MessageEntity.STRIKETHROUGH
LINK = MessageEntity.TEXT_LINK
QUOTE = MessageEntity.EXPANDABLE_BLOCKQUOTE

# Telegram counts a message's length in code points; other servers of its API in UTF-16 units, which are never fewer.
LONGEST_MESSAGE = 4_096
# From the hundredth on Telegram drops formatting silently.
MOST_SPANS = 100
# A letter with its marks, or a sequence of emoji that is seen as one.
CHARACTER = regex.compile(r"\X")
NOT_BLANK = re.compile(r"\S")


@dataclass(frozen=True, slots=True)
class Span:
    """Formatting of a stretch of a text; offsets count code points."""

    kind: str
    start: int
    end: int
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text and the formatting of its stretches."""

    text: str = ""
    spans: tuple[Span, ...] = ()

    def __add__(self, other: "Formatted | str") -> "Formatted":
        """Put another text behind this one."""
        if isinstance(other, str):
            return replace(self, text=self.text + other)
        shift = len(self.text)
        moved = (replace(span, start=span.start + shift, end=span.end + shift) for span in other.spans)
        return Formatted(self.text + other.text, (*self.spans, *moved))

    @property
    def size(self) -> int:
        """The length in UTF-16 units."""
        return size(self.text)

    def entities(self) -> list[MessageEntity]:
        """Give the formatting as Telegram takes it, offsets in UTF-16 units."""
        units = [MessageEntity(span.kind, span.start, span.end - span.start, url=span.url) for span in self.spans]
        return list(MessageEntity.adjust_message_entities_to_utf_16(self.text, units[:MOST_SPANS]))


def size(text: str) -> int:
    """Give the length of a text in UTF-16 units."""
    return len(text) + sum(character > "\uffff" for character in text)


def styled(text: str, *kinds: str, url: str | None = None) -> Formatted:
    """Format a whole text."""
    return Formatted(text, tuple(Span(kind, 0, len(text), url) for kind in kinds) if text else ())


def join(parts: Iterable[Formatted], between: str) -> Formatted:
    """Put texts one behind the other."""
    joined = Formatted()
    for number, part in enumerate(parts):
        joined = joined + (between if number else "") + part
    return joined


def stretches(text: str, ends: Sequence[int], limit: int) -> list[tuple[int, int]]:
    """Cut a text into stretches of at most so many UTF-16 units, given as offsets.

    It is cut at the given sentence ends, which are in order, else at the last blank, else before what is seen as one
    character, else anywhere; blanks between stretches belong to none.
    """
    found: list[tuple[int, int]] = []
    start = _skip(text, 0)
    while start < len(text):
        end = _end(text, start, ends, limit)
        found.append((start, start + len(text[start:end].rstrip())))
        start = _skip(text, end)
    return found


def cut(text: str, longest: int) -> str:
    """Cut a text that is longer than so many UTF-16 units."""
    if size(text) <= longest:
        return text
    start, end = stretches(text, [], longest - 1)[0]
    return f"{text[start:end]}…"


def _end(text: str, start: int, ends: Sequence[int], limit: int) -> int:
    """Find where a stretch that begins at ``start`` ends best."""
    farthest = _farthest(text, start, limit)
    if farthest == len(text):
        return farthest
    passed = bisect_right(ends, farthest)
    if passed and ends[passed - 1] > start:
        return ends[passed - 1]
    blank = next((at for at in range(farthest, start, -1) if text[at].isspace()), None)
    if blank is not None:
        return blank
    *_, last = CHARACTER.finditer(text, start, farthest + 1)
    return int(last.start()) if last.start() > start else farthest


def _farthest(text: str, start: int, limit: int) -> int:
    """Find the end of the longest stretch from ``start`` within the limit."""
    end = min(start + limit, len(text))
    while (excess := size(text[start:end]) - limit) > 0:
        # A code point takes at most two units.
        end -= max(1, excess // 2)
    return max(end, start + 1)


def _skip(text: str, start: int) -> int:
    """Find the first character from ``start`` that is no blank."""
    found = NOT_BLANK.search(text, start)
    return found.start() if found else len(text)
