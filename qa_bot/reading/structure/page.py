"""A tree of HTML becomes text and blocks."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from textwrap import dedent

from lxml.etree import _Element as Element

from qa_bot.reading.markdown import LONG_ITEM, join_lists
from qa_bot.reading.numerals import letters, roman
from qa_bot.reading.structure.formulas import line_of_formula
from qa_bot.reading.structure.nodes import (
    BLOCKS,
    HEADINGS,
    Step,
    flat_text,
    is_unseen,
    layouts,
    spaced,
    steps,
    tag_of,
    text_before,
)
from qa_bot.reading.structure.tables import lines_of, rows_of
from qa_bot.reading.structure.writer import Writer
from qa_bot.reading.xml_trees import fit_for_xml
from qa_bot.records import Block, Role

# Elements that are taken as a whole.
WHOLE = frozenset({"pre", "br", "hr"})
LISTS = frozenset({"ul", "ol", "menu", "dir", "dl"})
ROLES = {"nav": Role.FURNITURE, "caption": Role.CAPTION, "figcaption": Role.CAPTION}
# A summary heads what it shows and hides; it stands below every heading.
SUMMARY_DEPTH = 7
# Formats that know what stands before an item say it by this attribute.
MARKER = "qa-bot-marker"
START = re.compile(r"\s*-?\d{1,6}\s*")
LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:[^;]*?\b((?:lower|upper)-(?:alpha|latin|roman))\b")
FORMS: Mapping[str, Callable[[int], str]] = {
    **dict.fromkeys(("a", "lower-alpha", "lower-latin"), letters),
    **dict.fromkeys(("A", "upper-alpha", "upper-latin"), lambda number: letters(number).upper()),
    **dict.fromkeys(("i", "lower-roman"), roman),
    **dict.fromkeys(("I", "upper-roman"), lambda number: roman(number).upper()),
}
PARAGRAPH_BREAK = re.compile(r"\n{2,}")
LINE_BREAK = re.compile(r" *\n *")

RoleOf = Callable[[Element], Role | None]


def role_of_tag(element: Element) -> Role | None:
    """Give the role that an element's name says its text has."""
    return ROLES.get(tag_of(element))


def blocks_of_html(
    root: Element, *, titled: bool = True, role_of: RoleOf = role_of_tag
) -> tuple[str, tuple[Block, ...]]:
    """Write the text that a tree shows, and cut it into blocks.

    Args:
        root: the element whose content is written; its tail is not.
        titled: whether a first-level heading before all others is the title of the whole.
        role_of: gives the role of all that an element holds, if it is known.

    Returns:
        The text and its blocks: in order, without overlap, and holding every non-blank character.

    """
    for formula in list(root.iter("{*}math")):
        _put_in_line(formula)
    page = _Page(Writer(titled=titled), role_of, layouts(root))
    for step, node in steps(root, page.passes):
        page.take(step, node)
        if step is not Step.ENTER and node is not root and node.tail:
            page.add(node.tail)
    page.flush()
    text = page.writer.text
    return text, tuple(join_lists(text, iter(page.writer.blocks)))


def _put_in_line(formula: Element) -> None:
    line = line_of_formula(formula)
    for child in list(formula):
        formula.remove(child)
    formula.text = fit_for_xml(line)


