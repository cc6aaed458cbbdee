"""Placeholder until the packed form arrives."""

from pathlib import Path
from typing import Any


def unpack(folder: Path) -> Any:
    raise NotImplementedError
