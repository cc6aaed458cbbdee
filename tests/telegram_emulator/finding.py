"""What the server finds in a text by itself: commands, mentions, hashtags, addresses."""

import re
from collections.abc import Iterator

from telegram_emulator.entities import Entity, overlap

# The endings of bare addresses that tests use; the real list has more than a thousand.
ENDINGS = "com|org|net|io|dev|me|app|info|edu|gov|co|uk|de|fr|ru|eu"
PATTERNS = (
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?![\w@])")),
    ("url", re.compile(rf"(?i)(?<![\w@.])(?:https?://[^\s<>\"]+|(?:[a-z0-9-]+\.)+(?:{ENDINGS})(?![\w.-])(?:/[^\s<>\"]*)?)")),
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>@])")),
    ("mention", re.compile(r"(?<!\w)@[A-Za-z0-9_]{3,32}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w#])#(?=\w*[^\W\d])\w{1,256}(?![\w#])")),
)  # fmt: skip
# A sentence's own marks after an address are not part of it.
AFTER_ADDRESS = ".,;:!?)'\""


def find(text: str) -> list[Entity]:
    """Give the parts in their order; where two overlap, the kind that stands first in the table wins."""
    found: list[Entity] = []
    for entity in candidates(text):
        if not any(overlap(entity, other) for other in found):
            found.append(entity)
    return sorted(found, key=lambda entity: entity.start)


def candidates(text: str) -> Iterator[Entity]:
    """Give all that look like something."""
    for kind, pattern in PATTERNS:
        for match in pattern.finditer(text):
            end = match.end()
            while kind == "url" and text[end - 1] in AFTER_ADDRESS:
                end -= 1
            yield Entity(kind, match.start(), end)
