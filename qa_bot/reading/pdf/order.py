"""The order in which the pieces of a page are read: columns one after the other, what spans them above or below.

A gutter is a strip of white that no piece crosses, with text on both sides over some height. The tallest gutter parts the
pieces into those above, left, right and below, and each of these is looked at again. Tables have gutters too; they are told
apart by their short cells, and by rows that stand level on both sides.
"""

import itertools
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from qa_bot.reading.pdf.pieces import Piece

# The narrowest gutter, in type sizes.
NARROWEST_GUTTER = 0.7
# A column of prose has this many lines at least, of this many characters on average; with few lines, of more.
FEWEST_LINES = 3
SHORTEST_LINES = 14
FEW_LINES = 5
SURE_LINES = 22
# Words of a line set to the edge of a narrow column stand up to this many type sizes apart; cells further than that.
CELL_GAP = 2.5
# Prose is made of letters, for this share; columns of figures are not.
LETTERS = 0.55
# Gaps of a group that are looked at as gutters, the tallest first; a page of type has a handful.
MOST_GUTTERS = 24
# Columns that may stand beside each other.
MOST_BESIDE = 4
# Rows of a table stand level on both sides: between them both sides are white, so often that each row has few lines.
LINES_PER_ROW = 3.5
FEWEST_ROWS = 3
# Space between lines beyond this many type sizes, measured from letters to letters, is more than leading.
ROOMY = 0.55
# A title above one of the columns has this many lines at most.
MOST_HEAD_LINES = 4
HEAD_GAP = 1.5
# Text that goes on alone below its neighbour after a gap of this many type sizes stands below both columns.
APART = 2.5
# Columns in columns in columns: nobody sets type deeper than this.
DEEPEST = 12


@dataclass(frozen=True, slots=True)
class _Gutter:
    """A strip of white with text on both sides of it, from ``top`` to ``bottom``."""

    left: list[Piece]
    right: list[Piece]
    top: float
    bottom: float

    @property
    def x(self) -> float:
        """Its middle."""
        return (max(piece.right for piece in self.left) + min(piece.left for piece in self.right)) / 2

    @property
    def height(self) -> float:
        return self.bottom - self.top


def regions_of_pages(pages: Iterable[Sequence[Piece]]) -> Iterator[list[list[Piece]]]:
    """Part the pieces of each page; columns may end with few lines on the page after one that has more."""
    known = None
    for pieces in pages:
        gutter = _tallest_gutter(pieces) or (_gutter_that_ends(known, pieces) if known else None)
        yield _parted(pieces, gutter, 0)
        known = gutter.x if gutter else None


def regions(pieces: Sequence[Piece], depth: int = 0) -> list[list[Piece]]:
    """Part the pieces of a page into columns and what stands between them, in reading order."""
    return _parted(pieces, _tallest_gutter(pieces) if depth < DEEPEST else None, depth)


def _gutter_that_ends(x: float, pieces: Sequence[Piece]) -> _Gutter | None:
    """Give the columns at the top of a page that are too short to show by themselves that they are some."""
    top = list(itertools.takewhile(lambda piece: not piece.left < x < piece.right, sorted(pieces, key=lambda p: p.top)))
    left = [piece for piece in top if piece.right <= x]
    right = [piece for piece in top if piece.left >= x]
    if not left or not right or not all(len(side) <= FEW_LINES and _reads_on(side) for side in (left, right)):
        return None
    return _Gutter(left, right, min(piece.top for piece in top), max(piece.bottom for piece in top))


def _reads_on(side: Sequence[Piece]) -> bool:
    """Whether lines are of one type and long enough for prose, but for the last."""
    lines = rows(side)
    return all(len(line) == 1 and len(line[0].text) >= SURE_LINES for line in lines[:-1]) and len(lines[-1]) == 1


def _parted(pieces: Sequence[Piece], gutter: _Gutter | None, depth: int) -> list[list[Piece]]:
    if gutter is None:
        return [list(pieces)] if pieces else []
    inside = {id(piece) for piece in (*gutter.left, *gutter.right)}
    outside = [piece for piece in pieces if id(piece) not in inside]
    above = [piece for piece in outside if piece.middle < gutter.bottom]
    below = [piece for piece in outside if piece.middle >= gutter.bottom]
    return [region for part in (above, gutter.left, gutter.right, below) for region in regions(part, depth + 1)]


