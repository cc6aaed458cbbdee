"""Updates that are sent to the bot: with a secret, in order, again and again, and with answers that ask for something."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from telegram_emulator.core import Emulator

Json = dict[str, Any]


class Receiver(ThreadingHTTPServer):
    """A bot's end of a webhook: answers with what it is told to, and remembers what it got."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.got: list[tuple[str | None, Json]] = []
        self.answers: list[tuple[int, dict[str, str], bytes]] = []
        super().__init__(("127.0.0.1", 0), Hook)

    @property
    def url(self) -> str:
        """Give the address for ``setWebhook``."""
        return f"http://127.0.0.1:{self.server_port}/hook"

    def texts(self) -> list[str]:
        """Give what was said in the messages that came."""
        return [update["message"]["text"] for _, update in self.got]

    def wait_for(self, count: int) -> None:
        """Wait until so many updates came."""
        self.emulator.wait_until(lambda: len(self.got) >= count)


class Hook(BaseHTTPRequestHandler):
    """Takes one update."""

    server: Receiver

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        """Write nothing."""

    def do_POST(self) -> None:
        """Remember the update and answer."""
        update = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.server.emulator.state.changed:
            self.server.got.append((self.headers["X-Telegram-Bot-Api-Secret-Token"], update))
            status, headers, body = self.server.answers.pop(0) if self.server.answers else (200, {}, b"")
            self.server.emulator.state.changed.notify_all()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def receiver(emulator: Emulator) -> Iterator[Receiver]:
    """Give a bot that listens."""
    with Receiver(emulator) as receiver:
        thread = threading.Thread(target=receiver.serve_forever, args=(0.05,))
        thread.start()
        yield receiver
        receiver.shutdown()
        thread.join()


def pending(emulator: Emulator) -> int:
    """Count the updates that have not arrived."""
    return int(emulator.ask("getWebhookInfo")["result"]["pending_update_count"])


def test_updates_arrive_with_the_secret(emulator: Emulator, receiver: Receiver) -> None:
    """Also those that waited; each once."""
    ann = emulator.person("Ann")
    ann.says("one")
    emulator.ask("setWebhook", url=receiver.url, secret_token="S3cret_-")  # noqa: S106 - a secret of this test
    ann.says("two")
    receiver.wait_for(2)
    emulator.wait_until(lambda: not pending(emulator))

    assert receiver.texts() == ["one", "two"]
    assert [secret for secret, _ in receiver.got] == ["S3cret_-"] * 2
    info = emulator.ask("getWebhookInfo")["result"]
    assert info == {
        "url": receiver.url,
        "has_custom_certificate": False,
        "pending_update_count": 0,
        "max_connections": 40,
    }


def test_what_does_not_arrive_is_sent_again(emulator: Emulator, receiver: Receiver) -> None:
    """After one second, then two; the same chat's next update waits, another chat's does not."""
    ann, ben = emulator.person("Ann"), emulator.person("Ben")
    receiver.answers = [(500, {}, b""), (404, {}, b"")]
    emulator.ask("setWebhook", url=receiver.url)
    ann.says("one")
    emulator.wait_until(lambda: "last_error_message" in emulator.ask("getWebhookInfo")["result"])
    ann.says("two")
    emulator.pass_time(1)
    receiver.wait_for(2)
    emulator.wait_until(lambda: "404" in emulator.ask("getWebhookInfo")["result"]["last_error_message"])
    ben.says("three")
    receiver.wait_for(3)
    assert receiver.texts() == ["one", "one", "three"]
    emulator.pass_time(2)
    receiver.wait_for(5)
    assert receiver.texts() == ["one", "one", "three", "one", "two"]


def test_the_bot_may_ask_for_a_pause(emulator: Emulator, receiver: Receiver) -> None:
    """And gets it, up to an hour."""
    ann = emulator.person("Ann")
    receiver.answers = [(503, {"Retry-After": "100"}, b"")]
    emulator.ask("setWebhook", url=receiver.url)
    ann.says("one")
    emulator.wait_until(lambda: "last_error_message" in emulator.ask("getWebhookInfo")["result"])
    [waiting] = emulator.state.queue.pending()
    assert 99 < waiting.not_before - emulator.state.clock.now() <= 100
    emulator.pass_time(100)
    receiver.wait_for(2)


