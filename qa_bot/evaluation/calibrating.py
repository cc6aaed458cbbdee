"""Fit probabilities and threshold to an operator's own questions, by cross-validation."""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa_bot.calibration import sigmoid
from qa_bot.errors import CalibrationError
from qa_bot.evaluation import metrics

Floats = NDArray[np.float64]

# With fewer the threshold would be luck: of 60 answers 3 wrong are .05, and a chance error of as much again is usual.
FEWEST_QUESTIONS = 40
FEWEST_OF_A_KIND = 10

FOLDS = 10
SEED = 7
# How firmly slope and bias are held to "as shipped" (slope 1, bias 0), in units of questions.
PRIOR = 1.0
# Probabilities of 0 and 1 have no logit.
LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class Line:
    """logit → ``slope`` · logit + ``bias``."""

    slope: float
    bias: float

    def probabilities(self, logits: Floats) -> Floats:
        """Give the corrected probabilities, of the shape of ``logits``."""
        return np.array([sigmoid(value) for value in self.slope * logits + self.bias])


@dataclass(frozen=True, slots=True)
class Fit:
    """What was fitted, and how well it does on questions it was not fitted on.

    ``curve`` has the share of questions answered and the share of those answered wrongly, threshold by threshold;
    ``coverage`` and ``error_rate`` are those at ``threshold``; ``ece`` is the expected calibration error.
    """

    line: Line
    threshold: float
    coverage: float
    error_rate: float
    ece: float
    curve: list[tuple[float, float]]


def logit_of(confidence: float) -> float:
    """Give the logit of a probability."""
    bounded = min(max(confidence, LEAST), 1 - LEAST)
    return math.log(bounded / (1 - bounded))


def fit(confidences: Sequence[float], truths: Sequence[bool], max_error: float) -> Fit:
    """Fit slope, bias and threshold.

    Args:
        confidences: for each question, the probability as shipped that the best passage answers.
        truths: whether it does.
        max_error: the share of answers that may be wrong.

    Raises:
        CalibrationError: there are too few questions, or no threshold errs so seldom.

    """
    _refuse_too_few(truths)
    logits = np.array([logit_of(confidence) for confidence in confidences])
    right = np.array(truths, dtype=bool)
    held_out = _cross_validated(logits, right)
    threshold = _threshold(held_out, right, max_error)
    answered = held_out >= threshold
    return Fit(
        line=fit_line(logits, right),
        threshold=threshold,
        coverage=float(answered.mean()),
        error_rate=float((~right[answered]).mean()),
        ece=metrics.calibration_error(held_out.tolist(), right.tolist()),
        curve=metrics.risk_coverage(held_out.tolist(), right.tolist()),
    )


def fit_line(logits: Floats, right: NDArray[np.bool_]) -> Line:
    """Find slope and bias by Newton's method, held to slope 1 and bias 0 by a normal prior.

    Source: Platt (1999); the prior is what a few hundred questions need, for which alone the slope would swing.
    """
    parameters, start = np.array([1.0, 0.0]), np.array([1.0, 0.0])
    columns = np.column_stack([logits, np.ones_like(logits)])
    for _ in range(50):
        p = Line(*parameters).probabilities(logits)
        gradient = columns.T @ (p - right) + PRIOR * (parameters - start)
        hessian = (columns * (p * (1 - p))[:, np.newaxis]).T @ columns + PRIOR * np.eye(2)
        step = np.linalg.solve(hessian, gradient)
        parameters = parameters - step
        if np.abs(step).max() < LEAST:
            break
    return Line(float(parameters[0]), float(parameters[1]))


def _cross_validated(logits: Floats, right: NDArray[np.bool_]) -> Floats:
    """Give each question the probability that the other folds teach."""
    probabilities = np.empty_like(logits)
    for fold in _folds(right):
        others = np.setdiff1d(np.arange(len(logits)), fold)
        probabilities[fold] = fit_line(logits[others], right[others]).probabilities(logits[fold])
    return probabilities


def _folds(right: NDArray[np.bool_]) -> Iterator[NDArray[np.int64]]:
    """Deal the questions into folds with as many right ones each."""
    order = list(range(len(right)))
    random.Random(SEED).shuffle(order)  # noqa: S311 - reproducible, no secrets
    order.sort(key=lambda number: bool(right[number]))
    for fold in range(FOLDS):
        yield np.array(order[fold::FOLDS], dtype=np.int64)


def _threshold(probabilities: Floats, right: NDArray[np.bool_], max_error: float) -> float:
    """Find the lowest threshold whose answers err seldom enough.

    The error rate is taken as (wrong + 1/2) / (answered + 1), since that of few answers is mostly luck.
    """
    order = np.argsort(-probabilities, kind="stable")
    wrong = np.cumsum(~right[order])
    answered = np.arange(1, len(order) + 1)
    last_of_ties = np.append(np.diff(probabilities[order]) != 0, True)
    allowed = np.flatnonzero(last_of_ties & ((wrong + 0.5) / (answered + 1) <= max_error))
    if not len(allowed):
        least = float((wrong / answered)[last_of_ties].min())
        msg = (
            f"no threshold keeps the share of wrong answers below {max_error:g} with these questions (the least is "
            f"{least:.3f}, of few answers): allow more with --max-error, or give more questions"
        )
        raise CalibrationError(msg)
    at = int(allowed[-1])
    above = float(probabilities[order[at]])
    below = float(probabilities[order[at + 1]]) if at + 1 < len(order) else 0.0
    return (above + below) / 2


def _refuse_too_few(truths: Sequence[bool]) -> None:
    right = sum(truths)
    if len(truths) < FEWEST_QUESTIONS or min(right, len(truths) - right) < FEWEST_OF_A_KIND:
        msg = (
            f"{len(truths)} questions, {right} of them with the right passage first, are too few to calibrate on: it takes "
            f"{FEWEST_QUESTIONS}, with {FEWEST_OF_A_KIND} of either kind; add questions, also ones that nothing answers"
        )
        raise CalibrationError(msg)
