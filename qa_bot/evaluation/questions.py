"""Question sets: questions with the words that answer them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa_bot.errors import QuestionSetError
from qa_bot.evaluation.jsonlines import read_lines, text_field
from qa_bot.records import Paragraph
from qa_bot.surrogates import replace_surrogates

DEFAULT_CATEGORY = "all"


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question with its gold: ``answers`` are words of the text, ``relevant`` names paragraphs.

    ``relevant`` is ``None`` where the set does not name paragraphs: then those that hold an answer are right.
    """

    id: str
    question: str
    answers: tuple[str, ...]
    relevant: frozenset[str] | None
    category: str

    @property
    def answerable(self) -> bool:
        """Whether the documents answer it; the right reply to others is "not found"."""
        return bool(self.answers or self.relevant)

    def is_right(self, document: str, paragraph: Paragraph, text: str) -> bool:
        """Whether a paragraph, with its words, is one that answers."""
        if self.relevant is not None:
            return not self.relevant.isdisjoint({document, f"{document}#{paragraph.number}"})
        return self.is_answered_by(text)

    def is_answered_by(self, words: str) -> bool:
        """Whether the words hold a gold answer."""
        return any(answer in words for answer in self.answers)


def load_questions(path: Path) -> list[GoldQuestion]:
    """Read a question set in the form of JSON Lines.

    Raises:
        QuestionSetError: the file breaks the form; the message names the line.

    """
    questions: dict[str, GoldQuestion] = {}
    for number, fields in read_lines(path):
        question = _question(path, number, fields)
        if question.id in questions:
            msg = f"{path}, line {number}: the id {question.id!r} stands twice"
            raise QuestionSetError(msg)
        questions[question.id] = question
    if not questions:
        msg = f"{path} holds no questions: put one JSON object on each line"
        raise QuestionSetError(msg)
    return list(questions.values())


def _question(path: Path, number: int, fields: dict[str, Any]) -> GoldQuestion:
    if "answers" not in fields and "relevant" not in fields:
        msg = f"{path}, line {number}: needs 'answers' or 'relevant'; both empty if nothing answers"
        raise QuestionSetError(msg)
    answers, relevant = (_texts(path, number, fields, name) for name in ("answers", "relevant"))
    category = fields.get("category")
    return GoldQuestion(
        id=text_field(path, number, fields, "id"),
        question=replace_surrogates(text_field(path, number, fields, "question")),
        answers=tuple(replace_surrogates(answer) for answer in answers or ()),
        relevant=None if relevant is None else frozenset(relevant),
        category=category if isinstance(category, str) and category else DEFAULT_CATEGORY,
    )


def _texts(path: Path, number: int, fields: dict[str, Any], name: str) -> list[str] | None:
    value = fields.get(name)
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(item, str | int) and str(item) for item in value):
        msg = f"{path}, line {number}: {name!r} must be a list of texts"
        raise QuestionSetError(msg)
    return [str(item) for item in value]
