"""The line to the emulator: addresses, tokens, forms, headers, and what breaks on the way."""

import http.client
import json
import subprocess
import sys
import threading
from typing import Any
from urllib.parse import urlsplit

import pytest
from telegram_emulator import faults
from telegram_emulator.core import Emulator
from telegram_emulator.http import HttpServer

Json = dict[str, Any]
FORM = "application/x-www-form-urlencoded"
PARTS = b"\r\n".join(
    [
        b"--x",
        b'Content-Disposition: form-data; name="chat_id"',
        b"",
        b"%d",
        b"--x",
        b'Content-Disposition: form-data; name="document"; filename="a.txt"',
        b"Content-Type: text/plain",
        b"",
        b"\r\n--\r\n",
        b"--x--",
        b"",
    ]
)


class Client:
    """The plainest client, which shows what comes over the line."""

    def __init__(self, server: HttpServer) -> None:
        self.address = urlsplit(server.address)

    def ask(self, path: str, body: bytes | None = None, kind: str = FORM) -> tuple[int, bytes, http.client.HTTPMessage]:
        """Ask once over a line of its own."""
        line = http.client.HTTPConnection(str(self.address.hostname), self.address.port, timeout=10)
        try:
            line.request("GET" if body is None else "POST", path, body, {"Content-Type": kind})
            with line.getresponse() as answer:
                return answer.status, answer.read(), answer.headers
        finally:
            line.close()


@pytest.fixture
def client(server: HttpServer) -> Client:
    """Give a client of the server."""
    return Client(server)


def test_a_wrong_address_or_token_is_refused(emulator: Emulator, client: Client) -> None:
    """A token of the right form with 401, all else with 404."""
    answers = [
        client.ask(path)[:2]
        for path in (f"/bot{emulator.token}/getMe", "/bot1:wrong/getMe", "/botwrong/getMe", "/", "/file/bot1:wrong/x")
    ]
    unauthorised = b'{"ok": false, "error_code": 401, "description": "Unauthorized"}'
    not_found = b'{"ok": false, "error_code": 404, "description": "Not Found"}'

    assert answers[0][0] == 200
    assert answers[1:] == [(401, unauthorised), (404, not_found), (404, not_found), (404, not_found)]


def test_parameters_come_in_any_form(emulator: Emulator, client: Client) -> None:
    """In the address, as a form, as JSON, or in parts with files."""
    ann = emulator.person("Ann")
    ann.says("Hello")
    path = f"/bot{emulator.token}/sendMessage"
    client.ask(f"{path}?chat_id={ann.id}&text=in+the+address")
    client.ask(path, f"chat_id={ann.id}&text=%C3%A9%26".encode())
    client.ask(path, json.dumps({"chat_id": ann.id, "text": "JSON"}).encode(), "application/json")
    client.ask(f"/bot{emulator.token}/sendDocument", PARTS % ann.id, 'multipart/form-data; boundary="x"')

    assert emulator.answers(ann) == ["in the address", "é&", "JSON", ""]
    document = emulator.shown(ann)[-1]["document"]
    assert document["file_name"] == "a.txt"
    assert emulator.state.files[document["file_id"]].content == b"\r\n--\r\n"


def test_a_flood_is_told_in_the_header_too(emulator: Emulator, client: Client) -> None:
    """And in the parameters."""
    emulator.faults.plan("*", faults.flood(3))
    status, body, headers = client.ask(f"/bot{emulator.token}/getMe")

    assert (status, headers["Retry-After"]) == (429, "3")
    assert json.loads(body) == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 3",
        "parameters": {"retry_after": 3},
    }


def test_a_gateway_answers_in_html(emulator: Emulator, client: Client) -> None:
    """As gateways do."""
    emulator.faults.plan("getMe", faults.bad_gateway())
    status, body, headers = client.ask(f"/bot{emulator.token}/getMe")
    assert (status, headers["Content-Type"], body[:6]) == (502, "text/html", b"<html>")


