"""Run one contender: index in one process, ask in another, change a paragraph in a third, and measure each."""

import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from comparison.environments import PROJECT, last_line

TESTS = Path(__file__).resolve().parents[1]


class ContenderFailedError(Exception):
    """A contender's process ended badly; the message is the last line it said."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What the processes of a contender measured.

    Times in seconds, but ``milliseconds`` a question; memory in megabytes, the most that each process held. ``found`` has the
    ids of the paragraphs found for each question, best first.
    """

    indexing: float
    start_up: float
    milliseconds: tuple[float, ...]
    found: tuple[tuple[str, ...], ...]
    memory_indexing: float
    memory_asking: float
    changing: float


def measure(
    module: str, python: Path, paragraphs: Path, questions: Sequence[str], variables: Mapping[str, str]
) -> Measured:
    """Let a contender, a module that can be run, index the paragraphs and answer the questions.

    Raises:
        ContenderFailedError: it ended with an error, or printed no measurements.

    """
    environment = os.environ | {"PYTHONPATH": f"{TESTS}{os.pathsep}{PROJECT}"} | dict(variables)
    with tempfile.TemporaryDirectory() as temporary:
        asked, index = Path(temporary) / "questions.json", Path(temporary) / "index"
        asked.write_text(json.dumps(list(questions)), encoding="utf-8")
        index.mkdir()
        files = [str(paragraphs), str(asked), str(index)]
        indexed = _run([str(python), "-m", module, "index", *files], environment)
        answered = _run([str(python), "-m", module, "ask", *files], environment)
        changed = _run([str(python), "-m", module, "change", *files], environment)
    return Measured(
        indexing=indexed["seconds"],
        start_up=answered["start_up"],
        milliseconds=tuple(answered["milliseconds"]),
        found=tuple(tuple(ids) for ids in answered["found"]),
        memory_indexing=indexed["memory_mb"],
        memory_asking=answered["memory_mb"],
        changing=changed["seconds"],
    )


def _run(command: Sequence[str], environment: Mapping[str, str]) -> dict[str, Any]:
    done = subprocess.run(
        [*command, f"{time.monotonic()}"],
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode < 0:
        msg = f"killed by {signal.Signals(-done.returncode).name}"
        raise ContenderFailedError(msg)
    if done.returncode:
        raise ContenderFailedError(last_line(done.stderr))
    try:
        measured: dict[str, Any] = json.loads(last_line(done.stdout))
    except ValueError as exc:
        msg = f"printed no measurements but {last_line(done.stdout)!r}"
        raise ContenderFailedError(msg) from exc
    return measured
