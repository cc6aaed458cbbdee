import numpy as np
import pytest
from numpy.typing import NDArray

from qa_bot.encoder.vectors import Vectors, normalise
from qa_bot.index.dense import DenseIndex
from qa_bot.index.halves import to_halves
from qa_bot.index.ragged import Ragged

DIMENSION = 16


def vectors_of(seed: int, count: int) -> Vectors:
    """Make random unit vectors."""
    return normalise(np.random.default_rng(seed).standard_normal((count, DIMENSION)))


def table(seed: int, lengths: list[int]) -> Ragged:
    """Make a table with so many random vectors in each row, as they are stored."""
    bounds = np.cumsum([0, *lengths], dtype=np.int64)
    return Ragged(bounds, to_halves(vectors_of(seed, int(bounds[-1]))))


def owners_of_best(rows: Ragged, question: NDArray[np.float32], limit: int) -> list[int]:
    """Search by brute force: cosines of all vectors with numpy, then the rows of the best."""
    cosines = rows.values.astype(np.float32) @ question
    return sorted({int(owner) for owner in rows.owners(np.argsort(-cosines, kind="stable")[:limit])})


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("limit", [1, 7, 50, 10_000])
def test_search_finds_what_numpy_finds(seed: int, limit: int) -> None:
    """The paragraphs found are just the owners of the vectors nearest by cosine, each once, ascending."""
    lengths = np.random.default_rng(seed).integers(0, 4, size=60).tolist()
    rows = table(seed, lengths)
    question = vectors_of(seed + 100, 1)[0]

    found = DenseIndex.exact(rows).search(question, limit)

    assert found.tolist() == owners_of_best(rows, question, limit)


def test_every_vector_finds_its_own_paragraph() -> None:
    """Searched by one of its own vectors, a paragraph is the one nearest, even the last and the one after empty ones."""
    rows = table(3, [2, 0, 0, 1, 3, 0, 1])
    index = DenseIndex.exact(rows)

    found = [index.search(vector, 1).tolist() for vector in rows.values.astype(np.float32)]

    assert found == [[0], [0], [3], [4], [4], [4], [6]]


def test_nothing_is_found_where_nothing_is() -> None:
    """An index without vectors, or a limit of none, gives no paragraph: padding is never taken for one."""
    question = vectors_of(1, 1)[0]

    assert DenseIndex.exact(table(1, [])).search(question, 5).tolist() == []
    assert DenseIndex.exact(table(1, [0, 0])).search(question, 5).tolist() == []
    assert DenseIndex.exact(table(1, [1, 1])).search(question, 0).tolist() == []


@pytest.mark.parametrize("seed", range(5))
def test_best_is_the_highest_cosine_of_each_paragraph(seed: int) -> None:
    """Each paragraph asked for gets the highest cosine of its own vectors, in the order asked; -1 where it has none."""
    generator = np.random.default_rng(seed)
    rows = table(seed, generator.integers(0, 4, size=40).tolist())
    question = vectors_of(seed + 100, 1)[0]
    wanted = generator.permutation(40)[:25].astype(np.int64)

    best = DenseIndex.exact(rows).best(question, wanted)

    expected = [
        max((float(vector.astype(np.float32) @ question) for vector in rows[row]), default=-1.0) for row in wanted
    ]
    np.testing.assert_allclose(best, expected, atol=1e-6)


def test_best_of_no_paragraph_or_of_empty_ones() -> None:
    """No paragraph asked for gives no cosine, and paragraphs without vectors give -1 each."""
    index = DenseIndex.exact(table(1, [0, 1, 0]))
    question = vectors_of(1, 1)[0]

    assert index.best(question, np.empty(0, dtype=np.int64)).tolist() == []
    assert index.best(question, np.array([0, 2])).tolist() == [-1.0, -1.0]


def test_vectors_that_are_not_contiguous_are_indexed_right() -> None:
    """Vectors may be a view with gaps in memory, as a mapped table can be."""
    wide = vectors_of(2, 12)
    rows = Ragged(np.arange(7, dtype=np.int64), to_halves(wide)[::2])

    index = DenseIndex.exact(rows)

    assert [index.search(vector, 1).tolist() for vector in wide[::2]] == [[0], [1], [2], [3], [4], [5]]
