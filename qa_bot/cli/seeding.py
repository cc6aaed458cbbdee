"""Commands that change seeds/: add, remove, fetch."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa_bot.cli.console import EXIT_ERROR, notice, print_json, progress_bar, settings_of, terminal
from qa_bot.cli.reports import formats_after, report_as_json, say_report

if TYPE_CHECKING:
    from qa_bot.config import Settings
    from qa_bot.seeding.folder import Outcome, SeedFolder

NO_INDEX = click.option("--no-index", is_flag=True, help="Leave the index as it is.")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")


@click.command()
@click.argument("items", nargs=-1, required=True, metavar="FILE|FOLDER|URL...")
@click.option("--into", default="", metavar="FOLDER", help="The folder below seeds/ that they go into.")
@click.option("--replace", is_flag=True, help="Let them take the place of documents of the same name.")
@NO_INDEX
@AS_JSON
@click.pass_obj
def add(
    config: Path | None, items: tuple[str, ...], into: str, *, replace: bool, no_index: bool, as_json: bool
) -> None:
    """Copy files, folders and pages of the web into seeds/, and index them.

    The exit code is 2 if something was refused; everything else is there.
    """
    settings = settings_of(config)
    outcomes = _added(settings, items, into, replace=replace)
    _finish(settings, outcomes, no_index=no_index, as_json=as_json)


@click.command()
@click.argument("names", nargs=-1, metavar="NAME...")
@click.option("--undo", is_flag=True, help="Put back what was removed or replaced last.")
@NO_INDEX
@AS_JSON
@click.pass_obj
def remove(config: Path | None, names: tuple[str, ...], *, undo: bool, no_index: bool, as_json: bool) -> None:
    """Take documents out of seeds/, and out of the index.

    NAME is a document, or a folder below seeds/. The files are kept in seeds/.removed/ until you delete them there.
    """
    from qa_bot.seeding import removing

    if bool(names) == undo:
        message = "name documents, or say --undo to put back those that were removed last"
        raise click.UsageError(message)
    settings = settings_of(config)
    folder = _folder(settings)
    verb, moved = ("put back", removing.undo(folder)) if undo else ("removed", removing.remove(folder, names))
    if as_json:
        _print(settings, {verb.replace(" ", "_"): moved}, no_index=no_index)
        return
    for name in moved:
        terminal().say(f"{verb} {name}")
    if not no_index:
        _index(settings)
    if not undo:
        terminal().say("to undo it: qa-bot remove --undo")


@click.command()
@NO_INDEX
@AS_JSON
@click.pass_obj
def fetch(config: Path | None, *, no_index: bool, as_json: bool) -> None:
    """Fetch the pages that the feeds and sitemaps in config.toml name, and index them.

    Pages that are there already are asked for only if they changed. The exit code is 2 if something failed; the rest is done.
    """
    from qa_bot.seeding.collecting import Collector
    from qa_bot.seeding.fetching import Fetcher

    settings = settings_of(config)
    if not settings.fetching.feeds and not settings.fetching.sitemaps:
        notice("nothing to fetch: name feeds or sitemaps under [fetching] in config.toml")
    collector = Collector(settings.fetching, _folder(settings), Fetcher(settings.fetching))
    plan = collector.plan()
    total = min(len(plan.pages), settings.fetching.max_pages)
    outcomes = [*plan.failed, *_shown(collector.pages(plan), total)]
    rest = {"left_alone": plan.left_alone, "waiting": len(plan.pages) - total}
    _finish(settings, outcomes, no_index=no_index, as_json=as_json, rest=rest)


def _folder(settings: "Settings") -> "SeedFolder":
    from qa_bot.seeding.folder import SeedFolder

    return SeedFolder(settings.paths.seeds, settings.reading.limits)


def _shown(outcomes: Iterable["Outcome"], total: int) -> Iterator["Outcome"]:
    """Show a progress bar while pages come."""
    with progress_bar("fetching") as progress:
        for done, outcome in enumerate(outcomes, start=1):
            progress(done, total)
            yield outcome


def _added(settings: "Settings", items: tuple[str, ...], into: str, *, replace: bool) -> Iterator["Outcome"]:
    from qa_bot.seeding.adding import add_files
    from qa_bot.seeding.addresses import looks_like_address

    if not all(items):
        message = "one of the names is empty: name files, folders or addresses"
        raise click.UsageError(message)
    pages = [item for item in items if looks_like_address(item)]
    for item in items:
        if item not in pages:
            yield from add_files(_folder(settings), Path(item), into=into, replace=replace)
    if pages:
        yield from _shown(_pages(settings, pages, into, replace=replace), len(pages))


def _pages(settings: "Settings", addresses: list[str], into: str, *, replace: bool) -> Iterator["Outcome"]:
    from qa_bot.errors import SeedingError
    from qa_bot.seeding.addresses import parse_address, shown
    from qa_bot.seeding.fetching import Fetcher
    from qa_bot.seeding.folder import Outcome, Verdict
    from qa_bot.seeding.pages import store_page

    fetcher, folder = Fetcher(settings.fetching), _folder(settings)
    for address in addresses:
        try:
            url = parse_address(address)
            page = fetcher.fetch(url)
            assert page is not None
            yield store_page(folder, page, url, into=into, replace=replace)
        except SeedingError as exc:
            yield Outcome(shown(address), Verdict.REFUSED, reason=str(exc))


def _finish(
    settings: "Settings",
    outcomes: Iterable["Outcome"],
    *,
    no_index: bool,
    as_json: bool,
    rest: dict[str, int] | None = None,
) -> None:
    """Say what became of each item, and bring the index up to date."""
    from qa_bot.seeding.folder import Verdict

    done = []
    for outcome in outcomes:
        done.append(outcome)
        if not as_json:
            _say(outcome)
    if as_json:
        table: dict[str, Any] = {
            verdict.value.replace(" ", "_"): [
                {"item": outcome.item} | ({"reason": outcome.reason} if outcome.reason else {"document": outcome.name})
                for outcome in done
                if outcome.verdict is verdict
            ]
            for verdict in Verdict
        }
        _print(settings, table | (rest or {}), no_index=no_index)
    else:
        for line in formats_after(outcome.reason for outcome in done):
            notice(line)
        for what, count in (rest or {}).items():
            if count:
                terminal().say(REST[what].format(count=count))
        if not no_index:
            _index(settings)
    if any(outcome.verdict is Verdict.REFUSED for outcome in done):
        sys.exit(EXIT_ERROR)


REST = {
    "left_alone": "left alone, for it was removed or changed here: {count}",
    "waiting": "waiting for the next run (max_pages under [fetching] in config.toml): {count}",
}


def _say(outcome: "Outcome") -> None:
    from qa_bot.channels.terminal import harmless
    from qa_bot.seeding.folder import Verdict

    if outcome.verdict is Verdict.REFUSED:
        # A file name may hold anything, line ends and terminal commands too.
        notice(harmless(f"refused {outcome.item}: {outcome.reason}").replace("\n", "␊"))
    elif outcome.verdict is Verdict.THERE:
        terminal().say(f"already there: {outcome.item} is {outcome.name}")
    else:
        terminal().say(f"{outcome.verdict.value} {outcome.name}")


def _index(settings: "Settings") -> None:
    from qa_bot.opening import make_encoder, update_index

    with progress_bar("encoding") as progress:
        report = update_index(settings, make_encoder(settings), progress=progress)
    say_report(report, names=False)


def _print(settings: "Settings", table: dict[str, Any], *, no_index: bool) -> None:
    from qa_bot.opening import make_encoder, update_index

    report = None if no_index else report_as_json(update_index(settings, make_encoder(settings)))
    print_json({"schema": 1, **table, "index": report})
