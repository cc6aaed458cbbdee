"""Questions in other chats, by the bot's name."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from telegram_conversation import Talk, pieces, results
from telegram_emulator import faults
from telegram_emulator.people import Person
from telegram_emulator.state import Asked
from telegram_library import DOCUMENTS

BUILDER = "Who built the lighthouse of Korrin?"
UNKNOWN = "What is the capital of Mongolia?"


def ask(talk: Talk, person: Person, *queries: str) -> list[Asked]:
    """Let somebody type, and wait until the bot has dealt with it."""
    asked = [person.asks_inline(query) for query in queries]
    talk.settle()
    return asked


def answer_of(asked: Asked) -> Any:
    """Give what the bot answered."""
    assert asked.answer is not None
    return asked.answer


def test_a_question_has_several_excerpts_as_results(talk: Talk) -> None:
    """The best first; each shows its document and the sentence that answers."""
    [asked] = ask(talk, talk.person(), BUILDER)

    first, *others = results(asked)
    assert first["title"] == "The lighthouse of Korrin"
    assert first["description"] == "The lighthouse of Korrin was built in 1871 by the engineer Marta Hale."
    assert len(others) == 4
    assert len({result["id"] for result in results(asked)}) == 5


def test_results_are_personal_and_kept_for_a_minute(talk: Talk) -> None:
    """Somebody else may not be allowed to ask."""
    [asked] = ask(talk, talk.person(), BUILDER)

    assert (answer_of(asked)["is_personal"], answer_of(asked)["cache_time"]) == (True, 60)


def test_a_result_that_is_chosen_holds_the_excerpt_word_for_word(talk: Talk) -> None:
    """Quoted and cited as an answer is, under the name of whoever chose it."""
    ann = talk.person()
    group = talk.group(ann)
    [asked] = ask(talk, ann, BUILDER)

    for result in results(asked):
        sent = ann.chooses_inline_result(asked, result["id"], chat=group)
        [quotation] = pieces(sent, "expandable_blockquote")
        cited = sent["text"].rpartition(" · ")[2]
        assert quotation in DOCUMENTS[cited]
        assert sent["from"]["id"] == ann.id


def test_a_chosen_excerpt_is_not_taken_for_a_question(talk: Talk) -> None:
    """Though it reaches the bot, in private as in groups."""
    ann = talk.person()
    [asked] = ask(talk, ann, BUILDER)
    ann.chooses_inline_result(asked, "1")
    talk.settle()

    assert talk.shown(ann) == []


def test_a_long_paragraph_is_cut_to_a_message(talk: Talk) -> None:
    """The part that answers."""
    [asked] = ask(talk, talk.person(), "What does the beekeeper of Korrin sell at the market?")

    shown = results(asked)[0]["shown"]["text"]
    assert "The beekeeper of Korrin sells heather honey at the market on Saturdays." in shown
    assert len(shown) <= 4096


def test_only_the_last_of_quick_questions_is_answered(talk: Talk) -> None:
    """Programs send every keystroke."""
    *typed, last = ask(talk, talk.person(), "Who", "Who built", "Who built the lighthouse", BUILDER)

    assert [asked.answer for asked in typed] == [None, None, None]
    assert results(last)[0]["description"].endswith("Marta Hale.")
    assert len(talk.emulator.calls_of("answerInlineQuery")) == 1


def test_people_type_side_by_side(talk: Talk) -> None:
    """One does not put the other off."""
    ann, bob = talk.person("Ann"), talk.person("Bob")
    asked = [ann.asks_inline(BUILDER), bob.asks_inline(BUILDER)]
    talk.settle()

    assert [len(results(one)) for one in asked] == [5, 5]


def test_questions_one_after_the_other_are_all_answered(talk: Talk) -> None:
    """Whoever pauses gets results."""
    ann = talk.person()

    assert [
        len(results(ask(talk, ann, query)[0])) > 0 for query in (BUILDER, "Who is the headmaster of the school?")
    ] == [True, True]


@pytest.mark.parametrize("query", ["", " ", "Wh", "  ab  "])
def test_what_is_too_short_has_no_results(talk: Talk, query: str) -> None:
    """And nothing is said: more will be typed."""
    [asked] = ask(talk, talk.person(), query)

    assert (results(asked), answer_of(asked)["button"]) == ([], None)


@pytest.mark.parametrize("query", ["???", "🦊🦊🦊"])
def test_what_has_no_words_has_no_results(talk: Talk, query: str) -> None:
    """And is no error."""
    [asked] = ask(talk, talk.person(), query)

    assert results(asked) == []


def test_what_is_not_found_says_so_above_no_results(talk: Talk) -> None:
    """On a button that leads to the bot."""
    [asked] = ask(talk, talk.person(), UNKNOWN)

    assert results(asked) == []
    assert answer_of(asked)["button"] == {"text": "The documents do not answer this.", "start_parameter": "ask"}


def test_whoever_is_not_invited_is_told(start_talk: Callable[..., Talk]) -> None:
    """And the button leads to what to do, not to a wrong code."""
    talk = start_talk(telegram={"access": "listed", "invitation_code": "sesame"})
    ann = talk.person()
    [asked] = ask(talk, ann, BUILDER)

    assert results(asked) == []
    assert answer_of(asked)["button"] == {"text": "Ask for an invitation", "start_parameter": "ask"}
    [reply] = talk.says(ann, f"/start {answer_of(asked)['button']['start_parameter']}")
    assert reply["text"] == "I answer people who have been invited. If you have a code, write /start and the code."


def test_too_many_questions_have_no_results_for_a_while(start_talk: Callable[..., Talk]) -> None:
    """The button says how long; nothing of that is kept, and others, or what is no question, are not concerned."""
    talk = start_talk(telegram={"questions_per_minute": 2})
    ann = talk.person("Ann")
    for query in (BUILDER, "Wh", "Who is the headmaster of the school?"):
        ask(talk, ann, query)
    talk.bot.service.access.person_rate._buckets[str(ann.id)] = (0.5, time.monotonic())

    [asked] = ask(talk, ann, "When was the village school founded?")
    [others] = ask(talk, talk.person("Bob"), BUILDER)

    said = {"text": "You ask faster than I may answer. Please wait 15 seconds.", "start_parameter": "ask"}
    assert (results(asked), answer_of(asked)["button"]) == ([], said)
    assert (answer_of(asked)["is_personal"], answer_of(asked)["cache_time"]) == (True, 0)
    assert len(results(others)) == 5


def test_questions_in_chats_and_inline_are_counted_together(start_talk: Callable[..., Talk]) -> None:
    """They are the same person's."""
    talk = start_talk(telegram={"questions_per_minute": 2})
    ann = talk.person()
    talk.says(ann, BUILDER)

    assert [len(results(ask(talk, ann, BUILDER)[0])) for _ in range(2)] == [5, 0]


def test_a_question_that_was_waited_for_too_long_is_no_error(talk: Talk) -> None:
    """Whoever asked has typed on."""
    ann = talk.person()
    talk.emulator.faults.plan(
        "answerInlineQuery", faults.error(400, "query is too old and response timeout expired or query ID is invalid")
    )

    [asked] = ask(talk, ann, BUILDER)

    assert asked.answer is None
    assert talk.bot.service.metrics.errors._value.get() == 0


def test_inline_questions_are_not_kept(talk: Talk) -> None:
    """They are typed in other chats, letter by letter."""
    ask(talk, talk.person(), BUILDER, UNKNOWN)
    ask(talk, talk.person("Bob"), UNKNOWN)

    assert talk.database.all("SELECT question FROM answers") == []
    assert talk.database.all("SELECT question FROM gaps") == []
