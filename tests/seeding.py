"""A folder of seeds that is changed by the commands, within this process."""

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from qa_bot.cli import main


class Seedbed:
    """A project with a web of its own to fetch from; the index is left alone unless a test wants it."""

    def __init__(self, folder: Path, settings: str = "allow_private = true\ndelay_seconds = 0\n") -> None:
        """Make an empty one, with settings for fetching."""
        self.folder = folder
        self.seeds = folder / "seeds"
        self.seeds.mkdir(parents=True)
        self.configure(settings)

    def configure(self, settings: str) -> None:
        """Write the settings for fetching."""
        (self.folder / "config.toml").write_text(f"[fetching]\n{settings}", encoding="utf-8")

    def run(self, *arguments: str | Path) -> Result:
        """Run a command."""
        return CliRunner().invoke(
            main, ["--config", str(self.folder / "config.toml"), *map(str, arguments)], catch_exceptions=False
        )

    def do(self, command: str, *arguments: str | Path) -> tuple[int, str, str]:
        """Run a command that leaves the index alone: its exit code and what it prints on stdout and stderr."""
        result = self.run(command, "--no-index", *arguments)
        return result.exit_code, result.stdout, result.stderr

    def report(self, command: str, *arguments: str | Path) -> dict[str, Any]:
        """Run a command that leaves the index alone, and give what it did as JSON."""
        table: dict[str, Any] = json.loads(self.run(command, "--no-index", "--json", *arguments).stdout)
        return table

    def files(self) -> dict[str, str]:
        """Give the documents with their texts."""
        return {
            path.relative_to(self.seeds).as_posix(): path.read_text(encoding="utf-8")
            for path in sorted(self.seeds.rglob("*"))
            if path.is_file() and not any(part.startswith(".") for part in path.relative_to(self.seeds).parts)
        }

    def origins(self) -> dict[str, Any]:
        """Give the origins of documents as they are kept."""
        documents: dict[str, Any] = json.loads((self.seeds / ".origins.json").read_text(encoding="utf-8"))["documents"]
        return documents
