"""From the terms of each paragraph to the paragraphs of each term, block by block, so that no order of all is in memory."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray

from qa_bot.index.ragged import Ragged
from qa_bot.index.tables import BOUNDS, SUFFIX

HOLDERS = "holders"
HOLDER_COUNTS = "holder-counts"
FILES: tuple[str, ...] = tuple(f"{name}{SUFFIX}" for name in (f"{HOLDERS}{BOUNDS}", HOLDERS, HOLDER_COUNTS))

# So many paragraphs are put in order at a time: some millions of terms.
BLOCK = 1 << 15


def transposed(ids: Ragged, counts: Ragged, terms: int, *, block: int = BLOCK) -> tuple[Ragged, Ragged]:
    """Give the paragraphs that hold each of so many terms, ascending, and how often each does.

    ``ids`` names the terms of each paragraph, and ``counts`` says how often it holds each.
    """
    bounds = _bounds(ids, terms, block)
    holders, times = (np.empty(len(ids.values), dtype=np.int32) for _ in range(2))
    _fill(ids, counts, bounds, (holders, times), block)
    return Ragged(bounds, holders), Ragged(bounds, times)


def write_transposed(folder: Path, ids: Ragged, counts: Ragged, terms: int) -> None:
    """Write what `transposed` gives into a folder."""
    bounds = _bounds(ids, terms, BLOCK)
    np.save(folder / FILES[0], bounds)
    holders, times = (
        open_memmap(folder / name, mode="w+", dtype=np.int32, shape=(len(ids.values),)) for name in FILES[1:]
    )
    _fill(ids, counts, bounds, (holders, times), BLOCK)
    holders.flush()
    times.flush()


def _bounds(ids: Ragged, terms: int, block: int) -> NDArray[np.int64]:
    holders = np.zeros(terms, dtype=np.int64)
    for start, stop in _blocks(ids, block):
        holders += np.bincount(ids.part(start, stop).values, minlength=terms)
    return np.concatenate([[0], np.cumsum(holders)]).astype(np.int64)


def _fill(
    ids: Ragged,
    counts: Ragged,
    bounds: NDArray[np.int64],
    into: tuple[NDArray[np.int32], NDArray[np.int32]],
    block: int,
) -> None:
    free = bounds[:-1].copy()
    for start, stop in _blocks(ids, block):
        rows = ids.part(start, stop)
        order = np.argsort(rows.values, kind="stable")
        terms, first, held = np.unique(rows.values[order], return_index=True, return_counts=True)
        # Those of a term stand next to each other now: they go to where its free places begin.
        places = np.repeat(free[terms] - first, held) + np.arange(len(order))
        into[0][places] = np.repeat(np.arange(start, stop, dtype=np.int32), rows.lengths)[order]
        into[1][places] = counts.part(start, stop).values[order]
        free[terms] += held


def _blocks(rows: Ragged, block: int) -> Iterator[tuple[int, int]]:
    return ((start, min(start + block, len(rows))) for start in range(0, len(rows), block))
