"""What has been accepted and not been answered yet."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from qa_bot.channels.telegram.database import Database, days_ago
from qa_bot.channels.telegram.journal import KEPT_DAYS, Journal

BODY = {"update_id": 5, "message": {"text": "Who? 😀"}}


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Give a new database."""
    with Database(tmp_path / "telegram.sqlite3") as database:
        yield database


@pytest.fixture
def journal(database: Database) -> Journal:
    """Give an empty journal."""
    return Journal(database)


def test_an_update_is_accepted_once(journal: Journal) -> None:
    """Also after it has been dealt with."""
    assert [journal.accept(5, BODY), journal.accept(5, {}), journal.accept(6, {})] == [True, False, True]
    journal.done(5)
    assert journal.accept(5, BODY) is False
    assert journal.open == 1


def test_what_was_interrupted_comes_back_after_a_restart(journal: Journal, tmp_path: Path) -> None:
    """In its order, word for word, and whether its answer was on its way."""
    journal.accept(6, {"update_id": 6})
    journal.accept(5, BODY)
    journal.accept(7, {"update_id": 7})
    journal.sending(6)
    journal.done(7)

    with Database(tmp_path / "telegram.sqlite3") as again:
        assert list(Journal(again).unfinished(60)) == [(5, BODY, False), (6, {"update_id": 6}, True)]


def test_what_was_dealt_with_is_forgotten(database: Database, journal: Journal) -> None:
    """But for its number; a late note that its answer is on its way changes nothing."""
    journal.accept(5, BODY)
    journal.sending(5)
    journal.done(5)
    journal.sending(5)
    journal.sending(99)

    assert database.all("SELECT id, state, body FROM journal") == [(5, "done", None)]
    assert list(journal.unfinished(60)) == []


def test_its_words_are_not_left_in_the_file(database: Database, journal: Journal, tmp_path: Path) -> None:
    """What is deleted is overwritten."""
    journal.accept(5, {"text": "a very private question " * 50})
    database.do("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"very private" in (tmp_path / "telegram.sqlite3").read_bytes()

    journal.done(5)

    database.do("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"very private" not in (tmp_path / "telegram.sqlite3").read_bytes()


@pytest.mark.parametrize(("minutes", "fresh"), [(59, True), (61, False)])
def test_what_is_not_fresh_is_given_up(database: Database, journal: Journal, minutes: float, fresh: bool) -> None:  # noqa: FBT001
    """Nobody waits for it any more."""
    journal.accept(5, BODY)
    database.do("UPDATE journal SET received = ?", days_ago(minutes / 1_440))

    assert list(journal.unfinished(60)) == ([(5, BODY, False)] if fresh else [])
    assert journal.open == int(fresh)
    assert database.one("SELECT body IS NULL FROM journal") == (not fresh,)


def test_old_numbers_are_forgotten(database: Database, journal: Journal) -> None:
    """Of what has been dealt with, and only once Telegram will not deliver it again."""
    for update in (1, 2, 3):
        journal.accept(update, BODY)
    journal.done(1)
    journal.done(2)
    database.do("UPDATE journal SET received = ? WHERE id <> 2", days_ago(KEPT_DAYS + 0.1))

    journal.prune()

    assert database.all("SELECT id FROM journal ORDER BY id") == [(2,), (3,)]
    assert KEPT_DAYS > 1
