"""The bot in Telegram as people run it: a process of its own, which talks to the emulator over HTTP.

Whatever it logs is searched, when it ends, for the token and for what people wrote to it.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import psutil
from telegram_emulator.core import Emulator
from telegram_emulator.http import HttpServer
from telegram_emulator.updates import Poll

ROOT = Path(__file__).resolve().parents[1]
# A start takes a second; a machine that is busy with other work may need many.
PATIENCE = 40.0
# Shorter words stand in logs anyway, as "start" does.
SHORTEST_TEXT = 8
PATHS = {"seeds": "seeds", "embeddings": "embeddings", "telegram": "telegram.sqlite3"}
# The program with everything that its own modules and asyncio have to say.
TALKATIVE = """
import logging
from qa_bot.channels.telegram import running
from qa_bot.cli import main
set_up = running.set_up_logging
running.set_up_logging = lambda: (set_up(), logging.getLogger().setLevel(logging.DEBUG))
main(prog_name="qa-bot")
"""

# The program that shows at once that an answer is being looked for.
IMPATIENT = """
from qa_bot.channels.telegram import answers
from qa_bot.cli import main
answers.PATIENCE = 0.0
main(prog_name="qa-bot")
"""


# The program with a question that it never has an answer to, and little patience with itself.
STUCK = """
import threading
from qa_bot.bot import QaBot
from qa_bot.channels.telegram import running
from qa_bot.cli import main
running.LONGEST_ROUND = 2
ask_all = QaBot.ask_all
def never(bot, inquiries):
    if any("forever" in inquiry.question for inquiry in inquiries):
        threading.Event().wait()
    return ask_all(bot, inquiries)
QaBot.ask_all = never
main(prog_name="qa-bot")
"""


def make_home(folder: Path) -> Path:
    """Make a folder with documents, settings and an index; bots get copies of it."""
    (folder / "seeds").mkdir(parents=True)
    for document in (ROOT / "seeds").glob("*.txt"):
        shutil.copy(document, folder / "seeds")
    write_config(folder, {})
    subprocess.run([*program(folder), "index"], env=environment(), check=True, capture_output=True, timeout=PATIENCE)
    return folder


def write_config(folder: Path, telegram: Mapping[str, object]) -> None:
    """Write the settings of a bot; what TOML and JSON say of these values is the same."""
    lines = []
    for section, values in {"paths": PATHS, "telegram": telegram}.items():
        lines += [f"[{section}]", *(f"{name} = {json.dumps(value)}" for name, value in values.items()), ""]
    (folder / "config.toml").write_text("\n".join(lines), encoding="utf-8")


def program(folder: Path, script: str = "") -> list[str]:
    """Give the command line up to the name of a command; a script may be in the program's place."""
    start = ["-X", "dev", "-c", script] if script else ["-m", "qa_bot"]
    return [sys.executable, *start, "--config", str(folder / "config.toml")]


def environment(**secrets: str) -> dict[str, str]:
    """Give this process's environment without proxies and settings, and with secrets for the bot."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if "proxy" not in name.lower() and not name.upper().startswith("QA_BOT_")
    }
    named = {f"QA_BOT_TELEGRAM__{name.upper()}": value for name, value in secrets.items()}
    return kept | {"PYTHONPATH": str(ROOT)} | named


def free_port() -> int:
    """Find a port of this machine that nobody uses."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


