"""Bring the index up to date with its sources: only what changed is read, split and encoded."""

import functools
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from qa_bot.encoder.vectors import Encoder
from qa_bot.errors import IndexUnusableError, ReadError
from qa_bot.index import generation as generations
from qa_bot.index.arrays import Arrays
from qa_bot.index.drafting import Report, Source, digest_of, passage_of, report_of, text_digest, warned_of_copies
from qa_bot.index.encoding import Progress, encode_passages
from qa_bot.index.generation import Generation
from qa_bot.index.lexical import LexicalIndex
from qa_bot.index.manifest import SCHEMA, STORE, Counts, Manifest
from qa_bot.index.searching import Index
from qa_bot.index.store import StoredParagraph, StoreWriter
from qa_bot.models.identity import Identity
from qa_bot.records import Document
from qa_bot.splitting import SPLITTER_VERSION, split
from qa_bot.terms import TERMS_VERSION, terms_of

LOCK = ".lock"


@dataclass(slots=True)
class _Draft:
    """A generation being put together."""

    documents: list[tuple[Document, str, list[StoredParagraph]]] = field(default_factory=list)
    refused: dict[str, tuple[str, str]] = field(default_factory=dict)


def is_current(index: Index, sources: Iterable[Source]) -> bool:
    """Whether an index holds just these sources as they are now."""
    stamps = index.store.stamps() | {name: stamp for name, (stamp, _) in index.store.refused().items()}
    return index.manifest.made_by_this_version and stamps == {s.name: s.stamp for s in sources}


