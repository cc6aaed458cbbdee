"""Let many people ask the Telegram bot at once, and measure how long they wait, and how long somebody who says /start.

As a benchmark: ``PYTHONPATH=tests python -m telegram_load``. Whoever has an answer asks the next question. No question is
asked twice, so that no answer is remembered; Telegram takes 30 messages a second, so nobody can be quicker than that.
"""

import argparse
import itertools
import json
import os
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Self

import psutil
from telegram_emulator.core import Emulator
from telegram_emulator.people import Person
from telegram_process import ROOT, BotProcess, make_home, telegram

from qa_bot.channels.telegram import words

OPENINGS = (
    "", "Please tell me: ", "I would like to know: ", "Quick question: ", "Could you say: ", "For my report: ",
    "Once more for the record: ", "My editor asks: ", "Just to be sure: ", "According to the article: ",
)  # fmt: skip
ENDINGS = ("", " Thanks!", " I need it today.", " Please be exact.")
BETWEEN_STARTS = 1.0
PATIENCE = 300.0


@dataclass(frozen=True, slots=True)
class Result:
    """What was measured: seconds from question to answer and from /start to its answer, megabytes at three times."""

    waits: list[float]
    starts: list[float]
    memory: tuple[float, float, float]
    seconds: float
    processor: float

    def __str__(self) -> str:
        """Say it in a few lines."""
        percentiles = quantiles(self.waits, n=20)
        return (
            f"{len(self.waits)} questions in {self.seconds:.0f} s: {len(self.waits) / self.seconds:.1f} a second\n"
            f"from question to answer: p50 {percentiles[9]:.2f} s, p95 {percentiles[18]:.2f} s, longest {max(self.waits):.2f} s\n"
            f"/start meanwhile, {len(self.starts)} times: p50 {sorted(self.starts)[len(self.starts) // 2]:.3f} s, "
            f"longest {max(self.starts):.3f} s\n"
            f"memory: {self.memory[0]:.0f} MB at the start, {self.memory[1]:.0f} in the middle, {self.memory[2]:.0f} at the end\n"
            f"the bot kept {self.processor:.2f} processors busy; load average {os.getloadavg()[0]:.1f}"
        )


@dataclass
class Watch:
    """Notes when somebody writes, and when the bot does."""

    emulator: Emulator
    asked: dict[int, float] = field(default_factory=dict)
    seen: int = 0

    def says(self, person: Person, text: str) -> None:
        """Let somebody write now."""
        self.asked[person.id] = time.time()
        person.says(text)

    def answered(self) -> list[tuple[int, float, str]]:
        """Wait a little for answers; give the chat, the seconds it took, and the text of each that came."""
        calls = self.emulator.calls
        with self.emulator.state.changed:
            self.emulator.state.changed.wait_for(lambda: len(calls) > self.seen, timeout=1.0)
            new, self.seen = calls[self.seen :], len(calls)
        sent = [(call.time, call.parameters) for call in new if call.method == "sendMessage"]
        return [(int(what["chat_id"]), at - self.asked[int(what["chat_id"])], str(what["text"])) for at, what in sent]


class Newcomers:
    """Others, of whom one says /start each second."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._come, name="newcomers")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._over.set()
        self._thread.join()

    def _come(self) -> None:
        for number in itertools.count():
            if self._over.wait(BETWEEN_STARTS):
                return
            self._watch.says(self._watch.emulator.person(f"Newcomer {number}"), "/start")


def questions(count: int) -> list[str]:
    """Make so many questions of those of the question set, no two alike."""
    lines = (ROOT / "seeds" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    plain = [str(json.loads(line)["question"]) for line in lines]
    ways = itertools.product(ENDINGS, OPENINGS, plain)
    made = [f"{opening}{question}{ending}" for ending, opening, question in ways]
    assert len(set(made)) >= count, f"there are only {len(set(made))} different questions"
    return made[:count]


def run(people: int, count: int) -> Result:
    """Let so many people ask so many questions in all."""
    with tempfile.TemporaryDirectory() as folder, telegram() as server:
        emulator = server.emulator
        home = make_home(Path(folder) / "bot")
        with BotProcess(server, home, questions_per_minute=10_000) as bot:
            bot.start()
            process = psutil.Process(bot.process.pid)
            left, watch = iter(questions(count)), Watch(emulator)
            crowd = {person.id: person for person in (emulator.person(f"Person {n}") for n in range(people))}
            memory, waits, starts = [bot.memory], list[float](), list[float]()
            started, before = time.monotonic(), sum(process.cpu_times()[:2])
            with Newcomers(watch):
                for person, question in zip(crowd.values(), left, strict=False):
                    watch.says(person, question)
                while len(waits) < count:
                    assert bot.is_alive, bot.log()
                    assert time.monotonic() < started + PATIENCE, f"only {len(waits)} answers"
                    for chat, seconds, text in watch.answered():
                        (waits if chat in crowd else starts).append(seconds)
                        assert (text == words.START) == (chat not in crowd), text
                        question = next(left, "") if chat in crowd else ""
                        if question:
                            watch.says(crowd[chat], question)
                    if len(memory) == 1 and len(waits) >= count / 2:
                        memory.append(bot.memory)
            took, busy = time.monotonic() - started, sum(process.cpu_times()[:2]) - before
            memory.append(bot.memory)
            assert bot.stop() == 0
    return Result(waits, starts, (memory[0], memory[1], memory[2]), took, busy / took)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Let many people ask the Telegram bot at once.")
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--questions", type=int, default=2_000)
    arguments = parser.parse_args()
    sys.stdout.write(f"{run(arguments.people, arguments.questions)}\n")


if __name__ == "__main__":
    main()
