"""Numbers of chats that only the bot with its token can read."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from qa_bot.channels.telegram.database import Database
from qa_bot.channels.telegram.sealing import Seal

KEYS = st.binary(min_size=32, max_size=32)


@given(number=st.integers(-(2**63), 2**63), key=KEYS)
def test_what_is_closed_can_be_opened(number: int, key: bytes) -> None:
    """With the same key; it looks different each time, and the number does not stand in it."""
    first, second = Seal(key).close(number), Seal(key).close(number)

    assert Seal(key).open(first) == Seal(key).open(second) == number
    assert first != second
    assert len(str(number)) < 4 or str(number).encode() not in first


@given(number=st.integers(-(2**63), 2**63), key=KEYS, other=KEYS, at=st.integers(0, 1_000))
def test_nobody_else_can_open_it(number: int, key: bytes, other: bytes, at: int) -> None:
    """Not with another key, and not where a bit of it was changed or its end is lost."""
    sealed = Seal(key).close(number)
    spoilt = bytearray(sealed)
    spoilt[at % len(spoilt)] ^= 1

    assert other == key or Seal(other).open(sealed) is None
    assert Seal(key).open(bytes(spoilt)) is None
    assert [Seal(key).open(sealed[:-1]), Seal(key).open(sealed[:20]), Seal(key).open(b"")] == [None] * 3


def test_a_key_takes_the_file_and_the_token(tmp_path: Path) -> None:
    """Each alone leads to nobody."""
    with Database(tmp_path / "a") as one, Database(tmp_path / "b") as other:
        keys = [one.key("1:token"), one.key("2:token"), other.key("1:token")]
        assert one.key("1:token") == keys[0]
    with Database(tmp_path / "a") as again:
        assert again.key("1:token") == keys[0]

    assert len(set(keys)) == 3
    assert {len(key) for key in keys} == {32}
