"""The report of an evaluation, as lines of text."""

from collections.abc import Iterator
from typing import Any

UNKNOWN = "–"


def report_lines(report: dict[str, Any]) -> Iterator[str]:
    """Yield the lines that tell a reader how good the answers are."""
    yield (
        f"{report['questions']} questions, {report['answerable']} answerable, {report['unanswerable']} not; "
        f"{report['index']['paragraphs']} paragraphs, {report['index']['model']}"
    )
    for group in ("retrieval", "answers", "abstention"):
        figures = {name: value for name, value in report[group].items() if name != "risk_coverage"}
        yield f"{group:<11}" + "  ".join(f"{name} {_figure(value)}" for name, value in figures.items())
    yield f"{'latency':<11}" + "  ".join(f"{name} {value:.1f} ms" for name, value in report["latency_ms"].items())
    yield ""
    yield f"{'category':<14}{'asked':>6}{'answered':>10}{'hit@1':>8}{'excerpt':>9}{'highlight':>11}"
    for category, figures in report["categories"].items():
        yield (
            f"{category:<14}{figures['questions']:>6}{figures['answered']:>10}{_figure(figures.get('hit@1')):>8}"
            f"{_figure(figures.get('excerpt_hit')):>9}{_figure(figures.get('highlight_hit')):>11}"
        )


def _figure(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:.3f}"
