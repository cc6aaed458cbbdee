"""Real, small substitutes for slow parts: an encoder without a model, and a folder of seeds that is set at will."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa_bot.encoder.vectors import TokenVectors, Vectors, normalise
from qa_bot.limits import Limits
from qa_bot.models.identity import Identity
from qa_bot.reading import SeedFile, scan
from qa_bot.records import Document

DIMENSION = 32
# Long words have several pieces, as with a real encoder; punctuation marks are pieces too.
PIECE = re.compile(r"\w{1,12}|[^\w\s]")
MARKS = 2

# Makes ``seeds/`` hold just these texts, and lists its files.
SeedWriter = Callable[[Mapping[str, str]], tuple[SeedFile, ...]]


class WordEncoder:
    """An encoder without a model: a word has a fixed random unit vector, a text the normalised sum of its words'.

    What is beyond ``window`` pieces is not read. ``encoded`` lists every text it was asked to encode.
    """

    def __init__(self, name: str = "words", window: int = 40) -> None:
        """Name the encoder."""
        self.name = name
        self.window = window
        self.encoded: list[str] = []
        self.loads = 0

    @property
    def identity(self) -> Identity:
        """Its name, and a digest made of it."""
        return Identity(self.name, hashlib.sha256(self.name.encode()).hexdigest())

    def load(self) -> None:
        """Count the calls; there is nothing to load."""
        self.loads += 1

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        """Count the pieces of each text, with a mark before and after it."""
        return [MARKS + len(PIECE.findall(text)) for text in texts]

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Encode texts as a whole."""
        vectors = [vector for vector, _ in self.encode_passages(texts)]
        return np.array(vectors, dtype=np.float32).reshape(-1, DIMENSION)

    def encode_passages(self, texts: Sequence[str]) -> Iterator[tuple[NDArray[np.float32], TokenVectors]]:
        """Encode texts as a whole and piece by piece."""
        self.encoded.extend(texts)
        for text in texts:
            tokens = self._tokens(text)
            # One text at a time, so that a vector never depends on what else was encoded.
            yield normalise(tokens.vectors.sum(axis=0)[np.newaxis])[0], tokens

    def encode_questions(self, questions: Sequence[str]) -> list[tuple[NDArray[np.float32], TokenVectors]]:
        """Encode questions like any text."""
        return list(self.encode_passages(questions))

    def _tokens(self, text: str) -> TokenVectors:
        pieces = list(PIECE.finditer(text))[: self.window - MARKS]
        return TokenVectors(
            np.array([piece.start() for piece in pieces], dtype=np.int32),
            np.array([piece.end() for piece in pieces], dtype=np.int32),
            np.array([word_vector(piece.group()) for piece in pieces], dtype=np.float32).reshape(-1, DIMENSION),
        )


@lru_cache
def word_vector(word: str) -> NDArray[np.float32]:
    """Give the vector of a word: random, but the same at every call and in every process."""
    seed = int.from_bytes(hashlib.blake2b(word.casefold().encode(), digest_size=8).digest())
    vector: NDArray[np.float32] = normalise(np.random.default_rng(seed).standard_normal((1, DIMENSION)))[0]
    return vector


def set_seeds(folder: Path, files: Mapping[str, str]) -> tuple[SeedFile, ...]:
    """Make a folder hold just these texts; a file that has its text already is not touched."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        if path.relative_to(folder).as_posix() not in files:
            path.unlink()
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_bytes() != text.encode():
            path.write_bytes(text.encode())
    return scan(folder, Limits(max_file_mb=20))


class CountedFile:
    """A file of ``seeds/`` that notes in ``reads`` each time it is read."""

    def __init__(self, file: SeedFile, reads: list[str]) -> None:
        """Wrap a file."""
        self.name = file.name
        self.stamp = file.stamp
        self._file = file
        self._reads = reads

    def read(self) -> Document:
        """Note the name and read the file."""
        self._reads.append(self.name)
        return self._file.read()
