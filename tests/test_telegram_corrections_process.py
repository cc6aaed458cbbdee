"""The bot as a process, whose documents change beside it."""

import subprocess
from collections.abc import Callable

from telegram_emulator import faults
from telegram_process import PATIENCE, BotProcess, environment, program
from telegram_story import LEON

MakeBot = Callable[..., BotProcess]
ASKED = "Who is Bernardino Leon?"


def replace(bot: BotProcess, old: str, new: str) -> None:
    """Change words of the documents, and bring the index up to date beside the bot."""
    for file in (bot.home / "seeds").glob("*.txt"):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace(old, new), encoding="utf-8")
    subprocess.run([*program(bot.home), "index"], env=environment(), check=True, capture_output=True, timeout=PATIENCE)


def test_an_old_answer_is_edited_when_its_document_changes(make_bot: MakeBot) -> None:
    """Without a question; a kill in the middle leaves none unmarked, and marks none twice."""
    bot = make_bot(corrections=True).start()
    emulator = bot.emulator
    ann, ben = emulator.person("Ann"), emulator.person("Ben")
    for person in (ann, ben):
        person.says(ASKED)
        emulator.wait_for_answers(person, 1, PATIENCE)
    assert emulator.answers(ann)[0].startswith(LEON)
    # Telegram does what it is told, and the bot does not live to hear of it.
    emulator.faults.plan("editMessageText", faults.late(5))

    replace(bot, "special envoy Bernardino Leon", "former envoy Bernardino Leon")
    bot.wait_until(lambda: emulator.answers(ann)[0].startswith("Outdated since "))
    bot.kill()
    [marked] = emulator.answers(ann)
    assert emulator.answers(ben)[0].startswith(LEON)
    bot.start()
    bot.wait_until(lambda: emulator.answers(ben)[0].startswith("Outdated since "))

    assert emulator.answers(ann) == emulator.answers(ben) == [marked]
    assert "former envoy Bernardino Leon" in marked
    assert bot.stop() == 0
