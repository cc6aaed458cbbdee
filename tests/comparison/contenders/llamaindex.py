"""LlamaIndex: a vector index and BM25, fused by reciprocal rank, both persisted; no language model, no other questions."""

from collections.abc import Sequence
from pathlib import Path

from llama_index.core import StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.core.llms import MockLLM
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.schema import TextNode
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.retrievers.bm25 import BM25Retriever

from comparison.protocol import HITS, WARM_UP_TEXT, Paragraph, model_folder, run


class LlamaIndex:
    """A node for each paragraph."""

    def load(self) -> None:
        """Load the model."""
        self.embedding = HuggingFaceEmbedding(model_name=model_folder(), device="cpu")
        self.embedding.get_text_embedding(WARM_UP_TEXT)

    def index(self, paragraphs: Sequence[Paragraph], folder: Path) -> None:
        """Make both indexes and persist them."""
        nodes = [TextNode(id_=paragraph.id, text=paragraph.text) for paragraph in paragraphs]
        VectorStoreIndex(nodes, embed_model=self.embedding).storage_context.persist(str(folder / "vectors"))
        BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=HITS).persist(str(folder / "keywords"))

    def open(self, folder: Path) -> None:
        """Load both, and fuse them."""
        self.load()
        storage = StorageContext.from_defaults(persist_dir=str(folder / "vectors"))
        self.vectors = load_index_from_storage(storage, embed_model=self.embedding)
        keywords = BM25Retriever.from_persist_dir(str(folder / "keywords"))
        self.retriever = QueryFusionRetriever(
            [self.vectors.as_retriever(similarity_top_k=HITS), keywords],
            llm=MockLLM(),  # never asked: there is one question only
            num_queries=1,
            mode="reciprocal_rerank",
            similarity_top_k=HITS,
            use_async=False,
        )

    def ask(self, question: str) -> list[str]:
        """Retrieve from both."""
        return [found.node.node_id for found in self.retriever.retrieve(question)]

    def change(self, paragraphs: Sequence[Paragraph], at: int, folder: Path) -> None:
        """Put one node in place of another; BM25 is made anew, since it takes in no single one."""
        self.vectors.delete_nodes([paragraphs[at].id], delete_from_docstore=True)
        self.vectors.insert_nodes([TextNode(id_=paragraphs[at].id, text=paragraphs[at].text)])
        self.vectors.storage_context.persist(str(folder / "vectors"))
        nodes = [TextNode(id_=paragraph.id, text=paragraph.text) for paragraph in paragraphs]
        BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=HITS).persist(str(folder / "keywords"))


if __name__ == "__main__":
    run(LlamaIndex)
