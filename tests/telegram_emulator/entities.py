"""What is said of parts of a text: sorted, made to nest, and cut where parts overlap, as the real server does."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from telegram_emulator.parameters import Json

SPLITTABLE = ("bold", "italic", "underline", "strikethrough", "spoiler")
CODE = ("pre", "code")
QUOTES = ("blockquote", "expandable_blockquote")
# The order among parts that begin and end together.
PRIORITY = {
    "blockquote": 0, "expandable_blockquote": 0, "pre": 10, "code": 20, "text_link": 49, "text_mention": 49,
    "bold": 90, "italic": 91, "underline": 92, "strikethrough": 93, "spoiler": 94, "custom_emoji": 99,
}  # fmt: skip
OTHERS = 50


@dataclass(frozen=True)
class Entity:
    """A part of a text, from a code point to another, and what it is."""

    kind: str
    start: int
    end: int
    extra: Json = field(default_factory=dict, compare=False)


def order(entity: Entity) -> tuple[int, int, int]:
    """Sort by the beginning, longer ones first."""
    return entity.start, -entity.end, PRIORITY.get(entity.kind, OTHERS)


def overlap(one: Entity, other: Entity) -> bool:
    """Say whether two parts share a character."""
    return one.start < other.end and other.start < one.end


def crosses(one: Entity, quote: Entity) -> bool:
    """Say whether a part shares characters with a quotation and is not inside it."""
    return overlap(one, quote) and not (quote.start <= one.start and one.end <= quote.end)


def tidy(entities: Iterable[Entity]) -> list[Entity]:
    """Keep what may stand together: parts that nest already stay as they are."""
    parts = sorted((entity for entity in entities if entity.end > entity.start), key=order)
    if nested_well(parts):
        return parts
    quotes = first_come([part for part in parts if part.kind in QUOTES])
    solid = first_come([part for part in parts if part.kind not in QUOTES + SPLITTABLE])
    solid = [part for part in solid if not any(crosses(part, quote) for quote in quotes)]
    standing = quotes + solid
    return sorted([*standing, *cut([part for part in parts if part.kind in SPLITTABLE], standing)], key=order)


def nested_well(parts: list[Entity]) -> bool:
    """Say whether sorted parts nest, and only in what may hold them."""
    around: list[Entity] = []
    for part in parts:
        around = [other for other in around if part.start < other.end]
        if any(part.end > other.end or not may_hold(other.kind, part.kind) for other in around):
            return False
        around.append(part)
    return True


def may_hold(outer: str, inner: str) -> bool:
    """Say whether one kind may stand in another."""
    if outer in CODE or outer == inner or (outer in QUOTES and inner in QUOTES):
        return False
    if inner in CODE:
        return outer in QUOTES
    if inner in QUOTES:
        return outer in SPLITTABLE
    return inner in SPLITTABLE or outer in SPLITTABLE + QUOTES


def first_come(parts: list[Entity]) -> list[Entity]:
    """Keep of parts that overlap the one that begins first."""
    kept: list[Entity] = []
    for part in parts:
        if not kept or part.start >= kept[-1].end:
            kept.append(part)
    return kept


def cut(parts: list[Entity], standing: list[Entity]) -> list[Entity]:
    """Join the parts of each kind that touch, cut them where something else begins or ends, and spare code."""
    borders = sorted({border for other in standing for border in (other.start, other.end)})
    code = [other for other in standing if other.kind in CODE]
    pieces = []
    for kind in SPLITTABLE:
        for part in joined([part for part in parts if part.kind == kind]):
            inner = [border for border in borders if part.start < border < part.end]
            for start, end in zip([part.start, *inner], [*inner, part.end], strict=True):
                piece = replace(part, start=start, end=end)
                if not any(overlap(piece, block) for block in code):
                    pieces.append(piece)
    return pieces


def joined(parts: list[Entity]) -> list[Entity]:
    """Make one of parts that touch."""
    result: list[Entity] = []
    for part in parts:
        if result and part.start <= result[-1].end:
            result[-1] = replace(result[-1], end=max(part.end, result[-1].end))
        else:
            result.append(part)
    return result


def with_found(entities: list[Entity], found: Iterable[Entity]) -> list[Entity]:
    """Add what the server finds by itself, where nothing solid stands already."""
    solid = [entity for entity in entities if entity.kind not in QUOTES + SPLITTABLE]
    quotes = [entity for entity in entities if entity.kind in QUOTES]
    new = [
        entity
        for entity in found
        if not any(overlap(entity, other) for other in solid) and not any(crosses(entity, quote) for quote in quotes)
    ]
    return tidy([*entities, *new]) if new else entities
