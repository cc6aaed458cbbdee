"""The text of a web page becomes a tree, whatever is in it: nothing is loaded, no entity is expanded, no script is run."""

import re

from lxml import etree, html
from lxml.html import HtmlElement

from qa_bot.errors import ReadError

# No XML holds them, and the parser would end the text at the first NUL.
NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# Tags inside angle brackets that never nest deeply by themselves; all others are levelled where a page is nested too deep.
TAG = re.compile(r"<(/?)([A-Za-z][\w:-]*)([^<>]*)>")
KEPT = frozenset({"html", "head", "body", "title", "meta", "link", "script", "style", "br"})
INLINE = frozenset(
    {"a", "abbr", "b", "big", "code", "em", "font", "i", "s", "small", "span", "strike", "strong", "sub", "sup", "u"}
)


def parse(text: str) -> HtmlElement:
    """Parse a page, which may be no more than a fragment, into a tree that begins with ``html``.

    Raises:
        ReadError: there is nothing in it.

    """
    text = NO_XML.sub("", text)
    root, is_whole = _parse(text)
    if not is_whole:
        root, _ = _parse(TAG.sub(_level, text))
    if root is None:
        msg = "is empty: put text into it, or remove it"
        raise ReadError(msg)
    return root


def _parse(text: str) -> tuple[HtmlElement | None, bool]:
    # Comments would split paragraphs, for trafilatura.
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(text.encode("utf-8", errors="replace"), parser=parser)
    except etree.ParserError:
        return None, True
    stopped = any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log)
    return root, not stopped


def _level(tag: re.Match[str]) -> str:
    """Put a paragraph, which does not nest, in the place of an element that may."""
    name = tag[2].lower()
    if name in KEPT:
        return tag[0]
    return "" if name in INLINE else "<p>"
