import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stand_ins import WordEncoder, set_seeds

from qa_bot.bot import QaBot
from qa_bot.config import Answering, EvidenceSettings, Settings
from qa_bot.errors import QuestionSetError
from qa_bot.evaluation import metrics
from qa_bot.evaluation.questions import GoldQuestion
from qa_bot.evaluation.run import ask_all
from qa_bot.evaluation.summary import summarise
from qa_bot.index.encoding import no_progress
from qa_bot.index.generation import Generation
from qa_bot.opening import open_index

ranks = st.lists(st.none() | st.integers(1, 15), max_size=20)
# Sixty-fourths are exact in binary, so that a sum does not depend on its order.
shares = st.integers(0, 64).map(lambda number: number / 64)
judged = st.lists(st.tuples(shares, st.booleans()), min_size=1, max_size=30)


@given(ranks, st.integers(1, 12))
def test_hit_rate_and_reciprocal_rank_by_counting(found: list[int | None], depth: int) -> None:
    """Both are means over all questions: one without a right hit, or with one too deep, counts as 0."""
    within = [rank for rank in found if rank and rank <= depth]
    count = max(len(found), 1)

    assert metrics.hit_rate(found, depth) == pytest.approx(len(within) / count)
    assert metrics.reciprocal_rank(found, depth) == pytest.approx(sum(1 / rank for rank in within) / count)


def test_known_hit_rates_and_reciprocal_ranks() -> None:
    """Worked by hand: ranks 1, 3, none and 11."""
    found = [1, 3, None, 11]

    assert [metrics.hit_rate(found, depth) for depth in (1, 3, 10)] == [0.25, 0.5, 0.5]
    assert metrics.reciprocal_rank(found, 10) == pytest.approx((1 + 1 / 3) / 4)
    assert (metrics.hit_rate([], 1), metrics.reciprocal_rank([], 10)) == (0.0, 0.0)


@given(st.lists(st.booleans(), max_size=15), st.integers(0, 5), st.integers(1, 12))
def test_ndcg_by_numpy(right: list[bool], missed: int, depth: int) -> None:
    """The gain is discounted by log2(rank + 1), and divided by what the best possible order of all right ones would gain."""
    total = sum(right) + missed
    discounts = 1 / np.log2(np.arange(2, depth + 2))
    gains = np.zeros(depth)
    gains[: len(right[:depth])] = right[:depth]
    ideal = np.zeros(depth)
    ideal[:total] = 1

    expected = float(gains @ discounts) / float(ideal @ discounts) if total else 0.0

    assert metrics.ndcg(right, total, depth) == pytest.approx(expected)


def test_known_ndcg() -> None:
    """Worked by hand: the only right one third is 1/log2(4); first and third of three right ones; none found."""
    assert metrics.ndcg([False, False, True], 1, 10) == pytest.approx(0.5)
    assert metrics.ndcg([True, False, True], 3, 10) == pytest.approx(1.5 / (1 + 1 / math.log2(3) + 0.5))
    assert metrics.ndcg([True, True], 2, 10) == 1.0
    assert metrics.ndcg([False] * 10 + [True], 1, 10) == 0.0
    assert (metrics.ndcg([], 1, 10), metrics.ndcg([], 0, 10)) == (0.0, 0.0)


@given(st.lists(shares, max_size=15), st.lists(shares, max_size=15))
def test_auroc_by_all_pairs(positives: list[float], negatives: list[float]) -> None:
    """It is the share of pairs in which the positive scores higher, ties counting half; None without a pair."""
    pairs = [(p > n) + (p == n) / 2 for p in positives for n in negatives]

    expected = sum(pairs) / len(pairs) if pairs else None

    assert metrics.auroc(positives, negatives) == expected


