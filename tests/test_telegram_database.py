"""The file that outlives a restart."""

import contextlib
import hashlib
import sqlite3
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from qa_bot.channels.telegram import database as module
from qa_bot.channels.telegram.database import FIRST, SECOND, VERSION, Database
from qa_bot.errors import TelegramError

GOLD = "INSERT INTO gold VALUES (?, ?, ?)"


def permissions(path: Path) -> int:
    """Give who may do what with a file."""
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give the name of a file that is not there yet."""
    return tmp_path / "telegram.sqlite3"


def test_only_its_owner_may_read_it(path: Path) -> None:
    """Neither it, nor what SQLite puts beside it; one that others could read is closed to them."""
    with Database(path) as database:
        database.do(GOLD, "q", "[]", 1.0)
        assert {permissions(file) for file in path.parent.iterdir()} == {0o600}
        assert len(list(path.parent.iterdir())) == 3
    path.chmod(0o644)
    with Database(path) as database:
        database.do(GOLD, "another", "[]", 1.0)
        assert {permissions(file) for file in path.parent.iterdir()} == {0o600}
        assert len(list(path.parent.iterdir())) == 3


def test_what_was_written_is_there_after_a_restart(path: Path) -> None:
    """And names are the same."""
    with Database(path) as database:
        database.do(GOLD, "q", "[]", 1.0)
        name = database.pseudonym(-1_001)
    with Database(path) as again:
        assert again.all("SELECT question, words FROM gold") == [("q", "[]")]
        assert again.pseudonym(-1_001) == name


def test_names_differ_from_file_to_file(tmp_path: Path) -> None:
    """And from number to number, so that they lead back to nobody."""
    with Database(tmp_path / "a") as one, Database(tmp_path / "b") as other:
        names = [database.pseudonym(number) for database in (one, other) for number in (1, -1, 11)]

    assert len(set(names)) == 6
    assert {len(name) for name in names} == {24}


def refused(path: Path) -> str:
    """Give what is said of a file that cannot be used."""
    with pytest.raises(TelegramError) as caught:
        Database(path)
    said = str(caught.value)
    assert said.startswith(f"what the Telegram bot remembers cannot be kept in {path} (")
    assert said.endswith("): move the file away, or name another one as telegram under [paths] in config.toml")
    assert "\n" not in said
    assert ". " not in said
    return said


def test_another_version_is_refused(path: Path) -> None:
    """In one sentence, and nothing in it is changed."""
    with Database(path) as database:
        database.do(f"PRAGMA user_version = {VERSION + 1}")
    before = path.read_bytes()

    assert "is of another version of qa_bot" in refused(path)
    assert path.read_bytes() == before


# A file as the first version made it; what that version made must not change any more.
FIRST_DIGEST = "546909cd09d62bc9"
ROWS = {
    "journal": (1, 2.0, "open", "{}"), "answers": (5, 1.0, "c", "p", 3, 0, "q", "n", "m", "answered", "w", 3, 0.5, 7),
    "messages": ("c", 4, 5), "votes": (5, "p", 1, 1.0), "gold": ("q", "[]", 1.0), "gaps": (1, 1.0, "p", "q", "q"),
    "chats": ("c", 3, "strict", 1, 1), "invited": ("p", 1.0),
}  # fmt: skip


def write_first_version(path: Path) -> None:
    """Make a file as the first version did, with a row in each table."""
    assert hashlib.blake2b(FIRST.encode(), digest_size=8).hexdigest() == FIRST_DIGEST
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(FIRST)
        for table, row in ROWS.items():
            connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608 - constants
        connection.execute("INSERT INTO meta VALUES ('salt', ?)", ("00" * 16,))
        connection.execute("PRAGMA user_version = 1")


def tables(database: Database) -> list[tuple[str, str]]:
    """Give the tables and indexes of a file."""
    return database.all("SELECT name, sql FROM sqlite_master ORDER BY name")


def test_a_file_of_the_first_version_is_brought_up_to_date(path: Path) -> None:
    """It keeps what is in it, names among that, and has just what a new file has."""
    write_first_version(path)
    for _ in range(2):
        with Database(path) as database:
            kept = {table: database.all(f"SELECT * FROM {table}") for table in ROWS}  # noqa: S608 - constants
            assert kept == {table: [(*row, None) if table == "answers" else row] for table, row in ROWS.items()}
            assert database.pseudonym(-1_001) == "2fc7318bd1ebbd3964a4ad11"
            assert database.one("PRAGMA user_version") == (VERSION,)
            migrated = tables(database)
    with Database(path.parent / "new") as new:
        assert tables(new) == migrated


def test_two_processes_may_bring_a_file_up_to_date_at_once(path: Path) -> None:
    """One waits for the other."""
    write_first_version(path)
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(lambda _: Database(path), range(4)))
    for database in opened:
        assert database.one("SELECT count(*) FROM quoted") == (0,)
        database.close()


def test_what_fails_half_way_leaves_the_file_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the old version, which the next start brings up to date."""
    write_first_version(path)
    monkeypatch.setattr(module, "VERSIONS", (FIRST, f"{SECOND}; CREATE nonsense"))
    assert "syntax error" in refused(path)
    monkeypatch.undo()

    with Database(path) as database:
        assert database.one("SELECT question FROM answers") == ("q",)
        assert database.one("PRAGMA user_version") == (VERSION,)


