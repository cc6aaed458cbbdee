"""Files and folders of this machine are copied into ``seeds/``."""

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from qa_bot.errors import SeedingError
from qa_bot.reading import printable
from qa_bot.reading.seeds import paths_below, real
from qa_bot.records import Document
from qa_bot.seeding.folder import Outcome, SeedFolder, Verdict, digest_of
from qa_bot.seeding.names import safe_name, safe_path


def add_files(folder: SeedFolder, path: Path, *, into: str = "", replace: bool = False) -> Iterator[Outcome]:
    """Copy a file, or all files of a folder with the folders in it.

    Args:
        folder: where they go.
        path: the file or folder.
        into: the folder below ``seeds/`` that they go into.
        replace: whether a document that has the name of another file makes room for it.

    Raises:
        SeedingError: ``seeds/`` cannot be written; the message is a whole sentence.

    """
    with folder.locked():
        if not os.path.lexists(path):
            yield Outcome(printable(path), Verdict.REFUSED, reason="does not exist: check its name")
        elif path.is_dir():
            yield from _copied_folder(folder, path, safe_path(into), replace=replace)
        else:
            target = safe_path(into) / safe_name(printable(PurePosixPath(path.name)))
            yield _copied(folder, path, target, path, replace=replace)


def _copied_folder(folder: SeedFolder, path: Path, into: PurePosixPath, *, replace: bool) -> Iterator[Outcome]:
    top = real(path)
    if top.is_relative_to(real(folder.seeds)):
        yield Outcome(printable(path), Verdict.REFUSED, reason="is in the folder of the documents already")
        return
    target = into / safe_name(printable(PurePosixPath(top.name)), suffix="") if top.name else into
    unreadable: list[OSError] = []
    for file in paths_below(top, unreadable.append, skipped=real(folder.seeds)):
        if os.path.isdir(file):  # noqa: PTH112 - `Path.is_dir` ends with an error where nothing may be looked at
            continue
        below, item = file.relative_to(top), path / file.relative_to(top)
        if file.is_symlink() and not real(file).is_relative_to(top):
            yield Outcome(printable(item), Verdict.REFUSED, reason="is a link out of the folder: add the file itself")
        else:
            yield _copied(folder, file, target / safe_path(printable(below)), item, replace=replace)
    for exc in unreadable:
        yield Outcome(printable(Path(exc.filename)), Verdict.REFUSED, reason=f"cannot be read ({exc.strerror})")


def _copied(folder: SeedFolder, file: Path, target: PurePosixPath, item: Path, *, replace: bool) -> Outcome:
    there = os.path.lexists(folder.seeds / target)
    try:
        document, raw, changed = _read(folder, file, target)
        twin = folder.twin_of(raw)
        if twin is not None:
            return Outcome(printable(item), Verdict.THERE, twin)
        folder.place(target)
        if there:
            _make_room(folder, target, replace=replace)
        folder.put(target, raw, document=document, changed=changed)
    except SeedingError as exc:
        return Outcome(printable(item), Verdict.REFUSED, reason=str(exc))
    return Outcome(printable(item), Verdict.CHANGED if there else Verdict.ADDED, target.as_posix())


def _make_room(folder: SeedFolder, target: PurePosixPath, *, replace: bool) -> None:
    if not replace or (folder.seeds / target).is_dir():
        msg = f"would take the place of {target}, which holds something else: say --replace, or rename one of them"
        raise SeedingError(msg)
    if (folder.seeds / target).is_file():
        # It stays where it is until the new one takes its place: the disk may be full.
        folder.copy_aside(target)
    else:
        folder.set_aside([target])


def _read(folder: SeedFolder, file: Path, target: PurePosixPath) -> tuple[Document, bytes, float]:
    """Read a file as a document and as bytes, which are the same bytes, with the time of its last change."""
    document = folder.read(file, target)
    try:
        raw, changed = file.read_bytes(), file.stat().st_mtime
    except OSError as exc:
        msg = f"cannot be read ({exc.strerror or exc}): check that it exists and its permissions"
        raise SeedingError(msg) from exc
    if digest_of(raw) != document.digest:
        msg = "changed while it was read: try again"
        raise SeedingError(msg)
    return document, raw, changed
