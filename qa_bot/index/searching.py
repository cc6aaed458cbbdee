"""What answers need of an index, whichever engine keeps it: its words, a search, and the numbers of what was found."""

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from qa_bot.encoder.vectors import Vectors
from qa_bot.index.late import LatePassage
from qa_bot.index.lexical import TermWeights
from qa_bot.index.manifest import Manifest
from qa_bot.index.store import DocumentSummary, StoredParagraph
from qa_bot.records import Document, Paragraph

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """The paragraphs that any of the searches finds, by id, each with all its scores, exactly; in the documents' order.

    ``paragraph`` is the highest cosine of a window, ``sentence`` that of a sentence (-1 where it has none), ``lexical`` the
    normalised BM25; all of shape ``(n,)``.
    """

    ids: NDArray[np.int64]
    paragraph: NDArray[np.float64]
    sentence: NDArray[np.float64]
    lexical: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """The numbers of one paragraph: the unit vectors of its sentences, a row each, and its word pieces."""

    language: str
    sentences: Vectors
    late: LatePassage


class Vocabulary(Protocol):
    """The terms of an index."""

    @property
    def known_languages(self) -> Sequence[str]:
        """The languages that any paragraph is in."""

    @property
    def letters(self) -> Sequence[str]:
        """The letters of all terms."""

    def held(self, terms: Iterable[str]) -> AbstractSet[str]:
        """Give those of some terms that any paragraph holds."""

    def idf(self, term: str) -> float:
        """Tell how rare a term is, between 0 and 1."""

    def weigh(self, terms: Iterable[str]) -> dict[str, float]:
        """Give each distinct term its idf; a term that no paragraph holds is taken for a misspelt one where it can be."""


class Records(Protocol):
    """The documents of an index."""

    def paragraph(self, paragraph_id: int) -> tuple[str, Paragraph]:
        """Give a paragraph by its id in the index, with the name of its document. Raises `KeyError`."""

    def located(self, paragraph_ids: Sequence[int]) -> list[tuple[str, Paragraph]]:
        """Give paragraphs by their ids in the index, each with the name of its document, in the order asked for."""

    def passages(self, paragraph_ids: Sequence[int]) -> list[tuple[Document, Paragraph]]:
        """Give paragraphs by their ids in the index, each with its document, in the order asked for."""

    def document(self, name: str) -> Document:
        """Give a document by its name, without its blocks. Raises `KeyError`."""

    def paragraphs(self, name: str) -> list[StoredParagraph]:
        """List all paragraphs of a document in order, quotable or not."""

    def stamps(self) -> dict[str, str]:
        """Give the stamp that each document had when it was read."""

    def digests(self) -> dict[str, str]:
        """Give the digest of each document's bytes."""

    def refused(self) -> dict[str, tuple[str, str]]:
        """Give stamp and reason of each file that could not become a document."""

    def summaries(self) -> list[DocumentSummary]:
        """List the documents by name."""

    def close(self) -> None:
        """Let go of them, and of the index they belong to."""


class Index(Protocol):
    """A complete state of the documents, for reading; safe to share between threads.

    An engine that cannot keep a state for those who opened it raises `SupersededError` as soon as a newer one is in force:
    what is read never is of two states.
    """

    @property
    def manifest(self) -> Manifest:
        """How it was made."""

    @property
    def store(self) -> Records:
        """Its documents."""

    @property
    def lexical(self) -> Vocabulary:
        """Its terms."""

    @property
    def projection(self) -> Vectors:
        """What compresses the word pieces, shape ``(dimension, compressed dimension)``."""

    def read(self, work: Callable[[], Result]) -> Result:
        """Do work that reads the index several times; where the engine lost its connection, it is done once more."""

    def newest(self) -> int | None:
        """Give the number of the state in force now, or ``None`` if there is none.

        Raises:
            IndexUnusableError: it is damaged.
            DatabaseError: the database cannot be used.

        """

    def __enter__(self) -> Self:
        """Use it in a ``with`` block."""

    def __exit__(self, *exc_info: object) -> None:
        """Let go of it."""

    def search(
        self, question: NDArray[np.float32], terms: TermWeights, *, paragraphs: int, sentences: int
    ) -> Candidates:
        """Find the candidates for a question.

        Args:
            question: its unit vector, shape ``(dimension,)``.
            terms: what its terms weigh.
            paragraphs: so many windows, and so many paragraphs by their terms, are taken at most.
            sentences: so many sentences are taken at most.

        """

    def numbers(self, ids: Sequence[int]) -> list[Numbers]:
        """Give the numbers of paragraphs, in the order asked for."""
