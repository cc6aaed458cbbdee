"""Can the bot in Telegram be run with these settings? For ``doctor``."""

import asyncio

from telegram import Bot
from telegram.error import InvalidToken
from telegram.error import TelegramError as LibraryError

from qa_bot.channels.telegram.polling import REFUSED
from qa_bot.channels.telegram.secret import reveal, webhook_secret
from qa_bot.config import Settings
from qa_bot.errors import TelegramError


def check(settings: Settings) -> str:
    """Say whose token it is, or that there is none.

    Raises:
        TelegramError: the token's file cannot be read, the token is refused, or Telegram cannot be reached.

    """
    chosen = settings.telegram
    token = reveal(chosen.token, chosen.token_file, settings.folder)
    if not token:
        return "not set up: there is no token"
    if chosen.mode == "webhook":
        webhook_secret(settings)
    try:
        name = asyncio.run(_name(token, chosen.base_url))
    except InvalidToken as exc:
        raise TelegramError(REFUSED) from exc
    except LibraryError as exc:
        msg = f"Telegram cannot be reached at {chosen.base_url} ({type(exc).__name__}): look after the network"
        raise TelegramError(msg) from exc
    return f"the token is that of @{name}"


async def _name(token: str, base_url: str) -> str:
    async with Bot(token, base_url=base_url) as bot:
        return bot.username
