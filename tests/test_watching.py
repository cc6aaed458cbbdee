"""``index --watch`` keeps the index up to date, and a REPL that is open goes over to it."""

import os
import re
import signal
import sys
import time

import pexpect
from seeding import Seedbed

GARDEN = "The garden opens at nine on weekdays.\n"


def spawn(seedbed: Seedbed, *arguments: str) -> "pexpect.spawn[str]":
    """Run a command in a terminal of its own."""
    environment = dict(os.environ, TERM="dumb", PROMPT_TOOLKIT_NO_CPR="1")
    return pexpect.spawn(
        sys.executable, ["-m", "qa_bot", *arguments], cwd=str(seedbed.folder), env=environment, encoding="utf-8",
        timeout=30, dimensions=(40, 200),
    )  # fmt: skip


def test_changes_are_indexed_until_it_is_told_to_end(seedbed: Seedbed) -> None:
    """Each change is said once, files that cannot be read are named, and the end is clean."""
    (seedbed.seeds / "garden.txt").write_text(GARDEN)
    with spawn(seedbed, "index", "--watch") as child:
        child.expect("generation 1: 1 added")
        (seedbed.seeds / "tea.txt").write_text("The tea is served at four.\n")
        child.expect("added tea.txt\r\ngeneration 2: 1 added, 0 changed, 0 removed, 1 kept")
        (seedbed.seeds / ".hidden.txt").write_text("Nothing.\n")
        (seedbed.seeds / "broken.txt").write_bytes(b"\0\1\2\3" * 99)
        child.expect("refused broken.txt: is not text")
        child.expect("generation 3: 0 added")
        (seedbed.seeds / "broken.txt").rename(seedbed.seeds / "tea.txt")
        child.expect("removed tea.txt\r\nrefused tea.txt: is not text.*generation 4: 0 added, 0 changed, 1 removed")
        child.kill(signal.SIGTERM)
        child.expect(pexpect.EOF)
    assert (child.exitstatus, child.signalstatus) == (0, None)
    assert "Traceback" not in child.before


def test_a_broken_moment_is_survived(seedbed: Seedbed) -> None:
    """A folder that vanishes, or a damaged file beside the documents, is said in one line; then it goes on, until Ctrl-C."""
    (seedbed.seeds / "garden.txt").write_text(GARDEN)
    with spawn(seedbed, "index", "--watch") as child:
        child.expect("generation 1: 1 added")
        (seedbed.seeds / ".origins.json").write_text("{")
        child.expect(r"qa-bot: .*origins.json, which says where documents came from, cannot be read")
        (seedbed.seeds / ".origins.json").unlink()
        away = seedbed.seeds.rename(seedbed.folder / "away")
        time.sleep(1)
        (away / "tea.txt").write_text("The tea is served at four.\n")
        away.rename(seedbed.seeds)
        child.expect("added tea.txt\r\ngeneration 2: 1 added")
        (seedbed.seeds / "tea.txt").unlink()
        child.expect("removed tea.txt\r\ngeneration 3: 0 added")
        child.sendintr()
        child.expect(pexpect.EOF)
    assert (child.exitstatus, child.signalstatus) == (0, None)
    assert "Traceback" not in child.before


def test_it_ends_in_the_midst_of_an_update(seedbed: Seedbed) -> None:
    """A first build may take hours, for which nobody waits who wants to end it; nothing of it is in force."""
    for number in range(300):
        words = " ".join(f"Word{number}x{n} grows in the garden." for n in range(60))
        (seedbed.seeds / f"{number}.txt").write_text(words)
    index = seedbed.folder / "embeddings"
    with spawn(seedbed, "index", "--watch") as child:
        while not list(index.glob(".building-generation-*")):
            assert child.isalive()
            time.sleep(0.01)
        child.kill(signal.SIGTERM)
        child.expect(pexpect.EOF)
    assert (child.exitstatus, child.signalstatus) == (0, None)
    assert "Traceback" not in child.before
    assert not (index / "CURRENT").exists()


def test_the_first_update_is_from_the_beginning_if_wanted(seedbed: Seedbed) -> None:
    """With ``--rebuild``; those after it carry over what they can."""
    (seedbed.seeds / "garden.txt").write_text(GARDEN)
    assert seedbed.run("index").exit_code == 0
    with spawn(seedbed, "index", "--watch", "--rebuild") as child:
        child.expect("generation 2: 1 added, 0 changed, 0 removed, 0 kept")
        (seedbed.seeds / "tea.txt").write_text("The tea is served at four.\n")
        child.expect("generation 3: 1 added, 0 changed, 0 removed, 1 kept")
        child.sendintr()
        child.expect(pexpect.EOF)
    assert (child.exitstatus, child.signalstatus) == (0, None)


def test_an_open_repl_answers_from_the_new_index(seedbed: Seedbed) -> None:
    """The next question finds what came meanwhile; commands about the last answer still mean its documents."""
    (seedbed.seeds / "garden.txt").write_text(GARDEN)
    with spawn(seedbed, "chat") as child:
        child.expect(":help lists the commands")
        child.send("When does the garden open?\r")
        child.expect(re.escape("at nine on weekdays"))
        (seedbed.seeds / "garden.txt").unlink()
        (seedbed.seeds / "library.txt").write_text("The library opens at ten on Sundays.\n")
        assert seedbed.run("index").exit_code == 0
        child.send(":context 1\r")
        child.expect("garden.txt, around line 1")
        child.send("When does the library open?\r")
        child.expect(re.escape("at ten on Sundays"))
        child.send(":sources\r")
        child.expect("library.txt · ")
        child.send(":quit\r")
        child.expect(pexpect.EOF)
    assert child.exitstatus == 0


def test_a_new_index_that_cannot_be_used(seedbed: Seedbed) -> None:
    """The REPL says so once, and goes on with the old one."""
    (seedbed.seeds / "garden.txt").write_text(GARDEN)
    with spawn(seedbed, "chat") as child:
        child.expect(":help lists the commands")
        (seedbed.seeds / "library.txt").write_text("The library opens at ten on Sundays.\n")
        assert seedbed.run("index").exit_code == 0
        (seedbed.folder / "embeddings" / "generation-000002" / "documents.sqlite").write_bytes(b"")
        child.send("When does the garden open?\r")
        child.expect("The new index cannot be used, the old one goes on: the index is damaged")
        child.expect(re.escape("at nine on weekdays"))
        child.send("When does the garden open?\r")
        child.expect(re.escape("at nine on weekdays"))
        shown = str(child.before)
        child.send("\x04")
        child.expect(pexpect.EOF)
    assert "cannot be used" not in shown
