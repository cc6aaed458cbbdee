import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.calibration import sigmoid
from qa_bot.errors import CalibrationError
from qa_bot.evaluation import metrics
from qa_bot.evaluation.calibrating import Line, fit, fit_line, logit_of


def questions(count: int, slope: float, bias: float, seed: int = 1) -> tuple[list[float], list[bool]]:
    """Draw questions whose shipped logit is off: the truth is drawn with slope · logit + bias."""
    generator = np.random.default_rng(seed)
    logits = generator.normal(0, 3, count)
    truths = generator.random(count) < Line(slope, bias).probabilities(logits)
    return [sigmoid(value) for value in logits], truths.tolist()


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
    """Probabilities and error rate keep their word on questions drawn the same way."""
    confidences, truths = questions(3_000, slope=0.8, bias=0.5)
    result = fit(confidences[::2], truths[::2], max_error=0.05)

    logits = np.array([logit_of(confidence) for confidence in confidences[1::2]])
    probabilities, right = result.line.probabilities(logits), np.array(truths[1::2])
    answered = probabilities >= result.threshold
    assert metrics.calibration_error(probabilities.tolist(), right.tolist()) <= 0.05
    assert (~right[answered]).mean() <= 0.07
    assert answered.mean() == pytest.approx(result.coverage, abs=0.05)


@pytest.mark.parametrize("max_error", [0.02, 0.05, 0.1, 0.2])
def test_error_rate_is_kept(max_error: float) -> None:
    """On the questions themselves, by cross-validation, no more answers are wrong than allowed; allowing more answers more."""
    confidences, truths = questions(500, slope=1, bias=0)

    result, stricter = fit(confidences, truths, max_error), fit(confidences, truths, 0.02)

    assert result.error_rate <= max_error
    assert result.coverage >= stricter.coverage > 0
    assert result.threshold <= stricter.threshold


def test_curve_is_that_of_the_metrics() -> None:
    """The curve ends with every question answered, and as many wrong as there are wrong ones."""
    confidences, truths = questions(100, slope=1, bias=0)

    assert fit(confidences, truths, 0.1).curve[-1] == (1.0, truths.count(False) / 100)


def test_too_few_questions_are_refused() -> None:
    """Neither a small set nor one of a single kind teaches anything."""
    confidences, truths = questions(39, slope=1, bias=0)
    with pytest.raises(CalibrationError, match=r"^39 questions, \d+ of them with the right passage first, are too few"):
        fit(confidences, truths, 0.05)
    with pytest.raises(CalibrationError, match=r"^60 questions, 51 of them"):
        fit([0.9] * 60, [True] * 51 + [False] * 9, 0.05)


def test_an_error_rate_out_of_reach_is_refused() -> None:
    """Where confidence says nothing about truth, no threshold helps."""
    truths = [number % 2 == 0 for number in range(100)]
    with pytest.raises(CalibrationError, match=r"no threshold keeps the share of wrong answers below 0\.05"):
        fit([0.5] * 100, truths, 0.05)
