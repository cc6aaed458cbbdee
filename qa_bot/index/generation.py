"""Generations: complete, immutable states of the index, published by one atomic rename.

``CURRENT`` names the generation in force. A new one is written to a hidden folder beside, synced, renamed to its final
name, and only then named in ``CURRENT``. Killing the process at any moment leaves the old one or the new one in force,
each complete.
"""

import json
import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from qa_bot.encoder.vectors import Vectors
from qa_bot.errors import IndexUnusableError
from qa_bot.index.arrays import Arrays
from qa_bot.index.dense import DenseIndex
from qa_bot.index.halves import to_singles
from qa_bot.index.integrity import check_digests, check_sizes, digests_of, files_to_digest, sizes_of
from qa_bot.index.late import LatePassage
from qa_bot.index.lexical import LexicalIndex, TermWeights, best_of
from qa_bot.index.manifest import CELLS, MANIFEST, MEND, PREFIX, SEARCHED, STORE, Manifest, name_of, read_manifest
from qa_bot.index.searching import Candidates, Numbers, Result
from qa_bot.index.store import Store

CURRENT = "CURRENT"
GENERATION_NAME = re.compile(rf"{PREFIX}[0-9]{{6,18}}")
BUILDING = ".building-"


@dataclass(frozen=True, eq=False)
class Generation:
    """An opened generation."""

    folder: Path
    manifest: Manifest
    store: Store
    arrays: Arrays
    windows: DenseIndex
    sentences: DenseIndex

    @property
    def projection(self) -> Vectors:
        """What compresses the word pieces; see `Index`."""
        return self.arrays.projection

    @property
    def lexical(self) -> LexicalIndex:
        """The terms."""
        return self.arrays.lexical

    def read(self, work: Callable[[], Result]) -> Result:
        """Do work that reads the generation, which never changes."""
        return work()

    def newest(self) -> int | None:
        """Give the number of the generation in force."""
        return current_number(self.folder.parent)

    def search(
        self, question: NDArray[np.float32], terms: TermWeights, *, paragraphs: int, sentences: int
    ) -> Candidates:
        """Find the candidates for a question; see `Index`."""
        lexical = self.lexical.scores(terms)
        ids = np.unique(
            np.concatenate(
                [
                    self.windows.search(question, min(paragraphs, len(lexical))),
                    self.sentences.search(question, sentences),
                    best_of(lexical, paragraphs),
                ]
            )
        )
        return Candidates(ids, self.windows.best(question, ids), self.sentences.best(question, ids), lexical[ids])

    def numbers(self, ids: Sequence[int]) -> list[Numbers]:
        """Give the numbers of paragraphs, in the order asked for."""
        return [
            Numbers(
                self.lexical.language(number),
                to_singles(self.arrays.sentences[number]),
                LatePassage(self.arrays.pieces[number], self.arrays.piece_sentences[number]),
            )
            for number in ids
        ]

    def __enter__(self) -> Self:
        """Use the generation in a ``with`` block."""
        return self

    def __exit__(self, *exc_info: object) -> None:
        """Close its files."""
        self.store.close()


def current_number(folder: Path) -> int | None:
    """Give the number of the generation in force, or ``None`` if there is none.

    Raises:
        IndexUnusableError: ``CURRENT`` does not name a generation.

    """
    try:
        name = (folder / CURRENT).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as exc:
        msg = f"{folder / CURRENT} cannot be read ({exc}); {MEND}"
        raise IndexUnusableError(msg) from exc
    number = name.removeprefix(PREFIX)
    if not GENERATION_NAME.fullmatch(name):
        msg = f"{folder / CURRENT} names no generation; {MEND}"
        raise IndexUnusableError(msg)
    return int(number)


def open_current(folder: Path, *, thorough: bool = False) -> Generation | None:
    """Open the generation in force and prove it whole; ``None`` if there is none. See `open_generation`.

    Raises:
        IndexUnusableError: a file is missing or not the one that was written.

    """
    number = current_number(folder)
    while number is not None:
        try:
            return open_generation(folder / name_of(number), thorough=thorough)
        except IndexUnusableError:
            # Between the two reads a newer one may have been published and this one removed.
            newer = current_number(folder)
            if newer == number:
                raise
            number = newer
    return None


def open_store(folder: Path) -> Store | None:
    """Open the documents of the generation in force, without its numbers; ``None`` if there is none.

    Raises:
        IndexUnusableError: they are missing or not those that were written.

    """
    number = current_number(folder)
    if number is None:
        return None
    generation = folder / name_of(number)
    check_digests(generation, read_manifest(generation), {STORE})
    return Store(generation / STORE)


