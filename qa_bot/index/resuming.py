"""Builds that were killed go on where they were: what was encoded is kept on disk until a state with it is in force.

What is kept of a batch of paragraphs is a part: a file named by the digest of its content. It begins with the digests of
the paragraphs; their numbers follow, rounded as an index keeps them. A part that is damaged is as good as none.
"""

import hashlib
import io
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa_bot.encoder.vectors import Encoder, Vectors
from qa_bot.files import write_whole
from qa_bot.index.encoding import EncodedPassage, Passage, Progress, encode_passages
from qa_bot.index.generation import BUILDING
from qa_bot.index.halves import to_halves, to_singles
from qa_bot.index.ragged import Ragged
from qa_bot.index.wrapping import WrappedEncoder, makers_of

# Like every folder of a build, it is removed by the next build that is published.
FOLDER = f"{BUILDING}encoded"
PART = re.compile(r"[0-9a-f]{64}-(\d{1,9})")
KEY_BYTES = 16
MATRIX = "matrix"
TABLES = ("windows", "sentences", "pieces", "piece_sentences")
BOUNDS = "_bounds"
# Batches with fewer characters, half a minute's work or less, are not worth a file.
LEAST_CHARACTERS = 500_000


@contextmanager
def resuming(folder: Path | None, encoder: Encoder) -> Iterator[Encoder]:
    """Give an encoder that keeps below a folder what it encodes, and knows what a build that was killed has left there.

    At the end all of it is removed; a build that fails, is interrupted or is killed leaves it to the next. Without a folder
    it is the encoder itself.
    """
    if folder is None:
        yield encoder
        return
    kept = folder / FOLDER
    yield ResumingEncoder(encoder, kept)
    shutil.rmtree(kept, ignore_errors=True)


class ResumingEncoder(WrappedEncoder):
    """Encodes as another encoder does, but not what was encoded before and is kept; keeps what it encodes.

    Where nothing can be kept, it encodes all the same.
    """

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        """Look for nothing yet; parts are in a folder of their own for each model and version of this program."""
        super().__init__(encoder)
        self._folder = folder

    def encode_in_bulk(
        self, passages: Sequence[Passage], progress: Progress, matrix: Vectors | None
    ) -> tuple[list[EncodedPassage], Vectors]:
        """Encode the paragraphs whose numbers are not kept; see `encode_passages`."""
        characters = sum(passage.characters for passage in passages)
        if characters < LEAST_CHARACTERS:
            return encode_passages(passages, self._encoder, progress, matrix=matrix)
        keys = [_key(passage) for passage in passages]
        found, matrix = self._parts.find(keys, matrix)
        missing = [row for row, key in enumerate(keys) if key not in found]
        if missing:
            encoded, matrix = encode_passages(
                [passages[row] for row in missing], self._encoder, progress, matrix=matrix
            )
            self.keep([passages[row] for row in missing], encoded, matrix)
            found |= {keys[row]: own for row, own in zip(missing, encoded, strict=True)}
        assert matrix is not None
        progress(characters, characters)
        return [found[key] for key in keys], matrix

    def keep(self, passages: Sequence[Passage], encoded: Sequence[EncodedPassage], matrix: Vectors) -> None:
        """Keep the numbers of paragraphs, if that is possible."""
        self._parts.add([_key(passage) for passage in passages], encoded, matrix)

    @cached_property
    def _parts(self) -> "_Parts":
        name = hashlib.sha256(makers_of(self._encoder).encode()).hexdigest()[:16]
        return _Parts(self._folder / name)


