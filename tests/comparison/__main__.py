"""Compare: ``PYTHONPATH=tests python -m comparison DATA [--questions N] [--seed N] [--threads N] [--only NAME …] [--titles] [--out FOLDER]``.

DATA holds a ``paragraphs.jsonl`` and a ``questions.jsonl``. Of the answerable questions N are drawn. With ``--titles`` the
title of each paragraph stands before its text, for contenders that do not look at titles. The table and the
picture are written into the folder of ``--out``, ``comparison.md`` and ``comparison.svg``; the environments of the others are
kept beside them.
"""

import argparse
import datetime as dt
import json
import os
import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path

from comparison.drawing import draw
from comparison.entrants import ENTRANTS, QUIET, Entrant
from comparison.environments import PROJECT, EnvironmentFailedError, environment_of, pinned_version
from comparison.protocol import read_paragraphs
from comparison.results import Row, figures_of, table
from comparison.running import ContenderFailedError, measure
from qa_bot.errors import QaBotError
from qa_bot.evaluation.collection import load_collection
from qa_bot.evaluation.questions import GoldQuestion, load_questions

PROCESSORS = Path("/proc/cpuinfo")


def sample(questions: Sequence[GoldQuestion], count: int, seed: int) -> list[GoldQuestion]:
    """Draw ``count`` of the answerable questions, or take them all, in the order of the set."""
    answerable = [question for question in questions if question.answerable]
    if count >= len(answerable):
        return answerable
    drawn = sorted(random.Random(seed).sample(range(len(answerable)), count))
    return [answerable[at] for at in drawn]


def compete(
    entrant: Entrant, paragraphs: Path, questions: Sequence[GoldQuestion], folder: Path, variables: Mapping[str, str]
) -> Row:
    """Measure one contender; one that cannot be installed, or fails, has a row that says so."""
    try:
        python = environment_of(entrant.requirements, folder) if entrant.requirements else Path(sys.executable)
        measured = measure(
            f"comparison.contenders.{entrant.module}",
            python,
            paragraphs,
            [question.question for question in questions],
            {**variables, **dict(entrant.variables)},
        )
    except (EnvironmentFailedError, ContenderFailedError) as exc:
        return Row(entrant.name, _version(entrant), entrant.note, f"{exc}")
    texts = {paragraph.id: paragraph.text for paragraph in read_paragraphs(paragraphs)}
    return Row(entrant.name, _version(entrant), entrant.note, figures_of(measured, questions, texts))


def with_titles(paragraphs: Path, folder: Path) -> Path:
    """Write the paragraphs, each with its title before its text, as a file of that folder."""
    file = folder / "with-titles.jsonl"
    rows = [asdict(replace(row, text=f"{row.title}\n{row.text}")) for row in read_paragraphs(paragraphs)]
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return file


def main() -> None:
    """Run the comparison."""
    asked = _arguments()
    paragraphs = asked.data / "paragraphs.jsonl"
    try:
        questions = sample(load_questions(asked.data / "questions.jsonl"), asked.questions, asked.seed)
        count = len(load_collection(paragraphs))
    except QaBotError as exc:
        sys.exit(f"{exc}")
    asked.out.mkdir(parents=True, exist_ok=True)
    if asked.titles:
        paragraphs = with_titles(paragraphs, asked.out)
    threads = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "QA_BOT_ENCODER__THREADS"), f"{asked.threads}")
    rows = []
    for entrant in ENTRANTS:
        if not asked.only or entrant.name in asked.only:
            sys.stderr.write(f"{entrant.name} …\n")
            rows.append(compete(entrant, paragraphs, questions, asked.out / "environments", QUIET | threads))
    report = f"{_heading(asked, count, len(questions))}\n\n{table(rows)}\n"
    (asked.out / "comparison.md").write_text(report, encoding="utf-8")
    (asked.out / "comparison.svg").write_text(draw(rows), encoding="utf-8")
    sys.stdout.write(report)


def _heading(asked: argparse.Namespace, paragraphs: int, questions: int) -> str:
    titles = " with their titles" if asked.titles else ""
    return (
        f"{dt.datetime.now(tz=dt.UTC):%Y-%m-%d}, {asked.data.name}: {paragraphs:,} paragraphs{titles}, "
        f"{questions:,} answerable questions (seed {asked.seed}), {asked.threads} threads, {_processor()}"
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m comparison")
    parser.add_argument("data", type=Path)
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--only", action="append", choices=[entrant.name for entrant in ENTRANTS])
    parser.add_argument("--titles", action="store_true")
    parser.add_argument("--out", type=Path, default=PROJECT / ".benchmark")
    return parser.parse_args()


def _version(entrant: Entrant) -> str:
    if entrant.package is None:
        return version("qa-bot")
    pins = entrant.requirements or PROJECT / "constraints.txt"
    return pinned_version(pins.read_text(encoding="utf-8"), entrant.package)


def _processor() -> str:
    """Name the processor, where the system does."""
    lines = PROCESSORS.read_text(encoding="utf-8").splitlines() if PROCESSORS.is_file() else []
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "processor unknown")


if __name__ == "__main__":
    main()
