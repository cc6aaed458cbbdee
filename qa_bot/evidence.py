"""Hits → scored sentences: which sentence of a paragraph answers, and how sure that is."""

from collections.abc import Sequence

import numpy as np

from qa_bot.answer_type import AnswerType, expected_type, holds
from qa_bot.calibration import confidence
from qa_bot.index.generation import Generation
from qa_bot.records import Document, Evidence, Hit, Paragraph, SentenceScores
from qa_bot.retriever import Analysis, EncodedQuestion
from qa_bot.terms import terms_of

# Weights of a logistic model of "this sentence answers", fitted on SQuAD 2.0, CLAPNQ and SelQA. Coverage alone picks the
# right sentence of a right SQuAD paragraph in .916 of the cases, the cosine alone in .851; the sum does best on the other
# two sets, and the type helps most where a date or a number is asked for.
COVERAGE_WEIGHT = 4.6
COSINE_WEIGHT = 3.1
LATE_WEIGHT = 2.9
TYPE_WEIGHT = 2.0

# A hit's lead is measured against so many others.
RIVALS = 4


def weigh(question: EncodedQuestion, hits: Sequence[Hit], index: Generation) -> list[Evidence]:
    """Score the sentences of each hit, and say how sure it is that each of them answers."""
    return [_weigh_hit(question, hit, hits, index) for hit in hits]


def _weigh_hit(question: EncodedQuestion, hit: Hit, hits: Sequence[Hit], index: Generation) -> Evidence:
    name, paragraph = index.store.paragraph(hit.paragraph)
    document = index.store.document(name)
    sentences = score_sentences(question, hit, document, paragraph, index)
    best = max(sentences, key=lambda scores: scores.total)
    probability = confidence(
        best, known=known_share(question.analyses[document.language], index), lead=_lead(hit, hits)
    )
    return Evidence(hit, document, paragraph, sentences, probability)


def score_sentences(
    question: EncodedQuestion, hit: Hit, document: Document, paragraph: Paragraph, index: Generation
) -> tuple[SentenceScores, ...]:
    """Score each sentence of a paragraph."""
    answer_type = expected_type(question.text)
    analysis = question.analyses[document.language]
    cosines = index.sentences.vectors[hit.paragraph] @ question.vector
    late = index.late.sentence_scores(question.pieces, analysis.piece_weights, hit.paragraph, len(paragraph.sentences))
    return tuple(
        _score(
            analysis,
            answer_type,
            document.text[sentence.start : sentence.end],
            document.language,
            cosine=float(cosine),
            late=piece_score,
        )
        for sentence, cosine, piece_score in zip(paragraph.sentences, cosines, late, strict=True)
    )


def _score(
    analysis: Analysis, answer_type: AnswerType, sentence: str, language: str, *, cosine: float, late: float
) -> SentenceScores:
    coverage = _share(analysis.terms, set(terms_of(sentence, language)))
    type_score = holds(answer_type, sentence, frozenset(analysis.terms), language)
    total = COVERAGE_WEIGHT * coverage + COSINE_WEIGHT * cosine + LATE_WEIGHT * late + TYPE_WEIGHT * type_score
    return SentenceScores(coverage=coverage, cosine=cosine, late=late, type=type_score, total=total)


def known_share(analysis: Analysis, index: Generation) -> float:
    """Give the share of a question's weight whose words occur anywhere in the documents."""
    return _share(analysis.terms, {term for term in analysis.terms if index.lexical.holds(term)})


def _share(weights: dict[str, float], held: set[str]) -> float:
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in held) / total if total else 0.0


def _lead(hit: Hit, hits: Sequence[Hit]) -> float:
    rivals = [other.scores.total for other in hits if other.rank != hit.rank][:RIVALS]
    return hit.scores.total - float(np.mean(rivals)) if rivals else 0.0
