"""The only module that knows the PDF library: bytes become pages of pieces.

PDFium, the engine of Chromium, does the reading. The build in use has no JavaScript in it, and of what a file brings along
(scripts, actions, embedded files) nothing is asked for, so nothing is run or unpacked.
"""

import ctypes
import itertools
import math
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pypdfium2
from pypdfium2 import raw

from qa_bot.errors import ReadError
from qa_bot.reading.pdf.pieces import Page, Paper, Rule, superscript
from qa_bot.reading.pdf.words import Shown, Style, Word, reading_direction

PASSWORD = "is protected by a password: save a copy without one, and put that here"  # noqa: S105 - a message
DAMAGED = "is damaged, or no PDF at all ({reason}): open it in a viewer and print it to a new PDF"

# Bookmarks beyond this many are a bomb, or of no use.
MOST_BOOKMARKS = 5_000
# Pages with fewer characters than this are looked at for pictures.
FEW_CHARACTERS = 100
# A picture that covers this share of a page without text is a scan; less is a logo.
SCANNED_SHARE = 0.3
# Objects of a page that are looked at for pictures.
MOST_OBJECTS = 200
# Drawings of more paths than this are maps and charts, not tables.
MOST_PATHS = 3_000
# Lines between the rows of tables are no thicker, and no shorter, than this many points.
THICKEST_RULE = 3.0
SHORTEST_RULE = 8.0
# A type size is believed if it is within this factor of the height of the letter's box.
BELIEVABLE = 2.5
# A word whose letters stand further apart on average than this many type sizes is several that stand apart.
WIDEST_LETTER = 1.3
# Fonts say by their names that they are bold, or by a flag; the weight that the library guesses is often wrong.
FORCED_BOLD = 1 << 18
BOLD_NAME = re.compile(r"bold|black|heavy|demi|-Medi\b|CMBX|CMSSBX|SFBX", re.IGNORECASE)
# Figures at the end of a word: the number of a note or a power, if they are raised.
MARK = re.compile(r"[-−–+]?\d{1,3}$")
# Figures before a word: the number of the note that it begins.
NOTE = re.compile(r"\d{1,3}(?=[^\W\d_]|[\"'“„«])")
# PDFium puts one of these in the place of a hyphen at a line end, and no space behind it.
WORD = re.compile(r"[^\s\x02\ufffe]+[\x02\ufffe]?|[\x02\ufffe]")
NAME_BYTES = 128
# Old fonts of TeX keep ligatures, quotation marks and dashes at the places of control characters, and do not say so.
TEX_LETTERS = str.maketrans(
    "\x0b\x0c\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x1b\x1c\x1d\x1e\x1f",
    "\ufb00\ufb01\ufb03\ufb04“”„«»–—\ufb00\ufb01\ufb02\ufb03\ufb04",
)
LONE_RETURN = re.compile(r"\r(?!\n)")


