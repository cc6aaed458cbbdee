"""Feeds and sitemaps are followed: each page once, what changed again, and nothing more often than needed."""

import gzip
import json
from collections.abc import Mapping

import pytest
from seeding import Seedbed
from web import Reply, Web, redirect, text

POLITE = "allow_private = true\ndelay_seconds = 0\n"


def feed(web: Web, *paths: str, updated: Mapping[str, str] | None = None, etag: str = '"feed"') -> Reply:
    """Make an Atom feed of pages."""
    entries = "".join(
        f'<entry><title>x</title><link href="{web.url(path)}"/>'
        + (f"<updated>{updated[path]}</updated>" if updated and path in updated else "")
        + "</entry>"
        for path in paths
    )
    return Reply(
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>{entries}</feed>'.encode(),
        headers={"ETag": etag},
    )


def sitemap(web: Web, *paths: str, kind: str = "urlset") -> bytes:
    """Make a sitemap of pages, or an index of sitemaps."""
    part = {"urlset": "url", "sitemapindex": "sitemap"}[kind]
    entries = "".join(f"<{part}><loc>{web.url(path)}</loc></{part}>" for path in paths)
    return f'<{kind} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</{kind}>'.encode()


@pytest.fixture
def news(seedbed: Seedbed, web: Web) -> Seedbed:
    """Give a project that follows a feed with two articles."""
    seedbed.configure(f'{POLITE}feeds = ["{web.url("/feed")}"]\n')
    web.pages |= {
        "/feed": feed(web, "/one", "/two"),
        "/one": text("Article one.\n", ETag='"1"'),
        "/two": text("Article two.\n", ETag='"2"'),
    }
    return seedbed


def counts(report: Mapping[str, list[object]]) -> tuple[int, int, int, int]:
    """Count what was added, changed, there already, and refused."""
    added, changed, there, refused = (
        len(report[verdict]) for verdict in ("added", "changed", "already_there", "refused")
    )
    return added, changed, there, refused


def test_each_article_comes_once(news: Seedbed, web: Web) -> None:
    """The second run asks whether feed and articles changed, and nothing comes again."""
    assert counts(news.report("fetch")) == (2, 0, 0, 0)
    assert news.files() == {f"{web.host}/one.txt": "Article one.\n", f"{web.host}/two.txt": "Article two.\n"}
    before = len(web.headers)

    assert counts(news.report("fetch")) == (0, 0, 2, 0)
    assert web.asked[before:] == ["/robots.txt", "/feed", "/one", "/two"]
    assert [headers.get("if-none-match") for headers in web.headers[before:]] == [None, '"feed"', '"1"', '"2"']


def test_what_is_new_or_changed_comes(news: Seedbed, web: Web) -> None:
    """New articles are asked for first; one that changed takes the place of what it was."""
    news.report("fetch")
    web.pages |= {
        "/feed": feed(web, "/one", "/two", "/three", etag='"later"'),
        "/two": text("Article two, corrected.\n", ETag='"2b"'),
        "/three": text("Article three.\n"),
    }
    web.asked.clear()

    assert news.do("fetch") == (
        0,
        f"added {web.host}/three.txt\nalready there: {web.url('/one')} is {web.host}/one.txt\nchanged {web.host}/two.txt\n",
        "",
    )
    assert web.pages_asked() == ["/feed", "/three", "/one", "/two"]
    assert news.files()[f"{web.host}/two.txt"] == "Article two, corrected.\n"


def test_articles_are_not_asked_for_without_need(news: Seedbed, web: Web) -> None:
    """Where the feed says when an article changed last, and that was before it came, nobody is asked."""
    updated = {"/one": "2020-01-01T00:00:00Z", "/two": "2999-01-01T00:00:00Z"}
    web.pages["/feed"] = feed(web, "/one", "/two", updated=updated)
    news.report("fetch")
    web.asked.clear()
    news.report("fetch")

    assert web.pages_asked() == ["/feed", "/two"]


