"""The figures of the report, in words and with their intervals."""

from dataclasses import dataclass
from typing import Any

UNKNOWN = "–"

MEANINGS = {
    "hit@1": "right paragraph first",
    "hit@3": "right paragraph among the first 3",
    "hit@5": "right paragraph among the first 5",
    "hit@10": "right paragraph among the first 10",
    "mrr@10": "mean of 1 / rank of the first right paragraph",
    "ndcg@10": "order of the first 10, 1 is perfect",
    "excerpt_hit": "the excerpt holds the answer",
    "highlight_hit": "the highlight holds the answer",
    "highlight_sentences": "sentences highlighted, mean",
    "auroc": "confidence tells answerable questions from others",
    "coverage": "answered among all questions",
    "error_rate": "wrong among the answered",
    "false_answer_rate": "answered among the unanswerable",
    "ece": "confidence and truth lie so far apart",
    "p50": "half of the questions take no longer, ms",
    "p95": "95 % of the questions take no longer, ms",
}
GROUPS = {"retrieval": "Retrieval", "answers": "Answers", "abstention": "Abstention", "latency_ms": "Latency"}
HEADLINES = ("hit@1", "highlight_hit", "coverage", "error_rate", "false_answer_rate", "auroc")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as it is written, with what it means and, where known, its 95 % interval."""

    name: str
    value: str
    meaning: str
    interval: str | None


def figure_groups(report: dict[str, Any]) -> dict[str, list[Figure]]:
    """Give all figures of the report, by the group they stand in."""
    groups = {
        title: [_figure(name, value, report) for name, value in (report.get(key) or {}).items() if _is_figure(value)]
        for key, title in GROUPS.items()
    }
    return {title: figures for title, figures in groups.items() if figures}


def headlines(groups: dict[str, list[Figure]]) -> list[Figure]:
    """Choose the figures that come first, in their order."""
    known = {figure.name: figure for figures in groups.values() for figure in figures}
    return [known[name] for name in HEADLINES if name in known]


def category_table(report: dict[str, Any]) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """Give the names of the columns, and for each category its figures; a figure it does not have is a dash."""
    categories = report.get("categories") or {}
    columns = list(dict.fromkeys(name for figures in categories.values() for name in figures))
    return columns, [
        (category, [written(figures.get(name)) for name in columns]) for category, figures in categories.items()
    ]


def written(value: float | None) -> str:
    """Write a count as it is, a figure with three digits, and what is unknown as a dash."""
    if value is None:
        return UNKNOWN
    return f"{value:,}" if isinstance(value, int) else f"{value:.3f}"


def _figure(name: str, value: float | None, report: dict[str, Any]) -> Figure:
    interval = (report.get("intervals") or {}).get(name)
    low_high = f"{interval[0]:.3f} – {interval[1]:.3f}" if interval else None
    text = f"{value:.1f}" if name in (report.get("latency_ms") or {}) and value is not None else written(value)
    return Figure(name, text, MEANINGS.get(name, name), low_high)


def _is_figure(value: object) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))
