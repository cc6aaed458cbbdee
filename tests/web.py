"""A web of one's own: a real HTTP server on this machine whose pages a test sets at will."""

import contextlib
import gzip
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

import pytest
from httpx import URL

from qa_bot.config import Fetching
from qa_bot.errors import SeedingError
from qa_bot.seeding.fetching import Fetcher


@dataclass(frozen=True)
class Reply:
    """What the server sends for an address.

    ``chunks`` are sent one by one, ``pause`` is called before each; ``unframed`` likewise, and in place of all else.
    """

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "text/plain; charset=utf-8"})
    chunks: tuple[bytes, ...] = ()
    unframed: tuple[bytes, ...] = ()
    pause: Callable[[], object] = lambda: None


def text(words: str, **headers: str) -> Reply:
    """Make a plain text."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(words.encode(), headers={"Content-Type": "text/plain; charset=utf-8"} | named)


def redirect(target: str, status: int = 302) -> Reply:
    """Send somebody elsewhere."""
    return Reply(status=status, headers={"Location": target})


def packed(raw: bytes, packing: str = "gzip") -> Reply:
    """Make a plain text that gzip has packed."""
    return Reply(gzip.compress(raw), headers={"Content-Type": "text/plain", "Content-Encoding": packing})


class Web:
    """Serves the pages it is given, and notes who asked for what; robots.txt is missing unless it is a page."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        """Start serving at a port of its own."""
        self.pages: dict[str, Reply] = {}
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self._server = ThreadingHTTPServer((host, 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self.host, self.port = host, self._server.server_port

    @property
    def server(self) -> ThreadingHTTPServer:
        """The server, whose socket a test may wrap before the first request."""
        return self._server

    def url(self, path: str = "/") -> str:
        """Give the address of a page."""
        return f"http://{self.host}:{self.port}{path}"

    def pages_asked(self) -> list[str]:
        """List the paths that were asked for, without those of robots.txt."""
        return [path for path in self.asked if path != "/robots.txt"]

    def __enter__(self) -> Self:
        """Serve."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Serve no longer."""
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                web.asked.append(self.path)
                web.headers.append({name.lower(): value for name, value in self.headers.items()})
                reply = web.pages.get(self.path, Reply(status=404))
                if self.headers.get("If-None-Match") == reply.headers.get("ETag", "none"):
                    reply = Reply(status=304)
                # The other side may have heard enough.
                with contextlib.suppress(OSError):
                    self._send(reply)

            def _send(self, reply: Reply) -> None:
                if reply.unframed:
                    self._write(reply.unframed, reply.pause)
                    return
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                if not reply.chunks:
                    self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)
                self._write(reply.chunks, reply.pause)

            def _write(self, chunks: Iterable[bytes], pause: Callable[[], object]) -> None:
                for chunk in chunks:
                    pause()
                    self.wfile.write(chunk)

            def log_message(self, *_arguments: object) -> None:
                """Keep quiet."""

        return Handler


def fetcher(**settings: float | bool) -> Fetcher:
    """Make a fetcher that may ask this machine, and need not wait."""
    return Fetcher(Fetching.model_validate({"allow_private": True, "delay_seconds": 0} | settings))


def refusal(web: Web, path: str = "/a", **settings: float | bool) -> str:
    """Fetch a page that cannot be had, and say why."""
    with pytest.raises(SeedingError) as caught:
        fetcher(**settings).fetch(URL(web.url(path)))
    return str(caught.value).replace(web.url(""), "")
