"""The bot as a process that asks Telegram for news: a long conversation, ends, and what keeps it from starting."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from telegram_emulator.http import HttpServer
from telegram_process import BotProcess, buttons
from telegram_rules import see_rules_kept
from telegram_story import LEON, NOT_FOUND, OPERATION, converse, press_old_button

from qa_bot.channels.telegram import words

MakeBot = Callable[..., BotProcess]


def test_a_long_conversation(telegram: HttpServer, make_bot: MakeBot) -> None:
    """Private, group, topic, inline, edits, buttons, votes; after a restart old buttons work and /reload reads anew."""
    emulator = telegram.emulator
    ann = emulator.person("Ann")
    bot = make_bot(admins=[ann.id]).start()
    assert emulator.state.queue.allowed == {
        "message", "edited_message", "callback_query", "inline_query", "my_chat_member",
    }  # fmt: skip

    converse(emulator, ann, emulator.person("Ben"))
    assert bot.stop() == 0
    bot.start()
    press_old_button(emulator, ann)
    (bot.home / "seeds" / "bread.txt").write_text("Bread\n\nA loaf of bread costs two dinars.\n", encoding="utf-8")
    before = len(emulator.answers(ann))
    ann.says("/reload")
    assert emulator.wait_for_answers(ann, before + 1)[-1] == (
        "The documents are up to date: 1 added, 0 changed, 0 removed."
    )
    ann.says("What does a loaf of bread cost?")
    assert emulator.wait_for_answers(ann, before + 2)[-1].startswith("A loaf of bread costs two dinars.\n[1] ")
    assert bot.stop() == 0


def test_a_conversation_by_rules(telegram: HttpServer, make_bot: MakeBot) -> None:
    """Invitations, limits, what nobody asked the bot, a quiet group, and what is forgotten after a day."""
    see_rules_kept(telegram.emulator, make_bot, secrets={})


def test_what_was_accepted_is_answered_before_the_end(telegram: HttpServer, make_bot: MakeBot) -> None:
    """SIGTERM ends the bot when everybody has an answer, with exit code 0; what comes then waits for the next start."""
    emulator = telegram.emulator
    people = [emulator.person(f"Person {number}") for number in range(12)]
    bot = make_bot().start()
    for person in people:
        person.says(f"What did {person.user['first_name']} ask?")
    bot.wait_for(lambda: bot.accepted() == 12)

    assert bot.stop() == 0
    assert [len(emulator.answers(person)) for person in people] == [1] * 12
    assert bot.open() == 0
    people[0].says("Who is Bernardino Leon?")
    bot.start()
    assert emulator.wait_for_answers(people[0], 2)[1].startswith(LEON)


def test_edits_while_it_was_away_are_answered(telegram: HttpServer, make_bot: MakeBot) -> None:
    """An edit that waits at Telegram edits the answer that was given before the restart."""
    emulator = telegram.emulator
    ann = emulator.person("Ann")
    bot = make_bot().start()
    asked = ann.says("What does bread cost in Benghazi?")
    assert emulator.wait_for_answers(ann)[0].startswith(NOT_FOUND)
    assert bot.stop() == 0

    ann.edits(asked, "To which cities would the operation move on?")
    bot.start()
    bot.wait_until(lambda: emulator.answers(ann)[0].startswith(OPERATION))
    assert len(emulator.answers(ann)) == 1
    bot.wait_for(lambda: bot.open() == 0)


def test_the_token_may_stand_in_a_file(telegram: HttpServer, make_bot: MakeBot) -> None:
    """Its name is relative to the folder of config.toml, and a line end does not matter."""
    bot = make_bot(secrets={}, token_file="token")  # noqa: S106 - the name of a file
    (bot.home / "token").write_text(f"{telegram.emulator.token}\n", encoding="utf-8")
    bot.start()
    ann = telegram.emulator.person("Ann")
    ann.says("/start")

    assert telegram.emulator.wait_for_answers(ann) == [words.START]


def test_the_database_is_for_its_owner_only(make_bot: MakeBot) -> None:
    """It holds what people asked."""
    bot = make_bot().start()

    files = sorted(bot.home.glob("telegram.sqlite3*"))
    assert {file.name: file.stat().st_mode & 0o077 for file in files if not file.name.endswith(".lock")} == {
        "telegram.sqlite3": 0, "telegram.sqlite3-shm": 0, "telegram.sqlite3-wal": 0,
    }  # fmt: skip


def refused(bot: BotProcess) -> str:
    """Start a bot that cannot run; gives what it prints, which is one line."""
    assert bot.launch().wait() == 2, bot.log()
    log = bot.log()
    assert log.count("\n") == 1, log
    return log.strip()


def keep_in(bot: BotProcess, file: str) -> None:
    """Let a bot's database be another file."""
    config = bot.home / "config.toml"
    config.write_text(config.read_text(encoding="utf-8").replace("telegram.sqlite3", file), encoding="utf-8")


