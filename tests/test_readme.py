"""The README tells the truth: its session runs, and every command, flag and setting is in it."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import click

from qa_bot.channels.repl import Repl
from qa_bot.cli import main
from qa_bot.config import Settings

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
NOT_SECTIONS = {"folder"}


def test_the_session_prints_what_it_shows(tmp_path: Path) -> None:
    """Each question of the README's session gets just the answer that stands below it."""
    session = re.search(r"^\$ make chat\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert session is not None
    shown = re.split(r"^\? (.*)\n", session[1], flags=re.MULTILINE)[1:]
    questions, answers = shown[::2], shown[1::2]
    environment = dict(os.environ, QA_BOT_PATHS__EMBEDDINGS=str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-m", "qa_bot", "chat"],
        cwd=ROOT,
        input="\n".join(questions),
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        check=False,
    )

    assert len(questions) == 4
    assert (done.stdout.rstrip("\n"), done.stderr) == ("".join(answers).rstrip("\n"), "")


def test_every_command_and_flag_is_documented() -> None:
    """The README names each command with each of its flags, and each has a line of help."""
    rows = {name: row for row, name in re.findall(r"^(\| `(\w+)[ `][^|]*\|.*)$", README, re.MULTILINE)}
    for name, command in main.commands.items():
        assert command.help, name
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, (name, parameter.name)
                assert parameter.opts[0] in rows[name], (name, parameter.opts)
    for option in main.params:
        assert option.opts[0] in README


def test_every_setting_is_documented_with_its_default() -> None:
    """The README's table of settings is just the settings, with their defaults."""
    table = dict(re.findall(r"^\| `(\w+\.\w+)` \| `([^`]*)` \|", README, re.MULTILINE))
    defaults = {
        f"{section}.{name}": json.dumps(value) if isinstance(value, bool | tuple) else f"{value}"
        for section in Settings.model_fields
        if section not in NOT_SECTIONS
        for name, value in getattr(Settings(), section)
    }

    assert table == defaults


def test_the_layers_are_those_that_are_checked() -> None:
    """The list of imports is that of import-linter, from top to bottom."""
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ][0]
    [shown] = re.findall(r"^```text\n(__main__ >.*?)\n```", README, re.MULTILINE | re.DOTALL)

    assert " ".join(shown.split()).split(" > ") == contract["layers"]


def test_every_command_of_the_repl_is_documented() -> None:
    """The README names each command of the REPL."""
    source = Path(sys.modules[Repl.__module__].__file__ or "").read_text(encoding="utf-8")
    commands = set(re.findall(r'^            "(:\w+)": ', source, re.MULTILINE))

    assert commands == {":more", ":context", ":why", ":sources", ":help", ":quit"}
    assert not [command for command in commands if f"`{command}" not in README]


def test_make_targets_exist() -> None:
    """Every ``make`` target that the README names is in the Makefile."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))

    assert set(re.findall(r"make ([a-z]+)", README)) <= targets


def test_what_measures_can_be_started_as_it_says() -> None:
    """Each module that the README runs is found, with all that it imports, by the path that stands before it."""
    commands = re.findall(r"(?:PYTHONPATH=(\w+) )?(?:\.venv/bin/)?python -m ([\w.]+)", README)
    for path in sorted({path for path, _ in commands}):
        modules = sorted({name for own, name in commands if own == path})
        modules += [f"{name}.__main__" for name in modules if (ROOT / path / name / "__main__.py").exists()]
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        done = subprocess.run(
            [sys.executable, "-c", "import importlib, sys; [*map(importlib.import_module, sys.argv[1:])]", *modules],
            cwd=ROOT,
            capture_output=True,
            text=True,
            env=environment | ({"PYTHONPATH": path} if path else {}),
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, ""), modules
    assert len(commands) >= 15
