"""Which files of ``seeds/`` are documents."""

import datetime as dt
import os
from collections.abc import Callable, Iterator
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

    Hidden files and the question set are left out, and what vanishes meanwhile. Links to folders are not followed.

    Raises:
        ReadError: there is no such folder, a folder in it cannot be listed, or the file with the origins of documents is
            damaged.

    """
    paths = list(documents_below(seeds))
    found = []
    origins = load_origins(seeds)
    for path in paths:
        relative = path.relative_to(seeds)
        if relative.as_posix() == QUESTION_SET:
            continue
        name = printable(relative)
        origin = origins.get(name)
        found.append(SeedFile(name, path, seeds, _stamp(path, limits, origin), limits, origin))
    return tuple(sorted(found, key=lambda file: file.name))


def documents_below(seeds: Path) -> Iterator[Path]:
    """Yield what may be documents: all that is below ``seeds/`` by `paths_below`, without what vanishes meanwhile.

    Raises:
        ReadError: there is no such folder, or one in it cannot be listed; the message is a whole sentence.

    """

    def refuse(exc: OSError) -> None:
        folder = Path(exc.filename)
        vanished = isinstance(exc, FileNotFoundError | NotADirectoryError)
        if vanished and folder != seeds:
            return
        if vanished:
            msg = f"{seeds} is no folder: make it and put documents into it, or set seeds under [paths] in config.toml"
        else:
            # Its documents would be taken for removed, and leave the index in silence.
            reason = f"cannot be listed ({exc.strerror}): mend its permissions, or move it out of {seeds}"
            msg = f"the folder {printable(folder)} {reason}"
        raise ReadError(msg) from exc

    yield from paths_below(seeds, refuse)


def paths_below(top: Path, unreadable: Callable[[OSError], object], *, skipped: Path | None = None) -> Iterator[Path]:
    """Yield what is below a folder, but for folders and for what is hidden; links to folders are not followed.

    Args:
        top: the folder.
        unreadable: is told of each folder that cannot be listed, also because it vanished.
        skipped: a folder that is left out.

    """
    for parent, folders, files in os.walk(top, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and Path(parent, name) != skipped)
        # `Path.is_symlink` ends with an error where nothing may be looked at.
        links = [name for name in folders if os.path.islink(f"{parent}/{name}")]  # noqa: PTH114
        yield from (Path(parent, name) for name in sorted([*files, *links]) if not name.startswith("."))


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
