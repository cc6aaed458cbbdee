"""The groups and words of RTF, one after the other."""

import re
from dataclasses import dataclass, field, replace

from qa_bot.reading.rtf.parts import Group, Paragraph
from qa_bot.reading.rtf.styles import Styles, depth_of
from qa_bot.reading.rtf.words import (
    CHANGED,
    CHARSETS,
    CODE_PAGES,
    DATE_PARTS,
    DAYS,
    HIDING,
    INFO,
    PARAGRAPH_ENDS,
    PLACES,
    PLACING,
    RAISING,
    SEEN_ALL_THE_SAME,
    SHOWN,
    SIGNS,
    SWITCHES,
    TOKEN,
    UNSEEN,
    codec_of,
)
from qa_bot.reading.structure import EXPONENT, SUPERSCRIPTS
from qa_bot.reading.xml_trees import fit_for_xml

DEEPEST_HEADING = 6
SURROGATES = 0x10000
# A sign or number opens an item if a space or a tab sets it apart; numbers need a tab, for sentences may begin with them.
ITEM = re.compile(r"([•·▪◦])\s+|([•·▪◦–—-]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxlcIVXLC]{1,6})[.)])\t\s*")
DEEPEST_LEVEL = 8
# So many characters at most stand for one that could not be written otherwise.
MOST_SKIPPED = 100


