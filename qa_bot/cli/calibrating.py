"""The command that fits the confidence to an operator's own questions: calibrate."""

from pathlib import Path

import click

from qa_bot.cli.console import FILE, print_json, progress_bar, settings_of, terminal, write_json
from qa_bot.counting import counted


@click.command()
@click.argument("questions", type=FILE)
@click.option(
    "--max-error",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.05,
    show_default=True,
    help="The share of answers that may be wrong.",
)
@click.option("--paragraphs", type=FILE, help="Use this paragraph file instead of seeds/.")
@click.option("--json", "json_file", type=FILE, help="Write it all as JSON into this file; - for standard output.")
@click.pass_obj
def calibrate(
    config: Path | None, questions: Path, max_error: float, paragraphs: Path | None, json_file: Path | None
) -> None:
    """Fit confidence and threshold to the question set QUESTIONS.

    They are stored with the index. Questions that nothing answers must be among them.
    """
    from qa_bot.channels.terminal import NOTICE
    from qa_bot.evaluation.calibrating import calibrate as fit_to
    from qa_bot.evaluation.calibration_report import calibration_as_json, calibration_lines, unreached
    from qa_bot.evaluation.questions import load_questions
    from qa_bot.evaluation.run import ask_all, open_bot

    settings = settings_of(config)
    gold = load_questions(questions)
    with progress_bar("indexing") as progress:
        bot = open_bot(settings, paragraphs, progress, calibrated=False)
    with bot, progress_bar("asking") as progress:
        calibration, fit = fit_to(bot, ask_all(bot, gold, progress), max_error)
        bot.keeper.store_calibration(calibration)
    report = calibration_as_json(calibration, fit)
    if json_file is not None and str(json_file) == "-":
        print_json(report)
        return
    screen = terminal()
    right = sum(question.answerable for question in gold)
    screen.say(
        f"{counted(len(gold), 'question')}, {right} answerable, {len(gold) - right} not; at most {max_error:g} wrong"
    )
    screen.say("")
    for line in calibration_lines(calibration, fit):
        screen.say(line)
    warning = unreached(calibration, fit)
    if warning is not None:
        screen.say(warning, NOTICE)
    if settings.answering.threshold != "auto":
        screen.say(
            f'the threshold is not used: config.toml or the environment sets {settings.answering.threshold}, not "auto"',
            NOTICE,
        )
    if json_file is not None:
        write_json(json_file, report)
