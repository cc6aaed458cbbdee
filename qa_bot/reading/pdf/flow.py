"""The text of a document flows from column to column and from page to page, past what stands in its way."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from qa_bot.reading.pdf.headings import is_caption, is_heading
from qa_bot.reading.pdf.lines import LEADERS
from qa_bot.reading.pdf.paragraphs import (
    FULL_LINE,
    INDENT,
    ITEM,
    RAGGED_ROOM,
    SAME_SIZE,
    SENTENCE_END,
    STRAIGHT,
    Chunk,
    is_full,
    is_straight,
)

# Items of a list longer than this are prose: each becomes a paragraph of its own.
LONG_ITEM = 160
# A paragraph that goes on is looked for among this many of the next chunks; floats stand between, hardly more.
FARTHEST = 12
# Paragraphs are indented in a document where this share of them is.
MOSTLY = 0.4


@dataclass(frozen=True, slots=True)
class Flow:
    """The chunks of a document in reading order, and what its text looks like."""

    chunks: Sequence[Chunk]
    body_size: float

    def joined(self) -> list[Chunk]:
        """Join the paragraphs that go on in the next column or on the next page."""
        indented = self._is_indented()
        taken: set[int] = set()
        found = []
        for number, chunk in enumerate(self.chunks):
            if number in taken:
                continue
            whole, at = chunk, number
            while (following := self._continuation(at, indented=indented)) is not None and following not in taken:
                taken.add(following)
                whole = replace(whole, lines=[*whole.lines, *self.chunks[following].lines])
                at = following
            found.append(whole)
        return found

    def _is_indented(self) -> bool:
        """Whether paragraphs begin with an indent."""
        long = [c for c in self.chunks if len(c.lines) > 1 and not c.rows and self._is_body(c)]
        insets = [c.lines[0].piece.left - c.lines[1].piece.left > INDENT * c.size for c in long]
        return bool(insets) and sum(insets) >= MOSTLY * len(insets)

    def _is_body(self, chunk: Chunk) -> bool:
        return abs(chunk.size - self.body_size) < SAME_SIZE * self.body_size

    def _continuation(self, at: int, *, indented: bool) -> int | None:
        """Find the chunk with which an unfinished paragraph goes on."""
        chunk = self.chunks[at]
        text = chunk.text
        if chunk.rows or is_caption(text) or is_heading(chunk, self.body_size):
            return None
        ended = bool(SENTENCE_END.search(text))
        if ended and not (is_straight(chunk.lines, chunk.right) and _reaches_edge(chunk)):
            return None
        for number in range(at + 1, min(at + 1 + FARTHEST, len(self.chunks))):
            other = self.chunks[number]
            if other.page > chunk.lines[-1].page + 1 or is_heading(other, self.body_size):
                return None
            if other.rows or is_caption(other.text) or not _is_alike(chunk, other):
                continue
            return number if _goes_on(chunk, other, ended=ended, indented=indented) else None
        return None


def _is_alike(chunk: Chunk, other: Chunk) -> bool:
    return abs(chunk.size - other.size) < SAME_SIZE * chunk.size and chunk.bold == other.bold


def _reaches_edge(chunk: Chunk) -> bool:
    last = chunk.lines[-1].piece
    return chunk.right - last.right < STRAIGHT * last.size


def _goes_on(chunk: Chunk, other: Chunk, *, ended: bool, indented: bool) -> bool:
    """Whether a paragraph goes on with the lines of another chunk, that stands in another place."""
    first, last = other.lines[0], chunk.lines[-1]
    if ITEM.match(first.text):
        return False
    elsewhere = first.page != last.page or first.piece.baseline < last.piece.baseline or other.left > chunk.right
    inset = first.piece.left - other.left > INDENT * first.piece.size
    if ended:
        # A sentence ends with the column. Set to an edge, only the last line of a paragraph may fall short of it.
        return elsewhere and not inset
    if indented and inset and not first.text[:1].islower():
        return False
    full = is_full(last, first, chunk.right, RAGGED_ROOM)
    if first.text[:1].islower():
        return elsewhere or full
    return elsewhere and ((full and len(last.text) >= FULL_LINE) or last.text[-1:] in "-\u00ad,")


def listed(chunks: Sequence[Chunk], stands_alone: Callable[[Chunk], bool]) -> Iterator[list[Chunk]]:
    """Put the short items of a list, and short lines in a row, together; everything else stays alone."""
    run: list[Chunk] = []
    for chunk in chunks:
        if run and (stands_alone(run[-1]) or stands_alone(chunk) or not _belongs(run[-1], chunk)):
            yield run
            run = []
        run.append(chunk)
    if run:
        yield run


def announced(groups: Iterable[list[Chunk]]) -> Iterator[list[Chunk]]:
    """Put a paragraph that ends with a colon before the list that it announces."""
    waiting: list[Chunk] = []
    for group in groups:
        if waiting and _is_list(group) and len(waiting) == 1 and waiting[0].text.endswith(":"):
            waiting = [*waiting, *group]
            continue
        if waiting:
            yield waiting
        waiting = group
    if waiting:
        yield waiting


def _is_list(group: list[Chunk]) -> bool:
    return len(group) > 1 and bool(ITEM.match(group[0].text))


def _belongs(before: Chunk, chunk: Chunk) -> bool:
    if before.rows or chunk.rows or chunk.page > before.lines[-1].page + 1 or not _is_alike(before, chunk):
        return False
    if LEADERS.search(before.text) and LEADERS.search(chunk.text):
        return True
    if max(len(before.text), len(chunk.text)) > LONG_ITEM:
        return False
    if ITEM.match(before.text) or ITEM.match(chunk.text):
        return bool(ITEM.match(before.text) and ITEM.match(chunk.text))
    single = len(before.lines) == len(chunk.lines) == 1
    return single and chunk.tight and not SENTENCE_END.search(before.text)
