"""Addresses on the web: which may be fetched, when two mean the same page, and what its document is called."""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from httpx import URL, InvalidURL

from qa_bot.errors import SeedingError
from qa_bot.seeding.names import safe_name

SCHEMES = ("http", "https")
# Longer ones are refused by servers too, and would fill the screen.
LONGEST_ADDRESS = 2_000
NO_ADDRESS = "is no address on the web: write https://…"
CREDENTIALS = re.compile(r"(?<=//)[^/?#]*@")
# Tells readers of a feed from others, not one page from another.
TRACKING = re.compile(r"(?:utm_\w+|fbclid|gclid|mc_cid|mc_eid)(?:=|$)", re.IGNORECASE)


def looks_like_address(text: str) -> bool:
    """Whether somebody who writes this means an address, not a file."""
    return re.match(r"[a-zA-Z][a-zA-Z0-9+.-]+://", text) is not None


def parse_address(text: str, *, base: URL | None = None) -> URL:
    """Make sure that a text is an address that may be fetched; without its fragment.

    Args:
        text: the address, which may be relative to ``base``.
        base: where it was found.

    Raises:
        SeedingError: it is no address, or holds a name or password; the message is the predicate of a sentence about it.

    """
    try:
        url = URL(text.strip()) if base is None else base.join(text.strip())
        url = url.copy_with(fragment=None)
        # Some hosts can be written, but not be read.
        is_address = url.scheme in SCHEMES and bool(url.host) and len(str(url)) <= LONGEST_ADDRESS
    except (InvalidURL, ValueError) as exc:
        raise SeedingError(NO_ADDRESS) from exc
    if url.userinfo:
        msg = "comes with a name or password, which would be kept: leave them out"
        raise SeedingError(msg)
    if not is_address:
        raise SeedingError(NO_ADDRESS)
    return url


def shown(text: str) -> str:
    """Spell an address, whatever it is, as it may be shown: without name and password, and not without end."""
    return CREDENTIALS.sub("", text)[:LONGEST_ADDRESS]


def without_tracking(url: URL) -> URL:
    """Leave out what only tells where a reader came from."""
    parts = url.query.decode("ascii", "replace").split("&")
    kept = [part for part in parts if not TRACKING.match(part)]
    if len(kept) == len(parts):
        return url
    return url.copy_with(query="&".join(kept).encode() or None)


def name_of_page(url: URL, suffix: str, known_suffixes: Iterable[str]) -> PurePosixPath:
    """Name a page after its address: ``https://www.example.org/news/strike.html`` → ``example.org/news-strike.html``."""
    path = url.path.rstrip("/")
    for known in known_suffixes:
        path = path[: -len(known)] if path.lower().endswith(known) else path
    words = "-".join(part for part in (*path.split("/"), url.query.decode("ascii", "replace")) if part)
    return PurePosixPath(
        safe_name(url.host.removeprefix("www."), suffix=""), safe_name(words or "index", suffix=suffix)
    )
