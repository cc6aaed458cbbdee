"""PDF: pages of words with positions become text in reading order, with its paragraphs, headings and page numbers."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qa_bot.errors import ReadError
from qa_bot.reading.extract import Extract
from qa_bot.reading.pdf import furniture
from qa_bot.reading.pdf.flow import Flow, announced, listed
from qa_bot.reading.pdf.headings import (
    FEW_ENTRIES,
    HeadingPath,
    are_contents,
    folded,
    found_headings,
    is_caption,
    pages_of_contents,
    sound_author,
    sound_title,
    title_chunk,
)
from qa_bot.reading.pdf.lines import LEADERS, lines_of
from qa_bot.reading.pdf.order import regions_of_pages
from qa_bot.reading.pdf.paragraphs import Chunk, Leading, chunks_of
from qa_bot.reading.pdf.pieces import Page, Piece
from qa_bot.reading.pdf.spelling import clean, join_lines, vocabulary
from qa_bot.reading.pdf.tables import with_tables
from qa_bot.reading.structure.tables import CELL_SEPARATOR
from qa_bot.records import Block, Role

NO_TEXT = "has no text (its pages are pictures): run OCR on it first, e.g. with ocrmypdf"
NOTHING = "has no text: put text into it, or remove it"
UNREADABLE = "has text whose letters cannot be told (its fonts do not say what they draw): run OCR on it, e.g. ocrmypdf --force-ocr"
# Pages that a warning names one by one.
MOST_NAMED = 10
# Where fewer characters than this share are set in the few most usual type sizes, sizes within some share are the same.
USUAL_SIZES = 4
MOSTLY_EVEN = 0.6
UNEVEN = 0.3
# The text may be larger than most of the type by this factor, if it has this share of its characters.
LARGER_BODY = 1.3
ALMOST_USUAL = 0.3
# Text of which this share cannot be told is none.
UNTOLD_SHARE = 0.3
UNTOLD = re.compile(r"[\x00-\x08\x0e-\x1f\ufffd\ue000-\uf8ff]")
CREATED = re.compile(r"D?:?(\d{4})(\d{2})(\d{2})")
EARLIEST_YEAR = 1990


@dataclass(frozen=True, slots=True)
class _Passage:
    """What becomes a block: its lines of text, the page where it begins, what it is."""

    lines: tuple[str, ...]
    page: int
    role: Role | None = None
    heading: str | None = None


def read_pdf(content: bytes) -> Extract:
    """Read the bytes of a PDF. Raises `ReadError`."""
    from qa_bot.reading.pdf.library import open_paper

    paper = open_paper(content)
    letters = "".join(piece.text for page in paper.pages for piece in page.pieces)
    if not letters and not any(page.asides for page in paper.pages):
        raise ReadError(NO_TEXT if any(page.pictured for page in paper.pages) else NOTHING)
    if len(UNTOLD.findall(letters)) > UNTOLD_SHARE * len(letters):
        raise ReadError(UNREADABLE)
    passages = _passages(paper.pages, paper.bookmarks, paper.title)
    text, blocks = _assemble(passages)
    titled = any(block.role is Role.TITLE for block in blocks)
    return Extract(
        text,
        blocks,
        title=sound_title(clean(paper.title), text, titled=titled),
        author=sound_author(clean(paper.author)),
        date=_day(paper.created),
        warnings=tuple(_warnings(paper.pages, paper.damaged)),
    )


def _passages(pages: Sequence[Page], bookmarks: Sequence[tuple[int, str]], said: str) -> list[_Passage]:
    pages = [_cleaned(page) for page in pages]
    sizes = _sizes(pages)
    body_size = _body_size(sizes)
    pages = [_evened(page, body_size) for page in pages] if _is_uneven(sizes) else pages
    parted = furniture.part(pages, body_size)
    columns = regions_of_pages(with_tables(one.page).pieces for one in parted)
    by_page = [
        [lines_of(region, one.page.number) for region in of_page] for one, of_page in zip(parted, columns, strict=True)
    ]
    for one, of_page in zip(parted, by_page, strict=True):
        of_page.extend(lines_of(aside, one.page.number) for aside in one.page.asides)
    flat = [region for of_page in by_page for region in of_page]
    leading = Leading.of(flat, body_size)
    chunks = Flow([chunk for region in flat for chunk in chunks_of(region, leading)], body_size).joined()
    known = vocabulary(line.text for region in flat for line in region)
    body = _roles(chunks, known, body_size, bookmarks, said)
    return list(_with_furniture(body, parted))


def _cleaned(page: Page) -> Page:
    return replace(page, pieces=_clean_pieces(page.pieces), asides=tuple(filter(None, map(_clean_pieces, page.asides))))


def _clean_pieces(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    made = (replace(piece, text=clean(piece.text)) for piece in pieces)
    return tuple(piece for piece in made if piece.text)


def _sizes(pages: Sequence[Page]) -> Counter[float]:
    """Count the characters of each type size."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for piece in page.pieces:
            sizes[round(4 * piece.size) / 4] += len(piece.text)
    return sizes


