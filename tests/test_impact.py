"""What a document would change, told before it is published; nothing is changed by asking."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from qa_bot.bot import QaBot
from qa_bot.channels.telegram.database import Database
from qa_bot.channels.telegram.memory import Memory
from qa_bot.config import load
from qa_bot.errors import QuestionSetError, ReadError
from qa_bot.evaluation.impact import Asked, Impact, Kind, impact, impact_lines
from qa_bot.evaluation.questions import GoldQuestion
from qa_bot.index.encoding import no_progress

ROOT = Path(__file__).resolve().parents[1]
OPENING = "When does the library open?"
LOANS = "How many books may a member borrow?"
BOATS = "Who rents out rowing boats?"
HOURS = "The library\n\nThe library opens at nine in the morning from Monday to Friday.\n\nA member may borrow twelve books.\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Make a project with one document."""
    shutil.copy(ROOT / "config.toml", tmp_path)
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "library.txt").write_text(HOURS, encoding="utf-8")
    return tmp_path


def gold(question: str, *answers: str) -> Asked:
    """Make a question of a question set."""
    return Asked(question, "set", GoldQuestion(question, question, answers, None, "all"))


def weigh(home: Path, text: str, name: str, *questions: Asked) -> Impact:
    """Tell what a document would do."""
    file = home / "draft.txt"
    file.write_text(text, encoding="utf-8")
    with QaBot.open(load(home / "config.toml")) as bot:
        return impact(bot, file, name, questions, no_progress)