def test_no_pause_is_longer_than_it_may_be(emulator: Emulator, receiver: Receiver) -> None:
    """A minute of the server's own accord, an hour if the bot asks for more."""
    emulator.ask("setWebhook", url=receiver.url)
    receiver.answers = [(500, {}, b"")] * 8 + [(503, {"Retry-After": "9999"}, b"")]
    emulator.person("Ann").says("one")
    pauses = []
    for count in range(1, 10):
        receiver.wait_for(count)
        emulator.wait_until(lambda: emulator.state.queue.pending()[0].not_before > emulator.state.clock.now())
        pauses.append(round(emulator.state.queue.pending()[0].not_before - emulator.state.clock.now()))
        emulator.pass_time(pauses[-1])
    receiver.wait_for(10)

    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 3600]


def test_an_address_that_is_gone_is_given_up_after_a_day(emulator: Emulator, receiver: Receiver) -> None:
    """Almost a day: 23 hours."""
    receiver.answers = [(410, {}, b"")] * 2
    emulator.ask("setWebhook", url=receiver.url)
    emulator.person("Ann").says("one")
    emulator.wait_until(lambda: emulator.state.webhook.gone_since)
    emulator.pass_time(23 * 3600)
    emulator.wait_until(lambda: emulator.ask("getWebhookInfo")["result"]["url"] == "")
    assert len(receiver.got) == 2


def test_the_answer_may_ask_for_a_method(emulator: Emulator, receiver: Receiver) -> None:
    """Nobody is told how it went."""
    ann = emulator.person("Ann")
    method = {"method": "sendMessage", "chat_id": ann.id, "text": "Cells are small."}
    receiver.answers = [(200, {"Content-Type": "application/json"}, json.dumps(method).encode())]
    emulator.ask("setWebhook", url=receiver.url)
    ann.says("one")
    assert emulator.wait_for_answers(ann) == ["Cells are small."]


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"url": "x"}, "invalid webhook URL specified"),
        ({"url": "http://example.org/"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "https://example.org:8080/"}, "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"),
        ({"url": "https://example.org/", "secret_token": "x" * 257}, "secret token is too long"),
        ({"url": "https://example.org/", "secret_token": "a b"}, "secret token contains unallowed characters"),
    ],
)
def test_a_webhook_is_refused(emulator: Emulator, parameters: Json, words: str) -> None:
    """And none is set."""
    assert emulator.ask("setWebhook", **parameters)["description"] == f"Bad Request: {words}"
    assert emulator.ask("getWebhookInfo")["result"]["url"] == ""


def test_a_webhook_is_deleted(emulator: Emulator) -> None:
    """What waits may be forgotten, or polled for afterwards."""
    ann = emulator.person("Ann")
    emulator.ask("setWebhook", url="https://localhost:8443/")
    ann.says("one")
    emulator.ask("deleteWebhook")
    assert len(emulator.ask("getUpdates")["result"]) == 1
    emulator.ask("setWebhook", url="", drop_pending_updates=True)
    assert pending(emulator) == 0


def test_a_webhook_is_set_once_in_a_second(emulator: Emulator) -> None:
    """A second one must wait; it may be deleted at any time."""
    webhook = {"url": "https://example.org/hook"}
    assert emulator.ask("setWebhook", **webhook)["ok"]
    refused = emulator.ask("setWebhook", **webhook)
    assert (refused["error_code"], refused["parameters"]) == (429, {"retry_after": 1})
    assert refused["description"] == "Too Many Requests: retry after 1"
    assert emulator.ask("deleteWebhook")["ok"]
    emulator.pass_time(1)

    assert emulator.ask("setWebhook", **webhook)["ok"]