def test_another_programs_database_is_refused(path: Path) -> None:
    """No tables are put beside its own."""
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE notes (text TEXT)")
    connection.close()
    before = path.read_bytes()

    assert "or of another program" in refused(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"garbage" * 300, b"SQLite format 3\0" + b"\xff" * 5_000])
def test_what_is_no_database_is_refused(path: Path, content: bytes) -> None:
    """And left as it is."""
    path.write_bytes(content)

    refused(path)
    assert path.read_bytes() == content


def test_a_folder_is_refused(path: Path) -> None:
    """One in its place, and one that is not there."""
    path.mkdir()

    assert "unable to open database file" in refused(path)
    assert "unable to open database file" in refused(path.parent / "nowhere" / "file")


def test_an_empty_file_becomes_one(path: Path) -> None:
    """As when the bot was killed before it wrote anything."""
    path.touch(0o644)

    with Database(path) as database:
        assert database.one("SELECT count(*) FROM answers") == (0,)


def keep(database: Database, *questions: str, then: BaseException | None = None) -> None:
    """Write questions in one transaction, and let it fail if wanted."""
    with database.transaction():
        for question in questions:
            database.do(GOLD, question, "[]", 1.0)
        if then:
            raise then


def test_all_of_a_transaction_is_done_or_nothing(path: Path) -> None:
    """Whatever ends it; the next one is not disturbed."""
    with Database(path) as database:
        for error in (ValueError("failed"), KeyboardInterrupt()):
            with pytest.raises(type(error)):
                keep(database, "lost", then=error)
        with pytest.raises(sqlite3.IntegrityError):
            keep(database, "lost", "lost")
        keep(database, "kept")

        assert database.all("SELECT question FROM gold") == [("kept",)]


def test_threads_wait_for_a_transaction(path: Path) -> None:
    """What one writes while another is in a transaction is no part of that, and is not lost with it."""
    with Database(path) as database:
        other = threading.Thread(target=keep, args=(database, "other"))

        def keep_own() -> None:
            with database.transaction():
                keep_one(database, other)
                msg = "undone"
                raise ValueError(msg)

        with pytest.raises(ValueError, match="undone"):
            keep_own()
        other.join()

        assert database.all("SELECT question FROM gold") == [("other",)]


def keep_one(database: Database, meanwhile: threading.Thread) -> None:
    """Write a question, and let another thread write one."""
    database.do(GOLD, "own", "[]", 1.0)
    meanwhile.start()


def test_what_is_not_there_is_an_error(path: Path) -> None:
    """Where one row is wanted."""
    with Database(path) as database, pytest.raises(KeyError):
        database.one("SELECT id FROM answers WHERE id = ?", 5)
