"""Haystack: the pipeline for hybrid retrieval of its documentation, BM25 and vectors joined by reciprocal rank fusion."""

from collections.abc import Sequence
from pathlib import Path

from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.components.writers import DocumentWriter
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.document_stores.types import DuplicatePolicy
from haystack.utils import ComponentDevice
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)

from comparison.protocol import HITS, WARM_UP_TEXT, Paragraph, model_folder, run


class Haystack:
    """Documents in memory, saved to a file as JSON."""

    def load(self) -> None:
        """Load the model for documents."""
        device = ComponentDevice.from_str("cpu")
        self.embedder = SentenceTransformersDocumentEmbedder(model=model_folder(), device=device, progress_bar=False)
        self.embedder.warm_up()
        self.embedder.run([Document(content=WARM_UP_TEXT)])

    def index(self, paragraphs: Sequence[Paragraph], folder: Path) -> None:
        """Encode, store and save."""
        store = InMemoryDocumentStore()
        pipeline = Pipeline()
        pipeline.add_component("embedder", self.embedder)
        pipeline.add_component("writer", DocumentWriter(document_store=store))
        pipeline.connect("embedder.documents", "writer.documents")
        documents = [Document(id=paragraph.id, content=paragraph.text) for paragraph in paragraphs]
        pipeline.run({"embedder": {"documents": documents}})
        store.save_to_disk(str(folder / "documents.json"))

    def open(self, folder: Path) -> None:
        """Load what was saved, and put the pipeline together."""
        self.store = InMemoryDocumentStore.load_from_disk(str(folder / "documents.json"))
        device = ComponentDevice.from_str("cpu")
        embedder = SentenceTransformersTextEmbedder(model=model_folder(), device=device, progress_bar=False)
        self.pipeline = Pipeline()
        self.pipeline.add_component("embedder", embedder)
        self.pipeline.add_component("vectors", InMemoryEmbeddingRetriever(self.store, top_k=HITS))
        self.pipeline.add_component("keywords", InMemoryBM25Retriever(self.store, top_k=HITS))
        self.pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=HITS))
        self.pipeline.connect("embedder", "vectors")
        self.pipeline.connect("vectors", "joiner")
        self.pipeline.connect("keywords", "joiner")

    def ask(self, question: str) -> list[str]:
        """Run the pipeline."""
        result = self.pipeline.run({"embedder": {"text": question}, "keywords": {"query": question}})
        return [document.id for document in result["joiner"]["documents"]]

    def change(self, paragraphs: Sequence[Paragraph], at: int, folder: Path) -> None:
        """Encode one document, overwrite it and save."""
        document = Document(id=paragraphs[at].id, content=paragraphs[at].text)
        self.store.write_documents(self.embedder.run([document])["documents"], policy=DuplicatePolicy.OVERWRITE)
        self.store.save_to_disk(str(folder / "documents.json"))


if __name__ == "__main__":
    run(Haystack)