@pytest.mark.parametrize(
    ("secrets", "settings", "said"),
    [
        ({}, {}, "there is no token: set QA_BOT_TELEGRAM__TOKEN to the one"),
        ({"token": "7000000001:Another-token_of-nobody-whatsoever"}, {}, "Telegram refuses the token: ask @BotFather"),
        ({}, {"token_file": "nowhere"}, "the secret in "),
        (None, {"mode": "webhook", "webhook_url": "http://127.0.0.1:1/hook"}, "a webhook needs a secret: set QA_BOT_"),
    ],
    ids=["no token", "a refused token", "no file", "a webhook without a secret"],
)
def test_what_is_missing_is_said(
    make_bot: MakeBot, secrets: dict[str, str] | None, settings: dict[str, str], said: str
) -> None:
    """One line on stderr says what is wrong and how to mend it, and the exit code is 2."""
    assert refused(make_bot(secrets=secrets, **settings)).startswith(f"qa-bot: {said}")


def test_there_is_one_bot_to_a_database(make_bot: MakeBot) -> None:
    """A second process says so and ends; the first one goes on."""
    first = make_bot().start()
    second = make_bot("second")
    database = first.home / "telegram.sqlite3"
    keep_in(second, str(database))

    assert refused(second) == f"qa-bot: another bot is at work with {database}: stop it first"
    assert first.stop() == 0


def is_folder(file: Path) -> None:
    """Put a folder where the database should be."""
    file.mkdir()


def is_rubbish(file: Path) -> None:
    """Put something else there."""
    file.write_bytes(b"no database, but long enough to be taken for one" * 100)


def is_newer(file: Path) -> None:
    """Put the database of a later version there."""
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()


@pytest.mark.parametrize("spoil", [is_folder, is_rubbish, is_newer])
def test_an_unusable_database_is_named(make_bot: MakeBot, spoil: Callable[[Path], None]) -> None:
    """Nothing is started, and the file stays as it is."""
    bot = make_bot()
    file = bot.home / "telegram.sqlite3"
    spoil(file)

    assert refused(bot).startswith(f"qa-bot: what the Telegram bot remembers cannot be kept in {file} (")


def test_a_folder_that_is_none_is_named(make_bot: MakeBot) -> None:
    """Where no file can be, not even the lock, one line says so."""
    bot = make_bot()
    keep_in(bot, "config.toml/telegram.sqlite3")

    assert refused(bot).startswith("qa-bot: what the Telegram bot remembers cannot be kept in ")


def test_without_documents_it_says_so(make_bot: MakeBot) -> None:
    """An index that cannot be opened ends the start in one line."""
    bot = make_bot()
    (bot.home / "embeddings" / "CURRENT").write_text("generation-77\n", encoding="utf-8")

    assert refused(bot).startswith("qa-bot: ")


def test_buttons_have_their_words() -> None:
    """The helper that reads keyboards reads none where there is none."""
    assert buttons({}) == []
