"""The numbers of a generation: a row for each quotable paragraph, in one table each."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa_bot.index.encoding import EncodedPassage
from qa_bot.index.lexical import LexicalIndex
from qa_bot.index.ragged import Ragged

TERMS = "terms.json"
LANGUAGES = "languages.npy"
PROJECTION = "projection.npy"
TABLES = ("windows", "sentences", "pieces", "piece-sentences", "term-ids", "term-counts")
# Every file that `Arrays.write` writes.
FILES: tuple[str, ...] = (
    TERMS,
    LANGUAGES,
    PROJECTION,
    *(f"{name}{suffix}" for name in TABLES for suffix in (".npy", ".bounds.npy")),
)


@dataclass(frozen=True, eq=False)
class Arrays:
    """The numbers of a generation.

    A paragraph has a vector for each window of the encoder it fills (mostly one) and one for each sentence; its
    pieces are compressed by ``projection``, and ``piece_sentences`` says which sentence each stands in.
    """

    windows: Ragged
    sentences: Ragged
    pieces: Ragged
    piece_sentences: Ragged
    projection: NDArray[np.float32]
    lexical: LexicalIndex

    @classmethod
    def empty(cls) -> "Arrays":
        """Give the numbers of no paragraph at all."""
        return cls.of_passages([], LexicalIndex.of_terms([], []), np.empty((1, 1), dtype=np.float32))

    @classmethod
    def of_passages(
        cls, passages: Sequence[EncodedPassage], lexical: LexicalIndex, projection: NDArray[np.float32]
    ) -> "Arrays":
        """Make tables of encoded paragraphs, beside their terms."""
        dimension, small = projection.shape
        vectors = np.empty((0, dimension), dtype=np.float32)
        return cls(
            Ragged.of_rows([passage.windows for passage in passages], like=vectors),
            Ragged.of_rows([passage.sentences for passage in passages], like=vectors),
            Ragged.of_rows([passage.pieces for passage in passages], like=np.empty((0, small), dtype=np.int8)),
            Ragged.of_rows([passage.piece_sentences for passage in passages], like=np.empty(0, dtype=np.int32)),
            projection,
            lexical,
        )

    @classmethod
    def read(cls, folder: Path) -> "Arrays":
        """Read what `write` wrote; the large tables are mapped into memory, not copied."""
        tables = {name: Ragged(np.load(folder / f"{name}.bounds.npy"), _map(folder / f"{name}.npy")) for name in TABLES}
        ids, counts = tables["term-ids"], tables["term-counts"]
        terms = json.loads((folder / TERMS).read_text(encoding="utf-8"))
        return cls(
            tables["windows"],
            tables["sentences"],
            tables["pieces"],
            tables["piece-sentences"],
            np.load(folder / PROJECTION),
            LexicalIndex(terms, ids.bounds, ids.values, counts.values, np.load(folder / LANGUAGES)),
        )

    def write(self, folder: Path) -> None:
        """Write every table into the folder."""
        for name, table in self.tables().items():
            np.save(folder / f"{name}.bounds.npy", table.bounds)
            np.save(folder / f"{name}.npy", table.values)
        np.save(folder / PROJECTION, self.projection)
        np.save(folder / LANGUAGES, self.lexical.languages)
        (folder / TERMS).write_text(json.dumps(list(self.lexical.terms), ensure_ascii=False), encoding="utf-8")

    def tables(self) -> dict[str, Ragged]:
        """Name every table."""
        ids = Ragged(self.lexical.bounds, self.lexical.term_ids)
        counts = Ragged(self.lexical.bounds, self.lexical.counts)
        tables = (self.windows, self.sentences, self.pieces, self.piece_sentences, ids, counts)
        return dict(zip(TABLES, tables, strict=True))

    def __len__(self) -> int:
        """Count the paragraphs."""
        return len(self.windows)

    def take(self, rows: NDArray[np.int64]) -> "Arrays":
        """Copy some rows, in the order given."""
        return Arrays(
            self.windows.take(rows),
            self.sentences.take(rows),
            self.pieces.take(rows),
            self.piece_sentences.take(rows),
            self.projection,
            self.lexical.take(rows),
        )

    def joined(self, other: "Arrays") -> "Arrays":
        """Put the rows of another below these; both must come of the same encoder."""
        return Arrays(
            self.windows.joined(other.windows),
            self.sentences.joined(other.sentences),
            self.pieces.joined(other.pieces),
            self.piece_sentences.joined(other.piece_sentences),
            self.projection,
            self.lexical.joined(other.lexical),
        )


def _map(path: Path) -> NDArray[Any]:
    try:
        array: NDArray[Any] = np.load(path, mmap_mode="r")
    except ValueError:
        # An empty table cannot be mapped into memory.
        array = np.load(path)
    return array
