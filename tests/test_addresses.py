"""Which addresses are fetched, and what the pages become that are found there."""

import pytest

from qa_bot.errors import SeedingError
from qa_bot.seeding.addresses import parse_address
from qa_bot.seeding.media_types import as_utf8, suffix_of

FORMATS = (".txt", ".md", ".markdown", ".html", ".pdf")


@pytest.mark.parametrize(
    ("written", "parsed"),
    [
        (" https://Example.ORG:443/a b#part ", "https://example.org/a%20b"),
        ("http://münchen.de/ä?q=ö", "http://xn--mnchen-3ya.de/%C3%A4?q=%C3%B6"),
        ("http://example.org/../../etc", "http://example.org/etc"),
    ],
)
def test_addresses_are_spelt_alike(written: str, parsed: str) -> None:
    """Whatever somebody types."""
    assert str(parse_address(written)) == parsed


@pytest.mark.parametrize(
    "written",
    ["", "story.html", "ftp://example.org", "javascript:alert(1)", "http://", "https:///a", "http://joe@example.org/",
     "http://joe:secret@example.org", "http://\ud800/", "http://example.org:x/", "http://e.org/" + "a" * 2000, "data:,x",
     "http://0177.0.0.1/", "http://xn--/"],
)  # fmt: skip
def test_what_is_no_address(written: str) -> None:
    """It is refused before anybody is asked; a password is never repeated."""
    with pytest.raises(SeedingError) as caught:
        parse_address(written)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("media_type", "path", "suffix"),
    [
        ("text/html", "/story", ".html"), ("text/html", "/story.pdf", ".html"), ("application/xhtml+xml", "/a", ".html"),
        ("application/pdf", "/", ".pdf"), ("text/plain", "/a", ".txt"), ("text/plain", "/notes.md", ".md"),
        ("text/plain", "/a.exe", ".txt"), ("text/markdown", "/a", ".md"), ("application/octet-stream", "/a.PDF", ".pdf"),
        ("", "/a.txt", ".txt"),
    ],
)  # fmt: skip
def test_the_suffix_follows_the_type(media_type: str, path: str, suffix: str) -> None:
    """Only where a server says nothing of a page the address tells."""
    assert suffix_of(media_type, path, FORMATS) == suffix


@pytest.mark.parametrize(
    ("media_type", "path", "named"),
    [("image/png", "/a.txt", "image/png"), ("application/octet-stream", "/a", "application/octet-stream"),
     ("", "/a", "of no type that is told"), ("application/epub+zip", "/a.epub", "application/epub+zip")],
)  # fmt: skip
def test_other_types_are_refused(media_type: str, path: str, named: str) -> None:
    """What is no format that is read stays where it is."""
    with pytest.raises(SeedingError) as caught:
        suffix_of(media_type, path, FORMATS)
    assert str(caught.value) == f"is {named}, no format that is read"


@pytest.mark.parametrize(
    ("raw", "charset", "stored"),
    [
        ("Привет".encode("cp1251"), "windows-1251", "Привет".encode("utf-8-sig")),
        ("Привет".encode(), "utf-8", "Привет".encode()),
        ("Привет".encode(), "iso-8859-1", "Привет".encode().decode("latin-1").encode("utf-8-sig")),
        (b"plain", "us-ascii", b"plain"),
        (b"\xff", "utf-8", b"\xff"),
        (b"caf\xe9", "no-such-encoding", b"caf\xe9"),
        (b"caf\xe9", "", b"caf\xe9"),
    ],
)
def test_text_is_kept_as_its_server_says(raw: bytes, charset: str, stored: bytes) -> None:
    """An encoding that only the server names is not lost; what it names wrongly is left as it came."""
    assert as_utf8(raw, "text/plain", charset) == stored
    assert as_utf8(raw, "application/pdf", charset) == raw
