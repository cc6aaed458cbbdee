"""Which blocks of a page are what it is about.

trafilatura is right most often. Where it errs, it takes in what stands far off (other articles, notices at the foot), or
stops early. readability errs elsewhere. So prose that both keep says from where to where the article goes; what
trafilatura keeps inside is kept, and what only readability keeps is added if trafilatura misses much. The numbers were
chosen on the benchmark, most of them on every second page only; on the others they do nearly as well.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from qa_bot.reading.html.links import Piece
from qa_bot.reading.html.words import Runs, share_in, words_of
from qa_bot.reading.markdown import HEADING_SEPARATOR
from qa_bot.records import Role

# A block is kept by a library if so much of it stands in what the library gives.
KEPT = 0.5
SURELY_KEPT = 0.8
HALF = 0.5
# Prose has so many words; what stands by itself, without trafilatura's vote, has more.
PROSE = 10
LONG_PROSE = 20
# A short block that is mostly links leads elsewhere.
LEADS_ELSEWHERE = 0.7
SHORT = 30
# The article goes on for as long as the next prose is no further away than this.
REACH = 3
# If both libraries agree on less than this share of what trafilatura keeps, readability has looked at another place.
AGREED = 0.4
# If readability keeps more than this share of what is kept besides, trafilatura has stopped early.
MISSED = 0.1
# A heading of so many words inside the title repeats it.
REPEATING = 4


@dataclass(frozen=True, slots=True)
class _Vote:
    """What is held of one block."""

    piece: Piece
    kept: bool
    readable: float

    @property
    def is_prose(self) -> bool:
        return self.kept and self.piece.block.role is None and self.piece.words >= PROSE

    @property
    def is_agreed(self) -> bool:
        return self.kept and self.readable > KEPT and self.piece.block.role is None

    @property
    def is_linked(self) -> bool:
        return self.piece.linked > HALF

    @property
    def is_list(self) -> bool:
        """Whether it is a list, a table or code that trafilatura may have passed by."""
        return self.piece.block.lines and self.readable > SURELY_KEPT and not self.is_linked

    @property
    def is_missed(self) -> bool:
        block = self.piece.block
        prose = block.role is None and not block.lines and self.piece.words >= LONG_PROSE
        return prose and not self.kept and self.readable > SURELY_KEPT


def choose(pieces: Sequence[Piece], *, kept: Runs, readable: Runs, title: str) -> list[int]:
    """Give the numbers of the blocks that are what the page is about.

    Args:
        pieces: all blocks of the page.
        kept: the runs of words that trafilatura keeps.
        readable: those that readability keeps.
        title: the page's title, which is told apart from its text.

    """
    votes = _votes(pieces, kept, readable, words_of(title))
    prose = [number for number, vote in votes.items() if vote.is_prose]
    agreed = [number for number in prose if votes[number].readable > KEPT]
    if _words(votes, agreed) < AGREED * _words(votes, prose):
        agreed = prose
    core = agreed or [number for number, vote in votes.items() if vote.kept]
    if not core:
        return []
    first, last = _reach(prose, core[0], core[-1])
    while last + 1 in votes and votes[last + 1].is_agreed:
        last += 1
    chosen = {number for number, vote in votes.items() if vote.kept and first <= number <= last}
    missed = [number for number, vote in votes.items() if vote.is_missed]
    beyond = _reach(missed, first, last)
    missed = [number for number in missed if beyond[0] <= number <= beyond[1]]
    if _words(votes, missed) > MISSED * _words(votes, chosen):
        chosen.update(missed)
        first, last = beyond
    chosen.update(number for number, vote in votes.items() if vote.is_list and first <= number <= last)
    return sorted(chosen | _headings(votes, chosen))


def choose_all(pieces: Sequence[Piece], *, links: bool) -> list[int]:
    """Give the numbers of all blocks of a page that is no article: but for what is told as furniture, and, if wanted, links."""
    return [
        number
        for number, piece in enumerate(pieces)
        if piece.block.role is not Role.FURNITURE and (links or not _leads_elsewhere(piece))
    ]


def _headings(votes: Mapping[int, _Vote], chosen: Collection[int]) -> set[int]:
    """Give the headings right above what is chosen; one above the first of it must be kept by trafilatura."""
    headings = set[int]()
    first = min(chosen)
    for number in sorted(votes, reverse=True):
        vote = votes[number]
        if vote.piece.block.role is not Role.HEADING or not (vote.kept or (number > first and not vote.is_linked)):
            continue
        below = votes.get(number + 1)
        path = (below.piece.block.heading or "") if below and (number + 1 in chosen or number + 1 in headings) else ""
        if path.rpartition(HEADING_SEPARATOR)[2] == vote.piece.text:
            headings.add(number)
    return headings


def _votes(pieces: Sequence[Piece], kept: Runs, readable: Runs, title: Sequence[str]) -> dict[int, _Vote]:
    """Weigh all blocks but those that cannot be content; prose that stands twice, for two widths of screen, counts once."""
    votes = {}
    seen = set()
    for number, piece in enumerate(pieces):
        if (
            piece.block.role is Role.FURNITURE
            or _leads_elsewhere(piece)
            or _repeats(piece, title)
            or piece.text in seen
        ):
            continue
        vote = _Vote(piece, share_in(piece.text, kept) > KEPT, share_in(piece.text, readable))
        votes[number] = vote
        if piece.words >= PROSE and (vote.kept or vote.readable > KEPT):
            seen.add(piece.text)
    return votes


def _leads_elsewhere(piece: Piece) -> bool:
    short = piece.words < SHORT or piece.block.lines
    return piece.linked > LEADS_ELSEWHERE and short and piece.block.role is not Role.HEADING


def _repeats(piece: Piece, title: Sequence[str]) -> bool:
    """Whether a block says the title again."""
    words = words_of(piece.text)
    if piece.block.role is Role.TITLE or words == title:
        return True
    long_enough = piece.block.role is Role.HEADING and len(words) >= REPEATING
    return long_enough and f" {' '.join(words)} " in f" {' '.join(title)} "


def _reach(numbers: Sequence[int], first: int, last: int) -> tuple[int, int]:
    """Go on from a stretch of blocks to those of ``numbers`` that are near it, and on from there."""
    for number in numbers:
        if last < number <= last + REACH:
            last = number
    for number in reversed(numbers):
        if first - REACH <= number < first:
            first = number
    return first, last


def _words(votes: Mapping[int, _Vote], numbers: Iterable[int]) -> int:
    return sum(votes[number].piece.words for number in numbers)
