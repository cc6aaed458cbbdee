"""The documents in the database."""

from collections.abc import Sequence

import numpy as np

from qa_bot.index.postgresql.caching import Cache
from qa_bot.index.postgresql.reading import Reads, Row
from qa_bot.index.postgresql.schema import LAST_ORDINAL, ORDINAL_BITS
from qa_bot.index.store import DocumentSummary, StoredParagraph
from qa_bot.records import Document, Paragraph, Role, Sentence

DOCUMENT = "name, title, source, text, digest, warnings, language, date, author, changed"
PARAGRAPH = 'p.start, p."end", p.line, p.role, p.sentences, p.heading, p.page'
# What anything that is kept takes beside its text or its numbers, roughly.
RECORD_BYTES = 1_000


class DatabaseRecords:
    """The documents of one state; see `Records`."""

    def __init__(self, reads: Reads, room: int = 0) -> None:
        """Read them so; ``room`` bytes of texts are kept in memory."""
        self._reads = reads
        self._documents: Cache[str, Document] = Cache(room, lambda document: RECORD_BYTES + 4 * len(document.text))
        self._passages: Cache[int, tuple[str, Paragraph]] = Cache(room // 16, lambda _: RECORD_BYTES)

    def paragraph(self, paragraph_id: int) -> tuple[str, Paragraph]:
        """Give a paragraph by its id in the index, with the name of its document. Raises `KeyError`."""
        [found] = self.located([paragraph_id])
        return found

    def located(self, paragraph_ids: Sequence[int]) -> list[tuple[str, Paragraph]]:
        """Give paragraphs by their ids in the index, each with the name of its document, in the order asked for."""
        found = self._passages.get(paragraph_ids, self._fetch_passages)
        return [found[number] for number in paragraph_ids]

    def passages(self, paragraph_ids: Sequence[int]) -> list[tuple[Document, Paragraph]]:
        """Give paragraphs by their ids in the index, each with its document, in the order asked for. Raises `KeyError`."""
        found = self.located(paragraph_ids)
        documents = self._documents.get(sorted({name for name, _ in found}), self._fetch_documents)
        return [(documents[name], paragraph) for name, paragraph in found]

    def document(self, name: str) -> Document:
        """Give a document by its name, without its blocks. Raises `KeyError`."""
        return self._documents.get([name], self._fetch_documents)[name]

    def paragraphs(self, name: str) -> list[StoredParagraph]:
        """List all paragraphs of a document in order, quotable or not."""
        rows = self._reads.rows(
            f"SELECT p.id, p.digest, p.terms IS NOT NULL, {PARAGRAPH} FROM documents d "
            f"JOIN paragraphs p ON p.id BETWEEN d.id << {ORDINAL_BITS} AND (d.id << {ORDINAL_BITS}) + {LAST_ORDINAL} "
            "WHERE d.name = %s ORDER BY p.id",
            name,
        )
        return [
            StoredParagraph(_paragraph(paragraph_id, row), paragraph_id if quotable else None, digest)
            for paragraph_id, digest, quotable, *row in rows
        ]

    def stamps(self) -> dict[str, str]:
        """Give the stamp that each document had when it was read."""
        return dict(self._reads.rows("SELECT name, stamp FROM documents ORDER BY position"))

    def digests(self) -> dict[str, str]:
        """Give the digest of each document's bytes."""
        return dict(self._reads.rows("SELECT name, digest FROM documents ORDER BY position"))

    def refused(self) -> dict[str, tuple[str, str]]:
        """Give stamp and reason of each file that could not become a document."""
        rows = self._reads.rows("SELECT name, stamp, reason FROM refused ORDER BY name")
        return {name: (stamp, reason) for name, stamp, reason in rows}

    def summaries(self) -> list[DocumentSummary]:
        """List the documents by name."""
        rows = self._reads.rows(
            "SELECT d.name, d.title, length(d.text), (SELECT count(*) FROM paragraphs p WHERE p.id BETWEEN "
            f"d.id << {ORDINAL_BITS} AND (d.id << {ORDINAL_BITS}) + {LAST_ORDINAL}), d.warnings, d.date, d.author "
            "FROM documents d ORDER BY d.name"
        )
        return [
            DocumentSummary(name, title, characters, paragraphs, tuple(warnings), date, author)
            for name, title, characters, paragraphs, warnings, date, author in rows
        ]

    def close(self) -> None:
        """Close the connections."""
        self._reads.close()

    def _fetch_passages(self, ids: list[int]) -> dict[int, tuple[str, Paragraph]]:
        rows = self._reads.rows(
            f"SELECT p.id, d.name, {PARAGRAPH} FROM paragraphs p JOIN documents d ON d.id = p.id >> {ORDINAL_BITS} "
            "WHERE p.id = ANY (%s)",
            ids,
        )
        return {paragraph_id: (name, _paragraph(paragraph_id, row)) for paragraph_id, name, *row in rows}

    def _fetch_documents(self, names: list[str]) -> dict[str, Document]:
        rows = self._reads.rows(f"SELECT {DOCUMENT} FROM documents WHERE name = ANY (%s)", names)
        return {row[0]: _document(row) for row in rows}


def _document(row: Row) -> Document:
    name, title, source, text, digest, warnings, language, date, author, changed = row
    return Document(name, title, source, text, (), digest, tuple(warnings), language, date, author, changed)


def _paragraph(paragraph_id: int, row: Sequence[object]) -> Paragraph:
    start, end, line, role, offsets, heading, page = row
    pairs = np.frombuffer(offsets, dtype="<i4").reshape(-1, 2).tolist()  # type: ignore[call-overload]
    sentences = tuple(Sentence(*pair) for pair in pairs)
    number = paragraph_id & LAST_ORDINAL
    return Paragraph(number, start, end, line, Role(role), sentences, heading, page)  # type: ignore[arg-type]
