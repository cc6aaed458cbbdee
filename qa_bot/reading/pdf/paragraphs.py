"""Lines become paragraphs: by the space between them, their indent, their type, and by where they end."""

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa_bot.reading.pdf.lines import LEADERS, ONE_WEIGHT, Line

# Type of one size differs by less than this share.
SAME_SIZE = 0.06
ALL_BOLD = 0.9
# A line further below the one before than this many times what is usual begins a paragraph.
WIDER = 1.18
# An indent is at least this many type sizes.
INDENT = 0.6
# A line has ended early if the next word and this many type sizes would have fitted.
ROOM = 0.8
RAGGED_ROOM = 2.0
# Where most lines end within this many type sizes of each other, the text is set to a straight edge.
STRAIGHT = 0.3
# Lines whose middles differ by less than this many type sizes are centred.
CENTRED = 0.25
MOSTLY = 0.5
# From this many lines on, a paragraph shows its own edges, if it fills this share of the region.
FEW_LINES = 3
OWN_WIDTH = 0.7
# Lines shorter than this that all begin with a capital are entries, not prose; in type no larger than this.
SHORT_LINE = 50
# A line of prose has this many characters; on a page with one shorter line no edge can be seen.
FULL_LINE = 25
LARGER = 1.09

ITEM = re.compile(r"(?:[•‣▪▫■□●○◦►➢✓✔❖·*–—-]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]|\[\d{1,3}\])\s+\S")
NUMBER = re.compile(r"(?:\d{1,3}[.)]|\((?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})\)|[a-zA-Z]\)|\[\d{1,3}\]|[–—-])\s+\S")
BULLET = re.compile(r"[•‣▪▫■□●○◦►➢✓✔❖]")
SENTENCE_END = re.compile(r"[.!?:。！？…؟][\"'”’»)\]\d*†‡]*$")


@dataclass(slots=True)
class Chunk:
    """Lines that belong together: a paragraph, or with ``rows`` lines that each stand for themselves.

    ``left`` and ``right`` are the edges between which its lines are set; ``tight`` says that it follows what stands above
    it without more space than between lines.
    """

    lines: list[Line]
    rows: bool = False
    left: float = 0.0
    right: float = 0.0
    tight: bool = False

    @property
    def page(self) -> int:
        """The page on which it begins."""
        return self.lines[0].page

    @property
    def size(self) -> float:
        """The type size of most of its characters."""
        return max(self.lines, key=lambda line: len(line.piece.text)).piece.size

    @property
    def bold(self) -> bool:
        """Whether all of it is bold."""
        return all(line.piece.bold > ALL_BOLD for line in self.lines)

    @property
    def text(self) -> str:
        """Its words, line ends and all."""
        return "\n".join(line.text for line in self.lines)


@dataclass(slots=True)
class Leading:
    """How far apart the lines of each type size usually stand, and the type size of most of the text."""

    usual: dict[int, float]
    body_size: float

    @classmethod
    def of(cls, regions: Sequence[Sequence[Line]], body_size: float) -> "Leading":
        """Measure the lines of a document."""
        counts: dict[int, Counter[float]] = {}
        for region in regions:
            for before, line in itertools.pairwise(region):
                step = line.piece.baseline - before.piece.baseline
                if same_size(before, line) and 0 < step < 4 * line.piece.size:
                    weight = min(len(before.piece.text), len(line.piece.text))
                    counts.setdefault(round(2 * line.piece.size), Counter())[round(2 * step) / 2] += weight
        usual = {size: max(count, key=lambda step: (count[step], -step)) for size, count in counts.items()}
        return cls(usual, body_size)

    def at(self, size: float) -> float:
        """Give the usual distance of lines in a type size."""
        return self.usual.get(round(2 * size)) or 1.25 * size


def same_size(one: Line, other: Line) -> bool:
    """Whether two lines are set in one type size."""
    return abs(one.piece.size - other.piece.size) < SAME_SIZE * max(one.piece.size, other.piece.size) + 0.1


def chunks_of(region: Sequence[Line], leading: Leading) -> Iterator[Chunk]:
    """Cut the lines of a region into paragraphs."""
    for rows, run in itertools.groupby(region, key=lambda line: line.row):
        lines = list(run)
        if rows:
            yield Chunk(lines, rows=True)
            continue
        for part in _by_space(lines, leading):
            if _are_short(part, leading.body_size):
                yield from (
                    Chunk([line], left=line.piece.left, right=line.piece.right, tight=line is not part[0])
                    for line in part
                )
            else:
                yield from _by_form(part, region)


def _by_space(lines: Sequence[Line], leading: Leading) -> Iterator[list[Line]]:
    """Part lines where there is more space than usual between them, or where the type changes."""
    part: list[Line] = []
    for number, line in enumerate(lines):
        if part and (_changes(part[-1], line) or _is_apart(part, line, lines[number + 1 : number + 2], leading)):
            yield part
            part = []
        part.append(line)
    if part:
        yield part


def _changes(before: Line, line: Line) -> bool:
    return not before.row and (not same_size(before, line) or abs(before.piece.bold - line.piece.bold) > ONE_WEIGHT)


