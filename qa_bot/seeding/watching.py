"""Changes in ``seeds/`` are noticed as they happen."""

import threading
from collections.abc import Iterator
from pathlib import Path

from watchfiles import Change, watch

from qa_bot.reading.origins import ORIGINS

# Changes that follow each other more closely are one: an editor writes a file in several steps, copying takes a while.
QUIET_MS = 250
LONGEST_WAIT_MS = 5_000
# How often a folder that is gone is looked for, and how soon an end is noticed.
PATIENCE_SECONDS = 0.5


def changes(seeds: Path, end: threading.Event) -> Iterator[None]:
    """Yield after each change of the folder, until the end is set.

    It also yields once as soon as it watches, so that nothing is missed that happened before. A folder that is gone is
    waited for.
    """
    while not end.is_set():
        if seeds.is_dir():
            yield from _while_it_is_there(seeds, end)
        else:
            end.wait(PATIENCE_SECONDS)


def _while_it_is_there(seeds: Path, end: threading.Event) -> Iterator[None]:
    def is_of_documents(_change: Change, name: str) -> bool:
        relative = Path(name).relative_to(seeds)
        return relative.name == ORIGINS or not any(part.startswith(".") for part in relative.parts)

    watched = watch(
        seeds,
        watch_filter=is_of_documents,
        debounce=LONGEST_WAIT_MS,
        step=QUIET_MS,
        rust_timeout=int(1000 * PATIENCE_SECONDS),
        yield_on_timeout=True,
        stop_event=end,
        raise_interrupt=False,
        ignore_permission_denied=True,
    )
    begins = True
    for changed in watched:
        if changed or begins:
            yield
        begins = False
        if not seeds.is_dir():
            return
