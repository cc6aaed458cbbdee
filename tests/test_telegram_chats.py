"""What each chat has chosen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.channels.telegram.chats import STRICTNESS, Chats, Choices
from qa_bot.channels.telegram.database import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Give a new database."""
    with Database(tmp_path / "telegram.sqlite3") as database:
        yield database


def test_choices_are_kept(database: Database, tmp_path: Path) -> None:
    """Of each chat by itself, the last ones, and over a restart."""
    chats = Chats(database)
    assert chats.choices(1) == Choices(None, "normal", quiet=False)

    chats.choose(1, Choices(2, "lenient", quiet=False))
    chats.choose(1, Choices(5, "strict", quiet=True))
    chats.choose(2, Choices(None, "lenient"))

    with Database(tmp_path / "telegram.sqlite3") as again:
        found = [Chats(again).choices(chat) for chat in (1, 2, 3)]
    assert found == [Choices(5, "strict", quiet=True), Choices(None, "lenient"), Choices()]


def test_no_chat_is_known_by_its_number(database: Database) -> None:
    """In the file it has another name."""
    Chats(database).choose(-1_001_234_567, Choices(2))

    assert database.all("SELECT chat FROM chats") == [(database.pseudonym(-1_001_234_567),)]


@given(st.floats(0, 1))
def test_strictness_moves_the_threshold(usual: float) -> None:
    """Towards certainty or towards none, and never beyond."""
    lenient, normal, strict = (Choices(strictness=name).threshold(usual) for name in STRICTNESS)

    assert 0 <= lenient <= normal == usual <= strict <= 1
    assert lenient == pytest.approx(0.6 * usual)
    assert 1 - strict == pytest.approx(0.6 * (1 - usual))
    assert Choices(strictness="no longer known").threshold(usual) == usual


def test_whether_the_bot_is_in_a_chat_is_noted_apart(database: Database) -> None:
    """It does not change what was chosen, nor the other way round."""
    chats = Chats(database)
    assert chats.is_active(1)

    chats.set_active(1, active=False)
    assert chats.choices(1) == Choices()
    chats.choose(1, Choices(4))
    assert not chats.is_active(1)
    chats.set_active(1, active=True)

    assert (chats.is_active(1), chats.choices(1)) == (True, Choices(4))


def test_a_supergroup_takes_over_from_its_group(database: Database) -> None:
    """Whatever it had itself; twice does no harm."""
    chats = Chats(database)
    chats.choose(-1, Choices(4, "strict", quiet=True))
    chats.set_active(-1, active=False)
    chats.choose(-100, Choices(1))
    chats.choose(-2, Choices(2))

    for _ in range(2):
        chats.migrate(-1, -100)

    assert [chats.choices(chat) for chat in (-1, -100, -2)] == [Choices(), Choices(4, "strict", quiet=True), Choices(2)]
    assert chats.is_active(-100)
