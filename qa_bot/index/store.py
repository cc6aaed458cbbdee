"""The documents of a generation in one SQLite file: texts, paragraphs, sentences, and the files that were refused."""

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from qa_bot.index.drafting import text_digest, warned_of_copies
from qa_bot.records import Document, Paragraph, Role, Sentence

SCHEMA = """
CREATE TABLE documents (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, title TEXT NOT NULL, source TEXT NOT NULL,
    digest TEXT NOT NULL, stamp TEXT NOT NULL, warnings TEXT NOT NULL,
    language TEXT NOT NULL, date TEXT, author TEXT, changed TEXT, words BLOB NOT NULL,
    text TEXT NOT NULL -- last, as what stands behind a long text is only found by reading all of it
);
CREATE TABLE paragraphs (
    document INTEGER NOT NULL REFERENCES documents, number INTEGER NOT NULL, id INTEGER UNIQUE,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, line INTEGER NOT NULL, role TEXT NOT NULL,
    heading TEXT, page INTEGER, sentences BLOB NOT NULL, digest BLOB NOT NULL,
    PRIMARY KEY (document, number)
) WITHOUT ROWID;
CREATE TABLE refused (name TEXT PRIMARY KEY, stamp TEXT NOT NULL, reason TEXT NOT NULL) WITHOUT ROWID;
"""
# Made when all paragraphs are there: digests come in no order, and each would be written to another place of the file.
LATER = "CREATE INDEX paragraphs_by_digest ON paragraphs (digest) WHERE id IS NOT NULL"
# One transaction in a file that nobody reads yet needs no journal; what is written last may stay in memory (KiB, negative).
WRITING = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;"

DOCUMENT_COLUMNS = "name, title, source, text, digest, warnings, language, date, author, changed"
PARAGRAPH_COLUMNS = 'number, start, "end", line, role, sentences, heading, page'


@dataclass(frozen=True, slots=True)
class StoredParagraph:
    """A paragraph with its id in the index (``None`` if it is not quotable) and the digest of its words."""

    paragraph: Paragraph
    id: int | None
    digest: bytes


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """What a listing says of a document, without its text."""

    name: str
    title: str
    characters: int
    paragraphs: int
    warnings: tuple[str, ...]
    date: str | None = None
    author: str | None = None


