import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.reader.marks import (
    PASSAGE,
    PASSAGE_SHARED,
    QUESTION,
    QUESTION_SHARED,
    passage_types,
    question_types,
    shared_words,
)
from qa_bot.terms import terms_of

QUESTION_TEXT = "Who opened the bridges?"
PASSAGE_TEXT = "The bridge was opened by Mary."


def words_marked(text: str, mask: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> str:
    """Give the characters that are marked, and a dot for each other one."""
    return "".join(character if marked else "." for character, marked in zip(text, mask, strict=False))


def test_words_on_both_sides_are_marked_on_both() -> None:
    """Stems count, so other forms of a word are marked; stop words are not."""
    shared = shared_words(QUESTION_TEXT, PASSAGE_TEXT)

    assert words_marked(QUESTION_TEXT, shared.question) == "....opened.....bridges."
    assert words_marked(PASSAGE_TEXT, shared.passage) == "....bridge.....opened........."


def test_types_say_side_and_mark() -> None:
    """Each piece has the type of the word it begins in."""
    shared = shared_words(QUESTION_TEXT, PASSAGE_TEXT)

    assert question_types(shared, np.array([0, 4, 11])).tolist() == [QUESTION, QUESTION_SHARED, QUESTION]
    assert passage_types(shared, np.array([0, 4, 25])).tolist() == [PASSAGE, PASSAGE_SHARED, PASSAGE]


@given(st.text(max_size=60), st.text(max_size=60))
def test_masks_fit_any_text(question: str, passage: str) -> None:
    """Each side has a mark for every character, and something is marked just where terms are in common."""
    shared = shared_words(question, passage)

    assert (len(shared.question), len(shared.passage)) == (len(question) + 1, len(passage) + 1)
    in_common = bool(set(terms_of(question, "en")) & set(terms_of(passage, "en")))
    assert shared.question.any() == shared.passage.any() == in_common
