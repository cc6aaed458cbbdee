"""The numbers of paragraphs as Word shows them, which stand nowhere in the file: each is counted from those before it."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from lxml.etree import _Element as Element

from qa_bot.reading.numerals import letters, roman
from qa_bot.reading.word.names import child, number, value, w

LEVELS = 9
PLACE = re.compile(r"%([1-9])")
BULLET = "bullet"
FORMS: Mapping[str, Callable[[int], str]] = {
    "none": lambda _: "",
    "lowerLetter": letters,
    "upperLetter": lambda count: letters(count).upper(),
    "lowerRoman": roman,
    "upperRoman": lambda count: roman(count).upper(),
    "decimalZero": lambda count: f"{count:02}",
}


@dataclass(frozen=True, slots=True)
class Level:
    """How the paragraphs of one level are numbered: the first number, its form, and the text around it."""

    start: int = 1
    form: str = BULLET
    text: str = ""
    legal: bool = False
    style: str = ""


@dataclass
class Numbering:
    """The lists of a document, and how far each has been counted."""

    lists: dict[str, dict[int, Level]]
    # The list that each number of a paragraph names, and the numbers at which it begins anew there.
    numbers: dict[str, tuple[str, dict[int, int]]]
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def of(cls, root: Element | None) -> "Numbering":
        """Read the part of a document that describes its lists."""
        if root is None:
            return cls({}, {})
        lists = {
            element.get(w("abstractNumId"), ""): dict(_levels(element))
            for element in root.iterchildren(w("abstractNum"))
        }
        numbers = {
            element.get(w("numId"), ""): (value(child(element, "abstractNumId")), dict(_overrides(element)))
            for element in root.iterchildren(w("num"))
        }
        return cls(lists, numbers)

    def level_of_style(self, num: str, style: str) -> int:
        """Tell the level that belongs to a style."""
        name, _ = self.numbers.get(num, ("", {}))
        return next((at for at, level in self.lists.get(name, {}).items() if level.style == style), 0)

    def count(self, num: str, at: int) -> str | None:
        """Count one more paragraph of a list.

        Returns:
            What stands before it, nothing for a bullet, a blank where the item above goes on, `None` if there is no such list.

        """
        if num not in self.numbers or not 0 <= at < LEVELS:
            return None
        name, starts = self.numbers[num]
        levels, counts = self.lists.get(name, {}), self.counts.setdefault(name, {})
        for level in range(at + 1):
            first = starts.get(level, levels.get(level, Level()).start)
            if (level in starts and (num, level) not in self.begun) or level not in counts:
                self.begun.add((num, level))
                counts[level] = first - (level == at)
        counts[at] += 1
        for deeper in [level for level in counts if level > at]:
            del counts[deeper]
        return self._label(levels, counts, at)

    def _label(self, levels: dict[int, Level], counts: dict[int, int], at: int) -> str:
        level = levels.get(at, Level())
        if level.form == BULLET:
            # Further paragraphs of an item often are bullets that do not show.
            return " " if level.text.isspace() else ""

        def shown(place: re.Match[str]) -> str:
            other = int(place[1]) - 1
            form = "decimal" if level.legal else levels.get(other, level).form
            return written(counts.get(other, 1), form)

        return PLACE.sub(shown, level.text).strip()


def written(count: int, form: str) -> str:
    """Write a number in one of Word's forms; the rarer ones in digits."""
    return FORMS.get(form, str)(count)


def _levels(element: Element) -> Iterator[tuple[int, Level]]:
    for level in element.iterchildren(w("lvl")):
        yield (
            number(level.get(w("ilvl"), "")),
            Level(
                start=number(value(child(level, "start")), 1),
                form=value(child(level, "numFmt")) or "decimal",
                text=value(child(level, "lvlText")),
                legal=child(level, "isLgl") is not None,
                style=value(child(level, "pStyle")),
            ),
        )


def _overrides(element: Element) -> Iterator[tuple[int, int]]:
    for override in element.iterchildren(w("lvlOverride")):
        start = child(override, "startOverride")
        if start is not None:
            yield number(override.get(w("ilvl"), "")), number(value(start), 1)
