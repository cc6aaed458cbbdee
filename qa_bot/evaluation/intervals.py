"""How far chance may have moved a figure: 95 % bootstrap intervals, over questions.

Source: Efron & Tibshirani (1993), "An Introduction to the Bootstrap", chapter 13 (the percentile interval).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from qa_bot.evaluation import metrics
from qa_bot.evaluation.judging import Outcome

Floats = NDArray[np.float64]

RESAMPLES = 1000
LEVEL = 0.95
SEED = 7
# So many numbers are held at once.
BLOCK = 4_000_000

DEPTHS = (1, 3, 5, 10)
DEPTH = 10


@dataclass(frozen=True, slots=True)
class Columns:
    """What is known of each question, a row a question.

    ``gain`` is its nDCG; ``highlight`` and ``judged`` say whether its highlight is right, and whether that can be said.
    """

    answerable: Floats
    rank: Floats
    gain: Floats
    excerpt: Floats
    highlight: Floats
    judged: Floats
    answered: Floats
    first_ok: Floats
    confidence: Floats

    @classmethod
    def of(cls, outcomes: Sequence[Outcome]) -> Self:
        """Take the columns of outcomes; a question without a right hit has an endless rank."""
        rows = [
            (
                outcome.question.answerable,
                np.inf if outcome.rank is None else outcome.rank,
                metrics.ndcg(outcome.right, outcome.relevant, DEPTH),
                bool(outcome.excerpt_ok),
                bool(outcome.highlight_ok),
                outcome.highlight_ok is not None,
                outcome.answered,
                outcome.first_ok,
                outcome.answer.confidence,
            )
            for outcome in outcomes
        ]
        return cls(*np.array(rows, dtype=np.float64).reshape(-1, 9).T)

    def shares(self) -> dict[str, tuple[Floats, Floats]]:
        """Give, of each figure that is a mean, what is counted of each question, and whether it is in the mean."""
        everything, unanswerable = np.ones_like(self.answerable), 1 - self.answerable
        reciprocal = np.where(self.rank <= DEPTH, 1 / self.rank, 0.0)
        return {
            **{f"hit@{depth}": ((self.rank <= depth) * self.answerable, self.answerable) for depth in DEPTHS},
            "mrr@10": (reciprocal * self.answerable, self.answerable),
            "ndcg@10": (self.gain * self.answerable, self.answerable),
            "excerpt_hit": (self.excerpt * self.answerable, self.answerable),
            "highlight_hit": (self.highlight * self.judged, self.judged),
            "coverage": (self.answered, everything),
            "error_rate": (self.answered * (1 - self.first_ok), self.answered),
            "false_answer_rate": (self.answered * unanswerable, unanswerable),
        }


def intervals(outcomes: Sequence[Outcome]) -> dict[str, list[float] | None]:
    """Give the 95 % interval of each figure, ``None`` where there is nothing to measure it on."""
    columns = Columns.of(outcomes)
    drawn = [figures(weights, columns) for weights in _resamples(len(outcomes))]
    edges = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    return {name: _interval(np.concatenate([block[name] for block in drawn]), edges) for name in drawn[0]}


def _interval(values: Floats, edges: Sequence[float]) -> list[float] | None:
    # A resample may by chance hold no question of a kind.
    known = values[~np.isnan(values)]
    return [round(float(edge), 4) for edge in np.quantile(known, edges)] if len(known) else None


def _resamples(count: int) -> Iterator[Floats]:
    """Yield how often each question was drawn, a row a resample."""
    generator = np.random.default_rng(SEED)
    rows = max(BLOCK // count, 1)
    for first in range(0, RESAMPLES, rows):
        height = min(rows, RESAMPLES - first)
        drawn = generator.integers(count, size=(height, count)) + count * np.arange(height)[:, np.newaxis]
        yield np.bincount(drawn.ravel(), minlength=height * count).reshape(height, count).astype(np.float64)


def figures(weights: Floats, columns: Columns) -> dict[str, Floats]:
    """Give each figure for each row of weights, which say how often a question counts; NaN where it has no value."""
    shares = columns.shares()
    counted = weights @ np.column_stack([value for value, _ in shares.values()])
    of = weights @ np.column_stack([among for _, among in shares.values()])
    with np.errstate(invalid="ignore"):
        values = counted / of
        return {
            **{name: values[:, number] for number, name in enumerate(shares)},
            "auroc": _auroc(weights, columns),
            "ece": _calibration_error(weights, columns),
        }


def _auroc(weights: Floats, columns: Columns) -> Floats:
    order = np.argsort(columns.confidence, kind="stable")
    starts = np.flatnonzero(np.diff(columns.confidence[order], prepend=-np.inf))
    sorted_weights, answerable = weights[:, order], columns.answerable[order]
    positives = np.add.reduceat(sorted_weights * answerable, starts, axis=1)
    negatives = np.add.reduceat(sorted_weights * (1 - answerable), starts, axis=1)
    below = np.cumsum(negatives, axis=1) - negatives / 2
    wins: Floats = (positives * below).sum(axis=1) / (positives.sum(axis=1) * negatives.sum(axis=1))
    return wins


def _calibration_error(weights: Floats, columns: Columns) -> Floats:
    bins = metrics.CALIBRATION_BINS
    own = np.minimum((columns.confidence * bins).astype(int), bins - 1)
    gaps = np.eye(bins)[own] * (columns.confidence - columns.first_ok)[:, np.newaxis]
    error: Floats = np.abs(weights @ gaps).sum(axis=1) / weights.sum(axis=1)
    return error
