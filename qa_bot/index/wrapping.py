"""Encoders around other encoders."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from qa_bot.encoder.vectors import Encoder, TokenVectors, Vectors
from qa_bot.index.manifest import SCHEMA
from qa_bot.models.identity import Identity
from qa_bot.splitting import SPLITTER_VERSION
from qa_bot.terms import TERMS_VERSION


class WrappedEncoder:
    """Does just what another encoder does; see `Encoder`."""

    def __init__(self, encoder: Encoder) -> None:
        """Wrap an encoder."""
        self._encoder = encoder

    @property
    def identity(self) -> Identity:
        """The model's name and digest."""
        return self._encoder.identity

    @property
    def window(self) -> int:
        """How many word pieces of a text are read."""
        return self._encoder.window

    def load(self) -> None:
        """Load the model now. Raises `ModelError`."""
        self._encoder.load()

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        """Count the word pieces of each text, the model's own marks included."""
        return self._encoder.count_pieces(texts)

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Encode texts as documents: unit vectors, shape ``(len(texts), dimension)``."""
        return self._encoder.encode_documents(texts)

    def encode_passages(self, texts: Sequence[str]) -> Iterator[tuple[NDArray[np.float32], TokenVectors]]:
        """Encode texts as documents, as wholes and piece by piece."""
        return self._encoder.encode_passages(texts)

    def encode_questions(self, questions: Sequence[str]) -> list[tuple[NDArray[np.float32], TokenVectors]]:
        """Encode questions, as wholes and piece by piece."""
        return self._encoder.encode_questions(questions)


def makers_of(encoder: Encoder) -> str:
    """Name all that decides what numbers a paragraph gets: model, splitter, terms, and what an index keeps of them."""
    return f"{encoder.identity.digest} {SCHEMA} {SPLITTER_VERSION} {TERMS_VERSION}"
