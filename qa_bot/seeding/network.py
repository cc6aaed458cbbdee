"""Connections to the web: to public addresses only, and never for longer than was allowed.

A host's name is looked up once, and what was looked up is what is connected to: between check and connection a name
cannot come to mean another machine. TLS and the request still name the host.
"""

import contextlib
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import httpcore
from httpx import URL, create_ssl_context

from qa_bot.errors import SeedingError

# Gives the addresses of a host, given its name and a port. Raises `OSError`.
Resolver = Callable[[str, int], Iterable[str]]
# All addresses of version 6 that have been given to anybody, and those that stand for one of version 4 in their last bits.
GIVEN = ipaddress.IPv6Network("2000::/3")
TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
# Where the machines of one large provider are told their secrets over version 6.
SECRETS = ipaddress.IPv6Address("fd00:ec2::254")


def resolve(host: str, port: int) -> list[str]:
    """Look a host up. Raises `OSError`."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def is_public(address: str) -> bool:
    """Whether an address belongs to the public internet: not to this machine, a local network, or nobody."""
    parsed = ipaddress.ip_address(address)
    if isinstance(parsed, ipaddress.IPv6Address) and parsed not in GIVEN and parsed not in TRANSLATED:
        return False
    return all(map(_is_public, (parsed, *_hidden(parsed))))


def _hidden(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    """Give the addresses of version 4 that one of version 6 leads to."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    last = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ()), last if address in TRANSLATED else None]
    return [part for part in found if part is not None]


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return address.is_global and not address.is_multicast


def is_link_local(address: str) -> bool:
    """Whether an address is that of a neighbour on the same wire, where machines are told their secrets (169.254.169.254)."""
    parsed = ipaddress.ip_address(address)
    return parsed == SECRETS or any(part.is_link_local for part in (parsed, *_hidden(parsed)))


@dataclass(frozen=True, slots=True)
class Deadline:
    """The time at which something must be over."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        """Give the time that is so many seconds from now."""
        return cls(time.monotonic() + seconds)

    def remaining(self, asked: float | None = None) -> float:
        """Give the seconds that are left, or those asked for if they are fewer. Raises `httpcore.TimeoutException`."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return left if asked is None else min(asked, left)


class _TimedStream(httpcore.NetworkStream):
    """A connection each of whose steps ends with the deadline: one that lasts by trickling ends too."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.remaining(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.remaining(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._deadline.remaining(timeout)
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


class _CheckedBackend(httpcore.SyncBackend):
    """Connects to the allowed addresses of a host."""

    def __init__(self, network: "Network", deadline: Deadline) -> None:
        self._network = network
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception | None = None
        for address in self._network.addresses(host, port):
            try:
                left = self._deadline.remaining(timeout)
                stream = super().connect_tcp(address, port, left, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as exc:
                failure = exc
            else:
                return _TimedStream(stream, self._deadline)
        raise failure or httpcore.ConnectError


class Network:
    """The web, as far as it may be reached."""

    def __init__(
        self, *, allow_private: bool, lookup: Resolver = resolve, allowed: Callable[[str], bool] = is_public
    ) -> None:
        """Say what may be reached.

        Args:
            allow_private: whether every address may, but for those that hold no documents anywhere.
            lookup: gives the addresses of a host.
            allowed: whether an address may be connected to, unless all may.

        """
        self._allow_private = allow_private
        self._lookup = lookup
        self._allowed = allowed
        self._tls: ssl.SSLContext | None = None

    def addresses(self, host: str, port: int) -> list[str]:
        """Look a host up, and give those of its addresses that may be connected to.

        Raises:
            SeedingError: none of them may; the message is the predicate of a sentence about the page.
            httpcore.ConnectError: there is no such host.

        """
        try:
            found = list(self._lookup(host, port))
        except (OSError, UnicodeError) as exc:
            raise httpcore.ConnectError(exc) from exc
        kept = [address for address in found if self._may_be_reached(address)]
        if found and not kept and all(map(is_link_local, found)):
            msg = f"is at {found[0]}, where machines are told their secrets: nothing is fetched from there"
            raise SeedingError(msg)
        if found and not kept:
            msg = (
                f"is at {found[0]}, an address of a private network: if you trust it, set allow_private under [fetching] in "
                "config.toml"
            )
            raise SeedingError(msg)
        return kept

    def _may_be_reached(self, address: str) -> bool:
        return self._allowed(address) or (self._allow_private and not is_link_local(address))

    @contextlib.contextmanager
    def get(self, url: URL, headers: Iterable[tuple[bytes, bytes]], deadline: Deadline) -> Iterator[httpcore.Response]:
        """Ask for a page; its body is read from the response while it comes.

        Raises:
            SeedingError: the address may not be connected to.
            httpcore.TimeoutException: it took too long.
            httpcore.NetworkError, httpcore.ProtocolError: the connection failed, or what came is no HTTP.

        """
        if self._tls is None:
            self._tls = create_ssl_context()
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        backend = _CheckedBackend(self, deadline)
        with (
            httpcore.ConnectionPool(ssl_context=self._tls, network_backend=backend) as pool,
            pool.stream("GET", target, headers=[(b"Host", url.netloc), *headers]) as response,
        ):
            yield response
