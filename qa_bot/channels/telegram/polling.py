"""Asking Telegram for news, and noticing when that no longer works.

python-telegram-bot stops asking, silently and for good, when a token is refused once; it asks for an update that it
cannot read again and again; and where two bots ask, both go on and log errors. Here each of these comes to an end.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from telegram import Update
from telegram.error import Conflict, InvalidToken, NetworkError, TelegramError
from telegram.ext import ExtBot

log = logging.getLogger(__name__)

# Telegram ends a request in favour of another one now and then, after a restart for instance; so many in a row are a
# second bot.
MOST_CONFLICTS = 5
# A bot whose requests for news were not answered for so many times as long as one may take hears nothing. Not a whole
# number, so that the bot does not end just when one of them does.
PATIENCE = 2.5

REFUSED = "Telegram refuses the token: ask @BotFather for the right one"
CONFLICT = "another program asks Telegram for news with the same token: stop it, or use another token"


@dataclass(slots=True)
class Polling:
    """How asking for news goes: ``fatal`` is told why it cannot go on, ``unreadable`` of each update that is skipped."""

    fatal: Callable[[str], None]
    unreadable: Callable[[], None]
    polled: float = field(default_factory=time.monotonic)
    conflicts: int = 0

    @property
    def silence(self) -> float:
        """How many seconds ago a request for news was answered, with news or without."""
        return time.monotonic() - self.polled


class PollingBot(ExtBot[None]):
    """A bot that skips what it cannot read, and says when it can never go on."""

    __slots__ = ("polling",)

    def __init__(self, polling: Polling, **options: Any) -> None:  # noqa: ANN401 - python-telegram-bot's own
        """Keep account in ``polling``; the other options are those of python-telegram-bot."""
        super().__init__(**options)
        with self._unfrozen():
            self.polling = polling

    async def initialize(self) -> None:
        """Ask Telegram whose token it is; that it cannot be reached is logged, for the library would keep it to itself."""
        try:
            await super().initialize()
        except NetworkError as exc:
            log.warning("Telegram cannot be reached, trying again: %s", type(exc).__name__)
            raise

    async def get_updates(self, *args: Any, **options: Any) -> tuple[Update, ...]:  # noqa: ANN401 - as above
        """Ask for news; in place of an update that cannot be read there is an empty one with its number."""
        try:
            updates = await self._readable(*args, **options)
        except InvalidToken as exc:
            self.polling.fatal(REFUSED)
            # The library would give up asking at once, and stumble over that when it ends.
            raise NetworkError(REFUSED) from exc
        except Conflict:
            self.polling.conflicts += 1
            if self.polling.conflicts >= MOST_CONFLICTS:
                self.polling.fatal(CONFLICT)
            raise
        self.polling.polled = time.monotonic()
        self.polling.conflicts = 0
        return updates

    async def _readable(self, *args: Any, **options: Any) -> tuple[Update, ...]:  # noqa: ANN401 - as above
        """Ask for all news, or, where that cannot be read, for the first update only."""
        try:
            return await super().get_updates(*args, **options)
        except TelegramError:
            raise
        except Exception:  # noqa: BLE001 - whatever python-telegram-bot stumbles over
            return await self._first_readable(*args, **options)

    async def _first_readable(self, *args: Any, **options: Any) -> tuple[Update, ...]:  # noqa: ANN401 - as above
        """Ask for the first update only; gives it, or an empty one if it is the one that cannot be read."""
        try:
            return await super().get_updates(*args, **options | {"limit": 1})
        except TelegramError:
            raise
        except Exception as exc:  # noqa: BLE001 - as above
            log.warning("an update cannot be read and is skipped (%s)", type(exc).__name__)
        raw = await self._post("getUpdates", {"offset": options.get("offset"), "limit": 1, "timeout": 0})
        self.polling.unreadable()
        return tuple(Update(int(one["update_id"])) for one in raw)