class _Parts:
    """The parts in a folder."""

    def __init__(self, folder: Path) -> None:
        """Read which paragraphs they hold; whether they are whole shows when they are used."""
        self._folder = folder
        self._writable = True
        self._files = [path for path in sorted(folder.glob("*")) if PART.fullmatch(path.name)]
        beginnings = [_beginnings(path) for path in self._files]
        together = np.concatenate([np.empty(0, np.uint64), *beginnings])
        owners = np.repeat(np.arange(len(self._files)), [len(own) for own in beginnings])
        order = np.argsort(together, kind="stable")
        self._beginnings, self._owners = together[order], owners[order]

    def find(self, keys: Sequence[bytes], matrix: Vectors | None) -> tuple[dict[bytes, EncodedPassage], Vectors | None]:
        """Find the numbers of paragraphs, as far as they are kept and go with a projection, or with each other."""
        found: dict[bytes, EncodedPassage] = {}
        wanted = set(keys)
        for number in self._holding(keys):
            part = _read(self._files[number])
            if part is not None and (matrix is None or np.array_equal(matrix, part[1])):
                own, matrix, rows = part
                found |= {key: row for key, row in zip(own, rows, strict=True) if key in wanted}
        return found, matrix

    def _holding(self, keys: Sequence[bytes]) -> list[int]:
        """Name the parts that may hold any of these paragraphs."""
        if not len(self._beginnings):
            return []
        own = np.frombuffer(b"".join(keys), dtype=np.uint64)[::2]
        at = np.minimum(np.searchsorted(self._beginnings, own), len(self._beginnings) - 1)
        return [int(number) for number in np.unique(self._owners[at[self._beginnings[at] == own]])]

    def add(self, keys: Sequence[bytes], encoded: Sequence[EncodedPassage], matrix: Vectors) -> None:
        """Write one more part, unless the disk is full or cannot be written: then this goes on without."""
        if not self._writable:
            return
        content = b"".join(keys) + _packed(encoded, matrix)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            write_whole(self._folder / f"{hashlib.sha256(content).hexdigest()}-{len(keys)}", content)
        except OSError:
            self._writable = False


def _key(passage: Passage) -> bytes:
    """Digest all of a paragraph that decides its numbers."""
    parts = (passage.text, passage.sentences, passage.heading, passage.language)
    return hashlib.blake2b(repr(parts).encode(), digest_size=KEY_BYTES).digest()


def _beginnings(path: Path) -> NDArray[np.uint64]:
    """Read the first half of the digest of each paragraph in a part; of one that cannot be read, none."""
    count = int(path.name.rpartition("-")[2])
    try:
        with path.open("rb") as file:
            keys = file.read(count * KEY_BYTES)
    except OSError:
        keys = b""
    return np.frombuffer(keys[: len(keys) // KEY_BYTES * KEY_BYTES], dtype=np.uint64)[::2]


def _packed(encoded: Sequence[EncodedPassage], matrix: Vectors) -> bytes:
    dimension, small = matrix.shape
    halves = np.empty((0, dimension), np.float16)
    tables = (
        Ragged.of_rows([to_halves(own.windows) for own in encoded], like=halves),
        Ragged.of_rows([to_halves(own.sentences) for own in encoded], like=halves),
        Ragged.of_rows([own.pieces for own in encoded], like=np.empty((0, small), np.int8)),
        Ragged.of_rows([own.piece_sentences for own in encoded], like=np.empty(0, np.int32)),
    )
    arrays: dict[str, Any] = {MATRIX: matrix}
    for name, table in zip(TABLES, tables, strict=True):
        arrays |= {name: table.values, name + BOUNDS: table.bounds}
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def _read(path: Path) -> tuple[list[bytes], Vectors, list[EncodedPassage]] | None:
    """Read the digests of a part, its projection and its numbers; ``None`` if it is not as it was written."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    digest, _, count = path.name.rpartition("-")
    if hashlib.sha256(content).hexdigest() != digest:
        return None
    start = int(count) * KEY_BYTES
    keys = [content[at : at + KEY_BYTES] for at in range(0, start, KEY_BYTES)]
    held = np.load(io.BytesIO(content[start:]))
    windows, sentences, pieces, numbers = (Ragged(held[name + BOUNDS], held[name]) for name in TABLES)
    windows, sentences = (Ragged(table.bounds, to_singles(table.values)) for table in (windows, sentences))
    rows = [EncodedPassage(windows[row], sentences[row], pieces[row], numbers[row]) for row in range(len(keys))]
    return keys, held[MATRIX], rows
