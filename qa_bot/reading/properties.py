"""What a file says of itself, in the forms that a document keeps it in; what has no such form is left out."""

import datetime as dt
import re
from collections.abc import Iterable

from qa_bot.languages import SAME

DAY = re.compile(r"\s*(\d{4}-\d{2}-\d{2})(?!\d)")
ADDRESS = re.compile(r"\s*(https?://[^\s\"'<>]+)\s*", re.IGNORECASE)
# Two or three letters, then perhaps country or script: "en", "pt-BR", "zh_Hant".
LANGUAGE = re.compile(r"\s*([A-Za-z]{2,3})(?:[-_][A-Za-z0-9-_]*)?\s*")
# Other codes for languages: with three letters, for one of two that are written alike, and such as were given up.
OTHER_CODES = {
    "nb": "no", "iw": "he", "in": "id", "cmn": "zh", "ara": "ar", "ces": "cs", "chi": "zh", "cze": "cs", "dan": "da", "deu": "de",
    "dut": "nl", "ell": "el", "eng": "en", "fin": "fi", "fra": "fr", "fre": "fr", "ger": "de", "gre": "el", "heb": "he", "hin": "hi",
    "hun": "hu", "ita": "it", "jpn": "ja", "kor": "ko", "nld": "nl", "nno": "no", "nob": "no", "nor": "no", "pol": "pl", "por": "pt",
    "ron": "ro", "rum": "ro", "rus": "ru", "spa": "es", "swe": "sv", "tur": "tr", "ukr": "uk", "zho": "zh",
}  # fmt: skip
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
    known = OTHER_CODES.get(code[1].lower(), code[1].lower())
    return SAME.get(known, known)


def authors_of(names: Iterable[str]) -> str | None:
    """Join the names of authors, each once."""
    found = dict.fromkeys(BLANKS.sub(" ", name).strip() for name in names)
    return ", ".join(name for name in found if name)[:LONGEST_AUTHOR] or None
