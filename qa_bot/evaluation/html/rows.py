"""What became of each question, as a row of the report's table."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from qa_bot.evaluation.html.texts import marked
from qa_bot.evaluation.questions import DEFAULT_CATEGORY
from qa_bot.records import Status


class Outcome(StrEnum):
    """What became of a question, in the words that the report shows."""

    RIGHT = "right"
    RIGHTLY_NOT_ANSWERED = "rightly not answered"
    WRONG_HIGHLIGHT = "wrong highlight"
    ANSWERED_WRONGLY = "answered wrongly"
    NOT_ANSWERED = "not answered"
    FALSE_ANSWER = "false answer"
    GOLD_LOST = "gold lost"

    @property
    def failed(self) -> bool:
        """Whether the bot failed; a question whose gold is lost says nothing about the bot."""
        return self not in {Outcome.RIGHT, Outcome.RIGHTLY_NOT_ANSWERED, Outcome.GOLD_LOST}


MEANINGS = {
    Outcome.RIGHT: "the answer is shown and highlighted",
    Outcome.RIGHTLY_NOT_ANSWERED: "the documents do not answer it, and the bot said so",
    Outcome.WRONG_HIGHLIGHT: "the right passage is shown, the answer in it is not highlighted",
    Outcome.ANSWERED_WRONGLY: "a passage is shown that does not answer",
    Outcome.NOT_ANSWERED: "the documents answer it, the bot did not",
    Outcome.FALSE_ANSWER: "the documents do not answer it, the bot did",
    Outcome.GOLD_LOST: "the expected words stand in the documents no more; not counted as failed",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A question with what was shown and what was expected; ``None`` is what the report does not say."""

    number: int
    id: str
    question: str
    category: str
    outcome: Outcome
    answerable: bool
    first_ok: bool
    expected: list[str]
    shown: list[tuple[str, bool]]
    document: str | None
    rank: int | None
    confidence: float | None
    latency_ms: float | None
    gold: str | None


def row_of(number: int, line: dict[str, Any]) -> Row:
    """Make a row of an entry of ``per_question``; reports of earlier versions have fewer fields."""
    return Row(
        number=number,
        id=str(line.get("id") or number),
        question=str(line.get("question") or line.get("id") or number),
        category=str(line.get("category") or DEFAULT_CATEGORY),
        outcome=outcome_of(line),
        answerable=_answerable(line),
        first_ok=_first_ok(line),
        expected=[str(words) for words in line.get("expected") or []],
        shown=marked(line.get("shown") or "", line.get("shown_highlights") or []),
        document=line.get("shown_document"),
        rank=line.get("rank"),
        confidence=line.get("confidence"),
        latency_ms=line.get("latency_ms"),
        gold=line.get("gold"),
    )


def outcome_of(line: dict[str, Any]) -> Outcome:
    """Tell what became of a question."""
    answered = line.get("status") == Status.ANSWERED
    if line.get("gold") == "lost":
        return Outcome.GOLD_LOST
    if not _answerable(line):
        return Outcome.FALSE_ANSWER if answered else Outcome.RIGHTLY_NOT_ANSWERED
    if not answered:
        return Outcome.NOT_ANSWERED
    if not _first_ok(line):
        return Outcome.ANSWERED_WRONGLY
    missed = False in (line.get("excerpt_ok"), line.get("highlight_ok"))
    return Outcome.WRONG_HIGHLIGHT if missed else Outcome.RIGHT


def _answerable(line: dict[str, Any]) -> bool:
    stated = line.get("answerable")
    # Only questions that something answers have an excerpt to judge.
    return bool(stated) if stated is not None else line.get("excerpt_ok") is not None


def _first_ok(line: dict[str, Any]) -> bool:
    stated = line.get("first_ok")
    return bool(stated) if stated is not None else line.get("rank") == 1