def open_paper(content: bytes) -> Paper:
    """Read every page of a PDF.

    Raises:
        ReadError: it is no PDF, is damaged past reading, or wants a password.

    """
    # The library keeps the reason why it refused the last file, and gives it again for a file without pages.
    with suppress(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(b"")
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as exc:
        raise ReadError(_refusal(exc.err_code)) from exc
    try:
        pages, damaged = [], []
        for number in range(1, len(document) + 1):
            try:
                pages.append(_page(document, number))
            except pypdfium2.PdfiumError:
                damaged.append(number)
        title, author, created = (_said(document, key) for key in (b"Title", b"Author", b"CreationDate"))
        bookmarks = tuple(_bookmarks(document))
    finally:
        document.close()
    if not pages:
        raise ReadError(DAMAGED.format(reason="no page of it can be read"))
    return Paper(tuple(pages), title, author, created, bookmarks, tuple(damaged))


def _refusal(code: int | None) -> str:
    if code == raw.FPDF_ERR_PASSWORD:
        return PASSWORD
    if code == raw.FPDF_ERR_SECURITY:
        return "is protected in a way that is not known here: save a copy without protection"
    return DAMAGED.format(reason="it does not hold together")


def _bookmarks(document: pypdfium2.PdfDocument) -> Iterator[tuple[int, str]]:
    for bookmark in itertools.islice(document.get_toc(), MOST_BOOKMARKS):
        yield bookmark.level, _utf16(lambda *to, mark=bookmark.raw: raw.FPDFBookmark_GetTitle(mark, *to))


def _said(document: pypdfium2.PdfDocument, key: bytes) -> str:
    """Give what a file says of itself under a key."""
    return _utf16(lambda *to: raw.FPDF_GetMetaText(document.raw, key, *to))


def _utf16(ask: Callable[..., int]) -> str:
    """Ask for a text, first for how long it is; it may be no text at all."""
    size = ask(None, 0)
    buffer = ctypes.create_string_buffer(size)
    ask(buffer, size)
    return buffer.raw[: max(size - 2, 0)].decode("utf-16-le", errors="replace")


def _page(document: pypdfium2.PdfDocument, number: int) -> Page:
    page = document[number - 1]
    try:
        # What is filled in and written on a page lies above it, and is read with it once it is laid into it.
        if (
            raw.FPDFPage_GetAnnotCount(page)
            and raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS
        ):
            page.close()
            page = document[number - 1]
        return _read_page(page, number)
    finally:
        page.close()


def _read_page(page: pypdfium2.PdfPage, number: int) -> Page:
    text_page = page.get_textpage()
    try:
        words = list(_words(text_page.raw))
    finally:
        text_page.close()
    directions: dict[int, list[Word]] = {}
    for word in words:
        directions.setdefault(word.style.direction, []).append(word)
    turned = reading_direction(directions, page.get_rotation())
    left, bottom, right, top = page.get_bbox()
    shown = Shown(left, bottom, right, top, turned)
    pieces = shown.pieces(directions.pop(turned, []))
    asides = (replace(shown, turned=direction).pieces(aside) for direction, aside in directions.items())
    pictured = sum(len(word.text) for word in words) < FEW_CHARACTERS and _is_pictured(page)
    rules = tuple(_rules(page, shown))
    return Page(number, shown.width, shown.height, pieces, tuple(filter(None, asides)), pictured, rules)


def _words(text_page: Any) -> Iterator[Word]:  # noqa: ANN401 - a pointer
    text = _text(text_page)
    styles = _Styles(text_page)
    for match in WORD.finditer(text):
        start, end = match.span()
        word = _word(text_page, text, start, end, styles)
        width = math.hypot(word.right - word.left, word.top - word.bottom)
        if end - start > 1 and width > (end - start + 1) * word.style.size * WIDEST_LETTER:
            yield from _parted(text_page, text, start, end, styles)
            continue
        mark = MARK.search(word.text)
        at = _first_of_style(styles, start + mark.start(), end) if mark else end
        if start < at < end and _word(text_page, text, at, end, styles).is_raised(word):
            word = word._replace(text=word.text[: at - start] + superscript(word.text[at - start :]))
        note = NOTE.match(word.text)
        if note and (rest := _word(text_page, text, start + note.end(), end, styles)) and word.is_raised(rest):
            word = rest._replace(text=f"{superscript(note[0])} {rest.text}", left=word.left)
        yield word


def _first_of_style(styles: "_Styles", start: int, end: int) -> int:
    """Give where the last characters of one style begin, at a place or behind it."""
    at = end - 1
    while at > start and styles.at(at - 1) == styles.at(end - 1):
        at -= 1
    return at


def _parted(text_page: Any, text: str, start: int, end: int, styles: "_Styles") -> Iterator[Word]:  # noqa: ANN401
    """Yield the words that stand apart on the page though there is no space between them in the file."""
    first = start
    for at in range(start + 1, end + 1):
        if at < end:
            before, here = _word(text_page, text, at - 1, at, styles), _word(text_page, text, at, at + 1, styles)
            if math.hypot(here.x - before.x, here.y - before.y) < WIDEST_LETTER * before.style.size * 2:
                continue
        yield _word(text_page, text, first, at, styles)
        first = at


def _word(text_page: Any, text: str, start: int, end: int, styles: "_Styles") -> Word:  # noqa: ANN401
    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(text_page, start, x, y)
    raw.FPDFText_GetLooseCharBox(text_page, start, box)
    left, bottom, right, top = box.left, box.bottom, box.right, box.top
    if end - start > 1:
        raw.FPDFText_GetLooseCharBox(text_page, end - 1, box)
        left, bottom = min(left, box.left), min(bottom, box.bottom)
        right, top = max(right, box.right), max(top, box.top)
    return Word(text[start:end], left, bottom, right, top, x.value, y.value, styles.at(start))


def _text(text_page: Any) -> str:  # noqa: ANN401
    """Give the text of a page, one character for each of the library's."""
    count = raw.FPDFText_CountChars(text_page)
    buffer = ctypes.create_string_buffer(2 * count + 2)
    written = raw.FPDFText_GetText(text_page, 0, count, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)))
    text = buffer.raw[: 2 * max(written - 1, 0)].decode("utf-16-le", errors="replace")
    if len(text) != count:
        units = (raw.FPDFText_GetUnicode(text_page, index) for index in range(count))
        text = "".join(chr(unit) if unit <= sys.maxunicode else "\ufffd" for unit in units)
    return LONE_RETURN.sub("\ufb02", text).translate(TEX_LETTERS)


