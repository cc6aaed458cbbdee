"""Weights from examples, by maximum likelihood. Pure."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, logsumexp

from qa_bot.evidence import RIVALS
from qa_bot.fitting.gathering import RANKING, SENTENCE, Example, Kind, ScoredHit
from qa_bot.weights import ConfidenceWeights, RankingWeights, SentenceWeights

Floats = NDArray[np.float64]

# A little pull towards zero, for scores that say the same.
RIDGE = 1e-3
# Only proportions of ranking weights matter; so many the first three sum to, as they did when all were equal.
RANKING_SCALE = 1.5

# How heavy each kind of question is when confidences are fitted: half of all can be answered, half of the others look it.
SHARES = {Kind.ANSWERABLE: 0.5, Kind.NEAR: 0.25, Kind.MIDDLE: 0.125, Kind.FAR: 0.125}

# What is too far behind to be read: of so many questions one at most would begin with another hit if it were.
UNREAD_OF = 1_000

CONFIDENCE = ("coverage", "cosine", "late", "type", "known", "lead", "reader")


def conditional_logit(groups: Sequence[tuple[Floats, NDArray[np.bool_]]]) -> Floats:
    """Find the weights under which the right members of each group are most likely chosen; none is negative.

    Args:
        groups: for each choice the scores of its members, shape ``(members, scores)``, and which of them are right.

    Source: McFadden (1974), "Conditional Logit Analysis of Qualitative Choice Behavior"; with several right members the
    likelihood is that of choosing any of them.

    """
    useful = [(scores, right) for scores, right in groups if right.any() and not right.all()]
    count = groups[0][0].shape[1]

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, gradient = RIDGE * weights @ weights * len(useful), 2 * RIDGE * weights * len(useful)
        for scores, right in useful:
            logits = scores @ weights
            every, among = logsumexp(logits), logsumexp(logits[right])
            total += every - among
            gradient += np.exp(logits - every) @ scores - np.exp(logits[right] - among) @ scores[right]
        return float(total), gradient

    found = minimize(loss, np.ones(count), jac=True, method="L-BFGS-B", bounds=[(0, None)] * count)
    return np.asarray(found.x, dtype=np.float64)


def logistic(values: Floats, right: NDArray[np.bool_], weights: Floats) -> Floats:
    """Fit a logistic regression whose coefficients are not negative.

    Args:
        values: shape ``(examples, signals)``.
        right: which examples are right.
        weights: how often each example counts.

    Returns:
        The bias, then a coefficient for each signal. They are drawn to zero as scikit-learn's are by default (``C=1``).

    """
    columns = np.column_stack([np.ones(len(values)), values])
    signs = np.where(right, 1.0, -1.0)

    def loss(found: Floats) -> tuple[float, Floats]:
        margins, pull = signs * (columns @ found), np.append(0.0, found[1:])
        total = weights @ np.logaddexp(0, -margins) + pull @ pull / 2
        return float(total), pull - (weights * signs * expit(-margins)) @ columns

    bounds = [(None, None), *[(0, None)] * values.shape[1]]
    best = minimize(loss, np.zeros(columns.shape[1]), jac=True, method="L-BFGS-B", bounds=bounds)
    return np.asarray(best.x, dtype=np.float64)


def fit_sentence(examples: Sequence[Example]) -> SentenceWeights:
    """Fit what a sentence is chosen by, on the right paragraphs among the hits."""
    groups = [(hit.sentences, np.array(hit.gold)) for example in examples for hit in example.hits if hit.right]
    return SentenceWeights(**_named(SENTENCE, conditional_logit(groups)))


def fit_ranking(examples: Sequence[Example]) -> RankingWeights:
    """Fit what a hit is ordered by, on the questions with a right paragraph among the hits."""
    groups = [
        (np.stack([hit.ranking for hit in example.hits]), np.array([hit.right for hit in example.hits]))
        for example in examples
        if example.kind is Kind.ANSWERABLE and example.hits
    ]
    weights = conditional_logit(groups)
    return RankingWeights(**_named(RANKING, weights * RANKING_SCALE / weights[:3].sum()))


def fit_reach(examples: Sequence[Example], ranking: RankingWeights) -> float:
    """Find how far a hit may be behind the best one, before any is read, for a reader to bring it to the front."""
    unread = ranking.model_copy(update={"reader": 0.0})
    gaps = sorted((_overtaken(example, ranking, unread) for example in examples if example.hits), reverse=True)
    return round(gaps[len(gaps) // UNREAD_OF], 4)


def _overtaken(example: Example, ranking: RankingWeights, unread: RankingWeights) -> float:
    """Give how far the hit that is first in the end was behind."""
    return total(ordered(example, unread)[0], unread) - total(ordered(example, ranking)[0], unread)


def ordered(example: Example, ranking: RankingWeights) -> list[ScoredHit]:
    """Order the hits of an example by weights."""
    return sorted(example.hits, key=lambda hit: -total(hit, ranking))


def total(hit: ScoredHit, ranking: RankingWeights) -> float:
    """Give the score of a hit."""
    return float(hit.ranking @ [getattr(ranking, name) for name in RANKING])


def best_sentence(hit: ScoredHit, weights: SentenceWeights) -> int:
    """Name the sentence that answers best."""
    return int(sentence_totals(hit, weights).argmax())


def sentence_totals(hit: ScoredHit, weights: SentenceWeights) -> Floats:
    """Give the score of each sentence of a hit."""
    totals: Floats = hit.sentences @ [getattr(weights, name) for name in SENTENCE]
    return totals


def signals(example: Example, ranking: RankingWeights, sentence: SentenceWeights) -> Floats:
    """Give what the confidence of the best hit is made of, in the order of ``CONFIDENCE``."""
    hits = ordered(example, ranking)
    coverage, cosine, late, answer_type, reader = hits[0].sentences[best_sentence(hits[0], sentence)]
    as_retrieved = ranking.model_copy(update={"type": 0.0, "meaning": 0.0, "reader": 0.0})
    scores = [total(hit, as_retrieved) for hit in hits]
    rivals = sorted(scores[1:], reverse=True)[:RIVALS]
    lead = scores[0] - float(np.mean(rivals)) if rivals else 0.0
    return np.array([coverage, cosine, late, answer_type, example.known, lead, reader])


def fit_confidence(
    examples: Sequence[Example], ranking: RankingWeights, sentence: SentenceWeights
) -> ConfidenceWeights:
    """Fit the probability that the best hit is right, with the kinds of questions weighed by ``SHARES``.

    No weight is negative: each signal speaks for an answer or says nothing, also where two say nearly the same.
    """
    asked = [example for example in examples if example.hits]
    values = np.stack([signals(example, ranking, sentence) for example in asked])
    right = np.array([ordered(example, ranking)[0].right for example in asked])
    counts = {kind: sum(example.kind is kind for example in asked) for kind in SHARES}
    weights = np.array([SHARES[example.kind] / counts[example.kind] for example in asked]) * len(asked)
    bias, *found = logistic(values, right, weights)
    return ConfidenceWeights(bias=float(bias), **_named(CONFIDENCE, np.array(found)))


def _named(names: Sequence[str], values: Floats) -> dict[str, float]:
    return {name: round(float(value), 4) for name, value in zip(names, values, strict=True)}
