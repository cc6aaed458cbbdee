"""Feeds and sitemaps name pages; what is damaged or hostile in them does no harm."""

import datetime as dt
import time
import tracemalloc

import pytest
from httpx import URL
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.errors import SeedingError
from qa_bot.seeding.feeds import Listed, read_feed, read_sitemap

BASE = URL("http://e.org/news/feed.xml")

RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>News</title><link>http://e.org/</link>
<item><title>A &amp; B</title><link>http://e.org/a?x=1&amp;utm_source=rss&amp;y=2</link><guid>1</guid>
<pubDate>Wed, 25 Nov 2026 10:00:00 +0100</pubDate></item>
<item><title>By its id</title><guid>http://e.org/guid#part</guid></item>
<item><title>Relative</title><link>../relative</link></item>
<item><title>Without</title></item>
<item><title>Mail</title><link>mailto:ann@e.org</link></item>
<item><title>Secret</title><link>http://ann:secret@e.org/</link></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://e.org/sub/"><title>News</title><entry><title>x</title>
<link rel="self" href="self.xml"/><link rel="alternate" href="x.html"/><id>urn:1</id>
<updated>2026-11-25T10:00:00+02:00</updated></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<channel rdf:about="http://e.org/"><title>News</title></channel>
<item rdf:about="http://e.org/1"><title>1</title><link>http://e.org/1</link></item></rdf:RDF>"""
SITEMAP = """<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc> http://e.org/a </loc><lastmod>2026-11-25T10:00:00+02:00</lastmod></url>
<url><loc>http://e.org/b</loc><lastmod>2026-11-25</lastmod></url>
<url><loc>http://e.org/c</loc><lastmod>soon</lastmod></url>
<url><loc>ftp://e.org/d</loc></url><url/></urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>http://e.org/1.xml</loc></sitemap>
<sitemap><loc>http://e.org/2.xml.gz</loc><lastmod>2026-11-25</lastmod></sitemap></sitemapindex>"""
ENTITIES = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghijk", "bcdefghijkl", strict=True))
LAUGHS = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa">{ENTITIES}]>'
STRANGER = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    ("feed", "pages"),
    [
        (RSS, {"http://e.org/a?x=1&y=2": None, "http://e.org/guid": None, "http://e.org/relative": None}),
        (RSS.replace("A &amp; B", "A & B <b>"), {
            "http://e.org/a?x=1&y=2": None, "http://e.org/guid": None, "http://e.org/relative": None}),
        (RSS[: RSS.index("<item><title>Relative")], {"http://e.org/a?x=1&y=2": None, "http://e.org/guid": None}),
        (ATOM, {"http://e.org/sub/x.html": "2026-11-25T08:00:00+00:00"}),
        (RDF, {"http://e.org/1": None}),
        ('<rss version="2.0"><channel></channel></rss>', {}),
        (f'{LAUGHS}<rss version="2.0"><channel><item><title>&l;</title><link>http://e.org/z</link></item></channel></rss>',
         {"http://e.org/z": None}),
        (f'{STRANGER}<rss version="2.0"><channel><item><link>http://e.org/&l;</link></item></channel></rss>',
         {"http://e.org/&l": None}),
    ],
    ids=["rss", "damaged", "cut off", "atom", "rdf", "empty", "billion laughs", "external entity"],
)  # fmt: skip
def test_feeds_name_pages(feed: str, pages: dict[str, str | None]) -> None:
    """By address, absolute and without what tells readers apart, with the time of the last change where it is told."""
    started = time.monotonic()

    assert read_feed(feed.encode(), BASE) == Listed(pages)
    assert time.monotonic() - started < 10


def test_feeds_in_other_encodings() -> None:
    """Addresses are told in the encoding of the feed."""
    feed = '<?xml version="1.0" encoding="windows-1251"?><rss version="2.0"><channel><item><link>http://e.org/новость'
    raw = f"{feed}</link></item></channel></rss>".encode("cp1251")

    assert read_feed(raw, BASE).pages == {"http://e.org/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D1%8C": None}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-7", "unicode_escape"])
def test_a_long_entity_used_often(encoding: str) -> None:
    """It is not put in, in whatever encoding it comes: that would take a hundred times the memory of the feed."""
    declared = f'<?xml version="1.0" encoding="{encoding}"?>'
    dtd = f'<!DOCTYPE rss [<!ENTITY a "{"x" * 500_000}">]>'
    item = f"<item><title>{'&a;' * 90}</title><link>http://e.org/z</link></item>"
    raw = f'{declared}{dtd}<rss version="2.0"><channel>{item}</channel></rss>'.encode(encoding)
    tracemalloc.start()
    try:
        read_feed(raw, BASE)
    except SeedingError:
        # An encoding that no feed has.
        assert encoding not in {"utf-8", "utf-16"}
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 20_000_000


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html><body>Not found</body></html>",
        b"\0\xff",
        b"http://e.org/",
        b"/etc/passwd",
        SITEMAP.encode(),
        RSS.encode().replace(b"utf-8", b"\x80"),
        RSS.encode().replace(b"utf-8", b"\0"),
    ],
)
def test_what_is_no_feed(raw: bytes) -> None:
    """It is said so; nothing is opened that looks like an address or a file."""
    with pytest.raises(SeedingError, match=r"^is no RSS or Atom feed: check its address$"):
        read_feed(raw, BASE)


