"""Questions that are edited after they were asked."""

from collections.abc import Callable

import pytest
from telegram_conversation import Talk, buttons, pieces, texts
from telegram_emulator.parameters import Json
from telegram_emulator.people import Person

BUILDER = "Who built the lighthouse of Korrin?"
HEADMASTER = "Who is the headmaster of the school?"
HIVES = "What does the beekeeper of Korrin sell at the market?"
UNKNOWN = "What is the capital of Mongolia?"


def shown_after(talk: Talk, ann: Person, first: str, second: str) -> tuple[list[Json], list[Json]]:
    """Let somebody ask, and edit the question; gives what was shown before and after."""
    before = talk.says(ann, first)
    talk.edits(ann, second)
    return before, talk.shown(ann)


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (HEADMASTER, BUILDER, "The lighthouse of Korrin was built in 1871"),
        (UNKNOWN, BUILDER, "The lighthouse of Korrin was built in 1871"),
        (BUILDER, UNKNOWN, "The documents do not answer this."),
        (f"/ask {HEADMASTER}", f"/ask {BUILDER}", "The lighthouse of Korrin was built in 1871"),
        (f"/ask {HEADMASTER}", BUILDER, "The lighthouse of Korrin was built in 1871"),
    ],
)
def test_the_answer_is_edited_in_place(talk: Talk, first: str, second: str, words: str) -> None:
    """No second one comes, and its buttons are the new answer's."""
    ann = talk.person()
    [before], [after] = shown_after(talk, ann, first, second)

    assert after["message_id"] == before["message_id"]
    assert after["text"].startswith(words)
    assert talk.presses(ann, after, next(label for label in buttons(after) if label[:2] in {"Co", "≈ "})) == ""


def test_an_answer_that_needs_fewer_messages_loses_the_rest(talk: Talk) -> None:
    """They are deleted."""
    ann = talk.person()
    before, [after] = shown_after(talk, ann, HIVES, BUILDER)

    assert len(before) == 3
    assert after["message_id"] == before[0]["message_id"]
    assert "👍" in buttons(after)


def test_an_answer_that_needs_more_messages_gets_them(talk: Talk) -> None:
    """The buttons move to the last one."""
    ann = talk.person()
    [before], after = shown_after(talk, ann, BUILDER, HIVES)

    assert len(after) == 3
    assert after[0]["message_id"] == before["message_id"]
    assert [bool(buttons(message)) for message in after] == [False, False, True]


def test_an_answer_may_be_edited_again_and_again(talk: Talk) -> None:
    """Forth and back."""
    ann = talk.person()
    [before] = talk.says(ann, BUILDER)
    for question in (HIVES, HEADMASTER, HIVES, BUILDER):
        talk.edits(ann, question)

    [after] = talk.shown(ann)
    assert (after["message_id"], after["text"]) == (before["message_id"], before["text"])


def test_an_edit_without_change_changes_nothing(talk: Talk) -> None:
    """Telegram tells of edits also where only something around the text has changed; they do not count as questions."""
    ann = talk.person()
    talk.says(ann, BUILDER)
    calls = len(talk.emulator.calls)
    for _ in range(15):
        talk.edits(ann, BUILDER)

    assert len(talk.emulator.calls) == calls
    assert len(talk.says(ann, HEADMASTER)[0]["entities"]) > 0


@pytest.mark.parametrize("text", ["???", "🦊", "When? " * 400], ids=["marks", "emoji", "long"])
def test_an_edit_into_nonsense_says_so_in_place(talk: Talk, text: str) -> None:
    """The old answer would stand below a question that it does not answer."""
    ann = talk.person()
    before, [after] = shown_after(talk, ann, HIVES, text)

    assert after["message_id"] == before[0]["message_id"]
    assert after["text"].startswith("The question has ")
    assert buttons(after) == []


def test_nonsense_can_be_edited_back(talk: Talk) -> None:
    """Into a question, whose answer takes the same place."""
    ann = talk.person()
    [before] = talk.says(ann, BUILDER)
    talk.edits(ann, "???")
    talk.edits(ann, HEADMASTER)

    [after] = talk.shown(ann)
    assert after["message_id"] == before["message_id"]
    assert after["text"].startswith("The headmaster of the school is Oskar Lind.")


