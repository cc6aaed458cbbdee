"""What kind of thing a question asks for."""

import pytest

from qa_bot.answer_type import AnswerType, expected_type, without_kind


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("When was it built?", AnswerType.DATE),
        ("Which year was it?", AnswerType.DATE),
        ("How many came?", AnswerType.NUMBER),
        ("Who came?", AnswerType.NAME),
        ("Who is Leon?", AnswerType.NAME),
        ("What is the capital of Libya?", AnswerType.ANY),
        ("Why?", AnswerType.ANY),
    ],
)
def test_the_kind_that_is_asked_for(question: str, expected: AnswerType) -> None:
    """It is told by the question words."""
    assert expected_type(question) is expected


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("Which country backs Haftar?", "Which backs Haftar?"),
        ("In what year, and in which city?", "In what, and in which?"),
        ("How many people came to which party?", "How many came to which?"),
        ("Which party won the party?", "Which won the party?"),
        ("Which countrymen voted?", "Which countrymen voted?"),
        ("What did the country do?", "What did the country do?"),
    ],
)
def test_the_word_for_the_kind_is_left_out(question: str, rest: str) -> None:
    """Only where it stands behind its question word."""
    assert without_kind(question) == rest
