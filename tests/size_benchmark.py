"""How time, disk and memory grow with the number of paragraphs: ``PYTHONPATH=tests python -m tests.size_benchmark``.

Everything is real but the encoder of the documents, a stand-in that looks vectors up (see `synthetic`): really encoding a
million paragraphs takes hours. How many, is reckoned from the rate at which the real one encoded the pool. Each step of each
size runs in a process of its own. ``--folder`` keeps the pool, and the index of the largest size, for the next time.
"""

import argparse
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from synthetic import Pool, StandIn, questions, write_seeds

from qa_bot.bot import QaBot
from qa_bot.config import Paths, Settings
from qa_bot.index.build import update
from qa_bot.index.dense import DenseIndex
from qa_bot.index.drafting import Report
from qa_bot.index.encoding import no_progress
from qa_bot.index.generation import Generation, open_current
from qa_bot.reading import scan

POOL = "pool.npz"
SENTENCES_IN_POOL = 24_000
WARM_UP, ASKED, COMPARED = 20, 300, 100
NEAREST = 10

Figures = dict[str, float]


def settings_of(folder: Path) -> Settings:
    """Give the settings of the benchmark."""
    return Settings(paths=Paths(seeds=folder / "seeds", embeddings=folder / "embeddings"), folder=folder)


def updated(folder: Path, pool: Pool) -> tuple[float, Report]:
    """Bring the index up to date; gives the seconds it took."""
    settings, encoder = settings_of(folder), StandIn(pool)
    started = time.perf_counter()
    report = update(
        settings.paths.embeddings, scan(settings.paths.seeds, settings.reading.limits), encoder, progress=no_progress
    )
    return time.perf_counter() - started, report


def opened(folder: Path) -> Generation:
    """Open the index."""
    generation = open_current(folder / "embeddings")
    assert generation is not None
    return generation


def build(folder: Path, pool: Pool, _data: Path) -> Figures:
    """Build the index, and reckon how long encoding would have taken."""
    seconds, report = updated(folder, pool)
    with opened(folder) as generation:
        size = sum(file.stat().st_size for file in generation.folder.iterdir())
        characters = 2 * sum(summary.characters for summary in generation.store.summaries())
        return {
            "build without encoding, s": seconds,
            "encoding, reckoned, s": characters / pool.rate,
            "build memory, MB": peak(),
            "disk, MB": size / 1e6,
            "vectors": generation.manifest.counts.sentences + generation.manifest.counts.windows,
            "paragraphs": report.encoded,
        }


def ask(folder: Path, pool: Pool, data: Path) -> Figures:
    """Open the index, ask real questions, and compare what the search finds with what exact search finds."""
    began = time.perf_counter()
    generation = opened(folder)
    seconds = time.perf_counter() - began
    bot = QaBot(settings_of(folder), generation, StandIn(pool))
    bot.load()
    asked = questions(data, WARM_UP + ASKED)
    times = []
    for question in asked:
        started = time.perf_counter()
        answer = bot.ask(question)
        times.append((1000 * (time.perf_counter() - started), answer.timings.retrieve))
    memory = private()
    total, retrieving = np.array(times[WARM_UP:]).T
    figures = {
        "opening, s": seconds,
        "first question, ms": times[0][0],
        "question p50, ms": float(np.median(total)),
        "question p95, ms": float(np.percentile(total, 95)),
        "of it retrieving p50, ms": float(np.median(retrieving)),
        "asking memory, MB": memory,
    }
    vectors = [vector for vector, _ in bot.encoder.encode_questions(asked[:COMPARED])]
    for name, index in (("paragraphs", generation.windows), ("sentences", generation.sentences)):
        figures[f"recall@10 among {name}"] = float(np.mean([recall(index, vector) for vector in vectors]))
    generation.store.close()
    return figures


