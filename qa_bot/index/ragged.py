"""Rows of different lengths in one flat array."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Ragged:
    """Row ``i`` is ``values[bounds[i]:bounds[i + 1]]``; ``bounds`` has one entry more than there are rows."""

    bounds: NDArray[np.int64]
    values: NDArray[Any]

    @classmethod
    def of_rows(cls, rows: Sequence[NDArray[Any]], *, like: NDArray[Any]) -> "Ragged":
        """Join rows; ``like`` gives the dtype and the trailing shape, so that no row at all has them too."""
        bounds = np.cumsum([0, *(len(row) for row in rows)], dtype=np.int64)
        empty = np.empty((0, *like.shape[1:]), dtype=like.dtype)
        return cls(bounds, np.concatenate([empty, *rows]).astype(like.dtype, copy=False))

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.bounds) - 1

    def __getitem__(self, row: int) -> NDArray[Any]:
        """Give one row, without copying it."""
        return self.values[self.bounds[row] : self.bounds[row + 1]]

    @property
    def lengths(self) -> NDArray[np.int64]:
        """How long each row is."""
        return np.diff(self.bounds)

    def part(self, start: int, stop: int) -> "Ragged":
        """Give the rows from ``start`` up to ``stop``, without copying their values."""
        bounds = self.bounds[start : stop + 1]
        return Ragged(bounds - bounds[0], self.values[bounds[0] : bounds[-1]])

    def take(self, rows: NDArray[np.int64]) -> "Ragged":
        """Copy some rows, in the order given."""
        starts, ends = self.bounds[rows], self.bounds[rows + 1]
        lengths = ends - starts
        bounds = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        return Ragged(bounds, self.values[np.arange(bounds[-1]) + np.repeat(starts - bounds[:-1], lengths)])

    def owners(self, positions: NDArray[np.int64]) -> NDArray[np.int64]:
        """Tell which row each position of ``values`` belongs to."""
        return np.searchsorted(self.bounds, positions, side="right") - 1
