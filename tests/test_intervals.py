import numpy as np
import pytest
from evaluated import outcome
from scipy.stats import binomtest

from qa_bot.evaluation import metrics
from qa_bot.evaluation.intervals import Columns, figures, intervals
from qa_bot.evaluation.judging import Outcome


def drawn(seed: int, count: int = 80) -> list[Outcome]:
    """Draw some outcomes."""
    generator = np.random.default_rng(seed)
    return [outcome(generator) for _ in range(count)]


def by_hand(outcomes: list[Outcome]) -> dict[str, float | None]:
    """Give the figures by the project's plain metrics."""
    answerable = [o for o in outcomes if o.question.answerable]
    answered = [o for o in outcomes if o.answered]
    unanswerable = [o for o in outcomes if not o.question.answerable]
    ranks = [o.rank for o in answerable]
    confidences = [o.answer.confidence for o in outcomes]
    return {
        **{f"hit@{depth}": metrics.hit_rate(ranks, depth) for depth in (1, 3, 5, 10)},
        "mrr@10": metrics.reciprocal_rank(ranks, 10),
        "ndcg@10": metrics.mean([metrics.ndcg(o.right, o.relevant, 10) for o in answerable]),
        "excerpt_hit": metrics.mean([bool(o.excerpt_ok) for o in answerable]),
        "highlight_hit": metrics.mean([bool(o.highlight_ok) for o in answerable]),
        "coverage": metrics.mean([o.answered for o in outcomes]),
        "error_rate": metrics.mean([not o.first_ok for o in answered]),
        "false_answer_rate": metrics.mean([o.answered for o in unanswerable]),
        "auroc": metrics.auroc([o.answer.confidence for o in answerable], [o.answer.confidence for o in unanswerable]),
        "ece": metrics.calibration_error(confidences, [o.first_ok for o in outcomes]),
    }


@pytest.mark.parametrize("seed", range(6))
def test_a_resample_has_the_figures_of_its_questions(seed: int) -> None:
    """Computed all at once from weights, or one by one from a list with repeated questions: the same."""
    outcomes = drawn(seed)
    chosen = np.random.default_rng(seed + 100).integers(len(outcomes), size=len(outcomes))
    weights = np.stack([np.ones(len(outcomes)), np.bincount(chosen, minlength=len(outcomes))]).astype(float)

    found = figures(weights, Columns.of(outcomes))

    for row, questions in enumerate((outcomes, [outcomes[number] for number in chosen])):
        assert {name: values[row] for name, values in found.items()} == pytest.approx(by_hand(questions))


def test_intervals_hold_the_figure_and_are_as_wide_as_theory_says() -> None:
    """For a share of 400 questions the bootstrap comes near the exact binomial interval."""
    outcomes = drawn(1, 400)
    found = intervals(outcomes)
    exact = binomtest(sum(o.answered for o in outcomes), 400).proportion_ci(method="wilson")

    assert found["coverage"] == pytest.approx([exact.low, exact.high], abs=0.01)
    for name, value in by_hand(outcomes).items():
        edges = found[name]
        assert edges is not None
        assert value is not None
        # An expected calibration error is never below 0, so that chance only adds to it.
        assert edges[0] <= value <= edges[1] or name == "ece"
    assert intervals(outcomes) == found


def test_no_interval_of_what_is_not_there() -> None:
    """Without unanswerable questions there are no false answers and no AUROC."""
    outcomes = [o for o in drawn(2) if o.question.answerable]
    found = intervals(outcomes)

    assert found["false_answer_rate"] is None
    assert found["auroc"] is None
    assert found["hit@1"] is not None
