"""The numbers of a generation: of each paragraph those of the generation before, where it has the same words, or new ones."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa_bot.encoder.vectors import Encoder, Vectors
from qa_bot.index.arrays import Arrays, ArraysWriter
from qa_bot.index.collecting import NEW
from qa_bot.index.drafting import passage_of
from qa_bot.index.encoding import EncodedPassage, Passage, Progress, encode_passages
from qa_bot.index.store import Store
from qa_bot.terms import terms_of

# So many characters are encoded in order of length, and kept in memory until they are written: some thousand paragraphs.
BATCH_CHARACTERS = 2_000_000


def assemble(
    folder: Path,
    known: NDArray[np.int64],
    passages: Iterator[Passage],
    encoder: Encoder,
    *,
    before: Arrays | None,
    progress: Progress,
    characters: int,
) -> Arrays:
    """Write the numbers of all paragraphs into a folder, in order, and give them.

    Args:
        folder: where to write.
        known: which row of the generation before each paragraph has, or -1.
        passages: the paragraphs that have none, in order.
        encoder: makes new numbers.
        before: the numbers of the generation before, if any is known.
        progress: told ``(done, total)`` in characters while encoding.
        characters: the total.

    """
    writer = ArraysWriter(folder)
    encoded = _Encoded(
        passages,
        encoder,
        progress=progress,
        characters=characters,
        projection=before.projection if before else None,
    )
    for start, stop, row in runs(known):
        if row == NEW:
            encoded.write(writer, stop - start)
        else:
            assert before is not None
            writer.copy(before, row, row + stop - start)
    return writer.finish()


def runs(known: NDArray[np.int64]) -> Iterator[tuple[int, int, int]]:
    """Cut into stretches of rows that follow each other: yields ``(start, stop, first row)``, or -1 for a stretch of new ones."""
    step = np.diff(known)
    both_new = (known[1:] == NEW) & (known[:-1] == NEW)
    follows = (step == 1) & (known[:-1] != NEW)
    cuts = np.flatnonzero(~(both_new | follows)) + 1
    edges = [0, *cuts.tolist(), len(known)] if len(known) else []
    for start, stop in pairwise(edges):
        yield start, stop, int(known[start])


def new_passages(store: Store, names: Iterable[str], known: NDArray[np.int64]) -> Iterator[Passage]:
    """Yield the new paragraphs of some documents, in order."""
    for name in names:
        document = store.document(name)
        for stored in store.paragraphs(name):
            if stored.id is not None and known[stored.id] == NEW:
                yield passage_of(document, stored.paragraph)


class _Encoded:
    """Encodes paragraphs batch by batch, as they are wanted, and writes them."""

    def __init__(
        self,
        passages: Iterator[Passage],
        encoder: Encoder,
        *,
        progress: Progress,
        characters: int,
        projection: Vectors | None,
    ) -> None:
        self._batches, self._done, self._characters = _batches(passages), 0, characters
        self._encoder, self._progress, self._projection = encoder, progress, projection
        self._rest: list[tuple[EncodedPassage, Passage]] = []

    def write(self, writer: ArraysWriter, count: int) -> None:
        """Write the next paragraphs, so many of them."""
        while count:
            if not self._rest:
                self._encode(next(self._batches))
            assert self._projection is not None
            own, self._rest = self._rest[:count], self._rest[count:]
            encoded, passages = zip(*own, strict=True)
            terms = [terms_of(passage.words, passage.language) for passage in passages]
            writer.add(encoded, terms, [passage.language for passage in passages], self._projection)
            count -= len(own)

    def _encode(self, passages: Sequence[Passage]) -> None:
        own = sum(passage.characters for passage in passages)

        def progress(done: int, total: int) -> None:
            self._progress(self._done + own * done // total, self._characters)

        encoded, self._projection = encode_passages(passages, self._encoder, progress, matrix=self._projection)
        self._done += own
        self._rest = list(zip(encoded, passages, strict=True))


def _batches(passages: Iterator[Passage]) -> Iterator[list[Passage]]:
    """Cut paragraphs into batches."""
    batch: list[Passage] = []
    characters = 0
    for passage in passages:
        batch.append(passage)
        characters += passage.characters
        if characters >= BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch
