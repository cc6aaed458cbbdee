"""What the bot remembers of its answers: for buttons, follow-ups, edits, votes, gaps and gold."""

import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa_bot.channels.telegram.database import Database, days_ago
from qa_bot.channels.telegram.quotes import Quotes, highlighted
from qa_bot.records import Answer, Status

# An answer leads on to the next question for so long.
FOLLOW_UP_MINUTES = 30


@dataclass(frozen=True, slots=True)
class Remembered:
    """An answer as it was given.

    ``question`` is what somebody wrote, ``meant`` what was asked of the documents, ``note`` what stood above the answer.
    ``highlighted`` are the words that were highlighted in the first excerpt, empty where nothing was found.
    """

    id: int
    chat: str
    thread: int
    question: str
    meant: str
    note: str
    status: str
    highlighted: str
    excerpts: int
    threshold: float
    generation: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer was given, and to what: chat and person by their pseudonyms, ``asked`` the message's number."""

    chat: str
    person: str
    thread: int
    asked: int


COLUMNS = "id, chat, thread, question, meant, note, status, highlighted, excerpts, threshold, generation"

# Votes on words that an answer has said since it was corrected, if it was.
VOTED = (
    "FROM answers JOIN votes ON votes.answer = answers.id "
    "AND votes.made > coalesce((SELECT made FROM outdated WHERE outdated.answer = answers.id), 0)"
)


