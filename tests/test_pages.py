"""Pages of the web become documents that know where they came from."""

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path

import pytest
from seeding import Seedbed
from web import Reply, Web, redirect, text

from qa_bot.limits import Limits
from qa_bot.reading import scan
from qa_bot.reading.suffixes import SUFFIXES
from qa_bot.seeding.folder import digest_of

TEA = "The tea is served at four.\n"


def name(web: Web, page: str) -> str:
    """Give the name of a document from this web."""
    return f"{web.host}/{page}"


def test_a_page_is_added_with_its_origin(seedbed: Seedbed, web: Web) -> None:
    """Its address in the end is the source of its document; when it came, and in which state, is kept."""
    web.pages |= {
        "/short": redirect("/news/tea?id=1&utm_source=x#part"),
        "/news/tea?id=1&utm_source=x": text(TEA, ETag='"1"'),
    }

    assert seedbed.do("add", web.url("/short")) == (0, f"added {name(web, 'news-tea-id=1.txt')}\n", "")
    [(document, origin)] = seedbed.origins().items()
    fetched = dt.datetime.fromisoformat(origin.pop("fetched"))
    assert (document, origin) == (
        name(web, "news-tea-id=1.txt"),
        {"digest": digest_of(TEA.encode()), "url": web.url("/news/tea?id=1"), "etag": '"1"', "aliases": [web.url("/short")]},
    )  # fmt: skip
    assert dt.timedelta() <= dt.datetime.now(dt.UTC) - fetched < dt.timedelta(seconds=30)
    [file] = scan(seedbed.seeds, Limits())
    assert file.read().source == web.url("/news/tea?id=1")


def test_the_same_page_is_there_once(seedbed: Seedbed, web: Web) -> None:
    """By whatever address; what changed takes its place, and another page of the same name gets a number."""
    web.pages |= {
        "/tea": text(TEA, ETag='"1"'),
        "/tee": redirect("/tea"),
        "/tea.txt": text("Another.\n"),
        "/mirror": text(TEA, ETag='"2"'),
    }
    seedbed.do("add", web.url("/tea"))

    tea = name(web, "tea.txt")
    assert seedbed.do("add", web.url("/tee"))[1] == f"already there: {web.url('/tee')} is {tea}\n"
    assert seedbed.do("add", web.url("/mirror"))[1] == f"already there: {web.url('/mirror')} is {tea}\n"
    assert seedbed.origins()[tea]["etag"] == '"1"'
    assert seedbed.do("add", web.url("/tea.txt"))[1] == f"added {name(web, 'tea-2.txt')}\n"
    web.pages["/tea"] = text("At five.\n")
    assert seedbed.do("add", web.url("/tee"))[1] == f"changed {tea}\n"
    assert seedbed.files() == {tea: "At five.\n", name(web, "tea-2.txt"): "Another.\n"}
    assert seedbed.origins()[tea]["aliases"] == [web.url("/tee"), web.url("/mirror")]


def test_a_file_that_is_there_gets_its_origin(seedbed: Seedbed, web: Web, tmp_path: Path) -> None:
    """A page that somebody saved by hand is known again."""
    (tmp_path / "tea.txt").write_text(TEA)
    web.pages["/tea"] = text(TEA)
    seedbed.do("add", tmp_path / "tea.txt")

    assert seedbed.do("add", web.url("/tea"))[1] == f"already there: {web.url('/tea')} is tea.txt\n"
    assert seedbed.origins()["tea.txt"]["url"] == web.url("/tea")


def test_what_was_changed_here_is_kept(seedbed: Seedbed, web: Web) -> None:
    """A page does not take the place of what somebody made of it, unless that is wanted."""
    web.pages["/tea"] = text(TEA)
    seedbed.do("add", web.url("/tea"), "--into", "kitchen")
    (seedbed.seeds / "kitchen" / "tea.txt").write_text("Corrected.\n")
    web.pages["/tea"] = text("At five.\n")

    reason = "would take the place of kitchen/tea.txt, which was changed here since it was fetched: say --replace"
    assert seedbed.do("add", web.url("/tea")) == (2, "", f"qa-bot: refused {web.url('/tea')}: {reason}\n")
    assert seedbed.do("add", "--replace", web.url("/tea"))[1] == "changed kitchen/tea.txt\n"
    assert seedbed.files() == {"kitchen/tea.txt": "At five.\n"}
    assert seedbed.do("remove", "--undo")[1] == "put back kitchen/tea.txt\n"
    assert seedbed.files() == {"kitchen/tea.txt": "Corrected.\n"}


