"""What goes wrong while answers are marked as outdated: at Telegram, on the way there, and in the bot itself."""

import threading

import pytest
from telegram_changes import GONE, HEADMASTER, LIND, catch_up, change, counted, edits, publish, rows
from telegram_conversation import Talk, pieces, texts
from telegram_emulator import faults
from telegram_library import SCHOOL

from qa_bot.channels.telegram import words

BUILDER = "Who built the lighthouse of Korrin?"
HIVES = "What does the beekeeper of Korrin sell at the market?"


def test_a_message_that_is_gone_leaves_it_to_the_others(correcting: Talk) -> None:
    """Which say it all."""
    ann = correcting.person()
    first, second, third = correcting.says(ann, HIVES)
    del correcting.emulator.state.messages[ann.id, first["message_id"]]
    (correcting.bot.service.settings.paths.seeds / "hives.txt").unlink()
    change(correcting)

    assert correcting.now(second)["text"].startswith("Outdated since")
    assert correcting.now(third)["text"] == words.OUTDATED_ABOVE


@pytest.mark.parametrize(
    "fault",
    [
        faults.error(403, "Forbidden: bot was blocked by the user"),
        faults.error(400, "message to edit not found"),
        faults.error(400, "message can't be edited"),
    ],
    ids=["blocked", "deleted", "too old"],
)
def test_what_cannot_be_edited_is_left_alone(correcting: Talk, fault: faults.Fault) -> None:
    """It is not tried again, and the number of its chat is forgotten; others are marked all the same."""
    ann, ben = correcting.person(), correcting.person("Ben")
    correcting.says(ann, HEADMASTER)
    [other] = correcting.says(ben, HEADMASTER)
    correcting.emulator.faults.plan("editMessageText", fault)
    change(correcting, school=None)

    assert correcting.now(other)["text"].startswith(GONE)
    assert (edits(correcting), counted(correcting, "unreachable"), counted(correcting, "marked")) == (2, 1, 1)
    correcting.restart()
    change(correcting, cafe=None)
    assert edits(correcting) == 2
    assert rows(correcting, "answers WHERE sealed IS NOT NULL") == 1


@pytest.mark.parametrize(
    "fault", [faults.flood(1), faults.bad_gateway(), faults.error(500)], ids=["flood", "gateway", "server"]
)
def test_a_fault_that_passes_is_waited_for(correcting: Talk, fault: faults.Fault) -> None:
    """And the answer is marked then."""
    [answer] = correcting.says(correcting.person(), HEADMASTER)
    correcting.emulator.faults.plan("editMessageText", fault)
    change(correcting, school=None)

    assert correcting.now(answer)["text"].startswith(GONE)
    assert rows(correcting, "outdated WHERE pending") == 0


def test_what_telegram_could_not_be_told_is_tried_later(correcting: Talk) -> None:
    """Also without another generation."""
    [answer] = correcting.says(correcting.person(), HEADMASTER)
    correcting.emulator.faults.plan("editMessageText", faults.bad_gateway(), times=5)
    change(correcting, school=None)
    correcting.wait_until(lambda: rows(correcting, "outdated WHERE pending") == 0)

    assert correcting.now(answer)["text"].startswith(GONE)
    assert counted(correcting, "marked") == 1


