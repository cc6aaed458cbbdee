"""Questions with their answers: each question is a heading, and the answer below it is what is quoted."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from qa_bot.reading.decoding import LINE_ENDS
from qa_bot.reading.extract import Extract
from qa_bot.reading.properties import address_of, day_of
from qa_bot.reading.structure.writer import Writer
from qa_bot.surrogates import replace_surrogates

# What columns and keys may be called, in small letters.
NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "question": ("question", "q", "frage", "pregunta", "вопрос"),
    "answer": ("answer", "a", "antwort", "respuesta", "réponse", "ответ"),
    "title": ("title", "titel"),
    "category": ("category", "topic", "section", "kategorie"),
    "source": ("source", "url", "link"),
    "date": ("date", "updated", "datum"),
})  # fmt: skip
NEEDED = "“question” and “answer”"

# A longer answer is several paragraphs; one vector cannot stand for more.
LONGEST_ANSWER = 1_200

CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
BLANKS = re.compile(r"\s+")
BLANK_LINES = re.compile(r"\s*\n\s*\n\s*")
LINE_BREAK = re.compile(r"[^\S\n]*\n")
# Headings inside a document: titles where they differ, then categories, then questions.
TITLE, CATEGORY, QUESTION = 1, 2, 3
# So many lines at most are named in a warning.
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """What one row or one object holds, by the names of `NAMES`, and its number: where it stands in the file."""

    number: int
    values: Mapping[str, str]

    @property
    def complete(self) -> bool:
        """Whether there are both a question and an answer."""
        return bool(self.one_line("question") and self.text("answer"))

    def one_line(self, name: str) -> str:
        """Give a value as one line."""
        return BLANKS.sub(" ", self.text(name)).strip()

    def text(self, name: str) -> str:
        """Give a value with its lines and paragraphs."""
        return clean(self.values.get(name, ""))


def clean(text: str) -> str:
    """Leave out what cannot be shown, and blanks that nobody sees."""
    shown = CONTROLS.sub("", replace_surrogates(LINE_ENDS.sub("\n", text)))
    return LINE_BREAK.sub("\n", BLANK_LINES.sub("\n\n", shown)).strip()


def named(names: Sequence[str]) -> dict[str, int]:
    """Tell which of these names means what; the first that means it counts."""
    given = [name.strip().lower() for name in names]
    places = {meant: [given.index(name) for name in known if name in given] for meant, known in NAMES.items()}
    return {meant: found[0] for meant, found in places.items() if found}


def extract_of(entries: Sequence[Entry], warnings: tuple[str, ...] = (), *, place: str = "line") -> Extract:
    """Write questions and answers; those without either are left out, with a warning that names their places."""
    whole = [entry for entry in entries if entry.complete]
    writer = Writer(titled=False)
    titles = {entry.one_line("title") for entry in whole}
    above: tuple[str, str] | None = None
    for entry in whole:
        here = (entry.one_line("title") if len(titles) > 1 else "", entry.one_line("category"))
        if here != above:
            writer.leave_headings(TITLE)
            writer.write_heading(here[0], TITLE)
            writer.write_heading(here[1], CATEGORY)
            above = here
        writer.write_heading(entry.one_line("question"), QUESTION)
        for paragraph in _paragraphs(entry.text("answer")):
            writer.write(paragraph, lines="\n" in paragraph)
    lacking = [entry.number for entry in entries if not entry.complete]
    return Extract(
        writer.text,
        tuple(writer.blocks),
        title=titles.pop() if len(titles) == 1 else "",
        source=_common(address_of(entry.one_line("source")) for entry in whole),
        date=_common(day_of(entry.one_line("date")) for entry in whole),
        warnings=warnings + warning_of(lacking, "without question or answer, left out", place),
    )


def warning_of(numbers: Sequence[int], what: str, place: str = "line") -> tuple[str, ...]:
    """Warn of places in a file, if there are any; not all are named."""
    if not numbers:
        return ()
    some = ", ".join(map(str, numbers[:MOST_NAMED])) + (", …" if len(numbers) > MOST_NAMED else "")
    return (f"{len(numbers)} {what}: {place} {some}",)


def _paragraphs(answer: str) -> list[str]:
    return answer.split("\n\n") if len(answer) > LONGEST_ANSWER else [answer]


def _common(values: Iterable[str | None]) -> str | None:
    """Give the value that all have; a document has one source and one date."""
    found = set(values)
    return found.pop() if len(found) == 1 else None
