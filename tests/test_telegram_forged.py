"""Presses that no button makes: programs of people's own can send any."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from stand_ins import SeedWriter
from telegram import Update
from telegram.ext import ExtBot
from telegram_emulator.core import Emulator
from telegram_emulator.people import Person
from telegram_emulator.request import InProcessRequest

from qa_bot.channels.telegram import words
from qa_bot.channels.telegram.application import DEFAULTS, TelegramBot
from qa_bot.channels.telegram.chats import Choices
from qa_bot.config import EvidenceSettings, Paths, Settings

Talk = Callable[["Talking"], Coroutine[Any, Any, None]]


class Talking:
    """A bot that is handed what people do."""

    def __init__(self, emulator: Emulator, folder: Path) -> None:
        paths = Paths(seeds=folder / "seeds", embeddings=folder / "embeddings", telegram=folder / "telegram.sqlite3")
        settings = Settings(folder=folder, paths=paths, evidence=EvidenceSettings(reader=""))
        self.emulator = emulator
        self._bot = ExtBot(emulator.token, request=InProcessRequest(emulator), defaults=DEFAULTS)
        self.bot = TelegramBot(settings, self._bot)
        self._app = self.bot.application(self._bot, updater=False)

    async def deal(self) -> None:
        """Let the bot deal with what has happened."""
        for update in self.emulator.take_updates():
            await self._app.process_update(Update.de_json(update, self._app.bot))

    async def press(self, person: Person, data: str) -> str:
        """Press a button of the last message that says this, and give what is said in passing."""
        message = self.emulator.shown(person)[-1]
        button = {"text": "forged", "callback_data": data}
        message["reply_markup"] = {"inline_keyboard": [[button]]}
        with self.emulator.state.changed:
            self.emulator.state.messages[person.id, message["message_id"]]["reply_markup"] = message["reply_markup"]
        asked = person.presses(message, "forged")
        await self.deal()
        assert asked.answer is not None
        return str(asked.answer["text"])

    def run(self, talk: Talk) -> None:
        """Start the bot, let people talk to it, and stop it."""

        async def started() -> None:
            async with self._app:
                await self.bot.begin(self._app)
                try:
                    await talk(self)
                finally:
                    await self.bot.end(self._app)

        asyncio.run(started())


@pytest.fixture
def talking(emulator: Emulator, tmp_path: Path, write_seeds: SeedWriter) -> Talking:
    """Give a bot over one short document."""
    write_seeds({"tea.txt": "Tea is served at four in the garden.\n"})
    return Talking(emulator, tmp_path)


def test_answers_stay_in_their_chats(emulator: Emulator, talking: Talking) -> None:
    """Somebody else's are as good as forgotten, with their votes; one's own are not."""
    ann, ben = emulator.person("Ann"), emulator.person("Ben")

    async def talk(talking: Talking) -> None:
        ann.says("When is tea served?")
        ben.says("/help")
        await talking.deal()
        service = talking.bot.service
        for data in ("m:1:-1", "c:1:1:0", "n:1:1", "f:1:1"):
            assert await talking.press(ben, data) == words.STALE
        assert len(emulator.answers(ben)) == 1
        assert "Tea" not in emulator.answers(ben)[0]
        assert await talking.press(ann, "f:1:1") == words.THANKS[1]
        assert service.database.all("SELECT person FROM votes") == [(service.database.pseudonym(ann.id),)]

    talking.run(talk)


@pytest.mark.parametrize(
    "data", ["f:1:1000", "f:1:0", "f:1", "f:1:1:1", "m:1", "m:1:x", "c:1:1", f"m:{2**63}:0", "zz:1", "😀"]
)
def test_nonsense_changes_nothing(emulator: Emulator, talking: Talking, data: str) -> None:
    """And is answered like what is forgotten."""
    ann = emulator.person("Ann")

    async def talk(talking: Talking) -> None:
        ann.says("When is tea served?")
        await talking.deal()
        before = emulator.answers(ann)
        assert await talking.press(ann, data) == words.STALE
        assert emulator.answers(ann) == before
        assert talking.bot.service.database.all("SELECT * FROM votes") == []

    talking.run(talk)


@pytest.mark.parametrize("data", ["se:0", "se:-1", "se:6", "se:1000000", "ss:-1", "ss:3"])
def test_only_what_is_offered_can_be_set(emulator: Emulator, talking: Talking, data: str) -> None:
    """The settings stay as they were."""
    ann = emulator.person("Ann")

    async def talk(talking: Talking) -> None:
        ann.says("/settings")
        await talking.deal()
        assert await talking.press(ann, data) == words.STALE
        assert talking.bot.service.chats.choices(ann.id) == Choices()

    talking.run(talk)
