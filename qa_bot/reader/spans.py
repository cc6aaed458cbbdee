"""Scores of spans: from the logits of an extractive reader to the sentences and the words that answer. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Offsets = tuple[int, int]

# An answer is a few words; longer spans are the reader's way of not knowing.
LONGEST_ANSWER = 30


@dataclass(frozen=True, slots=True)
class Window:
    """What the reader says of one window of a passage.

    ``starts`` and ``ends`` are the offsets of its word pieces in the passage, ``start_logits`` and ``end_logits`` how
    likely an answer begins and ends there, each of shape ``(pieces,)``. ``null`` is the score of "no answer here".
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    start_logits: NDArray[np.float64]
    end_logits: NDArray[np.float64]
    null: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader makes of one passage.

    ``sentences`` has a score for each sentence: that of its best span, less that of "no answer here"; above 0 the reader
    thinks that it answers. ``spans`` are the best spans themselves, or ``None`` where the reader marks none.
    """

    sentences: tuple[float, ...]
    spans: tuple[Offsets | None, ...]


# The scores of a reader are sums of logits; beyond this it is as sure as can be.
MOST_SURE = 20.0
# What a sentence gets that the reader has not seen: no reader is that sure.
UNREAD = -30.0


def read_sentences(windows: Sequence[Window], sentences: Sequence[Offsets]) -> Reading:
    """Find the best span of each sentence, over all windows that show it."""
    found = [
        max((_best_span(window, sentence) for window in windows), key=lambda pair: pair[0]) for sentence in sentences
    ]
    return Reading(tuple(score for score, _ in found), tuple(span for _, span in found))


def _best_span(window: Window, sentence: Offsets) -> tuple[float, Offsets | None]:
    """Find the pair of pieces in a sentence, end not before start, whose logits add up to most.

    Source: Devlin et al. (2019), "BERT", section 4.3: score of a span = start logit + end logit, compared with that of the
    null answer at the first piece.
    """
    inside = np.flatnonzero((window.starts >= sentence[0]) & (window.ends <= sentence[1]))
    if not len(inside):
        return UNREAD, None
    sums = window.start_logits[inside, np.newaxis] + window.end_logits[inside]
    allowed = np.triu(np.ones_like(sums, dtype=bool)) & ~np.triu(np.ones_like(sums, dtype=bool), LONGEST_ANSWER)
    best = int(np.where(allowed, sums, -np.inf).argmax())
    first, last = inside[best // len(inside)], inside[best % len(inside)]
    score = float(sums.flat[best]) - window.null
    return max(score, UNREAD), (int(window.starts[first]), int(window.ends[last]))
