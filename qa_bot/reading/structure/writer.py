"""Paragraphs become a text and its blocks."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from qa_bot.reading.markdown import HEADING_SEPARATOR
from qa_bot.records import Block, Role

# Lists, tables and code that are longer are cut at a line end: one vector cannot stand for more.
LONGEST_LINES = 2_000


@dataclass
class Writer:
    """A text in the making; paragraphs are blank lines apart."""

    titled: bool
    parts: list[str] = field(default_factory=list)
    length: int = 0
    blocks: list[Block] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All that has been written."""
        return "".join(self.parts)

    def write(self, paragraph: str, role: Role | None = None, *, lines: bool = False) -> None:
        """Write a paragraph under the headings above it."""
        self._append(paragraph, "\n\n", role, self._path(), lines=lines)

    def write_heading(self, text: str, depth: int) -> None:
        """Write a heading, which takes the place of those that are as deep or deeper."""
        if not text.strip():
            return
        if depth == 1 and self.titled and not self.headings:
            self.titled = False
            self._append(text, "\n\n", Role.TITLE, None)
            return
        self.leave_headings(depth)
        self._append(text, "\n\n", Role.HEADING, self._path())
        self.headings.append((depth, text))

    def leave_headings(self, depth: int) -> None:
        """End what stands under headings of this depth and deeper ones."""
        self.headings = [heading for heading in self.headings if heading[0] < depth]

    def write_lines(self, lines: Sequence[str], role: Role | None = None) -> None:
        """Write lines that belong together, in as many blocks as their length asks for."""
        separator, run, length = "\n\n", list[str](), 0
        for line in lines:
            if run and length + len(line) > LONGEST_LINES:
                self._append("\n".join(run), separator, role, self._path(), lines=True)
                separator, run, length = "\n", [], 0
            run.append(line)
            length += len(line) + 1
        self._append("\n".join(run), separator, role, self._path(), lines=True)

    def _append(
        self, words: str, separator: str, role: Role | None, heading: str | None, *, lines: bool = False
    ) -> None:
        words = words.strip("\n").rstrip()
        stripped = words.lstrip()
        if not stripped:
            return
        if self.parts:
            self.parts.append(separator)
            self.length += len(separator)
        start = self.length + len(words) - len(stripped)
        self.parts.append(words)
        self.length += len(words)
        self.blocks.append(Block(start, self.length, role, heading, lines=lines))

    def _path(self) -> str | None:
        return HEADING_SEPARATOR.join(text for _, text in self.headings) or None
