"""What feeds and sitemaps name: pages with the time of their last change, and further sitemaps.

Both are XML of strangers. Feeds go to feedparser as bytes, so that it opens nothing by itself, and without entities;
sitemaps to defusedxml, which refuses those.
"""

import calendar
import datetime as dt
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import struct_time
from xml.etree.ElementTree import Element, ParseError

import feedparser
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from feedparser.encodings import convert_to_utf8
from httpx import URL

from qa_bot.errors import SeedingError
from qa_bot.seeding.addresses import parse_address, without_tracking

# The namespace of sitemaps is left out of the names of their elements, since not all have it.
NAMESPACE = re.compile(r"\{[^}]*\}")


@dataclass(frozen=True, slots=True)
class Listed:
    """Pages by address, each with the time of its last change where it is told, and the addresses of further sitemaps."""

    pages: dict[str, str | None] = field(default_factory=dict)
    sitemaps: tuple[str, ...] = ()


def read_feed(raw: bytes, base: URL) -> Listed:
    """Read an RSS or Atom feed, damaged ones as far as they can be.

    Args:
        raw: the feed.
        base: where it came from, which relative addresses start at.

    Raises:
        SeedingError: it is none; the message is the predicate of a sentence about it.

    """
    try:
        feed = feedparser.parse(io.BytesIO(_without_entities(raw)), sanitize_html=False)
    except Exception as exc:
        # Whatever it stumbles over is none: it bears damage, but not in every place.
        msg = "is no RSS or Atom feed: check its address"
        raise SeedingError(msg) from exc
    if not feed.get("version"):
        msg = "is no RSS or Atom feed: check its address"
        raise SeedingError(msg)
    # Not by its own access to keys, which would give the time of publication for that of the last change.
    entries = [(entry.get("link", ""), dict(entry).get("updated_parsed")) for entry in feed.entries]
    times = {link: None if time is None else _in_utc(time) for link, time in entries}
    return Listed(dict(_pages(times, base)))


def _without_entities(raw: bytes) -> bytes:
    """Spoil declarations of entities: addresses need none, and a long one, used often, fills the memory.

    They are looked for after the encoding is told, and as the parser tells it, since there are many ways to write them.
    """
    text: bytes = convert_to_utf8({}, raw or b" ", {})
    return text.replace(b"<!ENTITY", b"<!ignored")


def _in_utc(time: struct_time) -> str | None:
    """Write a time in UTC; there is none in a year that no calendar has."""
    try:
        return dt.datetime.fromtimestamp(calendar.timegm(time), tz=dt.UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return None


def read_sitemap(raw: bytes, base: URL) -> Listed:
    """Read a sitemap, or an index of sitemaps.

    Args:
        raw: the sitemap, unpacked.
        base: where it came from.

    Raises:
        SeedingError: it is none; the message is the predicate of a sentence about it.

    """
    try:
        root = fromstring(raw, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as exc:
        msg = "is no sitemap: check its address"
        raise SeedingError(msg) from exc
    kind = _name(root)
    if kind not in {"urlset", "sitemapindex"}:
        msg = f"is no sitemap, but {kind!r}: check its address"
        raise SeedingError(msg)
    named = dict(_pages(dict(map(_location, root)), base))
    return Listed(named) if kind == "urlset" else Listed(sitemaps=tuple(named))


def _location(entry: Element) -> tuple[str, str | None]:
    parts = {_name(part): (part.text or "").strip() for part in entry}
    return parts.get("loc", ""), _time(parts.get("lastmod", ""))


def _name(element: Element) -> str:
    return NAMESPACE.sub("", str(element.tag))


def _time(text: str) -> str | None:
    """Read a time; a day means its end, since a page may have changed until then."""
    try:
        time = dt.datetime.fromisoformat(text)
        if len(text) == len("2025-01-31"):
            time = time.replace(hour=23, minute=59, second=59)
        return (time if time.tzinfo else time.replace(tzinfo=dt.UTC)).astimezone(dt.UTC).isoformat()
    except (ValueError, OverflowError):
        # At either end of the calendar another time zone is beyond it.
        return None


def _pages(times: dict[str, str | None], base: URL) -> Iterator[tuple[str, str | None]]:
    """Leave out what is no address on the web."""
    for address, time in times.items():
        if not address:
            continue
        try:
            yield str(without_tracking(parse_address(address, base=base))), time
        except SeedingError:
            continue
