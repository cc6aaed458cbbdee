"""What a generation is made of: documents, read or carried over, are written to its records one after the other."""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa_bot.errors import ReadError
from qa_bot.index.drafting import Source, digest_of, passage_of
from qa_bot.index.store import Store, StoredParagraph, StoreWriter
from qa_bot.records import Document
from qa_bot.splitting import split

# So many documents are read before it is their turn, while others are split and written.
AHEAD = 2
NEW = -1


@dataclass(slots=True)
class Collected:
    """What was written to the records, and what is to be done about numbers.

    ``known`` says of each quotable paragraph, in the order of their ids, which one of the generation before has the same
    words, or -1. ``renewed`` names the documents that were read, ``characters`` is how many of them are to be encoded.
    """

    documents: int = 0
    refused: int = 0
    characters: int = 0
    renewed: list[str] = field(default_factory=list)
    _known: list[NDArray[np.int64]] = field(default_factory=list)

    @property
    def known(self) -> NDArray[np.int64]:
        """Join what is known of the documents."""
        return np.concatenate([np.empty(0, dtype=np.int64), *self._known])

    def add(self, known: NDArray[np.int64]) -> None:
        """Count a document with its quotable paragraphs."""
        self.documents += 1
        self._known.append(known)


def collect(sources: Sequence[Source], path: Path, before: Store | None) -> Collected:
    """Write the records of a generation: read and split what is new or changed, and copy the rest from the one before."""
    collected, next_id = Collected(), 0
    stamps = before.stamps() if before else {}
    refused = before.refused() if before else {}
    former = {name: stamp for name, (stamp, _) in refused.items()} | stamps
    carried = {source.name for source in sources if former.get(source.name) == source.stamp}
    new = [source for source in sources if source.name not in carried]
    with StoreWriter(path, before) as writer, _reading(new) as read:
        for source in sources:
            if source.name not in carried:
                known = _write_new(next(read), source, (writer, before), collected, next_id)
            elif before is not None and source.name in stamps:
                ids = before.quotable_ids(source.name)
                writer.copy_document(source.name, next_id)
                known = np.arange(ids.start, ids.stop)
            else:
                known = None
                writer.add_refused(source.name, *refused[source.name])
            if known is None:
                collected.refused += 1
            else:
                collected.add(known)
                next_id += len(known)
        writer.note_copies()
    return collected


def _write_new(
    document: Document | ReadError,
    source: Source,
    stores: tuple[StoreWriter, Store | None],
    collected: Collected,
    next_id: int,
) -> NDArray[np.int64] | None:
    """Write a document that was read; gives what is known of its quotable paragraphs, or ``None`` if it is refused."""
    writer, before = stores
    try:
        if isinstance(document, ReadError):
            raise document
        paragraphs = split(document)
    except ReadError as exc:
        writer.add_refused(source.name, source.stamp, str(exc))
        return None
    known: list[int] = []
    stored = []
    for paragraph in paragraphs:
        passage = passage_of(document, paragraph)
        item = StoredParagraph(paragraph, None, digest_of(passage))
        if paragraph.role.quotable and paragraph.sentences:
            item = replace(item, id=next_id + len(known))
            carried = before.known_paragraph(item.digest) if before else None
            known.append(NEW if carried is None else carried)
            collected.characters += passage.characters if carried is None else 0
        stored.append(item)
    writer.add_document(document, source.stamp, stored)
    if NEW in known:
        collected.renewed.append(source.name)
    return np.array(known, dtype=np.int64)


@contextmanager
def _reading(sources: Sequence[Source]) -> Iterator[Iterator[Document | ReadError]]:
    """Read documents in order, some ahead of their turn; gives the reason where one is refused."""
    # Ended here, never by a generator that is left behind: the garbage collector would end that in whatever thread it
    # happens to run, and one that is just being started cannot wait for another.
    reader = ThreadPoolExecutor(1)
    try:
        yield _in_order(reader, sources)
    finally:
        reader.shutdown(cancel_futures=True)


def _in_order(reader: ThreadPoolExecutor, sources: Sequence[Source]) -> Iterator[Document | ReadError]:
    pending: deque[Future[Document | ReadError]] = deque()
    for source in sources:
        pending.append(reader.submit(_read, source))
        if len(pending) > AHEAD:
            yield pending.popleft().result()
    while pending:
        yield pending.popleft().result()


def _read(source: Source) -> Document | ReadError:
    try:
        return source.read()
    except ReadError as exc:
        return exc