@given(judged)
def test_calibration_error_by_bins(answers: list[tuple[float, bool]]) -> None:
    """Of each of ten bins the gap between mean confidence and share of truths, weighed by its share of the answers."""
    expected = 0.0
    for number in range(10):
        upper = 1.1 if number == 9 else (number + 1) / 10
        content = [(c, t) for c, t in answers if number / 10 <= c < upper]
        if content:
            gap = abs(float(np.mean([c for c, _ in content])) - float(np.mean([t for _, t in content])))
            expected += len(content) / len(answers) * gap

    assert metrics.calibration_error([c for c, _ in answers], [t for _, t in answers]) == pytest.approx(expected)


def test_known_calibration_errors() -> None:
    """Worked by hand: sure and always right, sure and always wrong, half sure and right half the time, and nothing."""
    assert metrics.calibration_error([1.0, 1.0], [True, True]) == 0.0
    assert metrics.calibration_error([1.0, 0.0], [False, True]) == 1.0
    assert metrics.calibration_error([0.5, 0.5], [True, False]) == 0.0
    assert metrics.calibration_error([], []) == 0.0


@given(judged)
def test_risk_coverage_by_every_threshold(answers: list[tuple[float, bool]]) -> None:
    """For each confidence as threshold: the share of all questions answered, and of those answered the share wrong."""
    expected = []
    for threshold in sorted({confidence for confidence, _ in answers}, reverse=True):
        truths = [truth for confidence, truth in answers if confidence >= threshold]
        expected.append((len(truths) / len(answers), truths.count(False) / len(truths)))

    assert metrics.risk_coverage([c for c, _ in answers], [t for _, t in answers]) == expected


@given(st.lists(st.floats(0, 1000), min_size=1, max_size=50), st.sampled_from([0.5, 0.95]) | shares)
def test_percentile_is_numpys_inverted_cdf(values: list[float], share: float) -> None:
    """A percentile is one of the values, as numpy's method "inverted_cdf" gives it; 0 of no values."""
    assert metrics.percentile(values, share) == float(np.quantile(values, share, method="inverted_cdf"))
    assert metrics.percentile([], share) == 0.0


@given(ranks)
def test_arguments_are_left_as_they_were(found: list[int | None]) -> None:
    """A metric never changes what it is given."""
    values = [float(rank or 0) for rank in found]
    before = list(values)

    metrics.percentile(values, 0.5)
    metrics.auroc(values, values)
    metrics.calibration_error([0.5] * len(values), [True] * len(values))

    assert values == before


TOO_LONG = "the question has 2399 characters, more than the 2000 allowed"
QUESTIONS = [
    GoldQuestion("a", "Who signed the ceasefire?", ("Haftar signed",), None, "who"),
    GoldQuestion("b", "Where is the port?", ("in Tobruk",), None, "where"),
    GoldQuestion("c", "What does nobody say?", ("words that are not there",), None, "what"),
    GoldQuestion("d", "How old is the moon?", (), None, "none"),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generation]:
    """Index three paragraphs."""
    folder = tmp_path_factory.mktemp("evaluation")
    text = "Haftar signed the ceasefire.\n\nThe port is in Tobruk.\n\nOther words stand here, for nobody.\n"
    with open_index(
        folder / "index", set_seeds(folder / "seeds", {"a.txt": text}), WordEncoder(), no_progress
    ) as opened:
        yield opened


def evaluate(
    index: Generation, questions: Sequence[GoldQuestion], *, threshold: float, near: int = 3
) -> dict[str, Any]:
    """Ask the questions with a threshold, and make the report."""
    settings = Settings(
        answering=Answering(threshold=threshold, near=near), evidence=EvidenceSettings(reader=""), folder=Path()
    )
    bot = QaBot(settings, index, WordEncoder())
    return summarise(ask_all(bot, questions, no_progress), bot)


