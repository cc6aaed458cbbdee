"""Gold that survives edits of the documents: found as it stands, found again after a harmless edit, or lost.

Harmless is what leaves the words the same: case, typographic variants, blanks and line breaks, quotation marks, dashes and
other punctuation, and in longer answers a mistyped word. Another number, sign or word makes another answer: lost.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

import regex
from rapidfuzz.distance import OSA

from qa_bot.evaluation.questions import GoldQuestion
from qa_bot.index.searching import Records

# Scripts without blanks are compared character by character; signs and the minus before a number count as words.
UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
DASH = r"-‐‑‒–—−"
WORD = regex.compile(
    rf"\p{{Nd}}+(?:[.,]\p{{Nd}}+)*|[{UNSPACED}]|[[\p{{L}}\p{{M}}\p{{N}}\p{{Cf}}]--[{UNSPACED}]]+"
    rf"|[[\p{{Sc}}\p{{Sm}}\p{{So}}%]--[−]]|[{DASH}](?=\p{{Nd}})",
    regex.VERSION1,
)
DASHES = dict.fromkeys(map(ord, DASH), "-")

# One word in so many may be mistyped …
WORDS_PER_TYPO = 4
# … if it is so long and begins alike: "million" is no typo of "billion".
TYPO_LENGTH = 6


class Gold(StrEnum):
    """What became of a question's gold in the documents as they are now."""

    KEPT = "kept"
    MOVED = "moved"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text as it is compared, with its place."""

    folded: str
    start: int
    end: int


@dataclass(frozen=True, eq=False)
class Passage:
    """The words of a paragraph; not every one is ``quotable``."""

    document: str
    number: int
    text: str
    quotable: bool

    @property
    def id(self) -> str:
        """What ``relevant`` of a question may call it."""
        return f"{self.document}#{self.number}"

    @cached_property
    def words(self) -> list[Word]:
        """Its words as they are compared."""
        return words_of(self.text)


class Corpus:
    """The texts of an index, to look for gold in."""

    def __init__(self, store: Records) -> None:
        """Read all texts."""
        self.documents: dict[str, str] = {name: store.document(name).text for name in store.digests()}
        self.passages = [
            Passage(name, p.number, text[p.start : p.end], stored.id is not None)
            for name, text in self.documents.items()
            for stored in store.paragraphs(name)
            for p in (stored.paragraph,)
        ]
        self.quotable = [passage.text for passage in self.passages if passage.quotable]
        self._of_document: dict[str, list[Passage]] = defaultdict(list)
        for passage in self.passages:
            self._of_document[passage.document].append(passage)
        self._of_id = {passage.id: [passage] for passage in self.passages}

    def named(self, name: str) -> list[Passage]:
        """Give the passages that ``relevant`` means by a name: a document's, or one paragraph."""
        return self._of_document.get(name) or self._of_id.get(name, [])

    def findable(self, name: str) -> set[Passage]:
        """Give the quotable passages that are right where ``relevant`` says a name, by `GoldQuestion.is_right`."""
        named = (*self._of_document.get(name, ()), *self._of_id.get(name, ()))
        return {passage for passage in named if passage.quotable}

    def beside(self, name: str) -> list[Passage]:
        """Give all passages of the document that a name is about."""
        return self._of_document.get(name) or self._of_document.get(name.rpartition("#")[0], [])

    @cached_property
    def places(self) -> "Places":
        """Where each word stands."""
        return places_of(self.passages)


def anchor(question: GoldQuestion, corpus: Corpus) -> tuple[GoldQuestion, Gold | None]:
    """Find the gold of a question in the documents as they are now.

    Returns:
        The question with its gold as it stands now, and what became of it; ``None`` where nothing is to be found.

    """
    if not question.answerable:
        return question, None
    if question.relevant:
        return _anchor_in_paragraphs(question, question.relevant, corpus)
    kept = [answer for answer in question.answers if any(answer in passage.text for passage in corpus.passages)]
    # A paragraph's end inside an answer is the splitter's doing: the words are there.
    kept = kept or [answer for answer in question.answers if any(answer in text for text in corpus.documents.values())]
    return _anchored(question, kept, corpus.places)


