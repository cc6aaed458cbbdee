"""The rows of a region become lines of text, or rows of a table where cells stand level below each other."""

import itertools
import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qa_bot.reading.pdf.order import rows
from qa_bot.reading.pdf.pieces import Piece, in_one, joined
from qa_bot.reading.structure.tables import CELL_SEPARATOR

# Words further apart than this many type sizes are cells, if the rows next to them have such gaps too.
CELL_GAP = 1.5
# Cells stand below each other if their edges or middles differ by less than this many type sizes.
SAME_EDGE = 0.5
WIDE_GAP = 3.0
# A column set to both edges has this share of plain lines that reach both. In those with wide gaps, all gaps are alike
# within this many type sizes, and no wider than some.
STRETCHED = 0.3
UNIFORM = 0.35
WIDEST_STRETCH = 5.0
# Lines of one weight differ in their share of bold characters by less than this.
ONE_WEIGHT = 0.8
FIGURE = re.compile(r"\d|^[-–—]$")
# An initial is so many times larger than the text that it opens.
INITIAL = 1.8
LONGEST_INITIAL = 2
MOST_INITIALS = 5
BESIDE = 1.5
# Rows of a table stand within this many lines of each other; between them are the further lines of their cells.
NEARBY = 6
# The lines of a cell stand this many type sizes apart at most.
CELL_LEADING = 1.45
RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
LEADERS = re.compile(r"(?:[.·…_]\s?){4,}")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a region and its cells, of which a line of prose has one; ``ruled`` is a row that rules have told."""

    piece: Piece
    page: int
    cells: tuple[Piece, ...] = ()
    row: bool = False
    ruled: bool = False

    @property
    def text(self) -> str:
        """Its words."""
        return CELL_SEPARATOR.join(cell.text for cell in self.cells) if self.row else self.piece.text


def lines_of(region: Sequence[Piece], page: int) -> list[Line]:
    """Make lines of the pieces of a region, from top to bottom."""
    found = [_line(row, page) for row in rows(_with_initials(region))]
    return list(_folded(_marked(_without_stretched(found))))


def _without_stretched(lines: list[Line]) -> list[Line]:
    """Make one cell of each line whose words stand apart only because it is set to both edges of a column."""
    left, right = min(line.piece.left for line in lines), max(line.piece.right for line in lines)
    at_edges = [_is_at(line, left, right) for line in lines]
    plain = sum(at and len(line.cells) == 1 for at, line in zip(at_edges, lines, strict=True))
    if plain < STRETCHED * len(lines):
        return lines
    return [
        replace(line, cells=(line.piece,)) if at and _is_stretched(line) else line
        for at, line in zip(at_edges, lines, strict=True)
    ]


def _is_at(line: Line, left: float, right: float) -> bool:
    """Whether a line reaches the right edge, and begins at the left one or at an indent."""
    size = line.piece.size
    return right - line.piece.right < SAME_EDGE * size and line.piece.left - left < WIDE_GAP * size


def _is_stretched(line: Line) -> bool:
    gaps = [_gap(*pair) / line.piece.size for pair in itertools.pairwise(line.cells)]
    return not line.row and len(gaps) > 0 and max(gaps) - min(gaps) < UNIFORM and max(gaps) < WIDEST_STRETCH


def _marked(lines: list[Line]) -> list[Line]:
    """Mark the rows of tables: they have cells that stand below those of a row nearby."""
    several = [number for number, line in enumerate(lines) if len(line.cells) > 1]
    for one, other in itertools.pairwise(several):
        if other - one <= NEARBY and _stand_level(lines[one], lines[other]):
            lines[one], lines[other] = replace(lines[one], row=True), replace(lines[other], row=True)
    return lines


def _folded(lines: list[Line]) -> Iterator[Line]:
    """Put the further lines of cells that have several into the row that they belong to."""
    row: Line | None = None
    for line in lines:
        if row and not line.ruled and (folded := _fold(row, line)):
            row = folded
            continue
        if row:
            yield row
        row = line if line.row else None
        if not line.row:
            yield line
    if row:
        yield row


def _fold(row: Line, line: Line) -> Line | None:
    """Give a row with the cells of the next line in it, if they all go on cells of the row but the first."""
    step = line.piece.baseline - max(cell.baseline for cell in row.cells)
    if not 0 < step < CELL_LEADING * line.piece.size or abs(row.piece.bold - line.piece.bold) > ONE_WEIGHT:
        return None
    under = {}
    for cell in line.cells:
        places = [
            place
            for place, over in enumerate(row.cells)
            if place and abs(over.left - cell.left) < SAME_EDGE * cell.size
        ]
        if not places:
            return None
        under[places[0]] = cell
    cells = tuple(
        joined((over, under[place]), "\n", lower=True) if place in under else over
        for place, over in enumerate(row.cells)
    )
    return replace(row, cells=cells)


def _line(row: Sequence[Piece], page: int) -> Line:
    if sum(len(RIGHT_TO_LEFT.findall(piece.text)) - len(piece.text) / 2 for piece in row) > 0:
        row = row[::-1]
    cells: list[list[Piece]] = []
    for piece in row:
        if cells and _gap(cells[-1][-1], piece) < CELL_GAP * max(piece.size, cells[-1][-1].size):
            cells[-1].append(piece)
        else:
            cells.append([piece])
    made = row[0].cells or tuple(in_one(cell) for cell in cells)
    ruled = bool(row[0].cells)
    return Line(joined(made), page, made, row=ruled, ruled=ruled)


def _gap(one: Piece, other: Piece) -> float:
    return max(other.left - one.right, one.left - other.right)


def _stand_level(line: Line, other: Line) -> bool:
    """Whether two rows have gaps below each other, and a cell behind the gap that stands level with the other."""
    if any(LEADERS.search(cell.text) for cell in line.cells):
        return False
    gaps, others = list(itertools.pairwise(line.cells)), list(itertools.pairwise(other.cells))
    return any(_is_below(gap, under, line, other) for gap in gaps for under in others)


def _is_below(gap: tuple[Piece, Piece], under: tuple[Piece, Piece], line: Line, other: Line) -> bool:
    (before, cell), (before_under, cell_under) = gap, under
    near = SAME_EDGE * max(cell.size, cell_under.size)
    if min(cell.left, cell_under.left) - max(before.right, before_under.right) < near:
        return False
    if abs(cell.left - cell_under.left) < near:
        return True
    # Words at the end of lines that are set to an edge end alike too; but the gap before them is no wider than needed.
    wide = min(_gap(*gap), _gap(*under)) > WIDE_GAP * cell.size
    inner = cell is not line.cells[-1] and cell_under is not other.cells[-1]
    middles = abs((cell.left + cell.right) - (cell_under.left + cell_under.right)) / 2
    figures = wide and FIGURE.search(cell.text) and FIGURE.search(cell_under.text)
    return bool(inner or figures) and min(abs(cell.right - cell_under.right), middles) < near


def _with_initials(region: Sequence[Piece]) -> list[Piece]:
    """Put a large initial before the first of the lines that it stands beside."""
    usual = statistics.median(piece.size for piece in region)
    initials = [p for p in region if len(p.text) <= LONGEST_INITIAL and p.text.isalpha() and p.size > INITIAL * usual]
    if not 0 < len(initials) <= MOST_INITIALS:
        return list(region)
    pieces = sorted((piece for piece in region if piece not in initials), key=lambda piece: piece.top)
    edge = min(piece.left for piece in region)
    for initial in initials:
        beside = [number for number, piece in enumerate(pieces) if _stands_beside(initial, piece)]
        for number in beside:
            text = initial.text + pieces[number].text if number == beside[0] else pieces[number].text
            pieces[number] = replace(pieces[number], left=edge, text=text)
        if not beside:
            pieces.append(initial)
    return pieces


def _stands_beside(initial: Piece, piece: Piece) -> bool:
    close = abs(piece.left - initial.right) < BESIDE * piece.size
    return close and initial.top < piece.middle < initial.bottom
