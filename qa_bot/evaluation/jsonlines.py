"""JSON Lines files of objects, with errors that name the line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qa_bot.errors import QuestionSetError


def read_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the object of each line that is not blank, with the line's number.

    Raises:
        QuestionSetError: the file cannot be read, or a line is not a JSON object.

    """
    try:
        with path.open(encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield number, _object(path, number, line)
    except (OSError, UnicodeDecodeError) as exc:
        msg = f"{path} cannot be read as UTF-8 text: {exc}"
        raise QuestionSetError(msg) from exc


def text_field(path: Path, number: int, fields: dict[str, Any], name: str) -> str:
    """Give a field that must hold text. Raises `QuestionSetError`."""
    value = fields.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        msg = f"{path}, line {number}: {name!r} is missing or no text"
        raise QuestionSetError(msg)
    return value


def _object(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as exc:
        msg = f"{path}, line {number}: not valid JSON ({exc})"
        raise QuestionSetError(msg) from exc
    if not isinstance(value, dict):
        msg = f'{path}, line {number}: not an object such as {{"id": …, "question": …}}'
        raise QuestionSetError(msg)
    return value
