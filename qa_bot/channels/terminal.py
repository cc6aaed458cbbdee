"""Answers on a terminal: excerpts with the answering sentence in bold, each with its citation below."""

from collections.abc import Container, Iterable, Iterator

from rich.console import Console
from rich.text import Text

from qa_bot.channels.citation import cite
from qa_bot.records import Answer, Excerpt, Sentence, Status

NOT_FOUND = "The documents do not answer this."
DISAGREE = "The documents disagree:"
NEAR = "Not an answer, but near:"
OMITTED = "[…]"

HIGHLIGHT = "bold green"
EXACT = "underline"
CITATION = "dim cyan"
NOTICE = "yellow"

# Longer paragraphs are shown around their highlights only; "[…]" stands for what is left out.
LONGEST_SHOWN = 1_200

# A document may hold anything, terminal commands and direction overrides too: what steers a terminal is shown, not sent.
_HARMLESS = {code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\n\t"}
_HARMLESS |= {0x7F: "\u2421"} | dict.fromkeys(
    [*range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)], "\ufffd"
)


def harmless(text: str) -> str:
    """Replace what steers a terminal by signs that show it; every character stays one character."""
    return text.translate(_HARMLESS)


class Terminal:
    """Prints answers; wraps to the terminal's width, and prints plain unwrapped text into pipes and files."""

    def __init__(self, console: Console) -> None:
        """Print on this console, which knows about colours and ``NO_COLOR``."""
        self.console = console

    def show(self, answer: Answer) -> None:
        """Print an answer, or that there is none and what is near."""
        if answer.status is Status.ANSWERED:
            if answer.conflicts:
                self.say(DISAGREE, NOTICE)
            self.show_excerpts(answer.excerpts, compared=answer.conflicts)
            return
        self.say(NOT_FOUND, NOTICE)
        if answer.near:
            self.say("")
            self.say(NEAR, NOTICE)
            self.show_excerpts(answer.near)

    def show_excerpts(self, excerpts: Iterable[Excerpt], *, compared: Container[int] = ()) -> None:
        """Print excerpts with their citations, blank lines between them; ``compared`` numbers those that disagree."""
        for position, excerpt in enumerate(excerpts):
            if position:
                self.say("")
            self._print(_quotation(excerpt))
            self.say(cite(excerpt.number, excerpt.citation, compared=excerpt.number in compared), CITATION)

    def say(self, line: str, style: str = "") -> None:
        """Print a line."""
        self._print(Text(harmless(line), style=style))

    def _print(self, text: Text) -> None:
        self.console.print(text, soft_wrap=not self.console.is_terminal, highlight=False)


def _quotation(excerpt: Excerpt) -> Text:
    """Put an excerpt together from its stretches; a highlight never bridges what is left out."""
    text = Text()
    end = excerpt.citation.start
    for stretch in _shown(excerpt):
        if stretch.start > end:
            text.append(f" {OMITTED} " if text else f"{OMITTED} ")
        words = Text(harmless(_slice(excerpt, stretch.start, stretch.end)))
        for mark in excerpt.highlights:
            words.stylize(HIGHLIGHT, max(mark.start - stretch.start, 0), max(mark.end - stretch.start, 0))
        if excerpt.answer is not None:
            words.stylize(EXACT, *(max(edge - stretch.start, 0) for edge in (excerpt.answer.start, excerpt.answer.end)))
        text.append_text(words)
        end = stretch.end
    if end < excerpt.citation.end:
        text.append(f" {OMITTED}")
    return text


def _shown(excerpt: Excerpt) -> Iterator[Sentence]:
    """Name the stretches that are shown: everything, or the highlights with the sentences beside them."""
    citation = excerpt.citation
    sentences = excerpt.evidence.paragraph.sentences
    if citation.end - citation.start <= LONGEST_SHOWN or not sentences:
        yield Sentence(citation.start, citation.end)
        return
    marked = [number for number, sentence in enumerate(sentences) if sentence in excerpt.highlights]
    first, last = max(marked[0] - 1, 0), min(marked[-1] + 1, len(sentences) - 1)
    yield Sentence(sentences[first].start, sentences[last].end)


def _slice(excerpt: Excerpt, start: int, end: int) -> str:
    return excerpt.text[start - excerpt.citation.start : end - excerpt.citation.start]
