"""What people said of answers, as a question set."""

import hashlib
import json
from collections.abc import Iterator

from qa_bot.channels.telegram.memory import Memory

GOLD, LIKED = "gold", "liked"


def question_set(memory: Memory) -> Iterator[str]:
    """Yield a line of JSON for each question that an admin gave gold for, and for each whose answer people liked.

    Gold wins over votes. Answers that people did not like are left out: they do not say what would be right.
    """
    gold = dict(memory.gold())
    for question, words in gold.items():
        yield _line(question, words, GOLD)
    liked = {question: words for question, words in memory.liked() if question not in gold and words}
    for question, highlighted in liked.items():
        yield _line(question, [highlighted], LIKED)


def _line(question: str, answers: list[str], category: str) -> str:
    number = hashlib.blake2b(question.encode(), digest_size=6).hexdigest()
    row = {"id": f"{category}-{number}", "question": question, "answers": answers, "category": category}
    return json.dumps(row, ensure_ascii=False)
