"""What the packaged reader is told of each word piece: whose it is, and whether its word stands on the other side too.

A small model that reads question and passage together must find out by itself which words they share. Telling it saves
it layers and training (the "exact match" feature of Chen et al. (2017), "Reading Wikipedia to Answer Open-Domain
Questions"); a word of the question that the passage lacks is moreover what betrays a near miss.
"""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qa_bot.languages import ENGLISH
from qa_bot.terms import Word, words_of

if TYPE_CHECKING:
    from tokenizers import Encoding

# The types of word pieces: BERT's own two, and two more for words that stand on both sides.
QUESTION, PASSAGE, PASSAGE_SHARED, QUESTION_SHARED = range(4)
TYPES = 4


class Shared(NamedTuple):
    """Where the shared words are: for each character of question and passage whether it belongs to one."""

    question: NDArray[np.bool_]
    passage: NDArray[np.bool_]


def shared_words(question: str, passage: str) -> Shared:
    """Find the words of question and passage, stop words aside, that have a term in common."""
    asked, told = list(words_of(question, ENGLISH)), list(words_of(passage, ENGLISH))
    common = {term for word in asked for term in word.terms} & {term for word in told for term in word.terms}
    return Shared(_mask(len(question), asked, common), _mask(len(passage), told, common))


def question_types(shared: Shared, starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give the types of the question's pieces, which begin at ``starts``."""
    return np.where(shared.question[starts], QUESTION_SHARED, QUESTION)


def passage_types(shared: Shared, starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give the types of the passage's pieces, which begin at ``starts``."""
    return np.where(shared.passage[starts], PASSAGE_SHARED, PASSAGE)


def marked_types(encoding: "Encoding", shared: Shared) -> NDArray[np.int64]:
    """Give the types of all pieces of a question and a passage; what the model adds keeps its own type."""
    types = np.array(encoding.type_ids, dtype=np.int64)
    starts = np.asarray(encoding.offsets, dtype=np.int64)[:, 0]
    side = sides(encoding)
    types[side == 0] = question_types(shared, starts[side == 0])
    types[side == 1] = passage_types(shared, starts[side == 1])
    return types


def sides(encoding: "Encoding") -> NDArray[np.int64]:
    """Tell of each piece whether it is the question's (0), the passage's (1), or one that the model adds (-1)."""
    return np.array([-1 if side is None else side for side in encoding.sequence_ids])


def _mask(length: int, words: list[Word], common: set[str]) -> NDArray[np.bool_]:
    mask = np.zeros(length + 1, dtype=np.bool_)
    for word in words:
        if not common.isdisjoint(word.terms):
            mask[word.start : word.end] = True
    return mask
