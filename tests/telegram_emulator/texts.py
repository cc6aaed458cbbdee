"""What becomes of a text on its way through the server: cleaned, trimmed, measured; ``Message.text`` is the truth."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any, NamedTuple

from telegram_emulator.entities import Entity, order, tidy, with_found
from telegram_emulator.errors import refuse
from telegram_emulator.finding import find
from telegram_emulator.markup import checked_address, parse_html, utf16
from telegram_emulator.parameters import Json

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
LONGEST_BYTES = 1 << 15
LARGEST_OFFSET = 1_000_000
# What a message has beyond this number is lost without a word.
MOST_ENTITIES = 100

TO_SPACE = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f]")
# Line and paragraph separators, bidirectional embeddings and overrides, and three marks that draw vertical lines.
REMOVED = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
DIRECTION_MARKS = re.compile("[\u200e\u200f]+(?=[\u200e\u200f])")
BLANK = " \n"
# What looks like nothing; a text of nothing else is no text.
INVISIBLE = re.compile(
    "[ \n\u00a0\u1680\u180e\u2000-\u200f\u202e\u202f\u205f\u2800\u3000\ufeff\ufffc\U000e0000-\U000e007f]*"
)
# Found by the server itself; named by a bot, they are passed over.
PASSED_OVER = frozenset({
    "mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bank_card_number",
})  # fmt: skip
PLAIN = frozenset({
    "bold", "italic", "underline", "strikethrough", "spoiler", "code", "blockquote", "expandable_blockquote",
})  # fmt: skip
# Kinds that say more than where they stand.
DETAILS = {
    "pre": ("language",),
    "text_link": ("url",),
    "text_mention": ("user",),
    "custom_emoji": ("custom_emoji_id",),
    "date_time": ("unix_time",),
}


class Formatted(NamedTuple):
    """A text as it is shown, and its entities with offsets in UTF-16 units."""

    text: str
    entities: list[Json]


def read(text: str, parse_mode: str, entities: Any) -> Formatted:
    """Read what a bot sends as a text: marked up, or with entities beside it."""
    if len(text.encode("utf-8", "surrogatepass")) > LONGEST_BYTES:
        refuse("Text is too long")
    mode = parse_mode.lower()
    if text and mode not in {"", "none"}:
        if mode != "html":
            # Markdown is not spoken here: a test that uses it must learn so.
            refuse("Unsupported parse_mode")
        return settle(*parse_html(text))
    asked = [known(entity) for entity in entities] if isinstance(entities, list) else []
    return settle(text, [entity for entity in asked if entity is not None])


def known(entity: Any) -> Json | None:
    """Check the form of an entity; nothing is left of one that the server finds by itself."""
    if not isinstance(entity, dict):
        refuse("Can't parse MessageEntity: expected an Object")
    for name in ("offset", "length", "type"):
        if name not in entity:
            refuse(f"Can't parse MessageEntity: Can't find field \"{name}\"")
    kind = entity["type"]
    if kind in PASSED_OVER:
        return None
    if kind not in PLAIN | DETAILS.keys():
        refuse("Can't parse MessageEntity: Unsupported type specified")
    extra = {name: entity[name] for name in DETAILS.get(kind, ()) if entity.get(name)}
    if kind == "text_link":
        extra["url"] = checked_address(str(entity.get("url", "")))
        if not extra["url"]:
            refuse(f"Entity URL '{entity.get('url', '')}' is invalid: Wrong HTTP URL")
    return {"type": kind, "offset": entity["offset"], "length": entity["length"]} | extra


def settle(text: str, asked: Sequence[Json]) -> Formatted:
    """Clean a text, trim it, move its entities along, and add what is found in it."""
    parts = tidy(located(text, asked))
    if parts:
        moved = positions(text)
        parts = tidy(replace(part, start=moved[part.start], end=moved[part.end]) for part in parts)
    cleaned = clean(text)
    end = len(cleaned.rstrip(BLANK))
    if end == 0:
        refuse("Text must be non-empty")
    parts = [replace(part, end=min(part.end, end)) for part in parts if part.start < end]
    # Blanks at the beginning go, but none that an entity covers.
    border = min([part.start for part in parts], default=end)
    start = border - len(cleaned[:border].lstrip(BLANK))
    result = cleaned[start:end]
    if INVISIBLE.fullmatch(result):
        refuse("Text must be non-empty")
    parts = [replace(part, start=part.start - start, end=part.end - start) for part in parts]
    return Formatted(result, in_utf16(result, with_found(sorted(parts, key=order), find(result)))[:MOST_ENTITIES])


def clean(text: str) -> str:
    """Make control characters spaces and leave out what is never shown."""
    cleaned = REMOVED.sub("", TO_SPACE.sub(" ", text))
    return DIRECTION_MARKS.sub(lambda marks: "\u200c" * len(marks[0]), cleaned)


def positions(text: str) -> list[int]:
    """Give for each position in a text the one it has when the text is cleaned."""
    kept = (not REMOVED.match(character) for character in text)
    return list(accumulate(kept, initial=0))


def located(text: str, asked: Sequence[Json]) -> list[Entity]:
    """Find the characters that offsets in UTF-16 units stand for."""
    for entity in asked:
        for name in ("offset", "length"):
            if not 0 <= entity[name] <= LARGEST_OFFSET:
                refuse(f"Receive an entity with incorrect {name} {entity[name]}")
    if not asked:
        return []
    places, units = {}, 0
    for position, character in enumerate(text):
        places[units] = position
        units += utf16(character)
    places[units] = len(text)
    return [one(entity, places, units) for entity in asked if entity["length"]]


def one(entity: Json, places: dict[int, int], units: int) -> Entity:
    """Find the characters of one entity; none may lie outside, or begin or end within a character."""
    start, end = entity["offset"], entity["offset"] + entity["length"]
    if start >= units:
        refuse(f"Entity begins after the end of the text at UTF-16 offset {start}")
    if end > units:
        refuse(f"Entity beginning at UTF-16 offset {start} ends after the end of the text at UTF-16 offset {end}")
    if start not in places:
        refuse("Entity begins in a middle of a UTF-16 symbol")
    if end not in places:
        refuse(f"Entity beginning at UTF-16 offset {start} ends in a middle of a UTF-16 symbol")
    extra = {name: value for name, value in entity.items() if name not in {"type", "offset", "length"}}
    return Entity(entity["type"], places[start], places[end], extra)


def in_utf16(text: str, parts: Sequence[Entity]) -> list[Json]:
    """Give entities as they travel."""
    return [
        {
            "type": part.kind,
            "offset": utf16(text[: part.start]),
            "length": utf16(text[part.start : part.end]),
        }
        | part.extra
        for part in parts
    ]


def message_text(text: str, parse_mode: str, entities: Any) -> Formatted:
    """Check the text of a message."""
    if not text:
        refuse("Message text is empty")
    formatted = read(text, parse_mode, entities)
    if len(formatted.text) > LONGEST_TEXT:
        refuse("Message is too long")
    return formatted


def caption_text(text: str, parse_mode: str, entities: Any) -> Formatted:
    """Check a caption, which may be missing."""
    if not clean(text).strip(BLANK):
        return Formatted("", [])
    formatted = read(text, parse_mode, entities)
    if len(formatted.text) > LONGEST_CAPTION:
        refuse("Message caption is too long")
    return formatted
