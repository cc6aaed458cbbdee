"""Logs without secrets and without what people write; secrets from the environment or from files; what is counted."""

import asyncio
import gc
import logging
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from telegram.error import TimedOut

from qa_bot.channels.telegram.metrics import Metrics
from qa_bot.channels.telegram.redaction import (
    FORM,
    SECONDS_BETWEEN,
    TALKATIVE,
    Discreet,
    RedactingFormatter,
    set_up_logging,
)
from qa_bot.channels.telegram.secret import reveal
from qa_bot.errors import TelegramError

TOKEN = "7000000001:AAE-x_" + "y" * 29


@pytest.fixture
def _logging_restored() -> Iterator[None]:
    """Leave logging as it was."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in TALKATIVE}
    yield
    root.handlers[:] = before
    root.setLevel(level)
    for name, former in levels.items():
        logging.getLogger(name).setLevel(former)


def record(name: str, message: str, *args: object, created: float = 0.0) -> logging.LogRecord:
    """Make a record."""
    made = logging.LogRecord(name, logging.ERROR, "file.py", 1, message, args, None)
    made.created = created
    return made


def unreachable() -> None:
    """Fail with the token in the error."""
    msg = f"no answer from https://api.telegram.org/bot{TOKEN}/getMe"
    raise OSError(msg)


def failing() -> None:
    """Fail, with the token in the error and in the one behind it."""
    try:
        unreachable()
    except OSError as exc:
        msg = f"the token {TOKEN}"
        raise ValueError(msg) from exc


def test_no_token_is_written() -> None:
    """Neither of the message, nor of what it is made of, nor of a traceback or a stack."""
    made = record("httpx", f"POST https://host/bot{TOKEN}/x %s %r", TOKEN, {"token": TOKEN})
    made.stack_info = f"Stack: {TOKEN}"
    try:
        failing()
    except ValueError:
        made.exc_info = sys.exc_info()

    written = RedactingFormatter(FORM).format(made)

    assert "AAE" not in written
    assert written.count("<token>") == 3 + 1 + 2
    assert "POST https://host/bot<token>/x <token> {'token': '<token>'}" in written
    assert "ValueError: the token <token>" in written


@pytest.mark.usefixtures("_logging_restored")
def test_a_request_that_fails_unseen_takes_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """The library drops the task of one that fails just when it stops asking; asyncio then reports it with a traceback."""
    set_up_logging()

    async def ask() -> None:
        raise TimedOut

    async def drop() -> None:
        task = asyncio.create_task(ask())
        await asyncio.wait([task])
        del task
        gc.collect()

    asyncio.run(drop())

    [line] = capsys.readouterr().err.splitlines()
    assert line.endswith("ERROR asyncio: Task exception was never retrieved (TimedOut: Timed out)")


@pytest.mark.parametrize("harmless", ["12:30:45", "a:b", "http://127.0.0.1:8443/metrics", "2024-05-01 12:00:00,123"])
def test_what_only_looks_like_a_token_is_written(harmless: str) -> None:
    """Times and addresses."""
    assert RedactingFormatter("%(message)s").format(record("qa_bot", harmless)) == harmless


def test_texts_are_not_written() -> None:
    """The library logs updates that it cannot read, with everything in them."""
    discreet = Discreet()

    assert not discreet.filter(record("telegram.ext.ExtBot", "Error while parsing updates! Received data was %r", "x"))
    assert discreet.filter(record("telegram.ext.ExtBot", "Something else"))


def test_the_same_complaint_is_written_now_and_then() -> None:
    """Of the library; each of the bot's own is, and so is another one."""
    discreet = Discreet()

    def passes(name: str, message: str, created: float) -> bool:
        return discreet.filter(record(name, message, created=created))

    assert [passes("telegram.ext.Updater", "failed %s", at) for at in (0.0, 0.5, 29.9, 30.0, 59.9, 60.0)] == [
        True, False, False, True, False, True,
    ]  # fmt: skip
    assert passes("telegram.ext.Updater", "another", 60.1)
    assert passes("telegram.ext.Application", "failed %s", 60.1)
    assert [passes("qa_bot.channels.telegram.application", "error %s", 60.0) for _ in range(3)] == [True] * 3
    assert SECONDS_BETWEEN == 30


@pytest.mark.usefixtures("_logging_restored")
def test_what_the_libraries_say_of_requests_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    """What the bot says is, without tokens."""
    set_up_logging()
    for name in TALKATIVE:
        logging.getLogger(name).info("POST %s", TOKEN)
    logging.getLogger("telegram.ext.ExtBot").debug("Anything")
    logging.getLogger("qa_bot").info("began with %s", TOKEN)
    logging.getLogger("httpx").warning("slow %s", TOKEN)

    lines = capsys.readouterr().err.splitlines()

    assert [line.partition(",")[2][4:] for line in lines] == [
        "INFO qa_bot: began with <token>", "WARNING httpx: slow <token>",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "content", "expected"),
    [
        ("", None, ""),
        ("direct", None, "direct"),
        (" direct \n", b"other", "direct"),
        ("", b"token\r\n", "token"),
        ("", b"\xef\xbb\xbftoken\n", "token"),
        ("", b"", ""),
    ],
    ids=["none", "environment", "both", "file", "file with a mark", "empty file"],
)
def test_a_secret_is_revealed(tmp_path: Path, value: str, content: bytes | None, expected: str) -> None:
    """The one in the environment counts first; blanks around it are none of it."""
    if content is not None:
        (tmp_path / "secret").write_bytes(content)

    assert reveal(SecretStr(value), "secret" if content is not None else "", tmp_path) == expected


@pytest.mark.parametrize(
    "make",
    [lambda _path: None, Path.mkdir, lambda path: path.write_bytes(b"\xff\xfe\x00")],
    ids=["missing", "a folder", "no text"],
)
def test_a_secret_that_cannot_be_read_is_named(tmp_path: Path, make: Callable[[Path], object]) -> None:
    """By its file, not by what is in it."""
    make(tmp_path / "secret")

    with pytest.raises(TelegramError, match=r"^the secret in .*/secret cannot be read \(.*\): correct its name under"):
        reveal(SecretStr(""), "secret", tmp_path)


def test_the_home_of_nobody_is_refused(tmp_path: Path) -> None:
    """As any other file that is not there."""
    with pytest.raises(TelegramError, match="cannot be read"):
        reveal(SecretStr(""), "~nobody-of-this-name/secret", tmp_path)


def test_bots_count_for_themselves() -> None:
    """In the form that Prometheus reads."""
    one, other = Metrics(), Metrics()
    one.answers.labels("answered").inc()
    one.seconds.observe(0.2)
    one.waiting.set(3)
    one.poison.inc()

    lines = one.text().decode().splitlines()

    assert 'qa_bot_answers_total{status="answered"} 1.0' in lines
    assert 'qa_bot_answer_seconds_bucket{le="0.25"} 1.0' in lines
    assert 'qa_bot_answer_seconds_bucket{le="0.1"} 0.0' in lines
    assert {"qa_bot_waiting 3.0", "qa_bot_errors_total 0.0", "qa_bot_unreadable_updates_total 1.0"} <= set(lines)
    assert "answered" not in other.text().decode()
