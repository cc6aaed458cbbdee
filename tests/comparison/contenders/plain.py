"""A few lines of sentence-transformers and FAISS: paragraph vectors, no keyword search."""

import json
from collections.abc import Sequence
from pathlib import Path

import faiss
from sentence_transformers import SentenceTransformer

from comparison.protocol import HITS, WARM_UP_TEXT, Paragraph, model_folder, run


class Plain:
    """Exact search over vectors of paragraphs."""

    def load(self) -> None:
        """Load the model."""
        self.model = SentenceTransformer(model_folder(), device="cpu")
        self.model.encode([WARM_UP_TEXT])

    def index(self, paragraphs: Sequence[Paragraph], folder: Path) -> None:
        """Write a FAISS index, and the ids beside it."""
        vectors = self.model.encode([paragraph.text for paragraph in paragraphs], normalize_embeddings=True)
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        faiss.write_index(index, str(folder / "vectors.faiss"))
        (folder / "ids.json").write_text(json.dumps([paragraph.id for paragraph in paragraphs]), encoding="utf-8")

    def open(self, folder: Path) -> None:
        """Load the model, and read both."""
        self.load()
        self.vectors = faiss.read_index(str(folder / "vectors.faiss"))
        self.ids = json.loads((folder / "ids.json").read_text(encoding="utf-8"))

    def ask(self, question: str) -> list[str]:
        """Encode the question and look for its neighbours."""
        _, [rows] = self.vectors.search(self.model.encode([question], normalize_embeddings=True), HITS)
        return [self.ids[row] for row in rows if row >= 0]

    def change(self, paragraphs: Sequence[Paragraph], at: int, folder: Path) -> None:
        """Exchange one vector."""
        vectors = self.vectors.reconstruct_n(0, self.vectors.ntotal)
        [vectors[self.ids.index(paragraphs[at].id)]] = self.model.encode(
            [paragraphs[at].text], normalize_embeddings=True
        )
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        faiss.write_index(index, str(folder / "vectors.faiss"))


if __name__ == "__main__":
    run(Plain)
