"""``qa-bot telegram``: one bot, polling or behind a webhook, until it is told to end or cannot go on."""

import asyncio
import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from filelock import FileLock, Timeout
from telegram.error import InvalidToken
from telegram.error import TelegramError as LibraryError

from qa_bot.channels.telegram import webhook
from qa_bot.channels.telegram.application import UPDATES, App, TelegramBot
from qa_bot.channels.telegram.connecting import TIMEOUT, make_bot
from qa_bot.channels.telegram.monitor import LOOPBACK, Monitor
from qa_bot.channels.telegram.polling import PATIENCE, REFUSED, Polling
from qa_bot.channels.telegram.redaction import set_up_logging
from qa_bot.channels.telegram.secret import reveal, webhook_secret
from qa_bot.config import Settings
from qa_bot.errors import TelegramError

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0
# A question takes less than a second, and a round of them a few. What has been in the worker for so long never ends.
LONGEST_ROUND = 300.0
# So long people are told that their questions have failed, before the process ends.
LAST_WORDS = 3.0
EXIT_ERROR = 2


def run(settings: Settings) -> None:
    """Run the bot until SIGINT or SIGTERM, which lets it answer what it has accepted.

    Raises:
        TelegramError: there is no token, it is refused, another bot is at work, or Telegram no longer answers.

    """
    set_up_logging()
    chosen = settings.telegram
    token = reveal(chosen.token, chosen.token_file, settings.folder)
    if not token:
        msg = "there is no token: set QA_BOT_TELEGRAM__TOKEN to the one that @BotFather gave, or name its file as token_file"
        raise TelegramError(msg)
    with _alone(settings.paths.telegram):
        _Runner(settings, token).run()


@contextmanager
def _alone(database: Path) -> Iterator[None]:
    """Make sure that no other bot uses a database meanwhile."""
    lock = FileLock(f"{database}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as exc:
        msg = f"another bot is at work with {database}: stop it first"
        raise TelegramError(msg) from exc
    except OSError as exc:
        msg = (
            f"what the Telegram bot remembers cannot be kept in {database} ({exc}): name another file as telegram under "
            "[paths] in config.toml"
        )
        raise TelegramError(msg) from exc
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _port(address: str, port: int) -> Iterator[None]:
    """Name a port that cannot be listened at."""
    try:
        yield
    except OSError as exc:
        msg = f"nothing can listen at {address}:{port} ({exc}): choose another port under [telegram] in config.toml"
        raise TelegramError(msg) from exc


class _Runner:
    def __init__(self, settings: Settings, token: str) -> None:
        self._settings = settings
        self._reason = ""
        self._app: App | None = None
        self._polling = Polling(self._give_up, self._note_unreadable)
        self._library_bot = make_bot(settings, token, self._polling)
        self._bot = TelegramBot(settings, self._library_bot)

    def run(self) -> None:
        chosen = self._settings.telegram
        self._app = self._bot.application(self._library_bot)
        self._app.post_init = self._begin
        # A bot that could not start has no end of its own.
        self._app.post_shutdown = self._bot.leave_off
        try:
            if chosen.mode == "webhook":
                self._run_webhook(self._app)
            else:
                self._app.run_polling(
                    timeout=chosen.poll_seconds,
                    bootstrap_retries=-1,
                    allowed_updates=UPDATES,
                    drop_pending_updates=False,
                )
        except InvalidToken as exc:
            raise TelegramError(REFUSED) from exc
        except LibraryError as exc:
            msg = f"Telegram cannot be used ({exc}): correct [telegram] in config.toml"
            raise TelegramError(msg) from exc
        if self._bot.service.engine.opening:
            self._leave()
        if self._reason:
            raise TelegramError(self._reason)

    def _leave(self) -> NoReturn:
        """End although the index is being built: the interpreter would wait for the threads that do it, for hours perhaps."""
        log.info("the bot ends before its index is built; the next build goes on from what has been encoded")
        self._bot.service.database.close()
        logging.shutdown()
        os._exit(0)

    def _run_webhook(self, app: App) -> None:
        chosen = self._settings.telegram
        secret = webhook_secret(self._settings)
        webhook.install()
        with _port(chosen.webhook_listen, chosen.webhook_port):
            app.run_webhook(
                listen=chosen.webhook_listen,
                port=chosen.webhook_port,
                url_path=chosen.webhook_url.split("://", 1)[-1].partition("/")[2],
                webhook_url=chosen.webhook_url,
                secret_token=secret,
                bootstrap_retries=-1,
                allowed_updates=UPDATES,
                drop_pending_updates=False,
            )

    def _note_unreadable(self) -> None:
        self._bot.service.metrics.poison.inc()

    async def _begin(self, app: App) -> None:
        """Begin, and watch over it."""
        service = self._bot.service
        service.metrics.waiting.set_function(lambda: service.engine.waiting)
        port = self._settings.telegram.monitor_port
        if port:
            with _port(LOOPBACK, port):
                Monitor(service.metrics, self._ailment).start(port)
        await self._bot.begin(app)
        self._polling.polled = time.monotonic()
        self._bot.run_beside(self._watch())

    async def _watch(self) -> None:
        """End the bot when it would only seem alive: when it hears nothing any more, or answers nothing."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            if self._is_stuck:
                await self._break_off()
            wrong = self._reason or self._ailment()
            if wrong:
                self._give_up(wrong)

    @property
    def _is_stuck(self) -> bool:
        return self._bot.service.engine.busy > LONGEST_ROUND

    async def _break_off(self) -> NoReturn:
        """End at once: a thread cannot be ended, and everything else would wait for it.

        Whoever asked what it is stuck at is told, so that the bot is not stuck at that again; whatever else was accepted is
        answered after the restart.
        """
        reason = self._ailment()
        log.critical("the bot ends: %s", reason)
        self._bot.service.engine.abandon()
        await asyncio.sleep(LAST_WORDS)
        print(f"qa-bot: {reason}", file=sys.stderr, flush=True)  # noqa: T201 - nothing above this can say it any more
        os._exit(EXIT_ERROR)

    def _ailment(self) -> str:
        if self._is_stuck:
            return (
                f"a question has not been answered for {self._bot.service.engine.busy:.0f} seconds, and never will be"
            )
        chosen = self._settings.telegram
        if not self._at_work:
            return ""
        if chosen.mode == "polling" and self._polling.silence > PATIENCE * (chosen.poll_seconds + TIMEOUT):
            return f"no request for news has been answered for {self._polling.silence:.0f} seconds"
        return ""

    def _give_up(self, reason: str) -> None:
        if not self._reason:
            self._reason = reason
            log.critical("the bot ends: %s", reason)
        if self._app is not None and self._at_work:
            self._app.stop_running()

    @property
    def _at_work(self) -> bool:
        """Whether it asks for news; not before it has begun, nor when it is ending and answers what is left."""
        app = self._app
        return app is not None and app.running and app.updater is not None and app.updater.running
