"""The command line: ``qa-bot COMMAND``.

Each command imports what it runs, so that ``--help`` and ``--version`` answer at once.
"""

import importlib.metadata
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from qa_bot.errors import QaBotError

if TYPE_CHECKING:
    from qa_bot.channels.terminal import Terminal
    from qa_bot.config import Settings
    from qa_bot.index.encoding import Progress

EXIT_ERROR = 2
EXIT_NOT_FOUND = 3

FILE = click.Path(path_type=Path)


class QaBotGroup(click.Group):
    """The commands, with errors that a user can mend said in one line."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's signature
        """Run a command; an error becomes one line on stderr and exit code 2."""
        try:
            return super().invoke(ctx)
        except QaBotError as exc:
            if ctx.params.get("debug"):
                raise
            _fail(str(exc))
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


@main.command()
@click.option("--rebuild", is_flag=True, help="Read, split and encode everything anew.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
@click.pass_obj
def index(config: Path | None, *, rebuild: bool, as_json: bool) -> None:
    """Bring embeddings/ up to date with seeds/."""
    from dataclasses import asdict

    from qa_bot.bot import make_encoder, update_index
    from qa_bot.channels.terminal import NOTICE

    settings = _settings(config)
    with _progress("encoding") as progress:
        report = update_index(settings, make_encoder(settings), rebuild=rebuild, progress=progress)
    if as_json:
        _print_json({"schema": 1, **asdict(report)})
        return
    terminal = _terminal()
    for verb in ("added", "changed", "removed"):
        for name in getattr(report, verb):
            terminal.say(f"{verb} {name}")
    for name, reason in report.refused.items():
        terminal.say(f"refused {name}: {reason}", NOTICE)
    counts = ", ".join(f"{len(getattr(report, verb))} {verb}" for verb in ("added", "changed", "removed", "kept"))
    terminal.say(
        f"generation {report.generation}: {counts}, {len(report.refused)} refused, {report.encoded} paragraphs encoded"
    )


@main.command()
@click.argument("question")
@click.option("--top", type=click.IntRange(1, 50), help="How many excerpts to show at most.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
@click.option("--why", is_flag=True, help="Show the scores that led to the answer.")
@click.pass_obj
def ask(config: Path | None, question: str, top: int | None, *, as_json: bool, why: bool) -> None:
    """Answer one QUESTION.

    The exit code is 3 if the documents do not answer it.
    """
    from qa_bot.bot import QaBot
    from qa_bot.channels.explanation import explain
    from qa_bot.channels.json_answer import answer_as_json
    from qa_bot.records import Status

    settings = _settings(config)
    with _progress("indexing") as progress:
        bot = QaBot.open(settings, progress=progress)
    answer = bot.ask(question, excerpts=top)
    reasons = list(explain(answer, bot.threshold)) if why else []
    if as_json:
        _print_json(answer_as_json(answer) | ({"why": reasons} if why else {}))
    else:
        terminal = _terminal()
        terminal.show(answer)
        for line in reasons:
            terminal.say(line)
    if answer.status is Status.NOT_FOUND:
        sys.exit(EXIT_NOT_FOUND)


@main.command()
@click.pass_obj
def chat(config: Path | None) -> None:
    """Open the REPL."""
    from qa_bot.bot import QaBot
    from qa_bot.channels.repl import Repl, run_interactively, run_on_lines

    settings = _settings(config)
    with _progress("indexing") as progress:
        bot = QaBot.open(settings, progress=progress)
    terminal = _terminal()
    repl = Repl(bot, terminal)
    if sys.stdin.isatty() and sys.stdout.isatty():
        run_interactively(repl, bot, terminal, settings.paths.history)
    else:
        run_on_lines(repl, _lines_of_stdin(), terminal)


@main.command()
@click.argument("questions", type=FILE, required=False)
@click.option("--paragraphs", type=FILE, help="Use this paragraph file instead of seeds/.")
@click.option("--json", "json_file", type=FILE, help="Write the report as JSON into this file; - for standard output.")
@click.pass_obj
def evaluate(config: Path | None, questions: Path | None, paragraphs: Path | None, json_file: Path | None) -> None:
    """Measure the answers to a question set.

    Without QUESTIONS the set is seeds/questions.jsonl. The report counts found and unfound questions alike.
    """
    from qa_bot.evaluation.questions import load_questions
    from qa_bot.evaluation.report import report_lines
    from qa_bot.evaluation.run import ask_all, open_bot, summarise
    from qa_bot.reading.seeds import QUESTION_SET

    settings = _settings(config)
    gold = load_questions(questions or settings.paths.seeds / QUESTION_SET)
    with _progress("indexing") as progress:
        bot = open_bot(settings, paragraphs, progress)
    with _progress("asking") as progress:
        outcomes = ask_all(bot, gold, progress)
    report = summarise(outcomes, bot)
    if json_file is not None and str(json_file) == "-":
        _print_json(report)
        return
    terminal = _terminal()
    for line in report_lines(report):
        terminal.say(line)
    if json_file is not None:
        _write_json(json_file, report)


@main.command()
@click.argument("receipt")
@click.pass_obj
def verify(config: Path | None, receipt: str) -> None:
    """Check an excerpt against its document as it is now.

    RECEIPT is what ask --json printed with the excerpt. The exit code is 3 if the words are gone.
    """
    from qa_bot.channels.terminal import NOTICE
    from qa_bot.receipts import Verdict
    from qa_bot.verification import verify as check

    result = check(receipt, _settings(config))
    terminal = _terminal()
    terminal.say(f"{result.verdict.value}: {result.explanation}", "" if result.verdict is Verdict.INTACT else NOTICE)
    if result.verdict in {Verdict.CHANGED, Verdict.GONE}:
        sys.exit(EXIT_NOT_FOUND)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print the documents as JSON.")
@click.pass_obj
def sources(config: Path | None, *, as_json: bool) -> None:
    """List the documents, with paragraphs, sizes and warnings."""
    from qa_bot.bot import QaBot
    from qa_bot.channels.sources import source_lines, sources_as_json

    with _progress("indexing") as progress:
        bot = QaBot.open(_settings(config), progress=progress)
    if as_json:
        _print_json(sources_as_json(bot.index.store))
        return
    terminal = _terminal()
    for line in source_lines(bot.index.store):
        terminal.say(line)


@main.command()
@click.pass_obj
def doctor(config: Path | None) -> None:
    """Check configuration, documents, model and index.

    Each fault comes with the way to mend it, and makes the exit code 2.
    """
    from qa_bot.channels.terminal import NOTICE
    from qa_bot.doctor import examine

    terminal = _terminal()
    findings = list(examine(config))
    for finding in findings:
        terminal.say(
            f"{'ok  ' if finding.sound else 'BAD '} {finding.part}: {finding.text}", "" if finding.sound else NOTICE
        )
    if not all(finding.sound for finding in findings):
        sys.exit(EXIT_ERROR)


def _settings(config: Path | None) -> "Settings":
    from qa_bot.config import load

    return load(config)


def _terminal() -> "Terminal":
    from rich.console import Console

    from qa_bot.channels.terminal import Terminal

    return Terminal(Console())


@contextmanager
def _progress(verb: str) -> Iterator["Progress"]:
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


def _lines_of_stdin() -> Iterator[str]:
    """Read lines as they come; bytes that are no UTF-8 are shown as U+FFFD."""
    return (line.decode("utf-8", errors="replace") for line in sys.stdin.buffer)


def _print_json(value: dict[str, Any]) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


def _write_json(file: Path, value: dict[str, Any]) -> None:
    try:
        file.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as exc:
        _fail(f"{file} cannot be written: {exc.strerror or exc}")


def _fail(message: str) -> NoReturn:
    click.echo("qa-bot: " + " ".join(message.split()), err=True)
    sys.exit(EXIT_ERROR)
