"""Pages of the web are fetched with manners and within limits; the web is a server on this machine."""

import gzip
import time
import tracemalloc
import zlib

import pytest
from httpx import URL
from web import Reply, Web, fetcher, packed, redirect, refusal, text

from qa_bot.errors import SeedingError
from qa_bot.seeding.fetching import USER_AGENT, State
from qa_bot.seeding.unpacking import unpacked_file


def test_a_page_comes_as_it_is(web: Web) -> None:
    """Its bytes, type, encoding and state come with the address that it has in the end; we say who we are."""
    web.pages["/a"] = Reply(
        "café".encode("latin-1"),
        headers={"Content-Type": 'Text/Plain; Charset="ISO-8859-1"', "ETag": '"1"', "Last-Modified": "yesterday"},
    )
    page = fetcher().fetch(URL(web.url("/a")))

    assert page is not None
    assert (str(page.url), page.raw, page.media_type) == (web.url("/a"), b"caf\xe9", "text/plain")
    assert (page.charset, page.state) == ("iso-8859-1", State('"1"', "yesterday"))
    assert web.headers[-1] == {
        "host": f"127.0.0.1:{web.port}", "user-agent": USER_AGENT, "accept-encoding": "gzip",
        "accept": "text/html, application/xhtml+xml, application/pdf, text/plain, application/xml;q=0.9, */*;q=0.8",
    }  # fmt: skip
    assert USER_AGENT.startswith("qa_bot/")


def test_what_is_known_is_asked_for_conditionally(web: Web) -> None:
    """A page in a state that is known does not come again; in another one it does. No cookie is ever sent back."""
    web.pages["/a"] = text("one", ETag='"1"', Set_Cookie="a=b")
    known = State('"1"', "yesterday")
    one = fetcher()

    assert one.fetch(URL(web.url("/a")), known) is None
    assert (web.headers[-1]["if-none-match"], web.headers[-1]["if-modified-since"]) == ('"1"', "yesterday")
    web.pages["/a"] = text("two", ETag='"2"')
    page = one.fetch(URL(web.url("/a")), known)
    assert page is not None
    assert (page.raw, page.state) == (b"two", State('"2"', None))
    assert "cookie" not in web.headers[-1]


@pytest.mark.parametrize("told", ["café", "a\x85b", "a\tb"])
def test_states_that_no_request_can_carry(web: Web, told: str) -> None:
    """They are not kept; one that was kept before is not sent. The page comes whole each time."""
    web.pages["/a"] = text("one", ETag=f'"{told}"', Last_Modified=told)
    one = fetcher()

    page = one.fetch(URL(web.url("/a")), State(f'"{told}"', f" {told} "))
    assert page is not None
    assert (page.raw, page.state) == (b"one", State())
    assert not {"if-none-match", "if-modified-since"} & web.headers[-1].keys()
    assert one.fetch(URL(web.url("/a")), State(" spaced ", "yesterday")) is not None
    assert "if-none-match" not in web.headers[-1]
    assert web.headers[-1]["if-modified-since"] == "yesterday"


def test_redirects_are_followed_five_times(web: Web) -> None:
    """The sixth is one too many; the page has the address where it was found, without the fragment."""
    web.pages |= {f"/{n}": redirect(f"{n + 1}#part", [301, 302, 303, 307, 308, 301][n]) for n in range(6)}
    web.pages["/5"] = text("here")
    page = fetcher().fetch(URL(web.url("/0")))

    assert page is not None
    assert (str(page.url), page.raw) == (web.url("/5"), b"here")
    web.pages["/5"] = redirect("/0")
    assert refusal(web, "/0") == "is redirected more than 5 times"
    assert web.pages_asked() == ["/0", "/1", "/2", "/3", "/4", "/5"] * 2


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("ftp://example.org/a", "leads to 'ftp://example.org/a', which is no address on the web: write https://…"),
        ("file:///etc/passwd", "leads to 'file:///etc/passwd', which is no address on the web: write https://…"),
        (
            "http://joe:secret@example.org/",
            "leads to 'http://example.org/', which comes with a name or password, which would be kept: leave them out",
        ),
        ("http://e.org:x/", "leads to 'http://e.org:x/', which is no address on the web: write https://…"),
    ],
    ids=["ftp", "file", "password", "nonsense"],
)
def test_redirects_are_checked_like_addresses(web: Web, target: str, reason: str) -> None:
    """They lead to http and https only, and never to credentials."""
    web.pages["/a"] = redirect(target)

    assert refusal(web) == reason


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(b"x" * 200_001), "has more than the 0.2 MB allowed: raise max_mb under [fetching] in config.toml"),
        (Reply(chunks=(b"x" * 50_000,) * 5), "has more than the 0.2 MB allowed: raise max_mb under [fetching] in config.toml"),
        (packed(b"x" * 200_001), "has more than the 0.2 MB allowed: raise max_mb under [fetching] in config.toml"),
        (packed(b"x", "br"), "is packed by 'br', which was not asked for"),
        (
            Reply(b"no gzip", headers={"Content-Encoding": "gzip"}),
            "is damaged, and cannot be unpacked (Error -3 while decompressing data: incorrect header check)",
        ),
        (
            Reply(gzip.compress(b"x" * 999)[:-9], headers={"Content-Encoding": "gzip"}),
            "broke off before it was complete: try again",
        ),
        (
            Reply(b"short", headers={"Content-Length": "99"}, chunks=(b"",)),
            "cannot be reached (peer closed connection without sending complete message body (received 5 bytes, expected 99))",
        ),
        (Reply(status=404), "cannot be had: its server answers 404"),
        (Reply(status=304), "cannot be had: its server answers 304"),
        (Reply(status=500), "cannot be had: its server answers 500"),
        (redirect(""), "is redirected more than 5 times"),
    ],
    ids=["huge", "endless", "bomb", "brotli", "no gzip", "half", "cut", "missing", "304", "broken", "itself"],
)  # fmt: skip
def test_what_cannot_be_had(web: Web, reply: Reply, reason: str) -> None:
    """Each is refused in a sentence of its own."""
    web.pages["/a"] = reply

    assert refusal(web, max_mb=0.2) == reason


