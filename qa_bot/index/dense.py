"""Vector search. The only module that imports faiss.

Up to some hundred thousand vectors every one of them is compared, as it lies in the file: FAISS looks at the mapped table
itself, so that no vector is held twice. More are sorted into cells around centroids, one byte a component, and only the
cells nearest to a question are looked at; how many, is found by comparison with exact search.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from qa_bot.encoder.vectors import Vectors
from qa_bot.index.approximation import LEAST_RECALL, Approximation
from qa_bot.index.halves import Halves, to_singles
from qa_bot.index.ragged import Ragged

# Its type stubs lack most of what is used here.
Faiss = Any

# One question does not profit from several threads, and on a busy machine they cost thirty times as much. Nor do the small
# products of numpy, whose threads wait for each other: that of a paragraph's pieces took 9 ms on two busy cores, not 0.3.
faiss.omp_set_num_threads(1)
threadpool_limits(1, user_api="blas")

# Up to so many vectors, comparing all takes some tens of milliseconds, and nothing is gained by skipping any.
EXACT_UP_TO = 300_000
# Cells for each square root of the number of vectors, and vectors for each cell to find its centroid by.
CELLS = 2
VECTORS_PER_CELL = 48
ROUNDS = 8
# The cells of a question to look at: the fewest of these with which recall is as it should be.
PROBES = (8, 16, 32, 64, 128, 256, 512)
# Recall is that of so many nearest, found among those that are scored exactly, by so many questions.
NEAREST = 10
SCORED = 200
QUESTIONS = 256
SEED = 20_251_125
# What rounding may change about a cosine.
ROUNDING = 1e-6
# So many vectors are added at a time.
BLOCK = 1 << 16


@dataclass(frozen=True, eq=False)
class DenseIndex:
    """Unit vectors in half precision, one or more a paragraph, searched by inner product, which is their cosine."""

    vectors: Ragged
    faiss_index: Faiss
    # What FAISS looks at must live as long as it does.
    looked_at: Halves | None = None

    @classmethod
    def exact(cls, vectors: Ragged) -> "DenseIndex":
        """Search all vectors of each paragraph, rows of shape ``(n, dimension)``, where they lie."""
        halves = np.ascontiguousarray(vectors.values)
        return cls(vectors, _view(halves), halves)

    @classmethod
    def open(cls, vectors: Ragged, path: Path, approximation: Approximation | None) -> "DenseIndex":
        """Open what `write_cells` wrote, or search all vectors if nothing was."""
        if approximation is None:
            return cls.exact(vectors)
        index = _mapped(path)
        index.nprobe = approximation.probes
        return cls(vectors, index)

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
        found = positions[0][(positions[0] >= 0) & (positions[0] < len(self.vectors.values))]
        return np.unique(self.vectors.owners(found))

    def best(self, question: NDArray[np.float32], paragraphs: NDArray[np.int64]) -> NDArray[np.float64]:
        """Give the highest cosine among the vectors of each paragraph, exactly; -1 where it has none."""
        rows = self.vectors.take(paragraphs)
        best = np.full(len(paragraphs), -1.0)
        filled = np.flatnonzero(rows.lengths)
        if len(filled):
            # Not by a product of matrices: its threads wait for each other on a busy machine, and what they give for a row
            # depends on where it stands.
            cosines = np.einsum("ij,j->i", to_singles(rows.values), question)
            best[filled] = np.maximum.reduceat(cosines, rows.bounds[filled])
        return best


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The cells of the generation before, to be carried over: ``moved`` gives the new place of each vector, or -1."""

    path: Path
    approximation: Approximation
    moved: NDArray[np.int64]

    def suit(self, count: int) -> bool:
        """Whether most of so many vectors are in them, and few have come since they were made."""
        new = count - np.count_nonzero(self.moved >= 0) + self.approximation.added
        return bool(10 * new <= self.approximation.vectors <= 2 * count)


def write_cells(
    path: Path, halves: Halves, others: Halves, before: Cells | None, *, threads: int, exact_up_to: int
) -> Approximation | None:
    """Write cells for vectors that are too many to compare each; otherwise give ``None``, and write nothing.

    Args:
        path: the file to write.
        halves: the vectors, shape ``(n, dimension)``.
        others: vectors like those of questions; some of them are searched by, to measure recall.
        before: the cells of the generation before, if there are any.
        threads: how many threads may work.
        exact_up_to: so many vectors are compared each.

    """
    if len(halves) <= exact_up_to:
        return None
    with _threads(threads):
        if before is not None and before.suit(len(halves)):
            return _carried_over(path, halves, before)
        index = _trained(halves)
        _add(index, halves, np.arange(len(halves)))
        faiss.write_index(index, str(path))
        return _measured(index, halves, to_singles(_sample(others, QUESTIONS)))


