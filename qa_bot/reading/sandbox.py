"""Reading in a process apart, so that a hostile or broken file can take neither the program's time, memory nor secrets.

The process gets no variable of this program's environment that could hold a secret, reads one file after another as it is
asked over a socket, and ends by itself when it has not been asked for a while or when nobody is left to ask. Whatever it
does wrong, it is ended, the file at hand is refused, and the next file gets a new one.
"""

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
import weakref
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from qa_bot.errors import ReadError, SandboxError
from qa_bot.limits import Limits
from qa_bot.reading.messages import LINE_END, Reply, Request, most_bytes
from qa_bot.records import Document

# Variables with this program's settings, secrets among them, begin so.
SETTINGS = "QA_BOT_"
CHUNK = 1 << 16
# How long the process may take to start, beside the time for the file itself.
START_SECONDS = 30.0
# No file is to blame for that, and none may be taken out of an index for it.
NOT_STARTED = (
    "the process that reads files does not start: make sure that there is memory for it, that python -m qa_bot.reading.child "
    "finds all it imports, and try again"
)


class Sandbox:
    """A process that reads files under limits; started when the first one is to be read. Safe to share between threads."""

    def __init__(self, limits: Limits) -> None:
        """Keep to these limits."""
        self._limits = limits
        self._lock = threading.Lock()
        self._line: socket.socket | None = None
        self._end: weakref.finalize[..., Sandbox] | None = None

    def read(self, path: Path, name: str) -> Document:
        """Read a file as `qa_bot.reading.entry.read` does, but apart.

        Raises:
            ReadError: the file cannot become a document.
            SandboxError: there is nothing to read it with.

        """
        request = Request(path=os.fsencode(path.absolute()), name=name)
        with self._lock:
            try:
                reply = self._ask(request)
            except TimeoutError:
                self.close()
                msg = (
                    f"takes more than {self._limits.max_seconds:g} s to read: split it, convert it, or raise "
                    "max_seconds under [reading] in config.toml"
                )
                raise ReadError(msg) from None
            except (OSError, ValidationError):
                self.close()
                msg = "makes the process that reads it crash: open it and save it again, convert it to another format, or remove it"
                raise ReadError(msg) from None
        if reply.document is None:
            raise ReadError(reply.refused)
        return reply.document

    def close(self) -> None:
        """End the process, if there is one."""
        if self._end is not None:
            self._end()
        self._line = self._end = None

    def _ask(self, request: Request) -> Reply:
        """Ask the process; a new one, if the one at hand has ended meanwhile because it had nothing to do."""
        if self._line is not None:
            try:
                return self._exchange(self._line, request)
            except ConnectionError:
                self.close()
        return self._exchange(self._start(), request)

    def _start(self) -> socket.socket:
        """Start the process, and wait until it is ready. Raises `SandboxError`."""
        try:
            line = self._start_process()
            _receive(line, time.monotonic() + START_SECONDS, most=1)
        except OSError as exc:
            self.close()
            raise SandboxError(NOT_STARTED) from exc
        return line

    def _start_process(self) -> socket.socket:
        line, its_line = socket.socketpair()
        with its_line, contextlib.ExitStack() as undoing:
            undoing.callback(line.close)
            process = subprocess.Popen(  # noqa: S603 - this interpreter, with arguments of this module
                [sys.executable, "-m", "qa_bot.reading.child", str(its_line.fileno()), self._limits.to_json()],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                pass_fds=[its_line.fileno()], env=_environment(),
            )  # fmt: skip
            undoing.pop_all()
        self._line = line
        self._end = weakref.finalize(self, _end, process, line)
        # It ends by itself when it has nothing to do; nothing else would take note of that.
        threading.Thread(target=process.wait, daemon=True).start()
        return line

    def _exchange(self, line: socket.socket, request: Request) -> Reply:
        end = time.monotonic() + self._limits.max_seconds
        line.settimeout(self._limits.max_seconds)
        line.sendall(request.model_dump_json().encode() + LINE_END)
        return Reply.model_validate_json(_receive(line, end, most=most_bytes(self._limits)))


@cache
def sandbox(limits: Limits) -> Sandbox:
    """Give the process apart that everything in this one reads files with."""
    return Sandbox(limits)


def _receive(line: socket.socket, end: float, *, most: int) -> bytes:
    """Receive up to a line end, until a moment at the latest; raises `OSError` where more comes than may."""
    received = bytearray()
    while not received.endswith(LINE_END):
        line.settimeout(max(end - time.monotonic(), 0.001))
        chunk = line.recv(CHUNK)
        received += chunk
        if not chunk:
            raise ConnectionResetError
        if len(received) > most + len(LINE_END):
            msg = "too long a line"
            raise OSError(msg)
    return bytes(received[: -len(LINE_END)])


def _environment() -> dict[str, str]:
    """Give the environment that this program had, less what may be secret; what is imported here is imported there."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(SETTINGS)}
    return kept | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "OPENBLAS_NUM_THREADS": "1"}


def _end(process: subprocess.Popen[bytes], line: socket.socket) -> None:
    line.close()
    process.kill()
    process.wait()
