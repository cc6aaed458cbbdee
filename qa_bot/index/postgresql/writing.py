"""Bring the index in the database up to date: in one transaction, so that readers see all of it or nothing.

What did not change is not touched. What changed is read, split and encoded a batch at a time, so that memory does not grow
with the documents.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field

import numpy as np

from qa_bot.encoder.vectors import Encoder, Vectors
from qa_bot.errors import ReadError
from qa_bot.index.drafting import Report, Source, digest_of, passage_of, report_of, warned_of_copies
from qa_bot.index.encoding import Passage, Progress, encode_passages
from qa_bot.index.late import projection
from qa_bot.index.manifest import SCHEMA, Counts, Manifest
from qa_bot.index.postgresql.connecting import Connection
from qa_bot.index.postgresql.reading import Held
from qa_bot.index.postgresql.records import DatabaseRecords
from qa_bot.index.postgresql.rows import Draft, Numbered, carried_over, delete, write
from qa_bot.index.postgresql.schema import TABLES, is_spread, prepare_search
from qa_bot.models.identity import Identity
from qa_bot.records import Document, Paragraph
from qa_bot.splitting import SPLITTER_VERSION, split
from qa_bot.terms import TERMS_VERSION, terms_of

# So many paragraphs are read before they are encoded and written.
BATCH = 2_000

NUL = "holds NUL characters, which PostgreSQL cannot store: remove them"


@dataclass(frozen=True, slots=True)
class State:
    """What the database says of itself: the manifest is missing before anything was put in force.

    ``spread`` says that some tables are on other servers.
    """

    generation: int
    manifest: Manifest | None
    projection: Vectors | None
    length: int
    spread: bool


@dataclass(slots=True)
class _Change:
    """What was in force before an update, and what of the sources it refuses."""

    stamps: dict[str, str] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    refused: dict[str, tuple[str, str]] = field(default_factory=dict)
    warnings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    now_refused: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Read:
    """A document that was read, with its place among the sources; its paragraphs, and what of them is to be encoded."""

    document: Document
    stamp: str
    position: int
    paragraphs: Sequence[tuple[Paragraph, bytes, Passage | None]]


def read_state(connection: Connection) -> State:
    """Read what the database says of itself."""
    [(generation, text, matrix, length)] = connection.execute(
        "SELECT generation, manifest, projection, length FROM state"
    ).fetchall()
    if text is None:
        return State(generation, None, None, length, is_spread(connection))
    fields = json.loads(text)
    manifest = Manifest(**fields | {"counts": Counts(**fields["counts"])})
    matrix = np.frombuffer(matrix, dtype=np.float32).reshape(manifest.dimension, -1)
    return State(generation, manifest, matrix, length, is_spread(connection))


def update(
    connection: Connection,
    sources: Sequence[Source],
    encoder: Encoder,
    *,
    rebuild: bool,
    progress: Progress,
    exact_below: int,
) -> Report:
    """Make the tables hold these sources, inside of the transaction that is open; see `Keeper.update`."""
    state = read_state(connection)
    # What was interrupted between two servers has left any of them in any state.
    [(interrupted,)] = connection.execute("SELECT EXISTS (SELECT FROM publishing)").fetchall()
    fits = state.manifest is not None and not interrupted and _fits(state.manifest, encoder.identity)
    if rebuild or state.manifest is None or not fits:
        for table in TABLES:
            # TRUNCATE would empty the table for those too who read the state before.
            connection.execute(f"DELETE FROM {table}")
        change, matrix = _Change(), None
    else:
        records = DatabaseRecords(Held(connection))
        change = _Change(records.stamps(), records.digests(), records.refused(), _warnings(connection))
        # Of an index without paragraphs it says nothing.
        matrix = state.projection if state.manifest.counts.paragraphs else None
        now = change.stamps | {name: stamp for name, (stamp, _) in change.refused.items()}
        if now == {source.name: source.stamp for source in sources}:
            reasons = {name: reason for name, (_, reason) in change.refused.items()}
            return Report(state.generation, (), (), (), tuple(change.stamps), reasons, 0)
    writer = _Writer(connection, encoder, matrix, progress)
    for batch in _batches(_read(sources, change)):
        writer.write(batch)
    gone = change.stamps.keys() - {source.name for source in sources if source.name not in change.now_refused}
    delete(connection, sorted(gone))
    return _publish(writer, sources, change, generation=state.generation + 1, exact_below=exact_below)


def _fits(manifest: Manifest, identity: Identity) -> bool:
    """Whether anything of a state can be carried over."""
    return manifest.schema == SCHEMA and manifest.identity == identity and manifest.made_by_this_version


def _read(sources: Sequence[Source], change: _Change) -> Iterator[_Read]:
    """Read and split what is new or changed; note what cannot become a document."""
    for position, source in enumerate(sources):
        if change.stamps.get(source.name) == source.stamp:
            continue
        known = change.refused.get(source.name)
        if known is not None and known[0] == source.stamp:
            change.now_refused[source.name] = known
            continue
        try:
            document = source.read()
            if any("\0" in text for text in _texts_of(document)):
                raise ReadError(NUL)  # noqa: TRY301 - refused like what no reader can read
            paragraphs = [_with_passage(document, paragraph) for paragraph in split(document)]
            yield _Read(document, source.stamp, position, paragraphs)
        except ReadError as exc:
            change.now_refused[source.name] = (source.stamp, str(exc))


def _texts_of(document: Document) -> tuple[str, ...]:
    """List all of a document that is written as text."""
    return (
        document.text,
        document.title,
        document.name,
        document.source,
        document.author or "",
        document.date or "",
        *document.warnings,
    )


def _with_passage(document: Document, paragraph: Paragraph) -> tuple[Paragraph, bytes, Passage | None]:
    passage = passage_of(document, paragraph)
    quotable = paragraph.role.quotable and paragraph.sentences
    return paragraph, digest_of(passage), passage if quotable else None


def _batches(documents: Iterator[_Read]) -> Iterator[list[_Read]]:
    batch: list[_Read] = []
    size = 0
    for document in documents:
        batch.append(document)
        size += 1 + len(document.paragraphs)
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


class _Writer:
    """Writes batches of documents, encoded where no paragraph in the tables has the same words."""

    def __init__(self, connection: Connection, encoder: Encoder, matrix: Vectors | None, progress: Progress) -> None:
        self.connection = connection
        self.encoder = encoder
        self._progress = progress
        self._characters = 0
        self.matrix = matrix
        self.encoded = 0

    def write(self, batch: Sequence[_Read]) -> None:
        """Write documents in place of those of the same names."""
        wanted = {digest: passage for read in batch for _, digest, passage in read.paragraphs if passage is not None}
        known = {} if self.matrix is None else carried_over(self.connection, list(wanted), self.matrix)
        new = {digest: passage for digest, passage in wanted.items() if digest not in known}
        known |= self._encode(new)
        self.encoded += sum(
            passage is not None and digest in new for read in batch for _, digest, passage in read.paragraphs
        )
        drafts = [
            Draft(
                read.document,
                read.stamp,
                read.position,
                [
                    (paragraph, digest, None if passage is None else known[digest])
                    for paragraph, digest, passage in read.paragraphs
                ],
            )
            for read in batch
        ]
        write(self.connection, drafts)

    def _encode(self, new: dict[bytes, Passage]) -> dict[bytes, Numbered]:
        if not new:
            return {}
        done = self._characters

        def progress(now: int, total: int) -> None:
            self._characters = done + now
            self._progress(self._characters, done + total)

        encoded, self.matrix = encode_passages(list(new.values()), self.encoder, progress, matrix=self.matrix)
        return {
            digest: Numbered(numbers, Counter(terms_of(passage.words, passage.language)), passage.language)
            for (digest, passage), numbers in zip(new.items(), encoded, strict=True)
        }


def _publish(
    writer: "_Writer", sources: Sequence[Source], change: _Change, *, generation: int, exact_below: int
) -> Report:
    """Write what belongs to the state as a whole; it is in force as soon as the transaction is committed."""
    connection, identity = writer.connection, writer.encoder.identity
    connection.execute("DELETE FROM refused")
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO refused VALUES (%s, %s, %s)", [(name, *parts) for name, parts in change.now_refused.items()]
        )
    names = [source.name for source in sources]
    connection.execute(
        "UPDATE documents d SET position = p.position FROM unnest(%s::text[], %s::bigint[]) AS p (name, position) "
        "WHERE d.name = p.name AND d.position <> p.position",
        (names, list(range(len(names)))),
    )
    connection.execute("DELETE FROM terms WHERE holders = 0")
    warnings = _warn_of_copies(connection)
    matrix = projection(1) if writer.matrix is None else writer.matrix
    counts, length = _counts(connection)
    manifest = Manifest(
        schema=SCHEMA,
        generation=generation,
        model=identity.model,
        model_digest=identity.digest,
        dimension=len(matrix),
        splitter=SPLITTER_VERSION,
        terms=TERMS_VERSION,
        counts=counts,
        files={},
    )
    prepare_search(connection, manifest.dimension, exact_below)
    connection.execute(
        "UPDATE state SET generation = %s, manifest = %s, projection = %s, length = %s",
        (generation, json.dumps(asdict(manifest)), matrix.tobytes(), length),
    )
    digests: dict[str, str] = dict(
        connection.execute("SELECT name, digest FROM documents ORDER BY position").fetchall()
    )
    return report_of(
        generation,
        {name: (digest, warnings[name]) for name, digest in digests.items()},
        before=change.digests,
        warned=change.warnings,
        refused={name: reason for name, (_, reason) in change.now_refused.items()},
        encoded=writer.encoded,
    )


def _warnings(connection: Connection) -> dict[str, tuple[str, ...]]:
    rows = connection.execute("SELECT name, warnings FROM documents").fetchall()
    return {name: tuple(warnings) for name, warnings in rows}


def _warn_of_copies(connection: Connection) -> dict[str, tuple[str, ...]]:
    """Warn of each document whose text another one holds too; gives the warnings of all."""
    rows = [
        (name, words, tuple(warnings))
        for name, words, warnings in connection.execute("SELECT name, words, warnings FROM documents").fetchall()
    ]
    warned = warned_of_copies(rows)
    changed = [(list(warned[name]), name) for name, _, warnings in rows if warned[name] != warnings]
    with connection.cursor() as cursor:
        cursor.executemany("UPDATE documents SET warnings = %s::text[] WHERE name = %s", changed)
    return warned


def _counts(connection: Connection) -> tuple[Counts, int]:
    """Count what the tables hold; and the terms of all paragraphs."""
    [(documents, paragraphs, windows, sentences, tokens, length)] = connection.execute(
        "SELECT count(*), coalesce(sum(quotable), 0)::bigint, coalesce(sum(windows), 0)::bigint, "
        "coalesce(sum(sentences), 0)::bigint, coalesce(sum(tokens), 0)::bigint, coalesce(sum(length), 0)::bigint FROM documents"
    ).fetchall()
    [(refused,)] = connection.execute("SELECT count(*) FROM refused").fetchall()
    return Counts(documents, refused, paragraphs, windows, sentences, tokens), length
