"""Files that are there as a whole or not at all, however the writing ends."""

import os
import secrets
from pathlib import Path


def write_whole(path: Path, raw: bytes) -> None:
    """Write a file, in place of the one that is there; whoever reads meanwhile has the old one or the new one.

    Raises:
        OSError: the file cannot be written.

    """
    temporary = write_beside(path, raw)
    try:
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_beside(path: Path, raw: bytes) -> Path:
    """Write a hidden file beside the place it is meant for, with the same suffix, and wait until it is on the disk.

    Raises:
        OSError: the file cannot be written.

    """
    temporary = path.with_name(f".{secrets.token_hex(8)}{path.suffix}")
    try:
        # Not by the tempfile module: what it makes may be read by its owner alone.
        with temporary.open("xb") as handle:
            handle.write(raw)
            handle.flush()
            os.fsync(handle.fileno())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
