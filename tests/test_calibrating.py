from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from qa_bot.calibration import Calibration, Fingerprint, StoredCalibration, sigmoid
from qa_bot.errors import CalibrationError
from qa_bot.evaluation import metrics
from qa_bot.evaluation.calibrating import Fit, Line, fit, fit_line, logit_of, wilson
from qa_bot.evaluation.calibration_report import calibration_lines, unreached
from qa_bot.models.identity import Identity
from qa_bot.weights import Weights, packaged_weights


def questions(count: int, slope: float, bias: float, seed: int = 1) -> tuple[list[float], list[bool]]:
    """Draw questions whose shipped logit is off: the truth is drawn with slope · logit + bias."""
    generator = np.random.default_rng(seed)
    logits = generator.normal(0, 3, count)
    truths = generator.random(count) < Line(slope, bias).probabilities(logits)
    return [sigmoid(value) for value in logits], truths.tolist()


def applied(result: Fit, confidences: list[float], truths: list[bool]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Give questions the probabilities that were fitted."""
    return result.line.probabilities(np.array([logit_of(c) for c in confidences])), np.array(truths)


@given(st.floats(min_value=-20, max_value=20))
def test_logit_and_sigmoid_undo_each_other(value: float) -> None:
    """A probability gives back the logit that it came from."""
    assert logit_of(sigmoid(value)) == pytest.approx(value, abs=1e-6)


def test_certainty_has_a_logit() -> None:
    """0 and 1 are taken for nearly so."""
    assert [logit_of(1.0), logit_of(0.0)] == pytest.approx([20.723, -20.723], abs=0.001)


def test_slope_and_bias_are_found() -> None:
    """Of many questions the line is found that drew them."""
    confidences, truths = questions(20_000, slope=0.6, bias=-1.2)

    line = fit_line(np.array([logit_of(confidence) for confidence in confidences]), np.array(truths))

    assert [line.slope, line.bias] == pytest.approx([0.6, -1.2], abs=0.05)


@given(st.integers(0, 10_000))
def test_extreme_confidences_do_not_lead_astray(seed: int) -> None:
    """Confidences of 0 and 1, right or wrong, leave slope and bias where the questions are most likely."""
    generator = np.random.default_rng(seed)
    logits = np.array([logit_of(confidence) for confidence in generator.random(60).round()])
    line = fit_line(logits, generator.random(60) < generator.random())

    assert abs(line.slope) <= 1
    assert abs(line.bias) <= 5


def test_line_is_the_most_likely_one() -> None:
    """No small step from slope and bias makes the questions, with the prior, more likely."""
    confidences, truths = questions(200, slope=1.3, bias=0.5)
    logits, right = np.array([logit_of(confidence) for confidence in confidences]), np.array(truths)

    def loss(line: Line) -> float:
        p = line.probabilities(logits)
        likelihood = np.log(np.where(right, p, 1 - p)).sum()
        return float(-likelihood + ((line.slope - 1) ** 2 + line.bias**2) / 2)

    line = fit_line(logits, right)
    around = [Line(line.slope + a, line.bias + b) for a in (-0.01, 0, 0.01) for b in (-0.01, 0, 0.01)]
    assert loss(line) == min(loss(other) for other in around)


def test_calibrated_on_one_half_it_holds_on_the_other() -> None:
    """Probabilities and error rate keep their word on questions drawn the same way, as cross-validation says they will."""
    confidences, truths = questions(6_000, slope=0.8, bias=0.5)
    result = fit(confidences[::2], truths[::2], max_error=0.05)

    probabilities, right = applied(result, confidences[1::2], truths[1::2])
    answered = probabilities >= result.threshold
    ece = metrics.calibration_error(probabilities.tolist(), right.tolist())
    assert ece == pytest.approx(result.trial.ece, abs=0.02)
    assert ece <= 0.03
    assert result.ece_before > 0.05
    assert (~right[answered]).mean() <= 0.07
    assert answered.mean() == pytest.approx(result.trial.coverage, abs=0.03)
    assert result.trial.bounds[0] <= (~right[answered]).mean() <= result.trial.bounds[1]


@pytest.mark.parametrize(("slope", "bias", "least_coverage"), [(1, 0, 0.24), (0.8, 1, 0.31), (1.4, -1, 0.24)], ids=str)
def test_error_rate_is_kept_on_average(slope: float, bias: float, least_coverage: float) -> None:
    """Over many sets of 150 questions, the answers to 150 others err no more often than allowed, and are not few.

    Who knew the truth behind the draws could answer .28, .37 and .28 of the questions.
    """
    rates, coverages = [], []
    for seed in range(60):
        confidences, truths = questions(300, slope, bias, seed)
        result = fit(confidences[:150], truths[:150], max_error=0.05)
        probabilities, right = applied(result, confidences[150:], truths[150:])
        answered = probabilities >= result.threshold
        rates.append(float((~right[answered]).mean()) if answered.any() else 0.0)
        coverages.append(answered.mean())

    deviation = float(np.std(rates)) / len(rates) ** 0.5
    assert np.mean(rates) <= 0.05 + 2 * deviation
    assert np.mean(coverages) >= least_coverage


@pytest.mark.parametrize("max_error", [0.02, 0.05, 0.1, 0.2])
def test_allowing_more_errors_answers_more(max_error: float) -> None:
    """Allowing more errors lowers the threshold and answers more; of the answers hardly more are wrong than allowed."""
    confidences, truths = questions(500, slope=1, bias=0)
    result, stricter = fit(confidences, truths, max_error), fit(confidences, truths, 0.02)

    probabilities, right = applied(result, confidences, truths)
    assert result.reached
    assert (~right[probabilities >= result.threshold]).mean() <= max_error + 0.01
    assert result.trial.coverage >= stricter.trial.coverage > 0
    assert result.threshold <= stricter.threshold


@given(st.integers(0, 10_000), st.integers(40, 120), st.sampled_from([0.05, 0.1, 0.3]))
def test_the_curve_tells_what_each_threshold_does(seed: int, count: int, max_error: float) -> None:
    """At each threshold of the curve just that share of the questions is answered, and that share of them wrongly."""
    confidences, truths = questions(count, slope=1, bias=0, seed=seed)
    confidences = [round(confidence, 1) for confidence in confidences]
    try:
        result = fit(confidences, truths, max_error)
    except CalibrationError:
        return

    probabilities, right = applied(result, confidences, truths)
    for point in result.curve:
        answered = probabilities >= point.threshold
        assert answered.mean() == pytest.approx(point.coverage)
        assert (~right[answered]).mean() == pytest.approx(point.error_rate)
        assert (1 - probabilities[answered]).mean() == pytest.approx(point.expected)
    assert len(result.curve) == len(set(probabilities.tolist()))
    assert result.curve[-1].coverage == 1.0


def test_wilson_bounds() -> None:
    """The bounds are those of the literature: Brown, Cai & DasGupta (2001) give (.000, .278) for 0 of 10 at 95 %."""
    assert wilson(0.0, 10, 1.959964) == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert wilson(0.5, 10, 1.959964) == pytest.approx((0.2366, 0.7634), abs=1e-4)


def test_too_few_questions_are_refused() -> None:
    """Neither a small set nor one of a single kind teaches anything."""
    confidences, truths = questions(39, slope=1, bias=0)
    with pytest.raises(
        CalibrationError, match=r"^too few to calibrate on: 39 questions, \d+ of them with the right passage first; "
    ):
        fit(confidences, truths, 0.05)
    with pytest.raises(CalibrationError, match=r"^too few to calibrate on: 60 questions, 51 of them"):
        fit([0.9] * 60, [True] * 51 + [False] * 9, 0.05)


def test_an_error_rate_out_of_reach_keeps_silent() -> None:
    """Where no threshold errs so seldom, only answers are given that are as sure by themselves: here none."""
    generator = np.random.default_rng(1)
    truths = (generator.random(400) < 0.5).tolist()
    confidences = [0.55 if truth and number % 3 else 0.45 for number, truth in enumerate(truths)]
    confidences[:40] = [0.55] * 40

    result = fit(confidences, truths, 0.01)

    assert (result.reached, result.threshold) == (False, 0.99)
    assert (result.trial.coverage, result.trial.error_rate, result.trial.bounds) == (0, 0, (0, 1))


def test_confidence_that_says_nothing_is_refused() -> None:
    """Where confidence is no higher for what is right, the set does not belong to the documents, and nothing is fitted."""
    truths = [number % 2 == 0 for number in range(100)]
    with pytest.raises(CalibrationError, match=r"confidence is no higher where the right passage comes first"):
        fit([0.5] * 100, truths, 0.05)


def fingerprint(**changes: object) -> Fingerprint:
    """Take the fingerprint of some parts, changed as said."""
    weights = Weights.load(packaged_weights(None))
    parts: dict[str, object] = {"documents": {"a": "1"}, "reads": 4, "texts": "1", "reader": Identity("reader", "r")}
    parts |= {"encoder": Identity("encoder", "e"), "weights": weights} | changes
    return Fingerprint.of(**parts)  # type: ignore[arg-type]


CALIBRATION = Calibration(
    slope=0.5, bias=-1, threshold=0.4, max_error=0.05, coverage=0.6, error_rate=0.04, ece=0.03, questions=200,
    made="2026-11-25", fingerprint=fingerprint(),
)  # fmt: skip


def test_a_calibration_is_read_as_it_was_stored(tmp_path: Path) -> None:
    """What is stored with the index is read again; where nothing is stored, there is nothing to read."""
    assert Calibration.load(tmp_path) is None

    CALIBRATION.store(tmp_path)

    assert Calibration.load(tmp_path) == CALIBRATION
    assert [path.name for path in tmp_path.iterdir()] == ["calibration.json"]


@pytest.mark.parametrize(
    "content",
    ["", "{}", "[", CALIBRATION.model_dump_json().replace('"schema":2', '"schema":1')],
    ids=["empty", "no fields", "no JSON", "another version"],
)
def test_a_damaged_calibration_is_a_named_error(tmp_path: Path, content: str) -> None:
    """A calibration that cannot be read is never taken for none."""
    (tmp_path / "calibration.json").write_text(content)
    with pytest.raises(
        CalibrationError, match=r"calibration\.json is damaged, or of another version: run: qa-bot calibrate"
    ):
        Calibration.load(tmp_path)


def test_a_calibration_in_force_is_not_outdated() -> None:
    """As long as nothing changed the calibration is used, and there is nothing to say; likewise where there is none."""
    assert StoredCalibration(CALIBRATION, fingerprint()).usable == CALIBRATION
    assert StoredCalibration(CALIBRATION, fingerprint()).outdated is None
    assert StoredCalibration(None, fingerprint()) == StoredCalibration(None, fingerprint())
    assert (StoredCalibration(None, fingerprint()).usable, StoredCalibration(None, fingerprint()).outdated) == (
        None,
        None,
    )


def test_changed_documents_are_said_but_the_calibration_is_used() -> None:
    """Other documents leave the meaning of scores as it was."""
    now = StoredCalibration(CALIBRATION, fingerprint(documents={"a": "2"}))

    assert now.usable == CALIBRATION
    assert now.outdated == (
        "the calibration is outdated, since the documents changed after it was made on 2026-11-25: "
        "run: qa-bot calibrate QUESTIONS"
    )


@pytest.mark.parametrize(
    ("changes", "noun"),
    [
        ({"encoder": Identity("encoder", "other")}, "the encoder"),
        ({"reader": Identity("reader", "other")}, "the reader"),
        ({"reader": None}, "the reader and how many paragraphs it reads"),
        ({"reads": 5}, "how many paragraphs it reads"),
        ({"weights": Weights.load(packaged_weights(None)).model_copy(update={"threshold": 0.5})}, "the weights"),
        ({"texts": "2"}, "the way texts are split"),
    ],
    ids=["encoder", "reader", "no reader", "reads", "weights", "texts"],
)
def test_scores_that_mean_something_else_are_never_calibrated(changes: dict[str, object], noun: str) -> None:
    """After a change of what scores come from the calibration is not used, and what changed is said."""
    now = StoredCalibration(CALIBRATION, fingerprint(**changes))

    assert now.usable is None
    assert now.outdated == (
        f"the calibration is not used, since {noun} changed after it was made: run: qa-bot calibrate QUESTIONS"
    )


def test_the_report_says_what_was_chosen() -> None:
    """The table has a row for every tenth and for what was chosen, a bar for the wrong answers, and no wide lines."""
    confidences, truths = questions(500, slope=0.8, bias=-0.5)
    result = fit(confidences, truths, 0.05)
    calibration = CALIBRATION.model_copy(update={"threshold": result.threshold})
    lines = list(calibration_lines(calibration, result))

    assert lines[0] == " answered    wrong  threshold"
    chosen = [line for line in lines if line.endswith(" ◀ chosen")]
    assert [f"{result.threshold:.3f}" in line for line in chosen] == [True]
    rows = [line.split()[0] for line in lines[1 : lines.index("")]]
    assert [f"{tenth}0%" for tenth in range(1, 11) if f"{tenth}0%" in rows] == [f"{tenth}0%" for tenth in range(1, 11)]
    assert len(rows) in {10, 11}
    assert lines[-1] == f"expected calibration error {result.ece_before:.3f} before, {result.trial.ece:.3f} after"
    assert max(map(len, lines[:-3])) <= 65
    assert unreached(calibration, result) is None


def test_the_report_says_that_nothing_reached_the_goal() -> None:
    """Where no threshold keeps the error rate, no row is marked, and the reader is told what is done instead."""
    confidences, truths = questions(500, slope=0.3, bias=-2)
    result = fit(confidences, truths, 0.02)
    calibration = CALIBRATION.model_copy(update={"max_error": 0.02})

    assert not [line for line in calibration_lines(calibration, result) if "chosen" in line]
    assert unreached(calibration, result) == (
        "no threshold keeps the share of wrong answers at 0.02 with these questions: only answers that are 98% sure are "
        "given, which may be none; allow more with --max-error, or give more questions"
    )
