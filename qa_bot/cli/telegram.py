"""Commands about Telegram: the bot itself, and what people said of its answers."""

from pathlib import Path

import click

from qa_bot.cli.console import FILE, settings_of, write_text
from qa_bot.counting import counted


@click.command()
@click.pass_obj
def telegram(config: Path | None) -> None:
    """Run the bot in Telegram.

    The token is taken from the environment, QA_BOT_TELEGRAM__TOKEN, or from a file. SIGTERM lets the bot answer what it
    has accepted.
    """
    from qa_bot.channels.telegram.running import run

    run(settings_of(config))


@click.group()
def feedback() -> None:
    """Use what people said of answers in Telegram."""


@feedback.command()
@click.argument("file", type=FILE)
@click.pass_obj
def export(config: Path | None, file: Path) -> None:
    """Write votes and gold answers into FILE, in the form of a question set."""
    from qa_bot.channels.telegram.database import Database
    from qa_bot.channels.telegram.feedback import question_set
    from qa_bot.channels.telegram.memory import Memory

    with Database(settings_of(config).paths.telegram) as database:
        memory = Memory(database)
        lines = list(question_set(memory))
        disliked = len(memory.disliked())
    write_text(file, "".join(f"{line}\n" for line in lines))
    questions, answers = counted(len(lines), "question"), counted(disliked, "answer")
    click.echo(f"{questions}; {answers} did not help, but nobody has said what would: see /gold")
