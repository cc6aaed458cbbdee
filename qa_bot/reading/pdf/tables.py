"""Tables with rules between their rows: the rules say where each row ends, strips of white where each cell does."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qa_bot.reading.pdf.order import rows
from qa_bot.reading.pdf.pieces import Page, Piece, Rule, joined

# Rules are of one table if they begin and end within this many points of each other.
SAME_END = 4.0
# A table has this many rules, one more than rows; two rules may frame anything. Three are above it, below its header and
# below it, with a row for each line between the last two.
FEWEST_RULES = 4
OPEN_RULES = 3
# So many rows of such a table have cells in several columns; lines of prose have not.
MOSTLY = 0.8
# The rule below a cell reaches this many points beyond what stands in it; a line drawn under words does not.
PADDING = 1.0
# The header of a table often stands above its first rule, within this many points.
HEADER = 32.0
MOST_HEADER_LINES = 3
# Rows of a table have few lines; what is taller is text between lines that part sections or columns.
MOST_LINES = 8
# Cells are parted by white of this many type sizes.
NARROWEST_GAP = 0.45


@dataclass(frozen=True, slots=True)
class _Grid:
    """Rules below each other that frame the rows of a table; ``inside`` are those that part only some of its cells."""

    heights: tuple[float, ...]
    left: float
    right: float
    inside: tuple[Rule, ...] = ()
    open: bool = False

    def holds(self, piece: Piece) -> bool:
        """Whether a piece stands between the rules."""
        inside = self.left - SAME_END <= piece.left and piece.right <= self.right + SAME_END
        return inside and self.heights[0] < piece.middle < self.heights[-1]


def with_tables(page: Page) -> Page:
    """Put each row of a ruled table into one piece."""
    pieces = list(page.pieces)
    for grid in _grids(page.rules):
        held = [piece for piece in pieces if grid.holds(piece) and not piece.cells]
        table, taken = _rows(grid, held)
        if len(table) > 1:
            pieces = [piece for piece in pieces if id(piece) not in taken] + table
    return replace(page, pieces=tuple(pieces))


def _grids(rules: Sequence[Rule]) -> Iterator[_Grid]:
    """Yield rules of one width below each other, the widest first."""
    groups: dict[tuple[int, int], list[Rule]] = {}
    whole = list(_whole(rules))
    for rule in whole:
        keys = [key for key in groups if abs(key[0] - rule.left) < SAME_END and abs(key[1] - rule.right) < SAME_END]
        groups.setdefault(keys[0] if keys else (round(rule.left), round(rule.right)), []).append(rule)
    for group in sorted(groups.values(), key=lambda group: group[0].left - group[0].right):
        heights = sorted(rule.height for rule in group)
        left, right = group[0].left, group[0].right
        inside = tuple(
            rule
            for rule in whole
            if heights[0] < rule.height < heights[-1] and left - SAME_END < rule.left and rule.right < right + SAME_END
        )
        if len(group) >= FEWEST_RULES:
            yield _Grid((heights[0] - HEADER, *heights), left, right, inside)
        elif len(group) == OPEN_RULES:
            yield _Grid(tuple(heights), left, right, open=True)


def _whole(rules: Sequence[Rule]) -> Iterator[Rule]:
    """Join the rules of cells next to each other, and those drawn twice."""
    whole: Rule | None = None
    for rule in sorted(rules, key=lambda rule: (round(rule.height / 2), rule.left)):
        if (
            whole
            and abs(rule.height - whole.height) < SAME_END
            and rule.left < whole.right + SAME_END
            and rule.right > whole.left
        ):
            whole = Rule(min(whole.left, rule.left), max(whole.right, rule.right), whole.height)
            continue
        if whole:
            yield whole
        whole = rule
    if whole:
        yield whole


def _rows(grid: _Grid, held: Sequence[Piece]) -> tuple[list[Piece], set[int]]:
    """Give the rows of a grid and the pieces in them, by identity; none if it has no columns or holds text."""
    bands = [
        [piece for piece in held if top < piece.middle < bottom] for top, bottom in itertools.pairwise(grid.heights)
    ]
    if grid.open:
        bands = [bands[0], *_by_first_cell(bands[1])]
    columns = _columns(bands)
    if grid.open and sum(len(_parted(band)) > 1 for band in bands) < MOSTLY * len(bands):
        return [], set()
    if len(columns) < 2 or any(len(rows(band)) > MOST_LINES for band in bands):  # noqa: PLR2004 - one column is no table
        return [], set()
    if not grid.open and (len(_parted(bands[0])) < len(columns) or len(rows(bands[0])) > MOST_HEADER_LINES):
        bands[0] = []
    parts = [part for band in bands if band for part in _by_cell_rules(grid, band, columns)]
    made = [_row(grid, part, columns) for part in parts]
    return made, {id(piece) for band in bands for piece in band}


def _by_first_cell(band: Sequence[Piece]) -> list[list[Piece]]:
    """Part the rows that no rules part: each begins in the first column, where further lines of its cells leave it empty."""
    left = min((piece.left for piece in band), default=0.0)
    found: list[list[Piece]] = []
    for line in rows(band):
        if found and line[0].left - left > line[0].size:
            found[-1] += line
        else:
            found.append(list(line))
    return found


def _by_cell_rules(
    grid: _Grid, band: Sequence[Piece], columns: Sequence[tuple[float, float]]
) -> Iterator[Sequence[Piece]]:
    """Part a row where rules go on below some of its cells; a cell that spans the parts belongs to the first."""
    for rule in sorted(grid.inside, key=lambda rule: rule.height):
        covered = {
            place
            for place, (left, right) in enumerate(columns)
            if rule.left < left - PADDING and right + PADDING < rule.right
        }
        beside = [piece for piece in band if _place(piece, columns) in covered]
        below = [piece for piece in beside if piece.middle > rule.height]
        if below and len(below) < len(beside):
            taken = set(map(id, below))
            yield [piece for piece in band if id(piece) not in taken]
            band = below
    yield band


def _row(grid: _Grid, band: Sequence[Piece], columns: Sequence[tuple[float, float]]) -> Piece:
    cells: list[list[Piece]] = [[] for _ in columns]
    for piece in band:
        cells[_place(piece, columns)].append(piece)
    made = tuple(joined([joined(row) for row in rows(cell)], "\n") for cell in cells if cell)
    first = min(band, key=lambda piece: piece.baseline)
    return replace(joined(made), left=grid.left, right=grid.right, baseline=first.baseline, cells=made)


def _columns(bands: Sequence[Sequence[Piece]]) -> list[tuple[float, float]]:
    """Give the columns of those rows that have most of them; cells of others may span several."""
    by_band = [_parted(band) for band in bands]
    most = max(map(len, by_band), default=0)
    return _parted([piece for band, parts in zip(bands, by_band, strict=True) if len(parts) == most for piece in band])


def _parted(pieces: Sequence[Piece]) -> list[tuple[float, float]]:
    """Give the stretches from left to right that strips of white part."""
    parts: list[tuple[float, float]] = []
    for piece in sorted(pieces, key=lambda piece: piece.left):
        if parts and piece.left - parts[-1][1] < NARROWEST_GAP * piece.size:
            parts[-1] = (parts[-1][0], max(parts[-1][1], piece.right))
        else:
            parts.append((piece.left, piece.right))
    return parts


def _place(piece: Piece, columns: Sequence[tuple[float, float]]) -> int:
    """Give the column that a piece lies in; one that spans several begins in its own."""
    overlaps = [min(piece.right, right) - max(piece.left, left) for left, right in columns]
    begun = [place for place, overlap in enumerate(overlaps) if overlap > 0]
    if len(begun) > 1 and piece.right - piece.left > columns[begun[0]][1] - columns[begun[0]][0]:
        return begun[0]
    return max(range(len(columns)), key=lambda place: overlaps[place])
