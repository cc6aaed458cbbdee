"""Tables that are written as they grow, in files that ``np.load`` can map into memory."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from qa_bot.index.ragged import Ragged

BOUNDS = ".bounds"
SUFFIX = ".npy"


class TableWriter:
    """Writes one array, part by part."""

    def __init__(self, path: Path, dtype: DTypeLike, row: tuple[int, ...] = ()) -> None:
        """Begin a file for an array of that type, whose rows are of that shape."""
        self._dtype, self._row, self._count = np.dtype(dtype), row, 0
        self._file = path.open("wb")
        self._write_header()

    def append(self, values: NDArray[Any]) -> None:
        """Put rows below those written before."""
        self._file.write(np.ascontiguousarray(values, dtype=self._dtype).view(np.uint8).data)
        self._count += len(values)

    def close(self) -> None:
        """Write how many rows there are, and close the file."""
        # numpy leaves room in the header for the number of rows to grow.
        self._file.seek(0)
        self._write_header()
        self._file.close()

    def _write_header(self) -> None:
        shape = (self._count, *self._row)
        header = {"descr": self._dtype.str, "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(self._file, header)


class RaggedWriter:
    """Writes rows of different lengths, part by part: their values in one file, their bounds in another."""

    def __init__(
        self, folder: Path, name: str, dtype: DTypeLike, row: tuple[int, ...] = (), *, shared: bool = False
    ) -> None:
        """Begin the files of a table of that name; one that has ``shared`` bounds, those of another table, writes none."""
        self._values = TableWriter(folder / f"{name}{SUFFIX}", dtype, row)
        self._bounds = None if shared else TableWriter(folder / f"{name}{BOUNDS}{SUFFIX}", np.int64)
        if self._bounds is not None:
            self._bounds.append(np.zeros(1, dtype=np.int64))
        self._end = 0

    def append(self, rows: Ragged) -> None:
        """Put rows below those written before."""
        if self._bounds is not None:
            self._bounds.append(rows.bounds[1:] + self._end)
        self._values.append(rows.values)
        self._end += len(rows.values)

    def close(self) -> None:
        """Close the files."""
        if self._bounds is not None:
            self._bounds.close()
        self._values.close()


def read_table(folder: Path, name: str, *, writable: bool = False) -> NDArray[Any]:
    """Map an array into memory."""
    array: NDArray[Any] = np.load(folder / f"{name}{SUFFIX}", mmap_mode="r+" if writable else "r")
    return array


def read_ragged(folder: Path, name: str, bounds: str | None = None) -> Ragged:
    """Map rows into memory; ``bounds`` names the table whose bounds they share, if any."""
    return Ragged(read_table(folder, f"{bounds or name}{BOUNDS}"), read_table(folder, name))
