"""Commands that answer, and that check an answer: ask, chat, verify."""

import sys
from pathlib import Path

import click

from qa_bot.cli.console import (
    EXIT_NOT_FOUND,
    lines_of_stdin,
    notice,
    print_json,
    progress_bar,
    settings_of,
    terminal,
)


@click.command()
@click.argument("question")
@click.option("--top", type=click.IntRange(1, 50), help="How many excerpts to show at most.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
@click.option("--why", is_flag=True, help="Show the scores that led to the answer.")
@click.pass_obj
def ask(config: Path | None, question: str, top: int | None, *, as_json: bool, why: bool) -> None:
    """Answer one QUESTION.

    The exit code is 3 if the documents do not answer it.
    """
    from qa_bot.bot import QaBot
    from qa_bot.channels.explanation import explain
    from qa_bot.channels.json_answer import answer_as_json
    from qa_bot.records import Status

    settings = settings_of(config)
    with progress_bar("indexing") as progress:
        bot = QaBot.open(settings, progress=progress)
    notice(bot.calibration_outdated)
    with bot:
        answer = bot.ask(question, excerpts=top)
        reasons = list(explain(answer, bot)) if why else []
    if as_json:
        print_json(answer_as_json(answer) | ({"why": reasons} if why else {}))
    else:
        screen = terminal()
        screen.show(answer)
        for line in reasons:
            screen.say(line)
    if answer.status is Status.NOT_FOUND:
        sys.exit(EXIT_NOT_FOUND)


@click.command()
@click.pass_obj
def chat(config: Path | None) -> None:
    """Open the REPL."""
    from qa_bot.bot import QaBot
    from qa_bot.channels.repl import Repl, run_interactively, run_on_lines

    settings = settings_of(config)
    with progress_bar("indexing") as progress:
        bot = QaBot.open(settings, progress=progress)
    notice(bot.calibration_outdated)
    screen = terminal()
    repl = Repl(bot, screen)
    if sys.stdin.isatty() and sys.stdout.isatty():
        run_interactively(repl, bot, screen, settings.paths.history)
    else:
        run_on_lines(repl, lines_of_stdin(), screen)


@click.command()
@click.argument("receipt")
@click.pass_obj
def verify(config: Path | None, receipt: str) -> None:
    """Check an excerpt against its document as it is now.

    RECEIPT is what ask --json printed with the excerpt. The exit code is 3 if the words are gone.
    """
    from qa_bot.channels.terminal import NOTICE
    from qa_bot.receipts import Verdict
    from qa_bot.verification import verify as check

    result = check(receipt, settings_of(config))
    screen = terminal()
    screen.say(f"{result.verdict.value}: {result.explanation}", "" if result.verdict is Verdict.INTACT else NOTICE)
    if result.verdict in {Verdict.CHANGED, Verdict.GONE}:
        sys.exit(EXIT_NOT_FOUND)
