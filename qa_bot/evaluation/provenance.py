"""Where figures come from: which index, model, settings and version of the project gave them."""

import hashlib
import importlib.metadata
import json
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from qa_bot.bot import QaBot

# What decides the answers; paths and secrets do not.
SECTIONS = ("answering", "encoder", "evidence")
DIRTY = "+changes"


def provenance(bot: QaBot) -> dict[str, Any]:
    """Give what belongs at the end of a report: settings, commit, version and time."""
    return {
        "settings": {section: getattr(bot.settings, section).model_dump(mode="json") for section in SECTIONS},
        "commit": commit_of(bot.settings.folder),
        "version": importlib.metadata.version("qa-bot"),
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def index_info(bot: QaBot) -> dict[str, Any]:
    """Describe the index that answered, with the model and the reader."""
    manifest, reader = bot.index.manifest, bot.judge.reader
    return {
        "generation": manifest.generation,
        "model": manifest.model,
        "model_digest": manifest.model_digest,
        "reader": reader.identity.model if reader else None,
        "reader_digest": reader.identity.digest if reader else None,
        "documents": manifest.counts.documents,
        "paragraphs": manifest.counts.paragraphs,
        "threshold": bot.threshold,
        "calibrated": bot.calibration is not None,
        "digest": index_digest(bot),
    }


def index_digest(bot: QaBot) -> str:
    """Give the digest of all that decides what an index holds: the documents, the encoder, and how texts are split.

    The same documents give the same digest on every machine, whatever the number of their generation.
    """
    manifest = bot.index.manifest
    made_of = {
        "model": manifest.model_digest,
        "dimension": manifest.dimension,
        "splitter": manifest.splitter,
        "terms": manifest.terms,
        "documents": bot.index.store.digests(),
    }
    return hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()


def commit_of(folder: Path) -> str | None:
    """Name the commit that is checked out in a folder, marked where files have changed since; ``None`` if there is none."""
    commit = _git(folder, "rev-parse", "--verify", "HEAD")
    if not commit:
        return None
    changes = _git(folder, "status", "--porcelain", "--untracked-files=no")
    return commit + (DIRTY if changes else "")


def _git(folder: Path, *arguments: str) -> str | None:
    program = shutil.which("git")
    if program is None:
        return None
    command = [program, "-C", str(folder), *arguments]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - no words of a user are in it
    return done.stdout.decode(errors="replace").strip() if done.returncode == 0 else None
