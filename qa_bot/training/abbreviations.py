"""Questions about abbreviations, made of passages that spell one out: "the National Oil Corporation (NOC)".

People ask "What is UNSMIL?" of every text that has such names, but hardly any collection does.
"""

import random
import re
from collections.abc import Iterable, Iterator

from qa_bot.training.rows import Offsets, Row

WORD = r"[A-Z][\w'’-]+"
NAME = rf"{WORD}(?:[ -](?:(?:of|for|and|the|in|on|to|de|du|la) )*{WORD}){{1,7}}"
SPELT_OUT = re.compile(rf"(?P<name>{NAME}) \((?P<short>[A-Z][A-Za-z&]{{0,6}}[A-Z])\)")
QUESTIONS = (
    "What does {short} stand for?",
    "What is {short}?",
    "What is {short} short for?",
    "What does the abbreviation {short} mean?",
    "meaning of {short}",
    "what is the full name of {short}",
)
NAME_QUESTIONS = tuple(question for question in QUESTIONS if question != "What is {short}?")
SPELT, UNEXPLAINED = "abbreviation", "unexplained_abbreviation"
CAPITALS = re.compile(r"\b[A-Z]{3,8}\b")


def abbreviation_rows(rows: Iterable[Row], generator: random.Random) -> Iterator[Row]:
    """Make a row of each abbreviation that a passage spells out, and as many of passages that only use theirs."""
    passages = list(dict.fromkeys(row.passage for row in rows))
    spelt = [row for passage in passages for row in _spelt_out(passage, generator)]
    yield from spelt
    unexplained = [row for passage in passages for row in _unexplained(passage, generator)]
    yield from generator.sample(unexplained, min(len(spelt), len(unexplained)))


def abbreviations_in(passage: str) -> Iterator[tuple[str, Offsets]]:
    """Yield each abbreviation that a passage spells out, once, and where its words stand.

    By another and narrower rule than that of answers (`qa_bot.abbreviations`): what that finds is measured by this.
    """
    seen: set[str] = set()
    for match in SPELT_OUT.finditer(passage):
        start = _beginning(match["name"], match["short"])
        if start is not None and match["short"] not in seen:
            seen.add(match["short"])
            yield match["short"], (match.start("name") + start, match.end("name"))


def _spelt_out(passage: str, generator: random.Random) -> Iterator[Row]:
    for short, answer in abbreviations_in(passage):
        yield Row(SPELT, _question(short, generator), passage, (answer,))


def _unexplained(passage: str, generator: random.Random) -> Iterator[Row]:
    """Ask for one abbreviation that a passage uses; not where any is in parentheses, which may spell one out."""
    used = sorted(set(CAPITALS.findall(passage)))
    if used and not passage.isupper() and not re.search(rf"\((?:{'|'.join(used)})\b", passage):
        # What it is may be said without its name; only what it stands for is surely missing.
        question = generator.choice(NAME_QUESTIONS).format(short=generator.choice(used))
        yield Row(UNEXPLAINED, question, passage, ())


def _question(short: str, generator: random.Random) -> str:
    return generator.choice(QUESTIONS).format(short=short)


def _beginning(name: str, short: str) -> int | None:
    """Find where the words begin whose first letters the abbreviation takes in order; ``None`` if it does not."""
    words = [(word.start(), word.group()) for word in re.finditer(WORD, name)]
    wanted = [letter for letter in short if letter.isupper()]
    for number, (start, _) in enumerate(words):
        initials = iter(word[0] for _, word in words[number:])
        if words[number][1][0] == wanted[0] and all(letter in initials for letter in wanted):
            return start
    return None
