"""The command line: ``qa-bot COMMAND``.

Each command imports what it runs, so that ``--help`` and ``--version`` answer at once.
"""

import importlib.metadata
import sys
from pathlib import Path
from typing import Any

import click

from qa_bot.cli.answers import ask, chat, verify
from qa_bot.cli.calibrating import calibrate
from qa_bot.cli.console import FILE, fail
from qa_bot.cli.documents import doctor, index, sources
from qa_bot.cli.impact import impact
from qa_bot.cli.quality import evaluate
from qa_bot.cli.seeding import add, fetch, remove
from qa_bot.cli.telegram import feedback, telegram
from qa_bot.errors import QaBotError


class QaBotGroup(click.Group):
    """The commands, with errors that a user can mend said in one line."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's signature
        """Run a command; an error becomes one line on stderr and exit code 2."""
        try:
            return super().invoke(ctx)
        except QaBotError as exc:
            if ctx.params.get("debug"):
                raise
            fail(str(exc))
        except (KeyboardInterrupt, BrokenPipeError):
            sys.exit(130)


@click.group(cls=QaBotGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(importlib.metadata.version("qa-bot"), prog_name="qa-bot")
@click.option("--config", type=FILE, help="The configuration file; config.toml of the current folder if not given.")
@click.option("--debug", is_flag=True, help="Show where an error came from.")
@click.pass_context
def main(ctx: click.Context, config: Path | None, *, debug: bool) -> None:  # noqa: ARG001 - read by QaBotGroup
    """Answer questions with the exact words of one's own documents, cited and located."""
    ctx.obj = config


for command in (
    index, add, remove, fetch, ask, chat, telegram, feedback, evaluate, calibrate, impact, verify, sources, doctor,
):  # fmt: skip
    main.add_command(command)
