"""Vector search. The only module that imports faiss."""

from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from qa_bot.index.ragged import Ragged

# One question does not profit from several threads, and on a busy machine they cost thirty times as much.
faiss.omp_set_num_threads(1)


@dataclass(frozen=True, eq=False)
class DenseIndex:
    """Unit vectors, one or more a paragraph, searched by inner product, which for unit vectors is the cosine."""

    vectors: Ragged
    faiss_index: faiss.Index

    @classmethod
    def build(cls, vectors: Ragged) -> "DenseIndex":
        """Index the vectors of each paragraph, rows of shape ``(n, dimension)``."""
        index = faiss.IndexFlatIP(vectors.values.shape[1])
        index.add(np.ascontiguousarray(vectors.values))
        return cls(vectors, index)

    @classmethod
    def open(cls, vectors: Ragged, path: Path) -> "DenseIndex":
        """Open an index written by `write`."""
        return cls(vectors, faiss.read_index(str(path)))

    def write(self, path: Path) -> None:
        """Write the FAISS index; the vectors themselves are kept by the generation."""
        faiss.write_index(self.faiss_index, str(path))

    def __len__(self) -> int:
        """Count the vectors."""
        return int(self.faiss_index.ntotal)

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return int(self.faiss_index.d)

    def search(self, question: NDArray[np.float32], limit: int) -> NDArray[np.int64]:
        """Name the paragraphs that own the ``limit`` vectors nearest to the question, each once, ascending."""
        limit = min(limit, len(self))
        if not limit:
            return np.empty(0, dtype=np.int64)
        _, positions = self.faiss_index.search(question[np.newaxis], limit)
        # FAISS pads missing results with -1, which would be taken for the last vector.
        return np.unique(self.vectors.owners(positions[0][positions[0] >= 0]))

    def best(self, question: NDArray[np.float32], paragraphs: NDArray[np.int64]) -> NDArray[np.float64]:
        """Give the highest cosine among the vectors of each paragraph, exactly; -1 where it has none."""
        rows = self.vectors.take(paragraphs)
        best = np.full(len(paragraphs), -1.0)
        filled = np.flatnonzero(np.diff(rows.bounds))
        if len(filled):
            best[filled] = np.maximum.reduceat(rows.values @ question, rows.bounds[filled])
        return best
