"""Keyword search: BM25 over stemmed terms, as arrays.

A question is analysed in every language that the documents are in, and each paragraph is scored by the terms that its own
language gives the question. So nobody need guess the language of a few words: analysed in a wrong language, a question
has its stop words and endings left, which no paragraph of that language holds.

``frequencies`` is kept in two orders: by paragraph (what an update carries over) and by term (what a search reads).
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from qa_bot.index.ragged import Ragged

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
    """The terms of every paragraph, and how to score a question against them.

    ``terms`` is sorted. Paragraph ``p`` holds the terms ``term_ids[bounds[p]:bounds[p + 1]]``, ascending, each as many
    times as ``counts`` says. ``languages`` names the language of each paragraph.
    """

    terms: Sequence[str]
    bounds: NDArray[np.int64]
    term_ids: NDArray[np.int32]
    counts: NDArray[np.int32]
    languages: NDArray[np.str_]

    @classmethod
    def of_terms(cls, paragraphs: Iterable[Sequence[str]], languages: Sequence[str]) -> "LexicalIndex":
        """Count the terms of each paragraph; each is in one language."""
        frequencies = [Counter(terms) for terms in paragraphs]
        terms = sorted({term for counter in frequencies for term in counter})
        ids = {term: number for number, term in enumerate(terms)}
        rows = [sorted((ids[term], count) for term, count in counter.items()) for counter in frequencies]
        flat = np.array([pair for row in rows for pair in row], dtype=np.int32).reshape(-1, 2)
        bounds = np.cumsum([0, *(len(row) for row in rows)], dtype=np.int64)
        return cls(terms, bounds, flat[:, 0].copy(), flat[:, 1].copy(), np.array(languages, dtype=np.str_))

    def take(self, rows: NDArray[np.int64]) -> "LexicalIndex":
        """Copy some paragraphs, in the order given; terms that none of them holds are dropped."""
        ids, counts = Ragged(self.bounds, self.term_ids).take(rows), Ragged(self.bounds, self.counts).take(rows)
        used, renumbered = np.unique(ids.values, return_inverse=True)
        terms = [self.terms[number] for number in used]
        return LexicalIndex(terms, ids.bounds, renumbered.astype(np.int32), counts.values, self.languages[rows])

    def joined(self, other: "LexicalIndex") -> "LexicalIndex":
        """Put the paragraphs of another below these."""
        terms = sorted({*self.terms, *other.terms})
        ids = {term: number for number, term in enumerate(terms)}
        # Both vocabularies are sorted, so ids stay ascending within each paragraph.
        renumbered = [
            np.array([ids[term] for term in part.terms], dtype=np.int32)[part.term_ids] for part in (self, other)
        ]
        return LexicalIndex(
            terms,
            np.concatenate([self.bounds, other.bounds[1:] + self.bounds[-1]]),
            np.concatenate(renumbered),
            np.concatenate([self.counts, other.counts]),
            np.concatenate([self.languages, other.languages]),
        )

    def __len__(self) -> int:
        """Count the paragraphs."""
        return len(self.bounds) - 1

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """How many terms each paragraph has, shape ``(paragraphs,)``."""
        totals = np.concatenate([[0], np.cumsum(self.counts, dtype=np.int64)])
        lengths: NDArray[np.int64] = totals[self.bounds[1:]] - totals[self.bounds[:-1]]
        return lengths

    @cached_property
    def _by_language(self) -> tuple[list[str], NDArray[np.int64]]:
        """The languages of the paragraphs, and the number of each paragraph's among them."""
        names, numbers = np.unique(self.languages, return_inverse=True)
        return names.tolist(), numbers

    @property
    def known_languages(self) -> Sequence[str]:
        """The languages that any paragraph is in."""
        return self._by_language[0]

    @cached_property
    def _ids(self) -> Mapping[str, int]:
        return {term: number for number, term in enumerate(self.terms)}

    @cached_property
    def _by_initial(self) -> Mapping[str, list[str]]:
        """The terms by first letter, those of most paragraphs first, so that ties go to the commoner one."""
        bounds = self._postings[0]
        order = sorted(range(len(self.terms)), key=lambda number: bounds[number] - bounds[number + 1])
        by_initial: dict[str, list[str]] = {}
        for number in order:
            by_initial.setdefault(self.terms[number][0], []).append(self.terms[number])
        return by_initial

    @cached_property
    def letters(self) -> Sequence[str]:
        """The letters of all terms."""
        return sorted(letter for letter in set().union(*self.terms) if letter.isalpha())

    @cached_property
    def _postings(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32]]:
        """The same frequencies by term: bounds of each term, then paragraphs and counts in the order of terms."""
        order = np.argsort(self.term_ids, kind="stable")
        paragraphs = np.repeat(np.arange(len(self)), np.diff(self.bounds))[order]
        bounds = np.searchsorted(self.term_ids[order], np.arange(len(self.terms) + 1))
        return bounds, paragraphs, self.counts[order]

    def idf(self, term: str) -> float:
        """Tell how rare a term is, between 0 and 1: ln(1 + (N − n + ½)/(n + ½)) divided by its largest value.

        A term that no paragraph holds has the largest weight: a question about it is hard to answer from here.
        """
        number = self._ids.get(term)
        bounds = self._postings[0]
        holders = 0 if number is None else int(bounds[number + 1] - bounds[number])
        return rarity(holders, len(self))

    def held(self, terms: Iterable[str]) -> AbstractSet[str]:
        """Give those of some terms that any paragraph holds."""
        return {term for term in terms if term in self._ids}

    def weigh(self, terms: Iterable[str]) -> dict[str, float]:
        """Give each distinct term its idf; a term that no paragraph holds is taken for a misspelt one where it can be."""
        return weigh(list(terms), self)

    def nearest(self, term: str) -> str | None:
        """Give the term that an unknown one is most likely a misspelling of, if any is near enough."""
        slips = most_slips(term)
        return likeliest(term, self._by_initial.get(term[0], []), slips) if slips else None

    def scores(self, weights: TermWeights) -> NDArray[np.float64]:
        """Score every paragraph, shape ``(paragraphs,)``: BM25 divided by the question's whole weight.

        Divided so, a score says how much of the question is covered, whatever its length; it serves abstention too.
        """
        scores = np.zeros(len(self))
        bounds, paragraphs, counts = self._postings
        names, languages = self._by_language
        typical = max(float(self.lengths.mean()), 1.0) if len(self) else 1.0
        for term in dict.fromkeys(term for own in weights.values() for term in own):
            number = self._ids.get(term)
            if number is None:
                continue
            held = slice(bounds[number], bounds[number + 1])
            holders, frequency = paragraphs[held], counts[held]
            weight = np.array([weights.get(name, {}).get(term, 0.0) for name in names])[languages[holders]]
            saturation = frequency + K1 * (1 - B + B * self.lengths[holders] / typical)
            scores[holders] += weight * frequency * (K1 + 1) / saturation
        whole = np.array([max(sum(weights.get(name, {}).values()), 1e-9) for name in names])
        scores /= whole[languages]
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


def best_of(scores: NDArray[np.float64], limit: int) -> NDArray[np.int64]:
    """Name the paragraphs with the highest scores above 0, at most ``limit``, in any order."""
    limit = min(limit, len(scores))
    best = np.argpartition(-scores, limit - 1)[:limit] if limit else np.empty(0, dtype=np.int64)
    return best[scores[best] > 0]
