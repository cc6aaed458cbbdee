"""What an update of the index did, as the commands say it."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from qa_bot.cli.console import terminal

if TYPE_CHECKING:
    from qa_bot.index.build import Report


def report_as_json(report: "Report") -> dict[str, Any]:
    """Give a report as what `json.dumps` takes."""
    return {"schema": 1, **asdict(report)}


def say_report(report: "Report", *, names: bool = True) -> None:
    """Print a report: the names of what changed, unless they have been said, what was refused, and the counts."""
    from qa_bot.channels.terminal import NOTICE

    screen = terminal()
    for verb in ("added", "changed", "removed") if names else ():
        for name in getattr(report, verb):
            screen.say(f"{verb} {name}")
    for name, warnings in report.warnings.items():
        for warning in warnings:
            screen.say(f"warning of {name}: {warning}", NOTICE)
    for name, reason in report.refused.items():
        screen.say(f"refused {name}: {reason}", NOTICE)
    counts = ", ".join(f"{len(getattr(report, verb))} {verb}" for verb in ("added", "changed", "removed", "kept"))
    screen.say(
        f"generation {report.generation}: {counts}, {len(report.refused)} refused, {report.encoded} paragraphs encoded"
    )
