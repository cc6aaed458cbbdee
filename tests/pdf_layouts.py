"""Known paragraphs set in type: PDFs of many layouts whose text is known to the letter."""

import json
from dataclasses import dataclass
from types import MappingProxyType

import typst

HEADINGS = ("Origins", "Early years", "Reform and crisis", "Culture and the arts", "Later developments", "Legacy")
TABLE = """#figure(table(columns: 4, [Year], [Income], [Costs], [People], [2001], [137], [113], [4], [2002], [174], [136], [5],
[2003], [211], [159], [6]), caption: [Figures by year])
"""
LIST = """- first item of the list
- second item, which is longer than the first item of the list and goes on for quite a while until it wraps onto a line
- third item
"""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a document looks."""

    columns: int = 1
    gutter: str = "4%"
    font: str = "Libertinus Serif"
    size: float = 10.5
    paper: str = "a4"
    justified: bool = True
    hyphenated: bool = True
    indent: str = "0em"
    spacing: str = "1.2em"
    leading: str = "0.65em"
    numbering: str = ""
    header: bool = True
    footer: str = "1"
    abstract: bool = False
    notes: bool = False
    extras: bool = False


LAYOUTS = MappingProxyType(
    {
        "one column": Layout(),
        "indented paragraphs": Layout(indent="1.2em", spacing="0.65em"),
        "ragged edge": Layout(justified=False, hyphenated=False, footer="1 of 1"),
        "notes and numbered headings": Layout(notes=True, numbering="1.1"),
        "table and list": Layout(extras=True),
        "typewriter": Layout(font="DejaVu Sans Mono", size=9, hyphenated=False),
        "wide leading": Layout(leading="1.6em", spacing="1.6em", indent="2em"),
        "two columns": Layout(columns=2),
        "two columns, indented": Layout(columns=2, indent="1em", spacing="0.65em", size=9),
        "two columns, ragged": Layout(columns=2, justified=False),
        "two columns under an abstract": Layout(columns=2, abstract=True, notes=True, numbering="1."),
        "two columns, table and list": Layout(columns=2, extras=True),
        "two columns without furniture": Layout(columns=2, header=False, footer="", size=9, paper="us-letter"),
        "two columns, narrow gutter": Layout(columns=2, gutter="10pt", size=9, indent="1em", spacing="0.6em"),
        "two columns, Computer Modern": Layout(
            columns=2, font="New Computer Modern", size=10, indent="1em", spacing="0.65em", abstract=True
        ),
        "three columns": Layout(columns=3, size=8, footer="1 of 1"),
    }
)


def set_in_type(title: str, paragraphs: list[str], layout: Layout) -> bytes:
    """Make a PDF of paragraphs below a title and headings."""
    return typst.compile(_source(title, paragraphs, layout).encode())


def _source(title: str, paragraphs: list[str], layout: Layout) -> str:
    lines = [*_settings(title, layout), f'#align(center)[#text(size: 20pt, weight: "bold")[{_text(title)}]]']
    lines.append("#align(center)[Ann Smith, University of Somewhere]")
    left = list(paragraphs)
    if layout.abstract:
        lines.append(f"#v(1em)\n#block(inset: (x: 2em))[{_text(left.pop(0))}]\n#v(1em)")
    if layout.columns > 1:
        lines.append(f"#show: rest => columns({layout.columns}, gutter: {layout.gutter}, rest)")
    per_heading = -(-len(left) // len(HEADINGS))
    for number, heading in enumerate(HEADINGS):
        lines.append(f"= {heading}\n")
        if layout.extras and number in {1, 2}:
            lines.append(TABLE if number == 1 else LIST)
        for place, paragraph in enumerate(left[number * per_heading : (number + 1) * per_heading]):
            note = "#footnote[This note says something more about it.]" if layout.notes and place == 1 else ""
            lines.append(f"{_text(paragraph)}{note}\n")
    return "\n".join(lines)


def _settings(title: str, layout: Layout) -> list[str]:
    header = f"[#text(size: 8pt)[{_text(title)} — Quarterly Review #h(1fr) Vol. 12]]" if layout.header else "none"
    both = ", both: true" if " of " in layout.footer else ""
    footer = f'[#align(center)[#context counter(page).display("{layout.footer}"{both})]]' if layout.footer else "none"
    return [
        f'#set document(title: {_quoted(title)}, author: "Ann Smith")',
        f'#set text(font: "{layout.font}", size: {layout.size}pt, hyphenate: {_flag(layout.hyphenated)}, lang: "en")',
        f"#set par(justify: {_flag(layout.justified)}, leading: {layout.leading})",
        f"#set par(spacing: {layout.spacing}, first-line-indent: {layout.indent})",
        "#set super(typographic: false)",
        f"#set heading(numbering: {_quoted(layout.numbering) if layout.numbering else 'none'})",
        f'#set page(paper: "{layout.paper}", header: {header}, footer: {footer}, margin: 2.2cm)',
    ]


def _text(text: str) -> str:
    return f"#{_quoted(text)}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _flag(value: bool) -> str:  # noqa: FBT001 - a value of a setting
    return str(value).lower()
