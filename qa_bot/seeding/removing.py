"""Documents leave ``seeds/``, and come back."""

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from qa_bot.errors import SeedingError
from qa_bot.reading import printable, scan
from qa_bot.reading.seeds import real
from qa_bot.seeding.folder import SeedFolder


def remove(folder: SeedFolder, names: Sequence[str]) -> list[str]:
    """Take documents out of the folder: all that are named, or none; gives their names.

    Args:
        folder: where they are.
        names: of documents, or of folders with documents.

    Raises:
        SeedingError: there is no such document, or the folder cannot be written; nothing was done.
        ReadError: there is no folder with documents.

    """
    with folder.locked():
        files = {file.name: file for file in scan(folder.seeds, folder.limits)}
        chosen = dict.fromkeys(found for name in names for found in _named(_below(folder.seeds, name), list(files)))
        folder.set_aside([PurePosixPath(files[name].path.relative_to(folder.seeds)) for name in chosen])
    return list(chosen)


def undo(folder: SeedFolder) -> list[str]:
    """Put back what was taken out last; a document that has its place meanwhile is taken out instead.

    Raises:
        SeedingError: nothing was taken out, or the folder cannot be written.

    """
    with folder.locked():
        batches = folder.batches()
        if not batches:
            msg = "nothing was removed that could be put back"
            raise SeedingError(msg)
        latest = batches[-1]
        paths = [PurePosixPath(path.relative_to(latest)) for path in sorted(latest.rglob("*")) if not path.is_dir()]
        taken = [path for path in paths if (folder.seeds / path).exists()]
        if taken:
            folder.set_aside(taken)
        for path in paths:
            (latest / path).rename(folder.place(path))
            folder.prune((latest / path).parent, latest.parent)
    return [printable(path) for path in paths]


def _below(seeds: Path, name: str) -> str:
    """Take a path such as a shell completes it, ``seeds/story.txt``, for the name that it means."""
    place = real(Path(name))
    is_name = not Path(name).is_absolute() and (seeds / name).exists()
    if is_name or not place.is_relative_to(real(seeds)):
        return name
    return printable(place.relative_to(real(seeds)))


def _named(name: str, documents: Sequence[str]) -> list[str]:
    """Give the documents that a name means: one, or all of a folder."""
    found = [document for document in documents if document == name or document.startswith(f"{name.rstrip('/')}/")]
    if not found:
        msg = f"there is no document {name}: qa-bot sources lists their names"
        raise SeedingError(msg)
    return found