@dataclass
class _Page:
    """The place in the tree: what is open there, and what has not been written yet."""

    writer: Writer
    role_of: RoleOf
    layouts: set[Element]
    inline: list[str] = field(default_factory=list)
    roles: list[tuple[Element, Role]] = field(default_factory=list)
    # The open lists, each with its counter, and the lines of each item of the outermost one.
    lists: list[tuple[Element, int]] = field(default_factory=list)
    items: list[list[str]] = field(default_factory=list)
    item: str = ""
    marker: str = ""
    # Those of the table at hand, if it holds data.
    rows: list[list[str]] | None = None

    def passes(self, node: Element) -> bool:
        """Whether a node is taken as a whole."""
        return is_unseen(node) or tag_of(node) in WHOLE or self._is_data(node)

    def take(self, step: Step, node: Element) -> None:
        """Enter or leave a node, or pass it by."""
        tag = tag_of(node)
        if step is Step.PASS:
            self._pass(tag, node)
            return
        if tag in BLOCKS:
            self.flush(node if step is Step.LEAVE and tag in HEADINGS | {"summary"} else None)
        if step is Step.ENTER:
            self._enter(tag, node)
        else:
            self._leave(tag, node)

    def add(self, text: str) -> None:
        """Add text as it stands between tags."""
        self.inline.append(spaced(text))

    def flush(self, heading: Element | None = None) -> None:
        """End the paragraph, which may be a heading."""
        paragraphs, self.inline = _paragraphs("".join(self.inline)), []
        if self.lists:
            for line in "\n".join(paragraphs).split("\n") if paragraphs else ():
                self._add_line(line)
        elif heading is not None and self._role is None:
            depth = SUMMARY_DEPTH if tag_of(heading) == "summary" else int(tag_of(heading)[1])
            self.writer.write_heading(spaced(" ".join(paragraphs)), depth)
        else:
            for paragraph in paragraphs:
                self.writer.write(paragraph, self._role, lines="\n" in paragraph)

    @property
    def _role(self) -> Role | None:
        return self.roles[-1][1] if self.roles else None

    def _is_data(self, node: Element) -> bool:
        self.rows = rows_of(node) if tag_of(node) == "table" and node not in self.layouts else None
        return self.rows is not None

    def _pass(self, tag: str, node: Element) -> None:
        if is_unseen(node):
            return
        if tag == "br":
            self.inline.append("\n")
        else:
            self.flush()
            self._write_whole(tag, node)

    def _write_whole(self, tag: str, node: Element) -> None:
        if tag == "pre":
            self.writer.write_lines(dedent(flat_text(node, verbatim=True)).split("\n"), self._role)
        elif tag == "table":
            for caption in node.iterchildren("{*}caption"):
                self.writer.write(flat_text(caption), Role.CAPTION)
            self.writer.write_lines(lines_of(self.rows or []), self._role)

    def _enter(self, tag: str, node: Element) -> None:
        role = self.role_of(node)
        if role:
            self.roles.append((node, role))
        if tag in LISTS and node not in self.layouts:
            start = node.get("start", "")
            self.lists.append((node, int(start) - 1 if START.fullmatch(start) else 0))
        elif self.lists and tag in {"li", "dt", "dd"}:
            self._begin_item(tag, node)
        self.add(text_before(node))

    def _leave(self, tag: str, node: Element) -> None:
        if self.lists and self.lists[-1][0] is node:
            self.lists.pop()
            if not self.lists:
                self._write_items(apart=tag == "dl")
        if self.roles and self.roles[-1][0] is node:
            self.roles.pop()
        if tag == "details":
            self.writer.leave_headings(SUMMARY_DEPTH)

    def _begin_item(self, tag: str, node: Element) -> None:
        element, number = self.lists[-1]
        self.lists[-1] = (element, number + (tag == "li"))
        # Several terms in a row are defined together.
        if len(self.lists) == 1 and (tag == "li" or (tag == "dt" and self.item != "dt")):
            self.items.append([])
        self.item = tag
        if tag == "li":
            indent = "  " * (len(self.lists) - 1)
            usual = f"{_form_of(element)(number + 1)}." if tag_of(element) == "ol" else "-"
            marker = node.get(MARKER, usual)
            self.marker = f"{indent}{marker} " if marker else indent

    def _add_line(self, line: str) -> None:
        if not self.items:
            self.items.append([])
        self.items[-1].append(self.marker + line)
        self.marker = ""

    def _write_items(self, *, apart: bool) -> None:
        """Write the items of a list: one block each where they are prose or terms with what they mean."""
        items, self.items, self.marker = [item for item in self.items if item], [], ""
        if apart or any(len(line) > LONG_ITEM for item in items for line in item):
            for item in items:
                self.writer.write_lines(item, self._role)
        else:
            self.writer.write_lines([line for item in items for line in item], self._role)


def _form_of(numbered: Element) -> Callable[[int], str]:
    """Tell how a list writes its numbers."""
    said = LIST_STYLE.search(numbered.get("style", "").lower())
    return FORMS.get(said[1] if said else numbered.get("type", ""), str)


def _paragraphs(inline: str) -> list[str]:
    """Give what stands between tags that end paragraphs; two line breaks in a row end one too."""
    text = LINE_BREAK.sub("\n", re.sub(" {2,}", " ", inline)).strip()
    return PARAGRAPH_BREAK.split(text) if text else []
