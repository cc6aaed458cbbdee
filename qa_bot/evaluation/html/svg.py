"""Pieces of a chart in SVG: scales, axes, bars and lines, in colours that the style sheet gives."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

WIDTH, HEIGHT = 480, 300
LEFT, RIGHT, TOP, BOTTOM = 44, 472, 32, 246
# Where the words below the axis stand, counted from the axis.
TICK_WORDS, COUNT_WORDS, LINE = 18, 34, 20
# Steps of a scale that people read with ease, times a power of ten.
EASY_STEPS = (1, 2, 5, 10)

Point = tuple[float, float]
# A value, and what is written there.
Mark = tuple[float, str]


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps ``low`` … ``high`` to pixels ``start`` … ``end``."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Give the pixel of a value; what lies outside is drawn at the border."""
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + min(max(share, 0), 1) * (self.end - self.start), 1)


class Plot:
    """A chart that grows piece by piece; ``name`` makes its ids unique on the page."""

    def __init__(self, name: str, title: str, description: str, *, x: tuple[float, float], top: float) -> None:
        """Begin a chart over ``x`` and 0 … ``top``."""
        self.x = Scale(*x, LEFT, RIGHT)
        self.y = Scale(0, top, BOTTOM, TOP)
        labels = f"{name}-title {name}-description"
        self._svg = ET.Element(
            "svg", {"viewBox": f"0 0 {WIDTH} {HEIGHT}", "role": "img", "aria-labelledby": labels, "id": name}
        )
        ET.SubElement(self._svg, "title", {"id": f"{name}-title"}).text = title
        ET.SubElement(self._svg, "desc", {"id": f"{name}-description"}).text = description

    def y_axis(self, words: str, *, digits: int) -> None:
        """Draw level lines with their values, written with so many digits, and say what they count."""
        for value in ticks(self.y.high, least=10.0**-digits):
            self._line("level", (LEFT, self.y(value)), (RIGHT, self.y(value)))
            self._words(f"{value:.{digits}f}", LEFT - 8, self.y(value) + 4, "tick end")
        self._words(words, 0, TOP - 18, "axis")

    def x_axis(self, words: str, marks: Iterable[Mark], counts: Sequence[Mark] = ()) -> None:
        """Draw the base line with words at the marks, counts below them, and say what it is."""
        self._line("base", (LEFT, BOTTOM), (RIGHT, BOTTOM))
        for value, text in marks:
            self._words(text, self.x(value), BOTTOM + TICK_WORDS, "tick middle")
        for value, text in counts:
            self._words(text, self.x(value), BOTTOM + COUNT_WORDS, "count middle")
        below = COUNT_WORDS if counts else TICK_WORDS
        self._words(words, (LEFT + RIGHT) / 2, BOTTOM + below + LINE, "axis middle")

    def bar(self, start: float, end: float, height: float, tip: str, *, kind: str = "") -> None:
        """Draw a bar between two values of x, with words for whoever points at it."""
        left, right, top = self.x(start), self.x(end), self.y(height)
        place = {"x": left + 1.5, "y": top, "width": right - left - 3, "height": BOTTOM - top}
        bar = ET.SubElement(self._svg, "rect", {"class": f"bar {kind}".strip(), **_pixels(place)})
        ET.SubElement(bar, "title").text = tip

    def bar_label(self, start: float, end: float, height: float, text: str) -> None:
        """Write above a bar."""
        self._words(text, (self.x(start) + self.x(end)) / 2, self.y(height) - 5, "count middle")

    def curve(self, points: Sequence[Point], kind: str) -> None:
        """Draw a line through points."""
        places = " ".join(f"{x:g},{y:g}" for x, y in thinned([(self.x(x), self.y(y)) for x, y in points]))
        ET.SubElement(self._svg, "polyline", {"class": kind, "points": places})

    def dot(self, point: Point, tip: str) -> None:
        """Draw a dot, with words for whoever points at it."""
        place = {"cx": self.x(point[0]), "cy": self.y(point[1]), "r": 5}
        dot = ET.SubElement(self._svg, "circle", {"class": "dot", **_pixels(place)})
        ET.SubElement(dot, "title").text = tip

    def upright(self, value: float, text: str, *, row: int = 0) -> None:
        """Draw a dashed line at a value of x, named at its top; ``row`` keeps the names of near lines apart."""
        self._line("upright", (self.x(value), BOTTOM), (self.x(value), TOP))
        self._words(text, self.x(value) + 5, TOP + 10 + 15 * row, "count")

    def level(self, start: float, end: float, height: float) -> None:
        """Draw a short level stroke between two values of x."""
        self._line("stroke", (self.x(start), self.y(height)), (self.x(end), self.y(height)))

    def markup(self) -> str:
        """Give the chart as SVG to stand inside HTML."""
        return ET.tostring(self._svg, encoding="unicode")

    def _line(self, kind: str, start: Point, end: Point) -> None:
        places = {"x1": start[0], "y1": start[1], "x2": end[0], "y2": end[1]}
        ET.SubElement(self._svg, "line", {"class": kind, **_pixels(places)})

    def _words(self, text: str, x: float, y: float, kind: str) -> None:
        ET.SubElement(self._svg, "text", {"class": kind, **_pixels({"x": x, "y": y})}).text = text


def easy_step(span: float, about: int) -> float:
    """Give a step of 1, 2 or 5 times a power of ten that cuts ``span`` into at most ``about`` pieces."""
    least = span / about
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in EASY_STEPS if step * power >= least * (1 - 1e-9))


def ticks(high: float, *, about: int = 5, least: float = 0) -> list[float]:
    """Give easy values from 0 to ``high``, at least ``least`` apart."""
    step = max(easy_step(high, about), least)
    return [number * step for number in range(math.floor(high / step + 1e-9) + 1)]


def thinned(points: Sequence[Point]) -> list[Point]:
    """Leave out points that lie within half a pixel of the one before, but never the last."""
    kept: list[Point] = []
    for number, point in enumerate(points):
        if not kept or number == len(points) - 1 or math.dist(kept[-1], point) >= 0.5:  # noqa: PLR2004 - half a pixel
            kept.append(point)
    return kept


def _pixels(places: dict[str, float]) -> dict[str, str]:
    return {name: f"{value:g}" for name, value in places.items()}
