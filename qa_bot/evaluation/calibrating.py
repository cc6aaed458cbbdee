"""Fit probabilities and threshold to an operator's own questions, and try both out by cross-validation."""

import datetime as dt
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa_bot.bot import QaBot
from qa_bot.calibration import Calibration
from qa_bot.counting import counted
from qa_bot.errors import CalibrationError
from qa_bot.evaluation import metrics
from qa_bot.evaluation.anchors import Gold
from qa_bot.evaluation.judging import Outcome

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]

# With fewer the threshold would be luck: of 60 answers 3 wrong are .05, and a chance error of as much again is usual.
FEWEST_QUESTIONS = 40
FEWEST_OF_A_KIND = 10

FOLDS = 10
# How a set is dealt into folds is chance, so it is dealt several times.
DEALS = 5
SEED = 7
# How firmly slope and bias are held to "as shipped" (slope 1, bias 0), in units of questions.
PRIOR = 1.0
AS_SHIPPED = np.array([1.0, 0.0])
MOST_STEPS = 50
# Probabilities of 0 and 1 have no logit.
LEAST = 1e-9
# Of all thresholds the lowest that seems to do is taken, so it is mostly one that was lucky. Two things hold luck in check:
# what the line expects counts as much as so many answers (few answers would otherwise seem all right by chance) …
EXPECTED = 50
# … and the error rate is taken for so many of its standard deviations higher than it seems. On halves of SQuAD 2.0, of
# seeds/questions.jsonl and of drawn sets this answers as many questions as looking at the answers alone, at fewer errors.
CAUTION = 0.5
# An area under the ROC curve of ½ is that of a coin.
BLIND = 0.5
# The bounds of a share that 95 of 100 samples keep.
SURE = 1.96


@dataclass(frozen=True, slots=True)
class Line:
    """logit → ``slope`` · logit + ``bias``."""

    slope: float
    bias: float

    def probabilities(self, logits: Floats) -> Floats:
        """Give the corrected probabilities, of the shape of ``logits``."""
        # 1 / (1 + e^-x), without overflow.
        return 0.5 * (1 + np.tanh((self.slope * logits + self.bias) / 2))


@dataclass(frozen=True, slots=True)
class Trial:
    """How line and threshold do on questions that neither was fitted on.

    ``coverage`` is the share of questions answered, ``error_rate`` that of wrong answers among them, with bounds that 95
    of 100 samples keep, ``ece`` the expected calibration error.
    """

    coverage: float
    error_rate: float
    bounds: tuple[float, float]
    ece: float


@dataclass(frozen=True, slots=True)
class Point:
    """What a threshold does to the questions at hand: the share answered, and the share of those answered wrongly.

    ``expected`` is the share of wrong answers that their probabilities let expect.
    """

    threshold: float
    coverage: float
    error_rate: float
    expected: float


@dataclass(frozen=True, slots=True)
class Fit:
    """What was fitted: line and threshold, what becomes of other thresholds, and how well it does by cross-validation.

    ``reached`` says whether any threshold keeps the error rate: if none does, an answer must itself be as sure as the
    error rate demands, by the line. ``ece_before`` is the expected calibration error of the probabilities as shipped.
    """

    line: Line
    threshold: float
    reached: bool
    trial: Trial
    ece_before: float
    curve: tuple[Point, ...]


