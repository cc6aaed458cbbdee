"""Messages reach Telegram: tried again only where it is certain that they did not arrive, and never twice."""

import asyncio
import contextlib
import contextvars
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx
from telegram import Bot, ForceReply, InlineKeyboardMarkup, Message, MessageEntity, ReplyParameters
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError

from qa_bot.channels.telegram.access import Access
from qa_bot.channels.telegram.chats import Chats
from qa_bot.channels.telegram.formatted import Formatted
from qa_bot.channels.telegram.journal import Journal

Result = TypeVar("Result")

log = logging.getLogger(__name__)

# Before these the request had not left, or Telegram's gateway says that it was not passed on.
NEVER_ARRIVED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
NOT_PASSED_ON = "bad gateway"
UNCHANGED = "message is not modified"
# In all that Telegram says of formatting that it does not take: an "entity" of some kind, or several "entities".
FORMATTING = "entit"
TRIES = 4
FIRST_PAUSE = 0.5
# Telegram may ask for minutes; nobody waits that long for an answer.
LONGEST_PAUSE = 30.0

# Telegram takes 30 messages a second. So many answers wait for that at a time; whatever is said without thinking goes
# between them, instead of waiting behind hundreds.
IN_LINE = 5

# The update that is being dealt with.
current_update: contextvars.ContextVar[int | None] = contextvars.ContextVar("current_update", default=None)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message goes: the chat, the topic in it, the message it replies to, and whether it makes a sound."""

    chat: int
    thread: int | None = None
    reply_to: int | None = None
    silent: bool = False


class Delivery:
    """Sends and edits messages; what cannot be delivered is logged without its words, and given up."""

    def __init__(self, bot: Bot, journal: Journal, chats: Chats, access: Access) -> None:
        """Deliver through a bot."""
        self._bot = bot
        self._journal = journal
        self._chats = chats
        self._access = access
        self._line = asyncio.Semaphore(IN_LINE)

    async def send(
        self,
        to: Address,
        text: Formatted,
        keyboard: InlineKeyboardMarkup | ForceReply | None = None,
        *,
        patient: bool = False,
    ) -> Message | None:
        """Send a message, a patient one when it is its turn; ``None`` if it could not be delivered."""
        update = current_update.get()
        reply = ReplyParameters(to.reply_to, allow_sending_without_reply=True) if to.reply_to else None

        async def sending(chat: int) -> Message:
            # In the supergroup that a group has become, the message's number is another one's.
            replying = reply if chat == to.chat else None
            # Groups have limits of their own, which must hold up nobody else.
            async with self._line if patient and chat > 0 else contextlib.nullcontext():
                # What still waits here when the bot is killed has certainly not been sent.
                if update is not None:
                    self._journal.sending(update)
                return await _formatted(
                    text,
                    lambda entities: self._bot.send_message(
                        chat,
                        text.text,
                        entities=entities,
                        message_thread_id=to.thread,
                        reply_parameters=replying,
                        reply_markup=keyboard,
                        disable_notification=to.silent,
                    ),
                )

        return await self._deliver(sending, to.chat)

    async def edit(
        self, chat: int, message: int, text: Formatted, keyboard: InlineKeyboardMarkup | None = None
    ) -> bool:
        """Change a message; true also if it says that already. An edit may be tried again whatever happened."""
        return bool(await self._deliver(self._editing(message, text, keyboard), chat, again=True))

    async def amend(
        self, chat: int, message: int, text: Formatted, keyboard: InlineKeyboardMarkup | None = None
    ) -> bool:
        """Change a message that nobody waits for, however long that takes; false if it cannot be changed any more.

        Raises:
            TelegramError: Telegram cannot be reached; it may be tried later.

        """
        while True:
            try:
                return await self._persist(self._editing(message, text, keyboard), chat, again=True)
            except RetryAfter as exc:
                await asyncio.sleep(_seconds(exc))
            except Forbidden:
                self._chats.set_active(chat, active=False)
                return False
            except (BadRequest, ChatMigrated) as exc:
                log.info("a message cannot be changed any more: %s", exc.message)
                return False

    def _editing(
        self, message: int, text: Formatted, keyboard: InlineKeyboardMarkup | None
    ) -> Callable[[int], Awaitable[bool]]:
        async def editing(chat: int) -> bool:
            try:
                await _formatted(
                    text,
                    lambda entities: self._bot.edit_message_text(
                        text.text, chat_id=chat, message_id=message, entities=entities, reply_markup=keyboard
                    ),
                )
            except BadRequest as exc:
                if UNCHANGED not in exc.message.lower():
                    raise
            return True

        return editing

    async def delete(self, chat: int, message: int) -> None:
        """Delete a message of the bot's own, if it is still there."""
        await self._deliver(lambda to: self._bot.delete_message(to, message), chat, again=True)

    async def react(self, chat: int, message: int, emoji: str | None) -> bool:
        """React to a message, or take that back; false where it is not allowed."""
        return bool(
            await self._deliver(lambda to: self._bot.set_message_reaction(to, message, emoji), chat, again=True)
        )

    async def _deliver(
        self, request: Callable[[int], Awaitable[Result]], chat: int, *, again: bool = False
    ) -> Result | None:
        """Deliver; ``again`` says that it is about a message that is there, so that doing it twice does no harm."""
        try:
            return await self._persist(request, chat, again=again)
        except ChatMigrated as exc:
            self._access.follow(chat, exc.new_chat_id)
            self._chats.migrate(chat, exc.new_chat_id)
            if not again:
                return await self._deliver(request, exc.new_chat_id, again=again)
            log.info("a message stayed behind in a group that has become a supergroup")
        except Forbidden:
            self._chats.set_active(chat, active=False)
            log.info("a chat does not want messages any more")
        except BadRequest as exc:
            log.warning("Telegram refuses a message: %s", exc.message)
        except TelegramError as exc:
            log.warning("a message could not be delivered: %s", type(exc).__name__)
        return None

    async def _persist(self, request: Callable[[int], Awaitable[Result]], chat: int, *, again: bool) -> Result:
        """Try until it is done, or until it may have been done, or for the last time."""
        pause = FIRST_PAUSE
        for attempt in range(1, TRIES + 1):
            try:
                return await request(chat)
            except RetryAfter as exc:
                wait = _seconds(exc)
                if attempt == TRIES or wait > LONGEST_PAUSE:
                    raise
                await asyncio.sleep(wait)
            except BadRequest:
                raise
            except NetworkError as exc:
                if attempt == TRIES or not (again or never_arrived(exc)):
                    raise
                await asyncio.sleep(pause)
                pause *= 2
        raise AssertionError


async def _formatted(text: Formatted, request: Callable[[Sequence[MessageEntity]], Awaitable[Result]]) -> Result:
    """Ask with the formatting of a text, or without any if Telegram refuses that: the words are what counts."""
    try:
        return await request(text.entities())
    except BadRequest as exc:
        if FORMATTING not in exc.message.lower():
            raise
        log.warning("Telegram refuses the formatting of a message: %s", exc.message)
        return await request([])


def never_arrived(exc: NetworkError) -> bool:
    """Whether it is certain that Telegram did not do what it was asked to do."""
    return isinstance(exc.__cause__, NEVER_ARRIVED) or NOT_PASSED_ON in exc.message.lower()


def _seconds(exc: RetryAfter) -> float:
    wait: Any = exc.retry_after
    return float(wait.total_seconds() if hasattr(wait, "total_seconds") else wait)
