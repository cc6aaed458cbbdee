"""Headings, captions and the title: told by their type, their number, or the bookmarks of the file."""

import itertools
import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence

from qa_bot.reading.markdown import HEADING_SEPARATOR
from qa_bot.reading.pdf.lines import LEADERS
from qa_bot.reading.pdf.paragraphs import BULLET, SAME_SIZE, Chunk

# Type this much larger than the text is that of a heading; of a title if it is the largest of the first page.
LARGER = 1.09
TITLE_LARGER = 1.15
LONGEST_HEADING = 160
LONGEST_BOLD = 100
MOST_LINES = 4
MOST_BOLD_LINES = 2

CAPTION = re.compile(
    r"(?:fig(?:ure|\.)?|table|chart|plate|exhibit|box|abb(?:ildung|\.)|tab(?:elle|leau|la|\.)|figura|рис(?:унок|\.)|табл(?:ица|\.))"
    r"\s*(?:\d+|[IVX]+|[A-Z])(?:[.\-]\d+)*\s*[.:|–—-]",
    re.IGNORECASE,
)
NUMBERED = re.compile(
    r"(?:\d{1,2}(?:\.\d{1,2})*|[IVX]{1,5}|[A-Z])[.)]?\s+[^\W\d]|(?:chapter|section|part|appendix|annex)\s+\S",
    re.IGNORECASE,
)
DEEP_NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,2})+\.?\s+[^\W\da-z]\S")
NO_HEADING = re.compile(r"[.,;:]$")
FEWEST_LETTERS = 3
# An entry of a table of contents ends with the number of a page, on a page that has more than a few of them with leaders.
ENTRY = re.compile(r"\s(?:\d{1,4}|[ivxl]{1,6})$")
FEW_ENTRIES = 2
ENTRY_TEXT = re.compile(r"(.*?[^\s.·…_|])[\s.·…_|]*[\s.·…_](?:\d{1,4}|[ivxl]{1,6})")
LEADING_NUMBER = re.compile(r"^(?:\d+ )+")
HALF = 0.5
WORD = re.compile(r"\w+")
UNTITLED = re.compile(
    r"(?:(?-i:[^\W\d_A-Z]+)|microsoft (?:word|powerpoint|excel)\b.*|untitled.*|no title|title|document\d*|doc\d*|slide \d+|presentation\d*"
    r"|powerpoint presentation|print\b.*|about:blank|null|none|unknown|temp.*|layout \d+"
    r"|\S*\.(?:docx?|pdf|tex|dvi|indd|qxd|qxp|ps|eps|rtf|odt|pptx?|xlsx?|txt|html?|cdr|ai|fm|pub|wpd|pm\d?|md)"
    r"|.*\.(?:docx?|pdf|indd|qxd|qxp|pptx?|xlsx?|rtf|dvi|tex|cdr|fm|wpd)|\S*[_/\\]\S*|[\W\d_]*)",
    re.IGNORECASE | re.DOTALL,
)
NOBODY = re.compile(
    r"(?:admin\w*|user\w*|owner|root|unknown|anonymous|author|guest|default|n/?a|none|null|test|pc|microsoft\b.*|\S+@\S+|[\W\d_]*|\w)",
    re.IGNORECASE,
)


def is_caption(text: str) -> bool:
    """Whether a text begins as captions do."""
    return bool(CAPTION.match(text))


def is_heading(chunk: Chunk, body_size: float) -> bool:
    """Whether a paragraph is set as headings are."""
    text = chunk.text
    if chunk.rows or len(text) > LONGEST_HEADING or len(chunk.lines) > MOST_LINES or not _reads_like_heading(text):
        return False
    if chunk.size > LARGER * body_size:
        return True
    if len(text) > LONGEST_BOLD or len(chunk.lines) > MOST_BOLD_LINES or chunk.size < (1 - SAME_SIZE) * body_size:
        return False
    return chunk.bold or (len(chunk.lines) == 1 and bool(DEEP_NUMBER.match(text) or text.isupper()))


def _reads_like_heading(text: str) -> bool:
    letters = sum(map(str.isalpha, text))
    opens = text[:1].isupper() or not text[:1].isalpha() or not text[:1].islower()
    ends = not NO_HEADING.search(text) or bool(NUMBERED.match(text))
    return (
        letters >= FEWEST_LETTERS
        and opens
        and ends
        and not is_caption(text)
        and not LEADERS.search(text)
        and not BULLET.match(text)
    )


