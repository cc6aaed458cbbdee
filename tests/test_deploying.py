"""The README's service and container: what they name is there, and the program they set up finds its token and its files."""

import configparser
import json
import re
import shutil
import signal
import subprocess
import tomllib
from pathlib import Path

import pytest

from qa_bot.channels.telegram.secret import reveal
from qa_bot.cli import main
from qa_bot.config import Settings, load

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def block(language: str) -> str:
    """Give the README's only block of a language."""
    [text] = re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    return str(text)


def settings_with(monkeypatch: pytest.MonkeyPatch, variables: str) -> Settings:
    """Read the settings with variables in the environment; one that is unknown would be refused."""
    for variable in variables.split():
        monkeypatch.setenv(*variable.split("="))
    return load(ROOT / "config.toml")


def version_in(text: str) -> list[int]:
    """Give the numbers of the version that a text names."""
    return [int(number) for number in re.findall(r"\d+", text)]


@pytest.fixture
def service() -> configparser.SectionProxy:
    """Give what the README's unit says of the service."""
    unit = configparser.ConfigParser(interpolation=None)
    unit.read_string(block("ini"))
    return unit["Service"]


def test_the_service_runs_the_bot(
    service: configparser.SectionProxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the Makefile installs it, with the credential as its token, and where it may write what it keeps."""
    home = service["WorkingDirectory"]
    program, command = service["ExecStart"].split()
    credential = service["LoadCredential"].split(":")[0]
    (tmp_path / credential).write_text("7000000001:credential\n", encoding="utf-8")
    settings = settings_with(monkeypatch, service["Environment"].replace("%d", str(tmp_path)))

    assert f"QA_BOT := {program.removeprefix(f'{home}/')}\n" in (ROOT / "Makefile").read_text(encoding="utf-8")
    assert command in main.commands
    assert reveal(settings.telegram.token, settings.telegram.token_file, ROOT) == "7000000001:credential"
    assert service["ReadWritePaths"] == home
    assert [name for name, path in settings.paths if not path.is_relative_to(ROOT)] == []


def test_systemd_knows_all_that_the_unit_says(service: configparser.SectionProxy, tmp_path: Path) -> None:
    """It warns of keys it does not know, and of programs that are not there."""
    verifier = shutil.which("systemd-analyze")
    if verifier is None:
        pytest.skip("systemd is not installed here")
    program = tmp_path / service["ExecStart"].split()[0].removeprefix("/")
    program.parent.mkdir(parents=True)
    program.touch(0o755)
    unit = tmp_path / "qa_bot.service"
    unit.write_text(block("ini").replace("ExecStart=", f"ExecStart={tmp_path}"), encoding="utf-8")

    done = subprocess.run([verifier, "verify", "--man=no", unit], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_container_runs_the_bot(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a Python that it can run on, with what it keeps in volumes, and told to end as it listens for."""
    said = dict(line.split(maxsplit=1) for line in block("dockerfile").splitlines())
    settings = settings_with(monkeypatch, said["ENV"])
    kept = {f"{said['WORKDIR']}/{path.relative_to(ROOT)}" for path in (settings.paths.seeds, settings.paths.embeddings)}
    program, command = json.loads(said["CMD"])

    assert version_in(said["FROM"]) >= version_in(PROJECT["requires-python"])
    assert [name for name in re.findall(r"--constraint (\S+)", said["RUN"]) if (ROOT / name).is_file()] != []
    assert set(json.loads(said["VOLUME"])) == kept | {str(settings.paths.telegram.parent)}
    assert settings.telegram.token_file == "/run/secrets/token"  # noqa: S105 - the name of a file
    assert program in PROJECT["scripts"]
    assert command in main.commands
    assert signal.Signals[said["STOPSIGNAL"]] is signal.SIGTERM
