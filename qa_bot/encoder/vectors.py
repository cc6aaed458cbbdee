"""What an encoder gives, and what index and retriever need of one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from qa_bot.models.identity import Identity

Vectors = NDArray[np.float32]

SMALLEST_NORM = 1e-9


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """The vectors of a text's word pieces, in context.

    ``starts`` and ``ends`` are offsets into the text, shape ``(tokens,)``; ``vectors`` are unit vectors, shape
    ``(tokens, dimension)``. Marks that the model adds (start, end, prompt) are left out.
    """

    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    vectors: Vectors


class Encoder(Protocol):
    """What the index and the retriever need of an encoder."""

    @property
    def identity(self) -> Identity:
        """The model's name and digest, known before it is loaded where possible."""

    @property
    def window(self) -> int:
        """How many word pieces of a text are read; what is beyond is not."""

    def load(self) -> None:
        """Load the model now rather than at the first text. Raises `ModelError`."""

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        """Count the word pieces of each text, the model's own marks included."""

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Encode texts as documents: unit vectors, shape ``(len(texts), dimension)``."""

    def encode_passages(self, texts: Sequence[str]) -> Iterator[tuple[NDArray[np.float32], TokenVectors]]:
        """Encode texts as documents: yields each in turn, as whole (shape ``(dimension,)``) and piece by piece."""

    def encode_questions(self, questions: Sequence[str]) -> list[tuple[NDArray[np.float32], TokenVectors]]:
        """Encode questions, each as whole (shape ``(dimension,)``) and piece by piece."""


def normalise(vectors: NDArray[np.floating[Any]]) -> Vectors:
    """Scale each row, shape ``(n, dimension)``, to length 1; a row of zeros stays one."""
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, SMALLEST_NORM), dtype=np.float32)
