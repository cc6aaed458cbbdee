"""Connections to the database. The only module that speaks with it."""

import selectors
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self, TypeVar

import numpy as np
import psycopg
from numpy.typing import NDArray
from pgvector import HalfVector
from pgvector.psycopg import register_vector
from psycopg.abc import PQGen
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.types import TypeInfo

from qa_bot.errors import ConfigError, DatabaseError
from qa_bot.index.postgresql.trouble import SilentError, explanation_of, may_pass

Connection = psycopg.Connection[tuple[Any, ...]]
Result = TypeVar("Result")

# Twice as many as are taken from the windows; for more sentences the scan goes on by itself.
EF_SEARCH = 400
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0
# A server that does not even answer the first packet is given so many seconds, unless the DSN says otherwise.
CONNECT_SECONDS = 5
GRACE_SECONDS, POLL_SECONDS = 1.0, 0.1

NEEDS_A_DSN = (
    "the engine postgresql needs to know its server: set QA_BOT_POSTGRESQL__DSN to postgresql://USER:PASSWORD@HOST/DATABASE, "
    "or name its file as dsn_file under [postgresql] in config.toml"
)
MALFORMED = (
    "the DSN of PostgreSQL is malformed: it is like postgresql://USER:PASSWORD@HOST/DATABASE, or host=… dbname=… user=…"
)


class PatientConnection(psycopg.Connection[tuple[Any, ...]]):
    """A connection that waits for the server no longer than ``patience`` seconds, where it is set."""

    patience: float | None = None

    def wait(self, gen: PQGen[Result], interval: float = POLL_SECONDS, timeout: float | None = None) -> Result:
        """Wait for the server. Raises `SilentError` if it does not answer."""
        patience = self.patience if timeout is None else timeout
        if patience is None:
            return super().wait(gen, interval)
        began = time.monotonic()
        try:
            return super().wait(gen, interval, patience)
        except psycopg.OperationalError as exc:
            # The library has no public name for what it raises then.
            if exc.sqlstate is not None or time.monotonic() - began < patience:
                raise
            self.close()
            raise SilentError(patience) from exc


class Server:
    """A server, or several of which one is chosen, as a DSN names them; and the schema that holds the index."""

    def __init__(self, dsn: str, schema: str, *, search_seconds: float, retry_seconds: float) -> None:
        """Connect to nothing yet.

        Args:
            dsn: what libpq takes; it stays hidden.
            schema: where the tables are.
            search_seconds: how long one search may take.
            retry_seconds: for how long a server that is not there is tried again.

        Raises:
            ConfigError: there is no DSN, or it is none.

        """
        if not dsn:
            raise ConfigError(NEEDS_A_DSN)
        try:
            parts: dict[str, Any] = conninfo_to_dict(dsn)
        except psycopg.ProgrammingError:
            # Its own message repeats what it does not understand, which may be the password.
            raise ConfigError(MALFORMED) from None
        usual: dict[str, Any] = {"connect_timeout": CONNECT_SECONDS, "application_name": "qa-bot"}
        self._dsn = make_conninfo(**usual | parts)
        self.schema = schema
        self.search_seconds = search_seconds
        self.retry_seconds = retry_seconds
        self._where = (
            f"{parts.get('host') or 'localhost'}, database {parts.get('dbname') or parts.get('user') or 'of its user'}"
        )

    def __str__(self) -> str:
        """Name host and database, and nothing secret."""
        return f"PostgreSQL on {self._where}, schema {self.schema}"

    __repr__ = __str__

    def connect(self, *, writing: bool = False) -> Connection:
        """Open a connection; for writing, to a server that takes changes. Raises `psycopg.Error`."""
        chosen = {"target_session_attrs": "read-write"} if writing else {}
        connection = PatientConnection.connect(
            make_conninfo(self._dsn, **chosen), autocommit=True, prepare_threshold=None
        )
        # The server's own patience ends before.
        connection.patience = None if writing else self.search_seconds + GRACE_SECONDS
        try:
            self.set_up(connection, seconds=0 if writing else self.search_seconds)
        except BaseException:
            connection.close()
            raise
        return connection

    def set_up(self, connection: Connection, *, seconds: float) -> None:
        """Make a connection find the tables and pgvector, as far as they are there; ``seconds`` are what a statement may take."""
        connection.execute(
            "SELECT set_config('search_path', quote_ident(%s) || coalesce(', ' || quote_ident(nspname), ''), false), "
            "set_config('statement_timeout', %s, false), set_config('idle_in_transaction_session_timeout', '0', false), "
            # An update is one transaction, however long it takes.
            "set_config('transaction_timeout', '0', false), "
            "set_config('jit', 'off', false), set_config('hnsw.ef_search', %s, false), "
            "set_config('hnsw.iterative_scan', 'relaxed_order', false) FROM (SELECT) one "
            "LEFT JOIN (pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace) ON extname = 'vector'",
            (self.schema, f"{round(1000 * seconds)}", str(EF_SEARCH)),
        )
        if TypeInfo.fetch(connection, "vector") is not None:
            register_vector(connection)

    def explained(self, exc: psycopg.Error) -> DatabaseError:
        """Say in one line what is wrong with the database, and how to mend it."""
        return DatabaseError(f"{self} {explanation_of(exc, self.search_seconds)}")

    @contextmanager
    def explaining(self) -> Iterator[None]:
        """Say what is wrong with the database in words of this program. Raises `DatabaseError`."""
        try:
            yield
        except psycopg.Error as exc:
            raise self.explained(exc) from exc

    def persist(self, attempt: Callable[[], Result], retry_seconds: float | None = None) -> Result:
        """Try something, and again while what prevents it may pass. Raises `DatabaseError` if it does not."""
        end = time.monotonic() + (self.retry_seconds if retry_seconds is None else retry_seconds)
        pause = FIRST_PAUSE
        while True:
            try:
                return attempt()
            except psycopg.Error as exc:
                if not may_pass(exc) or time.monotonic() + pause > end:
                    raise self.explained(exc) from exc
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)


