"""Markdown: blocks as a CommonMark parser sees them, by their lines; the text itself stays as it was written."""

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from qa_bot.reading.decoding import decode
from qa_bot.reading.extract import Extract
from qa_bot.reading.front_matter import front_matter_of
from qa_bot.reading.titles import clean_title
from qa_bot.records import Block, Role

HEADING_SEPARATOR = " › "
# List items longer than this are prose: each becomes a paragraph of its own.
LONG_ITEM = 160

PARSER = MarkdownIt("commonmark").enable("table")


@dataclass
class _Lines:
    """The lines of a text as offsets."""

    text: str
    starts: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.starts = [0, *(match.end() for match in re.finditer(r"\n", self.text)), len(self.text)]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Offsets of lines ``first`` up to, not including, ``last``, without blanks around them."""
        start, end = self.starts[first], self.starts[min(last, len(self.starts) - 1)]
        stretch = self.text[start:end]
        return start + len(stretch) - len(stretch.lstrip()), end - len(stretch) + len(stretch.rstrip())


def read_markdown(raw: bytes) -> Extract:
    """Read the bytes of a Markdown text. Raises `ReadError`."""
    decoded = decode(raw)
    front_matter = front_matter_of(decoded.text)
    return Extract(
        decoded.text,
        _blocks_below(decoded.text, front_matter.end),
        title=front_matter.title,
        author=front_matter.author,
        source=front_matter.source,
        date=front_matter.date,
        language=front_matter.language,
        warnings=decoded.warnings + front_matter.warnings,
    )


def markdown_blocks(text: str) -> tuple[Block, ...]:
    """Cut a Markdown text into blocks; every non-blank character is in exactly one."""
    return _blocks_below(text, front_matter_of(text).end)


def _blocks_below(text: str, skipped: int) -> tuple[Block, ...]:
    masked = "\n" * text.count("\n", 0, skipped) + text[skipped:]
    tokens = PARSER.parse(masked)
    blocks = list(join_lists(text, _blocks(_Lines(text), tokens)))
    return tuple(_fill_gaps(text, [block for block in blocks if block.start < block.end]))


def _blocks(lines: _Lines, tokens: Sequence[Token]) -> Iterator[Block]:
    headings: list[tuple[int, str]] = []
    titled = False
    for index, token in enumerate(tokens):
        if token.level or token.map is None:
            continue
        start, end = lines.span(*token.map)
        if token.type == "heading_open":
            depth = int(token.tag[1:])
            titled_here = depth == 1 and not titled and not headings
            headings = [] if titled_here else [h for h in headings if h[0] < depth]
            if not titled_here:
                headings.append((depth, clean_title(lines.text[start:end])))
            titled = titled or titled_here
            yield Block(start, end, Role.TITLE if titled_here else Role.HEADING, _path(headings[:-1]))
        elif token.type == "hr" or (token.type == "html_block" and token.content.startswith("<!--")):
            yield Block(start, end, Role.FURNITURE)
        else:
            yield from _content(lines, tokens, index, _path(headings))


def _path(headings: Sequence[tuple[int, str]]) -> str | None:
    return HEADING_SEPARATOR.join(text for _, text in headings) or None


def _content(lines: _Lines, tokens: Sequence[Token], index: int, heading: str | None) -> Iterator[Block]:
    token = tokens[index]
    assert token.map is not None
    whole = Block(*lines.span(*token.map), heading=heading, lines=token.type != "paragraph_open")
    if token.type not in {"bullet_list_open", "ordered_list_open"}:
        yield whole
        return
    items = [t.map for t in _items_of(tokens, index) if t.map]
    spans = [lines.span(*item) for item in items]
    if any(end - start > LONG_ITEM or "\n\n" in lines.text[start:end] for start, end in spans):
        yield from (Block(start, end, heading=heading) for start, end in spans)
    else:
        yield whole


def _items_of(tokens: Sequence[Token], index: int) -> Iterator[Token]:
    for token in itertools.takewhile(lambda t: t.level > tokens[index].level, tokens[index + 1 :]):
        if token.type == "list_item_open" and token.level == tokens[index].level + 1:
            yield token


def join_lists(text: str, blocks: Iterator[Block]) -> Iterator[Block]:
    """Join a paragraph that ends with a colon and the list, table or code it announces."""
    previous: Block | None = None
    for block in blocks:
        if previous and previous.role is None and block.lines and text[previous.end - 1] == ":":
            previous = replace(previous, end=block.end, lines=True)
            continue
        if previous:
            yield previous
        previous = block
    if previous:
        yield previous


def _fill_gaps(text: str, blocks: Sequence[Block]) -> Iterator[Block]:
    """Give what the parser keeps silent about (front matter, link definitions) to furniture blocks."""
    edges = [(0, 0), *((block.start, block.end) for block in blocks), (len(text), len(text))]
    gaps = [
        Block(before[1] + match.start(), before[1] + match.end(), Role.FURNITURE)
        for before, after in itertools.pairwise(edges)
        if (match := re.search(r"\S(?:.*\S)?", text[before[1] : after[0]], re.DOTALL))
    ]
    merged = list(blocks)
    for gap in gaps:
        merged.insert(bisect_left([block.start for block in merged], gap.start), gap)
    return iter(merged)
