"""Bodies of responses, unpacked while they come and never beyond what is allowed."""

import zlib
from collections.abc import Iterable

from qa_bot.errors import SeedingError
from qa_bot.reading.entry import BYTES_PER_MB

GZIP_MARK = b"\x1f\x8b"
# Tells zlib to take what gzip packed.
GZIP = zlib.MAX_WBITS | 16
PACKINGS = {"gzip", "x-gzip"}


def unpack(chunks: Iterable[bytes], packing: str, *, max_mb: float) -> bytes:
    """Collect a body.

    Args:
        chunks: the body as it comes.
        packing: what the server says that it packed it with; empty for nothing.
        max_mb: how many megabytes it may have, unpacked.

    Raises:
        SeedingError: it has more, or is damaged; the message is the predicate of a sentence about the page.

    """
    if packing in {"", "identity"}:
        return _collect(chunks, max_mb)
    if packing not in PACKINGS:
        msg = f"is packed by {packing!r}, which was not asked for"
        raise SeedingError(msg)
    return _collect(_unpacked(chunks, max_mb), max_mb)


def unpacked_file(raw: bytes, *, max_mb: float) -> bytes:
    """Unpack a file that gzip made, such as ``sitemap.xml.gz``; other bytes stay as they are. Raises `SeedingError`."""
    return unpack([raw], "gzip", max_mb=max_mb) if raw.startswith(GZIP_MARK) else raw


def _collect(chunks: Iterable[bytes], max_mb: float) -> bytes:
    parts, size = [], 0
    for chunk in chunks:
        parts.append(chunk)
        size += len(chunk)
        if size > max_mb * BYTES_PER_MB:
            raise too_large(max_mb)
    return b"".join(parts)


def _unpacked(chunks: Iterable[bytes], max_mb: float) -> Iterable[bytes]:
    """Unpack, in each step at most one byte more than is allowed as a whole."""
    unpacker = zlib.decompressobj(GZIP)
    most = int(max_mb * BYTES_PER_MB) + 1
    try:
        for chunk in chunks:
            rest = chunk
            while rest:
                # Several packed files in a row are one, as for gunzip.
                unpacker = zlib.decompressobj(GZIP) if unpacker.eof else unpacker
                yield unpacker.decompress(rest, most)
                rest = unpacker.unused_data
    except zlib.error as exc:
        msg = f"is damaged, and cannot be unpacked ({exc})"
        raise SeedingError(msg) from exc
    if not unpacker.eof:
        msg = "broke off before it was complete: try again"
        raise SeedingError(msg)


def too_large(max_mb: float) -> SeedingError:
    """Say that a page is too large."""
    return SeedingError(f"has more than the {max_mb:g} MB allowed: raise max_mb under [fetching] in config.toml")