def found_headings(chunks: Sequence[Chunk], body_size: float, title: Chunk | None, path: "HeadingPath") -> list[Chunk]:
    """Give the headings of a document: not the entries of its table of contents, nor the names below its title."""
    contents = pages_of_contents(chunks)
    headings = [
        chunk
        for chunk in chunks
        if (is_heading(chunk, body_size) or (path.knows(chunk.text) and len(chunk.lines) <= MOST_LINES))
        and not (chunk.page in contents and ENTRY.search(chunk.text))
    ]
    above_text = set(map(id, _above_text(chunks, headings, title)))
    usual = {_kind(chunk) for chunk in headings if id(chunk) not in above_text}
    return [c for c in headings if id(c) not in above_text or _kind(c) in usual or path.knows(c.text)]


def pages_of_contents(chunks: Iterable[Chunk]) -> set[int]:
    """Give the pages that have more than a few entries with leaders."""
    counts = Counter(line.page for chunk in chunks for line in chunk.lines if LEADERS.search(line.text))
    return {page for page, count in counts.items() if count > FEW_ENTRIES}


def are_contents(lines: Sequence[str], headings: Container[str]) -> bool:
    """Whether lines are entries of a table of contents: they end with a number, and most say what headings say.

    So the lines of a menu, which look alike, are none.
    """
    entries = [match[1] for line in lines if (match := ENTRY_TEXT.fullmatch(line))]
    named = sum(folded(text) in headings or LEADING_NUMBER.sub("", folded(text)) in headings for text in entries)
    return len(entries) == len(lines) and named >= HALF * len(lines)


def _above_text(chunks: Sequence[Chunk], headings: Sequence[Chunk], title: Chunk | None) -> Iterator[Chunk]:
    """Yield what is set like a heading below the title, before any text: names, an edition, a date."""
    known = set(map(id, headings))
    below = itertools.dropwhile(lambda chunk: chunk is not title, chunks) if title else iter(())
    yield from itertools.takewhile(lambda chunk: chunk is title or id(chunk) in known, below)


def _kind(chunk: Chunk) -> tuple[float, bool, bool]:
    return (*_style(chunk), bool(NUMBERED.match(chunk.text)))


def _style(chunk: Chunk) -> tuple[float, bool]:
    return round(2 * chunk.size) / 2, chunk.bold


def folded(text: str) -> str:
    """Give the words of a text alone, so that titles can be compared."""
    return " ".join(WORD.findall(text.casefold()))


class HeadingPath:
    """The headings above a place, the outermost first."""

    def __init__(self, bookmarks: Iterable[tuple[int, str]]) -> None:
        self._depths = {folded(title): depth for depth, title in bookmarks}
        self._above: list[tuple[tuple[float, ...], str]] = []

    def knows(self, text: str) -> bool:
        """Whether a bookmark has these words."""
        return bool(folded(text)) and folded(text) in self._depths

    def enter(self, chunk: Chunk, text: str) -> str | None:
        """Give the headings above a heading, and put it below them."""
        rank = self._rank(chunk, text)
        while self._above and self._above[-1][0] >= rank:
            self._above.pop()
        above = self.path
        self._above.append((rank, text))
        return above

    @property
    def path(self) -> str | None:
        """The headings above what follows."""
        return HEADING_SEPARATOR.join(text for _, text in self._above) or None

    def _rank(self, chunk: Chunk, text: str) -> tuple[float, ...]:
        number = re.match(r"\d{1,2}(?:\.\d{1,2})*", text)
        dots = number.group().count(".") if number else 0
        size, bold = _style(chunk)
        return (-size, not bold, dots)


def title_chunk(chunks: Sequence[Chunk], body_size: float, said: str) -> Chunk | None:
    """Find the title on the first page: what the file calls itself, or else the largest type."""
    first = [c for c in chunks if c.page == chunks[0].page and not c.rows and len(c.text) <= 2 * LONGEST_HEADING]
    named = [chunk for chunk in first if said and folded(chunk.text) == folded(said)]
    if named:
        return max(named, key=lambda chunk: chunk.size)
    lettered = [chunk for chunk in first if sum(map(str.isalpha, chunk.text)) > 2]  # noqa: PLR2004 - an initial is no title
    largest = max(lettered, key=lambda chunk: chunk.size, default=None)
    return largest if largest and largest.size >= TITLE_LARGER * body_size else None


def sound_title(said: str, text: str, *, titled: bool) -> str:
    """Give the title that a file says it has, unless a program made it up or it is a leftover of another document."""
    said = " ".join(said.split())
    if UNTITLED.fullmatch(said) or len(said) > 2 * LONGEST_HEADING:
        return ""
    return said if not titled or folded(said) in folded(text) else ""


def sound_author(said: str) -> str | None:
    """Give the author that a file says it has, unless that is the name of an account or a program."""
    said = " ".join(said.split())
    return None if NOBODY.fullmatch(said) or len(said) > LONGEST_HEADING else said
