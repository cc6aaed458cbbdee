"""Who may ask, and how often."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.channels.telegram.access import GUESSES, REMEMBERED, Access, Rate
from qa_bot.channels.telegram.database import Database
from qa_bot.config import Telegram


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now


def test_so_many_may_be_asked_at_once() -> None:
    """Then one for each share of the time; everybody has their own."""
    clock = Clock()
    rate = Rate(3, 60, clock)

    assert [rate.wait("ann") for _ in range(5)] == [0, 0, 0, 20, 20]
    assert rate.wait("ben") == 0
    clock.now += 19
    assert rate.wait("ann") == 1
    clock.now += 1
    assert [rate.wait("ann"), rate.wait("ann")] == [0, 20]
    clock.now += 3_600
    assert [rate.wait("ann") for _ in range(4)] == [0, 0, 0, 20]


@given(
    st.integers(1, 60),
    st.sampled_from([60.0, 3_600.0]),
    st.lists(st.floats(0, 100), max_size=30),
)
def test_whoever_waits_as_told_may_ask(most: int, seconds: float, pauses: list[float]) -> None:
    """However they have asked before; and nobody asks more than allowed."""
    clock = Clock()
    rate = Rate(most, seconds, clock)
    asked = []
    for pause in pauses:
        clock.now += pause
        wait = rate.wait("ann")
        assert 0 <= wait <= seconds / most + 1
        if wait:
            clock.now += wait
            assert rate.wait("ann") == 0
        asked.append(clock.now)
    for at in asked:
        assert sum(at <= other < at + seconds for other in asked) <= 2 * most


def test_not_everybody_is_kept_in_mind() -> None:
    """Those who asked last are; the others have all their questions back."""
    rate = Rate(1, 60, Clock())
    for number in range(REMEMBERED + 1):
        assert rate.wait(str(number)) == 0

    assert rate.wait(str(REMEMBERED)) == 60
    assert rate.wait("0") == 0


def access(folder: Path, code: str = "", **settings: object) -> Access:
    """Give the access that settings make."""
    return Access(Telegram.model_validate(settings), code, Database(folder / "telegram.sqlite3"))


def test_everybody_may_ask_if_nothing_is_said(tmp_path: Path) -> None:
    """But not everybody runs the bot."""
    open_to_all = access(tmp_path, admins=[1])

    assert open_to_all.may_ask(5, 5)
    assert [open_to_all.is_admin(1), open_to_all.is_admin(5)] == [True, False]


@pytest.mark.parametrize(
    ("person", "chat", "expected"),
    [(1, 1, True), (2, 2, True), (2, -9, True), (3, 3, False), (3, -100, True), (3, -9, False)],
    ids=["admin", "listed", "listed, in any group", "unknown", "unknown, in a listed group", "unknown, in a group"],
)
def test_only_those_listed_may_ask(tmp_path: Path, person: int, chat: int, expected: bool) -> None:  # noqa: FBT001
    """Admins, persons, and everybody in some chats."""
    assert access(tmp_path, access="listed", admins=[1], users=[2], chats=[-100]).may_ask(person, chat) is expected


def test_an_invitation_lets_in_for_good(tmp_path: Path) -> None:
    """The person, not others; also after a restart."""
    first = access(tmp_path, "sesame", access="listed")
    assert not first.invite(3, "Sesame")
    assert first.invite(3, "sesame")
    assert first.invite(3, "sesame")

    again = access(tmp_path, "another", access="listed")
    assert [again.may_ask(3, 3), again.may_ask(4, 4)] == [True, False]


@pytest.mark.parametrize("guess", ["", "wrong", "sesame ", "пароль", "sésame"])
def test_a_wrong_code_does_not(tmp_path: Path, guess: str) -> None:
    """In any letters."""
    closed = access(tmp_path, "sesame", access="listed")

    assert not closed.invite(3, guess)
    assert not closed.may_ask(3, 3)


def test_guesses_are_limited(tmp_path: Path) -> None:
    """After five of them not even the right code helps for a while; others may go on."""
    closed = access(tmp_path, "sesame", access="listed")

    assert not any(closed.invite(3, str(number)) for number in range(GUESSES))
    assert not closed.invite(3, "sesame")
    assert closed.invite(4, "sesame")


def test_without_a_code_nobody_is_let_in(tmp_path: Path) -> None:
    """Least of all with none."""
    assert not access(tmp_path, access="listed").invite(3, "")
