"""Rows to learn from: a question, a passage, and where in it the answer stands, if it does."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from qa_bot.evaluation.collection import load_collection
from qa_bot.evaluation.jsonlines import read_lines

# Articles of squad2/ whose questions neither the reader nor any weight has seen.
KEPT_ASIDE = frozenset({"French and Indian War", "Islamism", "1973 oil crisis"})

Offsets = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Row:
    """A question with a passage; ``answers`` are stretches of it, the first is the one to learn, none if it has none.

    ``title`` is that of the passage, where it has one.
    """

    source: str
    question: str
    passage: str
    answers: tuple[Offsets, ...]
    title: str = ""


def reader_rows(file: Path) -> Iterator[Row]:
    """Read a gzipped file of rows: JSON Lines with question, passage, title, answers (text, start) and source."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            fields = json.loads(line)
            answers = tuple((a["start"], a["start"] + len(a["text"])) for a in fields["answers"])
            yield Row(fields["source"], fields["question"], fields["passage"], answers, fields.get("title") or "")


def collection_rows(folder: Path, *, aside: bool) -> Iterator[Row]:
    """Read the questions of a collection, each with its own paragraph, those of the articles kept aside or the others.

    A question that nothing answers names the paragraph it was written about as ``near``.
    """
    paragraphs = {p.name: p for p in load_collection(folder / "paragraphs.jsonl")}
    for _, fields in read_lines(folder / "questions.jsonl"):
        answers = fields.get("answers") or []
        name = next(iter(fields.get("relevant") or []), fields.get("near"))
        paragraph = paragraphs.get(str(name))
        if paragraph is None or (paragraph.title in KEPT_ASIDE) is not aside:
            continue
        starts = [(paragraph.text.find(answer), len(answer)) for answer in answers]
        found = tuple((start, start + length) for start, length in starts if start >= 0)
        if bool(found) == bool(answers):
            yield Row("collection", fields["question"], paragraph.text, found)