def _carried_over(path: Path, halves: Halves, before: Cells) -> Approximation:
    """Put the vectors into the cells of the generation before; only new ones need be sorted into them."""
    old, index = _mapped(before.path), _mapped(before.path)
    lists: Faiss = faiss.ArrayInvertedLists(old.nlist, old.code_size)
    for cell in range(old.nlist):
        count = old.invlists.list_size(cell)
        if not count:
            continue
        ids = before.moved[faiss.rev_swig_ptr(old.invlists.get_ids(cell), count)]
        codes = faiss.rev_swig_ptr(old.invlists.get_codes(cell), count * old.code_size).reshape(count, -1)
        # FAISS copies what lies in one piece.
        ids, codes = np.ascontiguousarray(ids[ids >= 0]), np.ascontiguousarray(codes[ids >= 0])
        lists.add_entries(cell, len(ids), faiss.swig_ptr(ids), faiss.swig_ptr(codes))
    index.replace_invlists(lists, True)  # noqa: FBT003 - FAISS takes no names; the lists are the index's from here on
    lists.this.disown()
    known = before.moved[before.moved >= 0]
    index.ntotal = len(known)
    new = np.setdiff1d(np.arange(len(halves)), known, assume_unique=True)
    _add(index, halves, new)
    faiss.write_index(index, str(path))
    return replace(before.approximation, added=before.approximation.added + len(new))


def _trained(halves: Halves) -> Faiss:
    """Find centroids; gives an index without vectors."""
    count, dimension = halves.shape
    cells = int(CELLS * count**0.5)
    quantizer: Faiss = faiss.IndexFlatIP(dimension)
    index = faiss.IndexIVFScalarQuantizer(
        quantizer, dimension, cells, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    quantizer.this.disown()
    index.own_fields = True
    index.cp.niter, index.cp.spherical = ROUNDS, True
    index.cp.min_points_per_centroid, index.cp.max_points_per_centroid = 1, VECTORS_PER_CELL
    index.train(to_singles(_sample(halves, cells * VECTORS_PER_CELL)))
    return index


def _add(index: Faiss, halves: Halves, positions: NDArray[np.int64]) -> None:
    for start in range(0, len(positions), BLOCK):
        own = positions[start : start + BLOCK]
        index.add_with_ids(to_singles(halves[own]), own)


def _measured(index: Faiss, halves: Halves, questions: Vectors) -> Approximation:
    """Look at more and more cells, until enough of what exact search finds is found."""
    nearest, _ = _view(np.ascontiguousarray(halves)).search(questions, NEAREST)
    recall = 0.0
    for probes in PROBES:
        index.nprobe = min(probes, index.nlist)
        _, found = index.search(questions, SCORED)
        recall = _recall(found, halves, questions, nearest[:, -1])
        if recall >= LEAST_RECALL or probes >= index.nlist:
            break
    return Approximation(cells=index.nlist, probes=index.nprobe, recall=recall, vectors=len(halves), added=0)


def _recall(found: NDArray[np.int64], halves: Halves, questions: Vectors, least: NDArray[np.float32]) -> float:
    """Tell how many of the nearest were found: vectors at least as near as the last of those, as many of them as may be.

    Which of equal vectors are found makes no difference.
    """
    shares = []
    for positions, question, bound in zip(found, questions, least, strict=True):
        cosines = to_singles(halves[positions[positions >= 0]]) @ question
        shares.append(min(int((cosines >= bound - ROUNDING).sum()), NEAREST) / NEAREST)
    return float(np.mean(shares))


def _sample(halves: Halves, most: int) -> Halves:
    """Draw vectors, the same at every call."""
    if len(halves) <= most:
        return np.ascontiguousarray(halves)
    drawn = np.random.default_rng(SEED).choice(len(halves), most, replace=False)
    return np.asarray(halves[np.sort(drawn)])


def _view(halves: Halves) -> Faiss:
    """Let FAISS look at vectors where they lie: what it writes of halves are their very bytes."""
    count, dimension = halves.shape
    index: Faiss = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    index.is_trained = True
    if count:
        codes: Faiss = faiss.MaybeOwnedVectorUInt8
        address = faiss.swig_ptr(halves.reshape(-1).view(np.uint8))
        index.codes = codes.create_view(address, halves.nbytes, index.codes.owner)
        index.ntotal = count
    return index


def _mapped(path: Path) -> Faiss:
    """Map cells into memory."""
    index: Faiss = faiss.read_index(str(path), faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY)
    # It would start threads at each question to read ahead, which costs more than what they read.
    lists: Faiss = faiss.downcast_InvertedLists(index.invlists)
    lists.prefetch_nthread = 0
    return index


@contextmanager
def _threads(count: int) -> Iterator[None]:
    """Let FAISS, and the products that it leaves to BLAS, work with several threads for a while."""
    faiss.omp_set_num_threads(count)
    try:
        with threadpool_limits(count, user_api="blas"):
            yield
    finally:
        faiss.omp_set_num_threads(1)
