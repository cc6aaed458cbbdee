"""What trafilatura makes of a page; nothing else imports it.

On the benchmark it was the best of those tried. It brings along its own form of readability, which errs in other places
and so makes a second opinion, and it finds what a page says of itself.
"""

import contextlib
import copy
import logging
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import html
from lxml.html import HtmlElement

from qa_bot.reading.properties import address_of, authors_of, day_of
from qa_bot.reading.structure import blocks_of_html

# The libraries take 60 µs for an element; no page that people read at one go has so many.
MOST_ELEMENTS = 50_000

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

    found = None
    with _bearing_stumbles():
        found = trafilatura.extract_metadata(
            copy.deepcopy(root), date_config={"extensive_search": False, "original_date": True}
        )
    if found is None:
        return About()
    return About(
        found.title or "", authors_of([found.author or ""]), address_of(found.url or ""), day_of(found.date or "")
    )


def _kept(root: HtmlElement) -> str:
    import trafilatura

    page = None
    with _bearing_stumbles():
        page = trafilatura.bare_extraction(copy.deepcopy(root), fast=True, include_comments=False)
    return (page.text or "") if isinstance(page, trafilatura.settings.Document) else ""


def _readable(root: HtmlElement) -> str:
    from trafilatura.readability_lxml import Document

    summary = None
    with _bearing_stumbles():
        summary = html.fromstring(Document(copy.deepcopy(root)).summary())
    return "" if summary is None else blocks_of_html(summary)[0]


@contextlib.contextmanager
def _bearing_stumbles() -> Iterator[None]:
    """Let a library stumble over a page: it has no opinion of it then, and the text is worth having without."""
    try:
        yield
    except MemoryError:
        # The page is too large for this machine, and no other page because of that.
        raise
    except Exception:  # noqa: BLE001, S110 - they raise whatever comes to them, and have been told to keep silent
        pass
