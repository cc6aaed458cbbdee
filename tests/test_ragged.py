import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.index.ragged import Ragged

NUMBERS = np.empty(0, dtype=np.int32)
VECTORS = np.empty((0, 3), dtype=np.float32)

rows_of_numbers = st.lists(st.lists(st.integers(-1000, 1000), max_size=4), max_size=6)


def ragged(rows: list[list[int]]) -> Ragged:
    """Make a table of rows of numbers."""
    return Ragged.of_rows([np.array(row, dtype=np.int32) for row in rows], like=NUMBERS)


def lists(table: Ragged) -> list[list[int]]:
    """Give a table as lists."""
    return [table[row].tolist() for row in range(len(table))]


@given(rows_of_numbers)
def test_rows_come_back_as_they_went_in(rows: list[list[int]]) -> None:
    """A table holds its rows in order, empty ones included, without gap or overlap."""
    table = ragged(rows)

    assert lists(table) == rows
    assert len(table) == len(rows)
    assert table.bounds.tolist() == [sum(map(len, rows[:count])) for count in range(len(rows) + 1)]
    assert table.values.tolist() == [number for row in rows for number in row]
    assert [str(table.bounds.dtype), str(table.values.dtype)] == ["int64", "int32"]


@given(st.data(), rows_of_numbers)
def test_take_is_indexing_of_a_list(data: st.DataObject, rows: list[list[int]]) -> None:
    """Taking rows gives what a list of lists gives, in any order, repeated or none at all."""
    wanted = data.draw(st.lists(st.integers(0, len(rows) - 1), max_size=8)) if rows else []

    taken = ragged(rows).take(np.array(wanted, dtype=np.int64))

    assert lists(taken) == [rows[row] for row in wanted]
    assert [str(taken.bounds.dtype), str(taken.values.dtype)] == ["int64", "int32"]


@given(st.data(), rows_of_numbers)
def test_a_part_is_a_slice_of_a_list(data: st.DataObject, rows: list[list[int]]) -> None:
    """A part of a table is a table of its own: its bounds begin at 0."""
    start = data.draw(st.integers(0, len(rows)))
    stop = data.draw(st.integers(start, len(rows)))

    part = ragged(rows).part(start, stop)

    assert lists(part) == rows[start:stop]
    assert (part.bounds[0], part.bounds[-1]) == (0, len(part.values))
    assert part.lengths.tolist() == [len(row) for row in rows[start:stop]]


@given(rows_of_numbers)
def test_owner_of_a_position_is_the_row_that_holds_it(rows: list[list[int]]) -> None:
    """Every position of the flat array belongs to the row it came from; empty rows own none."""
    owners = [number for number, row in enumerate(rows) for _ in row]

    assert ragged(rows).owners(np.arange(len(owners))).tolist() == owners


@pytest.mark.parametrize("count", [0, 2])
def test_rows_without_values_keep_dtype_and_shape(count: int) -> None:
    """A table with nothing in it still knows how long its vectors are and of what type."""
    table = Ragged.of_rows([VECTORS] * count, like=VECTORS)

    assert table.values.shape == (0, 3)
    assert table.values.dtype == np.float32
    assert table.take(np.empty(0, dtype=np.int64)).values.shape == (0, 3)
    assert table.part(0, count).values.shape == (0, 3)


def test_take_copies_whole_vectors() -> None:
    """Rows of vectors are taken whole, not component by component, and do not share memory with the table."""
    vectors = np.arange(12, dtype=np.float32).reshape(4, 3)
    table = Ragged.of_rows([vectors[:1], vectors[1:]], like=VECTORS)

    taken = table.take(np.array([1, 0]))
    taken.values[:] = -1

    assert table.take(np.array([1, 0]))[0].tolist() == vectors[1:].tolist()
    assert table[0].tolist() == [[0, 1, 2]]
