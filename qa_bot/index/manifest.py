"""The manifest of a generation: how it was made, what it holds, and the digest of each of its files."""

import json
from dataclasses import dataclass
from pathlib import Path

from qa_bot.errors import IndexOutdatedError, IndexUnusableError
from qa_bot.index.arrays import FILES as ARRAY_FILES
from qa_bot.models.identity import Identity
from qa_bot.splitting import SPLITTER_VERSION
from qa_bot.terms import TERMS_VERSION

# Raised whenever the files of a generation mean something else than before.
SCHEMA = 5
MANIFEST = "manifest.json"
PREFIX = "generation-"
STORE = "documents.sqlite"
WINDOWS_FAISS = "windows.faiss"
SENTENCES_FAISS = "sentences.faiss"
FILES = frozenset({STORE, WINDOWS_FAISS, SENTENCES_FAISS, *ARRAY_FILES})

MEND = "run: qa-bot index --rebuild"


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a generation holds; ``paragraphs`` counts the quotable ones."""

    documents: int
    refused: int
    paragraphs: int
    windows: int
    sentences: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """How a generation was made, and the digest of each of its files."""

    schema: int
    generation: int
    model: str
    model_digest: str
    dimension: int
    splitter: int
    terms: int
    counts: Counts
    files: dict[str, str]

    @property
    def identity(self) -> Identity:
        """The encoder that made the vectors."""
        return Identity(self.model, self.model_digest)

    @property
    def made_by_this_version(self) -> bool:
        """Whether texts would be split and analysed today as they were then."""
        return (self.splitter, self.terms) == (SPLITTER_VERSION, TERMS_VERSION)


def name_of(number: int) -> str:
    """Give the name of the folder of a generation."""
    return f"{PREFIX}{number:06}"


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of the generation in a folder.

    Raises:
        IndexOutdatedError: another version of this program wrote it.
        IndexUnusableError: it is missing or damaged.

    """
    path = folder / MANIFEST
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        if fields["schema"] != SCHEMA:
            msg = f"the index has schema {fields['schema']}, this version reads {SCHEMA}; {MEND}"
            raise IndexOutdatedError(msg)
        manifest = Manifest(**fields | {"counts": Counts(**fields["counts"])})
        if not manifest.files.keys() >= FILES or folder.name != name_of(manifest.generation):
            msg = f"the index is damaged ({path} is not the manifest of this generation); {MEND}"
            raise IndexUnusableError(msg)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as exc:
        msg = f"the index is damaged ({path} is missing or unreadable); {MEND}"
        raise IndexUnusableError(msg) from exc
    return manifest
