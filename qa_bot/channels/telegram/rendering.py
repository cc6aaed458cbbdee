"""An answer becomes messages: each excerpt a quotation with its citation, none longer than a message may be. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from qa_bot.channels.citation import dated, located, titled
from qa_bot.channels.telegram import words
from qa_bot.channels.telegram.formatted import (
    BOLD,
    ITALIC,
    LINK,
    LONGEST_MESSAGE,
    QUOTE,
    UNDERLINE,
    Formatted,
    Span,
    cut,
    join,
    size,
    stretches,
    styled,
)
from qa_bot.channels.telegram.outdated import ROOM_FOR_OUTDATED, Outdated
from qa_bot.records import Answer, Excerpt, Paragraph, Status

BETWEEN = "\n\n"
# An answer shows at most so many messages at once; what is left waits behind a button.
MOST_MESSAGES = 3
# What is left of a title or an address in a citation, so that a citation never fills a message.
LONGEST_NAME = 300
LONGEST_URL = 1_500
# A message with a link that Telegram does not take for one is refused as a whole.
ADDRESS = re.compile(r"https?://(?:[\w-]+\.)+[\w-]+(?::\d{1,5})?(?:[/?][^\s\x00-\x1f\x7f]*)?", re.IGNORECASE)
# A link finds a sentence by its first and last words; so many of each, and so many characters. A short one is named whole.
WORDS_OF_A_FRAGMENT, CHARACTERS_OF_A_FRAGMENT = 5, 100
LONGEST_FRAGMENT = 300
# What a note above and a line below an answer may take of a message; the note alone, which may repeat a question.
ROOM_FOR_NOTES = 700
LONGEST_NOTE = 500
# What paragraphs may take of a message; the line below them names the document.
LONGEST_CONTEXT = 3_300


@dataclass(frozen=True, slots=True)
class Screen:
    """One message, and the numbers of the excerpts in it."""

    text: Formatted
    numbers: tuple[int, ...] = ()

    def __add__(self, other: "Screen") -> "Screen":
        """Put another one behind this one, into the same message."""
        return Screen(join([self.text, other.text], BETWEEN), tuple(dict.fromkeys(self.numbers + other.numbers)))


@dataclass(frozen=True, slots=True)
class Screens:
    """An answer in messages: the first ``shown`` of them are sent, and the last of these makes way for the next on request."""

    all: tuple[Screen, ...]
    shown: int


def render(answer: Answer, note: str = "", outdated: Outdated | None = None, *, most: int = MOST_MESSAGES) -> Screens:
    """Write an answer, which begins with at most so many messages.

    ``note`` stands above it, and above that what is outdated of an earlier one.
    """
    heading = [outdated.heading(answered=answer.status is Status.ANSWERED)] if outdated else []
    if note:
        heading.append(styled(cut(note, LONGEST_NOTE), ITALIC))
    if answer.status is Status.NOT_FOUND:
        near = [styled(words.NEAR)] if answer.near else []
        not_found = styled(words.NO_LONGER if outdated else words.NOT_FOUND, BOLD)
        return Screens((Screen(join([*heading, not_found, *near], BETWEEN)),), 1)
    if answer.conflicts:
        heading.append(styled(words.DISAGREE, BOLD))
    room = ROOM_FOR_NOTES + (ROOM_FOR_OUTDATED if outdated else 0)
    first = _pack(answer.excerpts, compared=answer.conflicts, room=room)
    if heading:
        first[0] = Screen(join(heading, BETWEEN)) + first[0]
    shown = min(len(first), most)
    first[shown - 1] = first[shown - 1] + Screen(styled(words.confidence(answer), ITALIC))
    return Screens((*first, *_pack(answer.further)), shown)


def render_near(excerpt: Excerpt) -> Formatted:
    """Write the beginning of a passage that is near, marked as no answer."""
    return styled(words.NEAR_PASSAGE, BOLD) + "\n" + next(quotations(excerpt))


def _pack(excerpts: Iterable[Excerpt], compared: Sequence[int] = (), room: int = ROOM_FOR_NOTES) -> list[Screen]:
    """Put excerpts into as few messages as their order allows, with room for what else stands there."""
    packed: list[Screen] = []
    for excerpt in excerpts:
        for part in quotations(excerpt, compared=excerpt.number in compared, room=room):
            alone = Screen(part, (excerpt.number,))
            together = packed[-1] + alone if packed else alone
            if packed and together.text.size <= LONGEST_MESSAGE - room:
                packed[-1] = together
            else:
                packed.append(alone)
    return packed


def quotations(excerpt: Excerpt, *, compared: bool = False, room: int = ROOM_FOR_NOTES) -> Iterator[Formatted]:
    """Quote an excerpt, in as many parts as it needs to fit into messages, each with the citation.

    Of a paragraph that is longer than a message, the part that answers comes first.
    """
    start = excerpt.citation.start
    ends = [sentence.end - start for sentence in excerpt.evidence.paragraph.sentences]
    limit = LONGEST_MESSAGE - room - size(_citation(excerpt, 99, 99, compared=compared).text) - 1
    parts = list(enumerate(stretches(excerpt.text, ends, limit), start=1))
    marks = [(mark.start - start, mark.end - start) for mark in excerpt.highlights]
    parts.sort(key=lambda part: not any(first < part[1][1] and part[1][0] < last for first, last in marks))
    for number, (first, last) in parts:
        yield _quotation(excerpt, first, last) + "\n" + _citation(excerpt, number, len(parts), compared=compared)


def _quotation(excerpt: Excerpt, start: int, end: int) -> Formatted:
    """Quote a stretch of an excerpt; the sentences that answer are bold, the very words of the answer underlined."""
    offset = excerpt.citation.start + start
    marks = [(BOLD, mark.start, mark.end) for mark in excerpt.highlights]
    if excerpt.answer is not None:
        marks.append((UNDERLINE, excerpt.answer.start, excerpt.answer.end))
    spans = [Span(QUOTE, 0, end - start)]
    for kind, first, last in marks:
        inside = max(first - offset, 0), min(last - offset, end - start)
        if inside[0] < inside[1]:
            spans.append(Span(kind, *inside))
    return Formatted(excerpt.text[start:end], tuple(spans))


def _citation(excerpt: Excerpt, part: int, parts: int, *, compared: bool) -> Formatted:
    citation = excerpt.citation
    title, url = _short(titled(citation)), _link(excerpt)
    where = [*located(citation), *([] if url else [_short(citation.source)]), *dated(citation, compared=compared)]
    if citation.occurrences > 1:
        where.append(f"occurrence {citation.occurrence} of {citation.occurrences}")
    if parts > 1:
        where.append(f"part {part} of {parts}")
    named = styled(title, LINK, url=url) if url else styled(title)
    return styled(f"[{excerpt.number}] ") + named + " · " + " · ".join(where)


def _short(name: str) -> str:
    """Cut a long name, and keep it on one line."""
    line = " ".join(name.split()) or "untitled"
    return line if len(line) <= LONGEST_NAME else f"{line[: LONGEST_NAME - 1]}…"


def _link(excerpt: Excerpt) -> str | None:
    """Link the source, if it is a page of the web, with a fragment that browsers scroll to the sentence by.

    Source: the WICG's draft "URL Fragment Text Directives"; a dash and a comma mean something there and are escaped.
    """
    page = excerpt.citation.source.partition("#")[0]
    if len(page) > LONGEST_URL or not ADDRESS.fullmatch(page):
        return None
    first = excerpt.highlights[0]
    return f"{page}#:~:text={_fragment(excerpt.evidence.document.text[first.start : first.end])}"


def _fragment(sentence: str) -> str:
    said = sentence.split()
    whole = " ".join(said)
    if len(said) <= 2 * WORDS_OF_A_FRAGMENT and len(whole) <= LONGEST_FRAGMENT:
        return _escaped(whole)
    beginning, end = " ".join(said[:WORDS_OF_A_FRAGMENT]), " ".join(said[-WORDS_OF_A_FRAGMENT:])
    most = CHARACTERS_OF_A_FRAGMENT
    if len(beginning) > most:
        beginning = beginning[: most + 1].rpartition(" ")[0] or beginning[:most]
    if len(end) > most:
        end = end[-most - 1 :].partition(" ")[2] or end[-most:]
    return f"{_escaped(beginning)},{_escaped(end)}"


def _escaped(said: str) -> str:
    return quote(said, safe="").replace("-", "%2D")


def render_context(excerpt: Excerpt, around: Sequence[Paragraph]) -> Formatted:
    """Write paragraphs of a document; the excerpt's own is a quotation, and what does not fit is left out at its end."""
    text = excerpt.evidence.document.text
    room = LONGEST_CONTEXT // max(len(around), 1)
    parts = []
    for paragraph in around:
        own = paragraph.number == excerpt.citation.paragraph
        [(start, end), *rest] = stretches(
            text[paragraph.start : paragraph.end], [s.end - paragraph.start for s in paragraph.sentences], room
        )
        words_of_it = text[paragraph.start + start : paragraph.start + end]
        parts.append(styled(words_of_it, *([QUOTE] if own else [])) + (" […]" if rest else ""))
    lines = f"{_short(titled(excerpt.citation))} · lines {around[0].line} to {around[-1].line}"
    return join([*parts, styled(lines, ITALIC)], BETWEEN)