def open_generation(folder: Path, *, thorough: bool = False) -> Generation:
    """Open a generation after checking its files; see `files_to_digest`.

    Raises:
        IndexOutdatedError: another version of this program built it.
        IndexUnusableError: a file is missing or not the one that was written.

    """
    manifest = read_manifest(folder)
    check_sizes(folder, manifest.sizes)
    check_digests(folder, manifest, files_to_digest(manifest, thorough=thorough))
    try:
        with ExitStack() as opened:
            generation = opened.enter_context(_assemble(folder, manifest))
            _check_counts(generation)
            # It is whole: whoever asked for it closes it.
            opened.pop_all()
    except (OSError, ValueError, KeyError, RuntimeError, sqlite3.Error) as exc:
        # A newer generation may just have been published, and this one removed between two files.
        msg = f"the index is damaged ({folder} cannot be opened: {type(exc).__name__}); {MEND}"
        raise IndexUnusableError(msg) from exc
    return generation


def _assemble(folder: Path, manifest: Manifest) -> Generation:
    arrays = Arrays.read(folder)
    windows, sentences = (
        DenseIndex.open(arrays.tables()[name], folder / f"{name}{CELLS}", manifest.approximations[name])
        for name in SEARCHED
    )
    return Generation(folder, manifest, Store(folder / STORE), arrays, windows, sentences)


def publish(folder: Path, building: Path, *, manifest: Manifest) -> None:
    """Put a finished generation in force.

    Args:
        folder: the index folder.
        building: the hidden folder that holds the files; it becomes the generation.
        manifest: its manifest, without sizes and digests of the files, which are taken now.

    """
    manifest = replace(manifest, files=digests_of(building), sizes=sizes_of(building))
    (building / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1) + "\n", encoding="utf-8")
    for path in building.iterdir():
        _sync(path)
    _sync(building)
    name = name_of(manifest.generation)
    building.rename(folder / name)
    _sync(folder)
    pointer = folder / f".{CURRENT}"
    pointer.write_text(f"{name}\n", encoding="utf-8")
    _sync(pointer)
    pointer.replace(folder / CURRENT)
    _sync(folder)


def stand_in(generation: Path, folder: Path) -> None:
    """Put a generation in force in another folder too, without copying it, so that a passing one can be built on it there."""
    (folder / generation.name).symlink_to(generation.resolve())
    (folder / CURRENT).write_text(f"{generation.name}\n", encoding="utf-8")


def new_building(folder: Path, number: int) -> Path:
    """Make the hidden folder in which a generation is built; whoever may read the index folder may read that, too.

    What failed builds have left of theirs is removed first: it may be what filled the disk.
    """
    for path in folder.glob(f"{BUILDING}{PREFIX}*"):
        shutil.rmtree(path)
    building = folder / f"{BUILDING}{PREFIX}{number:06}"
    building.mkdir()
    return building


def next_number(folder: Path) -> int:
    """Give a number above every generation in the folder, in force or not."""
    return max((int(path.name.removeprefix(PREFIX)) for path in _generations(folder)), default=0) + 1


def remove_outdated(folder: Path) -> None:
    """Remove what killed builds left and all generations but the one in force and the one before it.

    Readers keep a generation they have opened even when it is removed; the one before stays for those about to open it.
    """
    current = current_number(folder)
    numbers = sorted(int(path.name.removeprefix(PREFIX)) for path in _generations(folder))
    kept = {current, max((n for n in numbers if current is not None and n < current), default=None)}
    outdated = [path for path in _generations(folder) if int(path.name.removeprefix(PREFIX)) not in kept]
    for path in [*folder.glob(f"{BUILDING}*"), *outdated]:
        shutil.rmtree(path)


def _check_counts(generation: Generation) -> None:
    """Prove that the parts belong together: a row too few would make every later citation a wrong one."""
    counts, arrays = generation.manifest.counts, generation.arrays
    lexical, frequencies = arrays.lexical, arrays.frequencies
    postings = (lexical.holders, lexical.counts, frequencies.ids, frequencies.counts)
    found = {
        "document": (counts.documents, generation.store.count("documents")),
        "refused": (counts.refused, generation.store.count("refused")),
        "window": (counts.windows, len(generation.windows), len(arrays.windows.values)),
        "sentence": (counts.sentences, len(generation.sentences), len(arrays.sentences.values)),
        "token": (counts.tokens, len(arrays.pieces.values), len(arrays.piece_sentences.values)),
        "paragraph": (
            counts.paragraphs,
            *(len(part) for part in arrays.tables().values()),
            len(lexical),
            len(lexical.language_numbers),
        ),
        "term": (len(lexical.terms), len(lexical.holders)),
        "posting": tuple(len(part.values) for part in postings),
        "dimension": (generation.manifest.dimension, generation.windows.dimension, generation.sentences.dimension),
    }
    for noun, numbers in found.items():
        if len(set(numbers)) != 1:
            msg = f"the index is damaged ({noun} counts disagree: {', '.join(map(str, numbers))}); {MEND}"
            raise IndexUnusableError(msg)


def _generations(folder: Path) -> Iterator[Path]:
    return (path for path in folder.glob(f"{PREFIX}*") if GENERATION_NAME.fullmatch(path.name))


def _sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
