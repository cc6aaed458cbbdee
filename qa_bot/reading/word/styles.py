"""What the styles of a Word document say of its paragraphs: headings, the title, captions, contents, and lists."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml.etree import _Element as Element

from qa_bot.reading.word.names import child, number, value, w

# Word stores the names of its own styles in English, whatever language it speaks.
HEADING = re.compile(r"heading ([1-9])")
NAMED = {"title": "Title", "caption": "Caption", "toc heading": "Contents", "table of figures": "Contents"}
CONTENTS = re.compile(r"(?:toc|index) \d")
DEEPEST_HEADING = 6
BODY_LEVEL = 9


@dataclass(frozen=True, slots=True)
class Style:
    """A style: its name, the one it is based on, and what its paragraphs are."""

    name: str = ""
    base: str = ""
    outline: int | None = None
    num: str = ""
    level: int | None = None


class Styles:
    """The styles of a document, each with what it has from those it is based on."""

    def __init__(self, root: Element | None) -> None:
        """Read the part of a document that describes its styles."""
        elements = [] if root is None else list(root.iterchildren(w("style")))
        self._styles: Mapping[str, Style] = {element.get(w("styleId"), ""): _style(element) for element in elements}

    def kind(self, paragraph: Element) -> str:
        """Tell what a paragraph is: ``Heading1`` to ``Heading6``, ``Title``, ``Caption``, ``Contents``, or nothing of these."""
        properties = child(paragraph, "pPr")
        chain = list(self._chain(value(child(properties, "pStyle"))))
        for style in chain:
            if style.name in NAMED or CONTENTS.fullmatch(style.name):
                return NAMED.get(style.name, "Contents")
        own = child(properties, "outlineLvl")
        levels = [] if own is None else [number(value(own), BODY_LEVEL)]
        for style in chain:
            heading = HEADING.fullmatch(style.name)
            levels += [style.outline] if style.outline is not None else [int(heading[1]) - 1] if heading else []
        depth = levels[0] + 1 if levels else BODY_LEVEL + 1
        return f"Heading{min(depth, DEEPEST_HEADING)}" if 1 <= depth <= BODY_LEVEL else ""

    def list_of(self, paragraph: Element) -> tuple[str, int | None, str]:
        """Tell the number of a paragraph's list, its level there if it is said, and the style that says so."""
        properties = child(paragraph, "pPr")
        own = child(properties, "numPr")
        name = value(child(properties, "pStyle"))
        num, level = value(child(own, "numId")), child(own, "ilvl")
        chain = list(self._chain(name))
        num = num or next((style.num for style in chain if style.num), "")
        if level is not None:
            return num, number(value(level)), name
        return num, next((style.level for style in chain if style.level is not None), None), name

    def _chain(self, name: str) -> Iterator[Style]:
        seen: set[str] = set()
        while name in self._styles and name not in seen:
            seen.add(name)
            yield self._styles[name]
            name = self._styles[name].base


def _style(element: Element) -> Style:
    properties = child(element, "pPr")
    numbering, outline = child(properties, "numPr"), child(properties, "outlineLvl")
    level = child(numbering, "ilvl")
    return Style(
        name=value(child(element, "name")).lower(),
        base=value(child(element, "basedOn")),
        outline=None if outline is None else number(value(outline), BODY_LEVEL),
        num=value(child(numbering, "numId")),
        level=None if level is None else number(value(level)),
    )
