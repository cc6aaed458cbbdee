"""Reports to test with: made by the project's own code, from outcomes set at will."""

from pathlib import Path
from typing import Any

import numpy as np
from stand_ins import WordEncoder

from qa_bot.bot import QaBot
from qa_bot.config import Answering, EvidenceSettings, Settings
from qa_bot.evaluation.judging import Outcome
from qa_bot.evaluation.questions import GoldQuestion
from qa_bot.evaluation.run import ask_all
from qa_bot.evaluation.summary import summarise
from qa_bot.index.encoding import no_progress
from qa_bot.index.generation import Generation
from qa_bot.records import Answer, IndexInfo, Status, Timings

TEXT = "Haftar signed the ceasefire.\n\nThe port is in Tobruk.\n\nOther words stand here, for nobody.\n"
QUESTIONS = (
    GoldQuestion("a", "Who signed the ceasefire?", ("Haftar signed",), None, "who"),
    GoldQuestion("b", "Where is the port?", ("in Tobruk",), None, "where"),
    GoldQuestion("c", "What does nobody say?", ("words that are not there",), None, "what"),
    GoldQuestion("d", "How old is the moon?", (), None, "none"),
)


def evaluate(
    index: Generation, questions: tuple[GoldQuestion, ...] = QUESTIONS, *, threshold: float = 0.0
) -> dict[str, Any]:
    """Ask the questions with a threshold, and make the report."""
    bot = QaBot(
        Settings(answering=Answering(threshold=threshold), evidence=EvidenceSettings(reader=""), folder=Path()),
        index,
        WordEncoder(),
    )
    return summarise(ask_all(bot, questions, no_progress), bot)


def outcome(generator: np.random.Generator) -> Outcome:
    """Draw an outcome; a third of the questions is unanswerable."""
    answerable = bool(generator.random() < 2 / 3)
    rank = int(generator.integers(1, 13)) if answerable and generator.random() < 0.9 else None
    right = tuple(number == rank for number in range(1, 11))
    answered = bool(generator.random() < 0.7)
    status = Status.ANSWERED if answered else Status.NOT_FOUND
    answer = Answer(
        "?", status, float(generator.integers(0, 21)) / 20, (), (), (), (), IndexInfo(1, "m"), Timings(0, 0, 0, 0)
    )
    ok = answered and rank == 1
    return Outcome(
        question=GoldQuestion("q", "?", ("words",) if answerable else (), None, "all"),
        gold=None,
        answer=answer,
        right=right,
        relevant=1,
        first_ok=rank == 1,
        excerpt_ok=ok if answerable else None,
        highlight_ok=(ok and bool(generator.random() < 0.9)) if answerable else None,
        exact=None,
        f1=None,
    )
