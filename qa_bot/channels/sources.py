"""The documents of an index, as lines of text and as JSON."""

from collections.abc import Iterator
from typing import Any

from qa_bot.channels.terminal import harmless
from qa_bot.index.store import Store


def source_lines(store: Store) -> Iterator[str]:
    """Yield a line for each document and each refused file, warnings below."""
    for document in store.summaries():
        by = [*([f"by {document.author}"] if document.author else []), *([document.date] if document.date else [])]
        size = [f"{document.paragraphs} paragraphs", f"{document.characters} characters"]
        yield harmless(" · ".join([document.name, document.title, *by, *size]))
        for warning in document.warnings:
            yield harmless(f"    warning: {warning}")
    for name, (_, reason) in sorted(store.refused().items()):
        yield harmless(f"{name} · refused: {reason}")


def sources_as_json(store: Store) -> dict[str, Any]:
    """Give the documents and the refused files as what `json.dumps` takes."""
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
            }
            for document in store.summaries()
        ],
        "refused": {name: reason for name, (_, reason) in sorted(store.refused().items())},
    }
