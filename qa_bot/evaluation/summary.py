"""The outcomes of a question set in numbers: the report in the form of ``evaluate --json``."""

from collections.abc import Iterator, Sequence
from typing import Any

from qa_bot.bot import QaBot
from qa_bot.evaluation import metrics
from qa_bot.evaluation.anchors import Gold
from qa_bot.evaluation.intervals import DEPTH, DEPTHS, intervals
from qa_bot.evaluation.judging import Outcome, as_json
from qa_bot.evaluation.provenance import index_info, provenance

SCHEMA = 1


def summarise(outcomes: Sequence[Outcome], bot: QaBot) -> dict[str, Any]:
    """Make the report, not yet compared with anything."""
    answerable = [outcome for outcome in outcomes if outcome.question.answerable]
    return {
        "schema": SCHEMA,
        "questions": len(outcomes),
        "answerable": len(answerable),
        "unanswerable": len(outcomes) - len(answerable),
        "retrieval": _retrieval(answerable),
        "answers": _answers(answerable, reads=bot.judge.reader is not None),
        "abstention": _abstention(outcomes),
        "latency_ms": {
            name: round(metrics.percentile([outcome.answer.timings.total for outcome in outcomes], share), 2)
            for name, share in (("p50", 0.5), ("p95", 0.95))
        },
        "index": index_info(bot),
        "intervals": intervals(outcomes),
        "gold": _gold(answerable),
        "categories": dict(_categories(outcomes)),
        "baseline": None,
        "gate": None,
        **provenance(bot),
        "per_question": [as_json(outcome) for outcome in outcomes],
    }


def _retrieval(answerable: Sequence[Outcome]) -> dict[str, float]:
    ranks = [outcome.rank for outcome in answerable]
    return {
        **{f"hit@{depth}": round(metrics.hit_rate(ranks, depth), 4) for depth in DEPTHS},
        "mrr@10": round(metrics.reciprocal_rank(ranks, DEPTH), 4),
        "ndcg@10": round(metrics.mean([metrics.ndcg(o.right, o.relevant, DEPTH) for o in answerable]), 4),
    }


def _answers(answerable: Sequence[Outcome], *, reads: bool) -> dict[str, float | None]:
    """Measure what is shown; without a reader there are no exact answers to measure."""
    counts = [len(outcome.answer.excerpts[0].highlights) for outcome in answerable if outcome.answer.excerpts]
    return {
        "excerpt_hit": round(metrics.mean([bool(outcome.excerpt_ok) for outcome in answerable]), 4),
        "highlight_hit": _mean_of_known([outcome.highlight_ok for outcome in answerable]),
        "highlight_sentences": _mean_of_known(counts),
        "exact": _mean_of_known([outcome.exact for outcome in answerable]) if reads else None,
        "f1": _mean_of_known([outcome.f1 for outcome in answerable]) if reads else None,
    }


def _mean_of_known(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(metrics.mean(known), 4) if known else None


def _abstention(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    answered = [outcome for outcome in outcomes if outcome.answered]
    unanswerable = [outcome for outcome in outcomes if not outcome.question.answerable]
    confidences = [outcome.answer.confidence for outcome in outcomes]
    truths = [outcome.first_ok for outcome in outcomes]
    area = metrics.auroc(
        [outcome.answer.confidence for outcome in outcomes if outcome.question.answerable],
        [outcome.answer.confidence for outcome in unanswerable],
    )
    return {
        "auroc": None if area is None else round(area, 4),
        "coverage": round(metrics.mean([outcome.answered for outcome in outcomes]), 4),
        "error_rate": round(metrics.mean([not outcome.first_ok for outcome in answered]), 4),
        "false_answer_rate": round(metrics.mean([outcome.answered for outcome in unanswerable]), 4),
        "ece": round(metrics.calibration_error(confidences, truths), 4),
        "risk_coverage": [[round(c, 4), round(r, 4)] for c, r in metrics.risk_coverage(confidences, truths)],
    }


def _gold(answerable: Sequence[Outcome]) -> dict[str, Any]:
    """Count what became of the gold; the figures of the others tell what lost gold costs the means over all."""
    others = [outcome for outcome in answerable if outcome.gold is not Gold.LOST]
    return {
        **{gold.value: sum(outcome.gold is gold for outcome in answerable) for gold in Gold},
        "without_lost": _figures(others) if others else None,
    }


def _figures(answerable: Sequence[Outcome]) -> dict[str, float | None]:
    shown = ("excerpt_hit", "highlight_hit", "highlight_sentences")
    answers = _answers(answerable, reads=False)
    return {"hit@1": _retrieval(answerable)["hit@1"], **{name: answers[name] for name in shown}}


def _categories(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, dict[str, Any]]]:
    for category in sorted({outcome.question.category for outcome in outcomes}):
        own = [outcome for outcome in outcomes if outcome.question.category == category]
        answerable = [outcome for outcome in own if outcome.question.answerable]
        yield (
            category,
            {
                "questions": len(own),
                "answered": sum(outcome.answered for outcome in own),
                "unanswerable": len(own) - len(answerable),
                "false_answers": sum(outcome.answered for outcome in own if not outcome.question.answerable),
                **(_figures(answerable) if answerable else {}),
            },
        )
