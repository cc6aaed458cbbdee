"""The engine, with an encoder that takes its time to load."""

import threading
from collections.abc import Sequence
from pathlib import Path

from stand_ins import SeedWriter, WordEncoder

from qa_bot.bot import QaBot
from qa_bot.config import EvidenceSettings, Paths, Settings
from qa_bot.encoder.vectors import TokenVectors, Vectors
from qa_bot.index.encoding import no_progress
from qa_bot.opening import open_index

PATIENCE = 0.5


class SlowEncoder(WordEncoder):
    """An encoder whose first loading takes as long as nobody asks it anything, but not longer than ``PATIENCE``."""

    def __init__(self) -> None:
        """Note what happens, in order."""
        super().__init__()
        self.events: list[str] = []
        self.started = threading.Event()
        self._asked = threading.Event()

    def load(self) -> None:
        """Take long once."""
        super().load()
        if self.loads == 1:
            self.started.set()
            self._asked.wait(PATIENCE)
            self.events.append("loaded")

    def encode_questions(self, questions: Sequence[str]) -> list[tuple[Vectors, TokenVectors]]:
        """Note it."""
        self.events.append("asked")
        self._asked.set()
        return super().encode_questions(questions)


def test_a_question_waits_for_a_thread_that_loads(tmp_path: Path, write_seeds: SeedWriter) -> None:
    """Models are imported by one thread at a time: two at once find them half imported."""
    sources, encoder = write_seeds({"tea.txt": "Tea is served at four.\n"}), SlowEncoder()
    settings = Settings(
        folder=tmp_path,
        paths=Paths(seeds=tmp_path / "seeds", embeddings=tmp_path / "embeddings"),
        evidence=EvidenceSettings(reader=""),
    )
    index = open_index(tmp_path / "embeddings", sources, encoder, no_progress)
    with QaBot(settings, index, encoder) as bot:
        thread = threading.Thread(target=bot.load)
        thread.start()
        assert encoder.started.wait(10)
        answer = bot.ask("When is tea served?")
        thread.join()

    assert answer.ranking[0].paragraph == 0
    assert encoder.events == ["loaded", "asked"]