def test_what_was_broken_here_can_be_replaced(seedbed: Seedbed, web: Web) -> None:
    """A document that cannot be read any more is no reason to refuse the page."""
    web.pages["/tea"] = text(TEA)
    seedbed.do("add", web.url("/tea"), "--into", "kitchen")
    (seedbed.seeds / "kitchen" / "tea.txt").write_text(" \n")

    assert seedbed.do("add", "--replace", web.url("/tea"))[1:] == ("changed kitchen/tea.txt\n", "")
    assert seedbed.files() == {"kitchen/tea.txt": TEA}


def test_what_a_page_was_is_not_kept(seedbed: Seedbed, web: Web) -> None:
    """A page that only changed where it came from leaves nothing behind, however often it is fetched."""
    web.pages["/tea"] = text(TEA)
    seedbed.do("add", web.url("/tea"))
    web.pages["/tea"] = text("At five.\n")

    assert seedbed.do("add", web.url("/tea"))[1] == f"changed {name(web, 'tea.txt')}\n"
    assert seedbed.do("remove", "--undo") == (2, "", "qa-bot: nothing was removed that could be put back\n")


def test_a_page_that_only_looks_different_stays(seedbed: Seedbed, web: Web) -> None:
    """Where the words are the same the document stays as it was."""
    web.pages["/tea"] = text(TEA, ETag='"1"')
    seedbed.do("add", web.url("/tea"))
    web.pages["/tea"] = Reply(TEA.replace("\n", "\r\n").encode(), headers={"Content-Type": "text/plain", "ETag": '"2"'})

    assert seedbed.do("add", web.url("/tea"))[1] == f"already there: {web.url('/tea')} is {name(web, 'tea.txt')}\n"
    assert (seedbed.seeds / name(web, "tea.txt")).read_bytes() == TEA.encode()
    assert seedbed.origins()[name(web, "tea.txt")]["etag"] == '"2"'


def test_a_page_of_another_type(seedbed: Seedbed, web: Web) -> None:
    """What a page was is set aside when it becomes something that its name cannot hold."""
    web.pages["/tea"] = text(TEA)
    seedbed.do("add", web.url("/tea"))
    web.pages["/tea"] = text("# Tea\n\nAt four.\n", Content_Type="text/markdown")

    assert seedbed.do("add", web.url("/tea"))[1] == f"added {name(web, 'tea.md')}\n"
    assert list(seedbed.files()) == list(seedbed.origins()) == [name(web, "tea.md")]
    assert seedbed.do("remove", "--undo")[1] == f"put back {name(web, 'tea.txt')}\n"


def test_pages_that_are_refused(seedbed: Seedbed, web: Web) -> None:
    """Each in one line, without its password; the others are added."""
    web.pages |= {
        "/robots.txt": text("User-agent: qa_bot\nDisallow: /closed"),
        "/tea": text(TEA),
        "/picture": Reply(b"\x89PNG", headers={"Content-Type": "image/png"}),
        "/empty": text(" "),
        "/closed": text("closed"),
    }
    addresses = [web.url(path) for path in ("/picture", "/empty", "/closed", "/none", "/tea")]
    code, out, err = seedbed.do("add", *addresses, f"http://joe:secret@{web.host}:{web.port}/tea", "ftp://e.org/a")

    assert (code, out) == (2, f"added {name(web, 'tea.txt')}\n")
    lines = err.splitlines()
    assert lines[0] == f"qa-bot: refused {addresses[0]}: is image/png, no format that is read"
    assert lines[1:] == [
        f"qa-bot: refused {addresses[1]}: is empty: put text into it, or remove it",
        f"qa-bot: refused {addresses[2]}: may not be fetched, says the robots.txt of its host",
        f"qa-bot: refused {addresses[3]}: cannot be had: its server answers 404",
        f"qa-bot: refused {web.url('/tea')}: comes with a name or password, which would be kept: leave them out",
        "qa-bot: refused ftp://e.org/a: is no address on the web: write https://…",
        f"qa-bot: formats that are read: {', '.join(SUFFIXES)}",
    ]
    assert "secret" not in (seedbed.seeds / ".origins.json").read_text()


