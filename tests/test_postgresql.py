"""The engine postgresql alone: what it says of trouble, and what it keeps to itself."""

import contextlib
import functools
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from engines import database, hits, opened
from postgresql_server import PASSWORD, PostgreSQLServer, free_port
from stand_ins import SeedWriter, WordEncoder

from qa_bot.bot import QaBot
from qa_bot.calibration import Calibration
from qa_bot.channels.newest import Newest
from qa_bot.config import EvidenceSettings, Paths, Settings, load
from qa_bot.errors import (
    CalibrationError,
    ConfigError,
    DatabaseError,
    IndexOutdatedError,
    IndexUnusableError,
    SupersededError,
)
from qa_bot.index.choosing import choose_keeper
from qa_bot.index.encoding import no_progress
from qa_bot.index.postgresql import schema
from qa_bot.index.postgresql.caching import Cache
from qa_bot.index.postgresql.connecting import Server
from qa_bot.index.postgresql.keeping import Database
from qa_bot.index.postgresql.searching import DatabaseIndex
from qa_bot.index.searching import Index
from qa_bot.index.superseding import ATTEMPTS
from qa_bot.opening import open_kept
from qa_bot.reading import SeedFile
from qa_bot.records import Answer, Document

ROOT = Path(__file__).resolve().parents[1]
OTHER_PASSWORD = "hush-hush"  # noqa: S105 - it opens nothing
ONE, TWO = {"a.txt": "The red fox ran."}, {"a.txt": "A river runs here.", "b.txt": "The red fox ran."}


def keeper_at(dsn: str, *, search_seconds: float = 5, retry_seconds: float = 0.1, **options: float) -> Database:
    """Make a keeper for a DSN, with little patience."""
    server = Server(dsn, "patience", search_seconds=search_seconds, retry_seconds=retry_seconds)
    return Database(server, room=1_000_000, **options)  # type: ignore[arg-type]


def refusal(work: Callable[[], object]) -> str:
    """Give the message with which something is refused: one line, and not the password."""
    with pytest.raises(DatabaseError) as caught:
        work()
    message = str(caught.value)
    assert len(message.splitlines()) == 1
    assert PASSWORD not in message
    assert OTHER_PASSWORD not in message
    return message


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (
            lambda server: server.dsn(password=OTHER_PASSWORD),
            "does not let the user of the DSN in (.*password authentication failed",
        ),
        (lambda server: server.dsn("nowhere"), 'has no such database (.*database "nowhere" does not exist'),
        (lambda _: f"postgresql://me:{OTHER_PASSWORD}@127.0.0.1:{free_port()}/x", "cannot be used now (.*refused"),
    ],
    ids=["wrong password", "unknown database", "no server"],
)
def test_what_prevents_a_connection_is_said(
    postgresql: PostgreSQLServer, make: Callable[[PostgreSQLServer], str], expected: str
) -> None:
    """By whoever reads, and by whoever writes."""
    keeper = keeper_at(make(postgresql))
    words, _, reason = expected.partition(" (")

    for work in (keeper.open, lambda: keeper.update([], WordEncoder(), progress=no_progress)):
        message = refusal(work)
        assert message.startswith("PostgreSQL on 127.0.0.1, database ")
        assert words in message
        assert reason.removeprefix(".*") in message


@contextlib.contextmanager
def altered(server: PostgreSQLServer, *settings: str) -> Iterator[str]:
    """Give a database of its own with settings."""
    server.execute("CREATE DATABASE altered", *(f"ALTER DATABASE altered SET {setting}" for setting in settings))
    try:
        yield server.dsn("altered")
    finally:
        server.execute("DROP DATABASE altered WITH (FORCE)")


def test_a_server_without_pgvector_is_told(postgresql: PostgreSQLServer) -> None:
    """With what to install; nothing is left of the attempt."""
    with altered(postgresql, "extension_control_path = '/nowhere'") as dsn:
        message = refusal(lambda: keeper_at(dsn).update([], WordEncoder(), progress=no_progress))
        assert 'lacks the extension pgvector (extension "vector" is not available): install it' in message
        assert keeper_at(dsn).open() is None


