import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.training.negatives import exchanged, without_the_answer
from qa_bot.training.rows import Row

PASSAGE = "The bridge was opened in 1932 by Mary Stone. It is long. Many people cross it."
ROW = Row("made", "When did Mary Stone open the first bridge?", PASSAGE, ((25, 29),))
OTHER = Row("made", "Who?", "In the end John Ford of Paris came.", ())


def test_the_sentence_with_the_answer_goes() -> None:
    """What is left is about the same thing, and does not answer."""
    assert without_the_answer(ROW) == Row("without_answer", ROW.question, "It is long. Many people cross it.", ())


@pytest.mark.parametrize(
    "passage",
    ["Opened in 1932. A second one.", "Opened in 1932. A second one. That was 1932 too."],
    ids=["one sentence left", "said twice"],
)
def test_no_negative_where_the_answer_may_be_left(passage: str) -> None:
    """If the words stand elsewhere too, or hardly anything is left, nothing is made."""
    assert without_the_answer(Row("made", "When?", passage, ((10, 14),))) is None


def test_one_thing_of_the_question_is_exchanged() -> None:
    """A name for another one, or a word for its opposite; the passage stays, the answer goes."""
    made = {exchanged(ROW, [OTHER], random.Random(seed)) for seed in range(60)}
    questions = {row.question for row in made if row is not None}

    assert {row.passage for row in made if row is not None} == {PASSAGE}
    assert not any(row.answers for row in made if row is not None)
    assert questions == {
        "When did John Ford of Paris open the first bridge?",
        "When did Mary Stone open the last bridge?",
        "When did Mary Stone close the first bridge?",
        "When did not Mary Stone open the first bridge?",
    }


def test_the_end_of_a_number_is_changed() -> None:
    """2015 may become 2028, never a number of the passage."""
    row = Row("made", "what happened 2015?", "2016 was good.", ())
    made = [exchanged(row, [OTHER], random.Random(seed)) for seed in range(900)]
    numbers = {int(row.question.split()[-1].rstrip("?")) for row in made if row is not None}

    assert numbers == {*range(2000, 2100)} - {2015, 2016}


def test_nothing_to_exchange() -> None:
    """Without a name, a number or a word that has an opposite, nothing is made."""
    assert exchanged(Row("made", "why so?", PASSAGE, ()), [OTHER], random.Random(1)) is None


@given(st.text(), st.text(), st.integers())
def test_any_text_is_borne(question: str, passage: str, seed: int) -> None:
    """Whatever is made differs from the question it was made from."""
    row = Row("made", question, passage, ())
    made = exchanged(row, [row], random.Random(seed))
    assert made is None or made.question != question
