"""All that the emulated server knows, under one lock."""

import copy
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from telegram_emulator.chats import Chat
from telegram_emulator.errors import refuse
from telegram_emulator.parameters import Json, Parameters
from telegram_emulator.updates import Clock, Update, UpdateQueue

# The numbers of the first chats of each kind; supergroups begin with -100 as they do at Telegram.
FIRST_USER = 1_000_001
FIRST_GROUP = -4_000_001
FIRST_SUPERGROUP = -1_001_000_000_001


@dataclass
class Asked:
    """A press of a button or an inline query: who asked, when, and what the bot answered."""

    id: str
    kind: str
    user: Json
    born: float
    answer: Json | None = None


@dataclass
class File:
    """A file at the server; ``size`` is what is said of it, so that a test need not make a big one."""

    id: str
    name: str
    content: bytes
    size: int


@dataclass
class Draft:
    """What a private chat shows while an answer is being written."""

    id: int
    text: str
    until: float


@dataclass
class Webhook:
    """Where updates are sent to, and how the last attempt went."""

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    last_error: str = ""
    last_error_date: float = 0.0
    gone_since: float | None = None


@dataclass
class Profile:
    """What the bot says of itself; commands by their scope and language, texts by their language."""

    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    descriptions: dict[tuple[str, str], str] = field(default_factory=dict)


class State:
    """The server's memory; everything that reads or writes it holds ``changed``, which tells of every change."""

    def __init__(self, bot: Json) -> None:
        self.changed = threading.Condition()
        self.closing = threading.Event()
        self.clock = Clock()
        self.bot = bot
        self.queue = UpdateQueue(self.clock)
        self.chats: dict[int, Chat] = {}
        self.messages: dict[tuple[int, int], Json] = {}
        self.seen: set[int] = set()
        self.users: dict[int, Json] = {}
        self.asked: dict[str, Asked] = {}
        self.files: dict[str, File] = {}
        self.drafts: dict[int, Draft] = {}
        self.actions: list[tuple[int, str]] = []
        self.reactions: dict[tuple[int, int], list[str]] = {}
        self.webhook = Webhook()
        self.profile = Profile()
        # Telegram does not promise that a plain mention reaches a bot in privacy mode, and often it does not.
        self.mentions_reach_bot = False
        # Telegram holds a request that comes soon after the same one; a bot that stops waits three seconds for that.
        self.hasty_polls_wait = True
        self.private_messages = 0
        self.next_webhook = 0.0

    @property
    def bot_id(self) -> int:
        """Give the number of the bot."""
        return int(self.bot["id"])

    @property
    def bot_user(self) -> Json:
        """Give the bot as messages name it."""
        return {name: self.bot[name] for name in ("id", "is_bot", "first_name", "username")}

    def now(self) -> int:
        """Give the time in whole seconds."""
        return int(self.clock.now())

    def chat(self, parameters: Parameters, name: str = "chat_id") -> Chat:
        """Find the chat that a request names."""
        named = parameters.text(name).strip()
        if not named:
            refuse("chat_id is empty")
        numbers = {str(chat.id): chat for chat in self.chats.values()}
        names = {f"@{chat.person.get('username')}": chat for chat in self.chats.values() if chat.person}
        chat = numbers.get(named) or names.get(named)
        if chat is None:
            refuse("chat not found")
        return chat

    def writable(self, parameters: Parameters) -> Chat:
        """Find the chat that a request names, and make sure that the bot may write there."""
        chat = self.chat(parameters)
        chat.check_bot_may_write(self.bot_id, seen=chat.id in self.seen)
        return chat

    def add_message(self, chat: Chat, sender: Json, content: Json) -> Json:
        """Put a message into a chat; supergroups count their messages themselves, all others together."""
        if chat.kind == "supergroup":
            chat.last_message_id += 1
            message_id = chat.last_message_id
        else:
            self.private_messages += 1
            message_id = self.private_messages
        message = {"message_id": message_id, "from": sender, "chat": chat.described(), "date": self.now()} | content
        self.messages[chat.id, message_id] = message
        return message

    def tell(self, kind: str, payload: Json, sender: int) -> Update | None:
        """Tell the bot of something, and wake whoever waits for it."""
        with self.changed:
            self.seen.add(int(payload.get("from", self.bot)["id"]))
            update = self.queue.push(kind, copy.deepcopy(payload), sender)
            self.changed.notify_all()
            return update

    def is_bots(self, message: Json) -> bool:
        """Say whether the bot wrote a message."""
        return bool(message["from"]["id"] == self.bot_id and "via_bot" not in message)


Method = Callable[[State, Parameters], Any]
