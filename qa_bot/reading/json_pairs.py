"""JSON and JSON Lines of objects that hold a question and its answer."""

import json
from typing import Any

from qa_bot.errors import ReadError
from qa_bot.reading.decoding import Decoded, decode
from qa_bot.reading.extract import Extract
from qa_bot.reading.faq import NEEDED, Entry, extract_of, named, warning_of


def read_json_lines(raw: bytes) -> Extract:
    """Read the bytes of JSON Lines; lines that are no objects are left out, with a warning. Raises `ReadError`."""
    decoded = decode(raw)
    entries, broken, reasons = [], [], []
    for number, line in enumerate(decoded.text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            entries.append(_entry(number, json.loads(line)))
        except (ValueError, RecursionError) as exc:
            broken.append(number)
            reasons.append(_reason(exc, number))
    if broken and not any(entry.complete for entry in entries):
        msg = f"is no JSON Lines ({reasons[0]}): put one object with {NEEDED} into each line"
        raise ReadError(msg)
    warned = warning_of(broken, "that are no JSON objects, left out")
    return _extract(entries, decoded, warned)


def read_json(raw: bytes) -> Extract:
    """Read the bytes of a JSON list of objects, which may be the one list inside an object. Raises `ReadError`."""
    decoded = decode(raw)
    try:
        value = json.loads(decoded.text)
    except (ValueError, RecursionError) as exc:
        msg = f"is no JSON ({_reason(exc)}): mend it there"
        raise ReadError(msg) from exc
    lists = [item for item in value.values() if isinstance(item, list)] if isinstance(value, dict) else [value]
    items = lists[0] if len(lists) == 1 and isinstance(lists[0], list) else []
    entries = [_entry(number, item) for number, item in enumerate(items, start=1) if isinstance(item, dict)]
    return _extract(entries, decoded, place="object")


def _extract(entries: list[Entry], decoded: Decoded, warnings: tuple[str, ...] = (), *, place: str = "line") -> Extract:
    if decoded.text.strip() and not any(entry.complete for entry in entries):
        msg = f"holds no questions with answers: give each object {NEEDED}, or remove the file"
        raise ReadError(msg)
    return extract_of(entries, decoded.warnings + warnings, place=place)


def _entry(number: int, item: Any) -> Entry:  # noqa: ANN401 - JSON has any shape
    if not isinstance(item, dict):
        msg = "is no object"
        raise ValueError(msg)  # noqa: TRY004 - what the caller catches of JSON
    keys = list(item)
    return Entry(number, {meant: _text(item[keys[at]]) for meant, at in named(keys).items()})


def _text(value: Any) -> str:  # noqa: ANN401 - JSON has any shape
    """Give a value as text; a list of texts as its lines."""
    if isinstance(value, list):
        return "\n".join(item for item in value if isinstance(item, str))
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _reason(exc: Exception, line: int = 1) -> str:
    """Say what is wrong, and where; ``line`` is the first one that was read."""
    if isinstance(exc, json.JSONDecodeError):
        return f"line {line + exc.lineno - 1}, column {exc.colno}: {exc.msg}"
    return f"line {line}: " + ("it is nested too deeply" if isinstance(exc, RecursionError) else str(exc))
