"""Bring the index up to date with its sources: only what changed is read, split and encoded."""

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from qa_bot.encoder.vectors import Encoder
from qa_bot.errors import IndexUnusableError
from qa_bot.index import generation as generations
from qa_bot.index.approximation import Approximation, shortfalls
from qa_bot.index.arrays import Arrays
from qa_bot.index.assembling import assemble, new_passages, runs
from qa_bot.index.collecting import NEW, Collected, collect
from qa_bot.index.dense import EXACT_UP_TO, Cells, write_cells
from qa_bot.index.drafting import Report, Source, report_of
from qa_bot.index.encoding import Progress
from qa_bot.index.generation import Generation
from qa_bot.index.manifest import CELLS, SCHEMA, SEARCHED, STORE, Counts, Manifest
from qa_bot.index.ragged import Ragged
from qa_bot.index.searching import Index
from qa_bot.index.store import Store
from qa_bot.models.identity import Identity
from qa_bot.models.precision import cores
from qa_bot.splitting import SPLITTER_VERSION
from qa_bot.terms import TERMS_VERSION

LOCK = ".lock"


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
    with previous or nullcontext():
        if previous is not None and is_current(previous, sources):
            return _unchanged(previous)
        return _publish(folder, sources, encoder, previous, progress)


def _publish(
    folder: Path, sources: Sequence[Source], encoder: Encoder, previous: Generation | None, progress: Progress
) -> Report:
    number = generations.next_number(folder)
    building = generations.new_building(folder, number)
    collected = collect(sources, building / STORE, previous.store if previous else None)
    with Store(building / STORE) as store:
        known = collected.known
        passages = new_passages(store, collected.renewed, known)
        before = previous.arrays if previous and (known != NEW).any() else None
        arrays = assemble(
            building, known, passages, encoder, before=before, progress=progress, characters=collected.characters
        )
        approximations = _write_cells(building, arrays, known, previous if before else None)
        manifest = _manifest(number, encoder.identity, collected, arrays, approximations)
        generations.publish(folder, building, manifest=manifest)
        generations.remove_outdated(folder)
        return _report(number, store, previous, int((known == NEW).sum()), approximations)


def _unchanged(previous: Generation) -> Report:
    kept = tuple(previous.store.stamps())
    refused = {name: reason for name, (_, reason) in previous.store.refused().items()}
    lacking = shortfalls(previous.manifest.approximations)
    return Report(previous.manifest.generation, (), (), (), kept, refused, 0, shortfalls=lacking)


def _usable(folder: Path, identity: Identity) -> Generation | None:
    """Open the generation in force if anything of it can be carried over, which must not be damaged."""
    try:
        generation = generations.open_current(folder, thorough=True)
    except IndexUnusableError:
        return None
    if generation is None or (generation.manifest.identity == identity and generation.manifest.made_by_this_version):
        return generation
    generation.store.close()
    return None


def _write_cells(
    building: Path, arrays: Arrays, known: NDArray[np.int64], before: Generation | None
) -> dict[str, Approximation | None]:
    """Write what is searched instead of all vectors, where they are too many."""
    tables = arrays.tables()
    written: dict[str, Approximation | None] = {}
    for name, other in zip(SEARCHED, reversed(SEARCHED), strict=True):
        cells = None
        approximation = before.manifest.approximations[name] if before else None
        if before is not None and approximation is not None:
            moved = _moved(before.arrays.tables()[name], tables[name], known)
            cells = Cells(before.folder / f"{name}{CELLS}", approximation, moved)
        # Of the vectors at hand, those of sentences are most like questions to paragraphs, and the other way round.
        halves, others = tables[name].values, tables[other].values
        written[name] = write_cells(
            building / f"{name}{CELLS}", halves, others, cells, threads=cores(0), exact_up_to=EXACT_UP_TO
        )
    return written


def _moved(before: Ragged, now: Ragged, known: NDArray[np.int64]) -> NDArray[np.int64]:
    """Tell where each vector of the generation before stands now, or -1 if it is gone."""
    moved = np.full(len(before.values), -1, dtype=np.int64)
    for start, stop, row in runs(known):
        if row != NEW:
            first, last = now.bounds[start], now.bounds[stop]
            moved[before.bounds[row] : before.bounds[row] + last - first] = np.arange(first, last)
    return moved


def _manifest(
    number: int,
    identity: Identity,
    collected: Collected,
    arrays: Arrays,
    approximations: dict[str, Approximation | None],
) -> Manifest:
    return Manifest(
        schema=SCHEMA,
        generation=number,
        model=identity.model,
        model_digest=identity.digest,
        dimension=arrays.windows.values.shape[1],
        splitter=SPLITTER_VERSION,
        terms=TERMS_VERSION,
        counts=Counts(
            documents=collected.documents,
            refused=collected.refused,
            paragraphs=len(arrays),
            windows=len(arrays.windows.values),
            sentences=len(arrays.sentences.values),
            tokens=len(arrays.pieces.values),
        ),
        approximations=approximations,
        files={},
        sizes={},
    )


def _report(
    number: int,
    store: Store,
    previous: Generation | None,
    encoded: int,
    approximations: dict[str, Approximation | None],
) -> Report:
    warnings = store.warnings()
    report = report_of(
        number,
        {name: (digest, warnings.get(name, ())) for name, digest in store.digests().items()},
        before=previous.store.digests() if previous else {},
        warned=previous.store.warnings() if previous else {},
        refused={name: reason for name, (_, reason) in store.refused().items()},
        encoded=encoded,
    )
    return replace(report, shortfalls=shortfalls(approximations))
