"""The text of a web page becomes a tree, whatever is in it: nothing is loaded, no entity is expanded, no script is run."""

import re

from lxml import etree, html
from lxml.html import HtmlElement

from qa_bot.errors import ReadError
from qa_bot.reading.xml_trees import DEPTH, UNBROKEN, fit_for_xml

# Tags inside angle brackets that never nest deeply by themselves; all others are levelled where a page is nested too deep.
TAG = re.compile(r"<(/?)([A-Za-z][\w:-]*)([^<>]*)>")
NESTED = "is nested too deeply: copy its text into a file of its own, or remove it"
KEPT = frozenset({"html", "head", "body", "title", "meta", "link", "script", "style", "br"})
INLINE = frozenset(
    {"a", "abbr", "b", "big", "code", "em", "font", "i", "s", "small", "span", "strike", "strong", "sub", "sup", "u"}
)


def parse(text: str) -> HtmlElement:
    """Parse a page, which may be no more than a fragment or nothing at all, into a tree that begins with ``html``.

    Raises:
        ReadError: the parser stops before its end.

    """
    # The parser would end the text at the first NUL.
    text = fit_for_xml(text)
    root, limit = _parse(text)
    if limit is not None:
        root, limit = _parse(TAG.sub(_level, text))
    if limit is not None:
        # What stands before that is no page that anybody wrote.
        raise ReadError(NESTED if limit.startswith(DEPTH) else UNBROKEN)
    return root


def _parse(text: str) -> tuple[HtmlElement, str | None]:
    """Parse a page as far as the limits of the parser let it; says which of them stopped it."""
    # Comments would split paragraphs, for trafilatura.
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    raw = text.encode("utf-8", errors="replace")
    try:
        root = html.document_fromstring(raw, parser=parser)
    except etree.ParserError:
        root = html.document_fromstring(b"<html></html>")
    limits = (error.message for error in parser.error_log if error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT)
    return root, next(limits, None)


def _level(tag: re.Match[str]) -> str:
    """Put a paragraph, which does not nest, in the place of an element that may."""
    name = tag[2].lower()
    if name in KEPT:
        return tag[0]
    return "" if name in INLINE else "<p>"