def test_questions_left_unanswered_stay_in_every_mean(index: Generation) -> None:
    """A bot that never answers scores 0 over all answerable questions, while its ranking is measured all the same."""
    report = evaluate(index, QUESTIONS, threshold=1.0)

    assert (report["questions"], report["answerable"], report["unanswerable"]) == (4, 3, 1)
    assert report["retrieval"]["hit@1"] == pytest.approx(2 / 3, abs=1e-4)
    assert report["retrieval"]["mrr@10"] == pytest.approx(2 / 3, abs=1e-4)
    assert report["answers"] == {
        "excerpt_hit": 0.0, "highlight_hit": 0.0, "highlight_sentences": None, "exact": None, "f1": None,
    }  # fmt: skip
    abstention = report["abstention"]
    assert (abstention["coverage"], abstention["error_rate"], abstention["false_answer_rate"]) == (0.0, 0.0, 0.0)
    assert {line["status"] for line in report["per_question"]} == {"not_found"}


def test_a_bot_that_always_answers_is_wrong_about_the_rest(index: Generation) -> None:
    """Answering everything covers everything: 2 of 4 are wrong, and the one that nothing answers is answered falsely."""
    report = evaluate(index, QUESTIONS, threshold=0.0)

    assert report["answers"]["excerpt_hit"] == pytest.approx(2 / 3, abs=1e-4)
    assert report["answers"]["highlight_hit"] == pytest.approx(2 / 3, abs=1e-4)
    abstention = report["abstention"]
    assert (abstention["coverage"], abstention["error_rate"], abstention["false_answer_rate"]) == (1.0, 0.5, 1.0)
    assert [line["excerpt_ok"] for line in report["per_question"]] == [True, True, False, None]
    assert [line["rank"] for line in report["per_question"]] == [1, 1, None, None]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("???", "the question has no words: ask in words"),
        ("why " * 600, f"{TOO_LONG}: ask more briefly, or raise max_question under [answering] in config.toml"),
    ],
    ids=["no words", "too long"],
)
def test_a_question_that_cannot_be_asked(index: Generation, words: str, reason: str) -> None:
    """It is named before the first one is asked, wherever it stands in the set."""
    bot = QaBot(Settings(folder=Path()), index, WordEncoder())
    asked: list[int] = []

    with pytest.raises(QuestionSetError) as caught:
        ask_all(bot, [*QUESTIONS, GoldQuestion("e", words, (), None, "none")], lambda number, _: asked.append(number))
    assert str(caught.value) == f"the question 'e' cannot be asked: {reason}"
    assert asked == []


def test_every_share_is_of_the_questions_it_is_about(index: Generation) -> None:
    """Whatever the threshold: hits are shares of the 3 answerable questions, false answers of the 1 unanswerable one."""
    confidences = {line["id"]: line["confidence"] for line in evaluate(index, QUESTIONS, threshold=0.0)["per_question"]}

    for least in confidences.values():
        # Confidences are reported rounded.
        report = evaluate(index, QUESTIONS, threshold=max(least - 0.0001, 0))
        answered = {name for name, confidence in confidences.items() if confidence >= least}
        abstention, answers = report["abstention"], report["answers"]
        right = len(answered & {"a", "b"})
        assert {line["id"] for line in report["per_question"] if line["status"] == "answered"} == answered
        assert answers["excerpt_hit"] == answers["highlight_hit"] == pytest.approx(right / 3, abs=1e-4)
        assert abstention["coverage"] == len(answered) / 4
        assert abstention["error_rate"] == pytest.approx(1 - right / len(answered), abs=1e-4)
        assert abstention["false_answer_rate"] == float("d" in answered)


def test_calibration_does_not_depend_on_what_is_shown(index: Generation) -> None:
    """Threshold and number of near passages decide what is shown, not how right the confidences are."""
    expected = evaluate(index, QUESTIONS, threshold=0.0)["abstention"]

    for threshold, near in ((1.0, 3), (1.0, 0), (0.0, 0)):
        found = evaluate(index, QUESTIONS, threshold=threshold, near=near)["abstention"]
        assert {name: found[name] for name in ("auroc", "ece", "risk_coverage")} == {
            name: expected[name] for name in ("auroc", "ece", "risk_coverage")
        }
