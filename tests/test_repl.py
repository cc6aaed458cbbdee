"""The REPL: whole transcripts through a pipe, and one session in a real pseudo-terminal."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

ROOT = Path(__file__).resolve().parents[1]
TITLE = "Anti-Islamist Gen. Haftar shrugs off UN charge, escalates Benghazi offensive"
EGYPT = (
    "Haftar, who has support from Egypt, has pledged to free Libya of all Islamists. He rejects any negotiations with the "
    "Tripoli-based militia, Libya Dawn, whom he calls terrorists."
)
SHURA = (
    "Some areas of Benghazi are still controlled by the Shura Council of Benghazi Revolutionaries but some of that group "
    "have joined ISIL, according to reports."
)
OBSERVER = (
    "According to the UK’s Observer, Al-Jaorushi said the military operation would be moved on to the cities of Misrata, "
    "Tripoli and others in areas controlled by the Tripoli-based government after Benghazi was completely retaken."
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a project folder with the article."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copy(ROOT / "config.toml", folder)
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    return folder


def transcript(folder: Path, *lines: str) -> str:
    """Feed lines to ``chat`` through a pipe and give all it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "qa_bot", "chat"],
        cwd=folder,
        input="".join(f"{line}\n" for line in lines),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def citation(number: int, line: int) -> str:
    """Write the citation of a paragraph of the article."""
    return f"[{number}] {TITLE} · line {line} · haftar-benghazi-offensive.txt\n"


def test_a_piped_session(project: Path) -> None:
    """Piped lines are answered one by one, in plain text, with blank lines between the answers."""
    printed = transcript(
        project,
        "Who supports Haftar?",
        "",
        ":context 1",
        ":context 9",
        ":nonsense",
        "?",
        ":sources bengh",
        ":quit",
        "never",
    )

    assert printed == (
        f"{EGYPT}\n{citation(1, 22)}\n"
        f"{SHURA}\n\n{EGYPT}\n\n{OBSERVER}\n\nhaftar-benghazi-offensive.txt, around line 22\n\n"
        "There is no excerpt 9; :context N takes the number of one shown.\n\n"
        "There is no :nonsense; :help lists the commands.\n\n"
        "the question has no words: ask in words\n\n"
        f"haftar-benghazi-offensive.txt · {TITLE} · 18 paragraphs · 3005 characters\n"
    )


def test_commands_before_any_question(project: Path) -> None:
    """Commands about an answer say kindly that there is none yet; ``:help`` lists every command."""
    printed = transcript(project, ":more", ":why", ":context", ":help")

    assert printed.startswith("Ask a question first.\n\n" * 3)
    assert re.findall(r"^:\w+", printed, re.MULTILINE) == [":more", ":context", ":why", ":sources", ":help", ":quit"]


def test_more_goes_on_until_nothing_is_left(project: Path) -> None:
    """``:more`` numbers on, never shows a passage twice, and says when there is nothing more."""
    printed = transcript(project, "Who supports Haftar?", *[":more"] * 6)

    numbers = [int(number) for number in re.findall(r"^\[(\d+)\]", printed, re.MULTILINE)]
    lines = re.findall(r"· line (\d+) ·", printed)
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(lines) == len(set(lines)) == len(numbers)
    assert printed.endswith("There is nothing more.\n")


def test_near_identical_captions_are_cited_once(project: Path) -> None:
    """The picture's two captions are one answer, not two."""
    printed = transcript(project, "Libyan troops loyal to Khalifa Haftar in Benghazi on Aug. 14", *[":more"] * 4)

    assert printed.count("/AFP/Abdullah Doma") == 1


def test_what_steers_a_terminal_is_not_sent(tmp_path: Path) -> None:
    """Escape codes and direction overrides of a document are shown as signs."""
    shutil.copy(ROOT / "config.toml", tmp_path)
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "evil.txt").write_text(
        "The password of the \x1b[31mdoor\x07 is \u202eterces.\n", encoding="utf-8"
    )
    printed = transcript(tmp_path, "What is the password of the door?")

    assert printed.startswith("The password of the ␛[31mdoor␇ is \ufffdterces.\n[1] evil · line 1 · evil.txt\n")


def test_bytes_that_are_no_utf8(project: Path) -> None:
    """A line of any bytes is answered, not a reason to stop."""
    done = subprocess.run(
        [sys.executable, "-m", "qa_bot", "chat"],
        cwd=project, input=b"\xff\xfe\x00 who is Leon\n\xed\xa0\x80\n", capture_output=True, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, b"")
    assert b"Bernardino Leon" in done.stdout


def test_a_real_terminal(project: Path) -> None:
    """In a terminal there is a prompt, the answering sentence is bold, Tab completes, and history is kept."""
    environment = dict(os.environ, TERM="xterm-256color", PROMPT_TOOLKIT_NO_CPR="1")
    environment.pop("NO_COLOR", None)
    with pexpect.spawn(
        sys.executable, ["-m", "qa_bot", "chat"], cwd=str(project), env=environment, encoding="utf-8", timeout=40,
        dimensions=(40, 160),
    ) as child:  # fmt: skip
        child.expect(":help lists the commands")
        child.expect(r"\?")
        child.send("Who supports Haftar?\r")
        child.expect("\x1b\\[1;32mHaftar, who has support from \x1b\\[0m\x1b\\[1;4;32mEgypt")
        child.expect("\x1b\\[2;36m\\[1\\] Anti-Islamist")
        child.expect(r"\?")
        child.send(":sou\t")
        child.expect("rces")
        child.send("\r")
        child.expect("18 paragraphs")
        child.send("\x04")
        child.expect(pexpect.EOF)
    assert child.exitstatus == 0
    history = (project / ".qa_bot_history").read_text(encoding="utf-8")
    assert "+Who supports Haftar?\n" in history


def test_no_color_is_honoured(project: Path) -> None:
    """With ``NO_COLOR`` a terminal gets bold, but no colour."""
    environment = dict(os.environ, TERM="xterm-256color", NO_COLOR="1")
    with pexpect.spawn(
        sys.executable, ["-m", "qa_bot", "ask", "Who supports Haftar?"], cwd=str(project), env=environment,
        encoding="utf-8", timeout=40, dimensions=(40, 200),
    ) as child:  # fmt: skip
        printed = child.read()
    assert "\x1b[1mHaftar, who has support from \x1b[0m\x1b[1;4mEgypt" in printed
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", printed)