def digests(folder: Path) -> dict[str, str]:
    """Digest all files of a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


def test_a_document_that_is_added(home: Path) -> None:
    """It answers what nothing answered; what it says nothing of is answered as before."""
    found = weigh(
        home, "Boats\n\nThe harbour master rents out rowing boats in summer.\n", "boats.txt",
        gold(OPENING, "at nine in the morning"), gold(BOATS, "The harbour master"),
    )  # fmt: skip

    assert (found.document.name, found.document.title, found.paragraphs, found.replaces) == (
        "boats.txt",
        "Boats",
        2,
        False,
    )
    [change] = found.changes
    assert (change.asked.question, change.kind, change.right_before, change.right_after) == (
        BOATS,
        Kind.FOUND,
        False,
        True,
    )
    assert list(impact_lines(found)) == [
        "boats.txt would be added: “Boats”, 2 paragraphs",
        "1 of 2 questions would get another answer; by what is known to be right, better: 1, worse: 0",
        "",
        f"? {BOATS}  (set) would be answered: better",
        "    now:  not found",
        "    then: The harbour master rents out rowing boats in summer. [boats.txt, line 3]",
    ]


def test_a_document_that_is_replaced(home: Path) -> None:
    """One answer becomes wrong, one right, and one is lost; the worst stands first. Without gold nothing is judged."""
    found = weigh(
        home, "The library\n\nThe library opens at ten in the morning from Monday to Friday.\n", "library.txt",
        Asked(OPENING, "asked in Telegram", None), gold("At what hour does the library open?", "at ten"), gold(LOANS, "twelve"),
    )  # fmt: skip

    assert found.replaces
    assert [(change.kind, change.right_before, change.right_after) for change in found.changes] == [
        (Kind.OTHER, None, None), (Kind.OTHER, False, True), (Kind.LOST, True, False),
    ]  # fmt: skip
    assert [line for line in impact_lines(found) if line.startswith(("library.txt", "?", "    then"))] == [
        "library.txt would be replaced: “The library”, 2 paragraphs",
        f"? {LOANS}  (set) would not be answered any more: worse",
        "    then: not found",
        "? At what hour does the library open?  (set) would get another answer: better",
        "    then: The library opens at ten in the morning from Monday to Friday. [library.txt, line 3]",
        f"? {OPENING}  (asked in Telegram) would get another answer",
        "    then: The library opens at ten in the morning from Monday to Friday. [library.txt, line 3]",
    ]


def test_only_what_is_besides_is_shown(home: Path) -> None:
    """Where the first excerpt stays."""
    found = weigh(
        home, "Branches\n\nThe library of the harbour opens at noon.\n", "branches.txt", Asked(OPENING, "set", None)
    )

    assert [line for line in impact_lines(found) if line.startswith("    ")] == [
        "    besides: The library of the harbour opens at noon. [branches.txt, line 3]"
    ]


def test_nothing_is_changed(home: Path) -> None:
    """Neither the documents nor the index, and nothing is encoded but the new words."""
    with QaBot.open(load(home / "config.toml")):
        before = digests(home)
    found = weigh(home, HOURS, "library.txt", gold(OPENING, "at nine"))
    (home / "draft.txt").unlink()

    assert found.changes == ()
    assert digests(home) == before


def test_a_link_to_a_file_is_that_file(home: Path) -> None:
    """As for ``add``: whoever names a link means what it leads to."""
    (home / "elsewhere").mkdir()
    (home / "elsewhere" / "boats.txt").write_text("Boats\n\nThe harbour master rents out rowing boats.\n")
    (home / "link.txt").symlink_to(home / "elsewhere" / "boats.txt")
    with QaBot.open(load(home / "config.toml")) as bot:
        found = impact(bot, home / "link.txt", "boats.txt", [Asked(BOATS, "set", None)], no_progress)

    assert (found.document.title, [change.kind for change in found.changes]) == ("Boats", [Kind.FOUND])


def test_a_file_that_cannot_be_read_is_refused(home: Path) -> None:
    """In one sentence that names it."""
    with pytest.raises(ReadError, match=r"draft\.txt is empty: put text into it, or remove it$"):
        weigh(home, "", "empty.txt")


def test_a_question_that_cannot_be_asked(home: Path) -> None:
    """It is named, with where it is known from, before the file is read."""
    with pytest.raises(QuestionSetError) as caught:
        weigh(home, "", "empty.txt", gold(OPENING, "at nine"), Asked("Is it? " * 300, "asked in Telegram", None))
    assert str(caught.value) == (
        f"the question “{'Is it? ' * 8}Is…” (asked in Telegram) cannot be asked: the question has 2099 characters, more than "
        "the 2000 allowed: ask more briefly, or raise max_question under [answering] in config.toml"
    )


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("QA_BOT_")}
    return subprocess.run(
        [sys.executable, "-m", "qa_bot", "impact", *arguments],
        cwd=home, env=environment, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip


def test_the_command_asks_what_people_asked(home: Path) -> None:
    """The question set, gold from Telegram, and questions that were asked there to no avail."""
    own = {"id": "1", "question": OPENING, "answers": ["at nine"]}
    (home / "seeds" / "questions.jsonl").write_text(json.dumps(own) + "\n", encoding="utf-8")
    with Database(home / ".qa_bot_telegram.sqlite3") as database:
        Memory(database).keep_gold(LOANS, ["twelve books"])
        database.do("INSERT INTO gaps (made, person, question, folded) VALUES (1, 'somebody', ?, '')", BOATS)
    draft = home / "draft.md"
    draft.write_text(
        f"# All\n\n{HOURS.replace('nine', 'ten')}\n\nThe harbour master rents out rowing boats.\n", encoding="utf-8"
    )

    done = run(home, str(draft), "--as", "library.txt", "--json")
    found = json.loads(done.stdout)

    assert (done.returncode, done.stderr) == (0, "")
    assert {name: found[name] for name in ("schema", "document", "title", "replaces", "questions", "warnings")} == {
        "schema": 1, "document": "library.txt", "title": "All", "replaces": True, "questions": 3, "warnings": [],
    }  # fmt: skip
    changes = {change["question"]: change for change in found["changes"]}
    assert {question: (change["origin"], change["kind"]) for question, change in changes.items()} == {
        OPENING: ("questions.jsonl 1", "other"), BOATS: ("asked in Telegram", "found"),
    }  # fmt: skip
    assert (changes[OPENING]["right_before"], changes[OPENING]["right_after"]) == (True, False)
    assert changes[BOATS]["before"]["excerpts"] == []
    assert changes[BOATS]["after"]["excerpts"][0] == {
        "document": "library.txt", "line": 10, "text": "The harbour master rents out rowing boats.",
    }  # fmt: skip


def test_the_command_refuses_in_one_line(home: Path) -> None:
    """A file that is not there."""
    done = run(home, "none.txt")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "qa-bot: none.txt cannot be read (No such file or directory): check that it exists and its permissions\n"
    )
