"""Names of documents: safe whatever they are made of, and readable."""

import os
import unicodedata
from pathlib import Path, PurePosixPath

import pytest
from httpx import URL, InvalidURL
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qa_bot.seeding.addresses import name_of_page
from qa_bot.seeding.names import LONGEST_NAME, numbered, safe_name, safe_path

SUFFIXES = (".html", ".htm", ".txt", ".md")
# Any bytes, as Python spells file names that are made of them; and any text, lone surrogates among it.
any_text = st.binary(max_size=300).map(os.fsdecode) | st.text(st.characters(), max_size=300)
nasty = st.lists(st.sampled_from(["..", "/", "\\", ".", "\0", "\u202e", "a", "é", "~", "CON", " ", "-", "\n"])).map(
    "".join
)


def assert_safe(part: str) -> None:
    """Check one part of a path."""
    assert part
    assert part not in {".", ".."}
    assert not part.startswith((".", "-", " "))
    assert not part.endswith((".", " "))
    assert not set(part) & set('/\\:*?"<>|')
    assert len(part.encode()) <= LONGEST_NAME
    assert not [sign for sign in part if unicodedata.category(sign)[0] == "C"]


@given(any_text | nasty, st.sampled_from([None, "", ".html"]))
@example("0.CON", "")
@example("con", None)
@example("0/.0", "")
@settings(max_examples=300)
def test_names_are_safe(wish: str, suffix: str | None) -> None:
    """Whatever a name is made of, it is one visible part of a path, of a length that every file system takes."""
    name = safe_name(wish, suffix=suffix)

    assert_safe(name)
    assert name.endswith(suffix or "")
    assert safe_name(name) == name


@given(any_text | nasty)
def test_paths_stay_inside(wish: str) -> None:
    """No path leads out of the folder that it is below."""
    path = safe_path(wish)

    assert not path.is_absolute()
    for part in path.parts:
        assert_safe(part)
    inside = Path(os.path.normpath(Path("/seeds") / path))
    assert inside == Path("/seeds") / path


@given(any_text | nasty, any_text | nasty, any_text)
def test_pages_have_safe_names(host: str, path: str, query: str) -> None:
    """Whatever address it has, a page is a file in a folder."""
    try:
        url = URL(f"http://{host}/{path}?{query}")
    except (InvalidURL, ValueError):
        return
    name = name_of_page(url, ".html", SUFFIXES)

    assert len(name.parts) == 2
    for part in name.parts:
        assert_safe(part)
    assert name.suffix == ".html"


@pytest.mark.parametrize(
    ("wish", "name"),
    [
        ("Annual report 2025.PDF", "Annual report 2025.PDF"),
        ("Отчёт за год.docx", "Отчёт за год.docx"),
        ("年報.txt", "年報.txt"),
        ("cafe\u0301.md", "café.md"),
        ("../../etc/passwd", "etc-passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        (".bashrc", "bashrc"),
        ("a\nb\tc\0d.txt", "a b c d.txt"),
        ("invoice\u202efdp.exe", "invoice fdp.exe"),
        ("a\u00a0b\u200bc.txt", "a b c.txt"),
        ("con.txt", "con-.txt"),
        ("--replace", "replace"),
        ("x.tar.gz", "x.tar.gz"),
        ("...", "document"),
        ("", "document"),
    ],
)
def test_names_stay_readable(wish: str, name: str) -> None:
    """Letters of all scripts and ordinary blanks stay; what a file system or a shell would mistake does not."""
    assert safe_name(wish) == name


def test_long_names_are_told_apart() -> None:
    """They are cut between characters, keep their suffix, and differ if they did."""
    one, other = safe_name("ж" * 300 + "a.txt"), safe_name("ж" * 300 + "b.txt")

    assert one != other
    assert one.startswith("жжж")
    assert one.endswith(".txt")
    assert LONGEST_NAME - 1 <= len(one.encode()) <= LONGEST_NAME


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://www.example.org/news/2025/11/strike.html", "example.org/news-2025-11-strike.html"),
        ("https://example.org/news/strike/", "example.org/news-strike.html"),
        ("https://example.org", "example.org/index.html"),
        ("https://example.org/story.php?id=7&page=2", "example.org/story.php-id=7&page=2.html"),
        ("http://xn--mnchen-3ya.de/%C3%9Cber%20uns", "münchen.de/Über uns.html"),
        ("http://[::1]:8080/a", "1/a.html"),
        ("http://example.org/%2e%2e/%2e%2e/etc/passwd", "example.org/etc-passwd.html"),
        ("http://example.org/a%2F..%2Fb%00.txt", "example.org/a..-b.html"),
    ],
)
def test_pages_are_named_after_their_addresses(address: str, name: str) -> None:
    """The host is the folder, the path the name."""
    assert name_of_page(URL(address), ".html", SUFFIXES) == PurePosixPath(name)


def test_numbers_tell_names_apart() -> None:
    """The first has none."""
    path = PurePosixPath("example.org/story.html")

    assert numbered(path, 1) == path
    assert numbered(path, 2) == PurePosixPath("example.org/story-2.html")
