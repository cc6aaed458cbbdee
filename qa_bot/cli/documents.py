"""Commands about the documents: index, sources, doctor."""

import sys
from pathlib import Path

import click

from qa_bot.cli.console import EXIT_ERROR, print_json, progress_bar, settings_of, terminal


@click.command()
@click.option("--rebuild", is_flag=True, help="Read, split and encode everything anew.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
@click.pass_obj
def index(config: Path | None, *, rebuild: bool, as_json: bool) -> None:
    """Bring embeddings/ up to date with seeds/."""
    from dataclasses import asdict

    from qa_bot.bot import make_encoder, update_index
    from qa_bot.channels.terminal import NOTICE

    settings = settings_of(config)
    with progress_bar("encoding") as progress:
        report = update_index(settings, make_encoder(settings), rebuild=rebuild, progress=progress)
    if as_json:
        print_json({"schema": 1, **asdict(report)})
        return
    screen = terminal()
    for verb in ("added", "changed", "removed"):
        for name in getattr(report, verb):
            screen.say(f"{verb} {name}")
    for name, reason in report.refused.items():
        screen.say(f"refused {name}: {reason}", NOTICE)
    counts = ", ".join(f"{len(getattr(report, verb))} {verb}" for verb in ("added", "changed", "removed", "kept"))
    screen.say(
        f"generation {report.generation}: {counts}, {len(report.refused)} refused, {report.encoded} paragraphs encoded"
    )


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the documents as JSON.")
@click.pass_obj
def sources(config: Path | None, *, as_json: bool) -> None:
    """List the documents, with paragraphs, sizes and warnings."""
    from qa_bot.bot import QaBot
    from qa_bot.channels.sources import source_lines, sources_as_json

    with progress_bar("indexing") as progress:
        bot = QaBot.open(settings_of(config), progress=progress)
    if as_json:
        print_json(sources_as_json(bot.index.store))
        return
    screen = terminal()
    for line in source_lines(bot.index.store):
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
