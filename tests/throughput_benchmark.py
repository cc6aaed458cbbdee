"""How many questions a second are answered when many ask at once, on an idle machine and on a busy one.

So many askers each ask their next question as soon as they have the answer to the last. They ask the engine behind the
Telegram bot: the whole path to an answer, without the network. Busy means that a process for each core computes beside it.

Run: ``python -m tests.throughput_benchmark PARAGRAPHS QUESTIONS``
"""

import argparse
import asyncio
import contextlib
import itertools
import json
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from qa_bot.bot import Inquiry
from qa_bot.channels.telegram.engine import Engine
from qa_bot.config import Paths, Settings
from qa_bot.evaluation.collection import load_collection
from qa_bot.models.precision import cores

ASKERS = (1, 4, 16, 64)
WARM_UP = 20


def spin() -> None:
    """Compute for ever."""
    while True:
        pass


@contextlib.contextmanager
def busy(*, processes: int) -> Iterator[None]:
    """Let so many processes compute meanwhile."""
    others = [multiprocessing.get_context("spawn").Process(target=spin, daemon=True) for _ in range(processes)]
    for other in others:
        other.start()
    try:
        yield
    finally:
        for other in others:
            other.terminate()
            other.join()


def write_seeds(seeds: Path, paragraphs: Path) -> None:
    """Write the paragraphs of each title into a document of its own."""
    texts: dict[str, list[str]] = {}
    for paragraph in load_collection(paragraphs):
        texts.setdefault(paragraph.title, []).append(paragraph.text)
    seeds.mkdir()
    for number, (title, own) in enumerate(texts.items()):
        (seeds / f"{number}.txt").write_text("\n\n".join([title, *own]), encoding="utf-8")


async def measure(engine: Engine, questions: list[str], askers: int) -> tuple[float, list[float]]:
    """Ask all questions, so many at a time; gives the questions a second, and how many milliseconds each took."""
    waiting, times = iter(questions), []

    async def ask() -> None:
        for question in waiting:
            started = time.perf_counter()
            await engine.ask(Inquiry(question))
            times.append(1000 * (time.perf_counter() - started))

    started = time.perf_counter()
    await asyncio.gather(*(ask() for _ in range(askers)))
    return len(times) / (time.perf_counter() - started), times


async def run(settings: Settings, questions: list[str], each: int) -> None:
    """Measure every number of askers, idle and busy; no question is asked twice."""
    engine = Engine(settings)
    await engine.start()
    left = itertools.cycle(questions)
    await measure(engine, list(itertools.islice(left, WARM_UP)), 1)
    sys.stdout.write(f"{'machine':<8}{'askers':>8}{'a second':>10}{'p50, ms':>10}{'p95, ms':>10}\n")
    for machine, processes in (("idle", 0), ("busy", cores(0))):
        with busy(processes=processes):
            for askers in ASKERS:
                rate, times = await measure(engine, list(itertools.islice(left, each)), askers)
                median, late = np.percentile(times, [50, 95])
                sys.stdout.write(f"{machine:<8}{askers:>8}{rate:>10.1f}{median:>10.1f}{late:>10.1f}\n")
    await engine.stop()


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Measure questions a second with many askers.")
    parser.add_argument("paragraphs", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--each", type=int, default=384, help="questions for each number of askers")
    arguments = parser.parse_args()
    lines = arguments.questions.read_text(encoding="utf-8").splitlines()
    questions = list(dict.fromkeys(str(json.loads(line)["question"]) for line in lines))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = Settings(paths=Paths(seeds=folder / "seeds", embeddings=folder / "embeddings"), folder=folder)
        write_seeds(settings.paths.seeds, arguments.paragraphs)
        asyncio.run(run(settings, questions, arguments.each))


if __name__ == "__main__":
    main()