class _Styles:
    """Styles by text object, each looked up once."""

    def __init__(self, text_page: Any) -> None:  # noqa: ANN401
        self._page = text_page
        self._known: dict[int, Style] = {}

    def at(self, index: int) -> Style:
        """Give the style of a character."""
        found = raw.FPDFText_GetTextObject(self._page, index)
        address = ctypes.addressof(found.contents) if found else 0
        if address not in self._known:
            self._known[address] = self._look(index)
        return self._known[address]

    def _look(self, index: int) -> Style:
        matrix, box = raw.FS_MATRIX(), raw.FS_RECTF()
        raw.FPDFText_GetMatrix(self._page, index, matrix)
        raw.FPDFText_GetLooseCharBox(self._page, index, box)
        angle = math.degrees(math.atan2(matrix.b, matrix.a)) % 360
        size = abs(raw.FPDFText_GetFontSize(self._page, index)) * math.hypot(matrix.c, matrix.d)
        height = abs(box.top - box.bottom) if round(angle / 90) % 2 == 0 else abs(box.right - box.left)
        if not size or not height / BELIEVABLE < size < height * BELIEVABLE:
            size = height or size or 1.0
        return Style(size, angle, self._is_bold(index))

    def _is_bold(self, index: int) -> bool:
        name, flags = ctypes.create_string_buffer(NAME_BYTES), ctypes.c_int()
        raw.FPDFText_GetFontInfo(self._page, index, name, NAME_BYTES, flags)
        return bool(flags.value & FORCED_BOLD or BOLD_NAME.search(name.value.decode("latin-1")))


def _rules(page: pypdfium2.PdfPage, shown: Shown) -> Iterator[Rule]:
    """Yield the lines and thin boxes that are drawn from left to right."""
    for item in itertools.islice(page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=1), MOST_PATHS):
        x0, y0, x1, y1 = item.get_bounds()
        (ax, ay), (bx, by) = shown.at(x0, y0), shown.at(x1, y1)
        left, right, top, bottom = min(ax, bx), max(ax, bx), min(ay, by), max(ay, by)
        if right - left < SHORTEST_RULE:
            continue
        if bottom - top < THICKEST_RULE:
            yield Rule(left, right, (top + bottom) / 2)


def _is_pictured(page: pypdfium2.PdfPage) -> bool:
    """Whether a picture covers so much of a page that it may be a scan."""
    left, bottom, right, top = page.get_bbox()
    area = (right - left) * (top - bottom)
    for item in itertools.islice(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]), MOST_OBJECTS):
        x0, y0, x1, y1 = item.get_bounds()
        if (min(x1, right) - max(x0, left)) * (min(y1, top) - max(y0, bottom)) >= SCANNED_SHARE * area:
            return True
    return False
