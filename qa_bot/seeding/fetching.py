"""Pages of the web, fetched with manners: robots.txt, patience between requests, conditional requests, and limits."""

import importlib.metadata
import itertools
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import httpcore
from httpx import URL, Headers

from qa_bot.config import Fetching
from qa_bot.errors import SeedingError
from qa_bot.seeding.addresses import parse_address, shown
from qa_bot.seeding.network import Deadline, Network
from qa_bot.seeding.robots import EVERYTHING, LONGEST_ROBOTS, ROBOT, Rules, rules_of
from qa_bot.seeding.unpacking import unpack

USER_AGENT = f"{ROBOT}/{importlib.metadata.version('qa-bot')}"
ACCEPTED = "text/html, application/xhtml+xml, application/pdf, text/plain, application/xml;q=0.9, */*;q=0.8"
MOST_REDIRECTS = 5

OK = 200
NOT_MODIFIED = 304
REDIRECTS = {301, 302, 303, 307, 308}


@dataclass(frozen=True, slots=True)
class State:
    """What a server called the state of a page that it sent."""

    etag: str | None = None
    last_modified: str | None = None

    @classmethod
    def told(cls, headers: Headers) -> "State":
        """Take the state out of a response, as far as it can be sent back."""
        return cls(_sendable(headers.get("ETag")), _sendable(headers.get("Last-Modified")))

    def conditions(self) -> dict[str, str]:
        """Give the headers that ask for a page unless it is still in this state."""
        # What is stored may be of an older version, which kept whatever came, or of a hand that mended the file.
        told = {"If-None-Match": _sendable(self.etag), "If-Modified-Since": _sendable(self.last_modified)}
        return {name: value for name, value in told.items() if value}


def _sendable(value: str | None) -> str | None:
    """Give the value of a header if a request can carry it: servers send more than that."""
    can_be_sent = value is not None and value.isascii() and value.isprintable() and value == value.strip()
    return value if can_be_sent else None


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it came, and the address that it came from in the end."""

    url: URL
    raw: bytes
    media_type: str
    charset: str
    state: State


@dataclass(frozen=True, slots=True)
class _Response:
    url: URL
    status: int
    headers: Headers
    body: bytes


class Fetcher:
    """Fetches pages, one after the other; it remembers when it asked whom, and what their robots.txt say."""

    def __init__(
        self, settings: Fetching, network: Network | None = None, *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        """Keep to these settings."""
        self._settings = settings
        self._network = network or Network(allow_private=settings.allow_private)
        self._sleep = sleep
        self._rules: dict[str, Rules] = {}
        self._asked: dict[str, float] = {}

    def fetch(self, url: URL, known: State | None = None) -> Page | None:
        """Fetch a page.

        Args:
            url: its address.
            known: the state of it that is there already.

        Returns:
            The page, or ``None`` if it is still in the state that is known.

        Raises:
            SeedingError: it cannot be had; the message is the predicate of a sentence about the page.

        """
        headers = {"Accept": ACCEPTED, "Accept-Encoding": "gzip", **(known.conditions() if known else {})}
        response = self._follow(url, headers, self._be_polite, self._body)
        if response.status == NOT_MODIFIED and known is not None:
            return None
        if response.status != OK:
            msg = f"cannot be had: its server answers {response.status}"
            raise SeedingError(msg)
        media_type, charset = _content_type(response.headers.get("Content-Type", ""))
        return Page(response.url, response.body, media_type, charset, State.told(response.headers))

    def _body(self, status: int, headers: Headers, chunks: Iterable[bytes]) -> bytes:
        if status != OK:
            return b""
        return unpack(chunks, headers.get("Content-Encoding", "").strip().lower(), max_mb=self._settings.max_mb)

    def _follow(
        self,
        url: URL,
        headers: dict[str, str],
        before: Callable[[URL], None],
        read: Callable[[int, Headers, Iterable[bytes]], bytes],
    ) -> _Response:
        """Ask, and go where the response sends us; each address is checked as the first one was."""
        left = self._settings.seconds
        for hop in itertools.count():
            try:
                before(url)
                started = time.monotonic()
                response = self._ask(url, headers, left, read)
            except SeedingError as exc:
                if not hop:
                    raise
                msg = f"leads to {shown(str(url))}, which {exc}"
                raise SeedingError(msg) from exc
            if response.status not in REDIRECTS:
                return response
            if hop == MOST_REDIRECTS:
                break
            left -= time.monotonic() - started
            url = _target(response)
        msg = f"is redirected more than {MOST_REDIRECTS} times"
        raise SeedingError(msg)

    def _ask(
        self,
        url: URL,
        headers: dict[str, str],
        seconds: float,
        read: Callable[[int, Headers, Iterable[bytes]], bytes],
    ) -> _Response:
        sent = Headers({"User-Agent": USER_AGENT, **headers}).raw
        try:
            with self._network.get(url, sent, Deadline.after(seconds)) as response:
                received = Headers(response.headers)
                return _Response(
                    url, response.status, received, read(response.status, received, response.iter_stream())
                )
        except httpcore.TimeoutException as exc:
            msg = f"took longer than the {self._settings.seconds:g} s allowed: raise seconds under [fetching] in config.toml"
            raise SeedingError(msg) from exc
        except (httpcore.NetworkError, httpcore.ProtocolError) as exc:
            reason = str(exc) or "the connection broke off"
            msg = f"cannot be reached ({reason})"
            raise SeedingError(msg) from exc

    def _be_polite(self, url: URL) -> None:
        """Make sure that a page may be fetched, and that its host was not asked just now."""
        rules = self._rules_for(url)
        refusal = rules.refusal(str(url))
        if refusal:
            raise SeedingError(refusal)
        pause = max(self._settings.delay_seconds, rules.delay)
        remaining = self._asked.get(url.host, -pause) + pause - time.monotonic()
        if remaining > 0 and url.host in self._asked:
            self._sleep(remaining)
        self._asked[url.host] = time.monotonic()

    def _rules_for(self, url: URL) -> Rules:
        if not self._settings.robots:
            return EVERYTHING
        place = url.copy_with(raw_path=b"/robots.txt")
        if str(place) not in self._rules:
            try:
                response = self._follow(place, {"Accept-Encoding": "identity"}, _everywhere, _first_bytes)
            except SeedingError as exc:
                self._rules[str(place)] = Rules(fault=str(exc))
            else:
                self._rules[str(place)] = rules_of(response.status, response.body)
        return self._rules[str(place)]


def _everywhere(_url: URL) -> None:
    """Ask for a robots.txt without further ado."""


def _first_bytes(_status: int, _headers: Headers, chunks: Iterable[bytes]) -> bytes:
    return b"".join(_until(chunks, LONGEST_ROBOTS))


def _until(chunks: Iterable[bytes], enough: int) -> Iterator[bytes]:
    for chunk in chunks:
        yield chunk
        enough -= len(chunk)
        if enough < 0:
            return


def _target(response: _Response) -> URL:
    location = response.headers.get("Location", "")
    try:
        return parse_address(location, base=response.url)
    except SeedingError as exc:
        msg = f"leads to {shown(location)!r}, which {exc}"
        raise SeedingError(msg) from exc


def _content_type(header: str) -> tuple[str, str]:
    """Take the media type and the encoding of text out of a header: ``text/html; charset=utf-8``."""
    media_type, *parameters = (part.strip() for part in header.split(";"))
    charset = next((part[len("charset=") :] for part in parameters if part.lower().startswith("charset=")), "")
    return media_type.lower(), charset.strip("\"' ").lower()