def update(
    folder: Path,
    sources: Sequence[Source],
    encoder: Encoder,
    *,
    rebuild: bool = False,
    progress: Progress,
    lock_seconds: float = 600,
) -> Report:
    """Publish a generation that holds these sources; with nothing to do, keep the one in force.

    Args:
        folder: the index folder; made if missing.
        sources: what the documents are read from, in the order in which equally good hits are shown.
        encoder: makes the vectors; loaded only if something has to be encoded.
        rebuild: carry nothing over.
        progress: told ``(done, total)`` in characters while encoding.
        lock_seconds: how long to wait for another process that is indexing.

    Raises:
        IndexUnusableError: the folder cannot be written, or another process keeps indexing.
        EncoderError: the encoder cannot be loaded.

    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / LOCK, timeout=lock_seconds):
            return _update(folder, sources, encoder, rebuild=rebuild, progress=progress)
    except Timeout as exc:
        msg = f"another process has been indexing into {folder} for long: wait for it, or stop it"
        raise IndexUnusableError(msg) from exc
    except OSError as exc:
        msg = f"{folder} cannot be written ({exc.strerror or exc}): make room, or mend its permissions"
        raise IndexUnusableError(msg) from exc


def _update(folder: Path, sources: Sequence[Source], encoder: Encoder, *, rebuild: bool, progress: Progress) -> Report:
    previous = None if rebuild else _usable(folder, encoder.identity)
    if previous is not None and is_current(previous, sources):
        kept = tuple(previous.store.stamps())
        refused = {name: reason for name, (_, reason) in previous.store.refused().items()}
        return Report(previous.manifest.generation, (), (), (), kept, refused, 0)
    draft = _draft(sources, previous)
    _note_copies(draft)
    number = generations.next_number(folder)
    building = Path(tempfile.mkdtemp(prefix=generations.BUILDING, dir=folder))
    arrays, encoded = _assemble(draft, previous, encoder, progress)
    _write(building, draft, arrays)
    generations.publish(folder, building, manifest=_manifest(number, encoder.identity, draft, arrays))
    generations.remove_outdated(folder)
    return _report(number, draft, previous, encoded)


def _usable(folder: Path, identity: Identity) -> Generation | None:
    """Open the generation in force if anything of it can be carried over."""
    try:
        generation = generations.open_current(folder)
    except IndexUnusableError:
        return None
    fits = generation and generation.manifest.identity == identity and generation.manifest.made_by_this_version
    return generation if fits else None


def _draft(sources: Sequence[Source], previous: Generation | None) -> _Draft:
    """Read and split what is new or changed; take the rest from the previous generation."""
    draft = _Draft()
    stamps = previous.store.stamps() if previous else {}
    refused = previous.store.refused() if previous else {}
    next_id = 0
    for source in sources:
        if previous and stamps.get(source.name) == source.stamp:
            document, stored = previous.store.document(source.name), previous.store.paragraphs(source.name)
        elif source.name in refused and refused[source.name][0] == source.stamp:
            draft.refused[source.name] = refused[source.name]
            continue
        else:
            try:
                document = source.read()
                paragraphs = split(document)
            except ReadError as exc:
                draft.refused[source.name] = (source.stamp, str(exc))
                continue
            stored = [StoredParagraph(p, None, digest_of(passage_of(document, p))) for p in paragraphs]
        stored, next_id = _number(stored, next_id)
        draft.documents.append((document, source.stamp, stored))
    return draft


def _note_copies(draft: _Draft) -> None:
    """Warn of each document whose text another one holds too."""
    warnings = warned_of_copies((d.name, text_digest(d.text), d.warnings) for d, _, _ in draft.documents)
    draft.documents = [
        (replace(document, warnings=warnings[document.name]), stamp, stored)
        for document, stamp, stored in draft.documents
    ]


def _number(stored: Sequence[StoredParagraph], next_id: int) -> tuple[list[StoredParagraph], int]:
    """Give the quotable paragraphs of a document the next ids of the index."""
    numbered = []
    for item in stored:
        quotable = item.paragraph.role.quotable and item.paragraph.sentences
        numbered.append(replace(item, id=next_id if quotable else None))
        next_id += bool(quotable)
    return numbered, next_id


def _assemble(draft: _Draft, previous: Generation | None, encoder: Encoder, progress: Progress) -> tuple[Arrays, int]:
    """Collect the numbers of each paragraph, from the previous generation where it has the same words."""
    texts = [(document, stored) for document, _, rows in draft.documents for stored in rows if stored.id is not None]
    known = [previous.store.known_paragraph(stored.digest) if previous else None for _, stored in texts]
    carried = [row for row in known if row is not None]
    new = [
        passage_of(document, stored.paragraph)
        for (document, stored), row in zip(texts, known, strict=True)
        if row is None
    ]
    parts = []
    if previous is not None and carried:
        parts.append(previous.arrays.take(np.array(carried)))
    if new:
        projection = parts[0].projection if parts else None
        encoded, matrix = encode_passages(new, encoder, progress, matrix=projection)
        terms = [terms_of(passage.words, passage.language) for passage in new]
        lexical = LexicalIndex.of_terms(terms, [passage.language for passage in new])
        parts.append(Arrays.of_passages(encoded, lexical, matrix))
    if not parts:
        return Arrays.empty(), 0
    # The carried rows stand first, then the new ones: put each where its paragraph is.
    positions = np.empty(len(texts), dtype=np.int64)
    is_new = np.array([row is None for row in known])
    positions[~is_new] = np.arange(len(carried))
    positions[is_new] = len(carried) + np.arange(len(new))
    return functools.reduce(Arrays.joined, parts).take(positions), len(new)


def _write(building: Path, draft: _Draft, arrays: Arrays) -> None:
    generations.write(building, arrays)
    with StoreWriter(building / STORE) as writer:
        for document, stamp, stored in draft.documents:
            writer.add_document(document, stamp, stored)
        for name, (stamp, reason) in draft.refused.items():
            writer.add_refused(name, stamp, reason)


def _manifest(number: int, identity: Identity, draft: _Draft, arrays: Arrays) -> Manifest:
    return Manifest(
        schema=SCHEMA,
        generation=number,
        model=identity.model,
        model_digest=identity.digest,
        dimension=arrays.windows.values.shape[1],
        splitter=SPLITTER_VERSION,
        terms=TERMS_VERSION,
        counts=Counts(
            documents=len(draft.documents),
            refused=len(draft.refused),
            paragraphs=len(arrays),
            windows=len(arrays.windows.values),
            sentences=len(arrays.sentences.values),
            tokens=len(arrays.pieces.values),
        ),
        files={},
    )


def _report(number: int, draft: _Draft, previous: Generation | None, encoded: int) -> Report:
    return report_of(
        number,
        {document.name: (document.digest, document.warnings) for document, _, _ in draft.documents},
        before=previous.store.digests() if previous else {},
        warned={document.name: document.warnings for document in previous.store.summaries()} if previous else {},
        refused={name: reason for name, (_, reason) in draft.refused.items()},
        encoded=encoded,
    )
