"""Which engine keeps the index, and who encodes."""

import functools
import hashlib
from contextlib import AbstractContextManager, closing

from qa_bot.config import Settings
from qa_bot.encoder.choosing import choose_encoder
from qa_bot.encoder.vectors import Encoder
from qa_bot.errors import ConfigError
from qa_bot.index.embedded import Embedded
from qa_bot.index.keeping import Keeper
from qa_bot.secret import reveal

INSTALL = "the engine postgresql needs {}, which is not installed: run: .venv/bin/pip install -c constraints.txt -e '.[postgresql]'"
INSTALL_RAY = (
    "encoding by Ray needs {}, which is not installed: run: .venv/bin/pip install -c constraints.txt -e '.[ray]'"
)
COLLECTIONS = "collections"


def choose_keeper(settings: Settings, collection: str | None = None) -> Keeper:
    """Choose what keeps the index of the documents or, apart from it, that of a collection. Raises `ConfigError`."""
    if settings.index.engine == "postgresql":
        return _database(settings, collection)
    folder = settings.paths.embeddings
    return Embedded(folder if collection is None else folder / COLLECTIONS / collection)


def choose_workers(settings: Settings, encoder: Encoder, address: str) -> AbstractContextManager[Encoder]:
    """Let workers of Ray at an address, ``local`` for this machine, encode documents as an encoder would. Raises `ConfigError`."""
    try:
        # An extra, and slow to import.
        from qa_bot.index.ray_workers import RayEncoder
    except ModuleNotFoundError as exc:
        raise ConfigError(INSTALL_RAY.format(exc.name)) from exc
    chosen = settings.encoder
    make = functools.partial(
        choose_encoder,
        chosen.model,
        folder=settings.folder,
        precision=chosen.precision,
        threads=1,
        batch_size=chosen.batch_size,
    )
    return closing(RayEncoder(encoder, make, address=address, threads=chosen.threads))


def _database(settings: Settings, collection: str | None) -> Keeper:
    try:
        # An extra, which those who keep the index in files need not install.
        from qa_bot.index.postgresql.connecting import Server
        from qa_bot.index.postgresql.keeping import Database
    except ModuleNotFoundError as exc:
        raise ConfigError(INSTALL.format(exc.name)) from exc
    chosen = settings.postgresql
    schema = chosen.schema_name
    if collection is not None:
        schema += f"_collection_{hashlib.sha256(collection.encode()).hexdigest()[:8]}"
    server = Server(
        reveal(chosen.dsn, chosen.dsn_file, settings.folder, section="postgresql"),
        schema,
        search_seconds=chosen.search_seconds,
        retry_seconds=chosen.retry_seconds,
    )
    return Database(server, room=chosen.memory_mb * 1_000_000, folder=settings.paths.embeddings)
