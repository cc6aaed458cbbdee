"""What becomes of documents on the way into an index, whichever engine keeps it."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from qa_bot.index.encoding import MAX_HEADING_CHARACTERS, Passage
from qa_bot.records import Document, Paragraph, Role

SAME_TEXT = "holds the same text as "


class Source(Protocol):
    """Something that becomes a document."""

    @property
    def name(self) -> str:
        """What the document is called; unique."""

    @property
    def stamp(self) -> str:
        """A cheap fingerprint: while it stays the same, so does what `read` returns."""

    def read(self) -> Document:
        """Read the document. Raises `ReadError`."""


@dataclass(frozen=True, slots=True)
class Report:
    """What an update did: names of documents, reasons of refusals, and how many paragraphs had to be encoded.

    ``warnings`` are of documents that gave no warning, or another one, before; ``shortfalls`` say which searches find less
    than they should.
    """

    generation: int
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...]
    refused: dict[str, str]
    encoded: int
    warnings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    shortfalls: tuple[str, ...] = ()


def report_of(
    generation: int,
    documents: Mapping[str, tuple[str, tuple[str, ...]]],
    *,
    before: Mapping[str, str],
    warned: Mapping[str, tuple[str, ...]],
    refused: dict[str, str],
    encoded: int,
) -> Report:
    """Tell what an update did.

    Args:
        generation: the number of the state it led to.
        documents: the digest and the warnings of each document as it is now.
        before: the digest of each document as it was.
        warned: the warnings it had.
        refused: why files could not become documents.
        encoded: how many paragraphs had to be encoded.

    """
    now = {name: digest for name, (digest, _) in documents.items()}
    return Report(
        generation=generation,
        added=tuple(name for name in now if name not in before),
        changed=tuple(name for name in now if name in before and now[name] != before[name]),
        removed=tuple(name for name in before if name not in now),
        kept=tuple(name for name in now if before.get(name) == now[name]),
        refused=refused,
        encoded=encoded,
        warnings={name: own for name, (_, own) in documents.items() if own and own != warned.get(name)},
    )


def passage_of(document: Document, paragraph: Paragraph) -> Passage:
    """Give a paragraph as it is encoded."""
    start = paragraph.start
    return Passage(
        text=document.text[start : paragraph.end],
        sentences=tuple((sentence.start - start, sentence.end - start) for sentence in paragraph.sentences),
        title="" if paragraph.role is Role.TITLE else document.title,
        heading=(paragraph.heading or "")[:MAX_HEADING_CHARACTERS],
        language=document.language,
    )


def digest_of(passage: Passage) -> bytes:
    """Digest what a paragraph's numbers depend on: its words and their language, its sentences, and the titles above it."""
    digest = hashlib.blake2b(digest_size=16)
    for part in (passage.language, passage.title, passage.heading, passage.text):
        digest.update(len(part).to_bytes(8) + part.encode())
    digest.update(np.array(passage.sentences, dtype="<i4").tobytes())
    return digest.digest()


def text_digest(text: str) -> bytes:
    """Digest the words of a document; blanks and line ends are none: they differ between formats."""
    return hashlib.blake2b(" ".join(text.split()).encode(), digest_size=16).digest()


def warned_of_copies(documents: Iterable[tuple[str, bytes, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
    """Give the warnings of each document; one whose text another one holds too is warned of.

    Args:
        documents: name, digest of the text, and warnings, with those of an earlier time among them; of those with the
            same text the first by name is taken for the original.

    """
    originals: dict[bytes, str] = {}
    warned = {}
    for name, text, warnings in sorted(documents, key=lambda document: document[0]):
        original = originals.setdefault(text, name)
        # What was carried over has the warnings of its time.
        own = tuple(warning for warning in warnings if not warning.startswith(SAME_TEXT))
        warned[name] = own if original == name else (*own, f"{SAME_TEXT}{original}: remove one of them")
    return warned
