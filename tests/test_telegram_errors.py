"""Errors of the bot itself, and what people see of them."""

import pytest
from telegram_conversation import Talk, texts
from telegram_emulator import faults

BUILDER = "Who built the lighthouse of Korrin?"
QUOTED = "The lighthouse of Korrin was built in 1871"


def break_it(talk: Talk, *tables: str) -> None:
    """Take tables of the database away, as a disk may."""
    for table in tables:
        talk.database.do(f"ALTER TABLE {table} RENAME TO {table}_gone")


def mend_it(talk: Talk, *tables: str) -> None:
    """Put them back."""
    for table in tables:
        talk.database.do(f"ALTER TABLE {table}_gone RENAME TO {table}")


def test_an_error_is_told_by_a_number(talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    """The log has the traceback under that number; whoever asked sees nothing of it."""
    ann = talk.person()
    break_it(talk, "answers")

    [reply] = talk.says(ann, BUILDER)

    head, number, tail = reply["text"].partition(reply["text"].split()[-1].strip(")"))
    assert (head, tail) == ("Something went wrong here, not with your question. Please try again later. (Error ", ")")
    [record] = [record for record in caplog.records if record.getMessage() == f"error {number}"]
    assert "no such table" in str(record.exc_info)
    assert BUILDER not in caplog.text
    assert talk.bot.service.metrics.errors._value.get() == 1


def test_after_an_error_the_next_question_is_answered(talk: Talk) -> None:
    """And the failed one is not asked again after a restart."""
    ann = talk.person()
    break_it(talk, "answers")
    talk.says(ann, BUILDER)
    mend_it(talk, "answers")

    assert texts(talk.says(ann, BUILDER))[0].startswith(QUOTED)
    assert talk.bot.service.journal.open == 0


def test_a_press_that_fails_is_answered(talk: Talk) -> None:
    """In passing, with the number; the program of whoever pressed would wait for long."""
    ann = talk.person()
    [answer] = talk.says(ann, BUILDER)
    break_it(talk, "votes")

    said = talk.presses(ann, answer, "👍")

    assert said.startswith("Something went wrong here, not with your question. Please try again later. (Error ")
    assert len(talk.shown(ann)) == 1


def test_a_press_that_telegram_refuses_is_answered(talk: Talk) -> None:
    """A refusal is an error of the bot's, and none of the network."""
    ann = talk.person()
    group = talk.group(ann)
    [settings] = talk.says(ann, "/settings", chat=group)
    talk.emulator.faults.plan("getChatMember", faults.error(400, "PARTICIPANT_ID_INVALID"))

    assert talk.presses(ann, settings, "5").startswith("Something went wrong here, not with your question.")


def test_an_error_while_an_error_is_told_ends_nothing(talk: Talk) -> None:
    """Nothing can be said then, but the bot goes on."""
    ann = talk.person()
    group = talk.group(ann)
    break_it(talk, "answers", "chats")
    assert talk.says(ann, f"/ask {BUILDER}", chat=group) == []
    mend_it(talk, "answers", "chats")

    assert texts(talk.says(ann, f"/ask {BUILDER}", chat=group))[0].startswith(QUOTED)


def test_an_inline_question_that_fails_ends_nothing(talk: Talk) -> None:
    """There is nobody to tell."""
    ann = talk.person()
    talk.emulator.faults.plan("answerInlineQuery", faults.server_error())
    ann.asks_inline(BUILDER)
    talk.settle()

    assert texts(talk.says(ann, BUILDER))[0].startswith(QUOTED)


def test_where_telegram_is_down_nobody_is_told(talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    """It would not arrive; the log says so without a traceback."""
    ann = talk.person()
    group = talk.group(ann)
    [settings] = talk.says(ann, "/settings", chat=group)
    talk.line.down["getChatMember"] = 1
    ann.presses(settings, "5")
    talk.settle()

    assert "Telegram cannot be reached: NetworkError" in [record.getMessage() for record in caplog.records]
    assert len(talk.shown(group)) == 1
