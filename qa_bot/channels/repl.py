"""The REPL: questions in, answers out, and commands that begin with a colon."""

import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document as Input
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.shortcuts import CompleteStyle

from qa_bot.bot import QaBot
from qa_bot.channels.context import paragraphs_around
from qa_bot.channels.explanation import explain
from qa_bot.channels.newest import Newest
from qa_bot.channels.sources import source_lines
from qa_bot.channels.terminal import CITATION, NOTICE, Terminal
from qa_bot.errors import QaBotError
from qa_bot.records import Answer

PROMPT = "? "
WELCOME = "Ask a question in your own words. :help lists the commands, :quit leaves."
NO_ANSWER_YET = "Ask a question first."
CONTEXT_PARAGRAPHS = 1


class Repl:
    """Answers lines: questions, and commands about the last answer."""

    def __init__(self, bot: QaBot, terminal: Terminal) -> None:
        """Talk to this bot on this terminal."""
        self._newest = Newest(bot)
        self._terminal = terminal
        self._answer: Answer | None = None
        self._shown = 0
        self._commands: dict[str, tuple[Callable[[str], None], str]] = {
            ":more": (self._more, "further excerpts for the last question"),
            ":context": (self._context, ":context N shows the paragraphs around excerpt N"),
            ":why": (self._why, "the scores that led to the last answer"),
            ":sources": (self._sources, "the documents; :sources NAME those whose name contains NAME"),
            ":help": (self._help, "this list"),
            ":quit": (self._help, "leave, as Ctrl-D does"),
        }

    @property
    def _bot(self) -> QaBot:
        return self._newest.bot

    @property
    def commands(self) -> tuple[str, ...]:
        """The names of the commands."""
        return tuple(self._commands)

    def documents(self) -> list[str]:
        """List the names of the documents."""
        return [document.name for document in self._bot.index.store.summaries()]

    def respond(self, line: str) -> bool:
        """Respond to a line; false when it asks to leave."""
        line = line.strip()
        if line == ":quit":
            return False
        if line:
            try:
                self._obey(line) if line.startswith(":") else self._ask(line)
            except QaBotError as exc:
                self._terminal.say(str(exc), NOTICE)
        return True

    def _ask(self, question: str) -> None:
        # Only here: what commands show belongs to the last answer, and to the documents as they were then.
        self._renew()
        self._answer = self._newest.do(lambda bot: bot.ask(question))
        self._shown = len(self._answer.excerpts)
        self._terminal.show(self._answer)

    def _renew(self) -> None:
        try:
            self._newest.renew()
        except QaBotError as exc:
            self._terminal.say(f"The new index cannot be used, the old one goes on: {exc}", NOTICE)

    def _obey(self, line: str) -> None:
        name, _, rest = line.partition(" ")
        if name not in self._commands:
            self._terminal.say(f"There is no {name}; :help lists the commands.", NOTICE)
            return
        self._commands[name][0](rest.strip())

    def _more(self, _rest: str) -> None:
        if self._answer is None:
            self._terminal.say(NO_ANSWER_YET, NOTICE)
            return
        step = self._bot.settings.answering.excerpts
        further = self._answer.further[self._shown - len(self._answer.excerpts) :][:step]
        if not further:
            self._terminal.say("There is nothing more.", NOTICE)
            return
        self._shown += len(further)
        self._terminal.show_excerpts(further)

    def _context(self, rest: str) -> None:
        if self._answer is None:
            self._terminal.say(NO_ANSWER_YET, NOTICE)
            return
        visible = self._answer.near or (*self._answer.excerpts, *self._answer.further)[: self._shown]
        excerpt = next((item for item in visible if str(item.number) == (rest or "1")), None)
        if excerpt is None:
            self._terminal.say(f"There is no excerpt {rest}; :context N takes the number of one shown.", NOTICE)
            return
        name, number = excerpt.citation.document, excerpt.citation.paragraph
        text = self._bot.index.store.document(name).text
        for paragraph in paragraphs_around(self._bot.index.store, name, number, CONTEXT_PARAGRAPHS, CONTEXT_PARAGRAPHS):
            style = "" if paragraph.number == number else "dim"
            self._terminal.say(text[paragraph.start : paragraph.end], style)
            self._terminal.say("")
        self._terminal.say(f"{name}, around line {excerpt.citation.line}", CITATION)

    def _why(self, _rest: str) -> None:
        if self._answer is None:
            self._terminal.say(NO_ANSWER_YET, NOTICE)
            return
        self._say_all(explain(self._answer, self._bot))

    def _sources(self, rest: str) -> None:
        self._say_all(line for line in source_lines(self._bot.index.store) if rest in line)

    def _help(self, _rest: str) -> None:
        width = max(map(len, self._commands))
        self._say_all(f"{name:{width}}  {meaning}" for name, (_, meaning) in self._commands.items())

    def _say_all(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._terminal.say(line)


def run_interactively(repl: Repl, bot: QaBot, terminal: Terminal, history: Path) -> None:
    """Read lines at a prompt until the user leaves; the encoder is loaded while they type the first question."""
    # A failure to load is said by the first question, which tries again.
    threading.Thread(target=_load_quietly, args=(bot,), daemon=True).start()
    session: PromptSession[str] = PromptSession(
        history=_history(history),
        completer=_LineCompleter(repl),
        complete_style=CompleteStyle.READLINE_LIKE,
        complete_while_typing=False,
    )
    terminal.say(WELCOME)
    while True:
        try:
            line = session.prompt(PROMPT)
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        if not repl.respond(line):
            return
        if line.strip():
            terminal.say("")


def run_on_lines(repl: Repl, lines: Iterable[str], terminal: Terminal) -> None:
    """Respond to lines from a pipe or file, blank lines between the answers."""
    for position, line in enumerate(line for line in lines if line.strip()):
        if line.strip() == ":quit":
            return
        if position:
            terminal.say("")
        repl.respond(line)


def _load_quietly(bot: QaBot) -> None:
    try:
        bot.load()
    except QaBotError:
        return


def _history(path: Path) -> History:
    try:
        path.touch(mode=0o600)
    except OSError:
        return InMemoryHistory()
    return FileHistory(path)


class _LineCompleter(Completer):
    """Completes commands, and the names of documents after ``:sources``."""

    def __init__(self, repl: Repl) -> None:
        self._repl = repl

    def get_completions(self, document: Input, complete_event: CompleteEvent) -> Iterator[Completion]:  # noqa: ARG002 - prompt_toolkit's signature
        line = document.text_before_cursor
        name, blank, rest = line.partition(" ")
        if not line.startswith(":"):
            return
        choices = self._repl.documents() if blank and name == ":sources" else self._repl.commands
        typed = rest if blank else line
        if blank and name != ":sources":
            return
        yield from (Completion(choice, start_position=-len(typed)) for choice in choices if choice.startswith(typed))
