"""What has been accepted and not been answered yet: on disk before Telegram is told that it arrived.

python-telegram-bot confirms an update before it is handled, so what a crash interrupts would be lost. Here it is written
down first, answered once after a restart if it is still fresh, and never twice: Telegram may deliver it again, its number
is known. One moment stays doubtful: between a message's arrival at Telegram and its being marked here. What was
interrupted then is answered again, and says so.
"""

import json
import time
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from qa_bot.channels.telegram.database import Database, days_ago

# Telegram delivers an update again for a day at most.
KEPT_DAYS = 2


class State(StrEnum):
    """How far an update has come."""

    ACCEPTED = "accepted"
    SENDING = "sending"
    DONE = "done"


class Journal:
    """Updates, by their numbers."""

    def __init__(self, database: Database) -> None:
        """Keep the journal in a database."""
        self._database = database

    def accept(self, update_id: int, body: dict[str, Any]) -> bool:
        """Write an update down; false if it had been accepted before."""
        done = self._database.do(
            "INSERT OR IGNORE INTO journal VALUES (?, ?, ?, ?)",
            update_id,
            time.time(),
            State.ACCEPTED.value,
            json.dumps(body),
        )
        return done.rowcount == 1

    def sending(self, update_id: int) -> None:
        """Note that an answer is on its way."""
        self._database.do(
            "UPDATE journal SET state = ? WHERE id = ? AND state = ?",
            State.SENDING.value,
            update_id,
            State.ACCEPTED.value,
        )

    def done(self, update_id: int) -> None:
        """Note that an update has been dealt with, and forget what it said."""
        self._database.do("UPDATE journal SET state = ?, body = NULL WHERE id = ?", State.DONE.value, update_id)

    def unfinished(self, fresh_minutes: float) -> Iterator[tuple[int, dict[str, Any], bool]]:
        """Yield what was interrupted and is still fresh, its number first, and whether its answer may have been sent; forget the rest."""
        rows = self._database.all(
            "SELECT id, received, state, body FROM journal WHERE state <> ? ORDER BY id", State.DONE.value
        )
        for update_id, received, state, body in rows:
            if time.time() - received <= 60 * fresh_minutes:
                yield update_id, json.loads(body), state == State.SENDING
            else:
                self.done(update_id)

    @property
    def open(self) -> int:
        """How many updates have not been dealt with."""
        count: int = self._database.one("SELECT count(*) FROM journal WHERE state <> ?", State.DONE.value)[0]
        return count

    def prune(self) -> None:
        """Forget the numbers of what Telegram will not deliver again."""
        self._database.do("DELETE FROM journal WHERE state = ? AND received < ?", State.DONE.value, days_ago(KEPT_DAYS))