def test_the_old_answer_can_be_had_by_editing_back(talk: Talk) -> None:
    """Though the last thing that was asked there was nonsense."""
    ann = talk.person()
    [before] = talk.says(ann, BUILDER)
    talk.edits(ann, "???")
    talk.edits(ann, BUILDER)

    assert texts(talk.shown(ann)) == [before["text"]]


def test_an_edited_message_that_was_never_answered_is_answered_now(talk: Talk) -> None:
    """In private, where every message is for the bot."""
    ann = talk.person()
    talk.says(ann, "/help")
    talk.edits(ann, BUILDER)

    assert texts(talk.shown(ann))[-1].startswith("The lighthouse of Korrin was built in 1871")


def test_nonsense_that_becomes_a_question_is_answered(talk: Talk) -> None:
    """It had no answer before, but a reply."""
    ann = talk.person()
    talk.says(ann, "???")
    talk.edits(ann, BUILDER)

    assert texts(talk.shown(ann))[-1].startswith("The lighthouse of Korrin was built in 1871")


@pytest.mark.parametrize("text", ["/help", "/sources ferry", "/why", "/forget"])
def test_an_edit_into_a_command_is_no_question(talk: Talk, text: str) -> None:
    """And no command either: what was asked stays answered."""
    ann = talk.person()
    [before], [after] = shown_after(talk, ann, BUILDER, text)

    assert after["text"] == before["text"]


def test_an_edit_in_a_group_edits_the_answer(talk: Talk) -> None:
    """Of /ask as of a mention."""
    ann = talk.person()
    group = talk.group(ann)
    for text in ("/ask {}", "@qa_test_bot {}", "/ask@qa_test_bot {}"):
        [before] = talk.says(ann, text.format(HEADMASTER), chat=group)
        talk.edits(ann, text.format(BUILDER), group)
        assert talk.now(before)["text"].startswith("The lighthouse of Korrin was built in 1871")
    assert len(talk.shown(group)) == 3


@pytest.mark.parametrize("second", [BUILDER, f"@other_bot {BUILDER}"])
def test_an_edit_of_what_was_not_for_the_bot_is_not_answered(talk: Talk, second: str) -> None:
    """People correct themselves without the bot."""
    ann = talk.person()
    group = talk.group(ann)
    talk.says(ann, HEADMASTER, chat=group)
    talk.edits(ann, second, group)

    assert talk.shown(group) == []


def test_an_edit_stays_in_its_topic(talk: Talk) -> None:
    """Also with what it needs in addition."""
    ann = talk.person()
    forum = talk.group(ann, forum=True)
    topic = ann.opens_topic(forum, "History")
    talk.says(ann, f"/ask {BUILDER}", chat=forum, thread=topic)
    talk.edits(ann, f"/ask {HIVES}", forum)

    assert [message["message_thread_id"] for message in talk.shown(forum)] == [topic] * 3


def test_a_quiet_group_stays_quiet_when_a_question_is_edited(talk: Talk) -> None:
    """A shrug for what is not found, and the answer when there is one."""
    ann = talk.person()
    group = talk.group(ann)
    [settings] = talk.says(ann, "/settings", chat=group)
    talk.presses(ann, settings, "quiet in groups")
    talk.says(ann, f"/ask {UNKNOWN}", chat=group)
    talk.edits(ann, "/ask What is the currency of Mongolia?", group)
    assert len(talk.shown(group)) == 1

    talk.edits(ann, f"/ask {BUILDER}", group)

    assert texts(talk.shown(group))[1].startswith("The lighthouse of Korrin was built in 1871")
    assert list(talk.emulator.state.reactions.values()) == [[]]


def test_a_leaning_question_still_leans_on_the_one_before_it(talk: Talk) -> None:
    """And not on its own former answer."""
    ann = talk.person()
    talk.says(ann, BUILDER)
    talk.says(ann, HEADMASTER)
    talk.edits(ann, "and when?")

    last = talk.shown(ann)[-1]
    assert last["text"].startswith(f"Asked in view of what came before: “{BUILDER}”")
    assert pieces(last, "underline") == ["1871"]


def test_edits_count_as_questions(start_talk: Callable[..., Talk]) -> None:
    """Whoever edits faster than they may ask keeps the answer as it is."""
    talk = start_talk(telegram={"questions_per_minute": 1})
    ann = talk.person()
    [before], [after] = shown_after(talk, ann, BUILDER, HEADMASTER)

    assert after["text"] == before["text"]