def recall(index: DenseIndex, question: np.ndarray[Any, np.dtype[np.float32]]) -> float:
    """Tell how many of the owners of the nearest vectors by exact search are found, as the retriever searches."""
    exact = DenseIndex.exact(index.vectors).search(question, NEAREST)
    return float(np.isin(exact, index.search(question, 200)).mean())


def change(folder: Path, pool: Pool, _data: Path) -> Figures:
    """Change one paragraph of one document in the middle, and bring the index up to date."""
    files = sorted((folder / "seeds").rglob("*.txt"))
    with files[len(files) // 2].open("a", encoding="utf-8") as handle:
        handle.write("\nOne paragraph more stands here at last.\n")
    seconds, report = updated(folder, pool)
    assert report.encoded == 1
    return {"one document changed, s": seconds, "update memory, MB": peak()}


STEPS: dict[str, Callable[[Path, Pool, Path], Figures]] = {"build": build, "ask": ask, "change": change}


def peak() -> float:
    """Give the most memory this process has used, in MB; files mapped into memory count in it."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def private() -> float:
    """Give the memory this process uses beside files mapped into memory, which the system may take back, in MB."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) * 1024 / 1e6


def measure(folder: Path, pool: Path, data: Path, paragraphs: int) -> Figures:
    """Take all steps with so many paragraphs, each in a process of its own."""
    write_seeds(folder / "seeds", Pool.load(pool, data, SENTENCES_IN_POOL), paragraphs)
    figures: Figures = {}
    for step in STEPS:
        command = [sys.executable, "-m", "tests.size_benchmark", "--step", step, "--data", str(data)]
        done = subprocess.run(
            [*command, "--folder", str(folder), "--pool", str(pool)], stdout=subprocess.PIPE, check=True, text=True
        )
        figures |= json.loads(done.stdout)
    return figures


def exponent(sizes: list[int], values: list[float]) -> float:
    """Fit ``value ~ size ** exponent`` by least squares of the logarithms."""
    return float(np.polyfit(np.log(sizes), np.log(values), 1)[0])


def table(results: dict[int, Figures]) -> str:
    """Give the figures as a Markdown table, with the law by which each grows."""
    sizes = list(results)
    lines = [
        "| paragraphs | " + " | ".join(f"{size:,}" for size in sizes) + " | grows as |",
        "|---" * (len(sizes) + 2) + "|",
    ]
    for name in next(iter(results.values())):
        values = [figures[name] for figures in results.values()]
        law = f"N^{exponent(sizes, values):.2f}" if len(sizes) > 1 and min(values) > 0 and "recall" not in name else "–"
        lines.append(f"| {name} | " + " | ".join(map(shown, values)) + f" | {law} |")
    return "\n".join(lines)


def shown(value: float) -> str:
    """Give three significant digits, and thousands by commas."""
    if not value:
        return "0"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:,.{digits}f}"


def main() -> None:
    """Run the benchmark, or one step of it."""
    parser = argparse.ArgumentParser(description="How time, disk and memory grow with the number of paragraphs.")
    parser.add_argument("--paragraphs", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="the folder of public collections")
    parser.add_argument("--folder", type=Path, help="where to work; a temporary folder if not given")
    parser.add_argument("--pool", type=Path, help="the file of encoded sentences; made if missing")
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.step:
        pool = Pool.load(arguments.pool, arguments.data, SENTENCES_IN_POOL)
        sys.stdout.write(json.dumps(STEPS[arguments.step](arguments.folder, pool, arguments.data)))
        return
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        pool_file = arguments.pool or Path(name) / POOL
        results = {}
        for paragraphs in arguments.paragraphs:
            with tempfile.TemporaryDirectory(dir=name) as own:
                results[paragraphs] = measure(Path(own), pool_file, arguments.data, paragraphs)
            sys.stdout.write(f"{table(results)}\n\n")
            sys.stdout.flush()
    sys.stdout.write(f"load of the machine at the end: {os.getloadavg()[0]:.1f}\n")


if __name__ == "__main__":
    main()
