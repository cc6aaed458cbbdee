"""What the savings of time cost in quality: a question set as shipped, and with one saving after the other switched off.

``python -m tests.savings_benchmark QUESTIONS [--paragraphs FILE]``. Without ``--paragraphs`` the documents are those in
``seeds/``. There is an index for each precision, in a folder that goes.
"""

import argparse
import math
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from qa_bot.bot import QaBot
from qa_bot.config import Settings, load
from qa_bot.evaluation.questions import load_questions
from qa_bot.evaluation.run import ask_all, open_bot
from qa_bot.evaluation.summary import summarise
from qa_bot.index.encoding import no_progress

# Where each figure stands in a report.
FIGURES = (
    ("retrieval", "hit@1"),
    ("retrieval", "hit@5"),
    ("retrieval", "mrr@10"),
    ("retrieval", "ndcg@10"),
    ("answers", "highlight_hit"),
    ("abstention", "auroc"),
    ("latency_ms", "p50"),
)


def _as_shipped(settings: Settings) -> Settings:
    return settings


def _float32(settings: Settings) -> Settings:
    return settings.model_copy(update={"encoder": settings.encoder.model_copy(update={"precision": "float32"})})


def _one_thread(settings: Settings) -> Settings:
    return settings.model_copy(update={"encoder": settings.encoder.model_copy(update={"threads": 1})})


def _read_all(bot: QaBot) -> None:
    """Have the reader read as many hits as it may, also those that are far behind."""
    weights = bot.judge.weights.model_copy(update={"reach": math.inf})
    bot.judge = replace(bot.judge, weights=weights)


def _nothing(bot: QaBot) -> None:
    """Leave the bot as it is."""


WAYS: tuple[tuple[str, Callable[[Settings], Settings], Callable[[QaBot], None]], ...] = (
    ("as shipped", _as_shipped, _nothing),
    ("the encoder in float32", _float32, _nothing),
    ("the reader reads what is out of reach", _as_shipped, _read_all),
    ("one thread", _one_thread, _nothing),
)


def report(bot: QaBot, questions: Path) -> dict[str, Any]:
    """Ask the set."""
    bot.load()
    return summarise(ask_all(bot, load_questions(questions), no_progress), bot)


def line(name: str, report: dict[str, Any]) -> str:
    """Give a line of the table."""
    found = [report[part][figure] for part, figure in FIGURES]
    return f"| {name} | " + " | ".join("–" if value is None else f"{value:.4f}" for value in found) + " |\n"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("questions", type=Path)
    parser.add_argument("--paragraphs", type=Path)
    given = parser.parse_args()
    heads = [figure for _, figure in FIGURES]
    sys.stdout.write(f"| | {' | '.join(heads)} |\n|---|{'--:|' * len(heads)}\n")
    with tempfile.TemporaryDirectory() as folder:
        for name, adapt, change in WAYS:
            settings = adapt(load(None))
            paths = settings.paths.model_copy(update={"embeddings": Path(folder, settings.encoder.precision)})
            with open_bot(settings.model_copy(update={"paths": paths}), given.paragraphs, no_progress) as bot:
                change(bot)
                sys.stdout.write(line(name, report(bot, given.questions)))
            sys.stdout.flush()


if __name__ == "__main__":
    main()
