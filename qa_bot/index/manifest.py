"""The manifest of a generation: how it was made, what it holds, and the digest of each of its files."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from qa_bot.errors import IndexOutdatedError, IndexUnusableError
from qa_bot.index.approximation import Approximation
from qa_bot.index.arrays import FILES as ARRAY_FILES
from qa_bot.models.identity import Identity
from qa_bot.splitting import SPLITTER_VERSION
from qa_bot.terms import TERMS_VERSION

# Raised whenever the files of a generation mean something else than before.
SCHEMA = 7
MANIFEST = "manifest.json"
PREFIX = "generation-"
STORE = "documents.sqlite"
# The vectors that are searched; where they are too many to compare each, a file of that name holds their cells.
SEARCHED = ("windows", "sentences")
CELLS = ".cells"
FILES = frozenset({STORE, *ARRAY_FILES})

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
    """How a generation was made, and size (bytes) and digest of each of its files.

    ``approximations`` says of windows and of sentences how they are searched where not all are compared.
    """

    schema: int
    generation: int
    model: str
    model_digest: str
    dimension: int
    splitter: int
    terms: int
    counts: Counts
    files: dict[str, str]
    sizes: dict[str, int] = field(default_factory=dict)
    approximations: dict[str, Approximation | None] = field(default_factory=dict)

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
        approximations = {name: of and Approximation(**of) for name, of in fields["approximations"].items()}
        sizes = {name: int(size) for name, size in fields["sizes"].items()}
        known = {"counts": Counts(**fields["counts"]), "approximations": approximations, "sizes": sizes}
        manifest = Manifest(**fields | known)
        files = FILES | {f"{name}{CELLS}" for name in SEARCHED if approximations[name] is not None}
        if not manifest.files.keys() == sizes.keys() >= files or folder.name != name_of(manifest.generation):
            msg = f"the index is damaged ({path} is not the manifest of this generation); {MEND}"
            raise IndexUnusableError(msg)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as exc:
        msg = f"the index is damaged ({path} is missing or unreadable); {MEND}"
        raise IndexUnusableError(msg) from exc
    return manifest
