"""What goes wrong at Telegram, on the way there, and in the bot itself."""

import logging

import pytest
from telegram_conversation import Talk, buttons, texts
from telegram_emulator import faults
from telegram_emulator.faults import Fault

BUILDER = "Who built the lighthouse of Korrin?"
HEADMASTER = "Who is the headmaster of the school?"
HIVES = "What does the beekeeper of Korrin sell at the market?"
QUOTED = "The lighthouse of Korrin was built in 1871"


def sent(talk: Talk) -> int:
    """Count the attempts to send a message."""
    return len(talk.emulator.calls_of("sendMessage"))


def still_answers(talk: Talk) -> bool:
    """Ask somebody else's question."""
    return texts(talk.says(talk.person("Zoe"), BUILDER))[0].startswith(QUOTED)


def test_a_short_flood_is_waited_for(talk: Talk) -> None:
    """As long as Telegram says, and then the answer comes."""
    ann = talk.person()
    talk.emulator.faults.plan("sendMessage", faults.flood(1))

    [answer] = talk.says(ann, BUILDER)

    first, second = talk.emulator.calls_of("sendMessage")
    assert answer["text"].startswith(QUOTED)
    assert second.time - first.time >= 1


def test_a_long_flood_is_not(talk: Talk) -> None:
    """Nobody waits that long; others are answered meanwhile."""
    ann = talk.person()
    talk.emulator.faults.plan("sendMessage", faults.flood(300))

    assert talk.says(ann, BUILDER) == []
    assert sent(talk) == 1
    assert still_answers(talk)


@pytest.mark.parametrize("times", [1, 2, 3])
def test_what_the_gateway_did_not_pass_on_is_sent_again(talk: Talk, times: int) -> None:
    """Up to three times more."""
    ann = talk.person()
    talk.emulator.faults.plan("sendMessage", faults.bad_gateway(), times=times)

    [answer] = talk.says(ann, BUILDER)

    assert answer["text"].startswith(QUOTED)
    assert sent(talk) == times + 1


@pytest.mark.parametrize(
    "said", ["can't parse entities: Unclosed start tag", "entity URL 'http://x' is invalid: Wrong HTTP URL"]
)
def test_an_answer_whose_formatting_is_refused_comes_without(talk: Talk, said: str) -> None:
    """Once, word for word; so does an edit."""
    ann = talk.person()
    [usual] = talk.says(ann, BUILDER)
    talk.emulator.faults.plan("sendMessage", faults.error(400, said))
    talk.emulator.faults.plan("editMessageText", faults.error(400, said))

    [answer] = talk.says(ann, BUILDER)

    assert (answer["text"], "entities" in answer, buttons(answer)) == (usual["text"], False, buttons(usual))
    talk.presses(ann, answer, "More ▶")
    assert "\n[2] " in talk.now(answer)["text"]
    assert "entities" not in talk.now(answer)


def test_trying_comes_to_an_end(talk: Talk) -> None:
    """After four attempts; the question is done with."""
    ann = talk.person()
    talk.emulator.faults.plan("sendMessage", faults.bad_gateway(), times=9)

    assert talk.says(ann, BUILDER) == []
    assert sent(talk) == 4
    assert talk.bot.service.journal.open == 0


def test_without_a_connection_it_is_tried_again(talk: Talk) -> None:
    """Nothing can have arrived."""
    ann = talk.person()
    talk.line.down["sendMessage"] = 3

    [answer] = talk.says(ann, BUILDER)

    assert answer["text"].startswith(QUOTED)
    assert sent(talk) == 1


@pytest.mark.parametrize(
    ("fault", "arrived"),
    [(faults.dropped_after(), 1), (faults.truncated(), 1), (faults.server_error(), 0), (faults.dropped_before(), 0)],
    ids=["dropped after", "truncated", "server error", "dropped before"],
)
def test_what_may_have_arrived_is_not_sent_twice(talk: Talk, fault: Fault, arrived: int) -> None:
    """Better no answer than two."""
    ann = talk.person()
    talk.emulator.faults.plan("sendMessage", fault)

    messages = talk.says(ann, BUILDER)

    assert (len(messages), sent(talk)) == (arrived, 1)
    assert still_answers(talk)


def test_an_answer_that_arrived_unnoticed_has_buttons_that_work(talk: Talk) -> None:
    """Its number is not known, but the buttons name the answer."""
    ann = talk.person()
    talk.emulator.faults.plan("sendMessage", faults.dropped_after())
    [answer] = talk.says(ann, BUILDER)

    assert talk.presses(ann, answer, "Context") == ""
    assert "↩ Answer" in buttons(talk.now(answer))


@pytest.mark.parametrize(
    "fault", [faults.dropped_after(), faults.dropped_before(), faults.bad_gateway(), faults.server_error()]
)
def test_an_edit_is_tried_again_whatever_happened(talk: Talk, fault: Fault) -> None:
    """Twice the same edit is the same message."""
    ann = talk.person()
    [answer] = talk.says(ann, BUILDER)
    talk.emulator.faults.plan("editMessageText", fault)

    assert talk.presses(ann, answer, "Context") == ""
    assert "↩ Answer" in buttons(talk.now(answer))


def test_one_part_that_fails_does_not_take_the_others_along(talk: Talk) -> None:
    """Two of three messages are better than none."""
    ann = talk.person()
    talk.emulator.faults.plan("sendMessage", faults.server_error())

    assert len(talk.says(ann, HIVES)) == 2


