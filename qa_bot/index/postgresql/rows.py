"""Documents, paragraphs and their numbers as rows of the tables."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from qa_bot.encoder.vectors import Vectors
from qa_bot.index.drafting import text_digest
from qa_bot.index.encoding import EncodedPassage
from qa_bot.index.halves import Halves, to_halves, to_singles
from qa_bot.index.postgresql.connecting import Connection, half_vector
from qa_bot.index.postgresql.reading import Held
from qa_bot.index.postgresql.schema import LAST_ORDINAL, ORDINAL_BITS
from qa_bot.index.postgresql.searching import fetch_numbers
from qa_bot.records import Document, Paragraph

# Where the rows of a document begin and end, by its id ``d.id``.
OF_DOCUMENT = f"BETWEEN d.id << {ORDINAL_BITS} AND (d.id << {ORDINAL_BITS}) + {LAST_ORDINAL}"


@dataclass(frozen=True, slots=True)
class Numbered:
    """The numbers of a paragraph, its terms with how often it holds them, and its language."""

    numbers: EncodedPassage
    terms: Mapping[str, int]
    language: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A document to be written, its place among the sources, and each paragraph with its numbers if it is quotable."""

    document: Document
    stamp: str
    position: int
    paragraphs: Sequence[tuple[Paragraph, bytes, Numbered | None]]


def carried_over(connection: Connection, digests: Sequence[bytes], matrix: Vectors) -> dict[bytes, Numbered]:
    """Give the numbers of paragraphs that the tables hold, by the digests of their words."""
    reads = Held(connection)
    rows = reads.rows(
        "SELECT DISTINCT ON (digest) digest, id, terms, counts FROM paragraphs "
        "WHERE digest = ANY (%s) AND terms IS NOT NULL ORDER BY digest, id",
        list(digests),
    )
    ids = [row[1] for row in rows]
    numbers = fetch_numbers(reads, ids, matrix.shape)
    windows: dict[int, list[Halves]] = {}
    for paragraph, vector in reads.rows(
        "SELECT paragraph, vector FROM windows WHERE paragraph = ANY (%s) ORDER BY paragraph, number", ids
    ):
        windows.setdefault(paragraph, []).append(vector.to_numpy())
    held = sorted({term for row in rows for term in row[2]})
    names: dict[int, str] = dict(reads.rows("SELECT id, term FROM terms WHERE id = ANY (%s)", held))
    return {
        digest: Numbered(
            EncodedPassage(
                windows=to_singles(np.array(windows[number])),
                sentences=numbers[number].sentences,
                pieces=numbers[number].late.pieces,
                piece_sentences=numbers[number].late.sentences,
            ),
            {names[term]: count for term, count in zip(terms, counts, strict=True)},
            numbers[number].language,
        )
        for digest, number, terms, counts in rows
    }


def write(connection: Connection, drafts: Sequence[Draft]) -> None:
    """Write documents in place of those of the same names."""
    names = [draft.document.name for draft in drafts]
    _delete_paragraphs(connection, names)
    ids = _write_documents(connection, drafts)
    rows = [
        ((document << ORDINAL_BITS) + paragraph.number, paragraph, digest, numbered)
        for document, draft in zip(ids, drafts, strict=True)
        for paragraph, digest, numbered in draft.paragraphs
    ]
    terms = _name_terms(connection, [numbered.terms for *_, numbered in rows if numbered is not None])
    paragraphs = (
        (*_paragraph(number, paragraph, digest), *_numbers(numbered, terms))
        for number, paragraph, digest, numbered in rows
    )
    types = ["int8", "int4", "int4", "int4", "text", "text", "int4", "bytea", "bytea"]
    _copy(connection, "paragraphs", [*types, "text", "bytea", "bytea", "int4[]", "int4[]"], paragraphs)
    vector_rows = ["int8", "int4", "halfvec"]
    numbered_rows = [(number, numbered) for number, _, _, numbered in rows if numbered is not None]
    for table in ("windows", "sentences"):
        vectors = (
            (number, place, half_vector(vector))
            for number, numbered in numbered_rows
            # As the embedded index keeps them, so that both give the same answers.
            for place, vector in enumerate(to_halves(getattr(numbered.numbers, table)))
        )
        _copy(connection, table, vector_rows, vectors)
    postings = (
        (terms[term], number, count, sum(numbered.terms.values()), numbered.language)
        for number, numbered in numbered_rows
        for term, count in numbered.terms.items()
    )
    _copy(connection, "postings", ["int4", "int8", "int4", "int4", "text"], postings)


