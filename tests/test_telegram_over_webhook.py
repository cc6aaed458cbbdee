"""The bot as a process to which Telegram brings the news."""

import http.client
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from telegram_emulator.faults import held
from telegram_emulator.http import HttpServer
from telegram_emulator.state import FIRST_USER
from telegram_process import PATIENCE, BotProcess, fetch, free_port
from telegram_rules import see_rules_kept
from telegram_story import LEON, OPERATION, converse, press_old_button

from qa_bot.channels.telegram import words

MakeBot = Callable[..., BotProcess]
SECRET = "Secret_of-a-webhook"  # noqa: S105 - it opens nothing
HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
def hooked(telegram: HttpServer, make_bot: MakeBot) -> tuple[BotProcess, int]:
    """Give a bot behind a webhook, not started yet, and its port."""
    port = free_port()
    bot = make_bot(
        monitor_port=free_port(), admins=[FIRST_USER], secrets={"token": telegram.emulator.token, "webhook_secret": SECRET},
        **behind(port),
    )  # fmt: skip
    return bot, port


def behind(port: int) -> dict[str, object]:
    """Give the settings of a bot behind a webhook at a port."""
    return {"mode": "webhook", "webhook_url": f"http://127.0.0.1:{port}/hook", "webhook_port": port}


def bring(port: int, update: dict[str, Any], secret: str | None = SECRET, path: str = "/hook") -> int:
    """Bring news to the bot as Telegram does, or as somebody else might; gives the status."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    headers = {"Content-Type": "application/json"} | ({HEADER: secret} if secret is not None else {})
    try:
        connection.request("POST", path, json.dumps(update).encode(), headers)
        with connection.getresponse() as answer:
            return answer.status
    finally:
        connection.close()


def question(telegram: HttpServer, text: str, number: int) -> dict[str, Any]:
    """Make the update that tells of a question in a private chat, without telling it."""
    ann = telegram.emulator.person("Ann")
    telegram.emulator.state.queue.allow(["callback_query"])
    message = ann.says(text)
    telegram.emulator.state.queue.allow([])
    return {"update_id": number, "message": message}


def test_a_long_conversation(telegram: HttpServer, hooked: tuple[BotProcess, int]) -> None:
    """The same as over polling, with a restart within."""
    emulator, (bot, _) = telegram.emulator, hooked
    ann = emulator.person("Ann")
    bot.start()
    assert emulator.calls_of("getUpdates") == []
    converse(emulator, ann, emulator.person("Ben"))
    assert bot.stop() == 0

    bot.start()
    press_old_button(emulator, ann)
    assert bot.stop() == 0


def test_a_conversation_by_rules(telegram: HttpServer, make_bot: MakeBot) -> None:
    """The same as over polling, with a restart within."""
    see_rules_kept(telegram.emulator, make_bot, secrets={"webhook_secret": SECRET}, **behind(free_port()))


def test_who_does_not_know_the_secret_is_refused(telegram: HttpServer, hooked: tuple[BotProcess, int]) -> None:
    """So is who does not know the address; nothing is written down."""
    bot, port = hooked
    bot.start()
    update = question(telegram, "Who is Bernardino Leon?", 1)

    assert [bring(port, update, secret) for secret in ("Wrong", None, "", SECRET.lower())] == [403] * 4
    assert bring(port, update, path="/else") == 404
    assert bot.accepted() == 0


def test_what_cannot_be_read_is_skipped(telegram: HttpServer, hooked: tuple[BotProcess, int]) -> None:
    """Telegram does not bring it again, and what comes after it is answered; it is counted, and its words are not logged."""
    emulator, (bot, port) = telegram.emulator, hooked
    bot.start()
    ann = emulator.person("Ann")
    with emulator.state.changed:
        emulator.state.tell("message", {"from": ann.user, "text": "These words are nobody's business."}, ann.id)
        ann.says("Who is Bernardino Leon?")

    assert emulator.wait_for_answers(ann, 1, PATIENCE)[0].startswith(LEON)
    assert bring(port, {"update_id": 2, "message": {"text": "These words are nobody's business."}}) == 200
    assert bring(port, {"update_id": 3, "message": {"text": "These words are nobody's business."}}, "Wrong") == 403
    assert "qa_bot_unreadable_updates_total 2.0\n" in fetch(bot.monitor_port, "/metrics")[1]
    assert bot.log().count("an update cannot be read and is skipped (KeyError)") == 2
    assert "nobody's business" not in bot.log()


def test_what_is_accepted_outlives_a_kill(telegram: HttpServer, hooked: tuple[BotProcess, int]) -> None:
    """It is on the disk before the bot says 200; after a restart it is answered, and not once more if it comes again."""
    emulator, (bot, port) = telegram.emulator, hooked
    gate = threading.Event()
    bot.start()
    emulator.faults.plan("sendMessage", held(gate))
    update = question(telegram, "Who is Bernardino Leon?", 7)
    chat = emulator.state.chats[update["message"]["chat"]["id"]]

    assert bring(port, update) == 200
    assert (bot.accepted(), bot.open()) == (1, 1)
    emulator.wait_until(lambda: emulator.calls_of("sendMessage"))
    bot.kill()
    bot.start()
    assert emulator.wait_for_answers(chat, 1, PATIENCE)[0].startswith(f"{words.AGAIN}\n\n{LEON}")
    assert bring(port, update) == 200
    assert bring(port, question(telegram, "To which cities would the operation move on?", 8)) == 200
    emulator.wait_until(lambda: str(emulator.calls_of("sendMessage")[-1].parameters["text"]).startswith(OPERATION))
    assert len(emulator.answers(chat)) == 1
    gate.set()


def test_what_telegram_cannot_bring_waits(telegram: HttpServer, hooked: tuple[BotProcess, int]) -> None:
    """While the bot is away, Telegram tries again; the question is answered once."""
    emulator, (bot, _) = telegram.emulator, hooked
    ann = emulator.person("Ann")
    bot.start()
    bot.kill()
    ann.says("Who is Bernardino Leon?")
    emulator.wait_until(lambda: "last_error_message" in emulator.ask("getWebhookInfo")["result"])
    bot.start()

    assert emulator.wait_for_answers(ann, 1, PATIENCE)[0].startswith(LEON)
    assert bot.stop() == 0
