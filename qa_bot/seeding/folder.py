"""The folder with the documents, as it is written to: by one process at a time, and each file as a whole."""

import contextlib
import datetime as dt
import functools
import hashlib
import itertools
import os
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath

from filelock import FileLock, Timeout

from qa_bot.errors import ReadError, SeedingError
from qa_bot.files import sync_folder, write_beside, write_whole
from qa_bot.limits import Limits
from qa_bot.reading import printable
from qa_bot.reading.sandbox import sandbox
from qa_bot.reading.seeds import QUESTION_SET, documents_below, real
from qa_bot.records import Document
from qa_bot.seeding.names import numbered
from qa_bot.splitting import split

LOCK = ".lock"
# What was taken out of the folder, a folder for each time, named by when it was.
REMOVED = ".removed"
LOCK_SECONDS = 60.0


class Verdict(StrEnum):
    """What became of something that was to be put into the folder."""

    ADDED = "added"
    CHANGED = "changed"
    THERE = "already there"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file or page; ``name`` is that of its document, ``reason`` why there is none."""

    item: str
    verdict: Verdict
    name: str = ""
    reason: str = ""


class SeedFolder:
    """``seeds/`` for those who change it."""

    def __init__(self, seeds: Path, limits: Limits) -> None:
        """Write into this folder what can be read within these limits."""
        self.seeds = seeds
        self.limits = limits

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes from changing the folder; it is made if it is missing.

        Raises:
            SeedingError: it cannot be written, or another process keeps changing it; the message is a whole sentence.

        """
        try:
            self.seeds.mkdir(parents=True, exist_ok=True)
            with FileLock(self.seeds / LOCK, timeout=LOCK_SECONDS):
                yield
        except Timeout as exc:
            msg = f"another process has been changing {self.seeds} for long: wait for it, or stop it"
            raise SeedingError(msg) from exc
        except OSError as exc:
            msg = f"{self.seeds} cannot be written ({exc.strerror or exc}): make room, or mend its permissions"
            raise SeedingError(msg) from exc

    def place(self, path: PurePosixPath) -> Path:
        """Give the place of a document; the folders that lead there are made, and may be no links out of here.

        Raises:
            SeedingError: it cannot be there; the message is the predicate of a sentence about it.

        """
        target = self.seeds / path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError) as exc:
            msg = f"cannot be put into {path.parent}, which is a file: name another folder with --into"
            raise SeedingError(msg) from exc
        if not real(target.parent).is_relative_to(real(self.seeds)):
            msg = f"cannot be put into {path.parent}, which is a link out of the folder: name another one with --into"
            raise SeedingError(msg)
        if path.as_posix() == QUESTION_SET:
            msg = "has the name of the question set: give it another name, or put it into a folder with --into"
            raise SeedingError(msg)
        return target

    def free_path(self, path: PurePosixPath) -> PurePosixPath:
        """Give the first name like this one that no file has."""
        names = (numbered(path, number) for number in itertools.count(1))
        return next(name for name in names if not os.path.lexists(self.seeds / name))

    def twin_of(self, raw: bytes) -> str | None:
        """Give the name of a document that holds just these bytes, if there is one.

        Raises:
            ReadError: a folder below ``seeds/`` cannot be listed; the message is a whole sentence.

        """
        for path in sorted(self._sizes[len(raw)]):
            with contextlib.suppress(OSError):
                if path.read_bytes() == raw:
                    return printable(path.relative_to(self.seeds))
        return None

    @functools.cached_property
    def _sizes(self) -> defaultdict[int, set[Path]]:
        """The files by their sizes: only one of the same size can hold the same bytes. Raises `ReadError`."""
        sizes = defaultdict(set)
        for path in documents_below(self.seeds):
            with contextlib.suppress(OSError):
                if path.is_file():
                    sizes[path.stat().st_size].add(path)
        return sizes

    def put(
        self, path: PurePosixPath, raw: bytes, *, document: Document | None = None, changed: float | None = None
    ) -> None:
        """Put bytes in their place, over what is there.

        Args:
            path: the place.
            raw: the bytes.
            document: what was read of them; they are read first if it is not given.
            changed: when they were changed last, which is the day of a document that names none.

        Raises:
            SeedingError: they cannot be read, or not be there; the message is the predicate of a sentence about them.
            ReadError: as `twin_of` does; nothing was put.

        """
        sizes = self._sizes
        target = self.place(path)
        temporary = write_beside(target, raw)
        try:
            if document is None:
                self.read(temporary, path)
            if changed is not None:
                os.utime(temporary, (changed, changed))
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
        sync_folder(target.parent)
        sizes[len(raw)].add(target)

    def read(self, file: Path, path: PurePosixPath) -> Document:
        """Read a file as the document that it is to be, in a process apart. Raises `SeedingError`."""
        try:
            document = sandbox(self.limits).read(file, path.as_posix())
            # What cannot be split would be refused by the index.
            split(document)
        except ReadError as exc:
            raise SeedingError(str(exc)) from exc
        return document

    def set_aside(self, paths: Iterable[PurePosixPath]) -> Path:
        """Take files out of the folder, without losing them; gives the hidden folder that holds them now."""
        aside = self._new_aside()
        for path in paths:
            (aside / path).parent.mkdir(parents=True, exist_ok=True)
            (self.seeds / path).rename(aside / path)
            self.prune(self.seeds / path.parent, self.seeds)
        return aside

    def copy_aside(self, path: PurePosixPath) -> Path:
        """Keep a copy of a file that another one is about to replace; gives the hidden folder that holds it."""
        aside = self._new_aside()
        (aside / path).parent.mkdir(parents=True)
        write_whole(aside / path, (self.seeds / path).read_bytes())
        # The day of its last change is the date of a document that names none.
        shutil.copystat(self.seeds / path, aside / path)
        return aside

    def _new_aside(self) -> Path:
        return self.seeds / REMOVED / dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H-%M-%S.%fZ")

    def batches(self) -> list[Path]:
        """List what was set aside, the latest last."""
        return sorted(path for path in (self.seeds / REMOVED).glob("*") if path.is_dir())

    def prune(self, folder: Path, root: Path) -> None:
        """Remove a folder that is empty now, and those above it, up to but without a root."""
        while folder != root and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent


def digest_of(raw: bytes) -> str:
    """Digest the bytes of a file, as `Document.digest` does."""
    return hashlib.sha256(raw).hexdigest()


def now() -> str:
    """Give the time in ISO form."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
