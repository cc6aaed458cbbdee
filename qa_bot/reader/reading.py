"""What a reader reads and gives, and what evidence needs of one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from qa_bot.models.identity import Identity
from qa_bot.reader.spans import Offsets, Reading

# Windows of a long passage overlap by so many word pieces, so that an answer stands whole in one of them.
STRIDE = 64
LONGEST_WINDOW = 384
# A longer question is cut, so that it leaves the passage room.
QUESTIONS_SHARE = 3


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph to read; the offsets of its sentences count from its own start."""

    text: str
    sentences: tuple[Offsets, ...]


class Reader(Protocol):
    """What evidence needs of a reader."""

    @property
    def identity(self) -> Identity:
        """The model's name and digest: weights fitted with another reader do not fit this one."""

    @property
    def languages(self) -> frozenset[str] | None:
        """The languages that the reader knows, by their codes; ``None`` where nobody has said."""

    def load(self) -> None:
        """Load the model now rather than at the first question. Raises `ModelError`."""

    def read(self, question: str, passages: Sequence[Passage]) -> Iterable[Reading]:
        """Begin to read the question with each passage; what comes of it, in order, is waited for. Raises `ModelError`."""


def knows(reader: Reader, language: str) -> bool:
    """Whether a reader may be asked about a text in a language: all but those known not to be its own."""
    return reader.languages is None or language in reader.languages
