"""The connections to Telegram: one pool for news, one for whatever else is asked and sent."""

from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

from qa_bot.channels.telegram.application import DEFAULTS
from qa_bot.channels.telegram.polling import Polling, PollingBot
from qa_bot.config import Settings

# Beside the request that waits for news, a few to end it and to ask one by one.
POLLING_CONNECTIONS = 8
# More messages than these are never underway, at thirty a second.
CONNECTIONS = 256
TIMEOUT, POOL_TIMEOUT = 5.0, 10.0


def make_bot(settings: Settings, token: str, polling: Polling) -> "ExtBot[None]":
    """Make the bot of python-telegram-bot: own connections for news, limits on what is sent kept to beforehand."""
    chosen = settings.telegram
    return PollingBot(
        polling,
        token=token,
        base_url=chosen.base_url,
        base_file_url=chosen.base_file_url,
        request=_request(CONNECTIONS),
        get_updates_request=_request(POLLING_CONNECTIONS),
        defaults=DEFAULTS,
        rate_limiter=AIORateLimiter(),
    )


def _request(connections: int) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=connections, read_timeout=TIMEOUT, connect_timeout=TIMEOUT, pool_timeout=POOL_TIMEOUT
    )
