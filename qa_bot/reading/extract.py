"""What a format makes of the bytes of a file."""

from collections.abc import Callable
from dataclasses import dataclass

from qa_bot.records import Block


@dataclass(frozen=True, slots=True)
class Extract:
    """The text that can be quoted, its blocks, and what the file says of itself.

    ``blocks`` are in order, without overlap, and hold every non-blank character of ``text``. ``title`` is the one that the
    file's own description gives, where it can be relied upon; a block of the role of a title counts else. ``source`` is an
    address on the web, ``date`` a day in ISO form, ``language`` a code of ISO 639; each is left out where the file is silent.
    """

    text: str
    blocks: tuple[Block, ...]
    title: str = ""
    author: str | None = None
    source: str | None = None
    date: str | None = None
    language: str | None = None
    warnings: tuple[str, ...] = ()


# Takes the bytes of a file; raises `ReadError` where they are not what the file's name promises.
Format = Callable[[bytes], Extract]
