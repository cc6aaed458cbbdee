"""Texts become terms: words, folded and stemmed, without stop words. Keyword search and evidence both count these."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import Stemmer

# Raised whenever a text would give other terms than before: indexes built by another version are outdated.
TERMS_VERSION = 1

# Letters and digits, with the separators of numbers ("1,000", "3.14") kept inside them.
WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+(?:['’][^\W_]+)*")
CLITIC = re.compile(r"['’](?:s|d|m|re|ve|ll|t)?$")

# The words of English that carry no subject: the Snowball project's stop list (BSD licence), with the question words and
# politeness that only questions have. Single letters are what is left of "it's" and initials.
STOP_WORDS = frozenset(
    """
    a about above after again against all am an and any are aren't as at be because been before being below between both
    but by can can't cannot could couldn't did didn't do does doesn't doing don't down during each few for from further
    had hadn't has hasn't have haven't having he he'd he'll he's her here here's hers herself him himself his how how's i
    i'd i'll i'm i've if in into is isn't it it's its itself let's me more most mustn't my myself no nor not of off on
    once only or other ought our ours ourselves out over own same shan't she she'd she'll she's should shouldn't so some
    such than that that's the their theirs them themselves then there there's these they they'd they'll they're they've
    this those through to too under until up very was wasn't we we'd we'll we're we've were weren't what what's when
    when's where where's which while who who's whom whose why why's will with won't would wouldn't you you'd you'll
    you're you've your yours yourself yourselves
    also did just many may might much shall tell please know exactly
    """.split()  # noqa: SIM905 - a list of 200 literals reads worse
)


class Word(NamedTuple):
    """A word of a text by its offsets, and its term; the term of a stop word is empty."""

    start: int
    end: int
    term: str


def words_of(text: str) -> Iterator[Word]:
    """Yield the words of a text in order, stop words included."""
    for match in WORD.finditer(text):
        yield Word(match.start(), match.end(), term_of(match.group()))


def terms_of(text: str) -> list[str]:
    """List the terms of a text in order, stop words left out."""
    return [word.term for word in words_of(text) if word.term]


@lru_cache(maxsize=200_000)
def term_of(word: str) -> str:
    """Fold and stem one word: ``Haftar’s`` → ``haftar``, ``élections`` → ``elect``; a stop word gives ``""``."""
    folded = _fold(word)
    if folded in STOP_WORDS:
        return ""
    bare = CLITIC.sub("", folded)
    if bare in STOP_WORDS or (len(bare) == 1 and bare.isascii() and bare.isalpha()):
        return ""
    return str(_stemmer().stemWord(bare))


def _fold(word: str) -> str:
    """Take case, accents and typographic variants off a word."""
    decomposed = unicodedata.normalize("NFKD", word.casefold().replace("’", "'"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")
