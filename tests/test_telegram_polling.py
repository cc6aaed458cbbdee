"""Asking Telegram for news, and what can go wrong with it."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from telegram.error import Conflict, NetworkError, RetryAfter, TelegramError
from telegram_emulator import faults
from telegram_emulator.core import Emulator
from telegram_emulator.request import InProcessRequest

from qa_bot.channels.telegram.polling import CONFLICT, MOST_CONFLICTS, REFUSED, Polling, PollingBot

# Python-telegram-bot cannot make a chat of this.
POISON = {"chat": "none"}


class Account:
    """A bot, and what was noted of its polling."""

    def __init__(self, emulator: Emulator) -> None:
        emulator.state.hasty_polls_wait = False
        self.fatal: list[str] = []
        self.skipped = 0
        self.polling = Polling(self.fatal.append, self._skip)
        self.bot = PollingBot(
            self.polling,
            token=emulator.token,
            request=InProcessRequest(emulator),
            get_updates_request=InProcessRequest(emulator),
        )

    def _skip(self) -> None:
        self.skipped += 1

    def run(self, talk: Callable[[PollingBot], Coroutine[Any, Any, None]]) -> None:
        """Start the bot and let it ask."""

        async def started() -> None:
            async with self.bot as bot:
                await talk(bot)

        asyncio.run(started())


@pytest.fixture
def account(emulator: Emulator) -> Account:
    """Give a bot that polls."""
    return Account(emulator)


def poison(emulator: Emulator) -> None:
    """Let something happen that the library cannot read."""
    with emulator.state.changed:
        emulator.state.queue.push("message", {"message_id": 1, "date": 0, **POISON}, 1)


@pytest.mark.parametrize("texts", ["p", "ap", "pa", "apb", "ppab", "apbpp", "abc"])
def test_what_cannot_be_read_is_skipped(emulator: Emulator, account: Account, texts: str) -> None:
    """And counted; everything around it arrives, in its order and once."""
    ann = emulator.person("Ann")
    for text in texts:
        if text == "p":
            poison(emulator)
        else:
            ann.says(text)
    arrived = []

    async def talk(bot: PollingBot) -> None:
        offset = None
        while updates := await bot.get_updates(offset=offset, timeout=0, allowed_updates=["message"]):
            arrived.extend([update.message.text if update.message else "p" for update in updates])
            offset = updates[-1].update_id + 1

    account.run(talk)
    assert "".join(filter(None, arrived)) == texts
    assert account.skipped == texts.count("p")
    assert account.fatal == []
    assert emulator.take_updates() == []


@pytest.mark.parametrize("fault", [faults.unauthorised(), faults.not_found()])
def test_a_refused_token_is_fatal(emulator: Emulator, account: Account, fault: faults.Fault) -> None:
    """The library would stop asking, and say nothing more."""
    emulator.faults.plan("getUpdates", fault)

    async def talk(bot: PollingBot) -> None:
        with pytest.raises(NetworkError, match=REFUSED):
            await bot.get_updates(timeout=0)

    account.run(talk)
    assert account.fatal == [REFUSED]


@pytest.mark.parametrize(
    ("struck", "fault"),
    [(2, faults.unauthorised()), (3, faults.unauthorised())],
    ids=["asked for one", "asked for it raw"],
)
def test_a_token_refused_while_something_is_skipped_is_fatal_too(
    emulator: Emulator, account: Account, struck: int, fault: faults.Fault
) -> None:
    """Whichever of the requests it is."""
    poison(emulator)
    asked = []

    def when(_parameters: object) -> bool:
        asked.append(1)
        return len(asked) == struck

    emulator.faults.plan("getUpdates", fault, when=when)

    async def talk(bot: PollingBot) -> None:
        with pytest.raises(NetworkError, match=REFUSED):
            await bot.get_updates(timeout=0)

    account.run(talk)
    assert account.fatal == [REFUSED]


def test_conflicts_are_counted(emulator: Emulator, account: Account) -> None:
    """So many in a row are a second bot; an answer between them begins the count anew."""
    emulator.faults.plan("getUpdates", faults.conflict(), MOST_CONFLICTS - 1)

    async def conflicts(bot: PollingBot, times: int) -> None:
        for _ in range(times):
            with pytest.raises(Conflict):
                await bot.get_updates(timeout=0)

    async def talk(bot: PollingBot) -> None:
        await conflicts(bot, MOST_CONFLICTS - 1)
        assert await bot.get_updates(timeout=0) == ()
        assert account.polling.conflicts == 0
        emulator.faults.plan("getUpdates", faults.conflict(), MOST_CONFLICTS)
        await conflicts(bot, MOST_CONFLICTS - 1)
        assert account.fatal == []
        await conflicts(bot, 1)

    account.run(talk)
    assert account.fatal == [CONFLICT]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (faults.server_error(), NetworkError),
        (faults.bad_gateway(), NetworkError),
        (faults.dropped_before(), NetworkError),
        (faults.dropped_after(), NetworkError),
        (faults.flood(3), RetryAfter),
        (faults.truncated(), TelegramError),
    ],
    ids=["server", "gateway", "before", "after", "flood", "truncated"],
)
@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
def test_the_network_is_left_to_the_library(
    emulator: Emulator, account: Account, fault: faults.Fault, error: type[TelegramError]
) -> None:
    """It asks again; nothing is lost, and nothing counts as an answer meanwhile."""
    emulator.person("Ann").says("Hello")
    emulator.faults.plan("getUpdates", fault)
    account.polling.polled = time.monotonic() - 100

    async def talk(bot: PollingBot) -> None:
        with pytest.raises(error):
            await bot.get_updates(timeout=0)
        assert account.polling.silence > 99
        [update] = await bot.get_updates(timeout=0)
        assert update.message is not None
        assert update.message.text == "Hello"

    account.run(talk)
    assert 0 <= account.polling.silence < 5
    assert (account.fatal, account.skipped, account.polling.conflicts) == ([], 0, 0)