def test_what_changed_in_the_second_it_was_fetched_is_asked_for(news: Seedbed, web: Web) -> None:
    """It may have changed after that."""
    news.report("fetch")
    fetched = news.origins()[f"{web.host}/one.txt"]["fetched"]
    web.pages["/feed"] = feed(web, "/one", updated={"/one": fetched}, etag='"later"')
    web.asked.clear()
    news.report("fetch")

    assert web.asked == ["/robots.txt", "/feed", "/one"]


def test_the_same_article_by_several_addresses(news: Seedbed, web: Web) -> None:
    """A redirect, another feed and a tracked address lead to one document; later it is asked for once."""
    web.pages |= {
        "/feed": feed(web, "/r", "/one?utm_source=rss", "/one"),
        "/r": redirect("/one"),
        "/map": Reply(sitemap(web, "/one")),
    }
    news.configure(f'{POLITE}feeds = ["{web.url("/feed")}"]\nsitemaps = ["{web.url("/map")}"]\n')
    report = news.report("fetch")
    assert (counts(report), list(news.files())) == ((1, 0, 1, 0), [f"{web.host}/one.txt"])
    web.asked.clear()

    assert counts(news.report("fetch")) == (0, 0, 1, 0)
    assert len(web.pages_asked()) in {3, 4}


def test_sitemaps_and_their_indexes(seedbed: Seedbed, web: Web) -> None:
    """An index leads to sitemaps, packed ones among them, and a circle ends."""
    web.pages |= {
        "/index.xml": Reply(sitemap(web, "/1.xml", "/2.xml.gz", "/index.xml", kind="sitemapindex")),
        "/1.xml": Reply(sitemap(web, "/one")),
        "/2.xml.gz": Reply(gzip.compress(sitemap(web, "/two")), headers={"Content-Type": "application/gzip"}),
        "/one": text("Article one.\n"),
        "/two": text("Article two.\n"),
    }
    seedbed.configure(f'{POLITE}sitemaps = ["{web.url("/index.xml")}"]\n')

    assert counts(seedbed.report("fetch")) == (2, 0, 0, 0)
    assert web.pages_asked() == ["/index.xml", "/1.xml", "/2.xml.gz", "/one", "/two"]


