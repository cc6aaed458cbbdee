"""Servers and indexers that die, stand still, and change their roles."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg
import pytest
from engines import assert_alike, database, embedded, hits, opened
from postgresql_server import PASSWORD, USER, PostgreSQLServer, running
from stand_ins import SeedWriter, WordEncoder

from qa_bot.errors import DatabaseError
from qa_bot.index.encoding import no_progress
from qa_bot.index.keeping import Keeper
from qa_bot.index.postgresql import writing
from qa_bot.index.postgresql.connecting import Server
from qa_bot.index.postgresql.keeping import Database
from qa_bot.index.searching import Index

README = (Path(__file__).resolve().parents[1] / "README.md").read_text(encoding="utf-8")
TESTS = Path(__file__).resolve().parent
STATE = {f"{name}.txt": f"The {name} fox ran. It ran far away." for name in ("red", "grey", "black")}
MANY = {f"{n:02}.txt": f"Thing {n} is here. The fox saw thing {n}." for n in range(30)} | {"red.txt": STATE["red.txt"]}
LATER = STATE | {"white.txt": "The white fox slept. It slept long."}
QUESTION = "Where did the red fox run?"


@pytest.fixture
def server() -> Iterator[PostgreSQLServer]:
    """Give a server that may be killed."""
    with running() as server:
        yield server


def seen(index: Index) -> tuple[list[str], list[tuple[int, float]]]:
    """Give what an index holds and finds."""
    return list(index.store.stamps()), [(hit.paragraph, hit.scores.total) for hit in hits(index, QUESTION)]


def test_a_server_that_is_killed_under_load_costs_time_alone(server: PostgreSQLServer, write_seeds: SeedWriter) -> None:
    """Questions wait until it is back, from their beginning; every one finds all there is."""
    keeper = database(server, retry_seconds=60)
    keeper.update(write_seeds(STATE), WordEncoder(), progress=no_progress)
    with opened(keeper) as index:
        expected = seen(index)
        wrong: list[object] = []
        asked = threading.Semaphore(0)
        end = threading.Event()

        def ask() -> None:
            while not end.is_set():
                try:
                    found = index.read(lambda: seen(index))
                except DatabaseError as exc:
                    found = exc  # type: ignore[assignment]
                if found != expected:
                    wrong.append(found)
                asked.release()

        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        for _ in range(2):
            for _ in range(10):
                asked.acquire()
            server.kill()
            server.start()
        for _ in range(10):
            asked.acquire()
        end.set()
        for thread in threads:
            thread.join()

    assert wrong == []


def test_a_server_that_stays_away_is_told(server: PostgreSQLServer, write_seeds: SeedWriter) -> None:
    """After the time it was given; when it is back, so are the answers."""
    keeper = database(server, retry_seconds=0.3)
    keeper.update(write_seeds(STATE), WordEncoder(), progress=no_progress)
    with opened(keeper) as index:
        expected = seen(index)
        server.kill()

        began = time.monotonic()
        for work in (
            lambda: seen(index),
            index.newest,
            keeper.open,
            lambda: keeper.update([], WordEncoder(), progress=no_progress),
        ):
            with pytest.raises(
                DatabaseError, match=r"^PostgreSQL on 127\.0\.0\.1, .* cannot be used now \(.*\): start it, or"
            ):
                work()
        assert time.monotonic() - began < 10

        server.start()
        assert seen(index) == expected


def test_a_server_that_stands_still_is_not_waited_for(server: PostgreSQLServer, write_seeds: SeedWriter) -> None:
    """It cannot even say that a search took too long."""
    keeper = database(server)
    keeper.update(write_seeds(STATE), WordEncoder(), progress=no_progress)
    hasty = Database(Server(server.dsn(), keeper.server.schema, search_seconds=0.2, retry_seconds=0.1), room=1_000_000)
    with opened(hasty) as index:
        expected = seen(index)
        server.signal(signal.SIGSTOP)
        try:
            with pytest.raises(
                DatabaseError, match=r"has not answered for 1\.2 seconds: see whether its machine stands still"
            ):
                hits(index, QUESTION)
        finally:
            server.signal(signal.SIGCONT)
        assert seen(index) == expected


def test_an_indexer_that_is_killed_leaves_nothing_behind(
    server: PostgreSQLServer, tmp_path: Path, write_seeds: SeedWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed in the middle of writing: the old state stays in force, and the next indexer need not wait."""
    keeper = database(server)
    keeper.update(write_seeds(STATE), WordEncoder(), progress=no_progress)
    with opened(keeper) as index:
        before = seen(index)
    many = {f"{n:04}.txt": f"Paragraph {n} is one. It has two sentences." for n in range(writing.BATCH // 2)}
    seeds = write_seeds(many | {"zzz.txt": "This is the last one. It is the very last."})
    command = [
        sys.executable,
        str(TESTS / "postgresql_indexer.py"),
        server.dsn(),
        keeper.server.schema,
        str(tmp_path / "seeds"),
    ]
    monkeypatch.setenv("PYTHONPATH", f"{TESTS.parent}:{TESTS}")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as indexer:
        assert indexer.stdout is not None
        assert indexer.stdout.readline() == "encoding\n"
        # What it has written so far is there, but for nobody to see.
        with opened(keeper) as index:
            assert seen(index) == before
        os.kill(indexer.pid, signal.SIGKILL)
    with opened(keeper) as index:
        assert seen(index) == before

    report = keeper.update(seeds[-2:], WordEncoder(), progress=no_progress)

    assert (report.generation, len(report.added), len(report.removed)) == (2, 2, 3)


@pytest.fixture
def replica(server: PostgreSQLServer) -> Iterator[PostgreSQLServer]:
    """Give a replica of the server."""
    with PostgreSQLServer() as replica:
        yield replica.copy(server).start()


def both(server: PostgreSQLServer, replica: PostgreSQLServer, schema: str, **options: float) -> Database:
    """Make a keeper that knows both, and would rather read from the replica."""
    dsn = (
        f"host=127.0.0.1,127.0.0.1 port={replica.port},{server.port} user={USER} password={PASSWORD} dbname=postgres "
        "target_session_attrs=prefer-standby"
    )
    where = Server(dsn, schema, **{"search_seconds": 10, "retry_seconds": 0.5} | options)
    return Database(where, room=1_000_000)


def test_a_replica_reads_and_takes_over(
    server: PostgreSQLServer, replica: PostgreSQLServer, write_seeds: SeedWriter
) -> None:
    """Changes go to the primary and are read from the replica; without a primary it still reads; promoted, it takes changes."""
    keeper = both(server, replica, "shared", retry_seconds=20)
    keeper.update(write_seeds(STATE), WordEncoder(), progress=no_progress)
    with opened(keeper) as index:
        state = seen(index)
        assert state[0] == sorted(STATE)
        assert index.store._reads.rows("SELECT pg_is_in_recovery()") == [(True,)]  # type: ignore[attr-defined]

        server.kill()

        assert seen(index) == state
        hasty = both(server, replica, "shared")
        seeds = write_seeds(LATER)
        with pytest.raises(
            DatabaseError, match=r"is read-only .*: name a server that takes changes in the DSN too, or promote one"
        ):
            hasty.update(seeds, WordEncoder(), progress=no_progress)
        assert seen(index) == state

        replica.promote()
        report = keeper.update(seeds, WordEncoder(), progress=no_progress)
        assert (report.generation, report.added) == (2, ("white.txt",))
    with opened(keeper) as index:
        assert seen(index)[0] == sorted(LATER)


def test_a_replica_that_lags_is_waited_for(
    server: PostgreSQLServer, replica: PostgreSQLServer, write_seeds: SeedWriter
) -> None:
    """What was put in force from here is what is opened, or it is said that it has not come."""
    keeper = both(server, replica, "lagging", retry_seconds=20)
    keeper.update(write_seeds(STATE), WordEncoder(), progress=no_progress)
    with opened(keeper):
        replica.execute("SELECT pg_wal_replay_pause()")
    hasty = both(server, replica, "lagging")
    hasty.update(write_seeds(LATER), WordEncoder(), progress=no_progress)

    with pytest.raises(DatabaseError, match="schema lagging lags behind: generation 2 has not come to it yet"):
        hasty.open()
    replica.execute("SELECT pg_wal_replay_resume()")
    hasty.server.retry_seconds = 20
    with opened(hasty) as index:
        assert seen(index)[0] == sorted(LATER)


def scripts(shards: Sequence[PostgreSQLServer]) -> tuple[str, str]:
    """Give the two scripts of the README, for these shards."""
    # Before the ports, which may have any digits.
    for_shard, for_first = (
        script.replace("DATABASE_OF_SHARD", "postgres").replace("384", "32")
        for script in re.findall(r"^```sql\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    )
    for number, shard in enumerate(shards):
        for_first = for_first.replace(f"HOST_{number}", "127.0.0.1").replace("'5432'", f"'{shard.port}'", 1)
    return for_shard, for_first.replace("'USER'", f"'{USER}'").replace("'PASSWORD'", f"'{PASSWORD}'")


def test_shards_find_the_same_or_say_that_they_cannot(
    server: PostgreSQLServer, tmp_path: Path, write_seeds: SeedWriter
) -> None:
    """The script of the README spreads the tables; a shard that is down is never passed over."""
    with running() as one, running() as other:
        for_shard, for_first = scripts([one, other])
        keeper = Database(Server(server.dsn(), "qa_bot", search_seconds=10, retry_seconds=0.3), room=1_000_000)
        keeper.update(write_seeds(STATE), WordEncoder(), progress=no_progress)
        for shard in (one, other):
            shard.execute(*for_shard.split(";\n"))
        server.execute(for_first)
        with opened(keeper) as index, pytest.raises(DatabaseError, match="interrupted, run: qa-bot index"):
            index.read(lambda: hits(index, QUESTION))

        keepers: list[Keeper] = [embedded(tmp_path), keeper]
        # The second update adds to one shard and deletes from another.
        for state in (STATE, MANY):
            seeds = write_seeds(state)
            for engine in keepers:
                engine.update(seeds, WordEncoder(), progress=no_progress)
        with opened(keepers[0]) as expected, opened(keeper) as index:
            assert_alike(expected, index, (QUESTION, "Which fox slept?", "Thing 7"), ("fox", "red", "thing"))
            for shard in (one, other):
                with contextlib.closing(psycopg.connect(shard.dsn())) as connection:
                    assert 0 < connection.execute("SELECT count(*) FROM qa_bot.windows").fetchall()[0][0] < len(MANY)

            one.kill()
            for work in (lambda: hits(index, QUESTION), lambda: keeper.update([], WordEncoder(), progress=no_progress)):
                with pytest.raises(DatabaseError, match=r'cannot be used now \(could not connect to server "shard_0"'):
                    work()
            one.start()
            assert_alike(expected, index, (QUESTION,), ("fox",))

        # What an indexer leaves that is killed between the commits of two shards.
        one.execute("DELETE FROM qa_bot.windows")
        server.execute("INSERT INTO qa_bot.publishing VALUES (4)")
        report = keeper.update(write_seeds(MANY), WordEncoder(), progress=no_progress)
        assert len(report.added) == len(MANY)
        with opened(keepers[0]) as expected, opened(keeper) as index:
            assert_alike(expected, index, (QUESTION,), ("fox",))
