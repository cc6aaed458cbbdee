"""Paragraphs become sentences, by offsets.

sentencex finds the boundaries. Of the libraries tried it is the one that is right most often, fast, maintained, gives
offsets and never loses a character. What it gets wrong in English is mended here: it takes a quotation, balanced or not,
for one sentence (so quotation marks are hidden from it), and it knows too few abbreviations.
"""

import itertools
import re
from collections.abc import Iterator

import sentencex

from qa_bot.languages import ENGLISH
from qa_bot.records import Sentence

# Each is replaced by as many characters as it has, so that offsets stay true. The library ends with a panic at a capital
# letter, a blank of more than one byte and a full stop.
BLANKS = "\n\t\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
HIDDEN = str.maketrans(dict.fromkeys('"“”„«»' + BLANKS, " "))
TEX_QUOTES = re.compile(r"''|``")
APOSTROPHE = re.compile(r"(?<!['`])['‘](?!')")

# Abbreviations that never end a sentence of their own …
TITLE = re.compile(
    r"(?<![^\W_])(?:Dr|Mr|Mrs|Ms|Prof|Gen|Lt|Col|Maj|Capt|Cmdr|Sgt|Adm|Gov|Sen|Rep|Rev|Hon|St|Mt|Ft|vs|cf|e\.g|i\.e|viz"
    r"|approx|ca)\.$",
    re.IGNORECASE,
)
# … and those that do not where a number follows.
BEFORE_NUMBER = re.compile(
    r"(?<![^\W_])(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Nos?|Rs|Vol|Figs?|pp?|Sec|Art|Ch|c)\.$",
    re.IGNORECASE,
)
LONGEST_ABBREVIATION = 12
# The library's time grows with the square of a text without blanks, such as Chinese has, so it is asked stretch by stretch.
STRETCH = 4_000
# How far back a quotation mark is looked for.
LONGEST_QUOTATION = 5_000
LIST_MARKER = re.compile(r"(?:\(?\d{1,3}[.)]\)?|\(?[A-Za-z][.)]|[-*+•])$")
DASH = re.compile(r"--|[–—]")
# An end mark left over behind a closing quotation mark: "… (Manzoni).»."
END_MARKS = re.compile(r"[.!?…。！？؟۔।]+")
# Names such as "iPhone" and markers such as "a)" may begin a sentence although they begin in lower case.
LOWER_CASE_START = re.compile(r"[a-z]{1,2}[A-Z.)]")

OPENING = "“„«‘([\"'`"
CLOSING = re.compile(r"\s?(?:[”’»)\]]+|\"+(?=\s|$)|''(?=\s|$))(?!\w)|(?:\[\d{1,3}\])+")
# Wikipedia puts its references behind the full stop: "… in 1066.[3] The …".
REFERENCE = re.compile(r"(?<=[.!?”\"’)])(?:\[\d{1,3}\])+\s+(?=[^\W\d_a-z]|[“\"‘(])")


def sentences_of(text: str, start: int, end: int, *, lines: bool, language: str = ENGLISH) -> tuple[Sentence, ...]:
    """Find the sentences of a paragraph.

    Args:
        text: the whole document.
        start: where the paragraph begins.
        end: where it ends.
        lines: whether a line end is a sentence end too (lists, tables, code).
        language: the language of the text; sentencex takes the nearest one that it knows.

    Returns:
        Sentences in order, without overlap, inside the paragraph; together they hold its every non-blank character.

    """
    stretches = [match.span() for match in re.finditer(r"[^\n]+", text[start:end])] if lines else [(0, end - start)]
    return tuple(
        Sentence(start + first + a, start + first + b)
        for first, last in stretches
        for a, b in _spans(text[start + first : start + last], language)
    )


def _spans(text: str, language: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for boundary in _boundaries(text, language):
        start, end = _trim(text, *boundary)
        mended = _mend_edges(text, spans, start, end) if spans and start < end else start
        if mended >= end:
            continue
        if spans and (END_MARKS.fullmatch(text, mended, end) or _continues(text, spans[-1], mended)):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((mended, end))
    return spans


def _boundaries(text: str, language: str) -> Iterator[tuple[int, int]]:
    hidden = APOSTROPHE.sub("’", TEX_QUOTES.sub("  ", text.translate(HIDDEN)))
    edges = {0, len(text), *_ends(hidden, language), *(match.end() for match in REFERENCE.finditer(text))}
    return itertools.pairwise(sorted(edges))


def _ends(text: str, language: str) -> Iterator[int]:
    """Yield where the library sees sentences end; what a stretch breaks off in is looked at again with the next one."""
    start, length = 0, STRETCH
    while start < len(text):
        found = sentencex.get_sentence_boundaries(language, text[start : start + length])
        ends = [start + boundary["end_index"] for boundary in found]
        if start + length >= len(text):
            yield from ends
            return
        whole = ends[:-1]
        yield from whole
        start, length = (whole[-1], STRETCH) if whole else (start, 2 * length)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    stretch = text[start:end]
    return start + len(stretch) - len(stretch.lstrip()), end - len(stretch) + len(stretch.rstrip())


def _mend_edges(text: str, spans: list[tuple[int, int]], start: int, end: int) -> int:
    """Give closing marks back to the sentence before, and take its dangling opening mark; returns the new start."""
    before, before_end = spans[-1]
    if before_end - before > 1 and text[before_end - 1] in OPENING and text[before_end - 2].isspace():
        start = before_end - 1
        spans[-1] = _trim(text, before, start)
        return start
    closing, quotation = CLOSING.match(text, before_end, end), max(before, before_end - LONGEST_QUOTATION)
    if closing and ('"' not in closing.group() or text.count('"', quotation, before_end) % 2):
        spans[-1] = (before, closing.end())
        return _trim(text, closing.end(), end)[0]
    return start


def _continues(text: str, previous: tuple[int, int], start: int) -> bool:
    """Whether the sentence before goes on at ``start``."""
    tail = text[max(previous[0], previous[1] - LONGEST_ABBREVIATION) : previous[1]]
    return bool(
        TITLE.search(tail)
        or (text[start].isdigit() and BEFORE_NUMBER.search(tail))
        or DASH.match(text, start)
        or (text[start].islower() and not LOWER_CASE_START.match(text, start))
        or LIST_MARKER.match(text[previous[0] : previous[1]])
    )
