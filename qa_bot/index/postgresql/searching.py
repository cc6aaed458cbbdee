"""One state of the index in the database: search, and the numbers of what was found."""

from collections.abc import Callable, Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray

from qa_bot.encoder.vectors import Vectors
from qa_bot.index.halves import to_singles
from qa_bot.index.late import LatePassage
from qa_bot.index.lexical import TermWeights
from qa_bot.index.manifest import Manifest
from qa_bot.index.postgresql.caching import Cache
from qa_bot.index.postgresql.reading import Reads, Row
from qa_bot.index.postgresql.records import RECORD_BYTES, DatabaseRecords
from qa_bot.index.postgresql.vocabulary import DatabaseVocabulary
from qa_bot.index.searching import Candidates, Numbers, Result

SEARCH = "SELECT id, paragraph, sentence, lexical FROM search(%s, %s, %s, %s, %s, %s, %s)"


class DatabaseIndex:
    """A state of the documents; see `Index`.

    As soon as a newer one is in force, this one cannot be read any more, and says so.
    """

    def __init__(self, reads: Reads, manifest: Manifest, projection: Vectors, *, length: int, room: int) -> None:
        """Read it so.

        Args:
            reads: how to read.
            manifest: how it was made.
            projection: what compresses the word pieces.
            length: how many terms all paragraphs have together.
            room: so many bytes of what was read are kept in memory.

        """
        self._reads = reads
        self.manifest = manifest
        self.projection = projection
        self.store = DatabaseRecords(reads, room // 2)
        self.lexical = DatabaseVocabulary(reads, manifest.counts.paragraphs, room // 8)
        self._numbers: Cache[int, Numbers] = Cache(room // 4, _bytes_of)
        self._typical_length = max(length / manifest.counts.paragraphs, 1.0) if manifest.counts.paragraphs else 1.0

    def __enter__(self) -> Self:
        """Use it in a ``with`` block."""
        return self

    def __exit__(self, *exc_info: object) -> None:
        """Close the connections."""
        self._reads.close()

    def read(self, work: Callable[[], Result]) -> Result:
        """Do work whose reads are all of one snapshot; all of it again where the server went away.

        Raises:
            DatabaseError: the database cannot be used.
            SupersededError: a newer state is in force.

        """
        return self._reads.together(work)

    def newest(self) -> int | None:
        """Give the number of the state in force."""
        return self._reads.newest()

    def search(
        self, question: NDArray[np.float32], terms: TermWeights, *, paragraphs: int, sentences: int
    ) -> Candidates:
        """Find the candidates for a question, in one round trip."""
        asked = [
            (term, language, weight / max(sum(own.values()), 1e-9))
            for language, own in terms.items()
            for term, weight in own.items()
        ]
        rows = self._reads.rows(
            SEARCH,
            question,
            *([part[column] for part in asked] for column in range(3)),
            self._typical_length,
            paragraphs,
            sentences,
        )
        ids, *scores = zip(*rows, strict=True) if rows else ((),) * 4
        paragraph, sentence, lexical = (np.array(column, dtype=np.float64) for column in scores)
        return Candidates(np.array(ids, dtype=np.int64), paragraph, sentence, lexical)

    def numbers(self, ids: Sequence[int]) -> list[Numbers]:
        """Give the numbers of paragraphs, in the order asked for."""
        found = self._numbers.get(ids, self._fetch)
        return [found[number] for number in ids]

    def _fetch(self, ids: list[int]) -> dict[int, Numbers]:
        return fetch_numbers(self._reads, ids, self.projection.shape)


def fetch_numbers(reads: Reads, ids: Sequence[int], shape: tuple[int, ...]) -> dict[int, Numbers]:
    """Fetch the numbers of paragraphs; ``shape`` is that of the projection."""
    rows = reads.rows(
        "SELECT p.id, p.language, p.pieces, p.piece_sentences, s.vectors FROM paragraphs p LEFT JOIN ("
        "SELECT paragraph, array_agg(vector ORDER BY number) AS vectors FROM sentences WHERE paragraph = ANY (%s) "
        "GROUP BY paragraph) s ON s.paragraph = p.id WHERE p.id = ANY (%s) AND p.terms IS NOT NULL",
        list(ids),
        list(ids),
    )
    return {row[0]: _numbers_of(row, *shape) for row in rows}


def _numbers_of(row: Row, dimension: int, small: int) -> Numbers:
    _, language, pieces, piece_sentences, vectors = row
    halves = np.array([vector.to_numpy() for vector in vectors or ()], dtype=np.float16)
    return Numbers(
        language,
        to_singles(halves.reshape(-1, dimension)),
        LatePassage(
            np.frombuffer(pieces, dtype=np.int8).reshape(-1, small), np.frombuffer(piece_sentences, dtype=np.int32)
        ),
    )


def _bytes_of(numbers: Numbers) -> int:
    late = numbers.late
    return numbers.sentences.nbytes + late.pieces.nbytes + late.sentences.nbytes + RECORD_BYTES
