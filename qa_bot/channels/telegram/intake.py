"""How updates come in: written down before they are confirmed, dealt with in order within a chat, side by side between chats."""

import asyncio
import logging
import weakref
from collections.abc import Awaitable, Iterator
from typing import Any

from telegram import Bot, Chat, Update
from telegram.ext import BaseUpdateProcessor

from qa_bot.channels.telegram.delivery import current_update
from qa_bot.channels.telegram.journal import Journal

log = logging.getLogger(__name__)

# So many updates are dealt with at a time; questions among them wait for the engine, or for the one before in their chat,
# and nothing else may wait for them.
CONCURRENT = 10_000


class JournalQueue(asyncio.Queue[object]):
    """The queue between Telegram and the handlers.

    python-telegram-bot puts an update here before it confirms it to Telegram, and before it answers a webhook's delivery.
    """

    def __init__(self, journal: Journal) -> None:
        """Write into this journal what must not be lost."""
        super().__init__()
        self._journal = journal

    async def put(self, item: object) -> None:
        """Take an update in, unless it has been taken in before."""
        if isinstance(item, Update) and asks(item) and not self._journal.accept(item.update_id, item.to_dict()):
            return
        await super().put(item)

    async def replay(self, update: Update) -> None:
        """Take an update in that is in the journal already."""
        await super().put(update)


class Processor(BaseUpdateProcessor):
    """Deals with updates side by side, those of one chat one after the other."""

    def __init__(self, journal: Journal) -> None:
        """Mark in this journal what has been dealt with."""
        super().__init__(CONCURRENT)
        self._journal = journal
        self._locks: weakref.WeakValueDictionary[int, asyncio.Lock] = weakref.WeakValueDictionary()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Deal with an update. One that is cancelled stays in the journal; one that fails does not come again."""
        if not isinstance(update, Update) or not asks(update):
            await coroutine
            return
        lock = self._locks.setdefault(_chat(update), asyncio.Lock())
        async with lock:
            current_update.set(update.update_id)
            try:
                await coroutine
            except asyncio.CancelledError:
                raise
            except BaseException:
                self._journal.done(update.update_id)
                raise
            self._journal.done(update.update_id)

    async def initialize(self) -> None:
        """Do nothing."""

    async def shutdown(self) -> None:
        """Do nothing."""


def asks(update: Update) -> bool:
    """Whether an update may ask something; presses and inline questions expire by themselves."""
    message = update.message or update.edited_message
    if message is None:
        return False
    # In private also what is no text has a reply.
    attached = message.chat.type == Chat.PRIVATE and message.effective_attachment
    return bool(message.text or message.caption or attached)


def unfinished(journal: Journal, bot: Bot, fresh_minutes: float) -> Iterator[tuple[Update, bool]]:
    """Yield the updates that were interrupted and are fresh, and whether their answers may have been sent."""
    for update_id, body, sending in journal.unfinished(fresh_minutes):
        try:
            update = Update.de_json(body, bot)
        except Exception as exc:  # noqa: BLE001 - whatever python-telegram-bot stumbles over: it must not do so at each start
            log.warning("an interrupted update cannot be read and is skipped (%s)", type(exc).__name__)
            journal.done(update_id)
            continue
        yield update, sending


def _chat(update: Update) -> int:
    return update.effective_chat.id if update.effective_chat else 0