class BotProcess:
    """A bot in a folder of its own; left as a context manager, it is gone, and its log has been searched."""

    def __init__(
        self, server: HttpServer, home: Path, *, secrets: dict[str, str] | None = None, script: str = "",
        **settings: object,
    ) -> None:  # fmt: skip
        self.emulator = server.emulator
        self.home = home
        self.secrets = {"token": self.emulator.token} if secrets is None else secrets
        self._script = script
        self._log = home / "log"
        self._process: subprocess.Popen[bytes] | None = None
        urls = {"base_url": server.base_url, "base_file_url": server.base_file_url}
        write_config(home, urls | {"poll_seconds": 1} | settings)
        self._webhook = int(str(settings.get("webhook_port", 0)))
        self.monitor_port = int(str(settings.get("monitor_port", 0)))

    def launch(self) -> Self:
        """Start the process."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*program(self.home, self._script), "telegram"],
                cwd=self.home, env=environment(**self.secrets), stdout=log, stderr=log,
            )  # fmt: skip
        threading.Thread(target=self._announce_end, args=(self._process,), daemon=True).start()
        return self

    def start(self) -> Self:
        """Start the process, and wait until it is ready."""
        state = self.emulator.state
        with state.changed:
            before = state.queue.poll
            if self._webhook:
                state.webhook = type(state.webhook)()
        return self.launch().ready(before)

    def ready(self, before: Poll | None = None) -> Self:
        """Wait until the process asks for news, apart from one before it, or listens for them."""
        state = self.emulator.state
        self.wait_until(lambda: state.webhook.url if self._webhook else state.queue.poll not in {None, before})
        if self._webhook:
            # The bot tells its address just before it listens there.
            self.wait_for(lambda: listens(self._webhook))
        return self

    def wait_for(self, condition: Callable[[], Any], timeout: float = PATIENCE) -> None:
        """Wait until something is so of which the emulator learns nothing."""
        end = time.monotonic() + timeout
        while not condition():
            assert self.is_alive, f"the bot has ended:\n{self.log()}"
            assert time.monotonic() < end, f"not so within {timeout} s:\n{self.log()}"
            time.sleep(0.02)

    def wait_until(self, condition: Callable[[], Any], timeout: float = PATIENCE) -> None:
        """Wait until something is so, and fail at once if the process ends before."""
        self.emulator.wait_until(lambda: condition() or not self.is_alive, timeout)
        assert self.is_alive or condition(), f"the bot has ended:\n{self.log()}"

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The process."""
        assert self._process is not None
        return self._process

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self.process.poll() is None

    @property
    def memory(self) -> float:
        """How many megabytes of memory it holds."""
        resident: int = psutil.Process(self.process.pid).memory_info().rss
        return resident / 2**20

    def stop(self, timeout: float = PATIENCE) -> int:
        """Ask the process to end, and give its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.wait(timeout)

    def kill(self) -> None:
        """End the process in the middle of whatever it does."""
        self.process.kill()
        self.process.wait(PATIENCE)

    def wait(self, timeout: float = PATIENCE) -> int:
        """Wait until the process ends by itself, and give its exit code."""
        return self.process.wait(timeout)

    def accepted(self) -> int:
        """Give how many updates have been written down, answered or not."""
        return self._count("SELECT count(*) FROM journal")

    def open(self) -> int:
        """Give how many updates have been written down and not been answered."""
        return self._count("SELECT count(*) FROM journal WHERE state <> 'done'")

    def _count(self, sql: str) -> int:
        with contextlib.closing(sqlite3.connect(self.home / "telegram.sqlite3")) as database:
            count: int = database.execute(sql).fetchone()[0]
            return count

    def log(self) -> str:
        """Give what has been logged, and whatever else was printed."""
        return self._log.read_text(encoding="utf-8")

    def check_log(self) -> None:
        """Fail if the log holds a secret, or what somebody wrote."""
        log = self.log()
        found = [text for text in [*self.secrets.values(), *written(self.emulator)] if text in log]
        assert not found, f"the log holds {found}:\n{log}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if self._process is not None:
            self.kill()
            if kind is None:
                self.check_log()

    def _announce_end(self, process: subprocess.Popen[bytes]) -> None:
        """Let those who wait for the emulator know that the process has ended."""
        while process.poll() is None:
            time.sleep(0.05)
        with self.emulator.state.changed:
            self.emulator.state.changed.notify_all()


def written(emulator: Emulator) -> set[str]:
    """Give what people have written so far, without commands, and the token."""
    with emulator.state.changed:
        payloads = [update.payload for update in emulator.state.queue.told]
    said = {str(payload.get("text") or payload.get("caption") or payload.get("query") or "") for payload in payloads}
    texts = {text.partition(" ")[2] if text.startswith("/") else text for text in said}
    return {text for text in texts if len(text) >= SHORTEST_TEXT} | {emulator.token, emulator.token.split(":")[1]}


@contextmanager
def telegram(emulator: Emulator | None = None) -> Iterator[HttpServer]:
    """Serve a Telegram that lets go of bots quickly."""
    with emulator or Emulator(hasty_polls_wait=False) as opened, HttpServer(opened) as server:
        yield server


def listens(port: int) -> bool:
    """Whether somebody listens at a port of this machine."""
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


def fetch(port: int, path: str) -> tuple[int, str]:
    """Get a page of this machine; its status and its text."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as problem:
        with contextlib.closing(problem):
            return problem.code, problem.read().decode()


def buttons(message: dict[str, Any]) -> list[list[str]]:
    """Give the words on the buttons under a message."""
    rows: Sequence[Sequence[dict[str, Any]]] = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [[button["text"] for button in row] for row in rows]
