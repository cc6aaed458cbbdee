"""The report of an evaluation, as lines of text."""

from collections.abc import Iterator
from typing import Any

from qa_bot.counting import counted
from qa_bot.evaluation.figures import comparison, decimal, groups, interval, lost

FIGURES_PER_LINE = 3
LABEL = 12


def report_lines(report: dict[str, Any]) -> Iterator[str]:
    """Yield the lines that tell a reader how good the answers are."""
    index = report["index"]
    reader = f", reader {index['reader']}" if index["reader"] else ""
    yield (
        f"{counted(report['questions'], 'question')}, {report['answerable']} answerable, {report['unanswerable']} not; "
        f"{counted(index['paragraphs'], 'paragraph')}, {index['model']}{reader}"
    )
    for group, figures in groups(report):
        written = [f"{name} {decimal(value)} {interval(report, name)}".strip() for name, value in figures.items()]
        yield from _rows(group, written)
    yield from _rows("latency", [f"{name} {value:.1f} ms" for name, value in report["latency_ms"].items()])
    yield from _gold(report)
    yield ""
    yield from _categories(report)
    if report["baseline"]:
        yield ""
        yield from baseline_lines(report["baseline"])
    if report["gate"]:
        yield ""
        yield from gate_lines(report["gate"])


def _rows(label: str, written: list[str]) -> Iterator[str]:
    width = max(map(len, written)) + 2
    for first in range(0, len(written), FIGURES_PER_LINE):
        row = "".join(text.ljust(width) for text in written[first : first + FIGURES_PER_LINE])
        yield f"{label if not first else '':<{LABEL}}{row}".rstrip()


def _gold(report: dict[str, Any]) -> Iterator[str]:
    gold, without = report["gold"], report["gold"]["without_lost"]
    if gold["moved"]:
        yield f"{'gold moved':<{LABEL}}{gold['moved']} found again after edits"
    if gold["lost"]:
        rest = f"; without them hit@1 {decimal(without['hit@1'])}" if without else ""
        yield f"{'gold lost':<{LABEL}}{gold['lost']} no longer in the documents, and nowhere counted as right{rest}:"
        yield from (f"{'':<{LABEL}}{line['id']}: {line['question']}" for line in lost(report))


def _categories(report: dict[str, Any]) -> Iterator[str]:
    yield f"{'category':<14}{'asked':>6}{'answered':>10}{'falsely':>9}{'hit@1':>8}{'excerpt':>9}{'highlight':>11}"
    for category, figures in report["categories"].items():
        yield (
            f"{category:<14}{figures['questions']:>6}{figures['answered']:>10}{figures['false_answers']:>9}"
            f"{decimal(figures.get('hit@1')):>8}{decimal(figures.get('excerpt_hit')):>9}"
            f"{decimal(figures.get('highlight_hit')):>11}"
        )


def baseline_lines(baseline: dict[str, Any]) -> Iterator[str]:
    """Yield what has changed since the baseline."""
    yield f"since the baseline of {baseline['made'] or 'an unknown day'}: {counted(baseline['compared'], 'question')} compared"
    for name, (before, now) in baseline["figures"].items():
        if before != now:
            yield f"  {name} {decimal(before)} → {decimal(now)}"
    for aspect, changes in baseline["changes"].items():
        fixed, broken = changes["fixed"], changes["broken"]
        yield f"{aspect}: {len(fixed)} fixed, {len(broken)} broken, p = {changes['p']:.3g}"
        for verb, questions in (("fixed", fixed), ("broken", broken)):
            yield from (f"  {verb} {named(question)}" for question in questions)
    yield from uncompared(baseline)


def named(question: dict[str, Any]) -> str:
    """Name a question by its id and its words."""
    return f"{question['id']}: {question['question']}"


def uncompared(baseline: dict[str, Any]) -> Iterator[str]:
    """Yield which questions could not be compared, and why."""
    reasons = {
        "only_before": "only in the baseline",
        "only_now": "not in the baseline",
        "reworded": "asked in other words in the baseline",
        "gold_lost": "gold lost",
    }
    for kind, reason in reasons.items():
        if baseline[kind]:
            yield f"{reason}: {', '.join(baseline[kind])}"


def gate_lines(gate: dict[str, Any]) -> Iterator[str]:
    """Yield how the gate came out."""
    yield f"the gate {'holds' if gate['holds'] else 'does not hold'}: {gate['expression']}"
    yield from (f"  {comparison(part)}" for part in gate["comparisons"])
