"""The documents of an index, as lines of text and as JSON."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from qa_bot.channels.terminal import harmless
from qa_bot.counting import counted
from qa_bot.index.searching import Records
from qa_bot.reading.origins import Origin, Origins

UNKNOWN: Origins = MappingProxyType({})


def source_lines(store: Records, origins: Origins = UNKNOWN) -> Iterator[str]:
    """Yield a line for each document and each refused file; below a document, where it came from, and warnings.

    Args:
        store: the documents.
        origins: where they came from; of who brought them, only those who run this program should learn.

    """
    known = _holding(store, origins)
    for document in store.summaries():
        by = [*([f"by {document.author}"] if document.author else []), *([document.date] if document.date else [])]
        size = [counted(document.paragraphs, "paragraph"), counted(document.characters, "character")]
        yield harmless(" · ".join([document.name, document.title, *by, *size]))
        if document.name in known:
            yield harmless(f"    {_came(known[document.name])}")
        for warning in document.warnings:
            yield harmless(f"    warning: {warning}")
    for name, (_, reason) in sorted(store.refused().items()):
        yield harmless(f"{name} · refused: {reason}")


def sources_as_json(store: Records, origins: Origins = UNKNOWN) -> dict[str, Any]:
    """Give the documents and the refused files as what `json.dumps` takes; arguments as in `source_lines`."""
    known = _holding(store, origins)
    return {
        "schema": 1,
        "documents": [
            {
                "document": document.name,
                "title": document.title,
                "author": document.author,
                "date": document.date,
                "paragraphs": document.paragraphs,
                "characters": document.characters,
                "warnings": list(document.warnings),
                "origin": _as_json(known.get(document.name)),
            }
            for document in store.summaries()
        ],
        "refused": {name: reason for name, (_, reason) in sorted(store.refused().items())},
    }


def _holding(store: Records, origins: Origins) -> Mapping[str, Origin]:
    """Give the origins that hold: each for the very bytes that came from there."""
    digests = store.digests()
    return {name: origin for name, origin in origins.items() if digests.get(name) == origin.digest}


def _came(origin: Origin) -> str:
    added = f"added by {origin.added_by}" if origin.added_by else "fetched" if origin.url else "added"
    return " ".join([added, *([f"from {origin.url}"] if origin.url else []), f"at {origin.fetched}"])


def _as_json(origin: Origin | None) -> dict[str, Any] | None:
    if origin is None:
        return None
    return {"added_by": origin.added_by, "url": origin.url, "fetched": origin.fetched}
