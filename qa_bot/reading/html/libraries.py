"""What trafilatura makes of a page; nothing else imports it.

On the benchmark it was the best of those tried. It brings along its own form of readability, which errs in other places
and so makes a second opinion, and it finds what a page says of itself.
"""

import copy
import datetime as dt
import logging
import re
from dataclasses import dataclass

from lxml import html
from lxml.html import HtmlElement

from qa_bot.reading.structure import blocks_of_html

# The libraries take 60 µs for an element; no page that people read at one go has so many.
MOST_ELEMENTS = 50_000

ADDRESS = re.compile(r"https?://\S+")

# What they say to programmers is nothing to the operator.
for library in ("trafilatura", "htmldate"):
    logging.getLogger(library).setLevel(logging.CRITICAL + 1)


@dataclass(frozen=True, slots=True)
class Opinions:
    """The text that each library keeps of a page."""

    kept: str
    readable: str


@dataclass(frozen=True, slots=True)
class About:
    """What a page says of itself."""

    title: str = ""
    author: str | None = None
    source: str | None = None
    date: str | None = None


def is_huge(root: HtmlElement) -> bool:
    """Whether a page has too many elements to ask the libraries about it."""
    return sum(1 for _ in root.iter()) > MOST_ELEMENTS


def opinions_of(root: HtmlElement) -> Opinions:
    """Ask the libraries what the page is about; the tree stays as it is."""
    return Opinions(_kept(root), _readable(root))


def about(root: HtmlElement) -> About:
    """Ask what the page says of itself: its own address, and no date that is only guessed."""
    import trafilatura

    try:
        found = trafilatura.extract_metadata(
            copy.deepcopy(root), date_config={"extensive_search": False, "original_date": True}
        )
    except Exception:  # noqa: BLE001 - whatever it stumbles over, the page's text is worth having
        return About()
    source = found.url if found.url and ADDRESS.fullmatch(found.url) else None
    return About(found.title or "", found.author, source, _day(found.date))


def _kept(root: HtmlElement) -> str:
    import trafilatura

    try:
        page = trafilatura.bare_extraction(copy.deepcopy(root), fast=True, include_comments=False)
    except Exception:  # noqa: BLE001 - a library that stumbles over a page has no opinion of it
        return ""
    return (page.text or "") if isinstance(page, trafilatura.settings.Document) else ""


def _readable(root: HtmlElement) -> str:
    from trafilatura.readability_lxml import Document

    try:
        summary = html.fromstring(Document(copy.deepcopy(root)).summary())
    except Exception:  # noqa: BLE001 - likewise
        return ""
    return blocks_of_html(summary)[0]


def _day(date: str | None) -> str | None:
    try:
        return dt.date.fromisoformat(date or "").isoformat()
    except ValueError:
        return None
