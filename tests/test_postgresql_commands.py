"""Every command on an index in PostgreSQL does what it does on files."""

import json
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from postgresql_server import PostgreSQLServer, running

from qa_bot.cli import main

if TYPE_CHECKING:
    from telegram_conversation import Talk

ROOT = Path(__file__).resolve().parents[1]
QUESTION = "How many people were killed west of Benghazi?"
DRAFT = "The library\n\nThe library opens at nine in the morning.\n"


class Project:
    """A project with the article, and the commands on it."""

    def __init__(self, folder: Path, **environment: str) -> None:
        """Copy the article, unless there is something already."""
        if not folder.exists():
            shutil.copytree(ROOT / "seeds", folder / "seeds")
            shutil.copy(ROOT / "config.toml", folder)
        self.folder = folder
        self._environment = {"QA_BOT_EVIDENCE__READER": ""} | environment

    def run(self, *arguments: str) -> str:
        """Run a command; gives what it prints."""
        command = ["--config", str(self.folder / "config.toml"), *arguments]
        done = CliRunner().invoke(main, command, env=self._environment)
        assert done.exit_code in {0, 3}, done.output
        return done.stdout

    def json(self, *arguments: str) -> Any:
        """Run a command that prints JSON; times and what they take from the machine are left out."""
        printed = json.loads(self.run(*arguments))
        for name in ("timings_ms", "latency_ms", "made"):
            printed.pop(name, None)
        return printed


@pytest.fixture
def projects(tmp_path: Path, postgresql: PostgreSQLServer) -> tuple[Project, Project]:
    """Give a project for each engine."""
    (tmp_path / "draft.txt").write_text(DRAFT, encoding="utf-8")
    files, database = tmp_path / "files", tmp_path / "database"
    settings = {"DSN": postgresql.dsn(), "SCHEMA_NAME": f"commands_{secrets.token_hex(4)}"}
    environment = {f"QA_BOT_POSTGRESQL__{name}": value for name, value in settings.items()}
    return Project(files), Project(database, QA_BOT_INDEX__ENGINE="postgresql", **environment)


def test_commands_do_the_same(projects: tuple[Project, Project], tmp_path: Path) -> None:
    """Index, ask, sources, verify, impact and calibrate; nothing comes into the folder of the index."""
    files, database = projects
    assert database.run("doctor").count("index: not built yet") == 1
    for command in (
        ("index", "--json"),
        ("ask", QUESTION, "--json", "--why"),
        ("sources", "--json"),
        ("impact", str(tmp_path / "draft.txt"), "--json"),
        ("ask", "Where is the Haftr offensiv?", "--json"),
        ("index", "--json"),
    ):
        one, other = (project.json(*command) for project in projects)
        assert rounded(one) == rounded(other), command
    found = database.run("doctor")
    assert "index: generation 1, 1 document, " in found
    assert ", in PostgreSQL on 127.0.0.1, database postgres, schema commands_" in found

    receipt = database.json("ask", QUESTION, "--json")["excerpts"][0]["receipt"]
    assert database.run("verify", receipt) == files.run("verify", receipt)
    (database.folder / "seeds" / "haftar-benghazi-offensive.txt").unlink()
    assert database.run("verify", receipt).startswith("kept: ")
    assert not (database.folder / "embeddings").exists()


def rounded(value: Any) -> Any:
    """Round numbers as far as the engines agree, and forget which generation an answer is from."""
    if isinstance(value, dict):
        return {name: rounded(part) for name, part in value.items()}
    if isinstance(value, list):
        return [rounded(part) for part in value]
    return round(value, 3) if isinstance(value, float) else value


def test_a_collection_has_tables_of_its_own(projects: tuple[Project, Project], tmp_path: Path) -> None:
    """It is measured on them, with the same figures, and leaves those of the documents alone."""
    rows = [
        {"id": f"p{n}", "title": f"Thing {n}", "text": f"Thing number {n} was found in {1900 + n}."} for n in range(12)
    ]
    gold = [{"id": f"q{n}", "question": f"When was thing number {n} found?", "relevant": [f"p{n}"]} for n in range(6)]
    for name, lines in (("paragraphs", rows), ("questions", gold)):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    files = [str(tmp_path / "questions.jsonl"), "--paragraphs", str(tmp_path / "paragraphs.jsonl")]

    one, other = (project.json("evaluate", *files, "--json", "-") for project in projects)

    assert rounded(one["retrieval"]) == rounded(other["retrieval"])
    assert rounded(one["answers"]) == rounded(other["answers"])
    assert one["index"]["digest"] == other["index"]["digest"]
    assert projects[1].run("doctor").count("index: not built yet") == 1


def test_a_bot_in_telegram_outlives_its_database(start_talk: Callable[..., "Talk"], tmp_path: Path) -> None:
    """While it is away people are told to try again; it goes over to what others have put in force there."""
    home = Project(tmp_path / "home")
    (home.folder / "seeds" / "tea.txt").write_text("Tea is served at four in the garden.\n", encoding="utf-8")
    with running() as server:
        database = {"dsn": server.dsn(), "retry_seconds": 0.2}
        talk = start_talk(home.folder, index={"engine": "postgresql"}, postgresql=database, evidence={"reader": ""})
        person = talk.person()

        assert "four in the garden" in talk.says(person, "When is tea served?")[0]["text"]
        server.kill()
        assert "Please try again later" in talk.says(person, "Where is tea served?")[0]["text"]
        server.start()
        assert "four in the garden" in talk.says(person, "Where is tea served?")[0]["text"]

        (home.folder / "seeds" / "tea.txt").write_text("Tea is served at five in the kitchen.\n", encoding="utf-8")
        other = Project(home.folder, QA_BOT_INDEX__ENGINE="postgresql", QA_BOT_POSTGRESQL__DSN=server.dsn())
        other.run("index")
        assert "five in the kitchen" in talk.says(person, "When is tea served?")[0]["text"]
        talk.stop()