class Connections:
    """Connections for reading, kept open between questions; safe to share between threads."""

    def __init__(self, server: Server) -> None:
        """Connect at the first use."""
        self.server = server
        self._idle: list[Connection] = []
        self._lock = threading.Lock()

    def run(self, work: Callable[[Connection], Result], retry_seconds: float | None = None) -> Result:
        """Do work with a connection, all of it again where the server went away. Raises `DatabaseError`."""
        return self.server.persist(lambda: self._attempt(work), retry_seconds)

    def _attempt(self, work: Callable[[Connection], Result]) -> Result:
        connection = self._take() or self.server.connect()
        try:
            result = work(connection)
        except psycopg.OperationalError:
            # What became of one connection became of all.
            connection.close()
            self.close()
            raise
        except BaseException:
            connection.close()
            raise
        with self._lock:
            self._idle.append(connection)
        return result

    def _take(self) -> Connection | None:
        """Take one that nobody uses, unless the server has said goodbye to it."""
        with self._lock:
            connection = self._idle.pop() if self._idle else None
        if connection is not None and _has_news(connection):
            connection.close()
            return self._take()
        return connection

    def close(self) -> None:
        """Close those that nobody uses."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def __enter__(self) -> Self:
        """Use them in a ``with`` block."""
        return self

    def __exit__(self, *exc_info: object) -> None:
        """Close them."""
        self.close()


def _has_news(connection: Connection) -> bool:
    """Whether the server has sent something that nobody asked for."""
    # Other than `select`, this bears a process with more than a thousand open files.
    with selectors.DefaultSelector() as selector:
        selector.register(connection, selectors.EVENT_READ)
        return bool(selector.select(0))


@contextmanager
def writing(server: Server) -> Iterator[Connection]:
    """Give a connection to a server that takes changes. Raises `DatabaseError`."""
    connection = server.persist(lambda: server.connect(writing=True))
    try:
        with server.explaining():
            yield connection
    finally:
        connection.close()


def knows_vectors(connection: Connection) -> bool:
    """Whether pgvector was there when the connection was opened."""
    return connection.adapters.types.get("vector") is not None


def half_vector(vector: NDArray[np.float16]) -> HalfVector:
    """Give a vector as the database takes it."""
    return HalfVector(vector)
