"""qa_bot, the whole way to an answer: evidence, excerpts with their citations, and the reader unless it is left out."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from comparison.protocol import WARM_UP_TEXT, Paragraph, run
from qa_bot.bot import QaBot
from qa_bot.config import Settings
from qa_bot.evaluation.collection import load_collection
from qa_bot.index.encoding import no_progress
from qa_bot.index.generation import Generation
from qa_bot.opening import make_encoder, open_index


class Bot:
    """The engine over a paragraph file, as ``evaluate --paragraphs`` has it."""

    def load(self) -> None:
        """Load the encoder."""
        self.settings = Settings()
        self.encoder = make_encoder(self.settings)
        self.encoder.load()
        self.encoder.encode_questions([WARM_UP_TEXT])

    def index(self, paragraphs: Sequence[Paragraph], folder: Path) -> None:
        """Keep the paragraphs as a file, and index it."""
        lines = [json.dumps(asdict(paragraph)) for paragraph in paragraphs]
        (folder / "paragraphs.jsonl").write_text("\n".join(lines), encoding="utf-8")
        self._open_index(folder).store.close()

    def change(self, paragraphs: Sequence[Paragraph], at: int, folder: Path) -> None:  # noqa: ARG002 - it finds that out
        """Index the changed file."""
        self.index(paragraphs, folder)

    def open(self, folder: Path) -> None:
        """Open the index, held against the paragraphs first as it always is."""
        self.load()
        self.bot = QaBot(self.settings, self._open_index(folder), self.encoder)

    def ask(self, question: str) -> list[str]:
        """Answer."""
        return [self.bot.index.store.paragraph(hit.paragraph)[0] for hit in self.bot.ask(question).ranking]

    def _open_index(self, folder: Path) -> Generation:
        return open_index(folder / "index", load_collection(folder / "paragraphs.jsonl"), self.encoder, no_progress)


if __name__ == "__main__":
    run(Bot)
