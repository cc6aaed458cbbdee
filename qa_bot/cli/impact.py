"""The command that tells what a document would change: impact."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa_bot.cli.console import FILE, print_json, progress_bar, settings_of, terminal

if TYPE_CHECKING:
    from qa_bot.config import Settings
    from qa_bot.evaluation.impact import Asked


@click.command()
@click.argument("file", type=FILE)
@click.option("--as", "name", help="What the document would be called below seeds/; its file name if not given.")
@click.option("--json", "as_json", is_flag=True, help="Print what would change as JSON.")
@click.pass_obj
def impact(config: Path | None, *, file: Path, name: str | None, as_json: bool) -> None:
    """Show which questions would get another answer if FILE were added, or replaced the document of its name.

    The questions are those of seeds/questions.jsonl and those that people asked in Telegram. Nothing is changed.
    """
    from qa_bot.bot import QaBot
    from qa_bot.evaluation.impact import impact as weigh
    from qa_bot.evaluation.impact import impact_as_json, impact_lines

    settings = settings_of(config)
    questions = list(_questions(settings))
    with progress_bar("indexing") as progress:
        bot = QaBot.open(settings, progress=progress)
    with bot, progress_bar("asking") as progress:
        found = weigh(bot, file, name or file.name, questions, progress)
    if as_json:
        print_json(impact_as_json(found))
        return
    screen = terminal()
    for line in impact_lines(found):
        screen.say(line)


def _questions(settings: "Settings") -> "list[Asked]":
    from qa_bot.evaluation.impact import Asked
    from qa_bot.evaluation.questions import load_questions
    from qa_bot.reading.seeds import QUESTION_SET

    file = settings.paths.seeds / QUESTION_SET
    own = (
        [Asked(gold.question, f"{QUESTION_SET} {gold.id}", gold) for gold in load_questions(file)]
        if file.exists()
        else []
    )
    known = {asked.question for asked in own}
    return own + [asked for asked in _recorded(settings) if asked.question not in known]


def _recorded(settings: "Settings") -> "list[Asked]":
    """Give what people asked in Telegram, with what they said was right."""
    from qa_bot.channels.telegram.database import Database
    from qa_bot.channels.telegram.feedback import gold_questions, unhelped
    from qa_bot.channels.telegram.memory import Memory
    from qa_bot.evaluation.impact import Asked

    file = settings.paths.telegram
    if not file.exists():
        return []
    with Database(file) as database:
        memory = Memory(database)
        rated = [Asked(one.question, f"feedback, {one.category}", one) for one in gold_questions(memory)]
        others = unhelped(memory)
    known = {asked.question for asked in rated}
    return rated + [Asked(question, "asked in Telegram", None) for question in others if question not in known]
