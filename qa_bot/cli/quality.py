"""Commands that measure and tune the answers: evaluate."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa_bot.cli.console import (
    EXIT_BELOW_GATE,
    FILE,
    notice,
    print_json,
    progress_bar,
    settings_of,
    terminal,
    write_json,
    write_text,
)

if TYPE_CHECKING:
    from qa_bot.config import Settings

STANDARD_OUTPUT = "-"


@click.command()
@click.argument("questions", type=FILE, required=False)
@click.option("--paragraphs", type=FILE, help="Use this paragraph file instead of seeds/.")
@click.option("--json", "json_file", type=FILE, help="Write the report as JSON into this file; - for standard output.")
@click.option(
    "--html", "html_file", type=FILE, help="Write the report as one page, open without network, into this file."
)
@click.option("--baseline", "earlier", type=FILE, help="Compare with this earlier report, question by question.")
@click.option("--gate", "condition", help="Exit with 4 unless this holds: 'hit@1>=.85 and error_rate<=.05'.")
@click.option("--junit", type=FILE, help="Write a test case for each question as JUnit XML into this file.")
@click.option("--markdown", type=FILE, help="Write the report as Markdown into this file.")
@click.pass_obj
def evaluate(
    config: Path | None,
    *,
    questions: Path | None,
    paragraphs: Path | None,
    json_file: Path | None,
    html_file: Path | None,
    earlier: Path | None,
    condition: str | None,
    junit: Path | None,
    markdown: Path | None,
) -> None:
    """Measure the answers to a question set.

    Without QUESTIONS the set is seeds/questions.jsonl. The report counts found and unfound questions alike.
    """
    from qa_bot.evaluation.baseline import Baseline, compare
    from qa_bot.evaluation.gate import Gate

    # First what can be wrong at once: asking takes a while.
    gate = None if condition is None else Gate.parse(condition)
    baseline = None if earlier is None else Baseline.read(earlier)
    report = _ask(settings_of(config), questions, paragraphs)
    if baseline:
        report["baseline"] = compare(baseline, report)
    if gate:
        report["gate"] = gate.check(report)
    _say(report, json_file)
    _write_files(report, {"html": html_file, "junit": junit, "markdown": markdown})
    if gate and not report["gate"]["holds"]:
        sys.exit(EXIT_BELOW_GATE)


def _ask(settings: "Settings", questions: Path | None, paragraphs: Path | None) -> dict[str, Any]:
    from qa_bot.evaluation.questions import load_questions
    from qa_bot.evaluation.run import ask_all, open_bot
    from qa_bot.evaluation.summary import summarise
    from qa_bot.reading.seeds import QUESTION_SET

    gold = load_questions(questions or settings.paths.seeds / QUESTION_SET)
    with progress_bar("indexing") as progress:
        bot = open_bot(settings, paragraphs, progress)
    notice(bot.calibration_outdated)
    with bot, progress_bar("asking") as progress:
        return summarise(ask_all(bot, gold, progress), bot)


def _say(report: dict[str, Any], json_file: Path | None) -> None:
    from qa_bot.evaluation.report import gate_lines, report_lines

    if str(json_file) == STANDARD_OUTPUT:
        print_json(report)
        for line in gate_lines(report["gate"]) if report["gate"] else ():
            click.echo(line, err=True)
        return
    screen = terminal()
    for line in report_lines(report):
        screen.say(line)
    if json_file is not None:
        write_json(json_file, report)


def _write_files(report: dict[str, Any], files: dict[str, Path | None]) -> None:
    from qa_bot.evaluation.html import html_report
    from qa_bot.evaluation.junit import junit_report
    from qa_bot.evaluation.markdown import markdown_report

    forms = {"html": html_report, "junit": junit_report, "markdown": markdown_report}
    for form, file in files.items():
        if file is not None:
            write_text(file, forms[form](report))
