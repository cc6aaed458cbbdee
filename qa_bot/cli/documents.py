"""Commands about the documents: index, sources, doctor."""

import itertools
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import click

from qa_bot.cli.console import EXIT_ERROR, notice, print_json, progress_bar, settings_of, terminal
from qa_bot.cli.reports import report_as_json, say_report
from qa_bot.errors import QaBotError

if TYPE_CHECKING:
    from qa_bot.config import Settings
    from qa_bot.encoder.vectors import Encoder
    from qa_bot.index.drafting import Report


@click.command()
@click.option("--rebuild", is_flag=True, help="Read, split and encode everything anew.")
@click.option("--watch", is_flag=True, help="Go on, and do it again whenever seeds/ changes, until Ctrl-C or SIGTERM.")
@click.option(
    "--ray",
    "address",
    is_flag=False,
    flag_value="local",
    metavar="[ADDRESS]",
    help="Encode by workers of Ray: of the cluster at ADDRESS, or on this machine.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
@click.pass_obj
def index(config: Path | None, *, rebuild: bool, watch: bool, address: str | None, as_json: bool) -> None:
    """Bring embeddings/ up to date with seeds/."""
    from qa_bot.index.choosing import choose_workers
    from qa_bot.opening import make_encoder

    settings = settings_of(config)
    own = make_encoder(settings)
    with nullcontext(own) if address is None else choose_workers(settings, own, address) as encoder:
        _index(settings, encoder, rebuild=rebuild, watch=watch, as_json=as_json)


def _index(settings: "Settings", encoder: "Encoder", *, rebuild: bool, watch: bool, as_json: bool) -> None:
    from qa_bot.opening import update_index

    def update(*, anew: bool = False) -> "Report":
        with progress_bar("encoding") as progress:
            return update_index(settings, encoder, rebuild=anew, progress=progress)

    def say(report: "Report") -> None:
        if as_json:
            print_json(report_as_json(report))
        else:
            say_report(report)

    if watch:
        with suppress(KeyboardInterrupt):
            _keep_up(settings.paths.seeds, update, say, anew=rebuild)
    else:
        say(update(anew=rebuild))


class _Update(Protocol):
    def __call__(self, *, anew: bool = False) -> "Report": ...


def _keep_up(seeds: Path, update: _Update, say: Callable[["Report"], None], *, anew: bool) -> None:
    """Update after each change, and say what was done unless it was nothing; what fails is tried again with the next.

    It ends with Ctrl-C or SIGTERM; in the midst of an update with `KeyboardInterrupt`: the next one goes on where that was.
    """
    from qa_bot.seeding.watching import changes

    end, updating = threading.Event(), threading.Event()

    def stop(*_: object) -> None:
        end.set()
        if updating.is_set():
            raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    said = None
    for _ in itertools.chain([None], changes(seeds, end)):
        updating.set()
        try:
            report = update(anew=anew)
        except QaBotError as exc:
            notice(str(exc))
            continue
        finally:
            updating.clear()
        anew = False
        if (report.generation, report.refused) != said:
            say(report)
            sys.stdout.flush()
        said = (report.generation, report.refused)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the documents as JSON.")
@click.pass_obj
def sources(config: Path | None, *, as_json: bool) -> None:
    """List the documents, with paragraphs, sizes, warnings, and where they came from."""
    from qa_bot.bot import QaBot
    from qa_bot.channels.sources import source_lines, sources_as_json
    from qa_bot.reading.origins import load_origins

    settings = settings_of(config)
    with progress_bar("indexing") as progress:
        bot = QaBot.open(settings, progress=progress)
    origins = load_origins(settings.paths.seeds)
    with bot:
        if as_json:
            print_json(sources_as_json(bot.index.store, origins))
            return
        screen = terminal()
        for line in source_lines(bot.index.store, origins):
            screen.say(line)


@click.command()
@click.pass_obj
def doctor(config: Path | None) -> None:
    """Check configuration, documents, model and index.

    Each fault comes with the way to mend it, and makes the exit code 2.
    """
    from qa_bot.channels.terminal import NOTICE
    from qa_bot.doctor import examine

    screen = terminal()
    findings = list(examine(config))
    for finding in findings:
        screen.say(
            f"{'ok  ' if finding.sound else 'BAD '} {finding.part}: {finding.text}", "" if finding.sound else NOTICE
        )
    if not all(finding.sound for finding in findings):
        sys.exit(EXIT_ERROR)
