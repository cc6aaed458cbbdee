"""How well weights do on the examples that no weight was fitted on."""

from collections.abc import Sequence
from typing import Any

from qa_bot.calibration import sigmoid
from qa_bot.evaluation import metrics
from qa_bot.fitting.fit import CONFIDENCE, best_sentence, ordered, signals
from qa_bot.fitting.gathering import Example, Kind
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
            "right_sentence": _right_sentence(answerable, sentence),
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


def _right_sentence(answerable: Sequence[Example], sentence: SentenceWeights) -> float | None:
    """Give the share of right paragraphs among the hits, with a gold sentence, whose best sentence is one."""
    right = [hit for example in answerable for hit in example.hits if hit.right and any(hit.gold)]
    chosen = [hit.gold[best_sentence(hit, sentence)] for hit in right]
    return round(metrics.mean(chosen), 4) if chosen else None


def _auroc(
    examples: Sequence[Example], ranking: RankingWeights, sentence: SentenceWeights, confidence: ConfidenceWeights
) -> dict[str, float]:
    scores: dict[Kind, list[float]] = {kind: [] for kind in Kind}
    for example in examples:
        scores[example.kind].append(probability(example, ranking, sentence, confidence))
    areas = {kind: metrics.auroc(scores[Kind.ANSWERABLE], scores[kind]) for kind in Kind if kind is not Kind.ANSWERABLE}
    return {kind.value: round(area, 4) for kind, area in areas.items() if area is not None}
