"""Hits → evidence: which sentence of a paragraph answers, how sure that is, and which paragraph answers best."""

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

import numpy as np

from qa_bot.answer_type import AnswerType
from qa_bot.calibration import Calibration, confidence
from qa_bot.encoder.vectors import Vectors
from qa_bot.index.late import project
from qa_bot.index.searching import Index, Numbers
from qa_bot.reader.reading import Passage, Reader, knows
from qa_bot.reader.spans import MOST_SURE, Reading
from qa_bot.records import Document, Evidence, Hit, Paragraph, Sentence, SentenceScores, Signals
from qa_bot.retriever import Analysis, EncodedQuestion
from qa_bot.terms import distinct_terms
from qa_bot.vouching import vouched_for
from qa_bot.weights import RankingWeights, SentenceWeights, Weights

# A hit's lead is measured against so many others.
RIVALS = 4

# Which paragraph answers depends on where a reader sees an answer; how sure it is of seeing none hardly helps: on articles
# kept aside any floor from -1 to -0.1 ranks alike, and this one keeps it from outvoting all other scores.
SEES_NONE = -0.3


@dataclass(frozen=True, slots=True)
class Judge:
    """Weighs evidence.

    ``reader`` looks at the ``reads`` best hits in a language it knows, as the retriever and the kind of thing they hold order
    them, less those that are further behind the best than its reach: what it said of them would hardly ever bring them to the
    front. What it has not read, or all where there is none, the scores of the index decide alone, by the weights ``unread``.
    """

    weights: Weights
    calibration: Calibration | None = None
    reader: Reader | None = None
    reads: int = 0
    unread: Weights | None = None

    def weights_for(self, *, read: bool) -> Weights:
        """Name the weights of sentences and confidence for a hit that the reader has read, or not."""
        return self.weights if read or self.reader is None or self.unread is None else self.unread

    def weigh(self, question: EncodedQuestion, hits: Sequence[Hit], index: Index) -> list[Evidence]:
        """Score the sentences of each hit and say how sure it is that they answer; the best hit comes first."""
        # An index of nothing has no projection either.
        if not hits:
            return []
        ids = [hit.paragraph for hit in hits]
        numbers, passages = index.numbers(ids), index.store.passages(ids)
        candidates = [
            _Candidate(hit, own, document, paragraph)
            for hit, own, (document, paragraph) in zip(hits, numbers, passages, strict=True)
        ]
        asked = _Asked(question, project(index.projection, question.pieces))
        score = functools.cache(lambda row: self._score(asked, candidates[row]))
        near, behind = self._sort_out(question, candidates, score)
        begun = self._begin_reading(question, candidates, near)
        # The others are scored while the reader reads.
        scored = [score(row) for row in range(len(candidates))]
        known = {language: known_share(analysis, index) for language, analysis in question.analyses.items()}
        readings = {**dict(begun), **dict(self._vouch(question, candidates))}
        evidence = [
            self._weigh_one(
                candidate, own, readings.get(row), known[candidate.document.language], _lead(candidate.hit, hits)
            )
            for row, (candidate, own) in enumerate(zip(candidates, scored, strict=True))
        ]
        passed_over = behind - readings.keys()
        return self._rank(
            [replace(item, behind=True) if row in passed_over else item for row, item in enumerate(evidence)]
        )

    def _score(self, asked: "_Asked", candidate: "_Candidate") -> "_Scored":
        sentences, weights = score_sentences(asked, candidate), self.weights_for(read=False).sentence
        best = max(sentences, key=lambda scores: _weighted(weights, scores))
        meaning = asked.question.expectation.type is AnswerType.MEANING
        return _Scored(sentences, best["type"], meaning and any(scores["type"] == 1 for scores in sentences))

    def _sort_out(
        self, question: EncodedQuestion, candidates: Sequence["_Candidate"], score: Callable[[int], "_Scored"]
    ) -> tuple[list[int], set[int]]:
        """Give the numbers of the candidates to read, and of those too far behind the best of which the reader knows the language."""
        reader = self.reader
        if reader is None:
            return [], set()
        ranking, totals = self.weights.ranking, [candidate.hit.scores.total for candidate in candidates]
        known = [row for row, candidate in enumerate(candidates) if knows(reader, candidate.document.language)]
        meaning = ranking.meaning if question.expectation.type is AnswerType.MEANING else 0.0
        reach = self.weights.reach + meaning
        # Of no others the type could matter.
        near = [row for row in known if totals[known[0]] - totals[row] <= reach + ranking.type]
        expected = {row: totals[row] + ranking.type * score(row).type for row in near}
        best = max(expected.values(), default=0.0)
        within = sorted((row for row in near if best - expected[row] <= reach), key=lambda row: -expected[row])
        return within[: self.reads], set(known) - set(within)

    def _begin_reading(
        self, question: EncodedQuestion, candidates: Sequence["_Candidate"], rows: Sequence[int]
    ) -> Iterator[tuple[int, Reading]]:
        """Let the reader begin; gives what it says of each when it is done."""
        # A reader sees an answer to gibberish in whatever looks like it, such as addresses of pages, and one to small talk.
        if self.reader is None or not question.readable:
            return iter(())
        return zip(rows, self.reader.read(question.text, [candidates[row].passage for row in rows]), strict=True)

    def _vouch(self, question: EncodedQuestion, candidates: Sequence["_Candidate"]) -> Iterator[tuple[int, Reading]]:
        if self.reader is not None:
            for row, candidate in enumerate(candidates):
                reading = vouched_for(question, candidate.document, candidate.paragraph)
                if reading is not None:
                    yield row, reading

    def _weigh_one(
        self,
        candidate: "_Candidate",
        scored: "_Scored",
        reading: Reading | None,
        known: float,
        lead: float,
    ) -> Evidence:
        hit, document, paragraph = candidate.hit, candidate.document, candidate.paragraph
        # What the reader has not seen it does not vouch for.
        read = reading or Reading((-MOST_SURE if self.reader else 0.0,) * len(paragraph.sentences), ())
        weights = self.weights_for(read=reading is not None)
        sentences = tuple(
            _total(weights.sentence, **own, reader=max(-MOST_SURE, min(MOST_SURE, sure)) / MOST_SURE)
            for own, sure in zip(scored.sentences, read.sentences, strict=True)
        )
        best = max(range(len(sentences)), key=lambda number: sentences[number].total)
        signals = signals_of(sentences[best], known=known, lead=lead)
        return Evidence(
            hit=hit,
            document=document,
            paragraph=paragraph,
            sentences=sentences,
            signals=signals,
            read=reading is not None,
            type=scored.type,
            explains=scored.explains,
            answer=_answer(read, best, paragraph),
            confidence=confidence(signals, weights.confidence, self.calibration),
        )

    def _rank(self, evidence: Sequence[Evidence]) -> list[Evidence]:
        """Order the hits anew by what their sentences add to their scores."""
        ordered = sorted(evidence, key=lambda item: -ranking_total(item, self.weights.ranking))
        return [replace(item, hit=replace(item.hit, rank=rank)) for rank, item in enumerate(ordered, start=1)]


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """A question with its word pieces as the index has them."""

    question: EncodedQuestion
    pieces: Vectors


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A hit with what it names."""

    hit: Hit
    numbers: Numbers
    document: Document
    paragraph: Paragraph

    @property
    def passage(self) -> Passage:
        """The paragraph as a reader takes it."""
        start = self.paragraph.start
        return Passage(
            self.document.text[start : self.paragraph.end],
            tuple((sentence.start - start, sentence.end - start) for sentence in self.paragraph.sentences),
        )


@dataclass(frozen=True, slots=True)
class _Scored:
    """The scores of a hit's sentences by all but a reader; ``type`` and ``explains`` as in `Evidence`."""

    sentences: Sequence[dict[str, float]]
    type: float
    explains: bool


