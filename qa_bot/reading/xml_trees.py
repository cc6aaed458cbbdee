"""XML becomes a tree: without network, without other files, and without entities, by which few bytes become many."""

import re

from lxml import etree
from lxml.etree import _Element as Element

from qa_bot.errors import ReadError

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
        msg = f"is damaged ({part[:100]!r}: {' '.join(str(exc).split())[:200]}): save it again, or remove it"
        raise ReadError(msg) from exc
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        msg = f"declares entities ({part[:100]!r}), which may stand for any text: remove it, or save it again"
        raise ReadError(msg)
    return root


def fit_for_xml(text: str) -> str:
    """Leave out what no tree of XML can hold, though trees of HTML can."""
    return UNFIT.sub("", text)
