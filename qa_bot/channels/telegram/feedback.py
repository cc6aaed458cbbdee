"""What people said of answers, as a question set."""

import hashlib
import json
from collections.abc import Iterator, Sequence

from qa_bot.channels.telegram.memory import Memory
from qa_bot.evaluation.questions import GoldQuestion

GOLD, LIKED = "gold", "liked"
MOST_GAPS = 1_000


def gold_questions(memory: Memory) -> Iterator[GoldQuestion]:
    """Yield each question that an admin gave gold for, and each whose answer people liked.

    Gold wins over votes. Answers that people did not like are left out: they do not say what would be right.
    """
    gold = dict(memory.gold())
    for question, words in gold.items():
        yield _question(question, words, GOLD)
    liked = {question: words for question, words in memory.liked() if question not in gold and words}
    for question, highlighted in liked.items():
        yield _question(question, [highlighted], LIKED)


def question_set(memory: Memory) -> Iterator[str]:
    """Yield a line of JSON for each of the `gold_questions`."""
    for gold in gold_questions(memory):
        row = {"id": gold.id, "question": gold.question, "answers": list(gold.answers), "category": gold.category}
        yield json.dumps(row, ensure_ascii=False)


def unhelped(memory: Memory) -> list[str]:
    """List what people asked to no avail: questions that the documents did not answer, or whose answers did not help."""
    unanswered = [question for question, _ in memory.gaps(MOST_GAPS)]
    return list(dict.fromkeys([*unanswered, *memory.disliked()]))


def _question(question: str, answers: Sequence[str], category: str) -> GoldQuestion:
    number = hashlib.blake2b(question.encode(), digest_size=6).hexdigest()
    return GoldQuestion(f"{category}-{number}", question, tuple(answers), None, category)
