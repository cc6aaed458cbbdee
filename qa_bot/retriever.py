"""Question → hits: dense and lexical scores, summed; late interaction orders the best of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa_bot.encoder import Encoder, TokenVectors, Vectors
from qa_bot.index.generation import Generation
from qa_bot.index.late import words_at
from qa_bot.index.lexical import LexicalIndex
from qa_bot.records import Hit, Scores
from qa_bot.terms import terms_of
from qa_bot.weights import RankingWeights

# So many are taken from each search; of their union every score is then computed exactly.
CANDIDATES = 200
SENTENCES_PER_CANDIDATE = 4
# Late interaction is computed for the best of the first ranking only; more gain nothing on SQuAD.
RERANKED = 10

DECIMALS = 6


@dataclass(frozen=True, slots=True, eq=False)
class EncodedQuestion:
    """A question as the searches need it.

    ``terms`` gives each term its idf. ``pieces`` are the vectors of its word pieces, shape ``(n, dimension)``, each as
    heavy in ``piece_weights`` as its word is rare; stop words weigh nothing.
    """

    text: str
    vector: NDArray[np.float32]
    terms: dict[str, float]
    pieces: Vectors
    piece_weights: NDArray[np.float64]


def encode_question(text: str, encoder: Encoder, lexical: LexicalIndex) -> EncodedQuestion:
    """Encode a question and weigh its words by how rare they are in the index."""
    vector, tokens = encoder.encode_question(text)
    weights = lexical.weigh(terms_of(text))
    return EncodedQuestion(text, vector, weights, tokens.vectors, _piece_weights(text, tokens, weights))


def _piece_weights(text: str, tokens: TokenVectors, weights: dict[str, float]) -> NDArray[np.float64]:
    words = words_at(text, tokens.starts)
    return np.array([weights.get(word.term, 0.0) if word else 0.0 for word in words])


def retrieve(question: EncodedQuestion, index: Generation, weights: RankingWeights, *, limit: int) -> list[Hit]:
    """Find the paragraphs that fit a question best, best first.

    A hit's score is a weighted sum: cosines and the normalised BM25 need no scaling first (min-max scaling of each
    question's scores ranks no better, and would leave nothing that can be compared between questions). Equal scores keep
    the order of the documents.
    """
    lexical = index.lexical.scores(question.terms)
    candidates = _candidates(question, index, lexical)
    if not len(candidates):
        return []
    # The last digits depend on where a vector lies in memory: rounded, the same words score the same everywhere.
    paragraph = index.windows.best(question.vector, candidates).round(DECIMALS)
    sentence = index.sentences.best(question.vector, candidates).round(DECIMALS)
    words = lexical[candidates].round(DECIMALS)
    total = weights.paragraph * paragraph + weights.sentence * sentence + weights.lexical * words
    order = np.argsort(-total, kind="stable")[: max(limit, RERANKED)]
    late = np.zeros(len(candidates))
    for row in order[:RERANKED]:
        late[row] = round(index.late.score(question.pieces, question.piece_weights, int(candidates[row])), DECIMALS)
    total = total + weights.late * late
    best = sorted(order[:RERANKED].tolist(), key=lambda row: -total[row])
    return [
        Hit(
            int(candidates[row]),
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


def _candidates(question: EncodedQuestion, index: Generation, lexical: NDArray[np.float64]) -> NDArray[np.int64]:
    """Name the paragraphs that any of the searches finds, ascending."""
    limit = min(CANDIDATES, len(lexical))
    best = np.argpartition(-lexical, limit - 1)[:limit] if limit else np.empty(0, dtype=np.int64)
    return np.unique(
        np.concatenate(
            [
                index.windows.search(question.vector, limit),
                index.sentences.search(question.vector, limit * SENTENCES_PER_CANDIDATE),
                best[lexical[best] > 0],
            ]
        )
    )
