"""What a line says becomes plain characters, and words that were broken at line ends become whole again."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from qa_bot.reading.pdf.pieces import HYPHENS
from qa_bot.surrogates import replace_surrogates

# Letters in the shapes that fonts keep for them: ligatures, and the forms of Arabic letters inside words.
PRESENTATION_FORMS = re.compile(r"[\ufb00-\ufb4f\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc]+")
# Fonts of symbols keep their signs at private places; what opens a line there is a bullet.
BULLETS = dict.fromkeys("\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf0a8\uf06e\uf071\uf0e0\uf0b0\uf06c\uf075\uf0d2\uf0b2", "•")
SYMBOLS, DELETE = 0xF000, 0x7F
PRIVATE = re.compile(r"[\ue000-\uf8ff]")
# Control characters, and what is not seen at all: marks without width or of direction, noncharacters.
UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufdd0-\ufdef\ufff0-\ufffb\ufffe\uffff]"
)
BLANKS = re.compile(r"[\s\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
BROKEN = re.compile(rf"([^\W_](?:[\w'’]|[-\u2010](?=\w))*)(?<=[^\W\d_])[{HYPHENS}]$")
FIRST_WORD = re.compile(r"[^\W\d_][\w'’]*(?:[-\u2010][\w'’]+)*")
WORD = re.compile(r"\w[\w'’]*(?:[-\u2010]\w[\w'’]*)*")
LONGEST_WORD = 60
# Two words that stand alone elsewhere, each of this many letters at least, are a compound; shorter ones may be syllables.
COMPOUND_PART = 4
# Signs that take no space behind them if there is none before.
CLOSE = re.compile(r"\S[—–/]$")
# Scripts that put no space between words.
SPACELESS = re.compile(r"[\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")


def clean(text: str) -> str:
    """Give the text of a line in plain characters, without what cannot be seen."""
    text = replace_surrogates(text)
    if all(not ord(char) & 0xFF for char in text if char != " "):
        # Written with the bytes of each character in the wrong order.
        text = "".join(chr(ord(char) >> 8) if char != " " else char for char in text)
    ending = text[-1:] in HYPHENS[2:]
    text = PRESENTATION_FORMS.sub(lambda match: unicodedata.normalize("NFKC", match.group()), text)
    text = text.translate(_BULLETS)
    text = PRIVATE.sub(_ascii_of_symbol, text)
    text = BLANKS.sub(" ", UNSEEN.sub("", BLANKS.sub(" ", text)).replace("\u00ad", "")).strip()
    return text + "\u00ad" if ending and text else text


_BULLETS = str.maketrans(BULLETS)


def _ascii_of_symbol(match: re.Match[str]) -> str:
    """Fonts of symbols often hold plain letters at a private place; what lies elsewhere has no meaning outside its font."""
    code = ord(match.group()) - SYMBOLS
    return chr(code) if 0 < code < DELETE and chr(code).isprintable() else ""


def vocabulary(lines: Iterable[str]) -> Counter[str]:
    """Count the words of a document that no line end breaks."""
    counts: Counter[str] = Counter()
    goes_on = False
    for line in lines:
        words = WORD.findall(line)
        broken = line[-1:] in HYPHENS
        whole = words[goes_on : len(words) - broken]
        counts.update(word.casefold().replace("\u2010", "-") for word in whole)
        counts.update(part.casefold() for word in whole for part in re.split("[-\u2010]", word) if part != word)
        goes_on = broken
    return counts


def join_lines(lines: Iterable[str], known: Counter[str]) -> str:
    """Join the lines of a paragraph, and the words that they break."""
    parts: list[str] = []
    for line in lines:
        if parts:
            parts[-1] = _before(parts[-1], line, known)
        parts.append(line)
    return "".join(parts).replace("\u00ad", "-")


def _before(text: str, line: str, known: Counter[str]) -> str:
    """Give a line with what stands between it and the next one."""
    broken, rest = BROKEN.search(text[-LONGEST_WORD:]), FIRST_WORD.match(line)
    if broken and rest:
        return text[:-1] + ("" if _is_one_word(broken[1], rest[0], known) else "-")
    if text[-1:] in HYPHENS:
        # A dash at the end of a line, or a number such as "2019-" before "2020".
        return text[:-1] + ("- " if text[-2:-1] in {"", " ", "-"} else "-")
    if CLOSE.search(text[-2:]) or (SPACELESS.match(text[-1:]) and SPACELESS.match(line)):
        return text
    return f"{text} "


def _is_one_word(before: str, after: str, known: Counter[str]) -> bool:
    """Whether a hyphen at a line end is there for the line only: what the document does elsewhere decides, then the form."""
    if not after[0].islower():
        return before.isupper() and after.isupper() and known[(before + after).casefold()] > 0
    whole, parted = (before + after).casefold(), f"{before}-{after}".casefold()
    if known[whole] != known[parted]:
        return known[whole] > known[parted]
    last = before.rpartition("-")[2].casefold()
    if last != before.casefold():
        return not known[last]
    return min(len(before), len(after)) < COMPOUND_PART or not (known[last] and known[after.casefold()])
