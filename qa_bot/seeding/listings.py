"""What feeds and sitemaps said last: ``seeds/.listings.json``, so that they are only sent again when they changed."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from qa_bot.files import write_whole
from qa_bot.seeding.feeds import Listed
from qa_bot.seeding.fetching import State

LISTINGS = ".listings.json"


@dataclass(frozen=True, slots=True)
class Listing:
    """What a feed or sitemap said, and what its server called that state of it."""

    state: State
    listed: Listed


@dataclass(frozen=True, slots=True)
class Listings:
    """What is known by address: of feeds and sitemaps, and when pages were refused that were named there."""

    schema: Literal[1] = 1
    listings: dict[str, Listing] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


FILE = TypeAdapter(Listings)


def load_listings(seeds: Path) -> Listings:
    """Read what is known; that is nothing where the file is missing or damaged, and then all is asked for again."""
    try:
        return FILE.validate_json((seeds / LISTINGS).read_bytes())
    except (OSError, ValidationError):
        return Listings()


def save_listings(seeds: Path, listings: Listings) -> None:
    """Write what is known. Raises `OSError`."""
    write_whole(seeds / LISTINGS, FILE.dump_json(listings, indent=1) + b"\n")
