"""The numbers of a generation: a row for each quotable paragraph, in one table each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from qa_bot.index import postings, term_list
from qa_bot.index.encoding import EncodedPassage
from qa_bot.index.frequencies import Frequencies, Number, Numbering, lengths_of
from qa_bot.index.lexical import LexicalIndex
from qa_bot.index.ragged import Ragged
from qa_bot.index.tables import BOUNDS, SUFFIX, RaggedWriter, read_ragged, read_table
from qa_bot.index.term_list import TermList

PROJECTION = "projection"
LENGTHS = "lengths"
LANGUAGES = "languages"
LANGUAGE_NAMES = "language-names"
# Pieces and their sentences have the same rows, and so have terms and their counts: the second shares the bounds of the first.
SHARED = {"piece-sentences": "pieces", "term-counts": "term-ids"}
TABLES: dict[str, DTypeLike] = {
    "windows": np.float16,
    "sentences": np.float16,
    "pieces": np.int8,
    "piece-sentences": np.int32,
    "term-ids": Number,
    "term-counts": Number,
}
# Every file that `ArraysWriter` writes.
FILES: tuple[str, ...] = (
    *(f"{name}{SUFFIX}" for name in (PROJECTION, LENGTHS, LANGUAGES, LANGUAGE_NAMES, *TABLES)),
    *(f"{name}{BOUNDS}{SUFFIX}" for name in TABLES if name not in SHARED),
    *term_list.FILES,
    *postings.FILES,
)
# So many rows of another generation are copied at a time.
BLOCK = 1 << 13


@dataclass(frozen=True, eq=False)
class Arrays:
    """The numbers of a generation, mapped into memory.

    A paragraph has a vector for each window of the encoder it fills (mostly one) and one for each sentence, in half
    precision; its pieces are compressed by ``projection``, and ``piece_sentences`` says which sentence each stands in.
    """

    windows: Ragged
    sentences: Ragged
    pieces: Ragged
    piece_sentences: Ragged
    projection: NDArray[np.float32]
    frequencies: Frequencies
    lexical: LexicalIndex

    @classmethod
    def read(cls, folder: Path) -> "Arrays":
        """Read what an `ArraysWriter` wrote."""
        tables = {name: read_ragged(folder, name, SHARED.get(name)) for name in TABLES}
        terms = TermList.read(folder)
        return cls(
            tables["windows"],
            tables["sentences"],
            tables["pieces"],
            tables["piece-sentences"],
            read_table(folder, PROJECTION),
            Frequencies(terms, tables["term-ids"], tables["term-counts"]),
            LexicalIndex(
                terms,
                read_ragged(folder, postings.HOLDERS),
                read_ragged(folder, postings.HOLDER_COUNTS, postings.HOLDERS),
                read_table(folder, LENGTHS),
                read_table(folder, LANGUAGE_NAMES).tolist(),
                read_table(folder, LANGUAGES),
            ),
        )

    def tables(self) -> dict[str, Ragged]:
        """Name every table that has a row for each paragraph."""
        tables = (self.windows, self.sentences, self.pieces, self.piece_sentences)
        return dict(zip(TABLES, (*tables, self.frequencies.ids, self.frequencies.counts), strict=True))

    def __len__(self) -> int:
        """Count the paragraphs."""
        return len(self.windows)


class ArraysWriter:
    """Writes the numbers of a generation paragraph by paragraph; little more than the terms is kept in memory."""

    def __init__(self, folder: Path) -> None:
        """Begin with no paragraph."""
        self._folder = folder
        self._tables: dict[str, RaggedWriter] = {}
        self._projection = np.empty((1, 1), dtype=np.float32)
        self._terms, self._languages = Numbering(), Numbering()
        self._paragraph_languages: list[NDArray[np.int32]] = []
        self._lengths: list[NDArray[np.int32]] = []
        # The number that each term of the generation copied from has here, or -1.
        self._copied: NDArray[np.int32] | None = None

    def add(
        self,
        passages: Sequence[EncodedPassage],
        terms: Sequence[Sequence[str]],
        languages: Sequence[str],
        projection: NDArray[np.float32],
    ) -> None:
        """Put encoded paragraphs below those written before, with their terms and the language of each."""
        dimension, small = projection.shape
        vectors = np.empty((0, dimension), dtype=np.float32)
        ids, counts = self._terms.rows([sorted(Counter(own).items()) for own in terms])
        parts = (
            Ragged.of_rows([passage.windows for passage in passages], like=vectors),
            Ragged.of_rows([passage.sentences for passage in passages], like=vectors),
            Ragged.of_rows([passage.pieces for passage in passages], like=np.empty((0, small), dtype=np.int8)),
            Ragged.of_rows([passage.piece_sentences for passage in passages], like=np.empty(0, dtype=np.int32)),
            ids,
            counts,
        )
        self._append(parts, self._languages.of(languages), projection)

    def copy(self, other: Arrays, start: int, stop: int) -> None:
        """Put rows of the generation before below those written before; it is the same at every call."""
        for first in range(start, stop, BLOCK):
            last = min(first + BLOCK, stop)
            parts = [table.part(first, last) for table in other.tables().values()]
            ids = parts[-2]
            parts[-2] = Ragged(ids.bounds, self._renumbered(other.frequencies.terms, ids.values))
            numbers = other.lexical.language_numbers[first:last]
            self._append(parts, self._languages.of(other.lexical.known_languages)[numbers], other.projection)

    def finish(self) -> Arrays:
        """Complete the files; gives what they hold."""
        self._open(self._projection)
        for table in self._tables.values():
            table.close()
        self._write_languages()
        np.save(self._folder / f"{PROJECTION}{SUFFIX}", self._projection)
        np.save(self._folder / f"{LENGTHS}{SUFFIX}", np.concatenate([np.empty(0, np.int32), *self._lengths]))
        terms, ranks = self._terms.in_order()
        terms.write(self._folder)
        numbers = read_table(self._folder, "term-ids", writable=True)
        # Each row is in the order of its terms already: only their numbers were not known.
        for start in range(0, len(numbers), 1 << 22):
            numbers[start : start + (1 << 22)] = ranks[numbers[start : start + (1 << 22)]]
        ids = read_ragged(self._folder, "term-ids")
        postings.write_transposed(self._folder, ids, read_ragged(self._folder, "term-counts", "term-ids"), len(terms))
        return Arrays.read(self._folder)

    def _append(self, parts: Sequence[Ragged], languages: NDArray[np.int32], projection: NDArray[np.float32]) -> None:
        self._open(projection)
        for table, part in zip(self._tables.values(), parts, strict=True):
            table.append(part)
        self._paragraph_languages.append(languages)
        self._lengths.append(lengths_of(parts[-1]))

    def _open(self, projection: NDArray[np.float32]) -> None:
        """Begin the tables, once it is known how long vectors are."""
        if self._tables:
            return
        self._projection = projection
        dimension, small = projection.shape
        rows = {"windows": (dimension,), "sentences": (dimension,), "pieces": (small,)}
        self._tables = {
            name: RaggedWriter(self._folder, name, dtype, rows.get(name, ()), shared=name in SHARED)
            for name, dtype in TABLES.items()
        }

    def _renumbered(self, terms: TermList, ids: NDArray[np.int32]) -> NDArray[np.int32]:
        """Give terms of the generation copied from the numbers that they have here."""
        if self._copied is None:
            self._copied = np.full(len(terms), -1, dtype=Number)
        used = np.unique(ids)
        new = used[self._copied[used] < 0]
        self._copied[new] = self._terms.of(terms[number] for number in new.tolist())
        renumbered: NDArray[np.int32] = self._copied[ids]
        return renumbered

    def _write_languages(self) -> None:
        names, ranks = self._languages.in_order()
        numbers: NDArray[Any] = np.concatenate([np.empty(0, np.int32), *self._paragraph_languages])
        used = np.unique(ranks[numbers])
        np.save(self._folder / f"{LANGUAGES}{SUFFIX}", np.searchsorted(used, ranks[numbers]).astype(np.uint16))
        known = np.array([names[number] for number in used.tolist()], dtype=np.str_)
        np.save(self._folder / f"{LANGUAGE_NAMES}{SUFFIX}", known)