def test_half_an_answer_is_no_json(emulator: Emulator, client: Client) -> None:
    """But half of it."""
    whole = client.ask(f"/bot{emulator.token}/getMe")[1]
    emulator.faults.plan("getMe", faults.truncated())
    assert client.ask(f"/bot{emulator.token}/getMe")[:2] == (200, whole[: len(whole) // 2])


def test_a_connection_breaks(emulator: Emulator, client: Client) -> None:
    """Before or after the work is done, which the client cannot tell."""
    ann = emulator.person("Ann")
    ann.says("Hello")
    for fault in (faults.dropped_before(), faults.dropped_after()):
        emulator.faults.plan("sendMessage", fault)
        with pytest.raises(http.client.RemoteDisconnected):
            client.ask(f"/bot{emulator.token}/sendMessage", f"chat_id={ann.id}&text=x".encode())
    assert emulator.answers(ann) == ["x"]


def test_a_request_is_held_until_the_gate_opens(emulator: Emulator, client: Client) -> None:
    """Nothing is done before."""
    ann = emulator.person("Ann")
    ann.says("Hello")
    gate = threading.Event()
    emulator.faults.plan("sendMessage", faults.held(gate))
    asking = threading.Thread(
        target=client.ask, args=(f"/bot{emulator.token}/sendMessage", f"chat_id={ann.id}&text=x".encode())
    )
    asking.start()
    emulator.wait_until(lambda: emulator.calls_of("sendMessage"))
    assert emulator.answers(ann) == []
    gate.set()
    assert emulator.wait_for_answers(ann) == ["x"]
    asking.join()


def test_a_fault_strikes_only_what_it_is_meant_for(emulator: Emulator) -> None:
    """So many times, and only where its condition holds."""
    ann = emulator.person("Ann")
    ann.says("Hello")
    emulator.faults.plan("sendMessage", faults.server_error(503), times=2, when=lambda asked: asked["text"] == "x")
    codes = [emulator.ask("sendMessage", chat_id=ann.id, text=text).get("error_code") for text in "yxxx"]
    assert codes == [None, 503, 503, None]


def test_closing_the_server_ends_what_is_held() -> None:
    """And hangs up on clients that keep their line."""
    with Emulator() as emulator, HttpServer(emulator) as server:
        address = urlsplit(server.address)
        idle = http.client.HTTPConnection(str(address.hostname), address.port, timeout=10)
        idle.request("GET", f"/bot{emulator.token}/getMe")
        idle.getresponse().read()
        emulator.faults.plan("getMe", faults.held(threading.Event()))
        waiting = [http.client.HTTPConnection(str(address.hostname), address.port, timeout=10) for _ in range(2)]
        waiting[0].request("GET", f"/bot{emulator.token}/getUpdates?timeout=50")
        waiting[1].request("GET", f"/bot{emulator.token}/getMe")
        emulator.wait_for_poll()
        emulator.wait_until(lambda: len(emulator.calls_of("getMe")) == 2)
    for line in [idle, *waiting]:
        line.close()
    assert emulator.calls_of("getUpdates")[0].done


def test_a_bot_in_another_process_finds_the_server(emulator: Emulator, server: HttpServer) -> None:
    """It is told two addresses and the token."""
    ann = emulator.person("Ann")
    program = (
        "import asyncio, sys, telegram\n"
        "async def main(token, base_url):\n"
        "    async with telegram.Bot(token, base_url=base_url) as bot:\n"
        "        [update] = await bot.get_updates(timeout=20)\n"
        "        await update.message.reply_text(update.message.text.upper())\n"
        "asyncio.run(main(*sys.argv[1:]))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, emulator.token, server.base_url], env={"NO_PROXY": "*"}
    ) as bot:
        emulator.wait_for_poll(timeout=30)
        ann.says("cell")
        assert emulator.wait_for_answers(ann) == ["CELL"]
        assert bot.wait(10) == 0
