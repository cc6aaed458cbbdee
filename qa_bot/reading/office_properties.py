"""What the properties of an office document say of it, as far as it can be relied upon."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from qa_bot.errors import ReadError
from qa_bot.reading.archives import Archive
from qa_bot.reading.extract import Extract
from qa_bot.reading.properties import authors_of, day_of
from qa_bot.reading.xml_trees import tree_of
from qa_bot.records import Block, Role

# Titles that programs make up, or that were left over from a template.
MADE_UP = re.compile(
    r"(?:microsoft word\b.*|(?:untitled|document|dokument|doc|title|titel|template|vorlage|unbenannt|word)[ _-]*\d*"
    r"|.*\.(?:docx?|dotx?|odt|rtf|pdf|indd))",
    re.IGNORECASE,
)
# Programs give days before this where their clock was not set.
FIRST_DAY = "1985-01-01"
NESTED = "is nested too deeply: save it as another format, or remove it"
CHANGES = "holds tracked changes: read as if all were accepted"


@dataclass(frozen=True, slots=True)
class Properties:
    """Title, author, and the day that a document was last written to, which is the day since when its words are these."""

    title: str = ""
    author: str | None = None
    date: str | None = None

    @classmethod
    def of(cls, title: str, author: str, dates: Iterable[str]) -> "Properties":
        """Keep of what a document says what is no invention of a program; of the dates, the first one that is sound."""
        title = " ".join(title.split())
        days = (day for day in map(day_of, dates) if day and day >= FIRST_DAY)
        return cls("" if MADE_UP.fullmatch(title) else title, authors_of([author]), next(days, None))

    @classmethod
    def of_core(cls, archive: Archive) -> "Properties":
        """Read the properties that Office keeps in ``docProps/core.xml``."""
        return cls._of(archive, "docProps/core.xml", "creator", ("modified", "created"))

    @classmethod
    def of_meta(cls, archive: Archive) -> "Properties":
        """Read the properties that OpenDocument keeps in ``meta.xml``."""
        return cls._of(archive, "meta.xml", "initial-creator", ("date", "creation-date"))

    @classmethod
    def _of(cls, archive: Archive, part: str, creator: str, days: tuple[str, ...]) -> "Properties":
        """Read properties; where they cannot be read, there are none: the text is what matters."""
        try:
            root = tree_of(archive.read(part), part)
        except ReadError:
            return cls()
        said = {str(node.tag).rpartition("}")[2]: "".join(node.itertext()) for node in root.iter("*") if not len(node)}
        author = said.get(creator) or said.get("creator", "")
        return cls.of(said.get("title", ""), author, (said.get(name, "") for name in days))

    def extract(self, text: str, blocks: tuple[Block, ...], *, changed: bool) -> Extract:
        """Describe a text by these; a title that stands in the text itself comes before the one that they name.

        Args:
            text: the text.
            blocks: its blocks.
            changed: whether it holds tracked changes.

        """
        titled = any(block.role is Role.TITLE for block in blocks)
        warnings = (CHANGES,) if changed else ()
        return Extract(
            text, blocks, title="" if titled else self.title, author=self.author, date=self.date, warnings=warnings
        )
