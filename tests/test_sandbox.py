"""Reading in a process apart: whatever becomes of that process, the file is refused and the next one is read."""

import contextlib
import os
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from qa_bot.errors import ReadError, SandboxError
from qa_bot.limits import Limits
from qa_bot.reading import child
from qa_bot.reading import sandbox as sandbox_module
from qa_bot.reading.entry import read
from qa_bot.reading.sandbox import Sandbox

PATIENCE = 20.0
# Lists within lists, which keep the parser of Markdown busy.
LABOUR = "".join(f"{'  ' * (line % 40)}- item {line}\n" for line in range(60_000))


@pytest.fixture(autouse=True)
def _alone() -> None:
    """End what other tests read with."""
    sandbox_module.sandbox.cache_clear()


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """Give a sandbox, ended afterwards."""
    made = Sandbox(Limits(max_seconds=120))
    yield made
    made.close()


def write(path: Path, text: str) -> Path:
    """Write a file."""
    path.write_text(text, encoding="utf-8")
    return path


def readers() -> list[psutil.Process]:
    """List the processes that read; other tests may have left some that have ended."""
    found = []
    for one in psutil.Process().children():
        with contextlib.suppress(psutil.NoSuchProcess):
            if "qa_bot.reading.child" in one.cmdline():
                found.append(one)
    return found


def process() -> psutil.Process:
    """Give the process that reads."""
    [found] = readers()
    return found


def refusal(sandbox: Sandbox, path: Path) -> str:
    """Read a file that is refused."""
    with pytest.raises(ReadError) as refused:
        sandbox.read(path, path.name)
    return str(refused.value)


def test_it_reads_as_in_this_process(sandbox: Sandbox, tmp_path: Path) -> None:
    """Every field of the document, characters of all kinds, a file name of any bytes; one process for all."""
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.md"))
    write(odd, "---\ndate: 2024-05-01\n---\n# Title 😀\n\nA\x00b \ud7ff\u2028 c.\n\n## Under\n\n- one\n- two\n")
    plain = write(tmp_path / "a.txt", "Heading\n\n" + "Some words. " * 1_000)

    assert sandbox.read(odd, "odd.md") == read(odd, name="odd.md")
    first = process().pid
    assert sandbox.read(plain, "a.txt") == read(plain)
    assert process().pid == first


def test_a_refusal_is_passed_on(sandbox: Sandbox, tmp_path: Path) -> None:
    """In the same words."""
    path = write(tmp_path / "empty.txt", " \n")

    assert refusal(sandbox, path) == "is empty: put text into it, or remove it"
    assert refusal(sandbox, tmp_path / "none.txt").startswith("cannot be read (No such file or directory)")


def test_a_file_that_takes_too_long_is_refused(tmp_path: Path) -> None:
    """The process is ended in the middle of it; the next file is read by another."""
    sandbox = Sandbox(Limits(max_seconds=1))
    long, short = write(tmp_path / "long.md", LABOUR * 6), write(tmp_path / "short.md", "Some words.")

    assert refusal(sandbox, long) == (
        "takes more than 1 s to read: split it, convert it, or raise max_seconds under [reading] in config.toml"
    )
    assert readers() == []
    assert sandbox.read(short, "short.md").text == "Some words."
    sandbox.close()


def test_a_file_that_takes_too_much_memory_is_refused(tmp_path: Path) -> None:
    """The process says so itself, and goes on."""
    sandbox = Sandbox(Limits(max_memory_mb=300, max_seconds=120))
    huge, small = write(tmp_path / "huge.md", "a\n\n" * 500_000), write(tmp_path / "small.md", "Some words.")

    assert refusal(sandbox, huge) == (
        "takes more than 300 MB of memory to read: split it, convert it, or raise max_memory_mb under [reading] in "
        "config.toml"
    )
    assert sandbox.read(small, "small.md").text == "Some words."
    sandbox.close()


