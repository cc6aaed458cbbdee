"""The collections that weights are fitted on, each in one form: paragraphs, and questions with gold stretches.

Each keeps a part aside: articles, or every second question, that no weight is fitted on.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa_bot.errors import QuestionSetError
from qa_bot.evaluation.collection import CollectionParagraph, load_collection
from qa_bot.evaluation.jsonlines import read_lines
from qa_bot.evaluation.questions import load_questions
from qa_bot.training.abbreviations import QUESTIONS, abbreviations_in
from qa_bot.training.rows import KEPT_ASIDE, reader_rows

Offsets = tuple[int, int]

ABBREVIATIONS = "abbreviations"
# The packaged reader has learnt from most of this one, and from rows like those of the other.
SQUAD, ROWS = "squad2", "reader"


@dataclass(frozen=True, slots=True)
class FitQuestion:
    """A question of a collection.

    ``gold`` gives for each right paragraph the stretches that answer; empty if nothing answers. ``aside`` questions are
    for measuring only.
    """

    text: str
    gold: dict[str, tuple[Offsets, ...]]
    aside: bool


@dataclass(frozen=True, slots=True)
class FitCollection:
    """A collection to fit on; of one that stands ``apart`` no question is asked of the others, nor the other way round."""

    name: str
    paragraphs: list[CollectionParagraph]
    questions: list[FitQuestion]
    apart: bool = False


def load_all(folder: Path, names: Sequence[str] = ()) -> list[FitCollection]:
    """Read the collections of a data folder: those named, or all that there are; see ``LOADERS``.

    Raises:
        QuestionSetError: there is no such collection, or it cannot be read.

    """
    for name in names:
        if name not in LOADERS:
            msg = f"there is no collection {name!r} to fit on: name one of {', '.join(LOADERS)}"
            raise QuestionSetError(msg)
    return [load(folder / name) for name, load in LOADERS.items() if not names or name in names]


def _squad(folder: Path) -> FitCollection:
    paragraphs = {p.name: p for p in load_collection(folder / "paragraphs.jsonl")}
    questions = []
    for (_, fields), gold in zip(
        read_lines(folder / "questions.jsonl"), load_questions(folder / "questions.jsonl"), strict=True
    ):
        names = [name for name in [*(gold.relevant or ()), fields.get("near")] if name in paragraphs]
        stretches = {
            name: tuple(_occurrences(paragraphs[name].text, gold.answers))
            for name in gold.relevant or ()
            if name in paragraphs
        }
        aside = any(paragraphs[name].title in KEPT_ASIDE for name in names)
        questions.append(FitQuestion(gold.question, stretches, aside))
    return FitCollection(SQUAD, list(paragraphs.values()), questions)


def _scifact(folder: Path) -> FitCollection:
    questions = [
        FitQuestion(gold.question, dict.fromkeys(gold.relevant or (), ()), number % 2 == 1)
        for number, gold in enumerate(load_questions(folder / "questions.jsonl"))
    ]
    return FitCollection("scifact", load_collection(folder / "paragraphs.jsonl"), questions)


def _clapnq(folder: Path) -> FitCollection:
    """Each question has a passage of its own; where no sentence is named the passage does not answer."""
    paragraphs, questions = [], []
    for number, fields in read_lines(folder / "questions.jsonl"):
        name = f"clapnq-{number}"
        paragraphs.append(CollectionParagraph(name, fields["title"], fields["text"], name))
        stretches = tuple(_occurrences(fields["text"], fields["answers"]))
        questions.append(FitQuestion(fields["question"], {name: stretches} if stretches else {}, number % 2 == 1))
    return FitCollection("clapnq", paragraphs, questions)


def _selqa(folder: Path) -> FitCollection:
    """Each question has a section of its own, and the numbers of the sentences that answer."""
    paragraphs: dict[str, CollectionParagraph] = {}
    questions = []
    for number, fields in read_lines(folder / "dev.jsonl"):
        text = " ".join(fields["sentences"])
        if text not in paragraphs:
            paragraphs[text] = CollectionParagraph(f"selqa-{number}", fields["title"], text, f"selqa-{number}")
        stretches = tuple(_numbered(fields))
        questions.append(FitQuestion(fields["question"], {paragraphs[text].name: stretches}, number % 2 == 1))
    return FitCollection("selqa", list(paragraphs.values()), questions)


def _rows(folder: Path) -> FitCollection:
    """Rows that the packaged reader has not learnt from.

    Many of their questions mean nothing without their passage. Those made by exchanging passages are left out, since another
    passage may answer.
    """
    paragraphs: dict[str, CollectionParagraph] = {}
    questions = []
    for row in reader_rows(folder / "dev.jsonl.gz"):
        if not row.source.startswith("derived"):
            name = f"reader-{len(paragraphs)}"
            paragraph = paragraphs.setdefault(row.passage, CollectionParagraph(name, row.title, row.passage, name))
            aside = int(paragraph.name.removeprefix("reader-")) % 2 == 1
            questions.append(FitQuestion(row.question, {paragraph.name: row.answers} if row.answers else {}, aside))
    return FitCollection(ROWS, list(paragraphs.values()), questions, apart=True)


def _abbreviations(folder: Path) -> FitCollection:
    """Questions for the meaning of the abbreviations in the paragraphs of the other collections.

    Each is spelt out in some paragraphs, which answer, and stands in others, which do not.
    """
    paragraphs = [p for name in (SQUAD, "clapnq", "selqa") for p in LOADERS[name](folder.parent / name).paragraphs]
    answers: dict[str, dict[str, tuple[Offsets, ...]]] = {}
    for paragraph in paragraphs:
        for short, stretch in abbreviations_in(paragraph.text):
            answers.setdefault(short, {})[paragraph.name] = (stretch,)
    aside = {paragraph.name for paragraph in paragraphs if paragraph.title in KEPT_ASIDE}
    unclear = [short for short, gold in answers.items() if sum(_holds(p.text, short) for p in paragraphs) > len(gold)]
    questions = [
        FitQuestion(
            question.format(short=short), answers[short], number % 2 == 1 or not aside.isdisjoint(answers[short])
        )
        for number, short in enumerate(unclear)
        for question in QUESTIONS
    ]
    return FitCollection(ABBREVIATIONS, paragraphs, questions, apart=True)


def _holds(text: str, short: str) -> bool:
    return re.search(rf"\b{re.escape(short)}\b", text) is not None


def _numbered(fields: dict[str, Any]) -> Iterator[Offsets]:
    start = 0
    for number, sentence in enumerate(fields["sentences"]):
        if number in fields["answers"]:
            yield start, start + len(sentence)
        start += len(sentence) + 1


def _occurrences(text: str, answers: Iterable[str]) -> Iterator[Offsets]:
    for answer in answers:
        start = text.find(answer)
        while start >= 0:
            yield start, start + len(answer)
            start = text.find(answer, start + 1)


LOADERS: dict[str, Callable[[Path], FitCollection]] = {
    SQUAD: _squad,
    "clapnq": _clapnq,
    "selqa": _selqa,
    "scifact": _scifact,
    ROWS: _rows,
    ABBREVIATIONS: _abbreviations,
}
