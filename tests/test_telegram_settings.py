"""The settings of a chat: each button, and what it does to the next answer."""

from collections.abc import Callable

import pytest
from telegram_conversation import Talk, buttons

from qa_bot.channels.telegram import words

BUILT = "When was the lighthouse of Korrin built?"
DOUBTFUL = "Who won the football world cup?"
UNKNOWN = "What is the capital of Mongolia?"
ADMINISTRATORS = "Only administrators of this group may change its settings."


@pytest.mark.parametrize("count", [1, 2, 4, 5])
def test_the_number_of_excerpts_is_at_most_what_was_chosen(start_talk: Callable[..., Talk], count: int) -> None:
    """Here every passage would be good enough."""
    talk = start_talk(answering={"threshold": 0.0})
    ann = talk.person()
    [settings] = talk.says(ann, "/settings")

    assert talk.presses(ann, settings, str(count)) == ""

    assert buttons(talk.now(settings))[count - 1] == f"✓ {count}"
    [answer] = talk.says(ann, BUILT)
    assert answer["text"].count("\n[") == count


@pytest.mark.parametrize(("button", "answered"), [("lenient", True), ("normal", False), ("strict", False)])
def test_strictness_moves_the_threshold(start_talk: Callable[..., Talk], button: str, *, answered: bool) -> None:
    """What is not sure enough usually is sure enough where the chat is lenient."""
    talk = start_talk()
    found = talk.finds(DOUBTFUL)
    # Lenient takes four tenths off the threshold.
    talk.restart(answering={"threshold": found.confidence / 0.8})
    ann = talk.person()
    [settings] = talk.says(ann, "/settings")
    if button != "normal":
        talk.presses(ann, settings, button)
        assert f"✓ {button}" in buttons(talk.now(settings))

    [answer] = talk.says(ann, DOUBTFUL)

    assert answer["text"].endswith(words.confidence(found)) is answered
    assert answer["text"].startswith("The documents do not answer this.") is not answered


def test_strictness_makes_an_answer_fail(start_talk: Callable[..., Talk]) -> None:
    """It was sure enough before."""
    talk = start_talk()
    found = talk.finds(DOUBTFUL)
    talk.restart(answering={"threshold": found.confidence})
    ann = talk.person()
    [before] = talk.says(ann, DOUBTFUL)
    [settings] = talk.says(ann, "/settings")
    talk.presses(ann, settings, "strict")

    [after] = talk.says(ann, DOUBTFUL)

    assert before["text"].endswith(words.confidence(found))
    assert after["text"].startswith("The documents do not answer this.")


def test_an_earlier_answer_keeps_its_settings(talk: Talk) -> None:
    """Its buttons lead back to what it showed."""
    ann = talk.person()
    [answer] = talk.says(ann, "How many passengers does the ferry to Korrin carry?")
    [settings] = talk.says(ann, "/settings")
    talk.presses(ann, settings, "5")
    talk.presses(ann, settings, "lenient")

    talk.presses(ann, answer, "Context [1]")
    talk.presses(ann, talk.now(answer), "↩ Answer")

    assert talk.now(answer)["text"] == answer["text"]


def test_settings_belong_to_a_chat(talk: Talk) -> None:
    """What Ann chooses is not Bob's."""
    ann, bob = talk.person("Ann"), talk.person("Bob")
    [settings] = talk.says(ann, "/settings")
    talk.presses(ann, settings, "1")

    [others] = talk.says(bob, "/settings")

    assert "✓ 3" in buttons(others)


def test_nobody_is_offered_quiet_in_private(talk: Talk) -> None:
    """Neither at first nor after a choice: it is about groups."""
    ann = talk.person()
    [settings] = talk.says(ann, "/settings")
    talk.presses(ann, settings, "strict")

    shown = ["1", "2", "✓ 3", "4", "5", "lenient", "✓ normal", "strict"]
    assert buttons(settings) == shown
    assert buttons(talk.now(settings)) == [*shown[:6], "normal", "✓ strict"]


