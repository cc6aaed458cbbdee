"""Question → hits: dense and lexical scores, summed; late interaction orders the best of them."""

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa_bot.answer_type import Expectation, without_kind
from qa_bot.asked_role import asked_role
from qa_bot.encoder.vectors import Encoder, TokenVectors, Vectors
from qa_bot.index.late import project, words_at
from qa_bot.index.searching import Index, Vocabulary
from qa_bot.records import Hit, Paragraph, Role, Scores
from qa_bot.spelling import correct
from qa_bot.terms import terms_of
from qa_bot.weights import RankingWeights
from qa_bot.wording import is_small_talk

# So many are taken from each search; of their union every score is then computed exactly.
CANDIDATES = 200
SENTENCES_PER_CANDIDATE = 4
# Late interaction is computed for the best of the first ranking only; more gain nothing on SQuAD.
RERANKED = 10

DECIMALS = 6


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """A question's words as one language has them.

    ``terms`` gives each term its idf; in ``piece_weights`` each word piece is as heavy as its word is rare, and stop words
    weigh nothing.
    """

    terms: dict[str, float]
    piece_weights: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class EncodedQuestion:
    """A question as the searches need it.

    ``pieces`` are the vectors of its word pieces, shape ``(n, dimension)``. ``analyses`` has one for each language that the
    documents are in: a paragraph is always compared with the analysis in its own. ``expectation`` says what kind of thing
    is asked for, ``role`` which part of a document, if it asks about the document itself; ``readable``, whether a reader can
    make anything of it: not of gibberish, which nobody knows a word of, nor of small talk.
    """

    text: str
    vector: NDArray[np.float32]
    pieces: Vectors
    analyses: dict[str, Analysis]
    expectation: Expectation
    role: Role | None
    readable: bool


def encode_question(text: str, encoder: Encoder, lexical: Vocabulary) -> EncodedQuestion:
    """Encode one question; see `encode_questions`."""
    [encoded] = encode_questions([text], encoder, lexical)
    return encoded


def encode_questions(texts: Sequence[str], encoder: Encoder, lexical: Vocabulary) -> list[EncodedQuestion]:
    """Encode questions, their misspelt words corrected, and weigh their words by how rare they are in the index."""
    corrected = [correct(text, encoder, lexical) for text in texts]
    encoded = encoder.encode_questions([question.text for question in corrected])
    return [
        EncodedQuestion(
            text,
            vector,
            tokens.vectors,
            {language: _analyse(text, tokens, lexical, language) for language in lexical.known_languages},
            Expectation.of(text),
            asked_role(text),
            not (gibberish or is_small_talk(text)),
        )
        for (text, gibberish), (vector, tokens) in zip(corrected, encoded, strict=True)
    ]


def _analyse(text: str, tokens: TokenVectors, lexical: Vocabulary, language: str) -> Analysis:
    weights = lexical.weigh(terms_of(without_kind(text), language) or terms_of(text, language))
    words = words_at(text, tokens.starts, language)
    heaviest = [max((weights.get(term, 0.0) for term in word.terms), default=0.0) if word else 0.0 for word in words]
    return Analysis(weights, np.array(heaviest))


def retrieve(question: EncodedQuestion, index: Index, weights: RankingWeights, *, limit: int) -> list[Hit]:
    """Find the paragraphs that fit a question best, best first.

    A hit's score is a weighted sum: cosines and the normalised BM25 need no scaling first (min-max scaling of each
    question's scores ranks no better, and would leave nothing that can be compared between questions). Equal scores keep
    the order of the documents.
    """
    terms = {language: analysis.terms for language, analysis in question.analyses.items()}
    found = index.search(question.vector, terms, paragraphs=CANDIDATES, sentences=CANDIDATES * SENTENCES_PER_CANDIDATE)
    if not len(found.ids):
        return []
    # The last digits depend on where a vector lies in memory: rounded, the same words score the same everywhere.
    paragraph, sentence, words = (scores.round(DECIMALS) for scores in (found.paragraph, found.sentence, found.lexical))
    total = weights.paragraph * paragraph + weights.sentence * sentence + weights.lexical * words
    if question.role is not None:
        total = _favour_role(question.role, index, found.ids, total, weights.late)
    order = np.argsort(-total, kind="stable")[: max(limit, RERANKED)]
    near = order[:RERANKED]
    late = np.zeros(len(total))
    late[near] = _late(question, index, found.ids[near])
    behind = functools.partial(_behind_what_it_names, question, index.store.located(found.ids[near].tolist()))
    total[near] = behind(behind(total[near]) + weights.late * late[near])
    best = sorted(near.tolist(), key=lambda row: -total[row])
    return [
        Hit(
            int(found.ids[row]),
            rank,
            Scores(
                paragraph=float(paragraph[row]),
                sentence=float(sentence[row]),
                lexical=float(words[row]),
                late=float(late[row]),
                total=float(total[row]),
            ),
        )
        for rank, row in enumerate([*best, *order[RERANKED:].tolist()][:limit], start=1)
    ]


def _late(question: EncodedQuestion, index: Index, ids: NDArray[np.int64]) -> list[float]:
    """Score paragraphs by late interaction."""
    pieces = project(index.projection, question.pieces)
    return [
        round(numbers.late.score(pieces, question.analyses[numbers.language].piece_weights), DECIMALS)
        for numbers in index.numbers(ids.tolist())
    ]


def _behind_what_it_names(
    question: EncodedQuestion, found: Sequence[tuple[str, Paragraph]], totals: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Put titles behind the best other paragraph of their document, unless the question is about it.

    It holds what its whole document is about, and so the words of most questions, and says little of it. Where it does
    answer, the reader still brings it to the front.
    """
    if question.role is Role.TITLE:
        return totals
    best: dict[str, float] = {}
    for (name, paragraph), total in zip(found, totals.tolist(), strict=True):
        if paragraph.role is not Role.TITLE:
            best[name] = max(best.get(name, -math.inf), total)
    return np.array(
        [
            min(total, best.get(name, math.inf) - 10**-DECIMALS) if paragraph.role is Role.TITLE else total
            for (name, paragraph), total in zip(found, totals.tolist(), strict=True)
        ]
    )


def _favour_role(
    role: Role, index: Index, ids: NDArray[np.int64], totals: NDArray[np.float64], late: float
) -> NDArray[np.float64]:
    """Lift the paragraphs of a role above all others of their documents; ``late`` is what late interaction can still add.

    Each is worth what its document is: so of all bylines the one of the document that fits the question best comes first.
    """
    found = index.store.located(ids.tolist())
    best: dict[str, float] = {}
    for (name, _), total in zip(found, totals.tolist(), strict=True):
        best[name] = max(best.get(name, 0.0), total + late)
    favoured = [
        best[name] + max(total, 0.0) if paragraph.role is role else total
        for (name, paragraph), total in zip(found, totals.tolist(), strict=True)
    ]
    return np.array(favoured)
