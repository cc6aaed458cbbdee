"""The emulated server without a line: python-telegram-bot calls it in the same process."""

import asyncio
import threading
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from telegram_emulator.core import Emulator, Reply
from telegram_emulator.http import answer
from telegram_emulator.parameters import Upload

READ_TIMEOUT = 5.0


class InProcessRequest(BaseRequest):
    """Hands what a bot asks for to an emulator, and gives back what would have come over the line."""

    def __init__(self, emulator: Emulator, read_timeout: float = READ_TIMEOUT) -> None:
        self.emulator = emulator
        self._read_timeout = read_timeout

    @property
    def read_timeout(self) -> float:
        """Give how long an answer is waited for."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Do nothing: there is no line to open."""

    async def shutdown(self) -> None:
        """Do nothing: there is no line to close."""

    async def do_request(  # noqa: PLR0917 - the signature is the library's
        self,
        url: str,
        method: str,  # noqa: ARG002 - POST and GET are the same here
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - nothing is written to a line
        connect_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - the same for opening one
        pool_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - and for waiting for one
    ) -> tuple[int, bytes]:
        """Answer a request, with the errors that a real line would raise."""
        parts = unquote(urlsplit(url).path).strip("/").split("/", 2)
        values = dict(request_data.json_parameters) if request_data else {}
        files = uploads(request_data) if request_data and request_data.contains_files else {}

        def ask() -> Reply:
            return answer(self.emulator, parts, values, files)

        if self._may_wait(parts[-1]):
            limit = read_timeout if isinstance(read_timeout, int | float) else self._read_timeout
            reply = await in_thread(ask, limit)
        else:
            reply = ask()
        if reply.dropped:
            message = "httpx.RemoteProtocolError: Server disconnected without sending a response."
            raise NetworkError(message)
        return reply.status, reply.body

    def _may_wait(self, method: str) -> bool:
        """Say whether the answer may take time, so that others must not wait for it."""
        plans = self.emulator.faults.plans
        slow = any(plan.fault.waits and plan.times for plan in plans if plan.method in {method.lower(), "*"})
        return slow or method.lower() == "getupdates"


async def in_thread(ask: Callable[[], Reply], limit: float) -> Reply:
    """Wait for an answer in a thread that nobody waits for when the bot has lost its patience."""
    loop = asyncio.get_running_loop()
    arrived: asyncio.Future[Reply] = loop.create_future()

    def settle(reply: Reply) -> None:
        if not arrived.done():
            arrived.set_result(reply)

    def work() -> None:
        reply = ask()
        try:
            loop.call_soon_threadsafe(settle, reply)
        except RuntimeError:
            # The bot has ended meanwhile.
            return

    threading.Thread(target=work, name="in-process request", daemon=True).start()
    try:
        return await asyncio.wait_for(arrived, limit)
    except TimeoutError:
        raise TimedOut from None


def uploads(data: RequestData) -> dict[str, Upload]:
    """Give the files of a request by the names of their parts."""
    files = {}
    for name, (filename, content, mime_type) in data.multipart_data.items():
        whole = content if isinstance(content, bytes) else content.read()
        files[name] = Upload(filename, whole, mime_type)
    return files