def delete(connection: Connection, names: Sequence[str]) -> None:
    """Delete documents with all that belongs to them."""
    _delete_paragraphs(connection, names)
    connection.execute("DELETE FROM documents WHERE name = ANY (%s)", (list(names),))


def _delete_paragraphs(connection: Connection, names: Sequence[str]) -> None:
    ids = [row[0] for row in connection.execute("SELECT id FROM documents WHERE name = ANY (%s)", (list(names),))]
    if not ids:
        return
    paragraphs = connection.execute(
        f"SELECT p.id, p.terms FROM unnest(%s::bigint[]) AS d (id) JOIN paragraphs p ON p.id {OF_DOCUMENT}", (ids,)
    ).fetchall()
    gone = Counter(term for _, terms in paragraphs for term in terms or ())
    rows, terms = [row[0] for row in paragraphs], list(gone)
    connection.execute(
        "UPDATE terms t SET holders = t.holders - g.number FROM unnest(%s::int[], %s::bigint[]) AS g (term, number) "
        "WHERE t.id = g.term",
        (terms, list(gone.values())),
    )
    # Lists rather than joins, so that other servers are told at once what to delete.
    connection.execute("DELETE FROM postings WHERE term = ANY (%s) AND paragraph = ANY (%s)", (terms, rows))
    connection.execute("DELETE FROM windows WHERE paragraph = ANY (%s)", (rows,))
    connection.execute("DELETE FROM sentences WHERE paragraph = ANY (%s)", (rows,))
    connection.execute("DELETE FROM paragraphs WHERE id = ANY (%s)", (rows,))


def _write_documents(connection: Connection, drafts: Sequence[Draft]) -> list[int]:
    """Write the documents themselves; gives their ids, which those that were there before keep."""
    names = (
        "name, title, source, text, digest, warnings, language, date, author, changed, "
        "stamp, position, words, quotable, windows, sentences, tokens, length"
    )
    updated = ", ".join(f"{name} = excluded.{name}" for name in names.split(", "))
    statement = (
        f"INSERT INTO documents ({names}) VALUES (%s, %s, %s, %s, %s, %s::text[], {', '.join(['%s'] * 12)}) "
        f"ON CONFLICT (name) DO UPDATE SET {updated} RETURNING id"
    )
    with connection.cursor() as cursor:
        cursor.executemany(statement, [_document(draft) for draft in drafts], returning=True)
        ids = []
        for result in cursor.results():
            ids += [row[0] for row in result]
    return ids


def _document(draft: Draft) -> tuple[object, ...]:
    document = draft.document
    numbered = [own for _, _, own in draft.paragraphs if own is not None]
    return (
        document.name,
        document.title,
        document.source,
        document.text,
        document.digest,
        list(document.warnings),
        document.language,
        document.date,
        document.author,
        document.changed,
        draft.stamp,
        draft.position,
        text_digest(document.text),
        len(numbered),
        sum(len(own.numbers.windows) for own in numbered),
        sum(len(own.numbers.sentences) for own in numbered),
        sum(len(own.numbers.pieces) for own in numbered),
        sum(sum(own.terms.values()) for own in numbered),
    )


def _name_terms(connection: Connection, held: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """Count the holders of terms, each paragraph's given; gives the ids of the terms."""
    holders = Counter(term for own in held for term in own)
    names, numbers = list(holders), list(holders.values())
    rows = connection.execute(
        "INSERT INTO terms (term, holders) SELECT * FROM unnest(%s::text[], %s::bigint[]) "
        "ON CONFLICT (term) DO UPDATE SET holders = terms.holders + excluded.holders RETURNING term, id",
        (names, numbers),
    )
    return dict(rows.fetchall())


def _paragraph(number: int, paragraph: Paragraph, digest: bytes) -> tuple[object, ...]:
    offsets = np.array([(s.start, s.end) for s in paragraph.sentences], dtype="<i4").tobytes()
    role, heading = paragraph.role.value, paragraph.heading
    return number, paragraph.start, paragraph.end, paragraph.line, role, heading, paragraph.page, offsets, digest


def _numbers(numbered: Numbered | None, terms: Mapping[str, int]) -> tuple[object, ...]:
    if numbered is None:
        return (None,) * 5
    pieces, places = numbered.numbers.pieces.tobytes(), numbered.numbers.piece_sentences.astype("<i4").tobytes()
    ids = [terms[term] for term in numbered.terms]
    return numbered.language, pieces, places, ids, list(numbered.terms.values())


def _copy(connection: Connection, table: str, types: Sequence[str], rows: Iterator[tuple[object, ...]]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as copy,
    ):
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)
