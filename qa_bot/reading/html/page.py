"""A web page becomes an extract: the text it is about, and what it says of itself."""

import re
from collections.abc import Sequence
from dataclasses import replace

from lxml.html import HtmlElement

from qa_bot.errors import ReadError
from qa_bot.reading.decoding import decode
from qa_bot.reading.extract import Extract
from qa_bot.reading.html.charset import declared_encoding
from qa_bot.reading.html.choosing import choose, choose_all
from qa_bot.reading.html.libraries import About, Opinions, about, is_huge, opinions_of
from qa_bot.reading.html.links import Piece, mark_links, pieces_of
from qa_bot.reading.html.parsing import parse
from qa_bot.reading.html.scope import is_article, role_of, scope_of
from qa_bot.reading.html.words import runs_of
from qa_bot.reading.markdown import HEADING_SEPARATOR
from qa_bot.reading.properties import language_code
from qa_bot.reading.structure import blocks_of_html, flat_text
from qa_bot.reading.titles import clean_title
from qa_bot.records import Block, Role

# A page that does not say so is read as a whole where less than this share of what is no link would be chosen.
SMALL_SHARE = 0.5
SEPARATOR = re.compile(r"(\s+[|–—·•»:-]\s+)")
# So short a text does not tell its language: then the page is believed, though pages often say that of their template.
SHORT_TEXT = 200


def read_html(raw: bytes) -> Extract:
    """Read the bytes of a web page. Raises `ReadError`."""
    decoded = decode(raw, declared=declared_encoding(raw))
    root = parse(decoded.text)
    page = About(root.findtext(".//title") or "") if is_huge(root) else about(root)
    title, text, blocks = _content(root, _without_site(page.title, root))
    if not text and root.find(".//script") is not None:
        msg = "shows text only after its scripts have run: save it from a browser once it has loaded, or remove it"
        raise ReadError(msg)
    return Extract(
        text,
        blocks,
        title=title,
        author=page.author,
        source=page.source,
        date=page.date,
        language=_language(root) if len(text) < SHORT_TEXT else None,
        warnings=decoded.warnings,
    )


def _content(root: HtmlElement, title: str) -> tuple[str, str, tuple[Block, ...]]:
    """Give title, text and blocks of what the page is about."""
    article = is_article(root) and not is_huge(root)
    scope = None if article else scope_of(root)
    opinions = Opinions("", "") if scope is not None or is_huge(root) else opinions_of(root)
    mark_links(root)
    body = root.find("body")
    text, pieces = pieces_of(*blocks_of_html(_first(scope, body, root), role_of=role_of))
    if scope is not None:
        heading = next((piece.text for piece in pieces if piece.block.role is Role.TITLE), title)
        return heading, *_only(text, pieces, choose_all(pieces, links=True))
    chosen = choose(pieces, kept=runs_of(opinions.kept), readable=runs_of(opinions.readable), title=title)
    everything = choose_all(pieces, links=False)
    if not chosen or (not article and _words(pieces, chosen) < SMALL_SHARE * _words(pieces, everything)):
        chosen = everything or choose_all(pieces, links=True)
    return title, *_only(text, pieces, chosen)


def _without_site(title: str, root: HtmlElement) -> str:
    """Take off a title what its page's heading does not have: the name of the site, or of a part of it."""
    title = clean_title(title)
    headings = {flat_text(heading) for heading in root.iter("h1")}
    parts = SEPARATOR.split(title)
    names = (
        "".join(parts[first:last]) for first in range(0, len(parts), 2) for last in range(first + 1, len(parts) + 1, 2)
    )
    return next((name for name in names if name in headings), title)


def _first(*elements: HtmlElement | None) -> HtmlElement:
    return next(element for element in elements if element is not None)


def _words(pieces: Sequence[Piece], numbers: Sequence[int]) -> int:
    return sum(pieces[number].words for number in numbers)


def _only(text: str, pieces: Sequence[Piece], chosen: Sequence[int]) -> tuple[str, tuple[Block, ...]]:
    """Write a text anew with these blocks only, each under those of its headings that are still there."""
    headings = {pieces[number].text for number in chosen if pieces[number].block.role is Role.HEADING}
    parts: list[str] = []
    blocks: list[Block] = []
    length, before = 0, -2
    for number in chosen:
        piece = pieces[number]
        near = number == before + 1 and text[pieces[before].block.end : piece.block.start].count("\n") == 1
        separator = ("\n" if near else "\n\n") if parts else ""
        start = length + len(separator)
        length, before = start + len(piece.text), number
        parts += [separator, piece.text]
        blocks.append(replace(piece.block, start=start, end=length, heading=_path(piece.block.heading, headings)))
    return "".join(parts), tuple(blocks)


def _path(path: str | None, headings: set[str]) -> str | None:
    kept = [heading for heading in (path or "").split(HEADING_SEPARATOR) if heading in headings]
    return HEADING_SEPARATOR.join(kept) or None


def _language(root: HtmlElement) -> str | None:
    return language_code(root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or "")