def _is_apart(part: list[Line], line: Line, following: Sequence[Line], leading: Leading) -> bool:
    step = _step(part[-1], line)
    if step <= 0:
        return True
    usual = leading.at(line.piece.size)
    if len(part) > 1:
        usual = max(_step(part[0], part[-1]) / (len(part) - 1), 0.8 * usual)
    if step <= WIDER * usual + 0.5:
        return False
    # Text with more space between its lines than the rest has: every step is the same, and lines go on to the edge.
    even = following and abs(_step(line, following[0]) - step) < 0.05 * step
    return not (
        len(part) == 1
        and even
        and step < 2.6 * line.piece.size
        and is_full(part[0], line, max(part[0].piece.right, line.piece.right))
    )


def _step(before: Line, line: Line) -> float:
    return line.piece.baseline - before.piece.baseline


def is_full(line: Line, following: Line, right: float, room: float = ROOM) -> bool:
    """Whether the first word of the next line would not have fitted into a line."""
    text = following.piece.text
    word = len(text.split(" ", 1)[0])
    width = (following.piece.right - following.piece.left) / max(len(text), 1)
    return line.piece.right + (word + 1) * width + (room * line.piece.size if room else 0) > right


def _by_form(part: list[Line], region: Sequence[Line]) -> Iterator[Chunk]:
    """Part lines that follow each other evenly, by their indents and their ends."""
    left, right = _edges(part, region)
    straight = is_straight(part, right)
    room = ROOM if straight else RAGGED_ROOM
    chunk: list[Line] = []
    tight = False
    for number, line in enumerate(part):
        following = part[number + 1] if number + 1 < len(part) else None
        if chunk and _begins(chunk, line, following, right, room):
            yield Chunk(chunk, left=left, right=right, tight=tight)
            chunk, tight = [], True
        chunk.append(line)
    yield Chunk(chunk, left=left, right=right, tight=tight)


def _are_short(part: list[Line], body_size: float) -> bool:
    """Whether lines stand for themselves: all are short, and each begins as a sentence or an entry does."""
    return (
        len(part) > 1
        and part[0].piece.size < LARGER * body_size
        and all(len(line.text) < SHORT_LINE and not line.text[:1].islower() for line in part)
        and not any(line.text[-1:] in ",-\u00ad" for line in part[:-1])
    )


def _edges(part: list[Line], region: Sequence[Line]) -> tuple[float, float]:
    """Give the edges that the lines are set between: their own, or those of the region if they are few."""
    own = min(line.piece.left for line in part), max(line.piece.right for line in part)
    near = 3 * part[0].piece.size
    alike = [line for line in region if same_size(line, part[0]) and abs(line.piece.left - part[0].piece.left) < near]
    whole = min(line.piece.left for line in alike), max(line.piece.right for line in alike)
    wide = len(part) > FEW_LINES and own[1] - own[0] > OWN_WIDTH * (whole[1] - whole[0])
    return own if wide or is_straight(part, own[1]) else whole


def is_straight(part: Sequence[Line], right: float) -> bool:
    """Whether most lines end at an edge."""
    at_edge = sum(right - line.piece.right < STRAIGHT * line.piece.size for line in part)
    return len(part) >= FEW_LINES and at_edge >= MOSTLY * len(part)


def _begins(chunk: list[Line], line: Line, following: Line | None, right: float, room: float) -> bool:
    """Whether a line begins a paragraph after the lines of another."""
    before, text = chunk[-1], line.piece.text
    if BULLET.match(text) or LEADERS.search(before.piece.text):
        return True
    if not is_full(before, line, right, room) and not _runs_on(chunk, line):
        return True
    if NUMBER.match(text) and (SENTENCE_END.search(before.piece.text) or _follows_item(chunk[0], line)):
        return True
    if _is_centred(before, line):
        return False
    inset = line.piece.left - before.piece.left
    indent = INDENT * line.piece.size
    if inset > indent:
        # The lines of an item hang below its first: all of them are indented.
        hanging = ITEM.match(before.piece.text) or (following and abs(following.piece.left - line.piece.left) < indent)
        return not (len(chunk) == 1 and hanging)
    return inset < -indent and len(chunk) > 1


def _runs_on(chunk: Sequence[Line], line: Line) -> bool:
    """Whether a sentence goes on, though the line before would have held more: in a box that is narrower than its column."""
    before = chunk[-1]
    level = abs(before.piece.left - line.piece.left) < INDENT * line.piece.size
    unended = chunk[0].text[:1].isupper() and not SENTENCE_END.search(before.text)
    return level and unended and len(before.text) >= FULL_LINE and line.text[:1].islower() and not ITEM.match(line.text)


def _follows_item(first: Line, line: Line) -> bool:
    level = abs(line.piece.left - first.piece.left) < INDENT * line.piece.size
    return bool(ITEM.match(first.piece.text)) and level


def _is_centred(before: Line, line: Line) -> bool:
    """Whether two lines of different length have one middle."""
    middles = abs((before.piece.left + before.piece.right) - (line.piece.left + line.piece.right)) / 2
    return middles < CENTRED * line.piece.size and abs(before.piece.left - line.piece.left) > CENTRED * line.piece.size
