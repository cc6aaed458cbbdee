"""Commands that measure and tune the answers: evaluate."""

from pathlib import Path

import click

from qa_bot.cli.console import FILE, notice, print_json, progress_bar, settings_of, terminal, write_json


@click.command()
@click.argument("questions", type=FILE, required=False)
@click.option("--paragraphs", type=FILE, help="Use this paragraph file instead of seeds/.")
@click.option("--json", "json_file", type=FILE, help="Write the report as JSON into this file; - for standard output.")
@click.pass_obj
def evaluate(config: Path | None, questions: Path | None, paragraphs: Path | None, json_file: Path | None) -> None:
    """Measure the answers to a question set.

    Without QUESTIONS the set is seeds/questions.jsonl. The report counts found and unfound questions alike.
    """
    from qa_bot.evaluation.questions import load_questions
    from qa_bot.evaluation.report import report_lines
    from qa_bot.evaluation.run import ask_all, open_bot, summarise
    from qa_bot.reading.seeds import QUESTION_SET

    settings = settings_of(config)
    gold = load_questions(questions or settings.paths.seeds / QUESTION_SET)
    with progress_bar("indexing") as progress:
        bot = open_bot(settings, paragraphs, progress)
    notice(bot.calibration_outdated)
    with progress_bar("asking") as progress:
        outcomes = ask_all(bot, gold, progress)
    report = summarise(outcomes, bot)
    if json_file is not None and str(json_file) == "-":
        print_json(report)
        return
    screen = terminal()
    for line in report_lines(report):
        screen.say(line)
    if json_file is not None:
        write_json(json_file, report)
