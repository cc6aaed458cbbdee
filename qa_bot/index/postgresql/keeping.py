"""The index in a database that several bots and indexers share."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from qa_bot.calibration import MEND as MEND_CALIBRATION
from qa_bot.calibration import Calibration
from qa_bot.encoder.vectors import Encoder
from qa_bot.errors import CalibrationError, IndexOutdatedError
from qa_bot.index.drafting import Report, Source
from qa_bot.index.encoding import Progress
from qa_bot.index.manifest import SCHEMA
from qa_bot.index.postgresql.connecting import Connection, Connections, Server, knows_vectors, writing
from qa_bot.index.postgresql.reading import Held, Reads, Snapshots
from qa_bot.index.postgresql.records import DatabaseRecords
from qa_bot.index.postgresql.schema import (
    EXACT_BELOW,
    MIGRATIONS,
    TABLES,
    check_version,
    is_there,
    make_room,
    migrate,
    outdated_indexes,
)
from qa_bot.index.postgresql.searching import DatabaseIndex
from qa_bot.index.postgresql.trouble import LaggingError
from qa_bot.index.postgresql.writing import State, read_state, update
from qa_bot.index.resuming import resuming

# Tables of which more than this share is new are vacuumed at once; the server does so by itself after a while.
MUCH = 0.1


class Database:
    """Keeps an index in a database; see `Keeper`."""

    def __init__(
        self,
        server: Server,
        *,
        room: int,
        exact_below: int = EXACT_BELOW,
        lock_seconds: float = 600,
        folder: Path | None = None,
    ) -> None:
        """Connect to nothing yet.

        Args:
            server: where the database is.
            room: so many bytes of what was read a bot keeps in memory.
            exact_below: fewer vectors are compared one by one.
            lock_seconds: how long to wait for another process that is indexing.
            folder: where what is encoded is kept until it is in force; if not given, a killed update begins anew.

        """
        self.server = server
        self._folder = folder
        self._room = room
        self._exact_below = exact_below
        self._lock_seconds = lock_seconds
        self._published = 0

    def __str__(self) -> str:
        """Name host and database."""
        return str(self.server)

    def open(self) -> DatabaseIndex | None:
        """Open the state in force; on a replica, wait for the one that was put in force from here."""
        connections = Connections(self.server)
        try:
            state = connections.run(self._look)
        except BaseException:
            connections.close()
            raise
        if state is None:
            connections.close()
            return None
        return self._index(Snapshots(connections, state.generation, spread=state.spread), state)

    def examine(self) -> Sequence[str]:
        """Leave it to the server, which has checksums of its own."""
        return ()

    def documents(self) -> DatabaseRecords | None:
        """Open the documents of the state in force."""
        index = self.open()
        return None if index is None else index.store

    def update(
        self, sources: Sequence[Source], encoder: Encoder, *, rebuild: bool = False, progress: Progress
    ) -> Report:
        """Put a state of these sources in force."""
        with resuming(self._folder, encoder) as resumed, writing(self.server) as connection:
            with connection.transaction():
                report = self._write(connection, sources, resumed, rebuild=rebuild, progress=progress)
                state = read_state(connection)
                if state.spread:
                    self._announce(connection, state.generation)
            self._published = max(self._published, state.generation)
            self._tidy(connection, state, report)
        return report

    @contextmanager
    def passing(self, sources: Sequence[Source], encoder: Encoder) -> Iterator[tuple[DatabaseIndex, Report]]:
        """Write a state within a transaction that is never committed; meanwhile nobody else can index."""
        with writing(self.server) as connection:
            connection.execute("BEGIN")
            report = self._write(connection, sources, encoder, rebuild=False, progress=lambda _done, _all: None)
            state = read_state(connection)
            yield self._index(Held(connection, state.generation), state), report

    def load_calibration(self) -> Calibration | None:
        """Read the calibration, which all bots share."""
        with Connections(self.server) as connections:
            text = connections.run(self._look_for_calibration)
        if text is None:
            return None
        try:
            return Calibration.model_validate_json(text)
        except ValidationError as exc:
            msg = f"the calibration in {self} is damaged, or of another version: {MEND_CALIBRATION}"
            raise CalibrationError(msg) from exc

    def store_calibration(self, calibration: Calibration) -> None:
        """Keep a calibration beside the state in force."""
        with writing(self.server) as connection:
            connection.execute("UPDATE state SET calibration = %s", (calibration.model_dump_json(),))

    def _index(self, reads: Reads, state: State) -> DatabaseIndex:
        assert state.manifest is not None
        assert state.projection is not None
        return DatabaseIndex(reads, state.manifest, state.projection, length=state.length, room=self._room)

    def _look(self, connection: Connection) -> State | None:
        """Read what is in force, if anything is. Raises `IndexOutdatedError` if another version of this program made it."""
        there = is_there(connection, self.server.schema)
        generation, version = _position(connection) if there else (0, 0)
        if generation < self._published or (there and not knows_vectors(connection)):
            # The connection may be older than what has just come to the replica.
            raise LaggingError(max(generation, self._published))
        if not there:
            return None
        check_version(version)
        state = read_state(connection) if version == len(MIGRATIONS) else None
        if state is None or (state.manifest is not None and state.manifest.schema != SCHEMA):
            msg = f"the index in {self} was made by another version of this program; run: qa-bot index"
            raise IndexOutdatedError(msg)
        return None if state.manifest is None else state

    def _look_for_calibration(self, connection: Connection) -> str | None:
        if not is_there(connection, self.server.schema):
            return None
        [(text,)] = connection.execute("SELECT calibration FROM state").fetchall()
        return None if text is None else str(text)

    def _write(
        self, connection: Connection, sources: Sequence[Source], encoder: Encoder, *, rebuild: bool, progress: Progress
    ) -> Report:
        """Write a state within the transaction that is open; others who index wait until it ends."""
        connection.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        connection.execute("SELECT set_config('lock_timeout', %s, true)", (f"{round(1000 * self._lock_seconds)}",))
        connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"qa-bot {self.server.schema}",))
        connection.execute("SET LOCAL lock_timeout = 0")
        make_room(connection, self.server.schema)
        # Only now are they sure to be there.
        self.server.set_up(connection, seconds=0)
        migrate(connection, self.server.schema)
        return update(connection, sources, encoder, rebuild=rebuild, progress=progress, exact_below=self._exact_below)

    def _announce(self, connection: Connection, generation: int) -> None:
        """Say, to be seen at once, that shards are about to change, and take it back with the last change."""
        with writing(self.server) as beside:
            beside.execute("INSERT INTO publishing VALUES (%s) ON CONFLICT DO NOTHING", (generation,))
        connection.execute("DELETE FROM publishing")

    def _tidy(self, connection: Connection, state: State, report: Report) -> None:
        """Drop what serves nobody any more, and tell the server at once of much that is new."""
        assert state.manifest is not None
        for name in outdated_indexes(connection, state.manifest.dimension):
            connection.execute(f"DROP INDEX {name}")
        if report.encoded > MUCH * state.manifest.counts.paragraphs:
            for table in TABLES:
                connection.execute(f"VACUUM (ANALYZE) {table}")


def _position(connection: Connection) -> tuple[int, int]:
    """Tell which generation is in force, and which version the tables have."""
    [(generation, version)] = connection.execute("SELECT generation, version FROM state").fetchall()
    return generation, version
