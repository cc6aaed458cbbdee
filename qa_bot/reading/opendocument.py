"""OpenDocument texts (.odt) become HTML, element by element, and HTML becomes text and blocks.

OpenDocument's elements are nearly those of HTML, and what is in the way (deleted words, comments, headers and footers of
pages) is kept apart, so that no library is needed. odfdo, the best of those tried, shows hidden words and counts no lists
that go on; pandoc (155 MB) loses text boxes; odfpy has not been touched since 2020.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lxml import etree
from lxml.etree import _Element as Element

from qa_bot.errors import ReadError
from qa_bot.reading.archives import PASSWORD, Archive
from qa_bot.reading.extract import Extract
from qa_bot.reading.office_properties import NESTED, Properties
from qa_bot.reading.opendocument_styles import Styles, attribute, name_of
from qa_bot.reading.structure import MARKER, blocks_of_html, line_of_formula
from qa_bot.reading.xml_trees import tree_of

KIND = "an OpenDocument text (.odt)"

# What is no text of the page, or is only shown in other places than where it stands.
UNSEEN = frozenset({
    "tracked-changes", "annotation", "annotation-end", "forms", "sequence-decls", "variable-decls", "user-field-decls",
    "script", "hidden-text", "hidden-paragraph", "ruby-text", "desc", "event-listeners", "meta-field-decls", "index-title-template",
})  # fmt: skip
INDEXES = frozenset({
    "table-of-content", "alphabetical-index", "illustration-index", "table-index", "object-index", "user-index",
})  # fmt: skip
DEEPEST_HEADING = 6
MOST_SPACES = 1_000


def read_opendocument(raw: bytes) -> Extract:
    """Read the bytes of an OpenDocument text. Raises `ReadError`."""
    archive = Archive(raw, KIND)
    if "encrypted-package" in archive or b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise ReadError(PASSWORD)
    content = tree_of(archive.read("content.xml"), "content.xml") if "content.xml" in archive else None
    text_element = None if content is None else content.find("{*}body/{*}text")
    if content is None or text_element is None:
        msg = "holds no OpenDocument text: open it and save it as .odt, or remove it"
        raise ReadError(msg)
    common = tree_of(archive.read("styles.xml"), "styles.xml") if "styles.xml" in archive else None
    page = _Page(Styles.of([root for root in (common, content) if root is not None]), archive)
    _count_notes(text_element)
    body = etree.Element("body")
    try:
        page.add_blocks(text_element, body)
    except RecursionError as exc:
        raise ReadError(NESTED) from exc
    text, blocks = blocks_of_html(body, titled=page.titled or len([*body.iter("h1")]) == 1)
    changed = text_element.find("{*}tracked-changes") is not None
    return Properties.of_meta(archive).extract(text, blocks, changed=changed)


@dataclass
class _Page:
    """HTML in the making."""

    styles: Styles
    archive: Archive
    titled: bool = False
    # The names of the list styles of the open lists.
    lists: list[str] = field(default_factory=list)

    def add_blocks(self, node: Element, into: Element) -> None:
        """Write what an element holds."""
        takes: dict[str, Callable[[Element, Element], None]] = {
            "p": self._add_paragraph,
            "h": self._add_paragraph,
            "list": self._add_list,
            "table": self._add_table,
        }
        for child in node:
            name = name_of(child)
            if name in takes:
                takes[name](child, into)
            elif name in INDEXES:
                self.add_blocks(child, etree.SubElement(into, "nav"))
            elif name and name not in UNSEEN:
                self.add_blocks(child, into)

    def _add_paragraph(self, node: Element, into: Element) -> None:
        style = attribute(node, "style-name")
        if self.styles.hides(style):
            return
        kind, label = self._kind(node, style), ""
        if name_of(node) == "h" and kind != "p":
            label = self.styles.outline.count(int(kind[1]) - 1) if attribute(node, "is-list-header") != "true" else ""
        made = etree.SubElement(into, kind)
        made.text = f"{label} " if label else None
        floats: list[Element] = []
        self._add_inline(node, made, floats)
        for floating in floats:
            self._add_float(floating, into)

    def _kind(self, node: Element, style: str) -> str:
        if name_of(node) == "h":
            level = attribute(node, "outline-level")
            return f"h{min(int(level), DEEPEST_HEADING)}" if level.isdecimal() and int(level) else "h1"
        kind = self.styles.kind(style)
        self.titled = self.titled or kind == "h1"
        return kind

    def _add_inline(self, node: Element, into: Element, floats: list[Element]) -> None:
        """Write what stands in a paragraph; what floats beside it comes behind it."""
        _add_text(into, node.text)
        for child in node:
            name = name_of(child)
            if name == "line-break":
                etree.SubElement(into, "br")
            elif name in {"s", "tab"}:
                count = attribute(child, "c")
                _add_text(into, " " * (min(int(count), MOST_SPACES) if count.isdecimal() else 1))
            elif name == "note":
                _add_text(into, _citation(child))
                floats.append(child)
            elif name == "frame" and (formula := self._formula(child)):
                _add_text(into, formula)
            elif name in {"frame", "custom-shape", "g", "text-box", "control"}:
                floats.append(child)
            elif name and name not in UNSEEN and not self.styles.hides(attribute(child, "style-name")):
                raised = name == "span" and self.styles.raises(attribute(child, "style-name"))
                self._add_inline(child, etree.SubElement(into, "sup") if raised else into, floats)
            _add_text(into, child.tail)

    def _formula(self, frame: Element) -> str:
        """Give the formula that a frame shows, which is kept in a part of its own; it may show something else."""
        name = next(
            (attribute(node, "href").removeprefix("./").rstrip("/") for node in frame.iterfind("{*}object")), ""
        )
        path = f"{name}/content.xml"
        root = tree_of(self.archive.read(path), path) if name and path in self.archive else None
        return "" if root is None or name_of(root) != "math" else line_of_formula(root)

    def _add_float(self, node: Element, into: Element) -> None:
        """Write a note, or the text in a box."""
        made = etree.SubElement(into, "div")
        if name_of(node) == "note":
            made.text = f"{_citation(node)} "
            for paragraph in node.iterfind("{*}note-body/*"):
                self._add_inline(paragraph, etree.SubElement(made, "span"), [])
                etree.SubElement(made, "br")
        else:
            self.add_blocks(node, made)

    def _add_list(self, node: Element, into: Element) -> None:
        style = attribute(node, "style-name") or (self.lists[-1] if self.lists else "")
        depth = len(self.lists)
        numbers = self.styles.list_of(style)
        numbers.begin(
            depth,
            goes_on=depth > 0
            or "true" in attribute(node, "continue-numbering")
            or bool(attribute(node, "continue-list")),
        )
        made = etree.SubElement(into, "ul")
        self.lists.append(style)
        for item in node:
            if name_of(item) not in {"list-item", "list-header"}:
                continue
            entry = etree.SubElement(made, "li")
            start = attribute(item, "start-value")
            # An item that holds a deeper list only shows no number of its own.
            if name_of(item) == "list-item" and len(item) and name_of(item[0]) != "list":
                label = numbers.count(depth, int(start) if start.isdecimal() else None)
                entry.set(MARKER, label or "-")
            self.add_blocks(item, entry)
        self.lists.pop()

    def _add_table(self, node: Element, into: Element) -> None:
        made = etree.SubElement(into, "table")
        lists, self.lists = self.lists, []
        for row in _rows(node):
            line = etree.SubElement(made, "tr")
            for cell in row:
                if name_of(cell) in {"table-cell", "covered-table-cell"}:
                    self.add_blocks(cell, etree.SubElement(line, "td"))
        self.lists = lists


def _rows(table: Element) -> Iterator[Element]:
    """Yield the rows of a table, those of its groups included, but not those of tables inside it."""
    for child in table:
        if name_of(child) == "table-row":
            yield child
        elif name_of(child) in {"table-header-rows", "table-rows", "table-row-group"}:
            yield from _rows(child)


def _count_notes(text: Element) -> None:
    """Count the notes of files that were converted without being laid out on pages: each says that it is note 0."""
    counts: Counter[str] = Counter()
    for note in text.iter("{*}note"):
        kind = attribute(note, "note-class")
        counts[kind] += 1
        for citation in note.iterfind("{*}note-citation"):
            if citation.text == "0" and not attribute(citation, "label"):
                citation.text = str(counts[kind])


def _citation(note: Element) -> str:
    return "".join(f"[{''.join(node.itertext())}]" for node in note.iterfind("{*}note-citation"))


def _add_text(into: Element, text: str | None) -> None:
    if not text:
        return
    if len(into):
        into[-1].tail = (into[-1].tail or "") + text
    else:
        into.text = (into.text or "") + text
