"""Which files of ``seeds/`` are documents."""

import datetime as dt
import os
from dataclasses import astuple, dataclass, replace
from pathlib import Path, PurePath

from qa_bot.errors import ReadError
from qa_bot.limits import Limits
from qa_bot.reading.origins import Origin, load_origins
from qa_bot.reading.sandbox import sandbox
from qa_bot.records import Document

QUESTION_SET = "questions.jsonl"


@dataclass(frozen=True, slots=True)
class SeedFile:
    """A file below ``seeds/``.

    ``stamp`` is a cheap fingerprint: while it stays the same, so do the file's bytes and the limits it is read under.
    """

    name: str
    path: Path
    root: Path
    stamp: str
    limits: Limits
    origin: Origin | None = None

    def read(self) -> Document:
        """Read the file, in a process apart. Raises `ReadError`."""
        if not real(self.path).is_relative_to(real(self.root)):
            msg = "is a link out of the folder: put the file itself there, or remove the link"
            raise ReadError(msg)
        document = sandbox(self.limits).read(self.path, self.name)
        # An address holds for the bytes that came from there, not for what somebody made of them.
        if self.origin is not None and self.origin.url is not None and self.origin.digest == document.digest:
            document = replace(document, source=self.origin.url)
        return replace(document, changed=_day_of_change(self.path))


def single(path: Path, name: str, limits: Limits) -> SeedFile:
    """Take any file for a document of that name, wherever it is, and wherever it leads if it is a link."""
    return SeedFile(name, path, real(path).parent, _stamp(path, limits), limits)


def scan(seeds: Path, limits: Limits) -> tuple[SeedFile, ...]:
    """List the files of a folder and the folders in it, sorted by name.

    Hidden files and the question set are left out. Links to folders are not followed.

    Raises:
        ReadError: there is no such folder, or the file with the origins of documents is damaged.

    """
    if not seeds.is_dir():
        msg = f"{seeds} is no folder: make it and put documents into it, or set seeds under [paths] in config.toml"
        raise ReadError(msg)
    found = []
    origins = load_origins(seeds)
    for path in seeds.rglob("*"):
        relative = path.relative_to(seeds)
        hidden = any(part.startswith(".") for part in relative.parts)
        if hidden or relative.as_posix() == QUESTION_SET or (path.is_dir() and not path.is_symlink()):
            continue
        name = printable(relative)
        origin = origins.get(name)
        found.append(SeedFile(name, path, seeds, _stamp(path, limits, origin), limits, origin))
    return tuple(sorted(found, key=lambda file: file.name))


def printable(relative: PurePath) -> str:
    """Spell a file name, which may be any bytes, so that it can be shown and stored; distinct names stay distinct."""
    return os.fsencode(relative.as_posix()).decode("utf-8", errors="backslashreplace")


def real(path: Path) -> Path:
    """Give the place that a path leads to over links; links that lead in a circle lead to themselves."""
    # `Path.resolve` ends with an error that nobody expects where links lead in a circle.
    return Path(os.path.realpath(path))


def _day_of_change(path: Path) -> str | None:
    """Give the day a file was changed last; by the day, so that the files of one checkout are equally old."""
    try:
        return dt.datetime.fromtimestamp(path.stat().st_mtime, tz=dt.UTC).date().isoformat()
    except (OSError, OverflowError, ValueError):
        return None


def _stamp(path: Path, limits: Limits, origin: Origin | None = None) -> str:
    try:
        stat = path.stat()
    except OSError:
        return "unreadable"
    came_from = f":{origin.url}:{origin.digest}" if origin and origin.url else ""
    # Another limit may let a refused file in, or refuse one that was read.
    under = ",".join(f"{limit:g}" for limit in astuple(limits))
    return f"{stat.st_size}:{stat.st_mtime_ns}:{stat.st_ctime_ns}:{under}{came_from}"
