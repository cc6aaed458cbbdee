"""Whether the files of a generation are those that were written."""

import hashlib
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from qa_bot.errors import IndexUnusableError
from qa_bot.index.manifest import MEND, STORE, Manifest

# A generation of up to so many bytes is digested whole whenever it is opened, which takes half a second. Of a larger one
# only small files are, and the documents: what is quoted and cited is always proven. A wrong byte in a large table changes
# a score at most; `index` and `doctor` find it.
DIGESTED_WHOLE = 1_000_000_000
SMALL = 64_000_000
# Two files at a time: beyond that nothing is gained on the machines at hand.
THREADS = 2


def digests_of(folder: Path) -> dict[str, str]:
    """Give the digest of each file of a folder by its name."""
    paths = sorted(folder.iterdir())
    with ThreadPoolExecutor(THREADS) as threads:
        return dict(zip((path.name for path in paths), threads.map(_digest, paths), strict=True))


def sizes_of(folder: Path) -> dict[str, int]:
    """Give the size of each file of a folder by its name, in bytes."""
    return {path.name: path.stat().st_size for path in sorted(folder.iterdir())}


def files_to_digest(manifest: Manifest, *, thorough: bool) -> Collection[str]:
    """Name the files whose bytes are to be proven: all of them, unless the generation is too large for each opening."""
    if thorough or sum(manifest.sizes.values()) <= DIGESTED_WHOLE:
        return manifest.files
    return {STORE} | {name for name, size in manifest.sizes.items() if size <= SMALL}


def check_sizes(folder: Path, sizes: Mapping[str, int]) -> None:
    """Prove that each file is there and as large as it was written. Raises `IndexUnusableError` if one is not."""
    for name, size in sizes.items():
        if _size(folder / name) != size:
            raise IndexUnusableError(_damaged(folder / name))


def check_digests(folder: Path, manifest: Manifest, names: Collection[str]) -> None:
    """Prove that every byte of some files is as it was written. Raises `IndexUnusableError` if one is not."""
    ordered = sorted(names)
    with ThreadPoolExecutor(THREADS) as threads:
        for name, digest in zip(ordered, threads.map(_digest, [folder / name for name in ordered]), strict=True):
            if digest != manifest.files[name]:
                raise IndexUnusableError(_damaged(folder / name))


def _damaged(path: Path) -> str:
    return f"the index is damaged ({path} is not the file that was written); {MEND}"


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size if path.is_file() else None
    except OSError:
        return None


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as exc:
        msg = f"the index is damaged ({path} is missing or unreadable); {MEND}"
        raise IndexUnusableError(msg) from exc
