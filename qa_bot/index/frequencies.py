"""How often each paragraph holds each term, by paragraph: what keyword search is made of, and an update carries over."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa_bot.index.ragged import Ragged
from qa_bot.index.term_list import TermList

Number = np.int32


@dataclass(frozen=True, eq=False)
class Frequencies:
    """Paragraph ``p`` holds the terms ``ids[p]`` of ``terms``, ascending, each as many times as ``counts[p]`` says."""

    terms: TermList
    ids: Ragged
    counts: Ragged

    @classmethod
    def of_terms(cls, paragraphs: Iterable[Sequence[str]]) -> "Frequencies":
        """Count the terms of each paragraph."""
        frequencies = [sorted(Counter(terms).items()) for terms in paragraphs]
        numbers = Numbering()
        ids, counts = numbers.rows(frequencies)
        terms, ranks = numbers.in_order()
        return cls(terms, Ragged(ids.bounds, ranks[ids.values]), counts)

    @property
    def lengths(self) -> NDArray[np.int32]:
        """How many terms each paragraph has, shape ``(paragraphs,)``."""
        return lengths_of(self.counts)


class Numbering:
    """Numbers terms in the order in which they turn up, until all are known and can be put in order."""

    def __init__(self) -> None:
        """Know no term yet."""
        self._numbers: dict[str, int] = {}

    def rows(self, paragraphs: Sequence[Sequence[tuple[str, int]]]) -> tuple[Ragged, Ragged]:
        """Give the numbers of the terms of each paragraph, and how often it holds each, in the order given."""
        numbers = self._numbers
        bounds = np.cumsum([0, *map(len, paragraphs)], dtype=np.int64)
        ids = [numbers.setdefault(term, len(numbers)) for row in paragraphs for term, _ in row]
        counts = [count for row in paragraphs for _, count in row]
        return Ragged(bounds, np.array(ids, dtype=Number)), Ragged(bounds, np.array(counts, dtype=Number))

    def of(self, terms: Iterable[str]) -> NDArray[np.int32]:
        """Give the numbers of terms."""
        numbers = self._numbers
        return np.array([numbers.setdefault(term, len(numbers)) for term in terms], dtype=Number)

    def in_order(self) -> tuple[TermList, NDArray[np.int32]]:
        """Put the terms in order; gives them, and the place of each by the number it had."""
        ordered = sorted(self._numbers)
        ranks = np.empty(len(ordered), dtype=Number)
        ranks[[self._numbers[term] for term in ordered]] = np.arange(len(ordered), dtype=Number)
        return TermList.of(ordered), ranks


def lengths_of(counts: Ragged) -> NDArray[np.int32]:
    """Add up how often each paragraph holds its terms, shape ``(paragraphs,)``."""
    totals = np.concatenate([[0], np.cumsum(counts.values, dtype=np.int64)])
    bounds = counts.bounds - counts.bounds[0]
    return np.asarray(totals[bounds[1:]] - totals[bounds[:-1]], dtype=np.int32)
