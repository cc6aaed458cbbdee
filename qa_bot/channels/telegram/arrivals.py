"""What is remembered of documents that were sent: how far each has come, so that its buttons work after a restart."""

import time
from dataclasses import dataclass
from enum import StrEnum

from pydantic import TypeAdapter

from qa_bot.channels.telegram.database import Database, days_ago
from qa_bot.seeding.receiving import Former, Received

COLUMNS = "id, chat, state, name, digest, kept_as, before, former"
FORMER = TypeAdapter(Former)


class State(StrEnum):
    """How far a document has come. Each is noted before what it begins, so that a kill leaves no doubt."""

    WAITING = "waiting"
    ADDING = "adding"
    ADDED = "added"
    UNDOING = "undoing"
    UNDONE = "undone"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A document that was sent.

    ``before`` is the digest of the document that it was to replace when it was looked at, ``former`` the one that it did.
    """

    id: int
    chat: str
    state: State
    received: Received
    before: str
    former: Former | None


class Arrivals:
    """Documents that were sent, in a database; who sent them, by their pseudonyms."""

    def __init__(self, database: Database) -> None:
        """Remember in a database."""
        self._database = database

    def keep(self, chat: int, person: int, received: Received, before: str) -> int:
        """Remember a document that waits; gives its number."""
        done = self._database.do(
            "INSERT INTO arrivals (made, chat, person, state, name, digest, kept_as, before) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            time.time(), self._database.pseudonym(chat), self._database.pseudonym(person), State.WAITING.value,
            received.name, received.digest, received.kept_as, before,
        )  # fmt: skip
        return done.lastrowid or 0

    def arrival(self, number: int, chat: int) -> Arrival:
        """Give a document that was sent in a chat. Raises `KeyError`."""
        row = self._database.one(
            f"SELECT {COLUMNS} FROM arrivals WHERE id = ? AND chat = ?",  # noqa: S608 - a constant
            number, self._database.pseudonym(chat),
        )  # fmt: skip
        found, pseudonym, state, name, digest, kept_as, before, former = row
        kept = None if former is None else FORMER.validate_json(former)
        return Arrival(found, pseudonym, State(state), Received(name, digest, kept_as), before, kept)

    def look(self, number: int, before: str) -> None:
        """Note what a document would replace now."""
        self._database.do("UPDATE arrivals SET before = ? WHERE id = ?", before, number)

    def adding(self, number: int, former: Former | None) -> None:
        """Note that a document is about to be put in its place, and what has been there."""
        kept = None if former is None else FORMER.dump_json(former).decode()
        self._database.do("UPDATE arrivals SET state = ?, former = ? WHERE id = ?", State.ADDING.value, kept, number)

    def has_come(self, number: int, state: State) -> None:
        """Note how far a document has come."""
        self._database.do("UPDATE arrivals SET state = ? WHERE id = ?", state.value, number)

    def forget(self, person: str) -> None:
        """Delete what a person has sent; documents that have been added stay where they are."""
        self._database.do("DELETE FROM arrivals WHERE person = ?", person)

    def prune(self, days: float) -> None:
        """Delete what was sent more than so many days ago."""
        self._database.do("DELETE FROM arrivals WHERE made < ?", days_ago(days))
