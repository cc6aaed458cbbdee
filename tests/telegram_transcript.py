"""Prints a conversation in a private chat, a group and a topic, as people see it: the bot itself, against the emulator.

``PYTHONPATH=tests python -m telegram_transcript`` prints what stands in the README.
"""

import itertools
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from telegram_emulator.core import Emulator
from telegram_emulator.http import HttpServer
from telegram_emulator.people import Person

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60
WIDTH = 100
BOT = "Bot"
QUESTIONS = (
    "To which cities would the operation move on?",
    "and who said that?",
    "What does bread cost in Benghazi?",
)

Json = dict[str, Any]


@contextmanager
def running_bot(emulator: Emulator, folder: Path) -> Iterator[None]:
    """Run the bot over the documents in ``seeds/``."""
    with HttpServer(emulator) as server:
        settings = {
            "QA_BOT_TELEGRAM__TOKEN": emulator.token,
            "QA_BOT_TELEGRAM__BASE_URL": server.base_url,
            "QA_BOT_TELEGRAM__BASE_FILE_URL": server.base_file_url,
            "QA_BOT_TELEGRAM__POLL_SECONDS": "1",
            "QA_BOT_PATHS__TELEGRAM": str(folder / "telegram.sqlite3"),
            "QA_BOT_PATHS__EMBEDDINGS": str(folder / "embeddings"),
        }
        kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
        process = subprocess.Popen([sys.executable, "-m", "qa_bot", "telegram"], cwd=ROOT, env=kept | settings)
        try:
            yield
        finally:
            process.terminate()
            process.wait(PATIENCE)


def transcript(folder: Path) -> Iterator[str]:
    """Yield the lines of the conversation."""
    with Emulator(hasty_polls_wait=False) as emulator, running_bot(emulator, folder):
        ann, ben = emulator.person("Ann"), emulator.person("Ben")
        yield "── Ann, in private ──"
        for question in QUESTIONS:
            yield from _asked(emulator, ann, question)
        group = ann.creates_supergroup("Newsroom")
        ben.joins(group)
        yield ""
        yield "── Newsroom, a group ──"
        ben.says("Morning, everyone.", chat=group)
        yield from _line("Ben", "Morning, everyone.")
        yield from _asked(emulator, ben, "/ask How many people were killed on Sept. 19?", group)
        forum = ann.creates_supergroup("Desk", forum=True)
        thread = ann.opens_topic(forum, "Libya")
        yield ""
        yield "── Desk › Libya, a topic ──"
        yield from _asked(emulator, ann, "/ask Who is Bernardino Leon?", forum, thread)


def _asked(emulator: Emulator, person: Person, text: str, chat: Any = None, thread: int = 0) -> Iterator[str]:
    """Ask, and yield question and answer."""
    place = chat or person
    before = len(emulator.answers(place))
    person.says(text, chat=chat, thread=thread)
    emulator.wait_for_answers(place, before + 1, timeout=PATIENCE)
    yield from _line(str(person.user["first_name"]), text)
    given = [message for message in emulator.shown(place) if message["from"]["is_bot"]]
    for message in given[before:]:
        assert message.get("message_thread_id", 0) == thread
        yield from _line(BOT, _formatted(message))
        for row in message.get("reply_markup", {}).get("inline_keyboard", []):
            yield "      " + " ".join(f"[ {button['text']} ]" for button in row)


def _line(name: str, text: str) -> Iterator[str]:
    for number, line in enumerate(text.split("\n")):
        yield f"{name if not number else '':4}  {line}".rstrip()


def _formatted(message: Json) -> str:
    """Mark quotations with a bar, and what is bold with stars."""
    units = message["text"].encode("utf-16-le")
    marks: dict[int, str] = {}
    for entity in message.get("entities", []):
        start, end = entity["offset"], entity["offset"] + entity["length"]
        if entity["type"] == "bold":
            marks[start], marks[end] = marks.get(start, "") + "*", "*" + marks.get(end, "")
        if entity["type"] == "expandable_blockquote":
            marks[start] = "┃ " + marks.get(start, "")
    edges = sorted({0, *marks, len(units) // 2})
    parts = [
        marks.get(first, "") + units[2 * first : 2 * last].decode("utf-16-le")
        for first, last in itertools.pairwise(edges)
    ]
    return "".join(parts) + marks.get(edges[-1], "")


def main() -> None:
    """Print the conversation."""
    with tempfile.TemporaryDirectory() as folder:
        print("\n".join(transcript(Path(folder))))  # noqa: T201 - a command


if __name__ == "__main__":
    main()
