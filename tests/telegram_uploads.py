"""Documents that an admin sends, and what the bot says to them."""

from pathlib import Path
from typing import Any

from telegram_conversation import Talk, texts
from telegram_emulator.parameters import Json
from telegram_emulator.people import Person

ADMIN = 1_000_001
WELL = "When was the well of Korrin dug?"
WELL_MD = b"# The well\n\nThe well of Korrin was dug in 1640.\n\nIts water is sweet.\n"
HEADMASTER = "Who is the headmaster of the school?"
SCHOOL_MD = b"# The school\n\nThe headmaster of the school is Ada Brook.\n"
OLD, NEW = "The headmaster of the school is Oskar Lind.", "The headmaster of the school is Ada Brook."
TEXT_ONLY = "I can read text only: write me a question, and I answer with the exact words of my documents."
PREVIEW = (
    "The well\nwell.md · format md · language en\n3 paragraphs, of which 3 can be quoted\n"
    "The well of Korrin was dug in 1640.\nIt would be a new document."
)
ADDED = "Added: well.md. The index now holds 8 documents with 31 paragraphs."
UNDONE = "Undone: well.md is not among the documents any more. The index now holds 7 documents with 28 paragraphs."


def sends(talk: Talk, person: Person, name: str, content: bytes, **options: Any) -> Json:
    """Let a person send a document, and give what the bot says to that."""
    before = len(talk.shown(person))
    person.sends_document(name, content, **options)
    talk.settle()
    [*_, reply] = talk.shown(person)
    assert len(talk.shown(person)) == before + 1
    return reply


def answer(talk: Talk, person: Person, question: str) -> str:
    """Ask, and give the beginning of the answer."""
    return texts(talk.says(person, question))[0]


def waiting(seeds: Path) -> list[Path]:
    """List what waits."""
    return sorted((seeds / ".incoming").glob("*"))
