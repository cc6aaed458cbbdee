"""Logs without secrets and without what people write."""

import copy
import logging
import re

from telegram.error import InvalidToken, TelegramError

# A token stands in the address of every request.
TOKEN = re.compile(r"\d{5,}:[\w-]{20,}")
HIDDEN = "<token>"
# When python-telegram-bot stops asking for news just as a request fails, it is asyncio that reports what nobody looked at.
LIBRARIES = ("telegram", "asyncio")
FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"

# What these say at INFO holds the token, and at DEBUG what people write.
TALKATIVE = ("httpx", "httpcore", "telegram", "tornado.access")
# python-telegram-bot logs what it cannot read, or not handle, with everything in it.
WITH_TEXTS = (
    "Error while parsing updates",
    "Can not load invalid JSON data",
    "Something went wrong processing the data received from Telegram. Received data was *not* processed! Received",
    "Error while building CallbackContext",
)
# It tells of each request that fails with a traceback, several a second where Telegram cannot be reached.
SECONDS_BETWEEN = 30.0


class RedactingFormatter(logging.Formatter):
    """Writes a record, traceback included, without tokens."""

    def format(self, record: logging.LogRecord) -> str:
        """Write it; what went wrong between the library and Telegram takes a line, not a traceback of the library's own."""
        error = _error(record)
        if record.name.startswith(LIBRARIES) and isinstance(error, TelegramError):
            record = copy.copy(record)
            said = record.getMessage().partition("\n")[0]
            record.msg, record.args = f"{said} ({type(error).__name__}: {error})", ()
            record.exc_info = record.exc_text = None
        return TOKEN.sub(HIDDEN, super().format(record))


class Discreet(logging.Filter):
    """Leaves out records with what people write, and repeats the same complaint only now and then."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record may be written."""
        if str(record.msg).startswith(WITH_TEXTS):
            return False
        if not record.name.startswith(LIBRARIES):
            return True
        if isinstance(_error(record), InvalidToken):
            # The bot ends, and says why.
            return False
        key = record.name, str(record.msg)
        last = self._said.get(key)
        if last is not None and record.created - last < SECONDS_BETWEEN:
            return False
        self._said[key] = record.created
        return True


def _error(record: logging.LogRecord) -> BaseException | None:
    return record.exc_info[1] if record.exc_info else None


def set_up_logging() -> None:
    """Write logs of INFO and above to stderr."""
    handler = logging.StreamHandler()
    handler.setFormatter(RedactingFormatter(FORM))
    handler.addFilter(Discreet())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
