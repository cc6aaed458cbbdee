"""The report as one HTML page: template, style sheet and script are files beside this one, and all go into it."""

import base64
import hashlib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from qa_bot.evaluation.html import charts
from qa_bot.evaluation.html.figures import UNKNOWN, category_table, figure_groups, headlines, written
from qa_bot.evaluation.html.rows import MEANINGS, Outcome, Row, row_of
from qa_bot.evaluation.html.texts import clean, flat

FOLDER = Path(__file__).parent
FACTS = ("made", "commit", "version")


def html_report(report: dict[str, Any]) -> str:
    """Give the report of ``evaluate --json`` as one HTML page that needs no network.

    Texts of documents and questions are escaped, and a content security policy allows the page's own style and script
    only. Fields that the report lacks are left out of the page.
    """
    report = clean(report)
    rows = [row_of(number, line) for number, line in enumerate(report.get("per_question") or [], start=1)]
    groups = figure_groups(report)
    style, script = ((FOLDER / name).read_text(encoding="utf-8") for name in ("report.css", "report.js"))
    return (
        _environment()
        .get_template("report.html.jinja")
        .render(
            style=Markup(style),  # noqa: S704 - our own file
            script=Markup(script),  # noqa: S704 - our own file
            style_hash=_hash(style),
            script_hash=_hash(script),
            report=report,
            headline_facts=_headline_facts(report),
            facts=_facts(report),
            settings=flat(report.get("settings")),
            headlines=headlines(groups),
            groups=groups,
            charts=_charts(report, rows),
            categories=category_table(report),
            rows=sorted(rows, key=lambda row: not row.outcome.failed),
            outcomes=_outcome_counts(rows),
            failed=sum(row.outcome.failed for row in rows),
            meanings=MEANINGS,
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["written"] = written
    environment.globals["unknown"] = UNKNOWN
    return environment


def _hash(text: str) -> str:
    """Give the digest by which a content security policy knows a style sheet or script."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


def _headline_facts(report: dict[str, Any]) -> list[str]:
    index = report.get("index") or {}
    facts = [index.get("model"), report.get("made"), report.get("commit") and f"commit {report['commit']}"]
    return [str(fact) for fact in facts if fact]


def _facts(report: dict[str, Any]) -> list[tuple[str, str]]:
    """Tell what was measured, when, and on what."""
    facts = [*flat(report.get("index")), *((name, str(report[name])) for name in FACTS if report.get(name))]
    return [(name.replace("_", " "), value) for name, value in facts]


def _outcome_counts(rows: list[Row]) -> list[tuple[Outcome, int]]:
    counted = Counter(row.outcome for row in rows)
    return [(outcome, counted[outcome]) for outcome in Outcome]


def _charts(report: dict[str, Any], rows: list[Row]) -> dict[str, Markup | None]:
    """Draw the charts; one that the report has no numbers for is ``None``."""
    abstention = report.get("abstention") or {}
    curve = [(coverage, risk) for coverage, risk in abstention.get("risk_coverage") or []]
    coverage, error_rate = abstention.get("coverage"), abstention.get("error_rate")
    at = None if coverage is None or error_rate is None else (coverage, error_rate)
    judged = [row for row in rows if row.outcome is not Outcome.GOLD_LOST]
    pairs = [(row.confidence, row.first_ok) for row in judged if row.confidence is not None]
    ranks = [row.rank for row in judged if row.answerable]
    times = [row.latency_ms for row in rows if row.latency_ms is not None]
    drawn = {
        "risk_coverage": charts.risk_coverage_chart(curve, at) if curve else None,
        "reliability": charts.reliability_chart(pairs) if pairs else None,
        "ranks": charts.rank_chart(ranks) if ranks else None,
        "latency": charts.latency_chart(times) if times else None,
    }
    return {name: None if svg is None else Markup(svg) for name, svg in drawn.items()}  # noqa: S704 - holds numbers only
