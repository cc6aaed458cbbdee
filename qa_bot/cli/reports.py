"""What an update of the index did, as the commands say it."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from qa_bot.cli.console import terminal
from qa_bot.counting import counted

if TYPE_CHECKING:
    from qa_bot.index.drafting import Report


# So many names of a kind are read; of thousands the counts say more.
MOST_NAMES = 50


def report_as_json(report: "Report") -> dict[str, Any]:
    """Give a report as what `json.dumps` takes."""
    return {"schema": 1, **asdict(report)}


def say_report(report: "Report", *, names: bool = True) -> None:
    """Print a report: the names of what changed, unless they have been said, what was refused, and the counts."""
    from qa_bot.channels.terminal import NOTICE

    screen = terminal()
    for verb in ("added", "changed", "removed") if names else ():
        changes = getattr(report, verb)
        for name in changes[:MOST_NAMES]:
            screen.say(f"{verb} {name}")
        if len(changes) > MOST_NAMES:
            screen.say(f"{verb} {len(changes) - MOST_NAMES:,} more")
    for name, warnings in report.warnings.items():
        for warning in warnings:
            screen.say(f"warning of {name}: {warning}", NOTICE)
    for name, reason in report.refused.items():
        screen.say(f"refused {name}: {reason}", NOTICE)
    for line in formats_after(report.refused.values()):
        screen.say(line, NOTICE)
    for shortfall in report.shortfalls:
        screen.say(f"warning: {shortfall}", NOTICE)
    counts = ", ".join(f"{len(getattr(report, verb))} {verb}" for verb in ("added", "changed", "removed", "kept"))
    screen.say(
        f"generation {report.generation}: {counts}, {len(report.refused)} refused, {counted(report.encoded, 'paragraph')} encoded"
    )


def formats_after(reasons: Iterable[str]) -> tuple[str, ...]:
    """Give the line that lists the formats, if something was refused for its own; once, however many files were."""
    from qa_bot.reading.suffixes import NO_FORMAT, SUFFIXES

    return (f"formats that are read: {', '.join(SUFFIXES)}",) if any(NO_FORMAT in reason for reason in reasons) else ()