def test_a_group_is_not_flooded(correcting: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its limit is left to answers; in private it goes faster."""
    monkeypatch.setattr("qa_bot.channels.telegram.corrections.GROUP_PAUSE", 0.3)
    ann = correcting.person()
    group = correcting.group(ann)
    for _ in range(2):
        correcting.says(ann, f"/ask {HEADMASTER}", chat=group)
    correcting.says(ann, HEADMASTER)
    change(correcting, school=None)

    first, second, third = [call.time for call in correcting.emulator.calls_of("editMessageText")]
    assert second - first >= 0.3
    assert third - second >= 0.3
    assert correcting.emulator.calls_of("editMessageText")[2].parameters["chat_id"] == ann.id


def test_questions_do_not_wait_for_corrections(correcting: Talk) -> None:
    """They are answered while Telegram lets an edit wait."""
    ann, ben = correcting.person(), correcting.person("Ben")
    correcting.says(ann, HEADMASTER)
    gate = threading.Event()
    correcting.emulator.faults.plan("editMessageText", faults.held(gate))
    publish(correcting, school=None)
    correcting.wait_until(lambda: edits(correcting) == 1)

    assert texts(correcting.says(ben, BUILDER))[0].startswith("The lighthouse of Korrin was built")
    gate.set()
    catch_up(correcting)
    assert texts(correcting.shown(ann))[0].startswith(GONE)


def test_what_a_crash_interrupted_is_done_after_it(correcting: Talk) -> None:
    """It says the same, once, though the edit had arrived; the rest is done, too."""
    ann, ben = correcting.person(), correcting.person("Ben")
    [first] = correcting.says(ann, HEADMASTER)
    [second] = correcting.says(ben, HEADMASTER)
    correcting.emulator.faults.plan("editMessageText", faults.late(0.5))
    publish(correcting, school=SCHOOL.replace("Oskar Lind", "Edna Moran"))
    correcting.wait_until(lambda: correcting.now(first)["text"].startswith("Outdated"))
    correcting.crash()
    marked = correcting.now(first)
    assert not correcting.now(second)["text"].startswith("Outdated")

    correcting.start()
    catch_up(correcting)

    assert correcting.now(first) == marked
    assert correcting.now(second)["text"] == marked["text"]
    assert rows(correcting, "outdated WHERE pending") == 0


def test_what_changes_further_before_it_was_told_is_told_as_it_is(correcting: Talk) -> None:
    """What it said is what people saw last, and since when is when it was noticed first."""
    [answer] = correcting.says(correcting.person(), HEADMASTER)
    gate = threading.Event()
    correcting.emulator.faults.plan("editMessageText", faults.held(gate))
    publish(correcting, school=SCHOOL.replace("Oskar Lind", "Edna Moran"))
    correcting.wait_until(lambda: edits(correcting) == 1)
    correcting.database.do("UPDATE outdated SET since = '2026-01-31'")
    correcting.crash()
    correcting.emulator.faults.clear()
    publish(correcting, school=SCHOOL.replace("Oskar Lind", "Ida Brook"))
    correcting.start()
    catch_up(correcting)

    after = correcting.now(answer)
    assert after["text"].startswith("Outdated since 2026-01-31: “The school of Korrin” has changed.")
    assert pieces(after, "strikethrough") == [LIND]
    assert "Ida Brook" in after["text"]
    assert "Edna Moran" not in after["text"]
    gate.set()


def test_an_error_does_not_end_it(correcting: Talk, caplog: pytest.LogCaptureFixture) -> None:
    """It is logged, and what was to be done is done when it can be."""
    [answer] = correcting.says(correcting.person(), HEADMASTER)
    correcting.database.do("ALTER TABLE quoted RENAME TO hidden")
    publish(correcting, school=None)
    correcting.wait_until(lambda: "answers cannot be held against the documents" in caplog.messages)
    correcting.database.do("ALTER TABLE hidden RENAME TO quoted")
    catch_up(correcting)

    assert correcting.now(answer)["text"].startswith(GONE)


def test_what_was_being_answered_meanwhile_is_marked_later(correcting: Talk) -> None:
    """It came from the old generation, after all answers had been held against the new one."""
    ann = correcting.person()
    gate = threading.Event()
    correcting.emulator.faults.plan("sendMessage", faults.held(gate))
    ann.says(HEADMASTER)
    correcting.deliver("sendMessage")
    change(correcting, school=None)
    gate.set()
    correcting.settle()
    correcting.wait_until(lambda: correcting.shown(ann)[0]["text"].startswith(GONE))


def test_an_answer_that_is_just_being_replaced_is_not_marked(correcting: Talk) -> None:
    """Its messages are about to say something else, and some do already."""
    ann = correcting.person()
    correcting.says(ann, HIVES)
    gate = threading.Event()
    second = correcting.shown(ann)[1]["message_id"]
    correcting.emulator.faults.plan(
        "editMessageText", faults.held(gate), when=lambda asked: asked["message_id"] == second
    )
    ann.edits(correcting.emulator.shown(ann)[0], f"Please, {HIVES}")
    correcting.deliver("editMessageText")
    correcting.wait_until(lambda: edits(correcting) == 2)
    before = correcting.shown(ann)[0]["text"]
    publish(correcting, school=None)
    (correcting.bot.service.settings.paths.seeds / "hives.txt").unlink()
    change(correcting)

    assert (correcting.shown(ann)[0]["text"], edits(correcting)) == (before, 2)
    gate.set()
    correcting.settle()
    correcting.wait_until(lambda: correcting.shown(ann)[0]["text"].startswith("Outdated since"))


def test_what_changes_back_before_it_was_told_is_no_change(correcting: Talk) -> None:
    """The crash came in between."""
    [answer] = correcting.says(correcting.person(), HEADMASTER)
    gate = threading.Event()
    correcting.emulator.faults.plan("editMessageText", faults.held(gate))
    publish(correcting, school=None)
    correcting.wait_until(lambda: edits(correcting) == 1)
    correcting.crash()
    correcting.emulator.faults.clear()
    publish(correcting, school=SCHOOL)
    correcting.start()
    catch_up(correcting)

    assert correcting.now(answer)["text"] == answer["text"]
    assert rows(correcting, "outdated") == 0
    gate.set()


def test_what_changed_while_the_bot_was_away_is_marked_at_its_start(correcting: Talk) -> None:
    """In groups, too."""
    ann = correcting.person()
    group = correcting.group(ann)
    [answer] = correcting.says(ann, f"/ask {HEADMASTER}", chat=group)
    correcting.stop()
    publish(correcting, school=None)
    correcting.start()
    catch_up(correcting)

    assert correcting.now(answer)["text"].startswith(GONE)
