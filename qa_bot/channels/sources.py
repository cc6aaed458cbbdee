"""The documents of an index, as lines of text and as JSON."""

from collections.abc import Iterator
from typing import Any

from qa_bot.channels.terminal import harmless
from qa_bot.index.store import Store


def source_lines(store: Store) -> Iterator[str]:
    """Yield a line for each document and each refused file, warnings below."""
    for document in store.summaries():
        yield harmless(
            f"{document.name} · {document.title} · {document.paragraphs} paragraphs · {document.characters} characters"
        )
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
                "paragraphs": document.paragraphs,
                "characters": document.characters,
                "warnings": list(document.warnings),
            }
            for document in store.summaries()
        ],
        "refused": {name: reason for name, (_, reason) in sorted(store.refused().items())},
    }
