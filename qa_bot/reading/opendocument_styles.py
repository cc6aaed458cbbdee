"""What the styles of an OpenDocument text say of its paragraphs: the title, captions, what is hidden, and how lists count."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from lxml.etree import _Element as Element

from qa_bot.reading.numerals import letters, roman

KINDS = {
    "Title": "h1",
    "Caption": "figcaption",
    "Illustration": "figcaption",
    "Figure": "figcaption",
    "Drawing": "figcaption",
    # Of pandoc, which does not say what it is based on.
    "TableCaption": "figcaption",
}
LEVEL_STYLES = {"list-level-style-number", "outline-level-style"}
LEVELS = 10
# Text is raised by this word, or by a share of the type size.
RAISED = re.compile(r"super\b|[1-9]\d*(?:\.\d+)?%")
FORMS: Mapping[str, Callable[[int], str]] = {
    "a": letters,
    "A": lambda number: letters(number).upper(),
    "i": roman,
    "I": lambda number: roman(number).upper(),
}


def name_of(node: Element) -> str:
    """Give the name of an element without its namespace; what is no element has none."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def attribute(node: Element, name: str) -> str:
    """Give the value of an attribute, whatever its namespace."""
    return next((value for key, value in node.attrib.items() if str(key).rpartition("}")[2] == name), "").strip()


@dataclass(frozen=True, slots=True)
class Level:
    """How one level is numbered; without a form it is not."""

    form: str = ""
    before: str = ""
    after: str = ""
    shown: int = 1
    start: int = 1


@dataclass
class Numbers:
    """A list style, and how far its lists have counted."""

    levels: dict[int, Level] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)

    def begin(self, depth: int, *, goes_on: bool) -> None:
        """Begin a list; one that does not go on where the last one ended counts anew."""
        if not goes_on:
            self.counts.pop(depth, None)

    def count(self, depth: int, start: int | None = None) -> str:
        """Count one more item, and give what stands before it: nothing for a bullet."""
        level = self.levels.get(depth, Level())
        self.counts[depth] = self.counts.get(depth, level.start - 1) + 1 if start is None else start
        for deeper in [other for other in self.counts if other > depth]:
            del self.counts[deeper]
        if not level.form:
            return ""
        first = max(depth - level.shown + 1, 0)
        numbers = [self._written(other) for other in range(first, depth + 1) if self.levels.get(other, level).form]
        return f"{level.before}{'.'.join(numbers)}{level.after}".strip()

    def _written(self, depth: int) -> str:
        number = self.counts.get(depth, self.levels.get(depth, Level()).start)
        return FORMS.get(self.levels.get(depth, Level()).form, str)(number)


@dataclass
class Styles:
    """The styles of a text by their names."""

    parents: dict[str, str] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    raised: set[str] = field(default_factory=set)
    lists: dict[str, Numbers] = field(default_factory=dict)
    outline: Numbers = field(default_factory=Numbers)

    @classmethod
    def of(cls, roots: Iterable[Element]) -> "Styles":
        """Read the styles of all parts of a document."""
        styles = cls()
        for node in (node for root in roots for node in root.iter("{*}style", "{*}list-style", "{*}outline-style")):
            name = attribute(node, "name")
            if name_of(node) == "list-style":
                styles.lists[name] = Numbers(_levels(node))
            elif name_of(node) == "outline-style":
                styles.outline = Numbers(_levels(node))
            else:
                styles.parents[name] = attribute(node, "parent-style-name")
                if any(attribute(child, "display") == "none" for child in node):
                    styles.hidden.add(name)
                if any(RAISED.match(attribute(child, "text-position")) for child in node):
                    styles.raised.add(name)
        return styles

    def kind(self, style: str) -> str:
        """Name the element of HTML that paragraphs of a style become."""
        seen: set[str] = set()
        while style and style not in seen:
            if style in KINDS:
                return KINDS[style]
            seen.add(style)
            style = self.parents.get(style, "")
        return "p"

    def hides(self, style: str) -> bool:
        """Whether a style hides its text."""
        return style in self.hidden

    def raises(self, style: str) -> bool:
        """Whether a style raises its text above the line."""
        return style in self.raised

    def list_of(self, style: str) -> Numbers:
        """Give the numbers of the lists of a style."""
        return self.lists.setdefault(style, Numbers())


def _levels(node: Element) -> dict[int, Level]:
    found = {}
    for child in node:
        level, form = attribute(child, "level"), attribute(child, "num-format")
        if name_of(child) in LEVEL_STYLES and level.isdecimal() and 0 < int(level) <= LEVELS:
            shown, start = attribute(child, "display-levels"), attribute(child, "start-value")
            found[int(level) - 1] = Level(
                form,
                attribute(child, "num-prefix"),
                attribute(child, "num-suffix"),
                int(shown) if shown.isdecimal() else 1,
                int(start) if start.isdecimal() else 1,
            )
    return found