@pytest.mark.parametrize(
    ("limits", "text", "reason"),
    [
        (
            Limits(max_characters=10, max_seconds=120),
            "12345678901",
            "holds 11 characters, more than the 10 allowed: split it, or raise max_characters under [reading] in config.toml",
        ),
        (
            Limits(max_characters=20_000, max_seconds=120),
            "a\n\n" * 6_000,
            "falls into too many pieces to be of use: convert it, or remove it",
        ),
    ],
    ids=["text", "pieces"],
)
def test_a_file_that_holds_too_much_is_refused(tmp_path: Path, limits: Limits, text: str, reason: str) -> None:
    """Too many characters, or too many blocks for so few of them."""
    sandbox = Sandbox(limits)

    assert refusal(sandbox, write(tmp_path / "a.txt", text)) == reason
    sandbox.close()


def test_a_file_on_which_the_process_dies_is_refused(sandbox: Sandbox, tmp_path: Path) -> None:
    """However often it dies; the next file is read."""
    long, short = write(tmp_path / "long.md", LABOUR * 4), write(tmp_path / "short.md", "Some words.")
    over = threading.Event()

    def kill() -> None:
        while not over.is_set():
            for one in readers():
                # Not before it has begun to read, which it limits its time for.
                with contextlib.suppress(psutil.NoSuchProcess):
                    if one.rlimit(psutil.RLIMIT_CPU)[0] != psutil.RLIM_INFINITY:
                        one.kill()
            time.sleep(0.02)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        assert refusal(sandbox, long) == (
            "makes the process that reads it crash: open it and save it again, convert it to another format, or remove it"
        )
    finally:
        over.set()
        killer.join()
    assert sandbox.read(short, "short.md").text == "Some words."


def test_where_no_process_starts_no_file_is_refused(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else an index would lose every document, and for no fault of theirs; once one starts, files are read."""
    path = write(tmp_path / "a.txt", "Some words.")
    for program in ("/bin/false", "/none"):
        with monkeypatch.context() as patch:
            patch.setattr(sys, "executable", program)
            with pytest.raises(SandboxError, match=r"^the process that reads files does not start: "):
                sandbox.read(path, "a.txt")

    assert sandbox.read(path, "a.txt").text == "Some words."


def test_a_process_that_has_ended_is_replaced(sandbox: Sandbox, tmp_path: Path) -> None:
    """As it ends when it has had nothing to do for a while, without leaving anything behind."""
    path = write(tmp_path / "a.txt", "Some words.")
    sandbox.read(path, "a.txt")
    first = process()
    first.kill()
    psutil.wait_procs([first], PATIENCE)

    assert sandbox.read(path, "a.txt").text == "Some words."
    assert process().pid != first.pid


def test_it_ends_when_nobody_asks(tmp_path: Path) -> None:
    """After a while, or as soon as the one that asked is gone."""
    path = write(tmp_path / "a.txt", "Some words.")
    given_up, idle = Sandbox(Limits()), Sandbox(replace(Limits(), max_file_mb=3))
    given_up.read(path, "a.txt")
    first = process()
    del given_up
    assert psutil.wait_procs([first], PATIENCE)[1] == []

    idle.read(path, "a.txt")
    asked, second = time.monotonic(), process()
    assert psutil.wait_procs([second], PATIENCE)[1] == []
    assert time.monotonic() - asked > child.IDLE_SECONDS - 1


def test_it_knows_no_secrets(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of this program is in its environment."""
    monkeypatch.setenv("QA_BOT_TELEGRAM__TOKEN", "7000000001:AAE-secret")
    monkeypatch.setenv("UNRELATED", "kept")
    sandbox.read(write(tmp_path / "a.txt", "Some words."), "a.txt")

    environment = process().environ()

    assert environment["UNRELATED"] == "kept"
    assert [name for name in environment if name.startswith("QA_BOT_")] == []


def test_threads_share_it(sandbox: Sandbox, tmp_path: Path) -> None:
    """Each gets its own file."""
    paths = [write(tmp_path / f"{number}.txt", f"Words number {number}.") for number in range(40)]
    found: dict[int, str] = {}

    def work(start: int) -> None:
        for number in range(start, 40, 4):
            found[number] = sandbox.read(paths[number], "name").text

    threads = [threading.Thread(target=work, args=(start,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == {number: f"Words number {number}." for number in range(40)}
