"""What a file says of itself, in the forms that a document keeps it in; what has no such form is left out."""

import datetime as dt
import re
from collections.abc import Iterable

from qa_bot.languages import SAME

DAY = re.compile(r"\s*(\d{4}-\d{2}-\d{2})(?!\d)")
ADDRESS = re.compile(r"\s*(https?://[^\s\"'<>]+)\s*", re.IGNORECASE)
# Two or three letters, then perhaps country or script: "en", "pt-BR", "zh_Hant".
LANGUAGE = re.compile(r"\s*([A-Za-z]{2,3})(?:[-_][A-Za-z0-9-_]*)?\s*")
# Codes that say nothing.
NO_LANGUAGE = {"und", "mul", "zxx", "mis"}
LONGEST_AUTHOR = 200
BLANKS = re.compile(r"\s+")


def day_of(text: str) -> str | None:
    """Give the day that a date or a moment in ISO form begins with, if there is such a day."""
    day = DAY.match(text)
    try:
        return dt.date.fromisoformat(day[1]).isoformat() if day else None
    except ValueError:
        return None


def address_of(text: str) -> str | None:
    """Give an address on the web, if that is all the text is."""
    address = ADDRESS.fullmatch(text)
    return address[1] if address else None


def language_code(text: str) -> str | None:
    """Give the code of a language without country and script, if it is one."""
    code = LANGUAGE.fullmatch(text)
    if code is None or code[1].lower() in NO_LANGUAGE:
        return None
    return SAME.get(code[1].lower(), code[1].lower())


def authors_of(names: Iterable[str]) -> str | None:
    """Join the names of authors, each once."""
    found = dict.fromkeys(BLANKS.sub(" ", name).strip() for name in names)
    return ", ".join(name for name in found if name)[:LONGEST_AUTHOR] or None
