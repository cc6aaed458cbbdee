"""What the properties of an office document say of it, as far as it can be relied upon."""

import re
from dataclasses import dataclass

from qa_bot.errors import ReadError
from qa_bot.reading.archives import Archive
from qa_bot.reading.properties import authors_of, day_of
from qa_bot.reading.xml_trees import tree_of

# Titles that programs make up, or that were left over from a template.
MADE_UP = re.compile(
    r"(?:microsoft word\b.*|(?:untitled|document|dokument|doc|title|titel|template|vorlage|unbenannt|word)[ _-]*\d*"
    r"|.*\.(?:docx?|dotx?|odt|rtf|pdf|indd))",
    re.IGNORECASE,
)
# Programs give days before this where their clock was not set.
FIRST_DAY = "1985-01-01"


@dataclass(frozen=True, slots=True)
class Properties:
    """Title, author, and the day that a document was last written to, which is the day since when its words are these."""

    title: str = ""
    author: str | None = None
    date: str | None = None

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
        dates = [day for name in days if (day := day_of(said.get(name, ""))) and day >= FIRST_DAY]
        title = " ".join(said.get("title", "").split())
        return cls(
            title="" if MADE_UP.fullmatch(title) else title,
            author=authors_of([said.get(creator) or said.get("creator", "")]),
            date=dates[0] if dates else None,
        )
