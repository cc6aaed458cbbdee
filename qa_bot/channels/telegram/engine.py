"""Questions are answered in one thread beside the event loop; those that wait at the same time are answered together.

The index is brought up to date in another thread, one update at a time, so that answering goes on meanwhile.
"""

import asyncio
import functools
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from qa_bot.bot import Inquiry, QaBot
from qa_bot.channels.newest import Newest
from qa_bot.channels.telegram.detached import detached
from qa_bot.config import Settings
from qa_bot.errors import QaBotError
from qa_bot.opening import update_index
from qa_bot.records import Answer

Result = TypeVar("Result")

log = logging.getLogger(__name__)

# More questions than these are not answered together: the first would wait for the last.
MOST_TOGETHER = 16
# Buttons ask for the same answers again.
REMEMBERED_ANSWERS = 512


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question that waits for its answer."""

    inquiry: Inquiry
    answer: "asyncio.Future[Answer]"


class Engine:
    """The bot behind a queue; it goes over to a newer generation of the index as soon as there is one."""

    def __init__(self, settings: Settings) -> None:
        """Answer by these settings; nothing is loaded before `start`."""
        self._settings = settings
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="engine")
        self._waiting: list[Waiting] = []
        self._answers: OrderedDict[tuple[int, Inquiry], Answer] = OrderedDict()
        self._answering: asyncio.Task[None] | None = None
        self._newest: Newest | None = None
        # Whether index and models are being opened, in a thread that may have a whole index to build first.
        self.opening = False
        self._updating = asyncio.Lock()
        # So many that wait are answered by themselves, since together they failed.
        self._alone = 0
        # The questions in the worker, and since when it has been at them; while it does something else, since never.
        self._round: list[Waiting] = []
        self._began: float | None = None

    @property
    def bot(self) -> QaBot:
        """The bot as it answers now."""
        assert self._newest is not None
        return self._newest.bot

    @property
    def waiting(self) -> int:
        """How many questions wait."""
        return len(self._waiting)

    @property
    def busy(self) -> float:
        """For how many seconds the worker has been at the same questions."""
        began = self._began
        return 0.0 if began is None else time.monotonic() - began

    async def start(self) -> None:
        """Open index and models; the index is built first where there is none. Raises `QaBotError`."""
        self.opening = True
        self._newest = Newest(await detached(self._open, "opening"))

    async def stop(self) -> None:
        """Answer what waits, and close the index."""
        if self._answering is not None:
            await self._answering
        await self._do(lambda: None)
        self._worker.shutdown()
        self.bot.index.store.close()

    async def ask(self, inquiry: Inquiry) -> Answer:
        """Answer a question. Raises `QuestionError` if it cannot be asked."""
        checked = Inquiry(self.bot.checked(inquiry.question), inquiry.excerpts, inquiry.threshold)
        known = self._answers.get((self.bot.index.manifest.generation, checked))
        if known is not None and not await self._is_outdated():
            return known
        loop = asyncio.get_running_loop()
        waiting = Waiting(checked, loop.create_future())
        self._waiting.append(waiting)
        if self._answering is None or self._answering.done():
            self._answering = loop.create_task(self._answer_all())
        return await waiting.answer

    async def renew(self) -> None:
        """Go over to a newer generation if there is one, without waiting for a question."""
        if await self._is_outdated():
            await self._do(self._renew)

    async def reload(self) -> str:
        """Bring the index up to date with the documents; says what changed. Raises `QaBotError`.

        Meanwhile questions are answered from the generation before; only going over to the new one is between two of them.
        """
        async with self._updating:
            # An encoder may be used from several threads, and the update opens a keeper of its own.
            encoder = self.bot.encoder
            report = await detached(lambda: update_index(self._settings, encoder), "update")
            await self._do(self._renew)
        return f"{len(report.added)} added, {len(report.changed)} changed, {len(report.removed)} removed"

    async def look(self, read: Callable[[QaBot], Result]) -> Result:
        """Look something up in the index, between two questions."""
        return await self._do(lambda: self._read(read))

    def abandon(self) -> None:
        """Let the questions fail that are in the worker; those that wait behind them still wait."""
        for waiting in self._round:
            _fail(waiting.answer, TimeoutError("the worker is stuck"))

    async def _answer_all(self) -> None:
        """Answer until nobody waits; whoever comes meanwhile is in the next round."""
        while self._waiting:
            self._round = batch = self._waiting[: 1 if self._alone else MOST_TOGETHER]
            try:
                answers = await self._do(functools.partial(self._answer, batch))
            except Exception as exc:  # noqa: BLE001 - whatever it is, those who wait must learn of it
                if len(batch) > 1:
                    # One of them is at fault: each is answered by itself.
                    self._alone += len(batch)
                    continue
                _fail(batch[0].answer, exc)
            else:
                for waiting, answer in zip(batch, answers, strict=True):
                    self._remember(waiting.inquiry, answer)
                    if not waiting.answer.done():
                        waiting.answer.set_result(answer)
            del self._waiting[: len(batch)]
            self._alone = max(self._alone - 1, 0)

    def _answer(self, batch: list[Waiting]) -> list[Answer]:
        """Answer a batch, the same question once."""
        self._began = time.monotonic()
        try:
            self._renew()
            inquiries = list(dict.fromkeys(waiting.inquiry for waiting in batch))
            answers = dict(zip(inquiries, self._read(lambda bot: bot.ask_all(inquiries)), strict=True))
            return [answers[waiting.inquiry] for waiting in batch]
        finally:
            self._began = None

    def _remember(self, inquiry: Inquiry, answer: Answer) -> None:
        self._answers[answer.index.generation, inquiry] = answer
        while len(self._answers) > REMEMBERED_ANSWERS:
            self._answers.popitem(last=False)

    def _read(self, work: Callable[[QaBot], Result]) -> Result:
        assert self._newest is not None
        return self._newest.do(work)

    async def _is_outdated(self) -> bool:
        """Look for a newer generation beside the event loop: the server of a database may take its time."""
        newest = self._newest
        return newest is not None and await asyncio.to_thread(lambda: newest.is_outdated)

    def _open(self) -> QaBot:
        try:
            bot = QaBot.open(self._settings)
            bot.load()
        finally:
            self.opening = False
        return bot

    def _renew(self) -> None:
        """Go over to the newest generation; one that cannot be used is left where it is, and the old one goes on."""
        assert self._newest is not None
        try:
            if self._newest.renew():
                log.info("answering from generation %d of the index", self.bot.index.manifest.generation)
                # They hold the documents of the old one.
                self._answers.clear()
        except QaBotError as exc:
            log.warning("the new index cannot be used, the old one goes on: %s", exc)

    async def _do(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._worker, work)


def _fail(future: "asyncio.Future[Answer]", exc: Exception) -> None:
    if not future.done():
        future.set_exception(exc)
