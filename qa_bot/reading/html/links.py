"""How much of a paragraph is links: they are marked in the tree, and the marks are taken out of the text again."""

import re
from bisect import bisect_left
from dataclasses import dataclass, replace

from lxml import etree
from lxml.html import HtmlElement

from qa_bot.reading.html.words import words_of
from qa_bot.records import Block

# Noncharacters, which no text holds.
OPEN, CLOSE = "\ufdd0", "\ufdd1"
MARKS = re.compile(f"[{OPEN}{CLOSE}]")
LINK = re.compile(f"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}")


@dataclass(frozen=True, slots=True)
class Piece:
    """A block with its words, their number, and the share of them that are links to other pages."""

    block: Block
    text: str
    words: int
    linked: float


def mark_links(root: HtmlElement) -> None:
    """Put a mark before and behind each text in a link to another place than this page."""
    for link in root.iter("a"):
        if (link.get("href") or "#").startswith("#"):
            continue
        for node in link.iter(etree.Element):
            node.text = _marked(node.text)
            if node is not link:
                node.tail = _marked(node.tail)


def _marked(text: str | None) -> str | None:
    return f"{OPEN}{text}{CLOSE}" if text and not text.isspace() else text


def pieces_of(text: str, blocks: tuple[Block, ...]) -> tuple[str, list[Piece]]:
    """Take the marks out of a text; give the blocks where they are then."""
    marks = [match.start() for match in MARKS.finditer(text)]
    clean = MARKS.sub("", text)
    pieces = []
    for block in blocks:
        start, end = (at - bisect_left(marks, at) for at in (block.start, block.end))
        words = clean[start:end]
        start, end = start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())
        if start < end:
            marked = text[block.start : block.end]
            heading = MARKS.sub("", block.heading) if block.heading else None
            count = len(words_of(words))
            linked = sum(len(words_of(link)) for link in LINK.findall(marked)) / max(count, 1)
            pieces.append(Piece(replace(block, start=start, end=end, heading=heading), clean[start:end], count, linked))
    return clean, pieces