def test_settings_outlive_a_restart(talk: Talk) -> None:
    """They are in the file."""
    ann = talk.person()
    group = talk.group(ann)
    [settings] = talk.says(ann, "/settings", chat=group)
    for button in ("5", "strict", "quiet in groups"):
        talk.presses(ann, settings, button)
    talk.restart()

    [shown] = talk.says(ann, "/settings", chat=group)

    assert [label for label in buttons(shown) if label.startswith("✓")] == ["✓ 5", "✓ strict", "✓ quiet in groups"]


def test_what_is_chosen_may_be_chosen_again(talk: Talk) -> None:
    """Telegram refuses to show the same once more, which is no error."""
    ann = talk.person()
    [settings] = talk.says(ann, "/settings")

    assert talk.presses(ann, settings, "✓ 3") == ""
    assert talk.presses(ann, talk.now(settings), "✓ 3") == ""
    assert len(talk.shown(ann)) == 1


def test_quiet_can_be_undone(talk: Talk) -> None:
    """The button changes its mind."""
    ann = talk.person()
    [settings] = talk.says(ann, "/settings", chat=talk.group(ann))
    talk.presses(ann, settings, "quiet in groups")

    talk.presses(ann, talk.now(settings), "✓ quiet in groups")

    assert "quiet in groups" in buttons(talk.now(settings))


def test_in_a_group_only_administrators_change_settings(talk: Talk) -> None:
    """Others are told so, and nothing changes."""
    ann = talk.person("Ann")
    group = talk.group(ann)
    bob = talk.person("Bob", chat=group)
    [settings] = talk.says(bob, "/settings", chat=group)

    assert talk.presses(bob, settings, "5") == ADMINISTRATORS
    assert "✓ 3" in buttons(talk.now(settings))
    assert talk.presses(ann, settings, "5") == ""
    assert "✓ 5" in buttons(talk.now(settings))


def test_an_administrator_who_is_not_the_owner_may(talk: Talk) -> None:
    """Promoted members have the right, too."""
    ann = talk.person("Ann")
    group = talk.group(ann)
    bob = talk.person("Bob", chat=group)
    group.members[bob.id] = "administrator"
    [settings] = talk.says(bob, "/settings", chat=group)

    assert talk.presses(bob, settings, "strict") == ""
    assert "✓ strict" in buttons(talk.now(settings))


@pytest.mark.parametrize("data", ["se:0", "se:9", "se:-1", "se:x", "ss:9", "ss:", "se", "ss:-1"])
def test_settings_that_do_not_exist_are_not_set(talk: Talk, data: str) -> None:
    """Whatever a program sends."""
    ann = talk.person()
    [settings] = talk.says(ann, "/settings")

    press = talk.sends_press(ann, settings, data)

    assert press.answer is not None
    [shown] = talk.says(ann, "/settings")
    assert buttons(shown) == buttons(settings)


def test_quiet_answers_make_no_sound_in_groups(talk: Talk) -> None:
    """In private they would not need to."""
    ann = talk.person()
    group = talk.group(ann)
    [settings] = talk.says(ann, "/settings", chat=group)
    talk.presses(ann, settings, "quiet in groups")

    talk.says(ann, f"/ask {BUILT}", chat=group)

    assert talk.emulator.calls_of("sendMessage")[-1].parameters["disable_notification"] is True


def test_quiet_reacts_where_there_is_no_answer(talk: Talk) -> None:
    """With a shrug, instead of a message."""
    ann = talk.person()
    group = talk.group(ann)
    [settings] = talk.says(ann, "/settings", chat=group)
    talk.presses(ann, settings, "quiet in groups")

    assert talk.says(ann, f"/ask {UNKNOWN}", chat=group) == []
    assert list(talk.emulator.state.reactions.values()) == [["🤷"]]