def test_sitemaps_name_pages() -> None:
    """With times; a day means its end. An index names sitemaps."""
    assert read_sitemap(SITEMAP.encode(), BASE) == Listed(
        {
            "http://e.org/a": "2026-11-25T08:00:00+00:00",
            "http://e.org/b": "2026-11-25T23:59:59+00:00",
            "http://e.org/c": None,
        }
    )
    assert read_sitemap(INDEX.encode(), BASE) == Listed({}, ("http://e.org/1.xml", "http://e.org/2.xml.gz"))


@pytest.mark.parametrize(
    "time",
    [
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-05:00",
        "-1",
        "Thu, 01 Jan 0000 00:00:00 GMT",
        "Fri, 31 Dec 9999 23:59:59 -0500",
    ],
)
def test_times_beyond_the_calendar(time: str) -> None:
    """They are no times, and the other pages have theirs."""
    atom = ATOM.replace("</feed>", f'<entry><link href="y"/><updated>{time}</updated></entry></feed>')
    sitemap = SITEMAP.replace("soon", time)

    assert read_feed(atom.encode(), BASE).pages == {
        "http://e.org/sub/x.html": "2026-11-25T08:00:00+00:00", "http://e.org/sub/y": None,
    }  # fmt: skip
    assert read_sitemap(sitemap.encode(), BASE) == read_sitemap(SITEMAP.encode(), BASE)


@given(st.datetimes(), st.integers(-23 * 60, 23 * 60))
def test_any_time_is_told_or_none(time: dt.datetime, minutes: int) -> None:
    """A sitemap tells each time in UTC, but for those that UTC has no year for."""
    lastmod = time.replace(tzinfo=dt.timezone(dt.timedelta(minutes=minutes))).isoformat()
    [told] = read_sitemap(SITEMAP[: SITEMAP.index("<url>")].encode() + _page(lastmod), BASE).pages.values()

    try:
        in_utc = time - dt.timedelta(minutes=minutes)
    except OverflowError:
        assert told is None
    else:
        assert told == in_utc.replace(tzinfo=dt.UTC).isoformat()


def _page(lastmod: str) -> bytes:
    return f"<url><loc>http://e.org/a</loc><lastmod>{lastmod}</lastmod></url></urlset>".encode()


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "is no sitemap: check its address"),
        (b"<urlset><url>", "is no sitemap: check its address"),
        (b'<?xml version="1.0" encoding="no-such"?><urlset/>', "is no sitemap: check its address"),
        (RSS.encode(), "is no sitemap, but 'rss': check its address"),
        (f"{LAUGHS}<urlset><url><loc>&l;</loc></url></urlset>".encode(), "is no sitemap: check its address"),
        (f"{STRANGER}<urlset><url><loc>&l;</loc></url></urlset>".encode(), "is no sitemap: check its address"),
        (b"<urlset>" + b"<a>" * 200_000, "is no sitemap: check its address"),
        (
            b'<!DOCTYPE x [<!ENTITY a "b">]><urlset><url><loc>http://e.org/&a;</loc></url></urlset>',
            "is no sitemap: check its address",
        ),
    ],
    ids=["empty", "cut off", "encoding", "feed", "billion laughs", "external entity", "deep", "one entity"],
)
def test_what_is_no_sitemap(raw: bytes, reason: str) -> None:
    """It is said so, and costs next to nothing."""
    started = time.monotonic()
    with pytest.raises(SeedingError) as caught:
        read_sitemap(raw, BASE)

    assert str(caught.value) == reason
    assert time.monotonic() - started < 10


def test_deep_nesting_is_read() -> None:
    """However deep elements are nested."""
    depth = 200_000
    assert read_sitemap(b"<urlset>" + b"<a>" * depth + b"</a>" * depth + b"</urlset>", BASE) == Listed()


@given(st.binary(max_size=200) | st.sampled_from([RSS, ATOM, RDF, SITEMAP, INDEX]).flatmap(
    lambda text: st.integers(0, len(text)).flatmap(
        lambda at: st.binary(max_size=5).map(lambda noise: text.encode()[:at] + noise + text.encode()[at:])
    )
))  # fmt: skip
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    """Nothing but a refusal comes of damage."""
    for read in (read_feed, read_sitemap):
        try:
            listed = read(raw, BASE)
        except SeedingError:
            continue
        assert all(address.startswith(("http://", "https://")) for address in listed.pages)
