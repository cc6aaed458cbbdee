"""Mistakes in settings, said in one line: which setting, in which line or variable, and how to mend it."""

import os
import re
from collections.abc import Collection, Sequence
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from qa_bot.errors import ConfigError

PREFIX = "QA_BOT_"
DELIMITER = "__"

# The type of the error of a value that is to be a list; its message is a whole predicate.
NO_LIST = "no_list"


def in_file(exc: ValidationError, path: Path, text: str) -> str:
    """Say what is wrong in a file with this text."""
    error = exc.errors()[0]
    keys = [str(key) for key in error["loc"][:2]]
    return f"{place_in_file(keys, path, text)} {_predicate(error, keys)}"


def in_environment(exc: ValidationError) -> str:
    """Say what is wrong in the environment."""
    error = exc.errors()[0]
    keys = [str(key) for key in error["loc"][:2]]
    return f"the environment variable {_variable_of(keys)} {_predicate(error, keys)}"


def _predicate(error: ErrorDetails, keys: Sequence[str]) -> str:
    return {
        "extra_forbidden": "is no setting: remove it, or correct its name",
        "model_type": f"is a section, not a setting: write [{keys[0]}] on a line of its own, and its settings below",
        NO_LIST: error["msg"],
    }.get(error["type"], f"is impossible: {error['msg']}")


def refuse_unknown_variables(sections: Collection[str]) -> None:
    """Refuse what names no setting of a section, which would otherwise be silence. Raises `ConfigError`."""
    known = {section.upper() for section in sections}
    for variable in os.environ:
        if not variable.upper().startswith(PREFIX):
            continue
        section, *names = variable.upper().removeprefix(PREFIX).split(DELIMITER)
        if section not in known or len(names) > 1:
            msg = f"the environment variable {variable} names no setting: unset it, or correct its name"
            raise ConfigError(msg)
        if not names:
            msg = f"the environment variable {variable} sets a whole section as one value: set {variable}{DELIMITER}NAME instead"
            raise ConfigError(msg)


def place_of(keys: Sequence[str], path: Path, text: str) -> str:
    """Name what sets a key: the environment, if it does, and the file otherwise."""
    variable = _variable_of(keys)
    return f"the environment variable {variable}" if variable else place_in_file(keys, path, text)


def _variable_of(keys: Sequence[str]) -> str | None:
    """Give the environment variable that sets a key as it is spelt there, which may be in any case."""
    name = PREFIX + DELIMITER.join(keys).upper()
    return next((variable for variable in os.environ if variable.upper() == name), None)


def place_in_file(keys: Sequence[str], path: Path, text: str) -> str:
    """Name a key with the line that sets it: its own, or that of its table."""
    section = re.search(rf"^\s*\[+\s*{re.escape(keys[0])}\s*\]", text, re.MULTILINE)
    start = section.end() if section else 0
    key = re.compile(rf"^\s*[\"']?{re.escape(keys[-1])}[\"']?\s*=", re.MULTILINE).search(text, start)
    found = key or section
    line = text.count("\n", 0, found.end()) + 1 if found else 1
    return f"{path}, line {line}: {'.'.join(keys)}"