class Memory:
    """Answers, votes, gaps and gold, in a database."""

    def __init__(self, database: Database) -> None:
        """Remember in a database."""
        self._database = database
        self._quotes = Quotes(database)

    def keep(
        self, place: Place, question: str, note: str, answer: Answer, *, excerpts: int, threshold: float
    ) -> Remembered:
        """Remember an answer; one without excerpts is a gap, too."""
        made = time.time()
        with self._database.transaction():
            self._withdraw_gap(place)
            done = self._database.do(
                "INSERT INTO answers (made, chat, person, asked, thread, question, note, meant, status, highlighted, excerpts,"
                " threshold, generation) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                made, place.chat, place.person, place.asked, place.thread, question, note, answer.question,
                answer.status.value, highlighted(answer), excerpts, threshold, answer.index.generation,
            )  # fmt: skip
            self._quotes.keep(done.lastrowid or 0, answer)
            if answer.status is Status.NOT_FOUND:
                self._database.do(
                    "INSERT INTO gaps (made, person, question, folded) VALUES (?, ?, ?, ?)",
                    made, place.person, question, _folded(question),
                )  # fmt: skip
        return self.answer(done.lastrowid or 0)

    def _withdraw_gap(self, place: Place) -> None:
        """Take back the gap of a message that was asked before in other words: it is one question, not two."""
        rows = self._database.all(
            "SELECT question FROM answers WHERE chat = ? AND asked = ? AND status = ? ORDER BY id DESC LIMIT 1",
            place.chat, place.asked, Status.NOT_FOUND.value,
        )  # fmt: skip
        for (question,) in rows:
            self._database.do(
                "DELETE FROM gaps WHERE id = (SELECT max(id) FROM gaps WHERE folded = ? AND person = ?)",
                _folded(question), place.person,
            )  # fmt: skip

    def sent(self, answer: int, chat: str, messages: Sequence[int]) -> None:
        """Remember which messages an answer is now."""
        with self._database.transaction():
            self._database.do("DELETE FROM messages WHERE answer = ?", answer)
            for message in messages:
                self._database.do("INSERT OR REPLACE INTO messages VALUES (?, ?, ?)", chat, message, answer)

    def answer(self, number: int) -> Remembered:
        """Give an answer. Raises `KeyError` if it has been forgotten."""
        return Remembered(*self._database.one(f"SELECT {COLUMNS} FROM answers WHERE id = ?", number))  # noqa: S608 - a constant

    def in_message(self, chat: str, message: int) -> Remembered:
        """Give the answer that a message shows. Raises `KeyError`."""
        return self.answer(
            self._database.one("SELECT answer FROM messages WHERE chat = ? AND message = ?", chat, message)[0]
        )

    def to_message(self, chat: str, asked: int) -> tuple[Remembered, list[int]]:
        """Give the answer to a message, with the messages that it is. Raises `KeyError`."""
        number = self._database.one(
            "SELECT id FROM answers WHERE chat = ? AND asked = ? ORDER BY id DESC LIMIT 1", chat, asked
        )[0]
        rows = self._database.all("SELECT message FROM messages WHERE answer = ? ORDER BY message", number)
        return self.answer(number), [message for (message,) in rows]

    def reword(self, answer: int, question: str) -> None:
        """Remember that a question was edited into one that cannot be asked."""
        with self._database.transaction():
            self._database.do("UPDATE answers SET question = ? WHERE id = ?", question, answer)
            self._quotes.drop(answer)

    def latest(self, chat: str, thread: int, person: str | None = None, *, before: int = sys.maxsize) -> Remembered:
        """Give the latest answer in a chat and topic. Raises `KeyError`.

        If it is to be one to a person, it is of the last half hour, and to a message ``before`` the one of that number.
        """
        if person is None:
            row = self._database.one(
                "SELECT id FROM answers WHERE chat = ? AND thread = ? ORDER BY id DESC LIMIT 1", chat, thread
            )
        else:
            row = self._database.one(
                "SELECT id FROM answers WHERE chat = ? AND thread = ? AND person = ? AND made > ? AND asked < ? "
                "ORDER BY asked DESC, id DESC LIMIT 1",
                chat, thread, person, time.time() - 60 * FOLLOW_UP_MINUTES, before,
            )  # fmt: skip
        return self.answer(row[0])

    def has_been_answered(self, chat: str, question: str, *, besides: int) -> bool:
        """Whether the same question was answered in this chat before, in reply to any message but one."""
        rows = self._database.all("SELECT question FROM answers WHERE chat = ? AND asked <> ?", chat, besides)
        return any(_folded(asked) == _folded(question) for (asked,) in rows)

    def vote(self, answer: int, person: str, vote: int) -> None:
        """Keep a person's vote on an answer, which replaces their earlier one. Raises `KeyError`."""
        self.answer(answer)
        self._database.do("INSERT OR REPLACE INTO votes VALUES (?, ?, ?, ?)", answer, person, vote, time.time())

    def keep_gold(self, question: str, words: Sequence[str]) -> None:
        """Keep the right answer to a question, or, without words, that the documents do not answer it."""
        self._database.do(
            "INSERT OR REPLACE INTO gold VALUES (?, ?, ?)", question, json.dumps(list(words)), time.time()
        )

    def gaps(self, limit: int) -> list[tuple[str, int]]:
        """List questions without an answer, each as it was last asked, and how often; most frequent first."""
        rows = self._database.all(
            "SELECT question, count(*) AS times FROM gaps GROUP BY folded ORDER BY times DESC, max(id) DESC LIMIT ?",
            limit,
        )
        return [(question, times) for question, times in rows]

    def gold(self) -> Iterator[tuple[str, list[str]]]:
        """Yield questions with the words that answer them; none where the documents do not."""
        for question, words in self._database.all("SELECT question, words FROM gold ORDER BY made"):
            yield question, json.loads(words)

    def liked(self) -> Iterator[tuple[str, str]]:
        """Yield questions and highlighted words of the answers that more people found helpful than not."""
        rows = self._database.all(
            f"SELECT meant, highlighted {VOTED} WHERE status = 'answered' GROUP BY answers.id HAVING sum(vote) > 0 ORDER BY answers.id"
        )
        yield from ((question, words) for question, words in rows)

    def disliked(self) -> list[str]:
        """List questions whose answers more people found unhelpful than not."""
        rows = self._database.all(
            f"SELECT question {VOTED} GROUP BY answers.id HAVING sum(vote) < 0 ORDER BY answers.id"
        )
        return [question for (question,) in rows]

    def forget(self, person: str) -> None:
        """Delete what is a person's: their questions with the answers, their votes and gaps."""
        with self._database.transaction():
            for table in ("answers", "votes", "gaps"):
                self._database.do(f"DELETE FROM {table} WHERE person = ?", person)  # noqa: S608 - constants

    def prune(self, days: float) -> None:
        """Delete what is older than so many days; gold is kept."""
        with self._database.transaction():
            for table in ("answers", "votes", "gaps"):
                self._database.do(f"DELETE FROM {table} WHERE made < ?", days_ago(days))  # noqa: S608 - constants


def _folded(question: str) -> str:
    """Give what makes two questions the same: case, blanks and the mark at the end aside."""
    return " ".join(question.casefold().split()).rstrip(" ?!.")
