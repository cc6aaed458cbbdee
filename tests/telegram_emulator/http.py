"""The emulated server behind a real line: HTTP on this machine, on a port that is free."""

import contextlib
import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from telegram_emulator.core import Emulator, Reply, reply_of
from telegram_emulator.errors import ApiError, worded
from telegram_emulator.parameters import Upload

Form = tuple[dict[str, Any], dict[str, Upload]]


class Server(ThreadingHTTPServer):
    """Listens, and knows the lines that are open so that it can hang up."""

    daemon_threads = False
    # A bot opens many lines at once.
    request_queue_size = 128

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.lines: set[socket.socket] = set()
        self.closed = False
        super().__init__(("127.0.0.1", 0), Line)

    def hang_up(self) -> None:
        """Close all lines, and take no new ones."""
        with self.emulator.state.changed:
            self.closed = True
            for line in self.lines:
                hang_up(line)


class Line(BaseHTTPRequestHandler):
    """One line of a bot, over which requests come one after another."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    server: Server

    def setup(self) -> None:
        """Note the line."""
        super().setup()
        with self.server.emulator.state.changed:
            self.server.lines.add(self.connection)
            if self.server.closed:
                hang_up(self.connection)

    def finish(self) -> None:
        """Forget the line."""
        with self.server.emulator.state.changed:
            self.server.lines.discard(self.connection)
        # What is left to be sent to a bot that was killed stays here; the library would then leave the other direction open.
        with contextlib.closing(self.rfile), contextlib.suppress(ConnectionError):
            super().finish()

    def handle(self) -> None:
        """Serve the line until one end hangs up, be it in the middle of something."""
        try:
            super().handle()
        except ConnectionError:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        """Write nothing: a test reads the calls instead."""

    def do_GET(self) -> None:
        """Answer a request for a file, or a method with its parameters in the address."""
        self._answer()

    def do_POST(self) -> None:
        """Answer a method with its parameters in the body."""
        self._answer()

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        address = urlsplit(self.path)
        values, files = read_form(self.headers.get("Content-Type") or "", body)
        values = dict(parse_qsl(address.query, keep_blank_values=True)) | values
        parts = unquote(address.path).strip("/").split("/", 2)
        self._send(answer(self.server.emulator, parts, values, files))

    def _send(self, reply: Reply) -> None:
        if reply.dropped:
            self.close_connection = True
            hang_up(self.connection)
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)


def hang_up(line: socket.socket) -> None:
    """Close a line at both ends."""
    try:
        line.shutdown(socket.SHUT_RDWR)
    except OSError:
        # The other end was quicker.
        return


def answer(emulator: Emulator, parts: list[str], values: dict[str, Any], files: dict[str, Upload]) -> Reply:
    """Find out what an address asks for: ``bot<token>/<method>`` or ``file/bot<token>/<path>``."""
    match parts:
        case ["file", bot, path] if bot.startswith("bot"):
            return emulator.file(bot.removeprefix("bot"), path)
        case [bot, method] if bot.startswith("bot") and ":" in bot:
            return emulator.handle(bot.removeprefix("bot"), method, values, files)
    return reply_of(ApiError(404, worded(404, "")))


def read_form(content_type: str, body: bytes) -> Form:
    """Read parameters in any form in which a bot may send them."""
    kind, _, rest = content_type.partition(";")
    if kind == "application/json":
        return dict(json.loads(body or b"{}")), {}
    if kind == "multipart/form-data":
        return read_parts(rest.partition("boundary=")[2].strip('"').encode(), body)
    return dict(parse_qsl(body.decode(), keep_blank_values=True)), {}


def read_parts(boundary: bytes, body: bytes) -> Form:
    """Read a form of several parts, of which some are files."""
    values: dict[str, Any] = {}
    files = {}
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary)[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        lines = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        headers = {name.lower(): value for name, value in lines.items()}
        fields = dict(field.split("=", 1) for field in headers["content-disposition"].split("; ")[1:])
        name = fields["name"].strip('"')
        if "filename" in fields:
            files[name] = Upload(fields["filename"].strip('"'), content, headers.get("content-type", ""))
        else:
            values[name] = content.decode()
    return values, files


class HttpServer:
    """Serves an emulator over HTTP while it is entered; a bot in another process is told ``base_url``."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self._server = Server(emulator)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="Telegram", daemon=True)

    @property
    def address(self) -> str:
        """Give where the server is found."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def base_url(self) -> str:
        """Give what stands before the token in the address of a method."""
        return f"{self.address}/bot"

    @property
    def base_file_url(self) -> str:
        """Give what stands before the token in the address of a file."""
        return f"{self.address}/file/bot"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.emulator.close()
        self._server.hang_up()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
