"""The report of an evaluation as Markdown, fit for a comment on a change."""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from qa_bot.counting import counted
from qa_bot.evaluation.figures import comparison, decimal, expected, groups, interval, lost, reply, wrong
from qa_bot.evaluation.report import named, uncompared

# A comment holds 65,536 characters at GitHub: so many rows a list, and so many characters a cell.
MOST_ROWS = 50
LONGEST_CELL = 160

PUNCTUATION = re.compile(r"([\\`*_{}\[\]#|~@])")


def markdown_report(report: dict[str, Any]) -> str:
    """Give the report: figures, gate, what changed since the baseline, categories, wrong replies, lost gold."""
    index = report["index"]
    parts = [
        ["## qa-bot evaluate"],
        [
            (
                f"{counted(report['questions'], 'question')}, {report['answerable']} answerable; "
                f"{counted(index['paragraphs'], 'paragraph')}, "
                f"{text(index['model'])}, commit {text(report['commit'] or 'unknown')}, {report['made']}"
            )
        ],
        _gate(report["gate"]) if report["gate"] else [],
        _figures(report),
        _baseline(report["baseline"]) if report["baseline"] else [],
        _categories(report),
        _questions("Wrong replies", wrong(report)),
        _questions("Gold lost: no longer in the documents, and nowhere counted as right", lost(report)),
    ]
    return "\n\n".join("\n".join(part) for part in map(list, parts) if part) + "\n"


def text(words: str) -> str:
    """Write words so that Markdown shows them as they are, on one line."""
    short = " ".join(words.split())
    short = short if len(short) <= LONGEST_CELL else short[: LONGEST_CELL - 1] + "…"
    return PUNCTUATION.sub(r"\\\1", html.escape(short, quote=False))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table, whose cells are Markdown already."""
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _figures(report: dict[str, Any]) -> Iterator[str]:
    rows = [
        (text(name), decimal(value), text(interval(report, name)))
        for _, figures in groups(report)
        for name, value in figures.items()
    ]
    latency = [(name, f"{value:.1f} ms", "") for name, value in report["latency_ms"].items()]
    return table(("figure", "value", "95 % interval"), [*rows, *latency])


def _categories(report: dict[str, Any]) -> Iterator[str]:
    shares = ("hit@1", "excerpt_hit", "highlight_hit")
    counts = ("questions", "answered", "false_answers")
    rows = [
        (text(category), *(str(figures[name]) for name in counts), *(decimal(figures.get(name)) for name in shares))
        for category, figures in report["categories"].items()
    ]
    return table(("category", *map(text, counts), *map(text, shares)), rows)


def _gate(gate: dict[str, Any]) -> Iterator[str]:
    yield f"**The gate {'holds' if gate['holds'] else 'does not hold'}.**"
    yield ""
    yield from (f"- {text(comparison(part))}" for part in gate["comparisons"])


def _baseline(baseline: dict[str, Any]) -> Iterator[str]:
    yield f"### Since the baseline: {counted(baseline['compared'], 'question')} compared"
    yield ""
    figures = [(text(name), decimal(old), decimal(new)) for name, (old, new) in baseline["figures"].items()]
    yield from table(("figure", "before", "now"), figures)
    for aspect, changes in baseline["changes"].items():
        yield ""
        yield f"**{aspect}**: {len(changes['fixed'])} fixed, {len(changes['broken'])} broken, p = {changes['p']:.3g}"
        yield ""
        listed = [f"- {verb} {text(named(question))}" for verb in ("fixed", "broken") for question in changes[verb]]
        yield from _shortened(listed)
    yield ""
    yield from (f"- {text(line)}" for line in uncompared(baseline))


def _questions(title: str, lines: Sequence[dict[str, Any]]) -> Iterator[str]:
    if not lines:
        return
    yield f"<details><summary>{title} ({len(lines)})</summary>"
    yield ""
    rows = [(text(line["id"]), text(line["question"]), text(expected(line)), text(reply(line))) for line in lines]
    yield from table(("id", "question", "expected", "shown"), rows[:MOST_ROWS])
    if len(rows) > MOST_ROWS:
        yield ""
        yield f"… and {len(rows) - MOST_ROWS} more"
    yield ""
    yield "</details>"


def _shortened(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:MOST_ROWS]
    if len(lines) > MOST_ROWS:
        yield f"- … and {len(lines) - MOST_ROWS} more"
