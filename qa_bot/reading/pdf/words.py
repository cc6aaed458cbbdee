"""Words where a file puts them, and pages as they are shown: turned, and cut to the box that is seen."""

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from qa_bot.reading.pdf.pieces import Piece, in_pieces, is_superscript, joined

# Text may lean this many degrees (a scan laid askew) and count as upright.
LEANING = 8
QUARTER = 90


@dataclass(frozen=True, slots=True)
class Style:
    """What the characters of one text object share.

    ``direction`` is the turn of the page at which they stand upright, or next to it; ``slanted`` says that they run across
    the page, as the stamp of a draft does.
    """

    size: float
    angle: float
    bold: bool
    direction: int = field(init=False)
    slanted: bool = field(init=False)

    def __post_init__(self) -> None:
        direction = round(self.angle / QUARTER) * QUARTER % (4 * QUARTER)
        object.__setattr__(self, "direction", direction)
        object.__setattr__(self, "slanted", abs((self.angle - direction + 180) % 360 - 180) > LEANING)


class Word(NamedTuple):
    """A word where the file puts it: the corners of its box, where its first letter stands, and its style."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    x: float
    y: float
    style: Style

    def is_raised(self, other: "Word") -> bool:
        """Whether it stands above the line that another one stands on, in smaller type."""
        angle = math.radians(self.style.angle)
        above = (self.y - other.y) * math.cos(angle) - (self.x - other.x) * math.sin(angle)
        return is_superscript(self.style.size, other.style.size, above)


@dataclass(frozen=True, slots=True)
class Shown:
    """A page as it is shown: the box of it that is seen, and how it is turned."""

    x0: float
    y0: float
    x1: float
    y1: float
    turned: int

    @property
    def width(self) -> float:
        """From its left to its right, as shown."""
        return self.y1 - self.y0 if self.turned % (2 * QUARTER) else self.x1 - self.x0

    @property
    def height(self) -> float:
        """From its top to its bottom, as shown."""
        return self.x1 - self.x0 if self.turned % (2 * QUARTER) else self.y1 - self.y0

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Give where a point of the file stands, from the left and from the top."""
        if self.turned == QUARTER:
            return y - self.y0, x - self.x0
        if self.turned == 2 * QUARTER:
            return self.x1 - x, y - self.y0
        if self.turned == 3 * QUARTER:
            return self.y1 - y, self.x1 - x
        return x - self.x0, self.y1 - y

    def pieces(self, words: Iterable[Word]) -> tuple[Piece, ...]:
        """Make pieces of the words of one direction that can be seen."""
        runs = itertools.groupby(words, key=lambda word: word.style.angle if word.style.slanted else None)
        pieces = [
            piece
            for angle, run in runs
            for piece in ([joined(list(map(self._piece, run)))] if angle else in_pieces(map(self._piece, run)))
        ]
        return tuple(p for p in pieces if p.right > 0 and p.left < self.width and p.bottom > 0 and p.top < self.height)

    def _piece(self, word: Word) -> Piece:
        (ax, _), (bx, _) = self.at(word.left, word.bottom), self.at(word.right, word.top)
        left, right = (ax, bx) if ax < bx else (bx, ax)
        baseline = self.at(word.x, word.y)[1]
        return Piece(word.text, left, right, baseline, word.style.size, float(word.style.bold))


def reading_direction(directions: Mapping[int, Sequence[Word]], rotation: int) -> int:
    """Give the direction of most of the text; the one that the page asks for if in doubt."""
    return max([rotation, *directions], key=lambda turned: sum(len(word.text) for word in directions.get(turned, [])))
