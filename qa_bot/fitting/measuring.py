"""How well weights do on the examples that no weight was fitted on."""

from collections.abc import Sequence
from typing import Any

from qa_bot.calibration import sigmoid
from qa_bot.evaluation import metrics
from qa_bot.fitting.fit import CONFIDENCE, best_sentence, ordered, sentence_totals, signals
from qa_bot.fitting.gathering import Example, Kind, ScoredHit
from qa_bot.weights import ConfidenceWeights, RankingWeights, SentenceWeights


def measure(
    examples: Sequence[Example], ranking: RankingWeights, sentence: SentenceWeights, confidence: ConfidenceWeights
) -> dict[str, Any]:
    """Measure ranking, choice of sentence and confidence, by collection."""
    figures = {}
    for name in sorted({example.collection for example in examples}):
        own = [example for example in examples if example.collection == name]
        answerable = [example for example in own if example.kind is Kind.ANSWERABLE]
        figures[name] = {
            "questions": len(answerable),
            **_ranking(answerable, ranking),
            **_sentences(answerable, ranking, sentence),
            "auroc": _auroc(own, ranking, sentence, confidence),
        }
    return figures


def probability(
    example: Example, ranking: RankingWeights, sentence: SentenceWeights, confidence: ConfidenceWeights
) -> float:
    """Give the confidence of the best hit; 0 without hits."""
    if not example.hits:
        return 0.0
    values = signals(example, ranking, sentence)
    weighed = sum(getattr(confidence, name) * value for name, value in zip(CONFIDENCE, values, strict=True))
    return sigmoid(confidence.bias + float(weighed))


def _ranking(answerable: Sequence[Example], ranking: RankingWeights) -> dict[str, float]:
    ranks: list[int | None] = []
    for example in answerable:
        right = [hit.right for hit in ordered(example, ranking)]
        ranks.append(right.index(True) + 1 if True in right else None)
    hits = {f"hit@{depth}": round(metrics.hit_rate(ranks, depth), 4) for depth in (1, 3, 5)}
    return hits | {"mrr@10": round(metrics.reciprocal_rank(ranks, 10), 4)}


def _sentences(
    answerable: Sequence[Example], ranking: RankingWeights, sentence: SentenceWeights
) -> dict[str, float | None]:
    """Measure the choice of sentences in the right paragraphs among the hits, where one holds the gold.

    ``both_right`` is of all questions, found or not: the best paragraph is right, and so is its best sentence.
    """
    right = [hit for example in answerable for hit in example.hits if hit.right and any(hit.gold)]
    if not right:
        return {"right_sentence": None, "sentence_mrr": None, "both_right": None}
    first = [ordered(example, ranking)[0] if example.hits else None for example in answerable]
    both = [hit is not None and hit.gold[best_sentence(hit, sentence)] for hit in first]
    ranks: list[int | None] = [_gold_rank(hit, sentence) for hit in right]
    return {
        "right_sentence": round(metrics.hit_rate(ranks, 1), 4),
        "sentence_mrr": round(metrics.reciprocal_rank(ranks, max(len(hit.gold) for hit in right)), 4),
        "both_right": round(metrics.mean(both), 4),
    }


def _gold_rank(hit: ScoredHit, weights: SentenceWeights) -> int:
    """Give the rank of the first gold sentence of a hit that has one, from 1."""
    order = (-sentence_totals(hit, weights)).argsort(kind="stable")
    return 1 + next(rank for rank, number in enumerate(order) if hit.gold[number])


def _auroc(
    examples: Sequence[Example], ranking: RankingWeights, sentence: SentenceWeights, confidence: ConfidenceWeights
) -> dict[str, float]:
    scores: dict[Kind, list[float]] = {kind: [] for kind in Kind}
    for example in examples:
        scores[example.kind].append(probability(example, ranking, sentence, confidence))
    areas = {kind: metrics.auroc(scores[Kind.ANSWERABLE], scores[kind]) for kind in Kind if kind is not Kind.ANSWERABLE}
    return {kind.value: round(area, 4) for kind, area in areas.items() if area is not None}