def score_sentences(asked: _Asked, candidate: _Candidate) -> list[dict[str, float]]:
    """Score each sentence of a paragraph by all but a reader; the scores have their names in `SentenceScores`."""
    question, paragraph, numbers = asked.question, candidate.paragraph, candidate.numbers
    language, words = candidate.document.language, candidate.document.text
    analysis = question.analyses[language]
    terms = frozenset(analysis.terms)
    cosines = numbers.sentences @ question.vector
    late = numbers.late.sentence_scores(asked.pieces, analysis.piece_weights, len(paragraph.sentences))
    texts = [words[sentence.start : sentence.end] for sentence in paragraph.sentences]
    return [
        {
            "coverage": _share(analysis.terms, distinct_terms(text, language)),
            "cosine": float(cosine),
            "late": piece_score,
            "type": question.expectation.holds(text, terms, language),
        }
        for text, cosine, piece_score in zip(texts, cosines, late, strict=True)
    ]


def _total(weights: SentenceWeights, **scores: float) -> SentenceScores:
    return SentenceScores(**scores, total=_weighted(weights, scores))


def _weighted(weights: SentenceWeights, scores: dict[str, float]) -> float:
    return float(sum(getattr(weights, name) * score for name, score in scores.items()))


def ranking_total(evidence: Evidence, weights: RankingWeights) -> float:
    """Give what a hit is ordered by in the end: its score, what kind of thing it holds, and what a reader says."""
    vote = vote_of(sentence.reader for sentence in evidence.sentences)
    kind = weights.type * evidence.type + weights.meaning * evidence.explains
    return evidence.hit.scores.total + kind + weights.reader * vote


def vote_of(scores: Iterable[float]) -> float:
    """Give what a reader says for a paragraph by its scores of the sentences."""
    return max(SEES_NONE, *scores)


def signals_of(best: SentenceScores, *, known: float, lead: float) -> Signals:
    """Collect what speaks for a paragraph from its best sentence and from what is around it."""
    return Signals(best.coverage, best.cosine, best.late, best.type, known, lead, best.reader)


def known_share(analysis: Analysis, index: Index) -> float:
    """Give the share of a question's weight whose words occur anywhere in the documents."""
    return _share(analysis.terms, index.lexical.held(analysis.terms))


def _share(weights: dict[str, float], held: AbstractSet[str]) -> float:
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in held) / total if total else 0.0


def _lead(hit: Hit, hits: Sequence[Hit]) -> float:
    rivals = [other.scores.total for other in hits if other.rank != hit.rank][:RIVALS]
    return hit.scores.total - float(np.mean(rivals)) if rivals else 0.0


def _answer(reading: Reading, best: int, paragraph: Paragraph) -> Sentence | None:
    """Give the words that the reader marks in the best sentence, where it holds them for an answer."""
    span = reading.spans[best] if reading.spans else None
    if span is None or reading.sentences[best] <= 0:
        return None
    return Sentence(paragraph.start + span[0], paragraph.start + span[1])
