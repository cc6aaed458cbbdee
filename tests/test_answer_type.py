"""What kind of thing a question asks for."""

import pytest

from qa_bot.answer_type import AnswerType, Expectation, expected_type, without_kind
from qa_bot.terms import terms_of


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("When was it built?", AnswerType.DATE),
        ("Which year was it?", AnswerType.DATE),
        ("How many came?", AnswerType.NUMBER),
        ("Who came?", AnswerType.NAME),
        ("What is UNSMIL?", AnswerType.MEANING),
        ("Who is Leon?", AnswerType.NAME),
        ("What was the name of his army?", AnswerType.NAME),
        ("What was the price of oil?", AnswerType.NUMBER),
        ("What is the state of the economy?", AnswerType.ANY),
        ("What is the full name of UNSMIL?", AnswerType.MEANING),
        ("What’s the total number of them?", AnswerType.NUMBER),
        ("What was the exact date of the vote?", AnswerType.DATE),
        ("What is the capital of Libya?", AnswerType.ANY),
        ("Why?", AnswerType.ANY),
    ],
)
def test_the_kind_that_is_asked_for(question: str, expected: AnswerType) -> None:
    """It is told by the question words."""
    assert expected_type(question) is expected


@pytest.mark.parametrize(
    ("question", "sentence", "held"),
    [
        ("When did he come?", "He came in June.", 1.0),
        ("When did he come?", "He came.", 0.0),
        ("How many came?", "Six came.", 1.0),
        ("How many came?", "They came.", 0.0),
        ("Who came?", "Haftar came.", 1.0),
        ("Who is Haftar?", "Haftar came.", 0.0),
        ("What is UNSMIL?", "UNSMIL is a mission.", 1.0),
        ("What is UNSMIL?", "UNSMIL called.", 0.0),
        ("Why?", "Because.", 0.5),
    ],
)
def test_what_a_sentence_holds(question: str, sentence: str, held: float) -> None:
    """A name from the question is no answer to it; where no kind of thing is asked for, any sentence may answer."""
    assert Expectation.of(question).holds(sentence, frozenset(terms_of(question, "en"))) == held


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("Which country backs Haftar?", "Which backs Haftar?"),
        ("In what year, and in which city?", "In what, and in which?"),
        ("How many people came to which party?", "How many came to which?"),
        ("Which party won the party?", "Which won the party?"),
        ("What is the name of the party?", "What is the of the party?"),
        ("Which countrymen voted?", "Which countrymen voted?"),
        ("What did the country do?", "What did the country do?"),
        ("Who signed in the name of the king?", "Who signed in the name of the king?"),
    ],
)
def test_the_word_for_the_kind_is_left_out(question: str, rest: str) -> None:
    """Only where it stands behind its question word."""
    assert without_kind(question) == rest
