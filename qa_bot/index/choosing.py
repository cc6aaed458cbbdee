"""Which engine keeps the index."""

from qa_bot.config import Settings
from qa_bot.index.embedded import Embedded
from qa_bot.index.keeping import Keeper

COLLECTIONS = "collections"


def choose_keeper(settings: Settings, collection: str | None = None) -> Keeper:
    """Choose what keeps the index of the documents or, apart from it, that of a collection."""
    folder = settings.paths.embeddings
    return Embedded(folder if collection is None else folder / COLLECTIONS / collection)
