"""The styles of a Rich Text: which are headings, the title, captions and contents."""

import re
from dataclasses import dataclass, field

HEADING = re.compile(r"heading ([1-9])", re.IGNORECASE)
KINDS = ((re.compile(r"caption\b", re.IGNORECASE), "figcaption"),
         (re.compile(r"(?:toc|contents|index) (?:\d|heading)|table of figures", re.IGNORECASE), "nav"))  # fmt: skip
BODY_LEVEL = 9


@dataclass
class Styles:
    """Depths and kinds of styles by their numbers, and the number of the one that is being described."""

    depths: dict[int, int] = field(default_factory=dict)
    kinds: dict[int, str] = field(default_factory=dict)
    title: int = -1
    described: int = 0

    def steer(self, word: str, number: int) -> None:
        """Follow a word in the description of a style."""
        if word == "s":
            self.described = number
        elif word == "outlinelevel" and depth_of(number):
            self.depths[self.described] = depth_of(number)

    def describe(self, name: str) -> None:
        """End the description of a style, with its name."""
        name = name.strip()
        heading = HEADING.match(name)
        if heading:
            self.depths.setdefault(self.described, int(heading[1]))
        elif name.rstrip(";").lower() == "title":
            self.title = self.described
            self.depths[self.described] = 1
        for pattern, kind in KINDS:
            if pattern.match(name):
                self.kinds[self.described] = kind


def depth_of(level: int) -> int:
    """Give the depth of a heading by its level in the outline; nothing for the level of text."""
    return level + 1 if 0 <= level < BODY_LEVEL else 0
