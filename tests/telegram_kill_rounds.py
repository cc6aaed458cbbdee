"""Kill the Telegram bot at random moments while people ask, and prove that nobody is left without an answer.

As a benchmark: ``PYTHONPATH=tests python -m telegram_kill_rounds --rounds 50``. Each question is asked by somebody else,
so that a chat shows what became of it: one answer, or a second one that says that it may be one.
"""

import argparse
import contextlib
import functools
import itertools
import json
import os
import random
import sqlite3
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from telegram_emulator.core import Emulator
from telegram_emulator.people import Person
from telegram_process import ROOT, BotProcess, make_home, telegram

from qa_bot.channels.telegram import words

# A start takes one to two seconds: within this time a bot is killed while it starts, catches up, or answers as they come.
LONGEST_LIFE = 5.0
QUESTIONS_A_SECOND = 12
# What is left at the end is answered at thirty messages a second.
PATIENCE = 120.0
# Enough are being answered by then for a kill to come amidst some.
ENOUGH = 10


@dataclass(frozen=True, slots=True)
class Result:
    """What became of the questions; ``twice`` were answered a second time, ``needlessly`` warned of that in the only answer."""

    rounds: int
    questions: int
    twice: int
    needlessly: int
    accepted: int
    seconds: float

    def __str__(self) -> str:
        """Say it in one line."""
        return (
            f"{self.rounds} kills, {self.questions} questions: each has its answer; {self.twice} have a second one that says "
            f"so, {self.needlessly} say so of the only one; {self.accepted} had been accepted before the last kill "
            f"({self.seconds:.0f} s, load average {os.getloadavg()[0]:.1f})"
        )


class Crowd:
    """People who ask, one after the other, each once, until there are enough."""

    def __init__(self, emulator: Emulator, generator: random.Random) -> None:
        self.emulator = emulator
        self.people: list[Person] = []
        lines = (ROOT / "seeds" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
        self._questions = itertools.cycle([str(json.loads(line)["question"]) for line in lines])
        self._generator = generator
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._ask, name="people")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._enough.set()
        self._thread.join()

    def _ask(self) -> None:
        while not self._enough.wait(self._generator.expovariate(QUESTIONS_A_SECOND)):
            person = self.emulator.person(f"Person {len(self.people)}")
            person.says(f"{next(self._questions)} I am number {len(self.people)}.")
            self.people.append(person)


def told(emulator: Emulator) -> Counter[int]:
    """Count the messages that each chat has got."""
    with emulator.state.changed:
        return Counter(
            chat for (chat, _), message in emulator.state.messages.items() if emulator.state.is_bots(message)
        )


def check(emulator: Emulator, people: list[Person]) -> tuple[int, int]:
    """Prove that each question has one answer, but for those that say that they may be a second one; count both kinds."""
    twice = needlessly = 0
    for person in people:
        answers = emulator.answers(person)
        doubtful = [text for text in answers if text.startswith(words.AGAIN)]
        assert answers, f"nobody answers {emulator.shown(person)}"
        assert len(answers) - len(doubtful) <= 1, f"answered twice: {answers}"
        twice += len(answers) > 1
        needlessly += len(answers) == len(doubtful) == 1
    return twice, needlessly


def accepted_by(bot: BotProcess) -> int:
    """Count the questions that a bot has accepted, whether or not it has come so far as to have a database."""
    # Looking for a file that is not there would make it.
    if (bot.home / "telegram.sqlite3").exists():
        with contextlib.suppress(sqlite3.OperationalError):
            return bot.accepted()
    return 0


def accepts_more(bot: BotProcess, accepted: int) -> bool:
    """Whether a bot has accepted more questions than that."""
    return accepted_by(bot) > accepted


def run(rounds: int, seed: int) -> Result:
    """Kill a bot so many times, at moments drawn with a seed. Raises `AssertionError` if a question is lost."""
    generator, started, accepted = random.Random(seed), time.monotonic(), 0
    with tempfile.TemporaryDirectory() as folder, telegram() as server:
        emulator = server.emulator
        with BotProcess(server, make_home(Path(folder) / "bot")) as bot:
            with Crowd(emulator, random.Random(seed + 1)) as crowd:
                for number in range(rounds):
                    bot.launch()
                    if number % 2:
                        # On a busy machine a bot may have accepted nothing yet in its longest life.
                        bot.wait_until(functools.partial(accepts_more, bot, accepted + ENOUGH), PATIENCE)
                    time.sleep(generator.uniform(0.5, LONGEST_LIFE))
                    assert bot.is_alive, bot.log()
                    bot.kill()
                    accepted = accepted_by(bot)
            bot.start()
            bot.wait_until(lambda: len(told(emulator)) == len(crowd.people), PATIENCE)
            bot.wait_for(lambda: bot.open() == 0, PATIENCE)
            assert bot.stop() == 0
            assert bot.accepted() == len(crowd.people)
        twice, needlessly = check(emulator, crowd.people)
    return Result(rounds, len(crowd.people), twice, needlessly, accepted, time.monotonic() - started)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description="Kill the Telegram bot at random moments; count what became of questions."
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    sys.stdout.write(f"{run(arguments.rounds, arguments.seed)}\n")


if __name__ == "__main__":
    main()
