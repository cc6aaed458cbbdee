"""Tables: those that hold data have a line for each row."""

from lxml.etree import _Element as Element

from qa_bot.reading.structure.nodes import Step, flat_text, is_unseen, steps, tag_of

CELL_SEPARATOR = " | "
# A cell with more than this is a column of a page, not of a table.
LONGEST_CELL = 400


def rows_of(table: Element) -> list[list[str]] | None:
    """Give the words of each cell, row by row; nothing where the table only places things on a page."""
    if table.get("role") in {"presentation", "none"}:
        return None
    rows = [[flat_text(cell) for cell in _cells(row)] for row in _rows(table)]
    cells = [cell for row in rows for cell in row]
    if max(map(len, rows), default=0) < 2 or max(map(len, cells)) > LONGEST_CELL:  # noqa: PLR2004
        return None
    return rows


def lines_of(rows: list[list[str]]) -> list[str]:
    """Write each row as a line; empty cells keep their place, unless the whole row is empty."""
    return [CELL_SEPARATOR.join(row).strip() for row in rows if any(row)]


def _rows(table: Element) -> list[Element]:
    return [node for step, node in steps(table) if step is Step.ENTER and tag_of(node) == "tr"]


def _cells(row: Element) -> list[Element]:
    return [cell for cell in row if tag_of(cell) in {"td", "th"} and not is_unseen(cell)]
