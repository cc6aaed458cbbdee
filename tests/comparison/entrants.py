"""Who takes part: a row of the table each, in the order in which they run."""

from dataclasses import dataclass
from pathlib import Path

REQUIREMENTS = Path(__file__).parent / "requirements"

# What every process is told: no network, and nothing sent to anybody.
QUIET = {
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "LANGSMITH_TRACING": "false",
}


@dataclass(frozen=True, slots=True)
class Entrant:
    """A contender as it takes part.

    ``module`` is one of `contenders`; ``requirements`` is the file that its Python environment is made of, or ``None``
    where it runs in the project's own; ``package`` is the one whose version is shown. ``variables``
    are set for its process: pairs of name and value.
    """

    name: str
    module: str
    note: str
    requirements: Path | None = None
    package: str | None = None
    variables: tuple[tuple[str, str], ...] = ()


ENTRANTS = (
    Entrant(
        name="qa_bot",
        module="qa_bot",
        note="the whole answer: sentences and words encoded too, evidence, citations, exact words; the model in int8, the others' "
        "in float32; reader and weights have learnt from most articles of SQuAD 2.0",
    ),
    Entrant(
        name="qa_bot, without a reader",
        module="qa_bot",
        note="likewise, but nothing reads the paragraphs found; the weights have learnt from the same articles",
        variables=(("QA_BOT_EVIDENCE__READER", ""),),
    ),
    Entrant(
        name="sentence-transformers and FAISS",
        module="plain",
        note="paragraph vectors only, exact search; no keywords",
        package="sentence-transformers",
    ),
    Entrant(
        name="txtai",
        module="txtai",
        note="`Embeddings` with `hybrid=True`, saved and loaded",
        requirements=REQUIREMENTS / "txtai.txt",
        package="txtai",
    ),
    Entrant(
        name="Haystack",
        module="haystack",
        note="`InMemoryDocumentStore`, BM25 and vectors in `DocumentJoiner` by reciprocal rank; saved as JSON, which keeps the "
        "vectors, and BM25 is made anew at every start",
        requirements=REQUIREMENTS / "haystack.txt",
        package="haystack-ai",
    ),
    Entrant(
        name="LlamaIndex",
        module="llamaindex",
        note="`VectorStoreIndex` and `BM25Retriever` in `QueryFusionRetriever` by reciprocal rank, both persisted",
        requirements=REQUIREMENTS / "llamaindex.txt",
        package="llama-index-core",
    ),
    Entrant(
        name="LangChain",
        module="langchain",
        note="`FAISS`, saved, and `BM25Retriever`, which cannot be and is made anew at every start, in `EnsembleRetriever`; words "
        "as BM25Retriever has them by default, parted at blanks",
        requirements=REQUIREMENTS / "langchain.txt",
        package="langchain",
    ),
)