def test_whoever_has_blocked_the_bot_is_left_alone(talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    """It is no error."""
    caplog.set_level(logging.INFO)
    ann = talk.person()
    ann.says(BUILDER)
    ann.blocks_bot()
    talk.settle()

    assert not talk.bot.service.chats.is_active(ann.id)
    assert [record.levelname for record in caplog.records if record.levelno > logging.INFO] == []
    assert still_answers(talk)


def test_whoever_has_blocked_the_bot_is_not_tried_again(talk: Talk) -> None:
    """An answer of three messages ends with the first."""
    ann = talk.person()
    ann.says(HIVES)
    ann.blocks_bot()
    talk.settle()

    assert sent(talk) == 1


def test_whoever_lets_the_bot_in_again_is_answered(talk: Talk) -> None:
    """As before."""
    ann = talk.person()
    talk.says(ann, BUILDER)
    ann.blocks_bot()
    talk.settle()
    assert not talk.bot.service.chats.is_active(ann.id)
    ann.unblocks_bot()

    assert texts(talk.says(ann, BUILDER))[0].startswith(QUOTED)
    assert talk.bot.service.chats.is_active(ann.id)


def test_a_group_that_has_thrown_the_bot_out_is_left_alone(talk: Talk) -> None:
    """Also if its question is still being dealt with."""
    ann = talk.person()
    group = talk.group(ann)
    ann.says(f"/ask {BUILDER}", chat=group)
    ann.kicks_bot(group)
    talk.settle()

    assert not talk.bot.service.chats.is_active(group.id)
    assert still_answers(talk)


def test_an_answer_follows_a_group_that_becomes_a_supergroup(talk: Talk) -> None:
    """As a message of its own: the question has no number there."""
    ann = talk.person()
    group = talk.group(ann, small=True)
    ann.says(f"/ask {BUILDER}", chat=group)
    new = ann.migrates(group)
    other = ann.says("Hello, supergroup", chat=new)
    talk.settle()

    [answer] = talk.shown(new)
    assert answer["text"].startswith(QUOTED)
    assert "reply_to_message" not in answer
    assert other["message_id"] < answer["message_id"]


def test_an_answer_that_followed_can_be_replied_to(talk: Talk) -> None:
    """It is known where it stands."""
    ann = talk.person()
    group = talk.group(ann, small=True)
    ann.says(f"/ask {BUILDER}", chat=group)
    new = ann.migrates(group)
    talk.settle()
    [answer] = talk.shown(new)

    [why] = talk.says(ann, "/why", chat=new, reply_to=answer)

    assert why["text"].startswith(f"“{BUILDER}”")


def test_settings_follow_a_group(talk: Talk) -> None:
    """Nobody chooses twice."""
    ann = talk.person()
    group = talk.group(ann, small=True)
    [settings] = talk.says(ann, "/settings", chat=group)
    talk.presses(ann, settings, "5")
    talk.presses(ann, settings, "strict")
    new = ann.migrates(group)

    [shown] = talk.says(ann, "/settings", chat=new)

    assert [label for label in buttons(shown) if label.startswith("✓")] == ["✓ 5", "✓ strict"]


def test_a_message_of_a_supergroup_is_not_taken_for_one_of_the_group(talk: Talk) -> None:
    """Though it has the same number."""
    ann = talk.person()
    group = talk.group(ann, small=True)
    [old] = talk.says(ann, f"/ask {BUILDER}", chat=group)
    new = ann.migrates(group)
    while (said := talk.says(ann, f"/ask {HEADMASTER}", chat=new)[0])["message_id"] < old["message_id"] - 1:
        pass

    [why] = talk.says(ann, "/why", chat=new, reply_to=said)

    assert why["text"].startswith(f"“{HEADMASTER}”")


def test_a_button_of_a_group_does_not_edit_a_message_of_its_supergroup(talk: Talk) -> None:
    """The old messages stay behind."""
    ann = talk.person()
    group = talk.group(ann, small=True)
    [old] = talk.says(ann, f"/ask {BUILDER}", chat=group)
    new = ann.migrates(group)
    talk.settle()
    for _ in range(old["message_id"]):
        talk.says(ann, f"/ask {HEADMASTER}", chat=new)
    before = texts(talk.shown(new))

    ann.presses(old, "More ▶")
    talk.settle()

    assert texts(talk.shown(new)) == before


def test_a_question_that_is_gone_is_answered_all_the_same(talk: Talk) -> None:
    """Without a reply: it was deleted meanwhile."""
    ann = talk.person()
    group = talk.group(ann)
    question = ann.says(f"/ask {BUILDER}", chat=group)
    del talk.emulator.state.messages[group.id, question["message_id"]]
    talk.settle()

    [answer] = talk.shown(group)
    assert answer["text"].startswith(QUOTED)
    assert "reply_to_message" not in answer


def test_an_answer_that_was_deleted_is_given_anew_when_its_question_is_edited(talk: Talk) -> None:
    """There is nothing to edit any more."""
    ann = talk.person()
    [answer] = talk.says(ann, HEADMASTER)
    del talk.emulator.state.messages[ann.id, answer["message_id"]]
    talk.edits(ann, BUILDER)

    assert texts(talk.shown(ann))[0].startswith(QUOTED)
