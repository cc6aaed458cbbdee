"""Receipts: a short string by which an excerpt can be checked later, against the document as it is then.

A receipt is ``document#start-end-digest``; the digest is of the quoted words. It needs no index and no record of the
answer: whoever has the receipt and the document can check.
"""

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from qa_bot.errors import ReceiptError
from qa_bot.records import Document, Paragraph

FORM = re.compile(r"(?P<document>.+)#(?P<start>[0-9]{1,18})-(?P<end>[0-9]{1,18})-(?P<digest>[0-9a-f]{16})", re.DOTALL)
DIGEST_BYTES = 8
# Where a word begins, or a mark before one.
BEGIN = re.compile(r"(?<!\w)\S")
# Looking at every word takes half a second for so many characters.
SEARCHED = 2_000_000


class Verdict(StrEnum):
    """What became of quoted words."""

    INTACT = "intact"
    MOVED = "moved"
    KEPT = "kept"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Receipt:
    """Which words were quoted: the document's name, their offsets in its text, and their digest."""

    document: str
    start: int
    end: int
    digest: str

    @classmethod
    def of(cls, document: Document, start: int, end: int) -> "Receipt":
        """Make the receipt of an excerpt."""
        return cls(document.name, start, end, _digest(document.text[start:end]))

    @classmethod
    def parse(cls, text: str) -> "Receipt":
        """Read what `str` wrote. Raises `ReceiptError`."""
        match = FORM.fullmatch(text.rstrip())
        if match is None:
            msg = "that is no receipt: it has the form document#start-end-digest, as ask --json prints it"
            raise ReceiptError(msg)
        return cls(match["document"], int(match["start"]), int(match["end"]), match["digest"])

    def __str__(self) -> str:
        """Write the receipt so that `parse` can read it."""
        return f"{self.document}#{self.start}-{self.end}-{self.digest}"

    def fits(self, text: str) -> bool:
        """Tell whether a text holds the quoted words just where they stood."""
        return _digest(text[self.start : self.end]) == self.digest

    def check(self, document: Document, paragraphs: tuple[Paragraph, ...]) -> tuple[Verdict, int | None]:
        """Look for the quoted words in the document as it is now; gives where they start, if they are there."""
        length = self.end - self.start
        if self.fits(document.text):
            return Verdict.INTACT, self.start
        # Excerpts are paragraphs, so words that moved mostly begin where a paragraph begins; joined to another one, where
        # a word does.
        begins = (paragraph.start for paragraph in paragraphs)
        words = (match.start() for match in BEGIN.finditer(document.text, 0, SEARCHED))
        for start in chain(begins, words):
            if _digest(document.text[start : start + length]) == self.digest:
                return Verdict.MOVED, start
        return Verdict.CHANGED, None


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=DIGEST_BYTES).hexdigest()