def test_a_server_that_takes_no_changes_is_told(postgresql: PostgreSQLServer) -> None:
    """After it was given time to become another one."""
    with altered(postgresql, "default_transaction_read_only = on") as dsn:
        message = refusal(lambda: keeper_at(dsn).update([], WordEncoder(), progress=no_progress))

    assert "is read-only (" in message
    assert "name a server that takes changes in the DSN too, or promote one" in message


def test_a_user_without_rights_is_told(postgresql: PostgreSQLServer) -> None:
    """What is lacking, and that it must be granted."""
    with altered(postgresql) as dsn:
        postgresql.execute("CREATE EXTENSION vector", database="altered")
        postgresql.execute(f"CREATE ROLE reader LOGIN PASSWORD '{OTHER_PASSWORD}'")
        try:
            keeper = keeper_at(dsn.replace(f"librarian:{PASSWORD}", f"reader:{OTHER_PASSWORD}"))
            message = refusal(lambda: keeper.update([], WordEncoder(), progress=no_progress))
            assert "refuses what is needed (permission denied for database altered): grant it to the user" in message
        finally:
            postgresql.execute("DROP ROLE reader")


def test_an_ordinary_user_suffices(postgresql: PostgreSQLServer, write_seeds: SeedWriter) -> None:
    """Who may create schemas, where a superuser has made pgvector known."""
    with altered(postgresql) as dsn:
        postgresql.execute("CREATE EXTENSION vector", database="altered")
        postgresql.execute(
            f"CREATE ROLE ordinary LOGIN PASSWORD '{OTHER_PASSWORD}'", "GRANT CREATE ON DATABASE altered TO ordinary"
        )
        try:
            keeper = keeper_at(dsn.replace(f"librarian:{PASSWORD}", f"ordinary:{OTHER_PASSWORD}"), exact_below=1)
            for state in (ONE, TWO):
                keeper.update(write_seeds(state), WordEncoder(), progress=no_progress)
            with opened(keeper) as index:
                assert [index.store.paragraph(hit.paragraph)[0] for hit in hits(index, "red fox")] == ["b.txt", "a.txt"]
        finally:
            postgresql.execute("REVOKE CREATE ON DATABASE altered FROM ordinary")
            postgresql.execute("DROP OWNED BY ordinary CASCADE", "DROP ROLE ordinary", database="altered")


@pytest.fixture
def keeper(postgresql: PostgreSQLServer) -> Database:
    """Give an empty keeper."""
    return database(postgresql)


def statement(keeper: Database, *statements: str) -> None:
    """Execute statements in the schema of a keeper."""
    with contextlib.closing(keeper.server.connect(writing=True)) as connection:
        for text in statements:
            connection.execute(text)


@contextlib.contextmanager
def locked(keeper: Database, table: str) -> Iterator[None]:
    """Keep everybody else from a table."""
    with contextlib.closing(keeper.server.connect(writing=True)) as connection, connection.transaction():
        connection.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield


def test_a_search_that_takes_long_is_given_up(
    keeper: Database, postgresql: PostgreSQLServer, write_seeds: SeedWriter
) -> None:
    """At once, since it would take as long again; afterwards everything is as before."""
    keeper.update(write_seeds(ONE), WordEncoder(), progress=no_progress)
    hasty = Database(
        Server(postgresql.dsn(), keeper.server.schema, search_seconds=0.2, retry_seconds=5), room=1_000_000
    )
    with opened(hasty) as index:
        with locked(keeper, "windows"):
            message = refusal(lambda: hits(index, "red fox"))
        assert "took more than 0.2 seconds for one search: see what keeps it busy, or raise search_seconds" in message
        assert len(hits(index, "red fox")) == 1


def test_whoever_waits_for_another_indexer_has_patience(keeper: Database) -> None:
    """But not for ever."""
    hasty = Database(keeper.server, room=1_000_000, lock_seconds=0.1)
    with keeper.passing([], WordEncoder()):
        message = refusal(lambda: hasty.update([], WordEncoder(), progress=no_progress))

    assert "has been indexed into by another process for long: wait for it, or stop it" in message


@pytest.mark.parametrize("dsn", ["", f"host=127.0.0.1 {OTHER_PASSWORD}", f"postgresql://me:{OTHER_PASSWORD}@[::1/x"])
def test_a_dsn_that_is_none_is_refused(dsn: str) -> None:
    """With how it looks, not with how it looked."""
    with pytest.raises(ConfigError, match=r"postgresql://USER:PASSWORD@HOST/DATABASE") as caught:
        Server(dsn, "x", search_seconds=1, retry_seconds=1)
    assert OTHER_PASSWORD not in str(caught.value)


