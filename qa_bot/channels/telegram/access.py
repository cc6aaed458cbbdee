"""Who may ask, and how often."""

import hmac
import math
import time
from collections import OrderedDict
from collections.abc import Callable

from qa_bot.channels.telegram.database import Database
from qa_bot.config import Telegram

# So many askers are kept in mind; whoever has not asked for long has all their questions back anyway.
REMEMBERED = 10_000
# Guesses at the invitation code, of one person in an hour.
GUESSES = 5
MINUTE, HOUR = 60.0, 3_600.0
# Sums of fractions are not exact; nobody is sent away for less than this many seconds.
GRACE = 0.001


class Rate:
    """So many in a time, by a bucket that fills evenly: who has been quiet may ask several at once."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Allow ``most`` in ``seconds``."""
        self._most, self._seconds, self._clock = most, seconds, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, who: str) -> int:
        """Take one if there is one; gives 0, or the seconds until there is."""
        now = self._clock()
        left, since = self._buckets.pop(who, (float(self._most), now))
        left = min(self._most, left + (now - since) * self._most / self._seconds)
        missing = (1 - left) * self._seconds / self._most
        allowed = missing < GRACE
        self._buckets[who] = (left - allowed, now)
        while len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        return 0 if allowed else math.ceil(missing - GRACE / 2)


class Access:
    """The list of those who may ask, and their rates. Persons and chats go by their numbers in Telegram."""

    def __init__(self, settings: Telegram, invitation_code: str, database: Database) -> None:
        """Read the lists from the settings, and who has been invited from the database."""
        self._settings = settings
        self._code = invitation_code
        self._database = database
        self.person_rate = Rate(settings.questions_per_minute, MINUTE)
        self.group_rate = Rate(settings.group_questions_per_minute, MINUTE)
        self._guesses = Rate(GUESSES, HOUR)

    def is_admin(self, person: int) -> bool:
        """Whether a person runs this bot."""
        return person in self._settings.admins

    def may_ask(self, person: int, chat: int) -> bool:
        """Whether a person may ask in a chat."""
        if self._settings.access == "everyone" or self.is_admin(person):
            return True
        if person in self._settings.users or chat in self._settings.chats:
            return True
        return self._is_invited(person) or self._is_invited(chat)

    def follow(self, old: int, new: int) -> None:
        """Let the members of a supergroup ask if those of the group that it was might."""
        if old in self._settings.chats or self._is_invited(old):
            self._invite(new)

    def invite(self, person: int, code: str) -> bool:
        """Let a person in who knows the code; guessing is limited."""
        if not self._code or self._guesses.wait(str(person)):
            return False
        if not hmac.compare_digest(code.encode(), self._code.encode()):
            return False
        self._invite(person)
        return True

    def _is_invited(self, number: int) -> bool:
        return bool(self._database.all("SELECT 1 FROM invited WHERE person = ?", self._database.pseudonym(number)))

    def _invite(self, number: int) -> None:
        self._database.do("INSERT OR IGNORE INTO invited VALUES (?, ?)", self._database.pseudonym(number), time.time())
