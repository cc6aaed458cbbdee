"""The bot as a process that has an index to build first."""

import shutil
import signal
from collections.abc import Callable
from itertools import islice, product
from pathlib import Path

import psutil
import pytest
from filelock import FileLock
from telegram_process import PATIENCE, BotProcess
from telegram_story import LEON

from qa_bot.index.build import LOCK

MakeBot = Callable[..., BotProcess]
ASKED = "Who is Bernardino Leon?"
BEGINS, ENDS = "bringing the index up to date with", "the index is up to date: generation 1"
ENDS_BEFORE = "the bot ends before its index is built"
FILES, SENTENCES = 8, 6_000
WORDS = [f"{first}{second}" for first, second in product(("bar", "cal", "dun", "fen", "gor"), ("eth", "ick", "ode"))]


def write_much(seeds: Path) -> None:
    """Write documents of several megabytes, which take minutes to encode."""
    sentences = (f"The {' '.join(words)} of the village was seen again.\n\n" for words in product(WORDS, repeat=5))
    for number in range(FILES):
        (seeds / f"much{number}.txt").write_text("".join(islice(sentences, SENTENCES)), encoding="utf-8")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_first_build_can_be_interrupted(make_bot: MakeBot, number: int) -> None:
    """At once, with all that belongs to the process; a start with less to read then builds the index and answers."""
    bot = make_bot()
    shutil.rmtree(bot.home / "embeddings")
    write_much(bot.home / "seeds")
    bot.launch()
    bot.wait_for(lambda: BEGINS in bot.log())
    bot.wait_for(lambda: list((bot.home / "embeddings").glob(".building-*")))
    children = psutil.Process(bot.process.pid).children(recursive=True)
    bot.process.send_signal(number)

    assert bot.wait() == 0
    assert psutil.wait_procs(children, timeout=PATIENCE)[1] == []
    assert bot.log().count(ENDS_BEFORE) == 1
    assert ENDS not in bot.log()
    assert "Traceback" not in bot.log()

    for file in (bot.home / "seeds").glob("much*.txt"):
        file.unlink()
    bot.start()
    ann = bot.emulator.person("Ann")
    ann.says(ASKED)
    assert bot.emulator.wait_for_answers(ann, 1, PATIENCE)[0].startswith(LEON)
    assert bot.log().count(BEGINS) == 2
    assert bot.log().count(ENDS) == 1
    assert bot.stop() == 0
    assert bot.log().count(ENDS_BEFORE) == 1


def test_a_build_that_waits_for_another_one_can_be_interrupted(make_bot: MakeBot) -> None:
    """It would wait for minutes."""
    bot = make_bot()
    shutil.rmtree(bot.home / "embeddings")
    (bot.home / "embeddings").mkdir()
    with FileLock(bot.home / "embeddings" / LOCK):
        bot.launch()
        bot.wait_for(lambda: BEGINS in bot.log())

        assert bot.stop() == 0
    assert bot.log().count(ENDS_BEFORE) == 1
