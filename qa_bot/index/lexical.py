"""Keyword search: BM25 over stemmed terms, as arrays.

A question is analysed in every language that the documents are in, and each paragraph is scored by the terms that its own
language gives the question. So nobody need guess the language of a few words: analysed in a wrong language, a question
has its stop words and endings left, which no paragraph of that language holds.

The frequencies of terms are kept twice: here by term, which is what a search reads, and in `Arrays` by paragraph, which is
what an update carries over.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from qa_bot.index.frequencies import Frequencies
from qa_bot.index.postings import transposed
from qa_bot.index.ragged import Ragged
from qa_bot.index.term_list import TermList

# Robertson & Zaragoza (2009), "The Probabilistic Relevance Framework: BM25 and Beyond", formula 3.15; the two constants
# as in Anserini's and Pyserini's defaults family, chosen on SQuAD paragraphs (k1 .9, b .75 beat 1.2/.75 and .9/.4).
K1 = 0.9
B = 0.75

# Unknown words this long may be one slip, or two slips, away from a known one; shorter ones are near too many.
ONE_SLIP = 4
TWO_SLIPS = 8
# Words of other scripts say as much with fewer letters: four of Arabic, without vowels, are near too many others.
ONE_SLIP_ELSEWHERE = 5

# What a question's terms weigh, by the language it is analysed in.
TermWeights = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, eq=False)
class LexicalIndex:
    """Which paragraphs hold each term, and how to score a question against them.

    Paragraphs ``holders[t]``, ascending, hold term ``t`` of ``terms``, each as many times as ``counts[t]`` says.
    ``lengths`` counts the terms of each paragraph, and ``language_numbers`` says which of ``known_languages`` it is in;
    both have the shape ``(paragraphs,)``.
    """

    terms: TermList
    holders: Ragged
    counts: Ragged
    lengths: NDArray[np.int32]
    known_languages: Sequence[str]
    language_numbers: NDArray[np.uint16]

    @classmethod
    def of_terms(cls, paragraphs: Iterable[Sequence[str]], languages: Sequence[str]) -> "LexicalIndex":
        """Count the terms of each paragraph; each is in one language."""
        frequencies = Frequencies.of_terms(paragraphs)
        names, numbers = np.unique(np.array(languages, dtype=np.str_), return_inverse=True)
        holders, counts = transposed(frequencies.ids, frequencies.counts, len(frequencies.terms))
        return cls(frequencies.terms, holders, counts, frequencies.lengths, names.tolist(), numbers.astype(np.uint16))

    def __len__(self) -> int:
        """Count the paragraphs."""
        return len(self.lengths)

    def language(self, paragraph: int) -> str:
        """Name the language of a paragraph."""
        return self.known_languages[int(self.language_numbers[paragraph])]

    @cached_property
    def _typical(self) -> float:
        """How many terms a paragraph has on average, or 1 if it has fewer."""
        return max(float(self.lengths.mean(dtype=np.float64)), 1.0) if len(self) else 1.0

    @cached_property
    def _by_initial(self) -> dict[str, list[str]]:
        return {}

    def _beginning_with(self, letter: str) -> list[str]:
        """Give the terms with a first letter, those of most paragraphs first, so that ties go to the commoner one."""
        # Looked up before it is made: threads that meet here make the same list.
        known = self._by_initial.get(letter)
        if known is None:
            bounds = self.holders.bounds
            numbers = self.terms.beginning_with(letter)
            ordered = sorted(numbers, key=lambda number: bounds[number] - bounds[number + 1])
            known = self._by_initial[letter] = [self.terms[number] for number in ordered]
        return known

    @cached_property
    def letters(self) -> Sequence[str]:
        """The letters of all terms."""
        return sorted(letter for letter in self.terms.letters if letter.isalpha())

    def idf(self, term: str) -> float:
        """Tell how rare a term is, between 0 and 1: ln(1 + (N − n + ½)/(n + ½)) divided by its largest value.

        A term that no paragraph holds has the largest weight: a question about it is hard to answer from here.
        """
        number = self.terms.number_of(term)
        bounds = self.holders.bounds
        holders = 0 if number is None else int(bounds[number + 1] - bounds[number])
        return rarity(holders, len(self))

    def held(self, terms: Iterable[str]) -> AbstractSet[str]:
        """Give those of some terms that any paragraph holds."""
        return {term for term in terms if self.terms.number_of(term) is not None}

    def weigh(self, terms: Iterable[str]) -> dict[str, float]:
        """Give each distinct term its idf; a term that no paragraph holds is taken for a misspelt one where it can be."""
        return weigh(list(terms), self)

    def nearest(self, term: str) -> str | None:
        """Give the term that an unknown one is most likely a misspelling of, if any is near enough."""
        slips = most_slips(term)
        return likeliest(term, self._beginning_with(term[0]), slips) if slips else None

    def scores(self, weights: TermWeights) -> NDArray[np.float64]:
        """Score every paragraph, shape ``(paragraphs,)``: BM25 divided by the question's whole weight.

        Divided so, a score says how much of the question is covered, whatever its length; it serves abstention too. Only
        the paragraphs that hold a term of the question are looked at.
        """
        scores = np.zeros(len(self))
        shares = [_shares(weights.get(name, {})) for name in self.known_languages]
        for term in dict.fromkeys(term for own in weights.values() for term in own):
            number = self.terms.number_of(term)
            if number is None:
                continue
            holders, frequency = self.holders[number], self.counts[number]
            by_language = np.array([own.get(term, 0.0) for own in shares])
            # In most indexes there is but one language, whose weight needs not be looked up for each paragraph.
            weight = by_language[self.language_numbers[holders]] if len(by_language) > 1 else by_language
            saturation = frequency + K1 * (1 - B + B * self.lengths[holders] / self._typical)
            scores[holders] += weight * frequency * (K1 + 1) / saturation
        return scores


class Terms(Protocol):
    """What `weigh` needs to know of the terms of an index."""

    def held(self, terms: Iterable[str]) -> AbstractSet[str]:
        """Give those of some terms that any paragraph holds."""

    def idf(self, term: str) -> float:
        """Tell how rare a term is, between 0 and 1."""

    def nearest(self, term: str) -> str | None:
        """Give the term that an unknown one is most likely a misspelling of, if any is near enough."""


def weigh(terms: Sequence[str], index: Terms) -> dict[str, float]:
    """Give each distinct term its idf; a term that no paragraph holds is taken for a misspelt one where it can be."""
    weights: dict[str, float] = {}
    held = index.held(terms)
    for term in terms:
        known = term if term in held else index.nearest(term) or term
        weights[known] = max(weights.get(known, 0.0), index.idf(term))
    return weights


def rarity(holders: int, paragraphs: int) -> float:
    """Tell how rare a term is that so many of so many paragraphs hold; see `LexicalIndex.idf`."""
    return math.log(1 + (paragraphs - holders + 0.5) / (holders + 0.5)) / math.log(2 * paragraphs + 2)


def most_slips(term: str) -> int:
    """Tell how many slips a word may be away from one it is taken for.

    One (a letter wrong, missing, too many, or two swapped), two in long words, the first letter being right, as it nearly
    always is (Pollock & Zamora 1984, "Automatic spelling correction").
    """
    long_enough = len(term) >= (ONE_SLIP if term.isascii() else ONE_SLIP_ELSEWHERE)
    return long_enough + (len(term) >= TWO_SLIPS) if term.isalpha() else 0


def likeliest(term: str, choices: Sequence[str], slips: int) -> str | None:
    """Give the nearest of some words, the first of equally near ones, if any is at most so many slips away."""
    found = process.extractOne(term, choices, scorer=OSA.distance, score_cutoff=slips)
    return found[0] if found else None


def _shares(weights: Mapping[str, float]) -> dict[str, float]:
    """Give each term its share of the question's whole weight."""
    whole = max(sum(weights.values()), 1e-9)
    return {term: weight / whole for term, weight in weights.items()}


def best_of(scores: NDArray[np.float64], limit: int) -> NDArray[np.int64]:
    """Name the paragraphs with the highest scores above 0, at most ``limit``, in any order."""
    found = np.flatnonzero(scores > 0)
    if len(found) <= limit:
        return found
    return found[np.argpartition(-scores[found], limit - 1)[:limit]] if limit else found[:0]
