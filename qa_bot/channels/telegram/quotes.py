"""What answers quoted, and which of them have been found outdated."""

import json
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from qa_bot.channels.telegram.database import Database
from qa_bot.channels.telegram.outdated import Change, Outdated
from qa_bot.receipts import Receipt
from qa_bot.records import Answer, Excerpt, Status

# An answer that can be corrected: its chat is known, it has messages, and they show no later one to the same question.
CORRECTABLE = """
FROM answers WHERE sealed IS NOT NULL AND id IN (SELECT answer FROM messages) AND NOT EXISTS (
    SELECT 1 FROM answers later WHERE later.chat = answers.chat AND later.asked = answers.asked AND later.id > answers.id
) AND
"""


@dataclass(frozen=True, slots=True)
class Quote:
    """An excerpt of an answer: its receipt, the digest and title of its document then, and the words highlighted in it."""

    receipt: Receipt
    version: str
    title: str
    words: str


class Quotes:
    """Quotes of answers, in a database."""

    def __init__(self, database: Database) -> None:
        """Keep them in a database."""
        self._database = database

    def keep(self, answer: int, answered: Answer) -> None:
        """Keep what an answer quotes now."""
        self._database.do("DELETE FROM quoted WHERE answer = ?", answer)
        for excerpt in answered.excerpts:
            self._database.do(
                "INSERT INTO quoted VALUES (?, ?, ?, ?, ?, ?)", answer, excerpt.number, excerpt.receipt,
                excerpt.evidence.document.digest, excerpt.citation.title, _highlighted(excerpt),
            )  # fmt: skip

    def drop(self, answer: int) -> None:
        """Forget what an answer quoted: its messages say something else."""
        for table in ("quoted", "outdated"):
            self._database.do(f"DELETE FROM {table} WHERE answer = ?", answer)  # noqa: S608 - constants
        self._database.do("UPDATE answers SET sealed = NULL WHERE id = ?", answer)

    def of(self, answer: int) -> list[Quote]:
        """List what an answer quotes."""
        rows = self._database.all(
            "SELECT receipt, version, title, words FROM quoted WHERE answer = ? ORDER BY number", answer
        )
        return [Quote(Receipt.parse(receipt), version, title, words) for receipt, version, title, words in rows]

    def reach(self, answer: int, sealed: bytes) -> None:
        """Keep where an answer is, if it quotes anything."""
        self._database.do(
            "UPDATE answers SET sealed = ? WHERE id = ? AND id IN (SELECT answer FROM quoted)", sealed, answer
        )

    def whereabouts(self, answer: int) -> tuple[bytes, list[int]] | None:
        """Give the sealed chat of an answer and its messages, as long as it can be corrected."""
        sealed = self._correctable("id = ?", answer).get(answer)
        return None if sealed is None else (sealed, self.messages(answer))

    def lose(self, answer: int, message: int) -> None:
        """Forget a message that cannot be changed any more."""
        self._database.do("DELETE FROM messages WHERE answer = ? AND message = ?", answer, message)

    def give_up(self, answer: int) -> None:
        """Leave an answer as it is: forget where it is."""
        with self._database.transaction():
            self._database.do("UPDATE answers SET sealed = NULL WHERE id = ?", answer)
            self._database.do("DELETE FROM outdated WHERE answer = ? AND pending", answer)

    def give_up_all(self) -> None:
        """Forget where answers are, of all of them."""
        self._database.do("UPDATE answers SET sealed = NULL WHERE sealed IS NOT NULL")

    def doubtful(self, versions: Collection[str], generation: int) -> list[int]:
        """List the answers to look at, now that the documents are of these versions.

        They quote something that is of another version, or their correction was interrupted, or it said that the documents
        do not answer any more, as they may again.
        """
        found = self._correctable("id IN (SELECT answer FROM outdated WHERE pending)")
        found |= self._correctable(
            "id IN (SELECT answer FROM outdated) AND status = ? AND generation <> ?",
            Status.NOT_FOUND.value, generation,
        )  # fmt: skip
        quoted = {version for (version,) in self._database.all("SELECT DISTINCT version FROM quoted")}
        for version in quoted - set(versions):
            found |= self._correctable("id IN (SELECT answer FROM quoted WHERE version = ?)", version)
        return sorted(found)

    def _correctable(self, condition: str, *values: object) -> dict[int, bytes]:
        """Find answers that can be corrected, with their sealed chats."""
        rows = self._database.all(f"SELECT id, sealed {CORRECTABLE} {condition}", *values)
        return dict(rows)

    def settle(self, answer: int, versions: Mapping[str, str]) -> None:
        """Note that everything an answer quotes stands in the versions that documents are of now, by their names."""
        for quote in self.of(answer):
            self._database.do(
                "UPDATE quoted SET version = ? WHERE answer = ? AND receipt = ?",
                versions.get(quote.receipt.document, quote.version), answer, str(quote.receipt),
            )  # fmt: skip

    def outdated(self, answer: int) -> Outdated | None:
        """Give what is outdated of an answer, if anything is."""
        rows = self._database.all("SELECT since, changes FROM outdated WHERE answer = ?", answer)
        for since, changes in rows:
            return Outdated(since, tuple(Change(*change) for change in json.loads(changes)))
        return None

    def is_pending(self, answer: int) -> bool:
        """Whether a correction was begun and not finished."""
        return bool(self._database.all("SELECT 1 FROM outdated WHERE answer = ? AND pending", answer))

    def begin(self, answer: int, since: str, changes: Sequence[Change]) -> None:
        """Note that an answer is outdated, before anything is said of it."""
        stored = json.dumps([(change.title, change.gone, change.said) for change in changes])
        self._database.do("INSERT OR REPLACE INTO outdated VALUES (?, ?, ?, ?, 1)", answer, time.time(), since, stored)

    def finish(self, answer: int, answered: Answer, *, outdated: bool) -> None:
        """Note that an answer says something new, below that the old words are outdated or without that."""
        with self._database.transaction():
            done = self._database.do(
                "UPDATE answers SET status = ?, highlighted = ?, generation = ? WHERE id = ?",
                answered.status.value, highlighted(answered), answered.index.generation, answer,
            )  # fmt: skip
            if not done.rowcount:
                return
            self.keep(answer, answered)
            if outdated:
                self._database.do("UPDATE outdated SET pending = 0 WHERE answer = ?", answer)
            else:
                self._database.do("DELETE FROM outdated WHERE answer = ?", answer)

    def messages(self, answer: int) -> list[int]:
        """List the messages that an answer is."""
        rows = self._database.all("SELECT message FROM messages WHERE answer = ? ORDER BY message", answer)
        return [message for (message,) in rows]


def highlighted(answer: Answer) -> str:
    """Give the words that are highlighted in an answer's first excerpt, if it has one."""
    return _highlighted(answer.excerpts[0]) if answer.excerpts else ""


def _highlighted(excerpt: Excerpt) -> str:
    # Where there are two, they are neighbours.
    return excerpt.evidence.document.text[excerpt.highlights[0].start : excerpt.highlights[-1].end]