@dataclass
class Parser:
    """A reader of RTF; `parse` fills ``paragraphs``, what the file says of itself, and whether changes are tracked."""

    text: str
    paragraphs: list[Paragraph] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)
    days: dict[str, str] = field(default_factory=dict)
    changed: bool = False
    titled: bool = False
    group: Group = field(default_factory=Group)
    stack: list[Group] = field(default_factory=list)
    # Pieces of text by where they go, and bytes that are not decoded yet, since some characters have two.
    pieces: dict[str, list[str]] = field(default_factory=dict)
    waiting: bytearray = field(default_factory=bytearray)
    # The paragraph at hand: its depth, kind and level, its cells, and what stands beside it.
    depth: int = 0
    kind: str = ""
    level: int = 0
    in_table: bool = False
    cells: list[str] = field(default_factory=list)
    beside: list[Paragraph] = field(default_factory=list)
    styles: Styles = field(default_factory=Styles)
    # Codecs of fonts, and the number of the one that is being described.
    codecs: dict[int, str] = field(default_factory=dict)
    described: int = 0
    codec: str = "cp1252"
    notes: int = 0
    skipped: int = 0
    marked: bool = False

    def parse(self) -> None:
        """Read all of it; what is left open at the end ends there."""
        at = 0
        while token := TOKEN.search(self.text, at):
            word, number, byte, sign, edge, words = token.groups()
            # What "bin" counts are no words.
            at = token.end() + (max(int(number or 0), 0) if word == "bin" else 0)
            if byte is not None:
                self._take_byte(int(byte, 16))
                continue
            self._decode()
            if word is not None:
                self._take(word, int(number) if number else None)
            elif words is not None:
                self._take_text(words)
            elif edge is not None:
                self._take_edge(edge)
            elif sign == "*":
                self.marked = True
            else:
                self._add(SIGNS.get(sign or "", ""))
        self._decode()
        self._end_paragraph()

    def _take_edge(self, edge: str) -> None:
        if edge == "{":
            self.stack.append(self.group)
            self.skipped = 0
        else:
            self._close()

    def _close(self) -> None:
        ended = self.group
        if ended.to == "stylesheet":
            self.styles.describe(self._text("stylesheet"))
        self.group = self.stack.pop() if self.stack else Group(to="")
        self.skipped, self.marked = 0, False
        if ended.to == self.group.to:
            return
        if ended.to in {"note", "box"}:
            self._end_beside(ended.to)
        elif ended.to in INFO:
            self.said[ended.to] = self._text(ended.to)

    def _take(self, word: str, number: int | None) -> None:
        marked, self.marked = self.marked, False
        known = SIGNS.get(word)
        if word == "u" and number is not None:
            self._add_character(number)
        elif known is not None:
            self._add(known)
        elif word in PARAGRAPH_ENDS:
            self._end_line(word)
        elif word in UNSEEN or (marked and word not in SEEN_ALL_THE_SAME):
            self._redirect("")
        else:
            self._steer(word, number)

    def _redirect(self, to: str) -> None:
        """Send what follows in this group elsewhere; what stands in a group that is not read stays there."""
        if self.group.to:
            self.group = replace(self.group, to=to)

    def _steer(self, word: str, number: int | None) -> None:
        """Follow a word that changes how text is taken."""
        to = self.group.to
        if word in PLACES:
            self._redirect(PLACES[word])
        elif word in INFO | DAYS and to == "info":
            self._redirect(word)
        elif word in DATE_PARTS and to in DAYS:
            before = self.days.get(to, "")
            self.days[to] = f"{before}-{number or 0:02}" if before else f"{number or 0:04}"
        elif word in SWITCHES:
            self.changed = self.changed or (word in CHANGED and number != 0)
            raised = self.group.raised and word != "plain"
            self.group = replace(self.group, hidden=word in HIDING and number != 0, raised=raised)
        elif word in PLACING:
            self.group = replace(self.group, raised=word in RAISING and number != 0)
        elif word == "footnote":
            self.notes += 1
            self._redirect("note")
            self._add(f"[{self.notes}] ")
        elif word == "chftn" and to == "page":
            self._add(f"[{self.notes + 1}]")
        else:
            self._steer_encoding(word, number or 0)

    def _steer_encoding(self, word: str, number: int) -> None:
        """Follow a word about fonts and encodings."""
        if word == "uc":
            self.group = replace(self.group, after_unicode=min(max(number, 0), MOST_SKIPPED))
        elif word == "ansicpg" or word in CODE_PAGES:
            self.codec = CODE_PAGES.get(word) or codec_of(number)
            self.group = replace(self.group, codec=self.codec)
        elif word == "fcharset" and self.group.to == "fonttbl":
            self.codecs[self.described] = CHARSETS.get(number, self.codec)
        elif word == "f":
            self.described = number if self.group.to == "fonttbl" else self.described
            self.group = replace(self.group, codec=self.codecs.get(number, self.codec))
        else:
            self._steer_paragraph(word, number)

    def _steer_paragraph(self, word: str, number: int) -> None:
        """Follow a word about paragraphs, tables and styles."""
        if self.group.to == "stylesheet":
            self.styles.steer(word, number)
        elif self.group.to != "page":
            return
        elif word == "pard":
            self.depth, self.kind, self.level, self.in_table = 0, "", 0, False
        elif word == "s":
            self.depth, self.kind = self.styles.depths.get(number, 0), self.styles.kinds.get(number, "")
            self.titled = self.titled or number == self.styles.title
        elif word == "outlinelevel":
            self.depth = depth_of(number)
        elif word == "ilvl":
            self.level = min(max(number, 0), DEEPEST_LEVEL)
        elif word == "intbl":
            self.in_table = True
        elif word == "cell":
            self.cells.append(" ".join(f"{self._text('marker')} {self._text('page')}".split()))
        elif word == "row":
            self._end_row()

    def _take_text(self, words: str) -> None:
        """Take text as it stands; the first characters may only stand for what could not be written otherwise."""
        if self.skipped:
            dropped = min(self.skipped, len(words))
            words, self.skipped = words[dropped:], self.skipped - dropped
        if words.isascii():
            self._add(words)
        elif words:
            self.waiting += words.encode("latin-1")
            self._decode()

    def _take_byte(self, byte: int) -> None:
        if self.skipped:
            self.skipped -= 1
        else:
            self.waiting.append(byte)

    def _decode(self) -> None:
        if self.waiting:
            self._add(self.waiting.decode(self.group.codec, errors="replace"))
            self.waiting.clear()

    def _add_character(self, number: int) -> None:
        code = number + SURROGATES if number < 0 else number
        self._add(chr(code) if 0 < code < SURROGATES else "")
        self.skipped = self.group.after_unicode

    def _add(self, text: str) -> None:
        if self.group.to in SHOWN and not self.group.hidden:
            if self.group.raised and EXPONENT.fullmatch(text):
                text = text.translate(SUPERSCRIPTS)
            self.pieces.setdefault(self.group.to, []).append(text)

    def _text(self, to: str) -> str:
        """Give and forget what was sent somewhere; halves of characters beyond 16 bits are joined."""
        joined = "".join(self.pieces.pop(to, []))
        return fit_for_xml(joined.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))

    def _end_line(self, word: str) -> None:
        if self.group.to == "page":
            if word == "par" and self.in_table:
                self._add("\n")
            else:
                self._end_paragraph()
        elif self.group.to in {"note", "box"}:
            self._add("\n")

    def _end_paragraph(self) -> None:
        text, marker = self._text("page").strip(), self._text("marker").strip()
        if text:
            self.paragraphs.append(self._made(text, marker))
        self._end_asides()

    def _made(self, text: str, marker: str) -> Paragraph:
        if self.depth:
            text = f"{marker} {text}" if any(map(str.isalnum, marker)) else text
            return Paragraph(text, min(self.depth, DEEPEST_HEADING))
        opened = ITEM.match(text) if not marker and not self.kind else None
        if opened:
            marker, text = opened[0].strip(), text[opened.end() :]
        shown = marker if any(map(str.isalnum, marker)) else "-"
        return Paragraph(text, kind=self.kind, marker=shown if marker else None, level=self.level)

    def _end_asides(self) -> None:
        self.paragraphs += self.beside
        self.beside = []

    def _end_beside(self, to: str) -> None:
        self.beside += [Paragraph(line.strip()) for line in self._text(to).split("\n") if line.strip()]

    def _end_row(self) -> None:
        if self.cells:
            self.paragraphs.append(Paragraph(cells=tuple(self.cells)))
            self.cells = []
            self._end_asides()
