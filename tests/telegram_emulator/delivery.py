"""Sending updates to the bot's webhook: one at a time for each sender, again and again until they arrive."""

import contextlib
import http.client
import json
import threading
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlsplit

from telegram_emulator.parameters import Json
from telegram_emulator.state import State, Webhook
from telegram_emulator.updates import Update

LONGEST_PAUSE = 60.0
LONGEST_RETRY_AFTER = 3600.0
CONNECTION_SECONDS = 10.0
GONE = 410
# An address that has been gone for so long is given up.
GONE_SECONDS = 23 * 3600.0

Run = Callable[[str, Json], None]


class Outcome(NamedTuple):
    """How an attempt went; the status is 0 when there was no answer."""

    status: int
    body: bytes = b""
    retry_after: str = ""

    @property
    def arrived(self) -> bool:
        """Say whether the bot has taken the update."""
        return 200 <= self.status < 300


class Delivery:
    """Watches the queue while a webhook is set."""

    def __init__(self, state: State, run: Run) -> None:
        self._state = state
        self._run = run
        self._busy: set[int] = set()
        self._attempts: list[threading.Thread] = []
        self._watch = threading.Thread(target=self._deliver, name="webhook deliveries", daemon=True)

    def start(self) -> None:
        """Begin to watch; without a webhook there is nothing to watch, and no thread."""
        if not self._watch.ident:
            self._watch.start()

    def join(self) -> None:
        """Wait until the last attempt is over; the server's memory is closed already."""
        if self._watch.ident:
            self._watch.join()
        for attempt in self._attempts:
            attempt.join()

    def _deliver(self) -> None:
        with self._state.changed:
            while not self._state.closing.is_set():
                due = self._due()
                for update in due:
                    self._busy.add(update.sender)
                    attempt = threading.Thread(target=self._attempt, args=(update, self._state.webhook), daemon=True)
                    self._attempts.append(attempt)
                    attempt.start()
                self._state.changed.wait(self._until_next())

    def _firsts(self) -> list[Update]:
        """Give the oldest update of each sender that is not being served."""
        firsts: dict[int, Update] = {}
        for update in [*self._state.queue.again, *self._state.queue.pending()]:
            firsts.setdefault(update.sender, update)
        return [update for sender, update in firsts.items() if sender not in self._busy]

    def _due(self) -> list[Update]:
        if not self._state.webhook.url:
            return []
        room = self._state.webhook.max_connections - len(self._busy)
        now = self._state.clock.now()
        return [update for update in self._firsts() if update.not_before <= now][:room]

    def _until_next(self) -> float | None:
        """Tell how long there is nothing to do, unless something happens."""
        if not self._state.webhook.url or not (firsts := self._firsts()):
            return None
        soonest = min(update.not_before for update in firsts)
        return max(soonest - self._state.clock.now(), 0.01)

    def _attempt(self, update: Update, webhook: Webhook) -> None:
        outcome = post(webhook, update.body())
        with self._state.changed:
            self._busy.discard(update.sender)
            if webhook is self._state.webhook:
                self._settle(update, webhook, outcome)
            self._state.changed.notify_all()

    def _settle(self, update: Update, webhook: Webhook, outcome: Outcome) -> None:
        queue, now = self._state.queue, self._state.clock.now()
        if outcome.arrived:
            webhook.gone_since = None
            queue.again = [other for other in queue.again if other is not update]
            queue.waiting = [other for other in queue.waiting if other is not update]
            self._do_what_was_answered(outcome.body)
            return
        update.not_before = now + pause_after(update, outcome)
        update.pause = min(update.pause * 2, LONGEST_PAUSE)
        webhook.last_error = (
            f"Wrong response from the webhook: {outcome.status}" if outcome.status else "Connection refused"
        )
        webhook.last_error_date = now
        if outcome.status != GONE:
            webhook.gone_since = None
        elif webhook.gone_since is None:
            webhook.gone_since = now
        elif now >= webhook.gone_since + GONE_SECONDS:
            self._state.webhook = Webhook()

    def _do_what_was_answered(self, body: bytes) -> None:
        with contextlib.suppress(ValueError):
            asked = json.loads(body)
            if isinstance(asked, dict) and "method" in asked:
                self._run(str(asked.pop("method")), asked)


def pause_after(update: Update, outcome: Outcome) -> float:
    """Tell how long to wait before the next attempt: longer each time, or as long as the bot asks for."""
    if outcome.retry_after.isdigit():
        return min(float(outcome.retry_after), LONGEST_RETRY_AFTER)
    return update.pause


def post(webhook: Webhook, body: Json) -> Outcome:
    """Send an update once."""
    address = urlsplit(webhook.url)
    headers = {"Content-Type": "application/json"}
    if webhook.secret:
        headers["X-Telegram-Bot-Api-Secret-Token"] = webhook.secret
    connection = http.client.HTTPConnection(str(address.hostname), address.port or 80, timeout=CONNECTION_SECONDS)
    try:
        connection.request("POST", address.path or "/", json.dumps(body).encode(), headers)
        # Closed even where it breaks off in the middle.
        with connection.getresponse() as answer:
            return Outcome(answer.status, answer.read(), answer.headers.get("Retry-After", ""))
    except (OSError, http.client.HTTPException):
        return Outcome(0)
    finally:
        connection.close()