def rows(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Put the pieces of a region into rows from top to bottom, each from left to right."""
    found: list[list[Piece]] = []
    tallest: Piece | None = None
    for piece in sorted(pieces, key=lambda piece: (piece.baseline, piece.left)):
        if tallest and _is_level(tallest, piece):
            found[-1].append(piece)
            tallest = max(tallest, piece, key=lambda piece: piece.size)
        else:
            found.append([piece])
            tallest = piece
    return [sorted(row, key=lambda piece: piece.left) for row in found]


def _is_level(piece: Piece, other: Piece) -> bool:
    return min(piece.bottom, other.bottom) - max(piece.top, other.top) > 0.5 * min(piece.size, other.size)


def _tallest_gutter(pieces: Sequence[Piece]) -> _Gutter | None:
    ordered = sorted(pieces, key=lambda piece: piece.top)
    found = [gutter for x in _candidates(ordered) for gutter in _gutters_at(x, ordered)]
    if not found:
        found = [
            gutter
            for x in _staggered(ordered)
            for gutter in _gutters_at(x, ordered)
            if _is_running(gutter.left) and _is_running(gutter.right)
        ]
    return max(found, key=lambda gutter: gutter.height, default=None)


def _candidates(ordered: Sequence[Piece]) -> list[int]:
    """Give the places from left to right where most gaps between neighbours in a row lie."""
    counts: dict[int, int] = {}
    for row in rows(ordered):
        for before, after in itertools.pairwise(row):
            if _gap(before, after) >= NARROWEST_GUTTER * min(before.size, after.size):
                for x in {round(before.right) + 1, round((before.right + after.left) / 2), round(after.left) - 1}:
                    counts[x] = counts.get(x, 0) + 1
    return sorted(counts, key=lambda x: (-counts[x], x))[:MOST_GUTTERS]


def _staggered(ordered: Sequence[Piece]) -> list[int]:
    """Give the places between pieces that stand beside each other, but not level: columns may begin at different heights."""
    places: Counter[int] = Counter()
    for number, piece in enumerate(ordered):
        for other in ordered[number + 1 : number + 1 + MOST_BESIDE]:
            before, after = (piece, other) if piece.left < other.left else (other, piece)
            wide = _gap(before, after) >= NARROWEST_GUTTER * min(before.size, after.size)
            if other.top < piece.bottom and wide and not _is_level(piece, other):
                places[round((before.right + after.left) / 2)] += 1
    return [x for x, _ in places.most_common(MOST_GUTTERS)]


def _is_running(side: Iterable[Piece]) -> bool:
    """Whether a sentence goes on from line to line, as none does in the boxes of forms and drawings."""
    return any(piece.text[:1].islower() for piece in side)


def _gutters_at(x: float, ordered: Sequence[Piece]) -> Iterator[_Gutter]:
    """Yield the stretches of white at ``x`` that part columns."""
    run: list[Piece] = []
    for piece in ordered:
        if piece.left < x < piece.right:
            yield from _gutter(x, run)
            run = []
        else:
            run.append(piece)
    yield from _gutter(x, run)


def _gutter(x: float, run: list[Piece]) -> Iterator[_Gutter]:
    left = [piece for piece in run if piece.right <= x]
    right = [piece for piece in run if piece.left >= x]
    if len(left) < FEWEST_LINES or len(right) < FEWEST_LINES:
        return
    head = _head(left, right)
    left = [piece for piece in left if id(piece) not in head]
    right = [piece for piece in right if id(piece) not in head]
    left, right = _without_tail(left, right), _without_tail(right, left)
    fewest = SHORTEST_LINES if min(len(rows(left)), len(rows(right))) > FEW_LINES else SURE_LINES
    if not (_is_prose(left, fewest) and _is_prose(right, fewest)) or _is_table(left, right):
        return
    size = statistics.median(piece.size for piece in run)
    if min(piece.left for piece in right) - max(piece.right for piece in left) < NARROWEST_GUTTER * size:
        return
    bottom = max(piece.bottom for piece in (*left, *right))
    yield _Gutter(left, right, min(piece.top for piece in (*left, *right)), bottom)


def _head(left: list[Piece], right: list[Piece]) -> set[int]:
    """Give the pieces, by identity, that stand above both columns: a title, or the end of what spans them."""
    lefts = set(map(id, left))
    head: set[int] = set()
    on_right = 0
    for row, following in itertools.pairwise(rows([*left, *right])):
        sides = {id(piece) in lefts for piece in row}
        gap = min(piece.top for piece in following) - max(piece.bottom for piece in row)
        on_right += False in sides
        overlaps = gap < 0 and sides != {id(piece) in lefts for piece in following}
        if overlaps or on_right > MOST_HEAD_LINES or (len(sides) > 1 and gap < HEAD_GAP * row[0].size):
            break
        head.update(map(id, row))
    return head


def _without_tail(side: list[Piece], other: list[Piece]) -> list[Piece]:
    """Leave out what stands below the other side, after a gap: it belongs to neither column."""
    if not side or not other:
        return []
    end = max(piece.bottom for piece in other)
    ordered = sorted(side, key=lambda piece: piece.top)
    for number in range(1, len(ordered)):
        piece, before = ordered[number], ordered[number - 1]
        if piece.top > end and piece.top - before.bottom > APART * max(piece.size, before.size):
            return ordered[:number]
    return side


def _is_prose(side: list[Piece], shortest: int) -> bool:
    """Whether a side has lines of running text, and not the short cells of a table."""
    lines = rows(side)
    if len(lines) < FEWEST_LINES:
        return False
    text = "".join(piece.text for piece in side)
    cells = sum(1 + sum(_gap(*pair) > CELL_GAP * pair[0].size for pair in itertools.pairwise(line)) for line in lines)
    return len(text) >= shortest * cells and sum(map(str.isalpha, text)) > LETTERS * len(text)


def _gap(before: Piece, after: Piece) -> float:
    return after.left - before.right


def _is_table(left: list[Piece], right: list[Piece]) -> bool:
    """Whether both sides are white at the same heights so often that these part the rows of a table."""
    level = _white_heights([*left, *right])
    lines = max(len(rows(left)), len(rows(right)))
    return level + 1 >= FEWEST_ROWS and lines / (level + 1) <= LINES_PER_ROW


def _white_heights(pieces: list[Piece]) -> int:
    """Count the gaps from edge to edge that are wider than leading."""
    count, reach = 0, float("inf")
    for piece in sorted(pieces, key=lambda piece: piece.top):
        count += piece.top - reach > ROOMY * piece.size
        reach = piece.bottom if reach == float("inf") else max(reach, piece.bottom)
    return count
