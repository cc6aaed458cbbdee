"""What the commands share: settings, the terminal, a progress bar, JSON, and errors in one line."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from qa_bot.channels.terminal import Terminal
    from qa_bot.config import Settings
    from qa_bot.index.encoding import Progress

EXIT_ERROR = 2
EXIT_NOT_FOUND = 3
EXIT_BELOW_GATE = 4

FILE = click.Path(path_type=Path)


def settings_of(config: Path | None) -> "Settings":
    """Read the settings. Raises `ConfigError`."""
    from qa_bot.config import load

    return load(config)


def terminal() -> "Terminal":
    """Give the screen that answers are shown on."""
    from rich.console import Console

    from qa_bot.channels.terminal import Terminal

    return Terminal(Console())


@contextmanager
def progress_bar(verb: str) -> Iterator["Progress"]:
    """Show a progress bar on stderr, if somebody is watching and there is something to wait for."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    bars = Progress(console=console, transient=True, disable=not console.is_terminal)
    task = bars.add_task(verb, total=None)

    def show(done: int, total: int) -> None:
        bars.start()
        bars.update(task, completed=done, total=total)

    try:
        yield show
    finally:
        bars.stop()


def lines_of_stdin() -> Iterator[str]:
    """Read lines as they come; bytes that are no UTF-8 are shown as U+FFFD."""
    return (line.decode("utf-8", errors="replace") for line in sys.stdin.buffer)


def print_json(value: dict[str, Any]) -> None:
    """Print a value as JSON, in the characters of its texts."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


def write_json(file: Path, value: dict[str, Any]) -> None:
    """Write a value as JSON into a file."""
    write_text(file, json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def write_text(file: Path, text: str) -> None:
    """Write a text into a file."""
    try:
        file.write_text(text, encoding="utf-8", newline="\n")
    except OSError as exc:
        fail(f"{file} cannot be written: {exc.strerror or exc}")


def notice(message: str | None) -> None:
    """Say in one line on stderr what does not stop the command but should be known; nothing of ``None``."""
    if message is not None:
        click.echo(f"qa-bot: {message}", err=True)


def fail(message: str) -> NoReturn:
    """Say in one line on stderr what is wrong, and end with exit code 2."""
    click.echo("qa-bot: " + " ".join(message.split()), err=True)
    sys.exit(EXIT_ERROR)
