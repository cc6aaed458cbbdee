"""Metrics, as pure functions over ranks, confidences and truths.

Every mean is over all questions it is about, found or not: a question without a hit counts as a miss.
"""

import math
from collections.abc import Sequence

# Ranks count from 1; None is a right paragraph that was not among the hits.
Rank = int | None

# Ten bins of equal width, as in Guo et al. (2017), "On Calibration of Modern Neural Networks".
CALIBRATION_BINS = 10


def hit_rate(ranks: Sequence[Rank], depth: int) -> float:
    """Give the share of questions with a right paragraph among the first ``depth``."""
    return mean([rank is not None and rank <= depth for rank in ranks])


def reciprocal_rank(ranks: Sequence[Rank], depth: int) -> float:
    """Give the mean of 1/rank of the first right paragraph, 0 beyond ``depth``."""
    return mean([1 / rank if rank is not None and rank <= depth else 0.0 for rank in ranks])


def ndcg(right: Sequence[bool], total: int, depth: int) -> float:
    """Give the normalised discounted cumulative gain of one ranking.

    Args:
        right: for each hit in order, whether it is right.
        total: how many right paragraphs there are.
        depth: how many hits count.

    Source: Järvelin & Kekäläinen (2002), with binary gains and log2(rank + 1).

    """
    gain = sum(1 / math.log2(rank + 1) for rank, hit in enumerate(right[:depth], start=1) if hit)
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(total, depth) + 1))
    return gain / ideal if ideal else 0.0


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> float | None:
    """Give the probability that a positive scores above a negative, ties counting half; None if one kind is missing.

    Source: Mann & Whitney's U, divided by the number of pairs.
    """
    if not positives or not negatives:
        return None
    scored = sorted([(score, True) for score in positives] + [(score, False) for score in negatives])
    wins = below = 0.0
    at = 0
    while at < len(scored):
        end = at
        while end < len(scored) and scored[end][0] == scored[at][0]:
            end += 1
        tied_positives = sum(positive for _, positive in scored[at:end])
        tied_negatives = end - at - tied_positives
        wins += tied_positives * (below + tied_negatives / 2)
        below += tied_negatives
        at = end
    return wins / (len(positives) * len(negatives))


def calibration_error(confidences: Sequence[float], truths: Sequence[bool]) -> float:
    """Give the expected calibration error: how far confidence and truth are apart, over bins of equal width."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for confidence, truth in zip(confidences, truths, strict=True):
        bins.setdefault(min(int(confidence * CALIBRATION_BINS), CALIBRATION_BINS - 1), []).append((confidence, truth))
    gaps = [abs(sum(c for c, _ in content) - sum(t for _, t in content)) for content in bins.values()]
    return sum(gaps) / len(confidences) if confidences else 0.0


def risk_coverage(confidences: Sequence[float], truths: Sequence[bool]) -> list[tuple[float, float]]:
    """Give, for each threshold that matters, the share of questions answered and the share of those answered wrongly.

    Source: El-Yaniv & Wiener (2010), "On the Foundations of Noise-free Selective Classification".
    """
    ordered = sorted(zip(confidences, truths, strict=True), key=lambda pair: -pair[0])
    curve: list[tuple[float, float]] = []
    wrong = 0
    for answered, (confidence, truth) in enumerate(ordered, start=1):
        wrong += not truth
        if answered == len(ordered) or ordered[answered][0] != confidence:
            curve.append((answered / len(ordered), wrong / answered))
    return curve


def percentile(values: Sequence[float], share: float) -> float:
    """Give the smallest value that at least ``share`` of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)] if ordered else 0.0


def mean(values: Sequence[float]) -> float:
    """Give the mean; 0 of nothing."""
    return sum(values) / len(values) if values else 0.0
