"""The file that outlives a restart: one SQLite database, opened once, used by one process."""

import hashlib
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from qa_bot.errors import TelegramError

FIRST = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE journal (
    id INTEGER PRIMARY KEY, received REAL NOT NULL, state TEXT NOT NULL, body TEXT
);
CREATE INDEX journal_open ON journal (state) WHERE state <> 'done';
CREATE TABLE answers (
    id INTEGER PRIMARY KEY, made REAL NOT NULL, chat TEXT NOT NULL, person TEXT NOT NULL, asked INTEGER NOT NULL,
    thread INTEGER NOT NULL, question TEXT NOT NULL, note TEXT NOT NULL, meant TEXT NOT NULL, status TEXT NOT NULL,
    highlighted TEXT NOT NULL, excerpts INTEGER NOT NULL, threshold REAL NOT NULL, generation INTEGER NOT NULL
);
CREATE INDEX answers_of_a_chat ON answers (chat, thread, id);
CREATE TABLE messages (
    chat TEXT NOT NULL, message INTEGER NOT NULL, answer INTEGER NOT NULL REFERENCES answers ON DELETE CASCADE,
    PRIMARY KEY (chat, message)
) WITHOUT ROWID;
CREATE INDEX messages_of_an_answer ON messages (answer);
CREATE TABLE votes (
    answer INTEGER NOT NULL REFERENCES answers ON DELETE CASCADE, person TEXT NOT NULL, vote INTEGER NOT NULL,
    made REAL NOT NULL, PRIMARY KEY (answer, person)
) WITHOUT ROWID;
CREATE TABLE gold (question TEXT PRIMARY KEY, words TEXT, made REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE gaps (
    id INTEGER PRIMARY KEY, made REAL NOT NULL, person TEXT NOT NULL, question TEXT NOT NULL, folded TEXT NOT NULL
);
CREATE TABLE chats (
    chat TEXT PRIMARY KEY, excerpts INTEGER, strictness TEXT, quiet INTEGER, active INTEGER NOT NULL DEFAULT 1
) WITHOUT ROWID;
CREATE TABLE invited (person TEXT PRIMARY KEY, made REAL NOT NULL) WITHOUT ROWID;
"""
# What answers quoted, by which those are found that are outdated; the number of the chat, sealed, to mark them there; and
# the documents that admins sent.
SECOND = """
ALTER TABLE answers ADD COLUMN sealed BLOB;
CREATE TABLE quoted (
    answer INTEGER NOT NULL REFERENCES answers ON DELETE CASCADE, number INTEGER NOT NULL, receipt TEXT NOT NULL,
    version TEXT NOT NULL, title TEXT NOT NULL, words TEXT NOT NULL, PRIMARY KEY (answer, number)
) WITHOUT ROWID;
CREATE INDEX quoted_versions ON quoted (version);
CREATE TABLE outdated (
    answer INTEGER PRIMARY KEY REFERENCES answers ON DELETE CASCADE, made REAL NOT NULL, since TEXT NOT NULL,
    changes TEXT NOT NULL, pending INTEGER NOT NULL
);
CREATE TABLE arrivals (
    id INTEGER PRIMARY KEY, made REAL NOT NULL, chat TEXT NOT NULL, person TEXT NOT NULL, state TEXT NOT NULL,
    name TEXT NOT NULL, digest TEXT NOT NULL, kept_as TEXT NOT NULL, before TEXT NOT NULL, former TEXT
);
"""
# What each version of the file adds to the one before; a new file gets all of it.
VERSIONS = (FIRST, SECOND)
VERSION = len(VERSIONS)
SALT = "salt"
DIGEST_BYTES = 12
KEY_BYTES = 32


class Database:
    """An open database; safe to share between threads."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it. Raises `TelegramError`."""
        self._lock = threading.RLock()
        try:
            self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            try:
                self._open(path)
            except BaseException:
                self._connection.close()
                raise
        except (sqlite3.Error, OSError) as exc:
            msg = (
                f"what the Telegram bot remembers cannot be kept in {path} ({exc}): move the file away, or name another one "
                "as telegram under [paths] in config.toml"
            )
            raise TelegramError(msg) from exc
        self._salt = bytes.fromhex(self.one("SELECT value FROM meta WHERE name = ?", SALT)[0])

    def __enter__(self) -> Self:
        """Use the database in a ``with`` block."""
        return self

    def __exit__(self, *exc_info: object) -> None:
        """Close the file."""
        self.close()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def pseudonym(self, number: int) -> str:
        """Give the name that a person or a chat has here; without the file's salt it leads back to nobody."""
        return hashlib.blake2b(str(number).encode(), key=self._salt, digest_size=DIGEST_BYTES).hexdigest()

    def key(self, secret: str) -> bytes:
        """Give a key that takes both this file and a secret."""
        return hashlib.blake2b(secret.encode(), key=self._salt, digest_size=KEY_BYTES).digest()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do everything inside, or nothing of it."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def do(self, sql: str, *values: object) -> sqlite3.Cursor:
        """Change something; the cursor says how many rows it was, and the id of a new one."""
        with self._lock:
            return self._connection.execute(sql, values)

    def all(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Give all rows."""
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def one(self, sql: str, *values: object) -> tuple[Any, ...]:
        """Give the first row. Raises `KeyError` if there is none."""
        rows = self.all(sql, *values)
        if not rows:
            raise KeyError(*values)
        return rows[0]

    def _open(self, path: Path) -> None:
        """Look whose file it is before anything in it is changed; what SQLite puts beside it is as closed as it is."""
        path.chmod(0o600)
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        (tables,) = self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if version > VERSION or version < 0 or (tables and not version):
            msg = f"{path} is of another version of qa_bot, or of another program"
            raise sqlite3.DatabaseError(msg)
        # What is written is on the disk before Telegram is told, even if the power fails.
        self._connection.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;"
        )
        if version < VERSION or not tables:
            with self.transaction():
                self._bring_up_to_date()

    def _bring_up_to_date(self) -> None:
        """Make what is missing, whichever version the file is of; another process may have done so just now."""
        tables, version = self.one("SELECT (SELECT count(*) FROM sqlite_master), user_version FROM pragma_user_version")
        for script in VERSIONS[version if tables else 0 :]:
            for statement in script.split(";"):
                self.do(statement)
        if not tables:
            self.do("INSERT INTO meta VALUES (?, ?)", SALT, secrets.token_hex(16))
        self.do(f"PRAGMA user_version = {VERSION}")


def days_ago(days: float) -> float:
    """Give the time so many days ago."""
    return time.time() - days * 86_400
