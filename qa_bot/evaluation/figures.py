"""The figures of a report in words, as every form of it says them."""

from collections.abc import Iterator
from typing import Any

UNKNOWN = "–"
GROUPS = ("retrieval", "answers", "abstention")
NOT_FIGURES = frozenset({"risk_coverage"})


def decimal(value: float | None, places: int = 3) -> str:
    """Write a share: ``.910``, ``1.000``, or a dash if there is none."""
    if value is None:
        return UNKNOWN
    written = f"{value:.{places}f}"
    return written.removeprefix("0") if written.startswith("0.") else written


def interval(report: dict[str, Any], name: str) -> str:
    """Write the interval of a figure, ``[.836, .970]``, or nothing if it has none."""
    edges = report["intervals"].get(name)
    return f"[{', '.join(map(decimal, edges))}]" if edges else ""


def groups(report: dict[str, Any]) -> Iterator[tuple[str, dict[str, float | None]]]:
    """Yield each group of figures."""
    for group in GROUPS:
        yield group, {name: value for name, value in report[group].items() if name not in NOT_FIGURES}


def reply_ok(line: dict[str, Any]) -> bool:
    """Whether the reply to a question is right: an excerpt that answers, or "not found" where nothing does."""
    return bool(line["excerpt_ok"]) if line["answerable"] else line["status"] == "not_found"


def wrong(report: dict[str, Any]) -> list[dict[str, Any]]:
    """List the questions with a wrong reply; where gold is lost nobody can tell."""
    return [line for line in report["per_question"] if not reply_ok(line) and line["gold"] != "lost"]


def lost(report: dict[str, Any]) -> list[dict[str, Any]]:
    """List the questions whose gold is lost."""
    return [line for line in report["per_question"] if line["gold"] == "lost"]


def expected(line: dict[str, Any]) -> str:
    """Say what the right reply to a question is."""
    if not line["answerable"]:
        return "not found"
    return " | ".join(line["expected"]) or f"paragraph {', '.join(line['relevant'] or ())}"


def reply(line: dict[str, Any]) -> str:
    """Say what the reply to a question was."""
    if line["status"] == "answered":
        return f"{line['shown']} ({line['shown_document']})"
    return "not found" if line["shown"] is None else f"not found; nearest: {line['shown']} ({line['shown_document']})"


def comparison(part: dict[str, Any]) -> str:
    """Say how a comparison of the gate came out."""
    value = "no value" if part["value"] is None else f"{part['value']:g}"
    return f"{part['comparison']}: {value}, {'holds' if part['holds'] else 'does not hold'}"
