"""What nobody asked the bot, and is answered nevertheless: how often, and what a crash makes of it."""

import threading
from collections.abc import Callable

import pytest
from telegram_conversation import Talk
from telegram_emulator import faults

from qa_bot.channels.telegram import words

BUILDER = "Who built the lighthouse of Korrin?"
HEADMASTER = "Who is the headmaster of the school?"
UNKNOWN = "What is the capital of Mongolia?"
QUOTED = "The lighthouse of Korrin was built in 1871 by the engineer Marta Hale."
MakeTalk = Callable[..., Talk]


def test_a_person_is_limited(start_talk: MakeTalk) -> None:
    """Also by what found nothing; nothing is said, and others are answered."""
    talk = start_talk(telegram={"answer_unasked": True, "questions_per_minute": 1})
    ann = talk.person("Ann")
    group = talk.group(ann)
    bob = talk.person("Bob", chat=group)

    assert talk.says(ann, UNKNOWN, chat=group) == []
    assert talk.says(ann, BUILDER, chat=group) == []
    assert len(talk.says(bob, BUILDER, chat=group)) == 1


def test_a_group_is_limited(start_talk: MakeTalk) -> None:
    """Whoever asks; another group is answered."""
    talk = start_talk(telegram={"answer_unasked": True, "group_questions_per_minute": 1})
    ann = talk.person("Ann")
    group, other = talk.group(ann), talk.group(ann)
    bob = talk.person("Bob", chat=group)

    assert len(talk.says(ann, BUILDER, chat=group)) == 1
    assert talk.says(bob, HEADMASTER, chat=group) == []
    assert len(talk.says(ann, HEADMASTER, chat=other)) == 1


@pytest.mark.parametrize("text", ["Good morning!", "The lighthouse of Korrin was built by Marta Hale"])
def test_what_is_no_question_is_not_counted(start_talk: MakeTalk, text: str) -> None:
    """People may talk as much as they like."""
    talk = start_talk(telegram={"answer_unasked": True, "questions_per_minute": 1})
    ann = talk.person()
    group = talk.group(ann)
    talk.says(ann, text, chat=group)

    assert len(talk.says(ann, BUILDER, chat=group)) == 1


def test_an_answer_that_was_being_sent_is_sent_again_and_says_so(start_talk: MakeTalk) -> None:
    """As one to a question that was asked of the bot; once."""
    talk = start_talk(telegram={"answer_unasked": True})
    ann = talk.person()
    group = talk.group(ann)
    gate = threading.Event()
    talk.emulator.faults.plan("sendMessage", faults.held(gate))
    ann.says(BUILDER, chat=group)
    talk.deliver("sendMessage")
    talk.crash()
    talk.start()

    [answer] = talk.shown(group)
    assert answer["text"].startswith(f"{words.AGAIN}\n\n{QUOTED}")
    talk.restart()
    assert len(talk.shown(group)) == 1
