"""The queue of updates: what waits for the bot, for how long, and who polls for it."""

import time
from dataclasses import dataclass, field
from typing import Any

from telegram_emulator.parameters import Json

DAY = 86_400.0
# How long an update waits for the bot, in seconds; all others wait a day.
LIFETIMES = {"callback_query": 150.0, "inline_query": 30.0, "chosen_inline_result": 600.0}
KINDS = (
    "message", "edited_message", "channel_post", "edited_channel_post", "inline_query", "chosen_inline_result",
    "callback_query", "shipping_query", "pre_checkout_query", "poll", "poll_answer", "my_chat_member", "chat_member",
    "chat_join_request", "chat_boost", "removed_chat_boost", "message_reaction", "message_reaction_count",
    "business_connection", "business_message", "edited_business_message", "deleted_business_messages",
)  # fmt: skip
DEFAULT_KINDS = frozenset(KINDS) - {"chat_member", "message_reaction", "message_reaction_count"}
FIRST_ID = 70_000_001


class Clock:
    """The time of day, which a test can put forward so that it need not wait."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def now(self) -> float:
        """Give the time in seconds since 1970."""
        return time.time() + self.ahead


@dataclass
class Update:
    """Something that happened, and until when it is worth telling; one sender's updates are told in their order."""

    id: int
    kind: str
    payload: Json
    expires: float
    sender: int
    # When the webhook may be tried again, and how long it is left alone after the next failure.
    not_before: float = 0.0
    pause: float = 1.0

    def body(self) -> Json:
        """Give the update as it is told."""
        return {"update_id": self.id, self.kind: self.payload}


@dataclass(eq=False)
class Poll:
    """A request for updates that is held until there are some, and why it was ended before."""

    ended: str = ""


@dataclass
class UpdateQueue:
    """The updates that the bot has not confirmed; ``told`` keeps all that ever were."""

    clock: Clock
    waiting: list[Update] = field(default_factory=list)
    told: list[Update] = field(default_factory=list)
    again: list[Update] = field(default_factory=list)
    allowed: frozenset[str] = DEFAULT_KINDS
    poll: Poll | None = None
    next_id: int = FIRST_ID
    last_offset: int = 0
    last_start: float = 0.0

    def allow(self, kinds: Any) -> None:
        """Remember which kinds are wanted from now on; no list changes nothing, an empty one asks for the usual."""
        if isinstance(kinds, list) and all(isinstance(kind, str) for kind in kinds):
            self.allowed = frozenset(kind.lower() for kind in kinds) & frozenset(KINDS) or DEFAULT_KINDS

    def push(self, kind: str, payload: Json, sender: int) -> Update | None:
        """Add an update, unless nobody wants its kind."""
        if kind not in self.allowed:
            return None
        expires = self.clock.now() + LIFETIMES.get(kind, DAY)
        update = Update(self.next_id, kind, payload, expires, sender)
        self.next_id += 1
        self.waiting.append(update)
        self.told.append(update)
        return update

    def redeliver(self, update_id: int) -> None:
        """Tell an update once more, though the bot has confirmed it."""
        self.again += [update for update in self.told if update.id == update_id]

    def pending(self) -> list[Update]:
        """Give what waits, after forgetting what is too old."""
        now = self.clock.now()
        self.waiting = [update for update in self.waiting if update.expires > now]
        return self.waiting

    def take(self, offset: int, limit: int) -> list[Json]:
        """Confirm what lies below an offset and give what follows; an offset from the future confirms nothing."""
        waiting = self.pending()
        if offset < 0:
            self.waiting = waiting = waiting[offset:]
        elif 0 < offset <= self.next_id:
            self.waiting = waiting = [update for update in waiting if update.id >= offset]
        once_more, self.again = self.again, []
        return [update.body() for update in [*once_more, *waiting][:limit]]

    def hold(self) -> Poll:
        """Hold a request; there is only ever one, so the former ends."""
        self.end_poll(
            "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
        )
        self.poll = Poll()
        return self.poll

    def end_poll(self, reason: str) -> None:
        """End the request that is held."""
        if self.poll:
            self.poll.ended = reason
        self.poll = None

    def clear(self) -> None:
        """Forget all that waits."""
        self.waiting = []
