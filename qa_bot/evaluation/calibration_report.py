"""What a calibration found, as lines of text and as JSON."""

from collections.abc import Iterator, Sequence
from typing import Any

from qa_bot.calibration import Calibration
from qa_bot.evaluation.calibrating import Fit, Point

STEPS = 10
# The longest bar stands for this many times the error rate allowed; longer ones end in an arrow.
LONGEST = 4
BAR = 24


def calibration_lines(calibration: Calibration, fit: Fit) -> Iterator[str]:
    """Yield the risk–coverage curve and what was chosen; no line is wider than a narrow terminal."""
    yield f"{'answered':>9}{'wrong':>9}{'threshold':>11}"
    chosen = _nearest(fit.curve, fit.threshold)
    for point in _steps(fit.curve, chosen):
        mark = " ◀ chosen" if point is chosen and fit.reached else ""
        yield (
            f"{point.coverage:>9.0%}{point.error_rate:>9.1%}{point.threshold:>11.3f}  "
            f"{_bar(point.error_rate, calibration.max_error)}{mark}"
        )
    yield ""
    yield f"threshold {fit.threshold:.3f}, confidence = σ({fit.line.slope:.2f} · logit {fit.line.bias:+.2f})"
    low, high = fit.trial.bounds
    yield (
        f"by cross-validation: {fit.trial.coverage:.0%} of the questions answered, "
        f"{fit.trial.error_rate:.1%} of the answers wrong (95 % sure: {low:.1%} to {high:.1%})"
    )
    yield f"expected calibration error {fit.ece_before:.3f} before, {fit.trial.ece:.3f} after"


def unreached(calibration: Calibration, fit: Fit) -> str | None:
    """Say what is done where no threshold keeps the error rate; ``None`` where one does."""
    if fit.reached:
        return None
    return (
        f"no threshold keeps the share of wrong answers at {calibration.max_error:g} with these questions: only answers "
        f"that are {fit.threshold:.0%} sure are given, which may be none; allow more with --max-error, or give more questions"
    )


def calibration_as_json(calibration: Calibration, fit: Fit) -> dict[str, Any]:
    """Give the calibration with its curve as what `json.dumps` takes."""
    return {
        "schema": 1,
        "calibration": calibration.model_dump(mode="json"),
        "reached": fit.reached,
        "cross_validation": {
            "coverage": round(fit.trial.coverage, 4),
            "error_rate": round(fit.trial.error_rate, 4),
            "error_rate_95": [round(bound, 4) for bound in fit.trial.bounds],
            "ece_before": round(fit.ece_before, 4),
            "ece": round(fit.trial.ece, 4),
        },
        "risk_coverage": [
            {"threshold": round(p.threshold, 4), "coverage": round(p.coverage, 4), "error_rate": round(p.error_rate, 4)}
            for p in fit.curve
        ],
    }


def _steps(curve: Sequence[Point], chosen: Point) -> list[Point]:
    """Pick the points nearest to every tenth of the questions, and the one that was chosen."""
    tenths = {min(curve, key=lambda point: abs(point.coverage - step / STEPS)) for step in range(1, STEPS + 1)}
    return sorted(tenths | {chosen}, key=lambda point: point.coverage)


def _nearest(curve: Sequence[Point], threshold: float) -> Point:
    return min(curve, key=lambda point: abs(point.threshold - threshold))


def _bar(error_rate: float, max_error: float) -> str:
    """Draw an error rate; the mark stands at what is allowed."""
    allowed, length = BAR // LONGEST, round(BAR / LONGEST * error_rate / max_error)
    if length > BAR:
        return "█" * (BAR - 1) + "▶"
    return "█" * length + (" " * (allowed - length) + "│" if length <= allowed else "")