def test_the_password_shows_nowhere(
    tmp_path: Path, postgresql: PostgreSQLServer, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither in settings nor in what is made of them, nor in any log."""
    monkeypatch.setenv("QA_BOT_POSTGRESQL__DSN", postgresql.dsn())
    monkeypatch.setenv("QA_BOT_INDEX__ENGINE", "postgresql")
    monkeypatch.setenv("QA_BOT_POSTGRESQL__SCHEMA_NAME", "hidden")
    (tmp_path / "config.toml").write_text("", encoding="utf-8")
    settings = load(tmp_path / "config.toml")

    with caplog.at_level(logging.DEBUG):
        keeper = choose_keeper(settings)
        keeper.update([], WordEncoder(), progress=no_progress)
        with opened(keeper) as index:
            shown = [repr(settings), repr(keeper), str(keeper), repr(vars(keeper)), repr(index), caplog.text]

    assert [text for text in shown if PASSWORD in text] == []


def test_the_dsn_may_stand_in_a_file(tmp_path: Path, postgresql: PostgreSQLServer) -> None:
    """Named in the configuration, which must not hold it itself."""
    (tmp_path / "secret").write_text(postgresql.dsn() + "\n", encoding="utf-8")
    file = tmp_path / "config.toml"
    file.write_text(
        '[index]\nengine = "postgresql"\n[postgresql]\ndsn_file = "secret"\nschema_name = "filed"\n', encoding="utf-8"
    )

    assert str(choose_keeper(load(file))) == "PostgreSQL on 127.0.0.1, database postgres, schema filed"
    assert str(choose_keeper(load(file), "squad")).endswith(", schema filed_collection_1bd32795")
    file.write_text(f'[postgresql]\ndsn = "{postgresql.dsn()}"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"line 2: postgresql\.dsn is a secret, .*QA_BOT_POSTGRESQL__DSN"):
        load(file)


def test_without_the_extra_it_is_said_how_to_install_it(tmp_path: Path) -> None:
    """In one line; nobody else pays for it."""
    (tmp_path / "config.toml").write_text('[index]\nengine = "postgresql"\n', encoding="utf-8")
    (tmp_path / "seeds").mkdir()
    script = "import sys; sys.modules['psycopg'] = None; from qa_bot.cli import main; main()"

    done = subprocess.run(
        [sys.executable, "-c", script, "sources"],
        cwd=tmp_path,
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "qa-bot: the engine postgresql needs psycopg, which is not installed: run: .venv/bin/pip install -c constraints.txt -e '.[postgresql]'\n"
    )


def test_tables_of_another_version_are_migrated_or_refused(
    keeper: Database, write_seeds: SeedWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Older ones by the next update, which keeps what is in them; newer ones are left alone."""
    seeds = write_seeds(ONE)
    keeper.update(seeds, WordEncoder(), progress=no_progress)
    before = schema.MIGRATIONS
    monkeypatch.setattr(schema, "MIGRATIONS", (*before, "ALTER TABLE documents ADD shelf text DEFAULT 'A'"))
    monkeypatch.setattr("qa_bot.index.postgresql.keeping.MIGRATIONS", schema.MIGRATIONS)

    with pytest.raises(IndexOutdatedError, match="made by another version of this program; run: qa-bot index"):
        keeper.open()
    report = keeper.update(seeds, WordEncoder(), progress=no_progress)
    with opened(keeper) as index:
        assert (report.kept, report.encoded, index.manifest.generation) == (("a.txt",), 0, 1)

    monkeypatch.undo()
    assert "version 2, this program knows 1: update the program" in refusal(keeper.open)
    assert "update the program" in refusal(lambda: keeper.update(seeds, WordEncoder(), progress=no_progress))


def test_numbers_that_mean_something_else_are_made_anew(keeper: Database, write_seeds: SeedWriter) -> None:
    """An index whose numbers an older program made is outdated, and all of it is encoded again."""
    seeds = write_seeds(ONE)
    keeper.update(seeds, WordEncoder(), progress=no_progress)
    statement(keeper, """UPDATE state SET manifest = jsonb_set(manifest::jsonb, '{schema}', '1')::text""")

    with pytest.raises(IndexOutdatedError):
        keeper.open()
    with open_kept(keeper, seeds, WordEncoder(), no_progress) as index:
        assert (index.manifest.generation, index.manifest.counts.documents) == (2, 1)
    with pytest.raises(IndexUnusableError, match="the index was made by words"):
        open_kept(keeper, seeds, WordEncoder("others"), no_progress)


@pytest.fixture
def bot(keeper: Database, tmp_path: Path, write_seeds: SeedWriter) -> Iterator[QaBot]:
    """Give a bot over one document."""
    seeds, encoder = write_seeds(ONE), WordEncoder()
    settings = Settings(folder=tmp_path, paths=Paths(seeds=tmp_path / "seeds"), evidence=EvidenceSettings(reader=""))
    bot = QaBot(settings, open_kept(keeper, seeds, encoder, no_progress), encoder, keeper=keeper)
    with bot:
        yield bot


def test_a_question_is_answered_from_one_state(keeper: Database, bot: QaBot, write_seeds: SeedWriter) -> None:
    """Documents that change while it is answered do not show; after that the old state is no more."""
    index = bot.index

    def look() -> tuple[dict[str, str], dict[str, str]]:
        before = index.store.digests()
        keeper.update(write_seeds(TWO), WordEncoder(), progress=no_progress)
        return before, index.store.digests()

    before, after = index.read(look)

    assert before == after
    assert list(before) == ["a.txt"]
    for work in (index.store.summaries, lambda: bot.ask("Where is the fox?"), lambda: index.numbers([1])):
        with pytest.raises(
            SupersededError, match="the documents have been brought up to date in the meantime: ask again"
        ):
            work()


def test_a_bot_goes_over_to_the_newest_state(keeper: Database, bot: QaBot, write_seeds: SeedWriter) -> None:
    """As soon as there is one, even where it comes between looking for it and asking."""
    newest = Newest(bot)
    assert not newest.is_outdated
    keeper.update(write_seeds(TWO), WordEncoder(), progress=no_progress)
    assert newest.is_outdated

    answer = newest.do(lambda bot: bot.ask("Where does the river run?", threshold=0))

    assert answer.excerpts[0].text == "A river runs here."
    assert answer.index.generation == 2
    newest.bot.index.store.close()


@pytest.mark.parametrize("changes", [ATTEMPTS, ATTEMPTS + 1])
def test_a_question_that_changes_overtake_is_asked_again(
    keeper: Database, bot: QaBot, write_seeds: SeedWriter, changes: int
) -> None:
    """So many times in a row, and not for ever."""
    newest, to_come = Newest(bot), [(TWO, ONE)[change % 2] for change in range(changes)]

    def overtaken(bot: QaBot) -> Answer:
        if to_come:
            keeper.update(write_seeds(to_come.pop(0)), WordEncoder(), progress=no_progress)
        return bot.ask("Where did the red fox run?", threshold=0)

    if changes > ATTEMPTS:
        with pytest.raises(SupersededError):
            newest.do(overtaken)
    else:
        assert newest.do(overtaken).index.generation == 1 + changes
    assert to_come == []
    newest.bot.index.store.close()


class Overtaken(Database):
    """A database whose documents change just when a state of them has been opened."""

    changes: list[Callable[[], object]]

    def open(self) -> DatabaseIndex | None:
        """Open a state that is the newest no more."""
        index = super().open()
        if self.changes:
            self.changes.pop()()
        return index


def test_a_bot_that_changes_overtake_is_opened_again(keeper: Database, bot: QaBot, write_seeds: SeedWriter) -> None:
    """The state is gone before its documents are known; the one after it is opened, and is not held to be unusable."""
    newest = Newest(bot)
    bot.keeper = overtaken = Overtaken(keeper.server, room=1_000_000)
    overtaken.changes = [
        functools.partial(keeper.update, [Written(seed)], WordEncoder(), progress=no_progress)
        for seed in write_seeds({**TWO, "c.txt": "A third."})
    ]
    keeper.update(write_seeds(TWO), WordEncoder(), progress=no_progress)

    assert newest.renew()

    assert newest.bot.index.manifest.generation == 5
    assert overtaken.changes == []
    newest.bot.index.store.close()


def test_a_bot_is_opened_though_documents_change(
    keeper: Database, tmp_path: Path, write_seeds: SeedWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came in between is brought up to date with the files."""
    seeds, encoder = write_seeds(TWO), WordEncoder()
    keeper.update(seeds, encoder, progress=no_progress)
    overtaken = Overtaken(keeper.server, room=1_000_000)
    overtaken.changes = [functools.partial(keeper.update, [Written(seeds[0])], encoder, progress=no_progress)]
    monkeypatch.setattr("qa_bot.bot.choose_keeper", lambda _: overtaken)
    monkeypatch.setattr("qa_bot.bot.make_encoder", lambda _: encoder)
    paths = Paths(seeds=tmp_path / "seeds")

    with QaBot.open(Settings(folder=tmp_path, paths=paths, evidence=EvidenceSettings(reader=""))) as bot:
        assert bot.index.manifest.generation == 3
        assert list(bot.index.store.stamps()) == sorted(TWO)


def test_a_bot_goes_over_as_soon_as_the_trouble_is_mended(
    keeper: Database, bot: QaBot, write_seeds: SeedWriter
) -> None:
    """The state before is gone, so every question says what is wrong with the newest, until nothing is."""
    newest = Newest(bot)
    keeper.update(write_seeds(TWO), WordEncoder(), progress=no_progress)
    statement(keeper, "UPDATE state SET calibration = '{}'")

    for _ in range(2):
        with pytest.raises(CalibrationError, match="is damaged"):
            newest.do(lambda bot: bot.ask("Where does the river run?", threshold=0))
    statement(keeper, "UPDATE state SET calibration = NULL")
    answer = newest.do(lambda bot: bot.ask("Where does the river run?", threshold=0))

    assert answer.excerpts[0].text == "A river runs here."
    newest.bot.index.store.close()


def test_bots_share_a_calibration(keeper: Database, bot: QaBot) -> None:
    """It stands in the database, and is checked like any other."""
    calibration = Calibration(
        slope=0.5, bias=-0.25, threshold=0.4, max_error=0.05, coverage=0.6, error_rate=0.04, ece=0.03, questions=200,
        made="2026-11-25", fingerprint=bot.fingerprint,
    )  # fmt: skip
    bot.keeper.store_calibration(calibration)

    other = QaBot(bot.settings, bot.index, bot.encoder, keeper=keeper)

    assert (other.calibration, other.threshold) == (calibration, 0.4)
    statement(keeper, "UPDATE state SET calibration = '{}'")
    with pytest.raises(CalibrationError, match=r"the calibration in PostgreSQL on .* is damaged"):
        keeper.load_calibration()


def test_documents_that_cannot_be_stored_are_refused(keeper: Database, write_seeds: SeedWriter) -> None:
    """The others are kept."""
    texts = {
        "a.txt": "The red\0 fox ran for long.",
        "b.txt": "Tea.",
        "c.md": '---\nauthor: "Ann\\0Lee"\n---\n\nCoffee is served at five.',
    }
    report = keeper.update(write_seeds(texts), WordEncoder(), progress=no_progress)

    assert report.added == ("b.txt",)
    assert report.refused == dict.fromkeys(
        ("a.txt", "c.md"), "holds NUL characters, which PostgreSQL cannot store: remove them"
    )


def test_two_indexers_lose_and_double_nothing(keeper: Database, write_seeds: SeedWriter) -> None:
    """They take turns; what is in force in the end is what one of them wanted, as if the other had never been."""
    documents = [
        [
            Written(seed)
            for seed in write_seeds({f"{number}-{n}.txt": f"Thing {n} of {number}. It is long." for n in range(8)})
        ]
        for number in range(2)
    ]
    failures: list[BaseException] = []

    def index(number: int) -> None:
        own = Database(keeper.server, room=1_000_000)
        try:
            for turn in range(4):
                own.update(documents[number][turn:], WordEncoder(), progress=no_progress)
        except BaseException as exc:  # noqa: BLE001 - the thread must not swallow it
            failures.append(exc)

    threads = [threading.Thread(target=index, args=[number]) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    with opened(keeper) as index_now:
        assert index_now.manifest.generation == 8
        names = list(index_now.store.stamps())
        assert names in ([d.name for d in documents[0][3:]], [d.name for d in documents[1][3:]])
        assert_whole(keeper, index_now)


def test_bots_and_indexers_do_not_disturb_each_other(keeper: Database, tmp_path: Path, write_seeds: SeedWriter) -> None:
    """While documents change again and again, every answer is of one state, and none fails."""
    states = [[Written(seed) for seed in write_seeds(state)] for state in (ONE, TWO)]
    settings = Settings(folder=tmp_path, paths=Paths(seeds=tmp_path / "seeds"), evidence=EvidenceSettings(reader=""))
    right = {("a.txt", ("a.txt",)), ("b.txt", ("a.txt", "b.txt"))}
    seen: set[object] = set()
    keeper.update(states[0], WordEncoder(), progress=no_progress)
    end = threading.Event()

    def look(bot: QaBot) -> tuple[str, tuple[str, ...]]:
        answer = bot.ask("Where did the red fox run?", threshold=0)
        return answer.excerpts[0].citation.document, tuple(bot.index.store.stamps())

    def opened() -> QaBot:
        encoder, own = WordEncoder(), Database(keeper.server, room=1_000_000)
        return QaBot(settings, open_kept(own, states[0], encoder, no_progress), encoder, keeper=own)

    def ask(bot: QaBot) -> None:
        newest = Newest(bot)
        try:
            while not end.is_set():
                newest.renew()
                seen.add(newest.do(lambda bot: bot.index.read(lambda: look(bot))))
        except BaseException as exc:  # noqa: BLE001 - the thread must not swallow it
            seen.add(exc)
        newest.bot.index.store.close()

    bots = [threading.Thread(target=ask, args=[opened()]) for _ in range(3)]
    for bot in bots:
        bot.start()
    # However slow a bot is, a change overtakes a question once at most, so that none is overtaken too often.
    for turn in range(ATTEMPTS):
        keeper.update(states[turn % 2], WordEncoder(), progress=no_progress)
    end.set()
    for bot in bots:
        bot.join()

    assert seen <= right
    assert seen


class Written:
    """A source whose document is kept, whatever becomes of the file."""

    def __init__(self, seed: SeedFile) -> None:
        """Read it now."""
        self.name, self.stamp, self._document = seed.name, seed.stamp, seed.read()

    def read(self) -> Document:
        """Give the document."""
        return self._document


def assert_whole(keeper: Database, index: Index) -> None:
    """Count every table against the manifest, and the holders of every term against the postings."""
    counts = index.manifest.counts
    with contextlib.closing(keeper.server.connect(writing=True)) as connection:

        def one(sql: str) -> object:
            return connection.execute(sql).fetchall()[0][0]

        assert one("SELECT count(*) FROM documents") == counts.documents
        assert one("SELECT count(*) FROM paragraphs WHERE terms IS NOT NULL") == counts.paragraphs
        assert one("SELECT count(*) FROM windows") == counts.windows
        assert one("SELECT count(*) FROM sentences") == counts.sentences
        assert one("SELECT coalesce(sum(cardinality(terms)), 0) FROM paragraphs") == one(
            "SELECT count(*) FROM postings"
        )
        assert (
            one("SELECT count(*) FROM paragraphs p LEFT JOIN documents d ON d.id = p.id >> 31 WHERE d.id IS NULL") == 0
        )
        wrong = "SELECT count(*) FROM terms t WHERE holders <> (SELECT count(*) FROM postings p WHERE p.term = t.id)"
        assert one(wrong) == 0


def test_the_cache_keeps_what_was_used_last() -> None:
    """As much as there is room for."""
    asked: list[list[str]] = []
    cache: Cache[str, str] = Cache(10, len)

    def fetch(keys: list[str]) -> dict[str, str]:
        asked.append(keys)
        return {key: key * 4 for key in keys}

    assert cache.get(["a", "b", "a"], fetch) == {"a": "aaaa", "b": "bbbb"}
    assert cache.get(["a"], fetch) == {"a": "aaaa"}
    assert cache.get(["c"], fetch) == {"c": "cccc"}
    assert cache.get(["a", "b"], fetch) == {"a": "aaaa", "b": "bbbb"}
    assert asked == [["a", "b"], ["c"], ["b"]]
