"""What Rich Text is read into, and what holds while it is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; ``depth`` is that of a heading or 0, ``kind`` the element of HTML of some others, ``cells`` those of a row.

    ``marker`` is what stands before an item, ``level`` how deep that one is set.
    """

    text: str = ""
    depth: int = 0
    kind: str = ""
    marker: str | None = None
    level: int = 0
    cells: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """What holds until a group ends: where its text goes, and how its bytes are read."""

    to: str = "page"
    codec: str = "cp1252"
    after_unicode: int = 1
    hidden: bool = False
    raised: bool = False