def _body_size(sizes: Counter[float]) -> float:
    """Give the type size of most of the text; of a larger one that is almost as usual, if code or notes fill the pages."""
    if not sizes:
        return 1.0
    usual = max(sizes, key=lambda size: (sizes[size], -size))
    return max(size for size in sizes if size <= LARGER_BODY * usual and sizes[size] >= ALMOST_USUAL * sizes[usual])


def _is_uneven(sizes: Counter[float]) -> bool:
    """Whether type sizes are guesses, as in text that was recognised on a scan: no few of them hold for most of the text."""
    return sum(count for _, count in sizes.most_common(USUAL_SIZES)) < MOSTLY_EVEN * sizes.total()


def _evened(page: Page, body_size: float) -> Page:
    pieces = tuple(
        replace(piece, size=body_size, bold=False) if abs(piece.size - body_size) < UNEVEN * body_size else piece
        for piece in page.pieces
    )
    return replace(page, pieces=pieces)


def _roles(
    chunks: Sequence[Chunk], known: Counter[str], body_size: float, bookmarks: Sequence[tuple[int, str]], said: str
) -> Iterator[_Passage]:
    path = HeadingPath(bookmarks)
    title = title_chunk(chunks, body_size, clean(said)) if chunks else None
    found = found_headings(chunks, body_size, title, path)
    contents = pages_of_contents(chunks)
    headings, said_by_headings = {id(chunk) for chunk in found}, {folded(chunk.text) for chunk in found}
    alone = headings | {id(title)} | {id(c) for c in chunks if is_caption(c.text) and not LEADERS.search(c.text)}
    for group in announced(listed(chunks, lambda chunk: id(chunk) in alone)):
        lines = tuple(line for chunk in group for line in _text_lines(chunk, known))
        chunk = group[0]
        if chunk is title:
            yield _Passage(lines, chunk.page, Role.TITLE)
        elif id(chunk) in headings:
            yield _Passage(lines, chunk.page, Role.HEADING, path.enter(chunk, lines[0]))
        else:
            role = Role.CAPTION if is_caption(lines[0]) and len(group) == 1 and not chunk.rows else None
            if (chunk.page in contents or len(lines) > FEW_ENTRIES) and are_contents(lines, said_by_headings):
                role = Role.FURNITURE
            yield _Passage(lines, chunk.page, role, path.path)


def _text_lines(chunk: Chunk, known: Counter[str]) -> list[str]:
    if chunk.rows:
        return [
            CELL_SEPARATOR.join(join_lines(cell.text.split("\n"), known) for cell in line.cells) for line in chunk.lines
        ]
    return [join_lines([line.text for line in chunk.lines], known)]


def _with_furniture(body: Iterator[_Passage], parted: Sequence[furniture.Parted]) -> Iterator[_Passage]:
    """Put headers before, and footers behind, what begins on their page."""
    by_page: dict[int, list[_Passage]] = {}
    for passage in body:
        by_page.setdefault(passage.page, []).append(passage)
    for one in parted:
        number = one.page.number
        yield from _furniture(one.head, number)
        yield from by_page.get(number, [])
        yield from _furniture(one.foot, number)


def _furniture(rows: Sequence[Sequence[Piece]], page: int) -> Iterator[_Passage]:
    lines = tuple(join_lines([" ".join(piece.text for piece in row)], Counter()) for row in rows)
    if lines:
        yield _Passage(lines, page, Role.FURNITURE)


def _assemble(passages: Sequence[_Passage]) -> tuple[str, tuple[Block, ...]]:
    parts: list[str] = []
    blocks: list[Block] = []
    at = 0
    for passage in passages:
        part = "\n".join(passage.lines)
        several = len(passage.lines) > 1 and passage.role is None
        blocks.append(Block(at, at + len(part), passage.role, passage.heading, passage.page, lines=several))
        parts.append(part)
        at += len(part) + 2
    return "\n\n".join(parts) + "\n" * bool(parts), tuple(blocks)


def _day(created: str) -> str | None:
    """Give the day on which a file says that it was made, if there was such a day."""
    match = CREATED.match(created)
    try:
        day = dt.date(*map(int, match.groups())) if match else None
    except ValueError:
        return None
    today = dt.datetime.now(tz=dt.UTC).date()
    return day.isoformat() if day and day.year >= EARLIEST_YEAR and day <= today + dt.timedelta(days=1) else None


def _warnings(pages: Sequence[Page], damaged: Sequence[int]) -> Iterator[str]:
    if damaged:
        yield f"{_named(damaged)} cannot be read: damaged"
    pictured = [page.number for page in pages if page.pictured]
    if pictured:
        yield f"{_named(pictured)} {'is a picture' if len(pictured) == 1 else 'are pictures'} without text: run OCR on it, e.g. ocrmypdf"


def _named(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:MOST_NAMED])) + f" and {len(numbers) - MOST_NAMED} more" * (
        len(numbers) > MOST_NAMED
    )
    return f"page{'s' * (len(numbers) > 1)} {shown}"
