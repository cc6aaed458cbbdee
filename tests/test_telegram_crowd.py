"""Many ask at once: whoever wants something quick does not wait for them."""

import time
from collections.abc import Callable

import telegram_load
from telegram_emulator.core import Emulator
from telegram_emulator.http import HttpServer
from telegram_process import PATIENCE, BotProcess
from telegram_story import LEON

from qa_bot.channels.telegram import words

MakeBot = Callable[..., BotProcess]


def sent_before_the_greeting(emulator: Emulator) -> int:
    """Wait until somebody has been greeted, and count what was sent before."""

    def texts() -> list[str]:
        return [str(call.parameters["text"]) for call in emulator.calls_of("sendMessage")]

    emulator.wait_until(lambda: words.START in texts(), PATIENCE)
    return texts().index(words.START)


def test_a_command_does_not_wait_behind_answers(telegram: HttpServer, make_bot: MakeBot) -> None:
    """Of 150 answers that are there at once 30 a second may be sent; a greeting goes between them."""
    emulator = telegram.emulator
    bot = make_bot().start()
    people = [emulator.person(f"Person {number}") for number in range(150)]
    with emulator.state.changed:
        for person in people:
            person.says("Who is Bernardino Leon?")
    emulator.wait_for_answers(people[0], 1, PATIENCE)
    emulator.person("Ann").says("/start")

    assert sent_before_the_greeting(emulator) < 100
    assert all(emulator.wait_for_answers(person, 1, PATIENCE)[0].startswith(LEON) for person in people)
    assert bot.stop() == 0


def test_nobody_waits_behind_one_who_writes_without_end(telegram: HttpServer, make_bot: MakeBot) -> None:
    """What one person writes is dealt with in order, however much it is; others have their answer meanwhile."""
    emulator = telegram.emulator
    make_bot().start()
    ann, ben = emulator.person("Ann"), emulator.person("Ben")
    with emulator.state.changed:
        for number in range(400):
            ann.says(f"Who is number {number} of those people?")
        ben.says("/start")

    assert sent_before_the_greeting(emulator) < 100


def test_a_load_is_measured() -> None:
    """The benchmark finds an answer to each question, and says how long they took."""
    started = time.monotonic()
    result = telegram_load.run(people=10, count=40)

    assert len(result.waits) == 40
    assert result.seconds < time.monotonic() - started
    assert str(result).startswith("40 questions in ")
