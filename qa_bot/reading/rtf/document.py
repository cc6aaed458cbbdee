"""Rich Text becomes HTML paragraph by paragraph, and HTML becomes text and blocks."""

from lxml import etree
from lxml.etree import _Element as Element

from qa_bot.errors import ReadError
from qa_bot.reading.extract import Extract
from qa_bot.reading.office_properties import Properties
from qa_bot.reading.rtf.parser import Parser
from qa_bot.reading.rtf.parts import Paragraph
from qa_bot.reading.structure import MARKER, blocks_of_html

START = b"{\\rtf"
ROW_CELLS = 2


def read_rtf(raw: bytes) -> Extract:
    """Read the bytes of a Rich Text. Raises `ReadError`."""
    if not raw.lstrip().startswith(START):
        msg = "is no Rich Text (.rtf): open it and save it as one, or remove it"
        raise ReadError(msg)
    parser = Parser(raw.decode("latin-1"))
    parser.parse()
    body = etree.Element("body")
    for paragraph in parser.paragraphs:
        _add(body, paragraph)
    text, blocks = blocks_of_html(body, titled=parser.titled or len([*body.iter("h1")]) == 1)
    days = (parser.days.get(name, "") for name in ("revtim", "creatim"))
    properties = Properties.of(parser.said.get("title", ""), parser.said.get("author", ""), days)
    return properties.extract(text, blocks, changed=parser.changed)


def _add(body: Element, paragraph: Paragraph) -> None:
    """Add a paragraph; items of lists and rows of tables go to those before them."""
    if paragraph.cells is not None:
        row = etree.SubElement(_last(body, "table"), "tr")
        for cell in paragraph.cells:
            _write(etree.SubElement(row, "td"), cell)
    elif paragraph.marker is not None:
        item = etree.SubElement(_list_at(body, paragraph.level), "li")
        item.set(MARKER, paragraph.marker)
        _write(item, paragraph.text)
    elif paragraph.kind:
        _write(etree.SubElement(_last(body, paragraph.kind), "p"), paragraph.text)
    else:
        _write(etree.SubElement(body, f"h{paragraph.depth}" if paragraph.depth else "p"), paragraph.text)


def _list_at(body: Element, level: int) -> Element:
    """Give the list of a level: inside the last item of the one above it, if there is any."""
    found = _last(body, "ul")
    for _ in range(level):
        if not len(found):
            break
        found = _last(found[-1], "ul")
    return found


def _last(body: Element, tag: str) -> Element:
    return body[-1] if len(body) and body[-1].tag == tag else etree.SubElement(body, tag)


def _write(element: Element, text: str) -> None:
    first, *rest = text.split("\n")
    element.text = first
    for line in rest:
        etree.SubElement(element, "br").tail = line
