"""An engine over a small folder of documents, which a test changes, and whose encoder it can hold."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from stand_ins import SeedWriter, WordEncoder

from qa_bot.bot import Inquiry, QaBot
from qa_bot.channels.newest import Newest
from qa_bot.channels.telegram.engine import Engine
from qa_bot.config import EvidenceSettings, Paths, Settings
from qa_bot.encoder.vectors import TokenVectors, Vectors
from qa_bot.index.encoding import no_progress
from qa_bot.limits import Limits
from qa_bot.opening import open_index, update_index
from qa_bot.reading import scan

TEA, SUPPER = Inquiry("When is tea served?", threshold=0.0), Inquiry("When is supper served?", threshold=0.0)
SEEDS = {"tea.txt": "Tea is served at four in the garden.\n", "supper.txt": "Supper is served at eight in the hall.\n"}
LATER = {"tea.txt": "Tea is served at five in the garden.\n"}
PATIENCE = 10


class NotingEncoder(WordEncoder):
    """An encoder that notes which questions it is given together; it can be held, and it can fail."""

    def __init__(self) -> None:
        """Hold nothing, and do not fail."""
        super().__init__()
        self.rounds: list[list[str]] = []
        self.fault: Exception | None = None
        self.faulty = ""
        self.gate = threading.Event()
        self.gate.set()
        self.asked = threading.Event()
        self.reading = threading.Event()
        self.may_read = threading.Event()
        self.may_read.set()

    def encode_questions(self, questions: Sequence[str]) -> list[tuple[Vectors, TokenVectors]]:
        """Note them, and wait for the gate."""
        self.rounds.append(list(questions))
        self.asked.set()
        assert self.gate.wait(PATIENCE)
        if self.fault and any(self.faulty in question for question in questions):
            raise self.fault
        return list(super().encode_passages(questions))

    def encode_passages(self, texts: Sequence[str]) -> Iterator[tuple[NDArray[np.float32], TokenVectors]]:
        """Say that documents are being read, and wait until they may be."""
        self.reading.set()
        assert self.may_read.wait(PATIENCE)
        return super().encode_passages(texts)


Talk = Callable[[Engine], Coroutine[Any, Any, None]]


class Run:
    """An engine over documents that a test can change."""

    def __init__(self, folder: Path, write_seeds: SeedWriter) -> None:
        self.encoder = NotingEncoder()
        self.settings = Settings(
            folder=folder,
            paths=Paths(seeds=folder / "seeds", embeddings=folder / "embeddings"),
            evidence=EvidenceSettings(reader=""),
        )
        self._write_seeds = write_seeds

    def __call__(self, talk: Talk) -> list[list[str]]:
        """Start the engine, let it be asked, and stop it; gives what was encoded together."""
        self._write_seeds(SEEDS)
        folder = self.settings.paths
        index = open_index(folder.embeddings, scan(folder.seeds, Limits(max_file_mb=1)), self.encoder, no_progress)

        async def started() -> None:
            engine = Engine(self.settings)
            engine._newest = Newest(QaBot(self.settings, index, self.encoder))
            await talk(engine)
            await engine.stop()

        asyncio.run(started())
        return self.encoder.rounds

    def write(self, seeds: dict[str, str]) -> None:
        """Change the documents."""
        self._write_seeds(seeds)

    def update(self, seeds: dict[str, str], *, rebuild: bool = False) -> None:
        """Change the documents, and bring the index up to date as another process does."""
        self.write(seeds)
        update_index(self.settings, self.encoder, rebuild=rebuild)

    async def hold(self, engine: Engine, inquiry: Inquiry) -> "asyncio.Task[Any]":
        """Ask, and hold the engine while it answers."""
        self.encoder.gate.clear()
        self.encoder.asked.clear()
        asking = asyncio.create_task(engine.ask(inquiry))
        assert await asyncio.to_thread(self.encoder.asked.wait, PATIENCE)
        return asking

    async def hold_reload(self, engine: Engine) -> "asyncio.Task[str]":
        """Read the documents anew, and hold that while they are encoded."""
        self.encoder.may_read.clear()
        self.encoder.reading.clear()
        reloading = asyncio.create_task(engine.reload())
        assert await asyncio.to_thread(self.encoder.reading.wait, PATIENCE)
        return reloading
