"""Beginnings and ends: restarts, crashes, what Telegram delivers again, and new documents."""

import threading

import pytest
from telegram import Update
from telegram_conversation import Talk, buttons, texts
from telegram_emulator import faults
from telegram_emulator.people import Person

from qa_bot.channels.telegram.database import Database

BUILDER = "Who built the lighthouse of Korrin?"
HEADMASTER = "Who is the headmaster of the school?"
HIVES = "What does the beekeeper of Korrin sell at the market?"
QUOTED = "The lighthouse of Korrin was built in 1871"
INTERRUPTED = "I was interrupted while I answered, so you may see this a second time."


def accept(talk: Talk) -> None:
    """Take in what has happened, and crash before anything is done about it."""

    async def put() -> None:
        for update in talk.emulator.take_updates():
            talk.bot.service.journal.accept(update["update_id"], Update.de_json(update, talk.app.bot).to_dict())

    talk._run(put())
    talk.crash()


def talk_database(talk: Talk) -> Database:
    """Open what a bot that does not run remembers."""
    return Database(talk.bot.service.settings.paths.telegram)


def crash_while_sending(talk: Talk, ann: Person, text: str) -> None:
    """Let somebody ask, and crash while the answer is on its way."""
    gate = threading.Event()
    talk.emulator.faults.plan("sendMessage", faults.held(gate))
    ann.says(text)
    talk.deliver("sendMessage")
    talk.crash()


def test_what_was_accepted_is_answered_after_a_crash(talk: Talk) -> None:
    """Once, and without a word about it: nothing can have been sent."""
    ann = talk.person()
    ann.says(BUILDER)
    accept(talk)
    talk.start()

    [answer] = talk.shown(ann)
    assert answer["text"].startswith(QUOTED)
    talk.restart()
    assert len(talk.shown(ann)) == 1


def test_what_was_being_sent_is_answered_again_and_says_so(talk: Talk) -> None:
    """It may have arrived."""
    ann = talk.person()
    crash_while_sending(talk, ann, BUILDER)
    talk.start()

    [answer] = talk.shown(ann)
    assert answer["text"].startswith(f"{INTERRUPTED}\n\n{QUOTED}")
    talk.restart()
    assert len(talk.shown(ann)) == 1


def test_an_interrupted_answer_says_so_only_once(talk: Talk) -> None:
    """The next question is like any other."""
    ann = talk.person()
    crash_while_sending(talk, ann, BUILDER)
    talk.start()

    [answer] = talk.says(ann, BUILDER)

    assert answer["text"].startswith(QUOTED)


@pytest.mark.parametrize("text", ["/help", "/sources", "/settings", "/ask", "/why"])
def test_a_command_that_was_being_answered_is_answered_again_and_says_so(talk: Talk, text: str) -> None:
    """In the first of its messages, once."""
    ann = talk.person()
    talk.says(ann, HIVES)
    [*_, usual] = talk.says(ann, text)
    before = len(talk.shown(ann))
    crash_while_sending(talk, ann, text)
    talk.start()

    first, *others = texts(talk.shown(ann)[before:])
    assert first.startswith(f"{INTERRUPTED}\n\n")
    assert INTERRUPTED not in "".join(others)
    assert [first.removeprefix(f"{INTERRUPTED}\n\n"), *others][-1] == usual["text"]


def test_several_are_answered_in_their_order(talk: Talk) -> None:
    """Of several people."""
    ann, bob = talk.person("Ann"), talk.person("Bob")
    for person, question in ((ann, BUILDER), (bob, BUILDER), (ann, HEADMASTER)):
        person.says(question)
    accept(talk)
    talk.start()

    assert [text.split()[1] for text in texts(talk.shown(ann))] == ["lighthouse", "headmaster"]
    assert [text.split()[1] for text in texts(talk.shown(bob))] == ["lighthouse"]


def test_a_follow_up_that_was_interrupted_is_understood(talk: Talk) -> None:
    """What came before is remembered, too."""
    ann = talk.person()
    talk.says(ann, BUILDER)
    ann.says("and when?")
    accept(talk)
    talk.start()

    assert texts(talk.shown(ann))[1].startswith(f"Asked in view of what came before: “{BUILDER}”")


@pytest.mark.parametrize(("minutes", "answers"), [(59, 1), (61, 0)])
def test_what_is_stale_is_dropped(talk: Talk, minutes: int, answers: int) -> None:
    """Nobody waits for an hour."""
    ann = talk.person()
    ann.says(BUILDER)
    accept(talk)
    with talk_database(talk) as database:
        database.do("UPDATE journal SET received = received - ?", 60.0 * minutes)
    talk.start()

    assert len(talk.shown(ann)) == answers
    assert talk.bot.service.journal.open == 0