def test_an_endless_index_ends(seedbed: Seedbed, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sitemaps that lead to ever more are given up, and that is said."""
    monkeypatch.setattr("qa_bot.seeding.collecting.MOST_SITEMAPS", 3)
    for number in range(9):
        web.pages[f"/{number}"] = Reply(sitemap(web, f"/{number + 1}", kind="sitemapindex"))
    seedbed.configure(f'{POLITE}sitemaps = ["{web.url("/0")}"]\n')

    assert seedbed.do("fetch") == (
        2, "", f"qa-bot: refused {web.url('/0')}: leads to more than 3 sitemaps: name some of them\n",
    )  # fmt: skip
    assert web.pages_asked() == ["/0", "/1", "/2"]


def test_one_failure_does_not_stop_the_rest(news: Seedbed, web: Web) -> None:
    """Of feeds or of pages: each is said in one line, the others are there, and the exit code is 2."""
    bomb = gzip.compress(b"\0" * 50_000_000)
    web.pages |= {
        "/down": Reply(status=503),
        "/page": text("<html>"),
        "/bomb": Reply(bomb, headers={"Content-Type": "application/gzip"}),
        "/two": Reply(status=410),
    }
    feeds = ", ".join(f'"{web.url(path)}"' for path in ("/down", "/page", "/feed"))
    news.configure(
        f'{POLITE}max_mb = 1\nfeeds = [{feeds}, "ftp://e.org", "http://joe:secret@e.org/"]\nsitemaps = ["{web.url("/bomb")}"]\n'
    )
    code, out, err = news.do("fetch")

    assert (code, out) == (2, f"added {web.host}/one.txt\n")
    assert err.splitlines() == [
        f"qa-bot: refused {web.url('/down')}: cannot be had: its server answers 503",
        f"qa-bot: refused {web.url('/page')}: is no RSS or Atom feed: check its address",
        "qa-bot: refused ftp://e.org: is no address on the web: write https://…",
        "qa-bot: refused http://e.org/: comes with a name or password, which would be kept: leave them out",
        f"qa-bot: refused {web.url('/bomb')}: has more than the 1 MB allowed: raise max_mb under [fetching] in config.toml",
        f"qa-bot: refused {web.url('/two')}: cannot be had: its server answers 410",
    ]


def test_a_run_has_an_end_and_the_next_goes_on(news: Seedbed, web: Web) -> None:
    """So many pages are asked for in a run; those that are refused do not keep the others from their turn."""
    paths = [f"/{number}" for number in range(6)]
    web.pages["/feed"] = feed(web, *paths)
    web.pages |= {path: text(f"Article {path}.\n") for path in paths[2:]}
    news.configure(f'{POLITE}max_pages = 2\nfeeds = ["{web.url("/feed")}"]\n')
    runs = [news.report("fetch") for _ in range(4)]

    assert [counts(run) for run in runs] == [(0, 0, 0, 2), (2, 0, 0, 0), (2, 0, 0, 0), (0, 0, 0, 2)]
    assert [run["waiting"] for run in runs] == [4] * 4
    assert news.do("fetch")[1].endswith("waiting for the next run (max_pages under [fetching] in config.toml): 4\n")


def test_what_was_removed_or_changed_here_is_left_alone(news: Seedbed, web: Web) -> None:
    """It neither comes back nor is written over, unless it is added by name."""
    news.report("fetch")
    news.do("remove", f"{web.host}/one.txt")
    (news.seeds / web.host / "two.txt").write_text("Corrected.\n")
    web.pages |= {"/one": text("New one.\n"), "/two": text("New two.\n")}
    web.asked.clear()

    assert news.do("fetch") == (0, "left alone, for it was removed or changed here: 2\n", "")
    assert web.pages_asked() == ["/feed"]
    assert news.files() == {f"{web.host}/two.txt": "Corrected.\n"}
    assert news.do("add", web.url("/one"))[1] == f"added {web.host}/one.txt\n"
    assert news.report("fetch")["left_alone"] == 1


def test_nothing_to_fetch(seedbed: Seedbed) -> None:
    """It is said where feeds are named."""
    assert seedbed.do("fetch") == (
        0, "", "qa-bot: nothing to fetch: name feeds or sitemaps under [fetching] in config.toml\n",
    )  # fmt: skip


def test_damaged_notes_are_made_anew(news: Seedbed, web: Web) -> None:
    """What feeds said last is only a shortcut: without it all is asked for again, and still comes once."""
    news.report("fetch")
    (news.seeds / ".listings.json").write_text("{")
    web.headers.clear()

    assert counts(news.report("fetch")) == (0, 0, 2, 0)
    assert "if-none-match" not in web.headers[1]
    assert json.loads((news.seeds / ".listings.json").read_text())["listings"][web.url("/feed")]["state"] == {
        "etag": '"feed"', "last_modified": None,
    }  # fmt: skip


def test_hostile_addresses_in_a_feed(news: Seedbed, web: Web) -> None:
    """Neither files nor private machines are reached through a feed, nor does a name leave the folder."""
    hostile = ("file:///etc/passwd", "javascript:alert(1)", f"http://{web.host}:{web.port}/%2e%2e/%2e%2e/%2e%2e/up.txt")
    entries = "".join(f'<entry><link href="{address}"/></entry>' for address in hostile)
    web.pages |= {
        "/feed": Reply(f'<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title>{entries}</feed>'.encode()),
        "/%2e%2e/%2e%2e/%2e%2e/up.txt": text("Up.\n"),
    }

    assert counts(news.report("fetch")) == (1, 0, 0, 0)
    assert news.files() == {f"{web.host}/up.txt": "Up.\n"}
