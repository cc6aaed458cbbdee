"""Work that may take hours is done in a thread of its own, which nothing waits for when the process ends."""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from functools import partial
from typing import TypeVar

Result = TypeVar("Result")


async def detached(work: Callable[[], Result], name: str) -> Result:
    """Do something in a thread of this name; whatever it raises is raised here. Who gives up waiting does not end it."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Result] = loop.create_future()

    def tell(learn: Callable[[], None]) -> None:
        # The loop may have been closed meanwhile, and with it all who could have wanted to know.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(lambda: None if done.done() else learn())

    def run() -> None:
        try:
            result = work()
        except BaseException as exc:  # noqa: BLE001 - whatever it is, whoever waits must learn of it
            tell(partial(done.set_exception, exc))
        else:
            tell(partial(done.set_result, result))

    threading.Thread(target=run, name=name, daemon=True).start()
    return await done
