from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from qa_bot.index.halves import to_halves, to_singles
from qa_bot.index.ragged import Ragged
from qa_bot.index.tables import RaggedWriter, TableWriter, read_ragged, read_table


@pytest.mark.parametrize("row", [(), (3,)])
@pytest.mark.parametrize("counts", [[], [0], [5], [2, 0, 70_000, 1]])
def test_a_table_written_in_parts_is_one_array(tmp_path: Path, row: tuple[int, ...], counts: list[int]) -> None:
    """However many parts are written, numpy reads them as one array of the right shape and type, mapped into memory."""
    generator = np.random.default_rng(1)
    parts = [generator.integers(-100, 100, size=(count, *row)) for count in counts]

    writer = TableWriter(tmp_path / "table.npy", np.int16, row)
    for part in parts:
        writer.append(part)
    writer.close()

    expected = np.concatenate([np.empty((0, *row)), *parts]).astype(np.int16)
    assert np.array_equal(np.load(tmp_path / "table.npy"), expected)
    read = read_table(tmp_path, "table")
    assert (str(read.dtype), read.shape) == ("int16", expected.shape)
    assert isinstance(read, np.memmap)


def test_rows_written_in_parts_are_one_table(tmp_path: Path) -> None:
    """Rows of each part stand below those before; a table that shares the bounds of another writes none."""
    rows = [[1, 2], [], [3], [4, 5, 6], []]
    whole = Ragged.of_rows([np.array(row, dtype=np.int32) for row in rows], like=np.empty(0, dtype=np.int32))
    own, shared = RaggedWriter(tmp_path, "own", np.int32), RaggedWriter(tmp_path, "other", np.int32, shared=True)

    for writer in (own, shared):
        writer.append(whole.part(0, 2))
        writer.append(whole.part(2, 5))
        writer.close()

    for table in (read_ragged(tmp_path, "own"), read_ragged(tmp_path, "other", "own")):
        assert [table[number].tolist() for number in range(len(table))] == rows
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other.npy", "own.bounds.npy", "own.npy"]


@given(arrays.arrays(np.float16, 20, elements=st.floats(-65504, 65504, width=16)))
def test_halves_are_read_as_numpy_reads_them(halves: np.ndarray[tuple[int], np.dtype[np.float16]]) -> None:
    """Every finite half, the smallest ones and both zeros included, is the same number in single precision."""
    singles = to_singles(halves)

    assert singles.dtype == np.float32
    assert np.array_equal(singles, halves.astype(np.float32))
    assert np.array_equal(np.signbit(singles), np.signbit(halves))


def test_every_finite_half_survives() -> None:
    """Reading all finite halves in single precision and rounding them again gives their very bytes."""
    every = np.arange(1 << 16, dtype=np.uint16).view(np.float16)
    finite = every[np.isfinite(every)]

    assert np.array_equal(to_halves(to_singles(finite)).view(np.uint16), finite.view(np.uint16))
