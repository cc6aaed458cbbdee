"""Conversations with a whole bot in this process: people act in the emulator, and the bot's updates reach it through its queue.

Nothing here is asynchronous to a test: each act is delivered and dealt with before the call returns.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any, Self, TypeVar

import httpx
from telegram import Update
from telegram.error import NetworkError
from telegram.ext import AIORateLimiter
from telegram.request import RequestData
from telegram_emulator.chats import Chat
from telegram_emulator.core import Emulator
from telegram_emulator.parameters import Json
from telegram_emulator.people import Person
from telegram_emulator.request import InProcessRequest
from telegram_emulator.state import Asked
from telegram_library import settings_in

from qa_bot.bot import Inquiry
from qa_bot.channels.telegram.application import DEFAULTS, App, TelegramBot
from qa_bot.channels.telegram.database import Database
from qa_bot.channels.telegram.polling import Polling, PollingBot
from qa_bot.records import Answer

Result = TypeVar("Result")
Sections = Mapping[str, Mapping[str, object]]

# Longer than anything takes that is not stuck.
STUCK = 20.0


class Line(InProcessRequest):
    """A line to the emulator that may be down: so many requests of a method cannot even connect."""

    def __init__(self, emulator: Emulator) -> None:
        super().__init__(emulator)
        self.down: dict[str, int] = {}
        self.awaited: dict[str, asyncio.Event] = {}

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *args: Any, **timeouts: Any
    ) -> tuple[int, bytes]:
        """Answer a request, unless the line is down."""
        name = url.rpartition("/")[2]
        if name in self.awaited:
            self.awaited.pop(name).set()
        if self.down.get(name, 0):
            self.down[name] -= 1
            message = "httpx.ConnectError: All connection attempts failed"
            raise NetworkError(message) from httpx.ConnectError(message)
        return await super().do_request(url, method, request_data, *args, **timeouts)


class Talk:
    """A bot at work, and the people who talk to it."""

    def __init__(self, emulator: Emulator, folder: Path, database: Path, sections: Sections) -> None:
        """Begin with the documents of a folder; sections of settings override the defaults."""
        self.emulator = emulator
        self.line = Line(emulator)
        self._runner = asyncio.Runner()
        self._folder, self._file, self._sections = folder, database, sections
        self._fatal: list[str] = []
        self.bot: TelegramBot
        self.app: App
        self.running = False

    def __enter__(self) -> Self:
        """Begin."""
        self.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        """End, and let the loop go."""
        if self.running:
            self.stop()
        self._runner.close()

    @property
    def database(self) -> Database:
        """What the bot remembers."""
        return self.bot.service.database

    def start(self, **sections: Mapping[str, object]) -> None:
        """Start the bot, with other settings if there are some."""
        self._sections = {**self._sections, **sections}
        self._run(self._start())

    async def _start(self) -> None:
        options = {"token": self.emulator.token, "request": self.line, "get_updates_request": self.line}
        polling = Polling(self._fatal.append, lambda: None)
        library_bot = PollingBot(polling, defaults=DEFAULTS, rate_limiter=AIORateLimiter(), **options)
        self.bot = TelegramBot(settings_in(self._folder, self._file, **self._sections), library_bot)
        self.app = self.bot.application(library_bot, updater=False)
        await self.app.initialize()
        await self.bot.begin(self.app)
        await self.app.start()
        self.running = True
        await self.bot.queue.join()

    def stop(self) -> None:
        """Stop the bot as a signal does: what it has accepted is answered."""
        self._run(self._stop())

    async def _stop(self) -> None:
        await self.app.stop()
        await self.bot.end(self.app)
        await self.app.shutdown()
        self.running = False

    def restart(self, **sections: Mapping[str, object]) -> None:
        """Stop, and start another bot that remembers what this one did."""
        self.stop()
        self.start(**sections)

    def crash(self) -> None:
        """End at once, whatever is being done."""
        # Not below a time limit, which would be one of the tasks that end.
        self._runner.run(self._crash())

    async def _crash(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.bot.service.engine.stop()
        self.database.close()
        self.running = False

    def settle(self) -> None:
        """Deliver what has happened, and wait until the bot has dealt with it."""
        self._run(self._settle())

    async def _settle(self) -> None:
        await self._deliver()
        await self.bot.queue.join()

    async def _deliver(self) -> None:
        for update in self.emulator.take_updates():
            await self.bot.queue.put(Update.de_json(update, self.app.bot))

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Let the bot do what it does by itself until something is so."""
        end = time.monotonic() + STUCK
        while not condition():
            assert time.monotonic() < end, f"not so within {STUCK} s"
            self._run(asyncio.sleep(0.01))

    def deliver(self, method: str) -> None:
        """Deliver what has happened, and go on as soon as the bot calls a method, whose answer may be held."""

        async def called() -> None:
            event = self.line.awaited[method] = asyncio.Event()
            await self._deliver()
            await event.wait()

        self._run(called())

    def _run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self._runner.run(asyncio.wait_for(work, STUCK))

    def person(self, name: str = "Ann", *, chat: Chat | None = None) -> Person:
        """Let somebody come, into a group if one is given."""
        person = self.emulator.person(name)
        if chat is not None:
            person.joins(chat)
            self.settle()
        return person

    def group(self, owner: Person, *, hears_all: bool = True, forum: bool = False, small: bool = False) -> Chat:
        """Let somebody make a group with the bot in it; by default the bot sees all that is written there."""
        self.emulator.state.bot["can_read_all_group_messages"] = hears_all
        chat = owner.creates_group("Island") if small else owner.creates_supergroup("Island", forum=forum)
        self.settle()
        return chat

    def says(self, person: Person, text: str, **where: Any) -> list[Json]:
        """Let a person write, and give what the bot has written since in that chat."""
        chat = where.get("chat") or person
        before = {message["message_id"] for message in self.shown(chat)}
        person.says(text, **where)
        self.settle()
        return [message for message in self.shown(chat) if message["message_id"] not in before]

    def shown(self, chat: Chat | Person) -> list[Json]:
        """Give the bot's messages that a chat shows."""
        return [message for message in self.emulator.shown(chat) if self.emulator.state.is_bots(message)]

    def edits(self, person: Person, text: str, chat: Chat | Person | None = None) -> None:
        """Let a person edit the last message they have written."""
        own = [message for message in self.emulator.shown(chat or person) if message["from"]["id"] == person.id]
        person.edits(own[-1], text)
        self.settle()

    def presses(self, person: Person, message: Json, button: str) -> str:
        """Let a person press a button; gives what flashes up."""
        asked = person.presses(message, button)
        self.settle()
        assert asked.answer is not None, "the press was not answered"
        return str(asked.answer["text"])

    def sends_press(self, person: Person, message: Json, data: str) -> Asked:
        """Let a person's program send any data in place of a button's."""
        with self.emulator.state.changed:
            asked = person._ask("callback_query")
            payload = {"message": message, "chat_instance": "1", "data": data}
            self.emulator.state.tell("callback_query", {"id": asked.id, "from": person.user} | payload, person.id)
        self.settle()
        return asked

    def finds(self, question: str) -> Answer:
        """Give what the engine itself answers, however unsure it is."""
        return self._run(self.bot.service.engine.ask(Inquiry(question, threshold=0.0)))

    def now(self, message: Json) -> Json:
        """Give a message as it is shown now."""
        found: Json = self.emulator.state.messages[message["chat"]["id"], message["message_id"]]
        return found

    def last_id(self) -> int:
        """Give the number of the last update."""
        return self.emulator.state.queue.told[-1].id


def buttons(message: Json) -> list[str]:
    """List the buttons under a message."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


def pieces(message: Json, kind: str) -> list[str]:
    """List the stretches of a message that are formatted in one way."""
    units = message["text"].encode("utf-16-le")
    found = [entity for entity in message.get("entities", []) if entity["type"] == kind]
    return [
        units[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le") for entity in found
    ]


def texts(messages: list[Json]) -> list[str]:
    """Give the texts of messages."""
    return [message["text"] for message in messages]


def results(asked: Asked) -> list[Json]:
    """Give the results of an inline question."""
    assert asked.answer is not None, "the question was not answered"
    found: list[Json] = asked.answer["results"]
    return found
