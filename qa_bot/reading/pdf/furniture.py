"""Headers and footers: what stands at the edge of page after page, but for the numbers in it."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qa_bot.reading.pdf.headings import LARGER, LEADING_NUMBER, folded
from qa_bot.reading.pdf.order import rows
from qa_bot.reading.pdf.paragraphs import ALL_BOLD
from qa_bot.reading.pdf.pieces import Page, Piece

# Headers and footers are looked for in this share of the page's height at its top and at its foot, and in this many rows.
MARGIN = 0.2
MOST_ROWS = 5
# A row stands at the same height on another page within this many points.
SAME_HEIGHT = 4.0
# Words that stay the same, page after page, are furniture on this many pages; on fewer if they fill half of them.
FEWEST_PAGES = 3
HALF = 0.5
# Rows further apart than this many type sizes have a gap between them; behind it, long rows are furniture on all pages but two.
GAP = 1.8
LONG_ROW = 60
FEWEST_EVERYWHERE = 4
# A title of slides that repeats is larger than the text; a header is not.
HEADER_SIZE = 1.15
# A header that names the chapter is smaller than the chapter's heading by this factor, and has a few pieces.
SMALLER = 0.95
MOST_PIECES = 12

# The number of a page stands at either end of a row, or before that of the last page.
NUMBER = re.compile(r"^(?:\d+|[ivxl]+)\b|\b(?:\d+|[ivxl]+)$|\b\d+(?=\s*(?:/|of|von|de|di|из|z)\s*\d+\b)")
WHOLE_NUMBER = re.compile(r"(?<![\d.,])\d{1,4}(?![\d.,])")
PAGE_NUMBER = re.compile(
    r"[-–—|\[(]?\s*(?:(?:page|p\.|pg\.?|seite|s\.|página|pág\.|pagina|strona|стр\.|страница)\s*)?(?:\d{1,4}|(?-i:[ivxl]{1,7}))"
    r"(?:\s*(?:/|of|von|de|di|из|z)\s*\d{1,4})?\s*[-–—|\])]?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Row:
    """A row at the edge of a page: which page, whether at its foot, how far from the edge, what it says without numbers."""

    page: Page
    foot: bool
    place: int
    pieces: tuple[Piece, ...]
    text: str
    words: str

    @property
    def baseline(self) -> float:
        return self.pieces[0].baseline

    @property
    def size(self) -> float:
        return max(piece.size for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Parted:
    """A page without its furniture, and the furniture: rows of pieces at its head and at its foot."""

    page: Page
    head: tuple[tuple[Piece, ...], ...]
    foot: tuple[tuple[Piece, ...], ...]


def part(pages: Sequence[Page], body_size: float) -> list[Parted]:
    """Part headers and footers from every page."""
    edges = {page.number: list(_edge_rows(page)) for page in pages}
    every_row = [row for edge in edges.values() for row in edge]
    everywhere = max(FEWEST_EVERYWHERE, len(pages) - 2)
    running = _running(pages, every_row, body_size)
    counts = dict.fromkeys(running | _numbered(every_row), everywhere) | _repeated(every_row, len(pages), body_size)
    return [_part(page, edges[page.number], counts, everywhere) for page in pages]


def _edge_rows(page: Page) -> Iterator[_Row]:
    """Yield the rows at the head from the top down, then those at the foot from the bottom up."""
    head = [piece for piece in page.pieces if piece.middle < MARGIN * page.height]
    foot = [piece for piece in page.pieces if piece.middle > (1 - MARGIN) * page.height]
    for at_foot, edge in ((False, rows(head)), (True, rows(foot)[::-1])):
        for place, pieces in enumerate(edge[:MOST_ROWS]):
            text = " ".join(piece.text for piece in pieces)
            yield _Row(page, at_foot, place, tuple(pieces), text, NUMBER.sub("#", text).casefold())


def _repeated(every_row: Sequence[_Row], pages: int, body_size: float) -> dict[int, int]:
    """Give the rows, by identity, that say the same at the same height of several pages, and of how many."""
    alike: dict[tuple[bool, str], list[_Row]] = defaultdict(list)
    for row in every_row:
        alike[row.foot, row.words].append(row)
    found: dict[int, int] = {}
    for group in alike.values():
        for level in _by_height(group):
            if _is_furniture(level, pages, body_size):
                found |= dict.fromkeys(map(id, level), len(level))
    return found


def _by_height(group: list[_Row]) -> Iterator[list[_Row]]:
    ordered = sorted(group, key=lambda row: row.baseline)
    level: list[_Row] = []
    for row in ordered:
        if level and row.baseline - level[-1].baseline > SAME_HEIGHT:
            yield level
            level = []
        level.append(row)
    yield level


def _is_furniture(level: list[_Row], pages: int, body_size: float) -> bool:
    count = len({row.page.number for row in level})
    if count < 2:  # noqa: PLR2004 - once is no repetition
        return False
    changing = len({row.text for row in level}) > 1
    if changing and not _counts(level):
        return False
    if count >= HALF * pages:
        return True
    return level[0].size <= HEADER_SIZE * body_size and (changing or count >= FEWEST_PAGES)


def _counts(level: list[_Row]) -> bool:
    """Whether the numbers of rows go up with those of the pages; Roman ones are believed."""
    offsets = Counter(int(number[0]) - row.page.number for row in level for number in re.finditer(r"\d+", row.text))
    return not offsets or max(offsets.values()) >= HALF * len(level)


def _numbered(every_row: Sequence[_Row]) -> set[int]:
    """Give the outermost rows that hold the number of their page, whatever else they say."""
    outermost = [row for row in every_row if row.place == 0]
    offsets: Counter[tuple[bool, int]] = Counter()
    for row in outermost:
        offsets.update({(row.foot, number - row.page.number) for number in _numbers(row)})
    usual = {key for key, count in offsets.items() if count >= FEWEST_PAGES}
    found = {
        id(row) for row in outermost if any((row.foot, number - row.page.number) in usual for number in _numbers(row))
    }
    return found | {id(row) for row in outermost if PAGE_NUMBER.fullmatch(row.text.strip())}


def _running(pages: Sequence[Page], every_row: Sequence[_Row], body_size: float) -> set[int]:
    """Give the outermost rows at the head of pages that say nothing but headings again, in smaller or lighter type."""
    known = _headings(pages, body_size)
    return {
        id(row)
        for row in every_row
        if row.place == 0 and not row.foot and len(row.pieces) <= MOST_PIECES and _is_running(row, known)
    }


def _headings(pages: Sequence[Page], body_size: float) -> dict[str, tuple[float, bool]]:
    """Give the words of what is set like a heading, with and without its number, and its type; two in a row also as one."""
    known: dict[str, tuple[float, bool]] = {}
    for page in pages:
        strong = [p for p in page.pieces if p.size > LARGER * body_size or p.bold > ALL_BOLD]
        before = ""
        for row in rows(strong):
            text = folded(" ".join(piece.text for piece in row))
            kind = max(piece.size for piece in row), row[0].bold > ALL_BOLD
            for words in {text, LEADING_NUMBER.sub("", text, count=1), f"{before} {text}"}:
                known[words] = max(known.get(words, kind), kind)
            before = text
    known.pop("", None)
    return known


def _is_running(row: _Row, known: dict[str, tuple[float, bool]]) -> bool:
    """Whether the pieces of a row, one after the other, are headings or the number of a page."""
    pieces = row.pieces
    reached, said = {0}, False
    for start in range(len(pieces)):
        for end in range(start + 1, len(pieces) + 1) if start in reached else ():
            text = " ".join(piece.text for piece in pieces[start:end])
            size, bold = known.get(folded(text), (0.0, False))
            lighter = row.size < SMALLER * size or (bold and pieces[start].bold <= ALL_BOLD)
            if lighter or PAGE_NUMBER.fullmatch(text):
                reached.add(end)
                said = said or lighter
    return said and len(pieces) in reached


def _numbers(row: _Row) -> set[int]:
    """Give the numbers that stand at either end of a row, where the number of a page stands."""
    numbers = [(match.start(), match.end(), int(match.group())) for match in WHOLE_NUMBER.finditer(row.text)]
    return {number for start, end, number in numbers if start == 0 or end == len(row.text)}


def _part(page: Page, edge: Sequence[_Row], counts: dict[int, int], everywhere: int) -> Parted:
    """Take the furniture off a page."""
    head = _outermost([row for row in edge if not row.foot], counts, everywhere)
    foot = _outermost([row for row in edge if row.foot], counts, everywhere)
    taken = {id(piece) for row in (*head, *foot) for piece in row.pieces}
    body = replace(page, pieces=tuple(piece for piece in page.pieces if id(piece) not in taken))
    return Parted(body, tuple(row.pieces for row in head), tuple(row.pieces for row in reversed(foot)))


def _outermost(edge: Sequence[_Row], counts: dict[int, int], everywhere: int) -> list[_Row]:
    """Give the furniture at an edge of a page, from the edge inwards.

    Behind a gap stands text, which may repeat too: long rows there are furniture only if nearly every page has them.
    """
    taken: list[_Row] = []
    behind = False
    for row in edge:
        behind = behind or bool(taken and abs(row.baseline - taken[-1].baseline) > GAP * row.size)
        long = sum(len(piece.text) for piece in row.pieces) > LONG_ROW
        if counts.get(id(row), 0) < (everywhere if behind and long else 1):
            break
        taken.append(row)
    return taken
