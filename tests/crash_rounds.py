"""Kill an update of the index at random moments, again and again, and prove each time that nothing is lost.

As a benchmark: ``python tests/crash_rounds.py --rounds 200``. A worker process changes its seeds and updates the index in
a loop; it says on stdout which state is published. It is killed with SIGKILL; then whoever opens the index must find the
state published last, or the one after it, complete.
"""

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from stand_ins import WordEncoder, set_seeds

from qa_bot.index.build import LOCK, is_current, update
from qa_bot.index.encoding import no_progress
from qa_bot.index.generation import Generation, open_current
from qa_bot.limits import Limits
from qa_bot.reading import scan

# An update of these seeds takes some 20 ms: within this time one to a dozen are published.
LONGEST_LIFE = 0.2
# An update that never comes means that the worker failed.
PATIENCE = 60


@dataclass(frozen=True, slots=True)
class Result:
    """What happened in some rounds: how many updates were published, and how many were killed underway."""

    rounds: int
    published: int
    interrupted: int
    reads: int
    seconds: float

    def __str__(self) -> str:
        """Say it in one line."""
        return (
            f"{self.rounds} kills, {self.interrupted} of them within a build, {self.published} updates published: the index "
            f"was complete each time, and in {self.reads} reads meanwhile ({self.seconds:.1f} s)"
        )


def state(number: int) -> dict[str, str]:
    """Give the seeds of one state: some documents change, some come and go, and no two states are alike."""
    generator = random.Random(number)
    files = {f"doc{n}.txt": f"Document {n}.\n\nFixed words of it. They stay.\n" for n in generator.sample(range(8), 4)}
    changing = "\n\n".join(f"Paragraph {n} of state {number}. It says {generator.random()}." for n in range(10))
    return {**files, "changing.md": f"# State {number}\n\n{changing}\n", "number.txt": f"State number {number}.\n"}


def work(folder: Path, number: int) -> None:
    """Publish one state after another, until killed."""
    while True:
        seeds = set_seeds(folder / "seeds", state(number))
        update(folder / "index", seeds, WordEncoder(), progress=no_progress)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
        number += 1


def check(generation: Generation, number: int) -> None:
    """Prove that a generation holds just one state: every text, every paragraph and its vector."""
    expected = state(number)
    assert {name: generation.store.document(name).text for name in generation.store.stamps()} == expected
    texts = generation.store.quotable_texts()
    for paragraph_id, words in enumerate(texts):
        name, paragraph = generation.store.paragraph(paragraph_id)
        assert expected[name][paragraph.start : paragraph.end] == words
        expected_vector = WordEncoder().encode_documents([words]).astype(np.float16)
        assert np.array_equal(generation.windows.vectors[paragraph_id], expected_vector)


def opened(folder: Path) -> Generation:
    """Open the index, which must be there."""
    generation = open_current(folder / "index")
    assert generation is not None
    return generation


def state_of(generation: Generation) -> int:
    """Tell which state a generation holds."""
    return int(generation.store.document("number.txt").text.split()[-1].rstrip("."))


def one_round(folder: Path, number: int, life: float) -> tuple[int, bool, int]:
    """Let a worker publish states from ``number`` on and kill it; give the state in force, whether it was building, and reads."""
    command = [sys.executable, __file__, "--work", str(folder), "--first", str(number)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        try:
            first = worker.stdout.readline()
            assert first == f"{number}\n", f"the worker failed: {first!r}"
            reads, end = 0, time.monotonic() + life
            while time.monotonic() < end:
                with opened(folder) as generation:
                    check(generation, state_of(generation))
                reads += 1
        finally:
            worker.send_signal(signal.SIGKILL)
        last = int(([first] + [line for line in worker.stdout if line.endswith("\n")])[-1])
    building = any((folder / "index").glob(".building-*"))
    with opened(folder) as generation:
        found = state_of(generation)
        assert found in {last, last + 1}, f"state {found} is in force, but {last} was published"
        check(generation, found)
    return found, building, reads


def repair(folder: Path, number: int) -> None:
    """Prove that the next update succeeds after a kill, and leaves nothing behind."""
    seeds = set_seeds(folder / "seeds", state(number))
    update(folder / "index", seeds, WordEncoder(), progress=no_progress, lock_seconds=PATIENCE)
    with opened(folder) as generation:
        check(generation, number)
        assert is_current(generation, scan(folder / "seeds", Limits(max_file_mb=20)))
        kept = {path.name for path in (folder / "index").iterdir()} - {"CURRENT", LOCK, generation.folder.name}
    assert len(kept) <= 1, f"an update left {sorted(kept)}"
    assert all(name.startswith("generation-") for name in kept), f"an update left {sorted(kept)}"


def run(rounds: int, seed: int) -> Result:
    """Kill an update so many times, at moments drawn with a seed. Raises `AssertionError` if anything is ever lost."""
    generator = random.Random(seed)
    started, number, interrupted, reads = time.monotonic(), 0, 0, 0
    with tempfile.TemporaryDirectory() as name:
        for _ in range(rounds):
            found, building, read = one_round(Path(name), number, generator.uniform(0, LONGEST_LIFE))
            repair(Path(name), found + 2)
            number, interrupted, reads = found + 3, interrupted + building, reads + read
    return Result(rounds, number - rounds, interrupted, reads, time.monotonic() - started)


def main() -> None:
    """Run from the command line: as the benchmark, or as its worker."""
    parser = argparse.ArgumentParser(description="Kill updates of the index at random moments; check what is left.")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--first", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.work is not None:
        work(arguments.work, arguments.first)
    sys.stdout.write(f"{run(arguments.rounds, arguments.seed)}\n")


if __name__ == "__main__":
    main()
