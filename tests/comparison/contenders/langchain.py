"""LangChain: FAISS, saved to a folder, and BM25 in an ensemble; BM25 has no form on disk and is made anew at every start."""

from collections.abc import Sequence
from pathlib import Path

from langchain_classic.retrievers import EnsembleRetriever
from langchain_community.retrievers import BM25Retriever
from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings

from comparison.protocol import HITS, WARM_UP_TEXT, Paragraph, model_folder, run


class LangChain:
    """An ensemble of two retrievers of equal weight."""

    def load(self) -> None:
        """Load the model."""
        self.embeddings = HuggingFaceEmbeddings(
            model_name=model_folder(), model_kwargs={"device": "cpu"}, encode_kwargs={"normalize_embeddings": True}
        )
        self.embeddings.embed_query(WARM_UP_TEXT)

    def index(self, paragraphs: Sequence[Paragraph], folder: Path) -> None:
        """Make the vectors' index and save it; BM25 is made here as well, as it would be where one process does both."""
        documents = [Document(id=paragraph.id, page_content=paragraph.text) for paragraph in paragraphs]
        FAISS.from_documents(documents, self.embeddings).save_local(str(folder))
        BM25Retriever.from_documents(documents, k=HITS)

    def open(self, folder: Path) -> None:
        """Load the vectors' index, and make BM25 of the documents it holds."""
        self.load()
        # The file is a pickle, which this benchmark has written itself.
        self.vectors = FAISS.load_local(str(folder), self.embeddings, allow_dangerous_deserialization=True)
        documents = self.vectors.get_by_ids(list(self.vectors.index_to_docstore_id.values()))
        keywords = BM25Retriever.from_documents(documents, k=HITS)
        retrievers = [keywords, self.vectors.as_retriever(search_kwargs={"k": HITS})]
        self.retriever = EnsembleRetriever(retrievers=retrievers, weights=[0.5, 0.5], id_key=None)

    def ask(self, question: str) -> list[str]:
        """Retrieve from both."""
        return [str(document.id) for document in self.retriever.invoke(question)]

    def change(self, paragraphs: Sequence[Paragraph], at: int, folder: Path) -> None:
        """Put one document in place of another and save; BM25 is made anew, as at every start."""
        self.vectors.delete([paragraphs[at].id])
        self.vectors.add_documents([Document(id=paragraphs[at].id, page_content=paragraphs[at].text)])
        self.vectors.save_local(str(folder))
        documents = [Document(id=paragraph.id, page_content=paragraph.text) for paragraph in paragraphs]
        BM25Retriever.from_documents(documents, k=HITS)


if __name__ == "__main__":
    run(LangChain)