def test_several_packed_parts_are_one_page(web: Web) -> None:
    """As for gunzip; and what fits exactly is taken."""
    web.pages["/a"] = Reply(gzip.compress(b"one ") + gzip.compress(b"two"), headers={"Content-Encoding": "x-gzip"})
    page = fetcher(max_mb=0.000007).fetch(URL(web.url("/a")))

    assert page is not None
    assert page.raw == b"one two"


def test_a_bomb_is_not_unpacked(web: Web) -> None:
    """Half a gigabyte in half a megabyte is given up at the limit, in little memory, in one piece or in many."""
    packer = zlib.compressobj(1, wbits=zlib.MAX_WBITS | 16)
    bomb = b"".join(packer.compress(bytes(1_000_000)) for _ in range(500)) + packer.flush()
    web.pages["/a"] = Reply(bomb, headers={"Content-Encoding": "gzip"})
    tracemalloc.start()
    reason = refusal(web, max_mb=1)
    with pytest.raises(SeedingError, match="has more than the 1 MB allowed"):
        unpacked_file(bomb, max_mb=1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert reason.startswith("has more than the 1 MB allowed")
    assert peak < 10_000_000


@pytest.mark.parametrize(
    "reply",
    [
        Reply(chunks=(b"x",) * 100, pause=lambda: time.sleep(0.05)),
        Reply(unframed=(b"HTTP/1.1 200 OK\r\nX: ", *[b"x"] * 100), pause=lambda: time.sleep(0.05)),
        Reply(unframed=(b"",), pause=lambda: time.sleep(2)),
    ],
    ids=["body", "headers", "silence"],
)
def test_who_trickles_is_left(web: Web, reply: Reply) -> None:
    """A page takes no longer than is allowed, however it passes the time."""
    web.pages["/a"] = reply
    started = time.monotonic()

    assert (
        refusal(web, seconds=0.4) == "took longer than the 0.4 s allowed: raise seconds under [fetching] in config.toml"
    )
    assert time.monotonic() - started < 4


def test_redirects_share_the_time(web: Web) -> None:
    """All hops together take no longer than is allowed."""
    for number in range(5):
        head = f"HTTP/1.1 302 Found\r\nLocation: /{number + 1}\r\nContent-Length: 0\r\n\r\n"
        web.pages[f"/{number}"] = Reply(unframed=(head.encode(),), pause=lambda: time.sleep(0.25))

    assert refusal(web, "/0", seconds=0.4) == (
        "leads to /1, which took longer than the 0.4 s allowed: raise seconds under [fetching] in config.toml"
    )


@pytest.mark.parametrize(
    "unframed",
    [
        b"\x00\xff" * 500,
        b"HTTP/9 what\r\n\r\n",
        b"220 smtp.example.org ESMTP\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 99_999,
    ],
    ids=["noise", "another protocol", "mail", "endless headers"],
)
def test_who_speaks_no_http(web: Web, unframed: bytes) -> None:
    """What is no HTTP is said so."""
    web.pages["/a"] = Reply(unframed=(unframed,))

    assert refusal(web).startswith("cannot be reached (")


def test_who_does_not_listen(web: Web) -> None:
    """A port where nobody is, and a name that nobody has, are said so."""
    url = web.url("/a")
    web.__exit__(None, None, None)
    with pytest.raises(SeedingError, match=r"^cannot be reached \(\[Errno 111\] Connection refused\)$"):
        fetcher(robots=False).fetch(URL(url))
    with pytest.raises(SeedingError, match=r"^cannot be reached \(.*\)$"):
        fetcher(robots=False).fetch(URL("http://nobody.invalid/"))
