"""What a server says that a page is, and which format of ours that means."""

from collections.abc import Iterable
from pathlib import PurePosixPath
from types import MappingProxyType

from qa_bot.errors import SeedingError
from qa_bot.reading.suffixes import NO_FORMAT

# The media types of formats that may be known, with their suffixes; those are taken that `FORMATS` knows.
SUFFIXES = MappingProxyType(
    {
        "text/html": (".html", ".htm"),
        "application/xhtml+xml": (".xhtml", ".html", ".htm"),
        "application/pdf": (".pdf",),
        "text/plain": (".txt",),
        "text/markdown": (".md", ".markdown"),
        "text/x-markdown": (".md", ".markdown"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
        "application/vnd.oasis.opendocument.text": (".odt",),
        "application/epub+zip": (".epub",),
        "application/rtf": (".rtf",),
        "text/rtf": (".rtf",),
        "text/csv": (".csv",),
        "text/tab-separated-values": (".tsv",),
        "application/json": (".json",),
        "application/jsonl": (".jsonl",),
        "application/x-ndjson": (".jsonl",),
    }
)
# Servers say these of files that they know nothing of; then the name tells.
UNTOLD = {"", "application/octet-stream", "binary/octet-stream", "text/plain"}
# Text of these types is stored as UTF-8: what the server says of its encoding would be lost else.
TEXTS = {"text/html", "application/xhtml+xml", "text/plain", "text/markdown", "text/x-markdown", "text/csv"}


def suffix_of(media_type: str, path: str, formats: Iterable[str]) -> str:
    """Name the suffix that a page is stored with.

    Args:
        media_type: what its server says that it is.
        path: the path of its address.
        formats: the suffixes of what can be read.

    Raises:
        SeedingError: it is nothing that can be read; the message is the predicate of a sentence about the page.

    """
    known = list(formats)
    named = PurePosixPath(path).suffix.lower()
    if media_type in UNTOLD and named in known:
        return named
    for suffix in SUFFIXES.get(media_type, ()):
        if suffix in known:
            return suffix
    msg = f"is {media_type or 'of no type that is told'}, {NO_FORMAT}"
    raise SeedingError(msg)


def as_utf8(raw: bytes, media_type: str, charset: str) -> bytes:
    """Give text as UTF-8, marked as such, where only its server said that it is anything else."""
    if media_type not in TEXTS or not charset:
        return raw
    try:
        text = raw.decode(charset)
        return raw if text.encode() == raw else text.encode("utf-8-sig")
    except (LookupError, ValueError):
        # Servers are mistaken at times; then the text itself tells.
        return raw
