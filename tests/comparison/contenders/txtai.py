"""txtai: an embeddings database with ``hybrid=True``, which brings BM25 along, saved to a folder."""

from collections.abc import Sequence
from pathlib import Path

from txtai import Embeddings

from comparison.protocol import HITS, WARM_UP_TEXT, Paragraph, model_folder, run


class Txtai:
    """An embeddings database that keeps its texts."""

    def load(self) -> None:
        """Load the model."""
        self.embeddings = Embeddings(path=model_folder(), hybrid=True, content=True, gpu=False)
        self.embeddings.batchtransform([WARM_UP_TEXT])

    def index(self, paragraphs: Sequence[Paragraph], folder: Path) -> None:
        """Index and save."""
        self.embeddings.index((paragraph.id, paragraph.text) for paragraph in paragraphs)
        self.embeddings.save(str(folder))

    def open(self, folder: Path) -> None:
        """Load what was saved; its configuration names the model."""
        self.embeddings = Embeddings()
        self.embeddings.load(str(folder))

    def ask(self, question: str) -> list[str]:
        """Search in both ways at once."""
        return [str(row["id"]) for row in self.embeddings.search(question, HITS)]

    def change(self, paragraphs: Sequence[Paragraph], at: int, folder: Path) -> None:
        """Put one in place of another, and save."""
        self.embeddings.upsert([(paragraphs[at].id, paragraphs[at].text)])
        self.embeddings.save(str(folder))


if __name__ == "__main__":
    run(Txtai)
