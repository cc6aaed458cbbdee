"""Run ``qa-bot`` with small batches, and let SIGKILL end it as soon as so many parts are kept; 0 for never.

``python tests/resumed.py PARTS [ARGUMENT …]``. A command that comes to its end says on stderr how many parts it kept.
"""

import atexit
import os
import signal
import sys
from pathlib import Path

from qa_bot import files
from qa_bot.cli import main
from qa_bot.index import assembling, resuming

BATCH, LEAST = 3_000, 1_000


def run(parts: int) -> None:
    """Run the command in ``sys.argv``."""
    write, kept = files.write_whole, 0

    def keep(path: Path, raw: bytes) -> None:
        nonlocal kept
        write(path, raw)
        kept += 1
        if kept == parts:
            os.kill(os.getpid(), signal.SIGKILL)

    setattr(resuming, "write_whole", keep)  # noqa: B010 - a name that is no one else's to import
    assembling.BATCH_CHARACTERS, resuming.LEAST_CHARACTERS = BATCH, LEAST
    atexit.register(lambda: sys.stderr.write(f"{kept} kept\n"))
    main()


if __name__ == "__main__":
    run(int(sys.argv.pop(1)))