def _anchor_in_paragraphs(question: GoldQuestion, relevant: Iterable[str], corpus: Corpus) -> tuple[GoldQuestion, Gold]:
    named = [passage for name in relevant for passage in corpus.named(name)]
    if not question.answers:
        return question, Gold.KEPT if named else Gold.LOST
    kept = [answer for answer in question.answers if any(answer in passage.text for passage in named)]
    found, gold = _anchored(question, kept, places_of(named))
    if gold is not Gold.LOST:
        return found, gold
    # Paragraphs are numbered, and one put before them makes each number mean another.
    beside = [passage for name in relevant for passage in corpus.beside(name)]
    kept = [answer for answer in question.answers if any(answer in passage.text for passage in beside)]
    found, gold = _anchored(question, kept, places_of(beside))
    if gold is Gold.LOST:
        return question, gold
    holding = {passage.id for passage in beside if found.is_answered_by(passage.text)}
    return replace(found, relevant=frozenset(holding)), Gold.MOVED


Places = dict[str, list[tuple[Passage, int]]]


def _anchored(question: GoldQuestion, kept: Sequence[str], places: Places) -> tuple[GoldQuestion, Gold]:
    if len(kept) == len(question.answers):
        return question, Gold.KEPT
    missing = [answer for answer in question.answers if answer not in kept]
    moved = [words for answer in missing for words in find_again(answer, places)]
    if not kept and not moved:
        return question, Gold.LOST
    answers = tuple(dict.fromkeys([*kept, *moved]))
    return replace(question, answers=answers), Gold.KEPT if kept else Gold.MOVED


def places_of(passages: Iterable[Passage]) -> Places:
    """Note where each word of the passages stands."""
    places: Places = defaultdict(list)
    for passage in passages:
        for number, word in enumerate(passage.words):
            places[word.folded].append((passage, number))
    return dict(places)


def find_again(answer: str, places: Places) -> list[str]:
    """Give the words of the passages that are an answer's after a harmless edit, those with the fewest typos."""
    wanted = [word.folded for word in words_of(answer)]
    if not wanted:
        return []
    found: dict[int, list[str]] = defaultdict(list)
    for passage, first in _candidates(wanted, places):
        words = passage.words[first : first + len(wanted)]
        typos = _typos(wanted, [word.folded for word in words])
        if typos is not None:
            found[typos].append(passage.text[words[0].start : words[-1].end])
    return list(dict.fromkeys(found[min(found)])) if found else []


def _candidates(wanted: Sequence[str], places: Places) -> Iterator[tuple[Passage, int]]:
    """Yield where an answer may begin: with T typos allowed, one of any T + 1 words stands as it is."""
    rarest = sorted(range(len(wanted)), key=lambda at: len(places.get(wanted[at], ())))
    seen: set[tuple[int, int]] = set()
    for at in rarest[: len(wanted) // WORDS_PER_TYPO + 1]:
        for passage, number in places.get(wanted[at], ()):
            place = (id(passage), number - at)
            if number >= at and place not in seen:
                seen.add(place)
                yield passage, number - at


def _typos(wanted: Sequence[str], found: Sequence[str]) -> int | None:
    """Count the mistyped words; ``None`` if there are too many, or other words."""
    if len(wanted) != len(found):
        return None
    different = [pair for pair in zip(wanted, found, strict=True) if pair[0] != pair[1]]
    if len(different) > len(wanted) // WORDS_PER_TYPO or not all(_mistyped(*pair) for pair in different):
        return None
    return len(different)


def _mistyped(word: str, other: str) -> bool:
    if min(len(word), len(other)) < TYPO_LENGTH or word[0] != other[0] or not (word + other).isalpha():
        return False
    return bool(OSA.distance(word, other) == 1)


def words_of(text: str) -> list[Word]:
    """Give the words of a text as they are compared."""
    found = (Word(_folded(match.group()), match.start(), match.end()) for match in WORD.finditer(text))
    return [word for word in found if word.folded]


def _folded(word: str) -> str:
    if word.isascii():
        return word.lower()
    plain = "".join(c for c in word if unicodedata.category(c) != "Cf").translate(DASHES)
    return unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", plain).casefold())
