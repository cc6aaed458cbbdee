"""PDFs written by hand, object by object, for what no writing library would write."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

A4 = (595, 842)


@dataclass(frozen=True, slots=True)
class Text:
    """Words at a place, from the left and from the top, in Courier, whose letters are 0.6 type sizes wide."""

    x: float
    y: float
    words: str
    size: float = 10
    bold: bool = False
    # The matrix that turns the text, if it is not upright.
    turn: str = "1 0 0 1"


def pdf(
    pages: Iterable[Sequence[Text]],
    *,
    info: Mapping[str, str] | None = None,
    page: str = "",
    catalog: str = "",
    trailer: str = "",
    objects: Sequence[bytes] = (),
) -> bytes:
    """Make a PDF: texts by page, and entries for the dictionaries; further objects are numbered from 10."""
    contents = [_content(texts) for texts in pages]
    first = 10 + len(objects)
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(contents)))
    made = {
        1: f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode(),
        2: f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>".encode(),
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>",
        4: b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier-Bold /Encoding /WinAnsiEncoding >>",
        5: b"<< " + b" ".join(f"/{key} ".encode() + _string(value) for key, value in (info or {}).items()) + b" >>",
    }
    made |= {10 + number: one for number, one in enumerate(objects)}
    for number, content in enumerate(contents):
        box = f"/MediaBox [0 0 {A4[0]} {A4[1]}] /Resources << /Font << /F0 3 0 R /F1 4 0 R >> >>"
        made[first + 2 * number] = (
            f"<< /Type /Page /Parent 2 0 R {box} /Contents {first + 2 * number + 1} 0 R {page} >>".encode()
        )
        made[first + 2 * number + 1] = stream(content)
    return _file(made, trailer)


def stream(content: bytes, entries: str = "") -> bytes:
    """Make a stream."""
    return f"<< /Length {len(content)} {entries} >>\nstream\n".encode() + content + b"\nendstream"


def _content(texts: Sequence[Text]) -> bytes:
    return b"\n".join(
        f"BT /F{int(text.bold)} {text.size} Tf {text.turn} {text.x} {A4[1] - text.y} Tm ".encode()
        + _string(text.words)
        + b" Tj ET"
        for text in texts
    )


def _string(text: str) -> bytes:
    return b"<" + text.encode("cp1252").hex().encode() + b">"


def _file(objects: Mapping[int, bytes], trailer: str) -> bytes:
    made, places = b"%PDF-1.7\n", {}
    for number, content in objects.items():
        places[number] = len(made)
        made += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    size = max(objects) + 1
    rows = [f"{places[n]:010} 00000 n \n" if n in places else "0000000000 65535 f \n" for n in range(size)]
    table = f"xref\n0 {size}\n{''.join(rows)}trailer\n<< /Size {size} /Root 1 0 R /Info 5 0 R {trailer} >>\n"
    return made + table.encode() + f"startxref\n{len(made)}\n%%EOF\n".encode()
