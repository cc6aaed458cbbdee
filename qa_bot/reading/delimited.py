"""CSV and TSV: questions with their answers, or rows that each say what their columns hold.

The delimiter is the one by which most rows have as many cells as the first. csv.Sniffer and clevercsv find the same one in
tables of questions, but csv.Sniffer took 17 s for 0.8 MB of long answers, and clevercsv is one more compiled package.
"""

import csv
import io
import itertools
import re

from qa_bot.errors import ReadError
from qa_bot.reading.decoding import decode
from qa_bot.reading.extract import Extract
from qa_bot.reading.faq import NEEDED, Entry, clean, extract_of, named, warning_of
from qa_bot.reading.structure.writer import Writer

DELIMITERS = (",", ";", "\t", "|")
# Enough rows to tell the delimiter by.
SAMPLE = 200
# Two columns without names, of which the first asks, are questions and their answers.
PAIR = 2
# What Excel writes above a table to say how it is delimited.
SEPARATOR_LINE = "sep="

# No column is called so.
NUMBER = re.compile(r"[\d.,:/%+-]+")

# A row of the table, and the line it ends in.
Row = tuple[int, list[str]]


def read_delimited(raw: bytes) -> Extract:
    """Read the bytes of a table. Raises `ReadError`."""
    decoded = decode(raw)
    first, _, rest = decoded.text.partition("\n")
    said = first[len(SEPARATOR_LINE) :].strip(" \r") if first.lower().startswith(SEPARATOR_LINE) else ""
    text = f"\n{rest}" if said else decoded.text
    rows = _rows(text, said[:1] or _delimiter(text))
    if not rows:
        return Extract("", ())
    header, body = rows[0][1], rows[1:]
    columns = named(header)
    if not columns and len(header) == PAIR and header[0].rstrip().endswith("?"):
        columns, body = {"question": 0, "answer": 1}, rows
    if {"question", "answer"} <= columns.keys():
        entries = [
            Entry(line, {name: cells[at] for name, at in columns.items() if at < len(cells)}) for line, cells in body
        ]
        return extract_of(entries, decoded.warnings)
    return _extract_of_rows(header, body, decoded.warnings)


def _delimiter(text: str) -> str:
    return max(DELIMITERS, key=lambda delimiter: _agreement(text, delimiter))


def _agreement(text: str, delimiter: str) -> float:
    """Tell how many of the first rows have as many cells as the first one, and more than one."""
    try:
        rows = list(itertools.islice(filter(None, csv.reader(io.StringIO(text), delimiter=delimiter)), SAMPLE))
    except csv.Error:
        return 0.0
    width = len(rows[0]) if rows else 0
    return sum(len(row) == width for row in rows) / len(rows) if width > 1 else 0.0


def _rows(text: str, delimiter: str) -> list[Row]:
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        return [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as exc:
        msg = f"is no table that can be read (near line {reader.line_num}: {exc}): look for a quotation mark that is not closed"
        raise ReadError(msg) from exc


def _extract_of_rows(header: list[str], body: list[Row], warnings: tuple[str, ...]) -> Extract:
    """Write each row as a paragraph that names its columns, so that it can be understood alone."""
    names = [_one_line(name) for name in header]
    if not body or not all(names) or len({*names}) < max(len(names), 2) or any(map(NUMBER.fullmatch, names)):
        msg = f"has no names of columns: put a row with them at the top, {NEEDED} for questions with their answers"
        raise ReadError(msg)
    writer = Writer(titled=False)
    for _, cells in body:
        said = zip(names, map(_one_line, cells), strict=False)
        writer.write("\n".join(f"{name}: {value}" for name, value in said if value), lines=True)
    longer = [line for line, cells in body if any(cells[len(names) :])]
    warned = warning_of(longer, "with more cells than there are columns, cut")
    return Extract(writer.text, tuple(writer.blocks), warnings=warnings + warned)


def _one_line(cell: str) -> str:
    return " ".join(clean(cell).split())
