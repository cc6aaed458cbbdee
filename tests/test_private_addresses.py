"""Private addresses are not asked unless they are allowed, whatever name or redirect leads there."""

import re
import ssl
from pathlib import Path

import pytest
import trustme
from httpx import URL
from web import Web, redirect, text

from qa_bot.config import Fetching
from qa_bot.errors import SeedingError
from qa_bot.seeding.fetching import Fetcher
from qa_bot.seeding.network import Network, is_public


def test_a_redirect_to_a_private_address_is_not_followed(web: Web) -> None:
    """Each hop is checked on the address that it is about to connect to; the other machine is never asked."""
    with Web("127.0.0.2") as private:
        private.pages["/secret"] = text("secret")
        web.pages["/a"] = redirect(private.url("/secret"))
        network = Network(allow_private=False, allowed=lambda address: address == "127.0.0.1")
        with pytest.raises(SeedingError) as caught:
            Fetcher(Fetching(delay_seconds=0), network).fetch(URL(web.url("/a")))

        assert str(caught.value) == (
            f"leads to {private.url('/secret')}, which may not be fetched, since the robots.txt of its host cannot be: "
            "that is at 127.0.0.2, an address of a private network: if you trust it, set allow_private under [fetching] "
            "in config.toml"
        )
        assert private.asked == []


def test_a_name_is_looked_up_once_for_each_connection(web: Web) -> None:
    """What was checked is what is connected to: a name that means another machine the next moment gains nothing."""
    answers: list[list[str]] = [["127.0.0.1"], ["127.0.0.9"]]
    asked: list[tuple[str, int]] = []

    def lookup(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return answers[len(asked) - 1]

    web.pages["/a"] = text("here")
    network = Network(allow_private=False, lookup=lookup, allowed=lambda address: address == "127.0.0.1")
    one = Fetcher(Fetching(delay_seconds=0, robots=False), network)
    url = URL(f"http://rebinding.example:{web.port}/a")

    page = one.fetch(url)
    assert page is not None
    assert page.raw == b"here"
    assert web.headers[-1]["host"] == f"rebinding.example:{web.port}"
    with pytest.raises(SeedingError, match=r"^is at 127\.0\.0\.9, an address of a private network"):
        one.fetch(url)
    assert asked == [("rebinding.example", web.port)] * 2


@pytest.mark.parametrize(
    "address",
    ["169.254.169.254", "fe80::1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::", "fd00:ec2::254"],
)
def test_where_machines_are_told_their_secrets_nothing_is_fetched(address: str) -> None:
    """Not even where private networks are allowed, which a page on the web could lead into."""
    network = Network(allow_private=True, lookup=lambda _host, _port: [address])

    reason = f"is at {address}, where machines are told their secrets: nothing is fetched from there"
    with pytest.raises(SeedingError, match=f"^{re.escape(reason)}$"):
        network.addresses("metadata.example", 80)


def test_a_host_that_is_elsewhere_too_can_be_allowed() -> None:
    """Where one of its addresses is only private, the message says how to allow that."""
    network = Network(allow_private=False, lookup=lambda _host, _port: ["10.0.0.1", "169.254.0.7"])
    with pytest.raises(SeedingError, match=r"^is at 10\.0\.0\.1, an address of a private network: if you trust it"):
        network.addresses("several.example", 80)

    trusting = Network(allow_private=True, lookup=lambda _host, _port: ["10.0.0.1", "169.254.0.7"])
    assert trusting.addresses("several.example", 80) == ["10.0.0.1"]


def test_the_first_allowed_address_that_answers_is_taken(web: Web) -> None:
    """A host with several addresses is reached at one that is allowed and alive."""
    web.pages["/a"] = text("here")
    network = Network(
        allow_private=False,
        lookup=lambda _host, _port: ["10.0.0.1", "127.0.0.3", "127.0.0.1"],
        allowed=lambda address: address.startswith("127."),
    )
    page = Fetcher(Fetching(delay_seconds=0), network).fetch(URL(f"http://several.example:{web.port}/a"))

    assert page is not None
    assert page.raw == b"here"


def test_tls_is_checked_by_the_name_of_the_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection goes to the address that was checked, the certificate is that of the name; another one's is refused."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("news.example").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    network = Network(allow_private=True, lookup=lambda _host, _port: ["127.0.0.1"])
    with Web() as web:
        web.server.socket = context.wrap_socket(web.server.socket, server_side=True)
        web.pages["/a"] = text("safe")
        one = Fetcher(Fetching(delay_seconds=0), network)
        page = one.fetch(URL(f"https://news.example:{web.port}/a"))
        with pytest.raises(SeedingError, match="certificate verify failed: Hostname mismatch"):
            Fetcher(Fetching(robots=False), network).fetch(URL(f"https://other.example:{web.port}/a"))

    assert page is not None
    assert page.raw == b"safe"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True), ("2606:4700::1111", True), ("64:ff9b::808:808", True),
        ("127.0.0.1", False), ("10.1.2.3", False), ("172.16.0.1", False), ("192.168.1.1", False),
        ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.1", False), ("255.255.255.255", False),
        ("224.0.0.1", False), ("192.0.2.1", False), ("240.0.0.1", False),
        ("::", False), ("::1", False), ("::ffff:127.0.0.1", False), ("::ffff:8.8.8.8", False), ("::127.0.0.1", False),
        ("fe80::1", False), ("fe80::1%1", False), ("fc00::1", False), ("ff0e::1", False), ("64:ff9b::7f00:1", False),
        ("64:ff9b:1::1", False), ("2002:7f00:1::", False), ("2001:0:7f00:1::", False), ("2001:db8::1", False),
    ],
)  # fmt: skip
def test_which_addresses_are_public(address: str, public: bool) -> None:  # noqa: FBT001 - a table
    """Neither this machine nor a local network is, however it is written."""
    assert is_public(address) is public


@pytest.mark.parametrize("host", ["localhost", "127.1", "2130706433", "0x7f000001", "[::1]", "[::ffff:127.0.0.1]", "0"])
def test_this_machine_is_refused_by_whatever_name(host: str, web: Web) -> None:
    """Unless it is allowed; nobody is asked."""
    with pytest.raises(SeedingError, match="an address of a private network"):
        Fetcher(Fetching()).fetch(URL(f"http://{host}:{web.port}/a"))
    assert web.asked == []
