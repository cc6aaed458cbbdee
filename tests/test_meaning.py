"""Questions for what a name means, and sentences that say so."""

import time

import pytest

from qa_bot.meaning import asked_name, explains


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("What is UNSMIL?", "UNSMIL"),
        ("what's the Libya Dawn", "Libya Dawn"),
        ("Who is Bernardino Leon?", "Bernardino Leon"),
        ("What does ISIL stand for?", "ISIL"),
        ("What does the abbreviation UNSMIL mean?", "UNSMIL"),
        ("What is the full name of UNSMIL?", "UNSMIL"),
        ("What is meant by the term entropy?", "entropy"),
        ("What is NATO short for?", "NATO"),
        ("meaning of UNSMIL", "UNSMIL"),
        ("unsmil full name", "unsmil"),
        ("Please tell me what UNSMIL is", "UNSMIL"),
        ("Hello, do you know what NATO means, please?", "NATO"),
        ("I would like to know what the abbreviation ISIL stands for", "ISIL"),
        ("What is the capital of France?", None),
        ("Who is he?", None),
        ("What is in it?", None),
        ("When was UNSMIL founded?", None),
        ("UNSMIL", None),
    ],
)
def test_the_name_that_is_asked_for(question: str, name: str | None) -> None:
    """A question for a fact about something asks for no meaning."""
    assert asked_name(question) == name


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("The UN Support Mission in Libya (UNSMIL) condemned it.", "unsmil"),
        ("UNSMIL (the United Nations Support Mission in Libya) condemned it.", "UNSMIL"),
        ("UNSMIL is a mission.", "UNSMIL"),
        ("UNSMIL, the mission, left.", "UNSMIL"),
        ("He rejects the Tripoli-based militia, Libya Dawn, whom he calls terrorists.", "Libya Dawn"),
        ("Here UNSMIL stands for a mission.", "UNSMIL"),
        ("A militia known as “Libya  Dawn” came.", "Libya Dawn"),
    ],
)
def test_what_explains_a_name(sentence: str, name: str) -> None:
    """It is spelt out, or called something, in any case of letters."""
    assert explains(" ".join(sentence.split()), name)


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("UNSMIL called for talks.", "UNSMIL"),
        ("The talks (UNSMIL) began.", "UNSMIL"),
        ("In UNSMILE, a film, nobody laughs.", "UNSMIL"),
        ("The Support Mission in Libya (SML) left.", "UNSMIL"),
        ("UNSMIL.", "U.SMIL"),
    ],
)
def test_what_does_not(sentence: str, name: str) -> None:
    """To name something is not to explain it, and a name is no pattern."""
    assert not explains(sentence, name)


def test_no_sentence_takes_long() -> None:
    """However many capitals it has."""
    started = time.perf_counter()
    assert not explains("The Aa Of Bb " * 20_000 + "UNSMIL", "UNSMIL")
    assert time.perf_counter() - started < 1
