"""Plain text: blocks between blank lines.

Two habits of writing are told apart. In *wrapped* text (e-mail, minutes, old text files) a line end is only where the
margin was, so a block is one paragraph. In *unwrapped* text a long line is a paragraph by itself, blank line or not,
while short lines in a row (a list, an address, a poem) belong together and each stands for itself.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace

from qa_bot.reading.decoding import decode
from qa_bot.reading.extract import Extract
from qa_bot.reading.titles import looks_like_title
from qa_bot.records import Block, Role

# Wrapped text keeps to a margin: 72 to 80 columns by custom, rarely more than this.
WIDEST_MARGIN = 100
# A few lines may overrun the margin (addresses of web pages), so the width is taken at this share of the lines.
WIDTH_QUANTILE = 0.95
# In unwrapped text a line longer than this is prose, not an item of a list.
PROSE_LINE = 80
# A wrapped line ends where the next word would not have fitted; ragged margins get this much grace.
GRACE = 12

LINE = re.compile(r"[^\n]*\n|[^\n]+")
# "Chapter 2", "2. Terms", "IV) Terms", "2.1 Terms", "2  Terms"; but neither "2 people came" nor "1.2 million people".
NUMBERED = re.compile(
    r"(?i:chapter|section|part|article|§)\s*(?:\d{1,3}(?:\.\d{1,3})*|[IVXLC]{1,6})[.):]?(?=\s|$)"
    r"|(?:\d{1,3}(?:\.\d{1,3})*|[IVXLC]{1,6})[.):]\s+\S"
    r"|\d{1,3}(?:\.\d{1,3})+\s+[^\W\d_a-z]"
    r"|\d{1,3}(?:\.\d{1,3})*(?:\s\s|\t)\s*\S"
)
LONGEST_HEADING = 80
LIST_ITEM = re.compile(r"\s*(?:[-*+•‣–—]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)])\s+\S")


def read_plain(raw: bytes) -> Extract:
    """Read the bytes of a plain text. Raises `ReadError`."""
    decoded = decode(raw)
    return Extract(decoded.text, plain_blocks(decoded.text), warnings=decoded.warnings)


def plain_blocks(text: str) -> tuple[Block, ...]:
    """Cut a plain text into blocks; every non-blank character is in exactly one."""
    groups = list(_line_groups(text))
    width = _width([end - start for group in groups for start, end in group])
    blocks = [block for group in groups for block in _blocks_of_group(text, group, width)]
    return tuple(_with_headings(text, _with_title(text, blocks)))


def _line_groups(text: str) -> Iterator[list[tuple[int, int]]]:
    """Yield the ``(start, end)`` of the lines between blank lines."""
    for blank, lines in itertools.groupby(LINE.finditer(text), key=lambda match: not match.group().strip()):
        if not blank:
            yield [_trim(text, *match.span()) for match in lines]


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    stretch = text[start:end]
    return start + len(stretch) - len(stretch.lstrip()), end - len(stretch) + len(stretch.rstrip())


def _width(lengths: list[int]) -> int:
    ordered = sorted(lengths)
    return ordered[int(WIDTH_QUANTILE * (len(ordered) - 1))] if ordered else 0


def _blocks_of_group(text: str, lines: list[tuple[int, int]], width: int) -> Iterator[Block]:
    if width <= WIDEST_MARGIN:
        yield Block(lines[0][0], lines[-1][1], lines=not _is_wrapped(text, lines, width))
        return
    for prose, run in itertools.groupby(lines, key=lambda line: line[1] - line[0] > PROSE_LINE):
        run_lines = list(run)
        if prose:
            yield from (Block(start, end) for start, end in run_lines)
        else:
            yield Block(run_lines[0][0], run_lines[-1][1], lines=True)


def _is_wrapped(text: str, lines: list[tuple[int, int]], width: int) -> bool:
    """Whether most line ends of the block stand where the margin forced them."""
    if len(lines) == 1 or any(LIST_ITEM.match(text, start, end) for start, end in lines[1:]):
        return len(lines) == 1
    forced = sum(
        end - start + 1 + len(text[following:following_end].split(maxsplit=1)[0]) > width - GRACE
        for (start, end), (following, following_end) in itertools.pairwise(lines)
    )
    return 2 * forced > len(lines) - 1


def _with_title(text: str, blocks: list[Block]) -> list[Block]:
    """Mark the first block as the title where it reads like one and something follows it."""
    if len(blocks) > 1:
        first = blocks[0]
        if "\n" not in text[first.start : first.end] and looks_like_title(text[first.start : first.end]):
            blocks = [Block(first.start, first.end, Role.TITLE), *blocks[1:]]
    return blocks


def _with_headings(text: str, blocks: list[Block]) -> Iterator[Block]:
    """Mark numbered lines and lines in capitals as headings where text follows them, and note them with that text."""
    heading: str | None = None
    for block, following in itertools.zip_longest(blocks, blocks[1:]):
        if block.role is None and following and _is_heading(text, block) and not _is_heading(text, following):
            heading = text[block.start : block.end]
            yield replace(block, role=Role.HEADING)
        else:
            yield block if block.role else replace(block, heading=heading)


def _is_heading(text: str, block: Block) -> bool:
    line = text[block.start : block.end]
    short = "\n" not in line and len(line) <= LONGEST_HEADING and looks_like_title(line)
    return short and bool(NUMBERED.match(line) or line.isupper())
