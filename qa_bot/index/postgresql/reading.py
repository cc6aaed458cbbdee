"""Reads of one state: a snapshot for all that a question needs, or a transaction that is still open."""

import threading
from collections.abc import Callable
from typing import Any, Protocol

from qa_bot.errors import SupersededError
from qa_bot.index.postgresql.connecting import Connection, Connections
from qa_bot.index.postgresql.trouble import LaggingError, PublishingError
from qa_bot.index.searching import Result

Row = tuple[Any, ...]

# The snapshot is taken by the SELECT, so that it is of the generation it names.
BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT generation FROM state"
SUPERSEDED = "the documents have been brought up to date in the meantime: ask again"


class Reads(Protocol):
    """Reads of one state."""

    def rows(self, sql: str, *values: object) -> list[Row]:
        """Give the rows of a statement."""

    def together(self, work: Callable[[], Result]) -> Result:
        """Do work whose reads belong together."""

    def newest(self) -> int | None:
        """Give the number of the generation in force, or ``None`` if there is none."""

    def close(self) -> None:
        """Let go of the connections."""


def rows_of(connection: Connection, sql: str, *values: object) -> list[Row]:
    """Give the rows of a statement; they come in the binary format, which is quicker for vectors."""
    # Names of columns and tables are constants of this package; values are always bound.
    return connection.execute(sql, values or None, binary=True).fetchall()


class Snapshots:
    """Reads of one generation, each in a snapshot of its own, or several in one; safe to share between threads."""

    def __init__(self, connections: Connections, generation: int, *, spread: bool) -> None:
        """Read by these connections; ``spread`` over several servers, which do not change all at the same moment."""
        self._connections = connections
        self._generation = generation
        self._spread = spread
        self._open = threading.local()

    def rows(self, sql: str, *values: object) -> list[Row]:
        """Give the rows of a statement.

        Raises:
            DatabaseError: the database cannot be used.
            SupersededError: a newer generation is in force.

        """
        return self.together(lambda: rows_of(self._open.connection, sql, *values))

    def together(self, work: Callable[[], Result]) -> Result:
        """Do work whose reads are all of one snapshot; all of it again where the server went away. Raises as `rows`."""
        if getattr(self._open, "connection", None) is not None:
            return work()
        return self._connections.run(lambda connection: self._in_snapshot(connection, work))

    def newest(self) -> int | None:
        """Give the number of the generation in force; a server that is not there is not waited for."""
        rows = self._connections.run(
            lambda connection: rows_of(connection, "SELECT generation FROM state"), retry_seconds=0
        )
        return int(rows[0][0]) if rows else None

    def close(self) -> None:
        """Close the connections."""
        self._connections.close()

    def _in_snapshot(self, connection: Connection, work: Callable[[], Result]) -> Result:
        cursor = connection.execute(BEGIN)
        cursor.nextset()
        [(generation,)] = cursor.fetchall()
        if generation != self._generation:
            connection.execute("ROLLBACK")
            raise SupersededError(SUPERSEDED) if generation > self._generation else LaggingError(self._generation)
        self._open.connection = connection
        try:
            result = work()
        finally:
            self._open.connection = None
        connection.execute("COMMIT")
        if self._spread:
            self._prove_unchanged(connection)
        return result

    def _prove_unchanged(self, connection: Connection) -> None:
        """Prove that no server had a newer state yet: whoever publishes says so before the first of them gets it."""
        [(generation, publishing)] = rows_of(
            connection, "SELECT generation, EXISTS (SELECT FROM publishing) FROM state"
        )
        if generation != self._generation:
            raise SupersededError(SUPERSEDED)
        if publishing:
            raise PublishingError


class Held:
    """Reads within the transaction of one connection, which sees what it has written itself."""

    def __init__(self, connection: Connection, generation: int = 0) -> None:
        """Read by this connection, and leave it open."""
        self._connection = connection
        self._generation = generation

    def rows(self, sql: str, *values: object) -> list[Row]:
        """Give the rows of a statement."""
        return rows_of(self._connection, sql, *values)

    def together(self, work: Callable[[], Result]) -> Result:
        """Do work; nothing but the transaction changes what it reads."""
        return work()

    def newest(self) -> int | None:
        """Give the number of the generation that the transaction would put in force."""
        return self._generation

    def close(self) -> None:
        """Leave the connection to who opened it."""
