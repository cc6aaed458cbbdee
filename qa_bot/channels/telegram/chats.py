"""What each chat has chosen: how many excerpts, how strict, how quiet; and whether the bot is still in it."""

from dataclasses import dataclass

from qa_bot.channels.telegram.database import Database

# How much of the way from the threshold towards certainty, or back towards none, each strictness goes.
STRICTNESS = {"lenient": -0.4, "normal": 0.0, "strict": 0.4}
NORMAL = "normal"
MOST_EXCERPTS = 5


@dataclass(frozen=True, slots=True)
class Choices:
    """What a chat has chosen; ``excerpts`` is ``None`` where it has not."""

    excerpts: int | None = None
    strictness: str = NORMAL
    quiet: bool = False

    def threshold(self, usual: float) -> float:
        """Give the least confidence of an answer here, from what it is usually."""
        way = STRICTNESS.get(self.strictness, 0.0)
        return usual + way * (1 - usual if way > 0 else usual)


class Chats:
    """The choices of chats, in a database; chats go by their numbers in Telegram."""

    def __init__(self, database: Database) -> None:
        """Keep choices in a database."""
        self._database = database

    def choices(self, chat: int) -> Choices:
        """Give what a chat has chosen."""
        rows = self._database.all(
            "SELECT excerpts, strictness, quiet FROM chats WHERE chat = ?", self._database.pseudonym(chat)
        )
        if not rows:
            return Choices()
        excerpts, strictness, quiet = rows[0]
        return Choices(excerpts, strictness or NORMAL, bool(quiet))

    def choose(self, chat: int, choices: Choices) -> None:
        """Keep what a chat chooses."""
        self._database.do(
            "INSERT INTO chats (chat, excerpts, strictness, quiet) VALUES (?, ?, ?, ?) ON CONFLICT (chat) DO UPDATE SET "
            "excerpts = excluded.excerpts, strictness = excluded.strictness, quiet = excluded.quiet",
            self._database.pseudonym(chat), choices.excerpts, choices.strictness, choices.quiet,
        )  # fmt: skip

    def set_active(self, chat: int, *, active: bool) -> None:
        """Note that the bot can write in a chat, or no longer can."""
        self._database.do(
            "INSERT INTO chats (chat, active) VALUES (?, ?) ON CONFLICT (chat) DO UPDATE SET active = excluded.active",
            self._database.pseudonym(chat), active,
        )  # fmt: skip

    def is_active(self, chat: int) -> bool:
        """Whether the bot can write in a chat, as far as it knows."""
        rows = self._database.all("SELECT active FROM chats WHERE chat = ?", self._database.pseudonym(chat))
        return bool(rows[0][0]) if rows else True

    def migrate(self, old: int, new: int) -> None:
        """Carry everything of a group over to the supergroup that it has become, which counts its messages anew."""
        before, after = self._database.pseudonym(old), self._database.pseudonym(new)
        with self._database.transaction():
            self._database.do("UPDATE OR REPLACE chats SET chat = ?, active = 1 WHERE chat = ?", after, before)
            self._database.do("UPDATE answers SET chat = ?, asked = 0, sealed = NULL WHERE chat = ?", after, before)
            self._database.do("DELETE FROM messages WHERE chat = ?", before)