def test_private_addresses_are_refused_by_default(seedbed: Seedbed, web: Web) -> None:
    """Out of the box nobody reaches this machine."""
    seedbed.configure("delay_seconds = 0\n")
    code, out, err = seedbed.do("add", web.url("/tea"))

    assert (code, out) == (2, "")
    assert "that is at 127.0.0.1, an address of a private network: if you trust it, set allow_private under" in err
    assert web.asked == []


@pytest.mark.parametrize(
    ("told", "date"),
    [
        ("Wed, 25 Nov 2015 10:00:00 GMT", "2015-11-25"),
        ("Wed, 25 Nov 2999 10:00:00 GMT", None),
        ("Wed, 25 Nov 1066 10:00:00 GMT", None),
        ("yesterday", None),
    ],
)
def test_a_page_is_as_old_as_its_server_says(seedbed: Seedbed, web: Web, told: str, date: str | None) -> None:
    """That is its day where the text names none; a time that cannot be is not believed."""
    web.pages["/tea"] = text(TEA, Last_Modified=told)
    seedbed.do("add", web.url("/tea"))
    [file] = scan(seedbed.seeds, Limits())

    assert file.read().day == (date or dt.datetime.now(dt.UTC).date().isoformat())


def test_damaged_origins_stop_the_writing(seedbed: Seedbed, web: Web) -> None:
    """They are not lost by it; the page is not stored without them."""
    web.pages["/tea"] = text(TEA)
    (seedbed.seeds / ".origins.json").write_text("{")
    code, out, err = seedbed.do("add", web.url("/tea"))

    assert (code, out) == (2, "")
    assert err.startswith(
        f"qa-bot: {seedbed.seeds}/.origins.json, which says where documents came from, cannot be read ("
    )
    assert seedbed.files() == {}
    assert (seedbed.seeds / ".origins.json").read_text() == "{"


def test_what_is_written_in_another_encoding(seedbed: Seedbed, web: Web) -> None:
    """An encoding that only the server names is understood."""
    web.pages["/a"] = Reply(
        "Чай подают в четыре часа дня.".encode("cp1251"), headers={"Content-Type": "text/plain; charset=cp1251"}
    )
    seedbed.do("add", web.url("/a"))
    [file] = scan(seedbed.seeds, Limits())

    assert file.read().text == "Чай подают в четыре часа дня."


def test_a_citation_names_the_address(seedbed: Seedbed, web: Web) -> None:
    """From the page to the answer, as its user sees it."""
    web.pages["/tea"] = text("The garden\n\nThe tea is served at four o'clock in the garden.\n")
    done = seedbed.run("add", web.url("/tea"))
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (
        0, "generation 1: 1 added, 0 changed, 0 removed, 0 kept, 0 refused, 2 paragraphs encoded",
    )  # fmt: skip
    answer = json.loads(seedbed.run("ask", "When is the tea served?", "--json").stdout)

    assert answer["excerpts"][0]["source"] == web.url("/tea")
    assert answer["excerpts"][0]["document"] == name(web, "tea.txt")


@pytest.mark.parametrize("command", ["add", "remove", "fetch"])
def test_help_needs_nothing(command: str) -> None:
    """Help comes without a network library or a model."""
    code = f"import sys; from qa_bot.cli import main; main(['{command}', '--help'], standalone_mode=False); "
    code += "sys.exit(str({'httpx', 'httpcore', 'pydantic', 'numpy', 'feedparser'} & set(sys.modules) or ''))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.stdout.startswith("Usage: ")
    assert done.stderr.strip() == ""
