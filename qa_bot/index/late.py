"""Late interaction: the word pieces of a question against those of a paragraph.

ColBERT (Khattab & Zaharia 2020) sums, over the question's pieces, the highest cosine that any piece of the passage
reaches. Here each piece of the question weighs as much as its word is rare, and stop words weigh nothing, so the
passage's stop words need not be stored. What is stored is small: vectors are projected at random to 64 dimensions
(Johnson & Lindenstrauss 1984), which keeps cosines well enough and, other than a projection fitted to the corpus,
never changes when documents do; each component is one byte.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa_bot.encoder.vectors import TokenVectors, Vectors, normalise
from qa_bot.terms import Word, words_of

DIMENSION = 64
SEED = 20_240_923
# Components of a unit vector lie in [-1, 1]; one byte each errs by at most 1/254, a cosine by about .002.
SCALE = 127


def projection(dimension: int) -> Vectors:
    """Make the projection for vectors of that length: orthonormal columns, the same at every call."""
    columns = min(DIMENSION, dimension)
    gaussian = np.random.default_rng(SEED).standard_normal((dimension, columns))
    return np.linalg.qr(gaussian)[0].astype(np.float32)


def words_at(text: str, starts: NDArray[np.int32], language: str) -> list[Word | None]:
    """Name the word of the text that each piece starts in; ``None`` for punctuation."""
    words = list(words_of(text, language))
    found = np.searchsorted([word.start for word in words], starts, side="right") - 1
    return [
        words[number] if number >= 0 and start < words[number].end else None
        for number, start in zip(found, starts, strict=True)
    ]


def content_pieces(text: str, tokens: TokenVectors, language: str) -> NDArray[np.int64]:
    """Name the pieces that belong to words with a meaning of their own."""
    words = words_at(text, tokens.starts, language)
    return np.flatnonzero([word is not None and bool(word.terms) for word in words])


@dataclass(frozen=True, slots=True, eq=False)
class LatePassage:
    """The compressed word pieces of a paragraph, and the number of the sentence each stands in, ascending.

    A question's pieces are asked for as `project` gives them.
    """

    pieces: NDArray[np.int8]
    sentences: NDArray[np.int32]

    def similarities(self, question: Vectors) -> NDArray[np.float32]:
        """Give the cosine of each piece of the question and each stored piece."""
        similarities: NDArray[np.float32] = question @ (self.pieces.astype(np.float32) / np.float32(SCALE)).T
        return similarities

    def score(self, question: Vectors, weights: NDArray[np.float64]) -> float:
        """Score the paragraph: the weighted mean, over the question's pieces, of the best cosine; 0 with no pieces."""
        return _weighted_best(self.similarities(question), weights)

    def sentence_scores(self, question: Vectors, weights: NDArray[np.float64], sentences: int) -> Sequence[float]:
        """Score each of the paragraph's sentences alike, by the pieces that stand in it."""
        similarities = self.similarities(question)
        edges = np.searchsorted(self.sentences, np.arange(sentences + 1))
        return [_weighted_best(similarities[:, edges[n] : edges[n + 1]], weights) for n in range(sentences)]


def project(matrix: Vectors, vectors: Vectors) -> Vectors:
    """Project unit vectors of shape ``(n, dimension)`` to unit vectors of the smaller dimension."""
    return normalise(vectors @ matrix)


def compress(matrix: Vectors, vectors: Vectors) -> NDArray[np.int8]:
    """Project unit vectors of shape ``(n, dimension)`` and store each component in a byte."""
    return np.rint(project(matrix, vectors) * SCALE).astype(np.int8)


def _weighted_best(similarities: NDArray[np.float32], weights: NDArray[np.float64]) -> float:
    total = float(weights.sum())
    if not total or not similarities.size:
        return 0.0
    return float(similarities.max(axis=1) @ weights) / total