class Store:
    """The records of one generation, for reading; safe to share between threads."""

    def __init__(self, path: Path) -> None:
        """Open the file of a published generation, which never changes again."""
        self.path = path.resolve()
        self._connection = sqlite3.connect(_unchanging(self.path), uri=True, check_same_thread=False)
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        """Use the records in a ``with`` block."""
        return self

    def __exit__(self, *exc_info: object) -> None:
        """Close the file."""
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def paragraph(self, paragraph_id: int) -> tuple[str, Paragraph]:
        """Give a paragraph by its id in the index, with the name of its document."""
        [found] = self.located([paragraph_id])
        return found

    def located(self, paragraph_ids: Sequence[int]) -> list[tuple[str, Paragraph]]:
        """Give paragraphs by their ids in the index, each with the name of its document, in the order asked for."""
        rows = self._all(
            f"SELECT p.id, d.name, {PARAGRAPH_COLUMNS} FROM paragraphs p JOIN documents d ON d.id = p.document "
            "WHERE p.id IN (SELECT value FROM json_each(?))",
            json.dumps(paragraph_ids),
        )
        found = {row[0]: (row[1], _paragraph(row[2:])) for row in rows}
        return [found[paragraph_id] for paragraph_id in paragraph_ids]

    def passages(self, paragraph_ids: Sequence[int]) -> list[tuple[Document, Paragraph]]:
        """Give paragraphs by their ids in the index, each with its document."""
        found = self.located(paragraph_ids)
        documents = {name: self.document(name) for name in {name for name, _ in found}}
        return [(documents[name], paragraph) for name, paragraph in found]

    def document(self, name: str) -> Document:
        """Give a document by its name, without its blocks."""
        row = self._one(f"SELECT {DOCUMENT_COLUMNS} FROM documents WHERE name = ?", name)
        name, title, source, text, digest, warnings, language, date, author, changed = row
        warned = tuple(json.loads(warnings))
        return Document(name, title, source, text, (), digest, warned, language, date, author, changed)

    def paragraphs(self, name: str) -> list[StoredParagraph]:
        """List all paragraphs of a document in order, quotable or not."""
        rows = self._all(
            f"SELECT p.id, p.digest, {PARAGRAPH_COLUMNS} FROM paragraphs p JOIN documents d ON d.id = p.document "
            "WHERE d.name = ? ORDER BY number",
            name,
        )
        return [StoredParagraph(_paragraph(row[2:]), row[0], row[1]) for row in rows]

    def quotable_texts(self) -> list[str]:
        """Give the words of every quotable paragraph, in the order of their ids."""
        rows = self._all(
            'SELECT substr(d.text, p.start + 1, p."end" - p.start) FROM paragraphs p JOIN documents d '
            "ON d.id = p.document WHERE p.id IS NOT NULL ORDER BY p.id"
        )
        return [text for (text,) in rows]

    def stamps(self) -> dict[str, str]:
        """Give the stamp that each document had when it was read."""
        return dict(self._all("SELECT name, stamp FROM documents"))

    def digests(self) -> dict[str, str]:
        """Give the digest of each document's bytes."""
        return dict(self._all("SELECT name, digest FROM documents"))

    def count(self, table: str) -> int:
        """Count the rows of ``documents``, ``paragraphs`` or ``refused``."""
        [count] = self._one(f"SELECT count(*) FROM {table}")
        return int(count)

    def refused(self) -> dict[str, tuple[str, str]]:
        """Give stamp and reason of each file that could not become a document."""
        return {name: (stamp, reason) for name, stamp, reason in self._all("SELECT name, stamp, reason FROM refused")}

    def warnings(self) -> dict[str, tuple[str, ...]]:
        """Give the warnings of each document that has any."""
        rows = self._all("SELECT name, warnings FROM documents WHERE warnings != '[]'")
        return {name: tuple(json.loads(warnings)) for name, warnings in rows}

    def quotable_ids(self, name: str) -> range:
        """Give the ids of the quotable paragraphs of a document, which follow each other."""
        first, count = self._one(
            "SELECT min(id), count(id) FROM paragraphs WHERE document = (SELECT id FROM documents WHERE name = ?)", name
        )
        return range(first or 0, (first or 0) + count)

    def known_paragraph(self, digest: bytes) -> int | None:
        """Give the id of a paragraph with these very words, if there is one."""
        rows = self._all("SELECT id FROM paragraphs WHERE digest = ? AND id IS NOT NULL LIMIT 1", digest)
        return rows[0][0] if rows else None

    def summaries(self) -> list[DocumentSummary]:
        """List the documents by name."""
        rows = self._all(
            "SELECT name, title, length(text), (SELECT count(*) FROM paragraphs p WHERE p.document = d.id), "
            "warnings, date, author FROM documents d ORDER BY name"
        )
        return [
            DocumentSummary(name, title, characters, paragraphs, tuple(json.loads(warnings)), date, author)
            for name, title, characters, paragraphs, warnings, date, author in rows
        ]

    def _one(self, sql: str, *values: object) -> tuple[Any, ...]:
        rows = self._all(sql, *values)
        if len(rows) != 1:
            raise KeyError(values)
        return rows[0]

    def _all(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._connection.execute(sql, values).fetchall()


class StoreWriter:
    """Writes the records of a generation that is being built."""

    def __init__(self, path: Path, before: Store | None = None) -> None:
        """Make a new file; it is written in one transaction. ``before`` are the records that documents are copied from."""
        self._connection = sqlite3.connect(path.resolve().as_uri(), uri=True)
        self._connection.executescript(WRITING + SCHEMA)
        if before is not None:
            self._connection.execute("ATTACH ? AS before", (_unchanging(before.path),))

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, failure: type[BaseException] | None, *exc_info: object) -> None:
        """Commit and close."""
        if failure is None:
            self._connection.execute(LATER)
            self._connection.commit()
        self._connection.close()

    def add_document(self, document: Document, stamp: str, paragraphs: Iterable[StoredParagraph]) -> None:
        """Add a document with its paragraphs."""
        cursor = self._connection.execute(
            f"INSERT INTO documents ({DOCUMENT_COLUMNS}, stamp, words) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                document.name,
                document.title,
                document.source,
                document.text,
                document.digest,
                json.dumps(document.warnings),
                document.language,
                document.date,
                document.author,
                document.changed,
                stamp,
                text_digest(document.text),
            ),
        )
        self._connection.executemany(
            f"INSERT INTO paragraphs (document, id, digest, {PARAGRAPH_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
            ((cursor.lastrowid, stored.id, stored.digest, *_row(stored.paragraph)) for stored in paragraphs),
        )

    def copy_document(self, name: str, first_id: int) -> None:
        """Copy a document with its paragraphs from the records before; its quotable paragraphs get ids from ``first_id`` on."""
        columns = f"{DOCUMENT_COLUMNS}, stamp, words"
        execute = self._connection.execute
        new = execute(
            f"INSERT INTO documents ({columns}) SELECT {columns} FROM before.documents WHERE name = ?", (name,)
        ).lastrowid
        [old] = execute("SELECT id FROM before.documents WHERE name = ?", (name,)).fetchone()
        [former] = execute("SELECT coalesce(min(id), 0) FROM before.paragraphs WHERE document = ?", (old,)).fetchone()
        execute(
            f"INSERT INTO paragraphs (document, id, digest, {PARAGRAPH_COLUMNS}) "
            f"SELECT ?, id + ?, digest, {PARAGRAPH_COLUMNS} FROM before.paragraphs WHERE document = ?",
            (new, first_id - former, old),
        )

    def note_copies(self) -> None:
        """Warn of each document whose text another one holds too."""
        rows = self._connection.execute("SELECT name, words, warnings FROM documents").fetchall()
        before = {name: tuple(json.loads(warnings)) for name, _, warnings in rows}
        warned = warned_of_copies((name, words, before[name]) for name, words, _ in rows)
        changed = [(json.dumps(own), name) for name, own in warned.items() if own != before[name]]
        self._connection.executemany("UPDATE documents SET warnings = ? WHERE name = ?", changed)

    def add_refused(self, name: str, stamp: str, reason: str) -> None:
        """Note a file that could not become a document, and why."""
        self._connection.execute("INSERT INTO refused VALUES (?, ?, ?)", (name, stamp, reason))


def _unchanging(path: Path) -> str:
    """Name a file to SQLite as one that never changes again."""
    return f"{path.as_uri()}?mode=ro&immutable=1"


def _row(paragraph: Paragraph) -> Iterator[object]:
    offsets = np.array([(s.start, s.end) for s in paragraph.sentences], dtype="<i4").tobytes()
    yield from (paragraph.number, paragraph.start, paragraph.end, paragraph.line, paragraph.role.value)
    yield from (offsets, paragraph.heading, paragraph.page)


def _paragraph(row: tuple[Any, ...]) -> Paragraph:
    number, start, end, line, role, offsets, heading, page = row
    pairs = np.frombuffer(offsets, dtype="<i4").reshape(-1, 2).tolist()
    sentences = tuple(Sentence(*pair) for pair in pairs)
    return Paragraph(number, start, end, line, Role(role), sentences, heading, page)
