"""Questions that lean on what came before, and the ways they may be meant."""

import pytest

from qa_bot.channels.telegram.followups import Earlier, leans, meanings, points

TAKEN = Earlier("When did the army take the city?", "The army took the city on 3 May.")
ON = "the army take the city"
SAID = "The army took the city on 3 May"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("And when?", True),
        ("why?", True),
        ("WHO?", True),
        ("Who said that?", True),
        ("What about Benghazi?", True),
        ("how about the port", True),
        ("And what about Tripoli?", True),
        ("But where is the port?", True),
        ("Where is he now?", True),
        ("Did they win?", True),
        ("Is it true?", True),
        ("Other cells?", True),
        ("And Benghazi?", True),
        ("ok", True),
        ("???", True),
        ("How long?", True),
        ("In which city?", True),
        ("What is NATO?", False),
        ("", True),
        ("What is a cell?", False),
        ("Who leads the army?", False),
        ("Thanks", False),
        ("Was ist das?", False),
        ("И когда?", False),
        ("Andorra is where?", False),
        ("Sodium is what?", False),
        ("button or switch?", False),
        ("And who leads the army of the east in Tripoli?", False),
        ("What colour is the sky over Benghazi in spring that year?", False),
    ],
)
def test_a_question_leans_on_what_came_before(question: str, expected: bool) -> None:  # noqa: FBT001 - a table
    """If it joins on or points back, and names little of its own; a word that merely begins like "and" does not join."""
    assert leans(question) is expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("And where?", [f"where {ON}?"]),
        ("and, why ?!", [f"why {ON}?"]),
        ("WHO?", [f"WHO {ON}?"]),
        ("Who said that?", [f"Who said that {ON}?", f"Who said that: {SAID}?"]),
        ("Also, is it true?", [f"is it true {ON}?", f"is it true: {SAID}?"]),
        ("What about Benghazi?", ["When did the army take the city Benghazi?"]),
        ("And how about the old port?", ["When did the army take the city the old port?"]),
        ("what about Tripoli …", ["When did the army take the city Tripoli?"]),
        ("And Benghazi?", [f"Benghazi {ON}?", "Benghazi?"]),
        ("So what is a cell?", [f"what is a cell {ON}?", "what is a cell?"]),
        ("Who leads the army?", [f"Who leads the army {ON}?", "Who leads the army?"]),
        (
            "and how many people were killed there?",
            [
                f"how many people were killed there {ON}?",
                f"how many people were killed there: {SAID}?",
                "how many people were killed there?",
            ],
        ),
    ],
)
def test_it_may_be_meant_in_several_ways(question: str, expected: list[str]) -> None:
    """Each can be asked by itself."""
    assert meanings(question, TAKEN) == expected


@pytest.mark.parametrize(
    ("earlier", "expected"),
    [
        (Earlier("Who leads the army?", ""), ["who said that leads the army?"]),
        (
            Earlier("In which city does he live?", "Tripoli."),
            ["who said that city does he live?", "who said that: Tripoli?"],
        ),
        (Earlier("How many people came", "Nine."), ["who said that people came?", "who said that: Nine?"]),
        (Earlier("Haftar?", ""), ["who said that Haftar?"]),
        (Earlier("Why?", ""), ["who said that Why?"]),
    ],
)
def test_the_earlier_question_goes_on_without_its_question_word(earlier: Earlier, expected: list[str]) -> None:
    """If there is more of it; without an answer a pronoun points at nothing else."""
    assert meanings("and who said that?", earlier) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", True),
        ("🙏", True),
        ("Can you answer this, please?", True),
        ("ANY IDEA?", True),
        ("What about that?", True),
        ("what's that?", False),
        ("and when?", False),
        ("Who knows?", False),
        ("Can you answer Bob?", False),
        ("Что скажешь?", False),
    ],
)
def test_a_text_may_only_point_at_a_question(text: str, expected: bool) -> None:  # noqa: FBT001 - a table
    """If it has nothing of its own to ask."""
    assert points(text) is expected
