"""Feeds and sitemaps are followed: what is new comes into ``seeds/``, what changed takes its place."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from httpx import URL

from qa_bot.config import Fetching
from qa_bot.errors import SeedingError
from qa_bot.reading.origins import Origin, load_origins
from qa_bot.seeding.addresses import parse_address, shown
from qa_bot.seeding.feeds import Listed, read_feed, read_sitemap
from qa_bot.seeding.fetching import Fetcher, State
from qa_bot.seeding.folder import Outcome, SeedFolder, Verdict, now
from qa_bot.seeding.listings import Listing, load_listings, save_listings
from qa_bot.seeding.pages import is_as_fetched, names_by_address, note_unchanged, store_page
from qa_bot.seeding.unpacking import unpacked_file

# An index of sitemaps may name others, which name others: so many of them are read in one run.
MOST_SITEMAPS = 100

# Reads a feed or a sitemap that came from an address.
ListReader = Callable[[bytes, URL], Listed]


@dataclass(slots=True)
class Plan:
    """The pages that a run could ask for, what went wrong before it, and what is left alone.

    ``pages`` are in the order in which they are asked for: new ones first, then those that were asked for longest ago.
    """

    pages: list[str] = field(default_factory=list)
    failed: list[Outcome] = field(default_factory=list)
    left_alone: int = 0


class Collector:
    """One run over all feeds and sitemaps."""

    def __init__(self, settings: Fetching, folder: SeedFolder, fetcher: Fetcher) -> None:
        """Follow what the settings name."""
        self._settings = settings
        self._folder = folder
        self._fetcher = fetcher
        self._known = load_listings(folder.seeds)
        self._pages: dict[str, str | None] = {}
        self._failed: list[Outcome] = []

    def plan(self) -> Plan:
        """Ask feeds and sitemaps for the pages that they name; one that fails does not stop the others.

        Raises:
            SeedingError: ``seeds/`` cannot be written.
            ReadError: the origins of the documents cannot be read.

        """
        for address in self._settings.feeds:
            self._list(address, read_feed)
        for address in self._settings.sitemaps:
            self._list_sitemaps(address)
        self._save()
        return self._order(load_origins(self._folder.seeds))

    def pages(self, plan: Plan) -> Iterator[Outcome]:
        """Fetch the pages of a plan, as many as are allowed. Raises as `plan` does."""
        try:
            for address in plan.pages[: self._settings.max_pages]:
                try:
                    outcome = self._page(URL(address))
                except SeedingError as exc:
                    outcome = Outcome(address, Verdict.REFUSED, reason=str(exc))
                    self._known.refused[address] = now()
                else:
                    self._known.refused.pop(address, None)
                yield outcome
        finally:
            self._save()

    def _save(self) -> None:
        with self._folder.locked():
            save_listings(self._folder.seeds, self._known)

    def _list_sitemaps(self, address: str) -> None:
        waiting, seen = [address], {address}
        while waiting and len(seen) - len(waiting) < MOST_SITEMAPS:
            named = self._list(waiting.pop(0), read_sitemap).sitemaps
            waiting += [child for child in named if child not in seen]
            seen.update(named)
        if waiting:
            reason = f"leads to more than {MOST_SITEMAPS} sitemaps: name some of them"
            self._failed.append(Outcome(shown(address), Verdict.REFUSED, reason=reason))

    def _list(self, address: str, read: ListReader) -> Listed:
        """Ask a feed or sitemap for its pages."""
        known = self._known.listings.get(address)
        try:
            page = self._fetcher.fetch(parse_address(address), known.state if known else None)
            if page is not None:
                raw = unpacked_file(page.raw, max_mb=self._settings.max_mb)
                known = self._known.listings[address] = Listing(page.state, read(raw, page.url))
        except SeedingError as exc:
            self._failed.append(Outcome(shown(address), Verdict.REFUSED, reason=str(exc)))
            return Listed()
        assert known is not None
        self._pages |= known.listed.pages
        return known.listed

    def _order(self, origins: Mapping[str, Origin]) -> Plan:
        plan = Plan(failed=self._failed)
        names, seen = names_by_address(origins), set()
        asked: dict[str, str] = {}
        for address, changed in self._pages.items():
            name = names.get(address)
            if name is None:
                asked[address] = self._known.refused.get(address, "")
            elif name in seen:
                continue
            elif not is_as_fetched(self._folder, name, origins[name]):
                # Somebody took the document out, or changed it: that is not undone behind their back.
                plan.left_alone += 1
            elif changed is None or changed >= origins[name].fetched:
                asked[address] = origins[name].fetched
            seen.add(name)
        plan.pages = sorted(asked, key=lambda address: asked[address])
        return plan

    def _page(self, url: URL) -> Outcome:
        origins = load_origins(self._folder.seeds)
        name = names_by_address(origins).get(str(url))
        origin = origins[name] if name is not None else None
        page = self._fetcher.fetch(url, State(origin.etag, origin.last_modified) if origin else None)
        if page is not None:
            return store_page(self._folder, page, url)
        assert name is not None
        note_unchanged(self._folder, name)
        return Outcome(str(url), Verdict.THERE, name)
