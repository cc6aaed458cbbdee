"""The terms in the database."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property

from qa_bot.index.lexical import likeliest, most_slips, rarity, weigh
from qa_bot.index.postgresql.caching import Cache
from qa_bot.index.postgresql.reading import Reads

# What a term and its number of holders take, roughly.
TERM_BYTES = 200


class DatabaseVocabulary:
    """The terms of one state; see `Vocabulary`. What was asked once is not asked again."""

    def __init__(self, reads: Reads, paragraphs: int, room: int) -> None:
        """Read them so, of so many paragraphs; ``room`` bytes of terms are kept in memory."""
        self._reads = reads
        self._paragraphs = paragraphs
        self._holders: Cache[str, int] = Cache(room, lambda _: TERM_BYTES)

    @cached_property
    def known_languages(self) -> Sequence[str]:
        """The languages that any paragraph is in."""
        rows = self._reads.rows("SELECT DISTINCT language FROM documents WHERE quotable > 0 ORDER BY language")
        return [language for (language,) in rows]

    @cached_property
    def letters(self) -> Sequence[str]:
        """The letters of all terms."""
        rows = self._reads.rows("SELECT DISTINCT unnest(string_to_array(term, NULL)) FROM terms")
        return sorted(letter for (letter,) in rows if letter.isalpha())

    def held(self, terms: Iterable[str]) -> AbstractSet[str]:
        """Give those of some terms that any paragraph holds."""
        found = self._holders.get(list(terms), self._fetch)
        return {term for term, holders in found.items() if holders}

    def idf(self, term: str) -> float:
        """Tell how rare a term is, between 0 and 1."""
        return rarity(self._holders.get([term], self._fetch)[term], self._paragraphs)

    def weigh(self, terms: Iterable[str]) -> dict[str, float]:
        """Give each distinct term its idf; a term that no paragraph holds is taken for a misspelt one where it can be."""
        return weigh(list(terms), self)

    def nearest(self, term: str) -> str | None:
        """Give the term that an unknown one is most likely a misspelling of, if any is near enough."""
        slips = most_slips(term)
        if not slips:
            return None
        rows = self._reads.rows(
            "SELECT term FROM terms WHERE left(term, 1) = %s AND length(term) BETWEEN %s AND %s "
            "ORDER BY holders DESC, term",
            term[0],
            len(term) - slips,
            len(term) + slips,
        )
        return likeliest(term, [choice for (choice,) in rows], slips)

    def _fetch(self, terms: list[str]) -> dict[str, int]:
        rows = self._reads.rows("SELECT term, holders FROM terms WHERE term = ANY (%s)", terms)
        return dict.fromkeys(terms, 0) | dict(rows)
