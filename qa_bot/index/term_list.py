"""The terms of an index in the order of their letters, in one piece, so that a million of them are opened at once."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa_bot.index.tables import BOUNDS, SUFFIX, read_table

TEXT = "terms.txt"
NAME = "terms"
FILES: tuple[str, ...] = (TEXT, f"{NAME}{BOUNDS}{SUFFIX}")


@dataclass(frozen=True, eq=False)
class TermList:
    """Term ``i`` is ``text[bounds[i]:bounds[i + 1]]`` in UTF-8, whose order is the order of code points."""

    text: bytes
    bounds: NDArray[np.int64]

    @classmethod
    def of(cls, terms: Iterable[str]) -> "TermList":
        """Put different terms in order."""
        encoded = [_encode(term) for term in sorted(terms)]
        return cls(b"".join(encoded), np.cumsum([0, *map(len, encoded)], dtype=np.int64))

    @classmethod
    def read(cls, folder: Path) -> "TermList":
        """Read what `write` wrote."""
        return cls((folder / TEXT).read_bytes(), read_table(folder, f"{NAME}{BOUNDS}"))

    def write(self, folder: Path) -> None:
        """Write the terms into a folder."""
        (folder / TEXT).write_bytes(self.text)
        np.save(folder / FILES[1], self.bounds)

    def __len__(self) -> int:
        """Count the terms."""
        return len(self.bounds) - 1

    def __getitem__(self, number: int) -> str:
        """Give a term by its number."""
        return self._encoded(number).decode("utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        """Give every term in order."""
        return (self[number] for number in range(len(self)))

    def number_of(self, term: str) -> int | None:
        """Give the number of a term, or ``None`` if it is not among them."""
        encoded = _encode(term)
        number = self._first_from(encoded)
        return number if number < len(self) and self._encoded(number) == encoded else None

    def beginning_with(self, letter: str) -> range:
        """Give the numbers of the terms that begin with a letter."""
        return range(self._first_from(_encode(letter)), self._first_from(_after(letter)))

    @property
    def letters(self) -> set[str]:
        """The letters, digits and marks of all terms."""
        return set(self.text.decode("utf-8", "surrogatepass"))

    def _first_from(self, encoded: bytes) -> int:
        return bisect_left(range(len(self)), encoded, key=self._encoded)

    def _encoded(self, number: int) -> bytes:
        return self.text[self._bounds[number] : self._bounds[number + 1]]

    @cached_property
    def _bounds(self) -> memoryview:
        # A number is taken out of it twice as fast as out of an array.
        return np.ascontiguousarray(self.bounds).data


def _encode(term: str) -> bytes:
    # What somebody asks may hold halves of characters, which are in no document.
    return term.encode("utf-8", "surrogatepass")


def _after(letter: str) -> bytes:
    """Give what stands after every term that begins with a letter."""
    return _encode(letter) + b"\xff"