def calibrate(bot: QaBot, outcomes: Sequence[Outcome], max_error: float) -> tuple[Calibration, Fit]:
    """Fit a calibration for a bot to what became of the questions that it was asked, with confidences as shipped.

    Questions whose gold is lost are left out: nobody knows whether their answers are right.

    Raises:
        CalibrationError: there are too few questions, or confidence says nothing about truth.

    """
    known = [outcome for outcome in outcomes if outcome.gold is not Gold.LOST]
    confidences = [outcome.answer.confidence for outcome in known]
    found = fit(confidences, [outcome.first_ok for outcome in known], max_error)
    calibration = Calibration(
        slope=found.line.slope,
        bias=found.line.bias,
        threshold=found.threshold,
        max_error=max_error,
        coverage=round(found.trial.coverage, 4),
        error_rate=round(found.trial.error_rate, 4),
        ece=round(found.trial.ece, 4),
        questions=len(known),
        made=dt.datetime.now(tz=dt.UTC).date().isoformat(),
        fingerprint=bot.fingerprint,
    )
    return calibration, found


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
        CalibrationError: there are too few questions, or confidence says nothing about truth.

    """
    _refuse_too_few(truths)
    logits = np.array([logit_of(confidence) for confidence in confidences])
    right = np.array(truths, dtype=bool)
    _refuse_blind(logits, right)
    line, curve, threshold = _fit(logits, right, max_error)
    return Fit(
        line=line,
        threshold=1 - max_error if threshold is None else threshold,
        reached=threshold is not None,
        trial=_try_out(logits, right, max_error),
        ece_before=metrics.calibration_error(confidences, truths),
        curve=curve,
    )


def fit_line(logits: Floats, right: Truths) -> Line:
    """Find slope and bias by Newton's method, held to slope 1 and bias 0 by a normal prior.

    Source: Platt (1999); the prior is what a few hundred questions need, for which alone the slope would swing.
    """
    columns, parameters = np.column_stack([logits, np.ones_like(logits)]), AS_SHIPPED
    for _ in range(MOST_STEPS):
        p = Line(*parameters).probabilities(logits)
        gradient = columns.T @ (p - right) + PRIOR * (parameters - AS_SHIPPED)
        hessian = (columns * (p * (1 - p))[:, np.newaxis]).T @ columns + PRIOR * np.eye(2)
        step = np.linalg.solve(hessian, gradient)
        # Far from the minimum a whole step can lead further away: it is halved until it leads down.
        before = _loss(parameters, columns, right)
        while _loss(parameters - step, columns, right) > before and np.abs(step).max() > LEAST:
            step = step / 2
        parameters = parameters - step
        if np.abs(step).max() < LEAST:
            break
    return Line(float(parameters[0]), float(parameters[1]))


def _loss(parameters: Floats, columns: Floats, right: Truths) -> float:
    """Give the negative log-likelihood of slope and bias, with that of the prior."""
    values = columns @ parameters
    surprise = np.logaddexp(0, np.where(right, -values, values)).sum()
    return float(surprise + PRIOR * ((parameters - AS_SHIPPED) ** 2).sum() / 2)


def wilson(share: float, count: float, deviations: float) -> tuple[float, float]:
    """Give the bounds of a share that was seen in ``count`` cases.

    Source: Wilson (1927), "Probable Inference, the Law of Succession, and Statistical Inference".
    """
    square = deviations**2
    middle = share + square / (2 * count)
    width = deviations * math.sqrt(share * (1 - share) / count + square / (4 * count**2))
    return max((middle - width) / (1 + square / count), 0.0), min((middle + width) / (1 + square / count), 1.0)


def _fit(logits: Floats, right: Truths, max_error: float) -> tuple[Line, tuple[Point, ...], float | None]:
    """Fit line and threshold, and show what other thresholds do."""
    line = fit_line(logits, right)
    curve = tuple(_curve(line.probabilities(logits), right))
    return line, curve, _threshold(curve, len(right), max_error)


def _curve(probabilities: Floats, right: Truths) -> Iterator[Point]:
    """Yield what each threshold does that tells two questions apart, highest first; they stand midway between two."""
    order = np.argsort(-probabilities, kind="stable")
    values, answered = probabilities[order], np.arange(1, len(order) + 1)
    wrong, expected = np.cumsum(~right[order]) / answered, np.cumsum(1 - values) / answered
    # Below the last question there is none: no probability is -1.
    below = np.append(values[1:], -1.0)
    for at in np.flatnonzero(values != below).tolist():
        threshold = float(values[at] + max(below[at], 0.0)) / 2
        yield Point(threshold, (at + 1) / len(order), float(wrong[at]), float(expected[at]))


def _threshold(curve: Sequence[Point], questions: int, max_error: float) -> float | None:
    """Find the lowest threshold whose answers err seldom enough, even if they were lucky; ``None`` if there is none."""
    allowed = (point.threshold for point in reversed(curve) if _cautious(point, questions) <= max_error)
    return next(allowed, None)


def _cautious(point: Point, questions: int) -> float:
    """Estimate the error rate on other questions: what was seen and what the line expects, and then rather more.

    Source: the estimate is the mean of a beta prior of `EXPECTED` answers and what was seen, as in empirical Bayes; see
    Casella (1985), "An Introduction to Empirical Bayes Data Analysis".
    """
    answered = point.coverage * questions
    share = (answered * point.error_rate + EXPECTED * point.expected) / (answered + EXPECTED)
    return wilson(share, answered + EXPECTED, CAUTION)[1]


def _try_out(logits: Floats, right: Truths, max_error: float) -> Trial:
    """Fit line and threshold to all folds but one, and look at the answers to that one, for each fold of each deal."""
    probabilities, answered = np.zeros((DEALS, len(right))), np.zeros((DEALS, len(right)), dtype=bool)
    for deal in range(DEALS):
        for fold in _folds(right, SEED + deal):
            others = np.setdiff1d(np.arange(len(right)), fold)
            line, _, threshold = _fit(logits[others], right[others], max_error)
            probabilities[deal, fold] = line.probabilities(logits[fold])
            answered[deal, fold] = probabilities[deal, fold] >= (1 - max_error if threshold is None else threshold)
    wrong, count = float((answered & ~right).sum() / DEALS), float(answered.sum() / DEALS)
    error_rate = wrong / count if count else 0.0
    return Trial(
        coverage=count / len(right),
        error_rate=error_rate,
        bounds=wilson(error_rate, count, SURE) if count else (0.0, 1.0),
        ece=metrics.calibration_error(probabilities.mean(axis=0).tolist(), right.tolist()),
    )


def _folds(right: Truths, seed: int) -> Iterator[NDArray[np.int64]]:
    """Deal the questions into folds with as many right ones each."""
    order = list(range(len(right)))
    random.Random(seed).shuffle(order)  # noqa: S311 - reproducible, no secrets
    order.sort(key=lambda number: bool(right[number]))
    for fold in range(FOLDS):
        yield np.array(order[fold::FOLDS], dtype=np.int64)


def _refuse_too_few(truths: Sequence[bool]) -> None:
    right = sum(truths)
    if len(truths) < FEWEST_QUESTIONS or min(right, len(truths) - right) < FEWEST_OF_A_KIND:
        msg = (
            f"too few to calibrate on: {counted(len(truths), 'question')}, {right} of them with the right passage first; it takes "
            f"{FEWEST_QUESTIONS}, with {FEWEST_OF_A_KIND} of either kind; add questions, also ones that nothing answers"
        )
        raise CalibrationError(msg)


def _refuse_blind(logits: Floats, right: Truths) -> None:
    """Refuse confidences that are no higher where the passage is right: no line makes probabilities of them."""
    area = metrics.auroc(logits[right].tolist(), logits[~right].tolist())
    if area is not None and area <= BLIND:
        msg = (
            "on these questions confidence is no higher where the right passage comes first than where it does not: check "
            "that the question set belongs to these documents"
        )
        raise CalibrationError(msg)