def test_what_telegram_delivers_again_is_answered_once(talk: Talk) -> None:
    """It did not hear that it had arrived."""
    ann = talk.person()
    talk.says(ann, BUILDER)
    for _ in range(3):
        talk.emulator.redeliver(talk.last_id())
        talk.settle()

    assert len(talk.shown(ann)) == 1


def test_what_telegram_delivers_again_after_a_restart_is_answered_once(talk: Talk) -> None:
    """The numbers are in the file."""
    ann = talk.person()
    talk.says(ann, BUILDER)
    talk.restart()
    talk.emulator.redeliver(talk.last_id())
    talk.settle()

    assert len(talk.shown(ann)) == 1


def test_what_telegram_delivers_again_after_a_crash_is_answered_once(talk: Talk) -> None:
    """By the journal, and not once more for Telegram."""
    ann = talk.person()
    ann.says(BUILDER)
    accept(talk)
    talk.emulator.redeliver(talk.last_id())
    talk.start()
    talk.settle()

    assert len(talk.shown(ann)) == 1


def test_an_edit_that_was_interrupted_is_made(talk: Talk) -> None:
    """In place."""
    ann = talk.person()
    [answer] = talk.says(ann, HEADMASTER)
    question = next(message for message in talk.emulator.shown(ann) if message["from"]["id"] == ann.id)
    ann.edits(question, BUILDER)
    accept(talk)
    talk.start()

    assert talk.now(answer)["text"].startswith(QUOTED)
    assert len(talk.shown(ann)) == 1


def test_the_journal_forgets_what_was_said(talk: Talk) -> None:
    """As soon as it is answered; only its number is kept."""
    talk.says(talk.person(), BUILDER)

    assert talk.database.all("SELECT state, body FROM journal") == [("done", None)]


def test_what_is_accepted_is_answered_before_the_bot_ends(talk: Talk) -> None:
    """Who has asked does not notice."""
    ann = talk.person()
    gate = threading.Event()
    talk.emulator.faults.plan("sendMessage", faults.held(gate))
    ann.says(BUILDER)
    talk.deliver("sendMessage")
    gate.set()
    talk.stop()

    assert texts(talk.shown(ann))[0].startswith(QUOTED)


@pytest.mark.parametrize("on", [True, False])
def test_privacy_mode_is_noted_at_the_start(talk: Talk, caplog: pytest.LogCaptureFixture, *, on: bool) -> None:
    """Whoever wonders why the bot hears so little finds it in the log."""
    caplog.set_level("INFO")
    talk.emulator.state.bot["can_read_all_group_messages"] = not on
    talk.restart()

    assert ("privacy mode is on" in caplog.text) is on


def test_coming_into_a_group_is_silent(talk: Talk) -> None:
    """And noted, as is going."""
    ann = talk.person()
    group = talk.group(ann)
    assert (talk.shown(group), talk.bot.service.chats.is_active(group.id)) == ([], True)
    ann.kicks_bot(group)
    talk.settle()
    assert not talk.bot.service.chats.is_active(group.id)
    ann.adds_bot(group)
    talk.settle()

    assert talk.bot.service.chats.is_active(group.id)
    assert len(talk.says(ann, f"/ask {BUILDER}", chat=group)) == 1


def test_settings_survive_that_the_bot_is_thrown_out(talk: Talk) -> None:
    """It may be let in again."""
    ann = talk.person()
    group = talk.group(ann)
    [settings] = talk.says(ann, "/settings", chat=group)
    talk.presses(ann, settings, "5")
    ann.kicks_bot(group)
    ann.adds_bot(group)
    talk.settle()

    assert "✓ 5" in buttons(talk.says(ann, "/settings", chat=group)[0])


def test_what_is_old_is_deleted_at_the_start(talk: Talk) -> None:
    """Answers, votes and gaps; gold is kept."""
    ann = talk.person()
    [answer] = talk.says(ann, BUILDER)
    talk.presses(ann, answer, "👍")
    talk.says(ann, "What is the capital of Mongolia?")
    talk.bot.service.memory.keep_gold(BUILDER, ["Marta Hale"])
    for statement in (
        "UPDATE answers SET made = made - ?",
        "UPDATE votes SET made = made - ?",
        "UPDATE gaps SET made = made - ?",
    ):
        talk.database.do(statement, 91 * 86_400.0)
    talk.restart()

    assert talk.database.all(
        "SELECT (SELECT count(*) FROM answers), (SELECT count(*) FROM votes), (SELECT count(*) FROM gaps), count(*) FROM gold"
    ) == [(0, 0, 0, 1)]
