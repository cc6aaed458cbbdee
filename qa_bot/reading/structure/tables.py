"""Tables: those that hold data have a line for each row."""

import re

from lxml.etree import _Element as Element

from qa_bot.reading.structure.nodes import Step, flat_text, is_unseen, steps, tag_of

CELL_SEPARATOR = " | "
# A cell with more than this is a column of a page, not of a table.
LONGEST_CELL = 400
SPAN = re.compile(r"[1-9]\d{0,5}")
MOST_SPANNED = 100


def rows_of(table: Element) -> list[list[str]] | None:
    """Give the words of each cell, row by row; nothing where the table only places things on a page."""
    if table.get("role") in {"presentation", "none"}:
        return None
    rows = _placed([_cells(row) for row in _rows(table)])
    cells = [cell for row in rows for cell in row]
    if max(map(len, rows), default=0) < 2 or max(map(len, cells)) > LONGEST_CELL:  # noqa: PLR2004
        return None
    return rows


def lines_of(rows: list[list[str]]) -> list[str]:
    """Write each row as a line; empty cells keep their place, unless the whole row is empty."""
    return [CELL_SEPARATOR.join(row).strip() for row in rows if any(row)]


def _placed(rows: list[list[Element]]) -> list[list[str]]:
    """Give the words of cells; those that reach down from rows above keep their place with nothing in it."""
    reaching: dict[int, int] = {}
    found = []
    for cells in rows:
        placed: list[str] = []
        column = 0
        for cell in cells:
            while reaching.get(column):
                placed.append("")
                reaching[column] -= 1
                column += 1
            placed.append(flat_text(cell))
            for place in range(column, column + _span(cell, "colspan")):
                reaching[place] = _span(cell, "rowspan") - 1
                column = place + 1
        for place in [place for place in reaching if place >= column and reaching[place]]:
            reaching[place] -= 1
        found.append(placed)
    return found


def _span(cell: Element, name: str) -> int:
    said = cell.get(name, "").strip()
    return min(int(said), MOST_SPANNED) if SPAN.fullmatch(said) else 1


def _rows(table: Element) -> list[Element]:
    return [node for step, node in steps(table) if step is Step.ENTER and tag_of(node) == "tr"]


def _cells(row: Element) -> list[Element]:
    return [cell for cell in row if tag_of(cell) in {"td", "th"} and not is_unseen(cell)]
