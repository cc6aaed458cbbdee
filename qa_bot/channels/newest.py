"""A channel that stays open goes over to the newest state of the documents."""

from collections.abc import Callable
from typing import TypeVar

from qa_bot.bot import QaBot
from qa_bot.errors import DatabaseError, QaBotError, SupersededError
from qa_bot.index.superseding import despite_changes

Result = TypeVar("Result")


class Newest:
    """A bot, and after it the one that answers from the newest generation of the index."""

    def __init__(self, bot: QaBot) -> None:
        """Begin with this bot."""
        self.bot = bot
        # A generation that could not be used is not tried again with every question.
        self._refused: int | None = None

    @property
    def is_outdated(self) -> bool:
        """Whether there is a newer generation that may be of use."""
        try:
            return self._newer() is not None
        except QaBotError:
            return False

    def renew(self) -> bool:
        """Go over to the newest generation, and close the index before it; says whether there was one.

        Raises:
            QaBotError: it cannot be used; the old one goes on.

        """
        newest = self._newer()
        if newest is None:
            return False
        old = self.bot
        try:
            self.bot = old.renewed()
        except (DatabaseError, SupersededError):
            # That passes: the generation may be sound.
            raise
        except QaBotError:
            self._refused = newest
            raise
        old.index.store.close()
        return True

    def do(self, work: Callable[[QaBot], Result]) -> Result:
        """Do something with the bot; with the newest, where the documents changed just then. Raises `QaBotError`."""
        return despite_changes(lambda: work(self.bot), self._go_over)

    def _go_over(self) -> None:
        # The old generation is gone, so that the newest is tried even if it was refused: it may be mended, or say why.
        self._refused = None
        self.renew()

    def _newer(self) -> int | None:
        """Give the number of the generation in force, if it is another one and has not been refused. Raises `QaBotError`."""
        number = self.bot.index.newest()
        return None if number in {self.bot.index.manifest.generation, self._refused} else number
