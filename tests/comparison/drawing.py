"""The figures as one picture in SVG: a panel for each, a bar for each contender."""

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from comparison.results import Column, Figures, Row

PANELS = (
    (Column("paragraphs indexed per second", "rate", 1), "more is better"),
    (Column("question, p50, ms", "p50", 1), "less is better"),
    (Column("question, p95, ms", "p95", 1), "less is better"),
    (Column("right paragraph first (hit@1)", "hit_at_1", 3), "more is better"),
    (Column("start-up to the first answer, s", "start_up", 1), "less is better"),
    (Column("memory while asking, MB", "memory_asking", 0), "less is better"),
)
PANELS_BESIDE = 2
MARGIN, PANEL_WIDTH, NAMES_WIDTH, BARS_WIDTH = 12, 500, 225, 200
HEAD, LINE, BAR, GAP = 34, 22, 14, 24
# Dark words on a light ground of its own, so that the picture can be read on any page.
STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#333}.head{font-weight:600;fill:#111}.name{text-anchor:end}"
    ".bar{fill:#9db8d9}.own{fill:#1f5fa8}.ground{fill:#fff}"
)


def draw(rows: Sequence[Row]) -> str:
    """Draw every contender that has figures; this project's bars are darker."""
    measured = [(row.name, row.outcome) for row in rows if isinstance(row.outcome, Figures)]
    height = HEAD + LINE * len(measured) + GAP
    deep = -(-len(PANELS) // PANELS_BESIDE)
    size = {"width": f"{PANEL_WIDTH * PANELS_BESIDE}", "height": f"{height * deep}"}
    svg = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img", **size})
    ET.SubElement(svg, "title").text = "qa_bot beside others"
    ET.SubElement(svg, "style").text = STYLE
    ET.SubElement(svg, "rect", {"class": "ground", **size})
    for number, (column, better) in enumerate(PANELS):
        down, beside = divmod(number, PANELS_BESIDE)
        panel = ET.SubElement(svg, "g", {"transform": f"translate({beside * PANEL_WIDTH},{down * height})"})
        _draw_panel(panel, column, better, measured)
    return ET.tostring(svg, encoding="unicode")


def _draw_panel(panel: ET.Element, column: Column, better: str, measured: Sequence[tuple[str, Figures]]) -> None:
    _words(panel, "head", MARGIN, HEAD - 14, f"{column.title} · {better}")
    most = max((getattr(figures, column.figure) for _, figures in measured), default=0.0)
    for number, (name, figures) in enumerate(measured):
        top = HEAD + LINE * number
        width = BARS_WIDTH * getattr(figures, column.figure) / most if most else 0.0
        kind = "bar own" if name.startswith("qa_bot") else "bar"
        place = {"x": f"{NAMES_WIDTH}", "y": f"{top}", "width": f"{width:.1f}", "height": f"{BAR}"}
        ET.SubElement(panel, "rect", {"class": kind, **place})
        _words(panel, "name", NAMES_WIDTH - 8, top + BAR - 3, name)
        _words(panel, "figure", NAMES_WIDTH + width + 6, top + BAR - 3, column.of(figures))


def _words(panel: ET.Element, kind: str, x: float, y: float, text: str) -> None:
    ET.SubElement(panel, "text", {"class": kind, "x": f"{x:.1f}", "y": f"{y}"}).text = text
