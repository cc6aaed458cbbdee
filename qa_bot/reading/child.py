"""The process that reads files: ``python -m qa_bot.reading.child SOCKET LIMITS``. Started by `qa_bot.reading.sandbox`."""

import contextlib
import os
import resource
import socket
import sys
from pathlib import Path

from qa_bot.errors import ReadError
from qa_bot.limits import Limits
from qa_bot.reading.entry import read
from qa_bot.reading.messages import LINE_END, READY, Reply, Request, most_bytes

BYTES_PER_MB = 1_000_000
# Without a question for so long it ends; a new one starts in half a second.
IDLE_SECONDS = 5.0
# It is ended from outside first; this is for when nobody is left to do so.
GRACE_SECONDS = 5

EXHAUSTED = "takes more than {} MB of memory to read: split it, convert it, or raise max_memory_mb under [reading] in config.toml"


def main(descriptor: int, limits: Limits) -> None:
    """Read files as asked, until nobody asks any more."""
    _limit(resource.RLIMIT_AS, limits.max_memory_mb * BYTES_PER_MB)
    _limit(resource.RLIMIT_CORE, 0)
    with socket.socket(fileno=descriptor) as line, line.makefile("rb") as requests:
        line.settimeout(IDLE_SECONDS)
        line.sendall(READY + LINE_END)
        with contextlib.suppress(OSError):
            for request in requests:
                used = resource.getrusage(resource.RUSAGE_SELF)
                spent = used.ru_utime + used.ru_stime
                _limit(resource.RLIMIT_CPU, int(spent + limits.max_seconds) + GRACE_SECONDS)
                line.settimeout(None)
                # Made while there is memory for it.
                exhausted = _refuse(EXHAUSTED.format(limits.max_memory_mb))
                try:
                    line.sendall(_answer(request, limits) + LINE_END)
                except MemoryError:
                    line.sendall(exhausted + LINE_END)
                    return
                line.settimeout(IDLE_SECONDS)


def _answer(line: bytes, limits: Limits) -> bytes:
    """Read the file that is asked for; whatever a library stumbles over is a reason to refuse it."""
    request = Request.model_validate_json(line)
    try:
        document = read(Path(os.fsdecode(request.path)), name=request.name, limits=limits)
        reply = Reply(document=document).model_dump_json().encode()
    except ReadError as exc:
        return _refuse(str(exc))
    except MemoryError:
        # Until this has been unwound, there is none for an answer either.
        raise
    except RecursionError:
        return _refuse("is nested too deeply to be read: convert it, or remove it")
    except Exception as exc:  # noqa: BLE001 - whatever a library stumbles over, the next file is read
        return _refuse(f"is not sound ({type(exc).__name__}): open it and save it again, convert it, or remove it")
    if len(reply) > most_bytes(limits):
        return _refuse("falls into too many pieces to be of use: convert it, or remove it")
    return reply


def _refuse(reason: str) -> bytes:
    return Reply(refused=reason).model_dump_json().encode()


def _limit(what: int, most: int) -> None:
    """Set a limit, where the system knows it and nobody has set a lower one."""
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(what, (most, resource.getrlimit(what)[1]))


if __name__ == "__main__":
    main(int(sys.argv[1]), Limits.from_json(sys.argv[2]))
