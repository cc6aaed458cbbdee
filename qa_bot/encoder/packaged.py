"""The packaged encoder: all-MiniLM-L6-v2, its weights in int8, without torch."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qa_bot.encoder.vectors import TokenVectors, Vectors, normalise
from qa_bot.models.identity import HUB_PREFIX, Identity
from qa_bot.models.int8 import Int8Model
from qa_bot.models.tokenizer import open_tokenizer

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

PACKAGED_ENCODER = "all-MiniLM-L6-v2"
NAMES = frozenset({PACKAGED_ENCODER, HUB_PREFIX + PACKAGED_ENCODER})
FOLDER = Path(__file__).parent / "model"

# As sentence-transformers reads this model: 256 word pieces, and vectors of 384 components.
WINDOW = 256
DIMENSION = 384


class PackagedEncoder:
    """The encoder that comes with the project; the model is loaded at the first text, or by `load`."""

    window = WINDOW

    def __init__(self, *, threads: int, folder: Path = FOLDER) -> None:
        """Name the encoder; nothing is loaded yet. So many ``threads`` encode a text each."""
        self._model = Int8Model(folder, threads=threads)

    @property
    def identity(self) -> Identity:
        """The model's name and the digest of its int8 form. Raises `ModelError`."""
        return Identity(PACKAGED_ENCODER, self._model.digest)

    def load(self) -> None:
        """Load the model now. Raises `ModelError`."""
        self._model.load()

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        """Count the word pieces of each text, the model's own marks included."""
        return [len(encoding.ids) for encoding in self._counting.encode_batch_fast(list(texts))]

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Encode texts as documents: unit vectors, shape ``(len(texts), 384)``."""
        vectors = list(self._model.each(texts, self._encode_whole))
        return np.stack(vectors) if vectors else np.empty((0, DIMENSION), np.float32)

    def encode_passages(self, texts: Sequence[str]) -> Iterator[tuple[NDArray[np.float32], TokenVectors]]:
        """Encode texts as documents: yields each in turn, as whole (shape ``(384,)``) and piece by piece."""
        return self._model.each(texts, self._encode_pieces)

    def encode_questions(self, questions: Sequence[str]) -> list[tuple[NDArray[np.float32], TokenVectors]]:
        """Encode questions, each as whole (shape ``(384,)``) and piece by piece."""
        return list(self.encode_passages(questions))

    def _encode_whole(self, text: str) -> NDArray[np.float32]:
        return _whole(self._read(text)[1])

    def _encode_pieces(self, text: str) -> tuple[NDArray[np.float32], TokenVectors]:
        encoding, pieces = self._read(text)
        # The model's marks, one before and one after the text, stand for no characters.
        starts, ends = np.asarray(encoding.offsets[1:-1], dtype=np.int32).reshape(-1, 2).T
        return _whole(pieces), TokenVectors(starts, ends, normalise(pieces[1:-1]))

    def _read(self, text: str) -> tuple["Encoding", NDArray[np.float32]]:
        encoding = self._tokenizer.encode(text)
        [pieces] = self._model.run(encoding.ids, encoding.type_ids)
        return encoding, pieces

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        tokenizer = open_tokenizer()
        tokenizer.enable_truncation(WINDOW)
        return tokenizer

    @cached_property
    def _counting(self) -> "Tokenizer":
        return open_tokenizer()


def _whole(pieces: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give the normalised mean over all pieces, marks included, as sentence-transformers does with this model."""
    return normalise(pieces.mean(axis=0))
