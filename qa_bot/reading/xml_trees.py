"""XML becomes a tree: without network, without other files, and without entities, by which few bytes become many."""

import re

from lxml import etree
from lxml.etree import _Element as Element

from qa_bot.errors import ReadError

# How the parser's messages begin where elements are nested too deeply for it, and where entities would grow.
DEPTH, GROWTH = "Excessive depth", "Maximum entity amplification"
ENTITIES = "declares entities ({!r}), which may stand for any text: remove it, or save it again"
UNBROKEN = "holds more than ten million characters in one piece: split it, or remove it"
UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")


def tree_of(raw: bytes, part: str) -> Element:
    """Read the XML of one part of a document.

    Raises:
        ReadError: it is none, it is nested too deeply, or it declares entities, which no program for writing does.

    """
    # A parser keeps what it has read alive, so each tree has its own.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as exc:
        raise ReadError(_reason(exc, part[:100])) from exc
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        raise ReadError(ENTITIES.format(part[:100]))
    return root


def _reason(exc: Exception, part: str) -> str:
    said = " ".join((exc.msg if isinstance(exc, etree.XMLSyntaxError) else str(exc)).split())
    if said.startswith(GROWTH):
        return ENTITIES.format(part)
    if said.startswith(DEPTH):
        return f"is nested too deeply ({part!r}): save it as another format, or remove it"
    if isinstance(exc, etree.XMLSyntaxError) and exc.code == etree.ErrorTypes.ERR_RESOURCE_LIMIT:
        return UNBROKEN
    return f"is damaged ({part!r}: {said[:200]}): save it again, or remove it"


def fit_for_xml(text: str) -> str:
    """Leave out what no tree of XML can hold, though trees of HTML can."""
    return UNFIT.sub("", text)
