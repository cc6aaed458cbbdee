"""Questions that lean on what came before."""

from collections.abc import Callable

import pytest
from telegram_conversation import Talk, pieces

BUILDER = "Who built the lighthouse of Korrin?"
BUILT = "When was the lighthouse of Korrin built?"
HEADMASTER = "Who is the headmaster of the school?"
VIEW = "Asked in view of what came before: “{}”"


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (BUILDER, "and when?", "1871"),
        (BUILT, "And who?", "Marta Hale"),
        (BUILT, "who?", "Marta Hale"),
        ("When was the village school founded?", "by whom?", "Edith Moran"),
        ("Who was the keeper of the lighthouse?", "Where did he live?", "cottage below the tower"),
        ("Who is the headmaster of the school?", "what about the keeper of the lighthouse?", "Jonas Weld"),
    ],
)
def test_what_leans_is_asked_in_view_of_the_question_before(talk: Talk, first: str, second: str, words: str) -> None:
    """The answer says so, so that nobody is misled."""
    ann = talk.person()
    talk.says(ann, first)

    [answer] = talk.says(ann, second)

    assert answer["text"].startswith(VIEW.format(first))
    assert words in " ".join(pieces(answer, "underline"))


@pytest.mark.parametrize(
    "second", [HEADMASTER, "How many steps does the staircase have?", "When was the village school founded?"]
)
def test_what_stands_alone_is_asked_as_it_is(talk: Talk, second: str) -> None:
    """Whatever came before."""
    ann = talk.person()
    talk.says(ann, BUILDER)

    [answer] = talk.says(ann, second)

    assert "Asked in view" not in answer["text"]
    assert talk.database.all("SELECT meant FROM answers ORDER BY id")[-1] == (second,)


def test_follow_ups_go_on_from_follow_ups(talk: Talk) -> None:
    """The subject is not lost on the way."""
    ann = talk.person()
    talk.says(ann, BUILT)
    talk.says(ann, "and who?")

    [answer] = talk.says(ann, "and when?")

    assert "1871" in pieces(answer, "underline")


def test_nothing_leans_on_nothing(talk: Talk) -> None:
    """The first question is asked as it is."""
    [answer] = talk.says(talk.person(), "and when?")

    assert "Asked in view" not in answer["text"]


def test_after_half_an_hour_nobody_remembers_what_was_meant(talk: Talk) -> None:
    """A new conversation begins."""
    ann = talk.person()
    talk.says(ann, BUILDER)
    talk.database.do("UPDATE answers SET made = made - 31 * 60")

    [answer] = talk.says(ann, "and when?")

    assert "Asked in view" not in answer["text"]


def test_within_half_an_hour_it_is_remembered(talk: Talk) -> None:
    """People are slow."""
    ann = talk.person()
    talk.says(ann, BUILDER)
    talk.database.do("UPDATE answers SET made = made - 29 * 60")

    [answer] = talk.says(ann, "and when?")

    assert answer["text"].startswith(VIEW.format(BUILDER))


def test_a_reply_goes_on_from_the_answer_it_replies_to(talk: Talk) -> None:
    """However old it is, and whatever was asked since."""
    ann = talk.person()
    [first] = talk.says(ann, BUILDER)
    talk.database.do("UPDATE answers SET made = made - 86400")
    talk.says(ann, HEADMASTER)

    [answer] = talk.says(ann, "and when?", reply_to=first)

    assert answer["text"].startswith(VIEW.format(BUILDER))


@pytest.mark.parametrize("text", ["/ask and when?", "@qa_test_bot and when?"])
def test_a_command_or_a_mention_in_a_reply_goes_on_from_there_too(talk: Talk, text: str) -> None:
    """Not from what the same person asked since."""
    ann = talk.person()
    group = talk.group(ann)
    [first] = talk.says(ann, f"/ask {BUILDER}", chat=group)
    talk.says(ann, f"/ask {HEADMASTER}", chat=group)

    [answer] = talk.says(ann, text, chat=group, reply_to=first)

    assert answer["text"].startswith(VIEW.format(BUILDER))


def test_a_reply_may_be_a_question_of_its_own(talk: Talk) -> None:
    """Then it is asked as it is, if that is answered better."""
    ann = talk.person()
    [first] = talk.says(ann, BUILDER)

    [answer] = talk.says(ann, "Who is the headmaster of the village school of Korrin?", reply_to=first)

    assert "Oskar Lind" in pieces(answer, "underline")


def test_anybody_may_go_on_from_an_answer_by_a_reply(talk: Talk) -> None:
    """In a group."""
    ann = talk.person("Ann")
    group = talk.group(ann)
    bob = talk.person("Bob", chat=group)
    [first] = talk.says(ann, f"/ask {BUILDER}", chat=group)

    [answer] = talk.says(bob, "and when?", chat=group, reply_to=first)

    assert answer["text"].startswith(VIEW.format(BUILDER))


def test_another_persons_question_in_a_group_is_not_meant(talk: Talk) -> None:
    """Each goes on from their own."""
    ann = talk.person("Ann")
    group = talk.group(ann)
    bob = talk.person("Bob", chat=group)
    talk.says(ann, f"/ask {BUILDER}", chat=group)
    talk.says(bob, "/ask When was the village school founded?", chat=group)

    [answer] = talk.says(ann, "/ask and when?", chat=group)

    assert answer["text"].startswith(VIEW.format(BUILDER))


def test_a_question_in_a_group_is_not_meant_in_private(talk: Talk) -> None:
    """Nor the other way round."""
    ann = talk.person()
    talk.says(ann, f"/ask {BUILDER}", chat=talk.group(ann))

    [answer] = talk.says(ann, "and when?")

    assert "Asked in view" not in answer["text"]


def test_what_was_forgotten_is_not_meant(talk: Talk) -> None:
    """Not even for a moment."""
    ann = talk.person()
    talk.says(ann, BUILDER)
    talk.says(ann, "/forget")

    [answer] = talk.says(ann, "and when?")

    assert "Asked in view" not in answer["text"]


def test_a_restart_does_not_interrupt_a_conversation(talk: Talk) -> None:
    """What was meant is in the file."""
    ann = talk.person()
    talk.says(ann, BUILDER)
    talk.restart()

    [answer] = talk.says(ann, "and when?")

    assert answer["text"].startswith(VIEW.format(BUILDER))


def test_a_long_question_before_leaves_room_for_the_answer(start_talk: Callable[..., Talk]) -> None:
    """It is named by its beginning only."""
    talk = start_talk(evidence={"reader": ""}, answering={"threshold": 0})
    ann = talk.person()
    talk.says(ann, f"What does the beekeeper of Korrin sell at the market? {'I wonder and wonder. ' * 80}")

    answer = talk.says(ann, "and when?")

    assert answer[0]["text"].startswith("Asked in view of what came before: “What does the beekeeper of Korrin")
    assert len(answer) == 3


def test_the_note_comes_back_with_the_answer(talk: Talk) -> None:
    """When its buttons lead back to it."""
    ann = talk.person()
    talk.says(ann, BUILDER)
    [answer] = talk.says(ann, "and when?")
    talk.presses(ann, answer, "Context")

    talk.presses(ann, talk.now(answer), "↩ Answer")

    assert talk.now(answer)["text"] == answer["text"]
