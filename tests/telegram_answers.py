"""Answers made of any text, as the engine makes them, and what people see of them in Telegram."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from telegram_emulator.core import Emulator
from telegram_emulator.people import Person
from telegram_emulator.texts import clean
from test_answering import evidence_of

from qa_bot.answering import quote
from qa_bot.channels.telegram.formatted import Formatted
from qa_bot.channels.telegram.rendering import Screens
from qa_bot.reading.plain import plain_blocks
from qa_bot.records import Answer, Document, Excerpt, IndexInfo, Status, Timings
from qa_bot.splitting import split

QUOTES = {"blockquote", "expandable_blockquote"}
CITATION = re.compile(r"\[(\d+)\] .*?(?: · part (\d+) of (\d+))?(?=\n\n|$)")
# The server replaces marks of direction that stand in a row; where a row is cut, one of them is left.
MARKS = str.maketrans("\u200e\u200f", "\u200c\u200c")


def document_from(
    text: str, title: str = "A title", source: str = "a.txt", name: str = "a.txt", date: str | None = None
) -> Document:
    """Make a document of a text as it would be read from a file."""
    return Document(name, title, source, text, plain_blocks(text), "digest", date=date)


def excerpts_of(document: Document, *totals: float, first: int = 1) -> list[Excerpt]:
    """Quote every paragraph of a document; ``totals`` are the scores of each one's sentences, as far as they go."""
    found = []
    for number, paragraph in enumerate(split(document), start=1):
        count = len(paragraph.sentences)
        scores = [*totals, *[-9.0] * count][:count]
        found.append(quote(evidence_of(document, number, totals=scores), first + number - 1))
    return found


def answer_of(
    *excerpts: Excerpt,
    further: Sequence[Excerpt] = (),
    near: Sequence[Excerpt] = (),
    conflicts: Sequence[int] = (),
    confidence: float = 0.9,
    question: str = "What?",
) -> Answer:
    """Make an answer; without excerpts it says that there is none."""
    return Answer(
        question=question,
        status=Status.ANSWERED if excerpts else Status.NOT_FOUND,
        confidence=confidence,
        excerpts=tuple(excerpts),
        further=tuple(further),
        near=tuple(near),
        ranking=(),
        index=IndexInfo(7, "words"),
        timings=Timings(encode=0, retrieve=0, evidence=0, total=0),
        conflicts=tuple(conflicts),
    )


class Seen(NamedTuple):
    """A quotation as it is seen: which excerpt and which part of how many, its words, and those in bold."""

    number: int
    part: int
    parts: int
    words: str
    bold: str


def sent(emulator: Emulator, person: Person, text: Formatted) -> dict[str, Any]:
    """Send a text with its formatting, and give the message as the server keeps it."""
    entities = [entity.to_dict() for entity in text.entities()]
    reply = emulator.ask("sendMessage", chat_id=person.id, text=text.text, entities=entities)
    assert reply["ok"], reply
    message: dict[str, Any] = reply["result"]
    return message


def sent_all(emulator: Emulator, screens: Screens) -> list[dict[str, Any]]:
    """Send every message of an answer to somebody."""
    person = emulator.person("Ann")
    person.says("Hello")
    return [sent(emulator, person, screen.text) for screen in screens.all]


def covered(message: dict[str, Any], kinds: Iterable[str]) -> list[str]:
    """Give the words that entities of some kinds cover, in their order."""
    units = message["text"].encode("utf-16-le")
    return [
        units[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le")
        for entity in message.get("entities", [])
        if entity["type"] in kinds
    ]


def seen(message: dict[str, Any]) -> list[Seen]:
    """Read the quotations out of a message, each with the citation under it."""
    units = message["text"].encode("utf-16-le")
    found = []
    for entity in message.get("entities", []):
        if entity["type"] not in QUOTES:
            continue
        start, end = entity["offset"], entity["offset"] + entity["length"]
        below = units[2 * end :].decode("utf-16-le")
        assert below.startswith("\n")
        cited = CITATION.match(below, 1)
        assert cited, below[:200]
        within = [
            other
            for other in message["entities"]
            if other["type"] == "bold" and start <= other["offset"] and other["offset"] + other["length"] <= end
        ]
        bold = "".join(covered(message | {"entities": within}, {"bold"}))
        words = units[2 * start : 2 * end].decode("utf-16-le")
        found.append(Seen(int(cited[1]), int(cited[2] or 1), int(cited[3] or 1), words, bold))
    return found


def as_shown(text: str) -> str:
    """Give words as the server shows them."""
    return clean(text)


def bare(text: str) -> str:
    """Give the characters of a text as the server shows them, blanks left out."""
    return "".join(character for character in clean(text).translate(MARKS) if not character.isspace())
