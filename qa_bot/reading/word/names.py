"""Names in the XML of Word documents."""

import re

from lxml import etree
from lxml.etree import _Element as Element

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
VML = "urn:schemas-microsoft-com:vml"
# What the strict form of the standard calls the same.
STRICT = ((b"http://purl.oclc.org/ooxml/wordprocessingml/main", WORD.encode()),
          (b"http://purl.oclc.org/ooxml/officeDocument/math", MATH.encode()))  # fmt: skip

NUMBER = re.compile(r"-?\d{1,6}")


def w(name: str) -> str:
    """Give the full name of an element or attribute of Word's own."""
    return f"{{{WORD}}}{name}"


def child(element: Element | None, name: str) -> Element | None:
    """Give the first child of a name."""
    return None if element is None else element.find(w(name))


def value(element: Element | None) -> str:
    """Give the value of an element that has one."""
    return "" if element is None else element.get(w("val"), "")


def number(text: str, otherwise: int = 0) -> int:
    """Read a number."""
    return int(text) if NUMBER.fullmatch(text) else otherwise


def is_on(element: Element | None) -> bool:
    """Whether a switch is there and not turned off."""
    return element is not None and value(element) not in {"0", "false", "off", "none"}


def make(name: str, **attributes: str) -> Element:
    """Make an element of Word's own."""
    return etree.Element(w(name), {w(key): text for key, text in attributes.items()})
