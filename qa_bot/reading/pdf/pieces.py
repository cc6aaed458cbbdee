"""The nouns of a page: the words that a PDF library sees on it, and the pieces of lines that are made of them."""

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

# Letters stand above and below their baseline by these shares of the type size; what fonts say of it is often wrong.
ASCENT, DESCENT = 0.8, 0.2
# A raised or lowered character (a note's number, an index) keeps its line within this share of the type size.
RAISED = 0.45
# The number of a note is smaller than the text by this factor, and stands above its line by this share of the type size.
SMALLER = 0.85
ABOVE = 0.15
SUPERSCRIPTS = str.maketrans("0123456789+-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")
FIGURES = re.compile(r"[-−–+]?\d+")
# Words of one line stand closer than this many type sizes; what is further apart may be another column.
WIDEST_SPACE = 0.6
# What stands closer than this many type sizes has no space before it.
CLOSE = 0.15
HYPHENS = "-\u2010\u00ad\x02\ufffe"
# Signs that stand with the word before them, though a figure raised above it parts them in the file.
RAISED_FIGURES, ENDS = tuple("⁰¹²³⁴⁵⁶⁷⁸⁹"), tuple(".,;:!?)]}»”’%")
# Characters that overlap (italics, kerning, a letter printed twice to look bold) do so by less than this.
OVERLAP = 0.35


@dataclass(frozen=True, slots=True)
class Piece:
    """Words in a row on one baseline, and the box around them in points; ``y`` grows downwards.

    ``size`` is the type size as it appears, ``bold`` the share of its characters that are bold. A row of a table is a piece
    with ``cells``.
    """

    text: str
    left: float
    right: float
    baseline: float
    size: float
    bold: float = 0.0
    cells: tuple["Piece", ...] = ()

    @property
    def top(self) -> float:
        """Where its capitals end."""
        return self.baseline - ASCENT * self.size

    @property
    def bottom(self) -> float:
        """Where its letters hang down to."""
        return self.baseline + DESCENT * self.size

    @property
    def middle(self) -> float:
        """The height of its middle."""
        return self.baseline - (ASCENT - DESCENT) / 2 * self.size


@dataclass(frozen=True, slots=True)
class Rule:
    """A line drawn from left to right."""

    left: float
    right: float
    height: float


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it is shown: its number from 1, its size, and the pieces on it in the order of the file.

    ``asides`` are what runs up, down or across the page, each direction as it looks when the page is turned that way.
    ``pictured`` says that there is something else to be seen on a page with little text, as on a scan.
    """

    number: int
    width: float
    height: float
    pieces: tuple[Piece, ...]
    asides: tuple[tuple[Piece, ...], ...] = ()
    pictured: bool = False
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """A PDF: its pages, what it says of itself, and its bookmarks as depth and title; numbers of pages that are damaged."""

    pages: tuple[Page, ...]
    title: str = ""
    author: str = ""
    created: str = ""
    bookmarks: tuple[tuple[int, str], ...] = ()
    damaged: tuple[int, ...] = ()


def superscript(figures: str) -> str:
    """Give raised figures as such."""
    return figures.translate(SUPERSCRIPTS)


def is_superscript(size: float, beside: float, above: float) -> bool:
    """Whether type of a size is that of a note's number: smaller than the type beside it, and above its line."""
    return size < SMALLER * beside and above > ABOVE * beside


def joined(pieces: Sequence[Piece], between: str = " ", *, lower: bool = False) -> Piece:
    """Make one piece of several, in the order given; size, weight and height are those of most of its characters.

    With ``lower`` its baseline is that of the last one.
    """
    if len(pieces) == 1:
        return pieces[0]
    leading = max(pieces, key=lambda piece: len(piece.text))
    characters = sum(len(piece.text) for piece in pieces)
    return Piece(
        between.join(piece.text for piece in pieces),
        min(piece.left for piece in pieces),
        max(piece.right for piece in pieces),
        pieces[-1].baseline if lower else leading.baseline,
        leading.size,
        sum(piece.bold * len(piece.text) for piece in pieces) / max(characters, 1),
    )


def in_pieces(words: Iterable[Piece]) -> list[Piece]:
    """Join words that follow each other in the file on one baseline, until a gap that may part two columns."""
    runs: list[list[Piece]] = []
    for word in words:
        if runs and FIGURES.fullmatch(word.text) and _is_mark(runs[-1][-1], word):
            runs[-1][-1] = joined((runs[-1][-1], replace(word, text=superscript(word.text))), "")
        elif runs and _follows(runs[-1][-1], word):
            runs[-1].append(word)
        else:
            runs.append([word])
    return [in_one(run) for run in runs]


def in_one(pieces: Sequence[Piece]) -> Piece:
    """Make one piece of several in a row, with spaces between them; but for hyphens and raised figures that touch words."""
    parts = [pieces[0].text]
    for before, piece in itertools.pairwise(pieces):
        touching = piece.left - before.right < CLOSE * max(piece.size, before.size)
        hyphen = before.text[-1:] in HYPHENS or piece.text[:1] in HYPHENS
        raised = min(before.size, piece.size) < SMALLER * max(before.size, piece.size)
        ends = before.text[-1:] in RAISED_FIGURES and piece.text[:1] in ENDS
        parts.append(piece.text if touching and (hyphen or raised or ends) else f" {piece.text}")
    return replace(joined(pieces), text="".join(parts))


def _is_mark(before: Piece, word: Piece) -> bool:
    close = -OVERLAP * before.size < word.left - before.right < CLOSE * before.size
    return close and is_superscript(word.size, before.size, before.baseline - word.baseline)


def _follows(before: Piece, word: Piece) -> bool:
    """Whether a word continues a line, from left to right or from right to left."""
    size = max(before.size, word.size)
    if abs(before.baseline - word.baseline) > RAISED * size:
        return False
    if min(before.size, word.size) < 0.4 * size:  # a letter in the size of two lines opens a chapter, not a word
        return False
    gap = max(word.left - before.right, before.left - word.right)
    return -OVERLAP * size < gap < WIDEST_SPACE * size
