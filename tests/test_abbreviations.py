"""Questions about abbreviations, made of passages that spell them out."""

import random

import pytest

from qa_bot.training.abbreviations import SPELT, UNEXPLAINED, abbreviation_rows
from qa_bot.training.rows import Row


def made(*passages: str) -> list[Row]:
    """Make the rows of passages."""
    return list(abbreviation_rows([Row("any", "?", passage, ()) for passage in passages], random.Random(1)))


@pytest.mark.parametrize(
    ("passage", "short", "name"),
    [
        ("It is the National Oil Corporation (NOC) that sells it.", "NOC", "National Oil Corporation"),
        ("Then the UN Support Mission in Libya (UNSMIL) came.", "UNSMIL", None),
        ("The Centers for Disease Control and Prevention (CDC) say so.", "CDC", "Centers for Disease Control and Prevention"),
        ("Old President Lyndon Baines Johnson (LBJ) was tall.", "LBJ", "Lyndon Baines Johnson"),
        ("He lived in Cologne (NRW) for years.", "NRW", None),
    ],
)  # fmt: skip
def test_the_name_begins_with_the_letters(passage: str, short: str, name: str | None) -> None:
    """The answer is the name from the word on that the abbreviation begins with, if its letters are the name's initials."""
    rows = [row for row in made(passage) if row.source == SPELT]

    assert [(row.passage[slice(*row.answers[0])], short in row.question) for row in rows] == (
        [] if name is None else [(name, True)]
    )


def test_a_passage_that_only_uses_one_does_not_answer() -> None:
    """There are as many of these as of the others, and none of a passage that may spell one out."""
    rows = made(
        "The World Food Programme (WFP) helped.", "The WFP sent rice.", "WFP and FAO (FAO) met.", "The FAO sent seed."
    )

    assert sorted(row.source for row in rows) == [SPELT, UNEXPLAINED]
    [unexplained] = [row for row in rows if row.source == UNEXPLAINED]
    assert unexplained.answers == ()
    assert unexplained.passage in {"The WFP sent rice.", "The FAO sent seed."}
    assert not unexplained.question.startswith("What is W")
