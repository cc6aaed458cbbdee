"""Scores of collections: each question is asked, and what every hit and every sentence scored is kept as numbers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from qa_bot.encoder.vectors import Encoder
from qa_bot.evidence import Judge, vote_of
from qa_bot.fitting.collections import FitCollection, FitQuestion, Offsets
from qa_bot.index.encoding import Progress
from qa_bot.index.searching import Index
from qa_bot.records import Evidence
from qa_bot.retriever import encode_question, retrieve

HITS = 10

RANKING = ("paragraph", "sentence", "lexical", "late", "type", "meaning", "reader")
SENTENCE = ("coverage", "cosine", "late", "type", "reader")


class Kind(StrEnum):
    """What kind of question it is, for the documents at hand.

    ``answerable``; ``near``: about their subjects, and written to look answerable; ``middle``: answerable, but the right
    paragraphs were taken out of the hits; ``far``: a question of another collection.
    """

    ANSWERABLE = "answerable"
    NEAR = "near"
    MIDDLE = "middle"
    FAR = "far"


@dataclass(frozen=True, slots=True)
class ScoredHit:
    """The numbers of one hit: ``ranking`` of shape ``(7,)``, ``sentences`` of shape ``(n, 5)``; see the names above.

    ``right`` says whether the paragraph answers, ``gold`` which of its sentences do.
    """

    ranking: NDArray[np.float64]
    sentences: NDArray[np.float64]
    right: bool
    gold: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A question with the numbers of its hits, best first as the retriever has it."""

    collection: str
    kind: Kind
    aside: bool
    known: float
    hits: tuple[ScoredHit, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """What questions are asked of."""

    index: Index
    encoder: Encoder
    judge: Judge

    def ask(self, question: FitQuestion) -> tuple[float, tuple[ScoredHit, ...]]:
        """Give the share of the question that the documents know, and its hits with their numbers."""
        encoded = encode_question(question.text, self.encoder, self.index.lexical)
        hits = retrieve(encoded, self.index, self.judge.weights.ranking, limit=HITS)
        evidence = sorted(self.judge.weigh(encoded, hits, self.index), key=lambda item: -item.hit.scores.total)
        known = evidence[0].signals.known if evidence else 0.0
        return known, tuple(_scored(item, question) for item in evidence)


def gather(collection: FitCollection, asked: Asked, *, unanswerable: Kind, progress: Progress) -> list[Example]:
    """Ask every question of a collection, and take the right hits out for its ``middle`` examples.

    ``unanswerable`` is the kind of its questions without gold.
    """
    examples = []
    for number, question in enumerate(collection.questions, start=1):
        kind = Kind.ANSWERABLE if question.gold else unanswerable
        known, hits = asked.ask(question)
        example = Example(collection.name, kind, question.aside, known, hits)
        examples += [example, *_middle(example)]
        progress(number, len(collection.questions))
    return examples


def foreign_to(collection: FitCollection, others: Sequence[FitCollection], count: int) -> FitCollection:
    """Give the collection with about ``count`` questions of the others in place of its own: nothing in it answers.

    There are none where one of them stands apart.
    """
    questions = [
        FitQuestion(question.text, {}, question.aside)
        for other in others
        if other.name != collection.name and not other.apart and not collection.apart
        for question in other.questions
    ]
    return FitCollection(collection.name, collection.paragraphs, questions[:: max(len(questions) // count, 1)])


def _scored(evidence: Evidence, question: FitQuestion) -> ScoredHit:
    scores = evidence.hit.scores
    sentences = np.array([[getattr(s, name) for name in SENTENCE] for s in evidence.sentences], dtype=np.float64)
    ranking = [
        scores.paragraph,
        scores.sentence,
        scores.lexical,
        scores.late,
        evidence.type,
        float(evidence.explains),
        vote_of(sentences[:, -1]),
    ]
    stretches = question.gold.get(evidence.document.name)
    gold = tuple(_answers((s.start, s.end), stretches or ()) for s in evidence.paragraph.sentences)
    return ScoredHit(np.array(ranking), sentences, stretches is not None, gold)


def _answers(sentence: Offsets, stretches: Sequence[Offsets]) -> bool:
    """Whether a sentence and a gold stretch overlap by at least half of the shorter one."""
    return any(
        min(sentence[1], end) - max(sentence[0], start) >= min(sentence[1] - sentence[0], end - start) / 2
        for start, end in stretches
    )


def _middle(example: Example) -> Iterator[Example]:
    rest = tuple(hit for hit in example.hits if not hit.right)
    if example.kind is Kind.ANSWERABLE and rest:
        yield Example(example.collection, Kind.MIDDLE, example.aside, example.known, rest)
