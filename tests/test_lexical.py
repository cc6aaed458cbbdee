import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.index.lexical import K1, ONE_SLIP, TWO_SLIPS, B, LexicalIndex

WORDS = ["haftar", "libya", "tripoli", "ceasefire", "2015", "benghazi", "um", "émigré"]

paragraphs_of_terms = st.lists(st.lists(st.sampled_from(WORDS), max_size=6), max_size=6)


def bm25(paragraphs: Sequence[Sequence[str]], weights: dict[str, float], number: int) -> float:
    """Score one paragraph from the formula of BM25, divided by the whole weight of the question."""
    typical = max(sum(map(len, paragraphs)) / len(paragraphs), 1.0)
    length = len(paragraphs[number])
    frequencies = Counter(paragraphs[number])
    gained = sum(
        weight * frequencies[term] * (K1 + 1) / (frequencies[term] + K1 * (1 - B + B * length / typical))
        for term, weight in weights.items()
    )
    return gained / sum(weights.values())


def idf(paragraphs: Sequence[Sequence[str]], term: str) -> float:
    """Tell how rare a term is from the formula, as a share of the largest value it can have."""
    count, holders = len(paragraphs), sum(term in paragraph for paragraph in paragraphs)
    return math.log(1 + (count - holders + 0.5) / (holders + 0.5)) / math.log(1 + (count + 0.5) / 0.5)


def index_of(paragraphs: Sequence[Sequence[str]], languages: Sequence[str] = ()) -> LexicalIndex:
    """Index paragraphs of these terms, all in English unless said otherwise."""
    return LexicalIndex.of_terms(paragraphs, languages or ["en"] * len(paragraphs))


@given(paragraphs_of_terms.filter(bool), st.lists(st.sampled_from([*WORDS, "absent"]), min_size=1, max_size=5))
def test_scores_are_bm25_of_every_paragraph(paragraphs: list[list[str]], question: list[str]) -> None:
    """The score of every paragraph is the one the formula gives, whether it holds a word of the question or not."""
    index = index_of(paragraphs)
    weights = {term: idf(paragraphs, term) for term in question}

    scores = index.scores({"en": weights})

    expected = [bm25(paragraphs, weights, number) for number in range(len(paragraphs))]
    np.testing.assert_allclose(scores, expected, rtol=1e-12, atol=1e-15)


@given(paragraphs_of_terms.filter(bool))
def test_idf_is_a_share_of_its_largest_value(paragraphs: list[list[str]]) -> None:
    """A term weighs what the formula gives, between 0 and 1, and exactly 1 where no paragraph holds it."""
    index = index_of(paragraphs)

    for term in WORDS:
        assert index.idf(term) == pytest.approx(idf(paragraphs, term), rel=1e-12)
        assert 0 < index.idf(term) <= 1
        assert (term in index.held([term])) == any(term in paragraph for paragraph in paragraphs)
    assert index.idf("absent") == pytest.approx(1.0)


@given(paragraphs_of_terms)
def test_terms_are_counted_as_they_stand(paragraphs: list[list[str]]) -> None:
    """Each term names the paragraphs that hold it, ascending, and how often each does; a paragraph's length is their sum."""
    index = index_of(paragraphs)

    assert len(index) == len(paragraphs)
    assert index.lengths.tolist() == [len(paragraph) for paragraph in paragraphs]
    assert list(index.terms) == sorted({term for paragraph in paragraphs for term in paragraph})
    for number, term in enumerate(index.terms):
        holders = [(row, paragraph.count(term)) for row, paragraph in enumerate(paragraphs) if term in paragraph]
        assert list(zip(index.holders[number], index.counts[number], strict=True)) == holders


def test_an_index_of_nothing_scores_nothing() -> None:
    """An empty index has no scores, and every term weighs 1."""
    index = index_of([])

    assert index.scores({"en": {"libya": 1.0}}).shape == (0,)
    assert index.weigh(["libya"]) == {"libya": 1.0}


def test_a_question_without_terms_scores_zero() -> None:
    """A question of stop words only finds nothing by its words, rather than dividing by nothing."""
    assert index_of([["libya"], []]).scores({"en": {}}).tolist() == [0.0, 0.0]


def slips(first: str, second: str) -> int:
    """Count the slips between two words by the textbook table (optimal string alignment)."""
    table = [
        [max(row, column) if not row * column else 0 for column in range(len(second) + 1)]
        for row in range(len(first) + 1)
    ]
    for i in range(1, len(first) + 1):
        for j in range(1, len(second) + 1):
            cost = first[i - 1] != second[j - 1]
            table[i][j] = min(table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + cost)
            if i > 1 and j > 1 and first[i - 1] == second[j - 2] and first[i - 2] == second[j - 1]:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]


@given(
    paragraphs_of_terms,
    st.text("abehnzilrtpy", min_size=1, max_size=10) | st.sampled_from(["haftra", "benghzai", "cesefier", "trpoli"]),
)
def test_the_nearest_term_is_found_as_by_comparing_with_each(paragraphs: list[list[str]], word: str) -> None:
    """A misspelt word is taken for one of the least slips with its first letter, the commonest of those; or for none."""
    index = index_of(paragraphs)
    allowed = 2 if len(word) >= TWO_SLIPS else int(len(word) >= ONE_SLIP)
    holders = Counter(term for paragraph in paragraphs for term in set(paragraph))
    near = [(slips(word, term), -count) for term, count in holders.items() if term[0] == word[0]]
    best = min((pair for pair in near if pair[0] <= allowed), default=None) if allowed else None

    found = index.nearest(word)

    assert (None if found is None else (slips(word, found), -holders[found])) == best


def test_of_terms_equally_near_the_commoner_is_taken() -> None:
    """Where a word is as few slips from two terms, it is taken for the one that more paragraphs hold."""
    index = index_of([["benghasi"], ["benghazi"], ["benghazi", "benghaqi", "benghaqi"]])

    assert index.nearest("benghari") == "benghazi"


def test_a_misspelt_word_counts_as_the_known_one() -> None:
    """A question's unknown word is weighed under the name of the known word it is near; a known word never is changed."""
    index = index_of([["benghazi", "haftar"], ["haftan"]])

    assert set(index.weigh(["benghzai", "haftar"])) == {"benghazi", "haftar"}
    assert set(index.weigh(["2016", "xylophone"])) == {"2016", "xylophone"}


@given(
    st.lists(st.tuples(st.lists(st.sampled_from(WORDS), max_size=6), st.sampled_from(["ar", "de", "en"])), min_size=1)
)
def test_a_paragraph_is_scored_by_its_own_language(rows: list[tuple[list[str], str]]) -> None:
    """Each paragraph has the score that it would have if the question were analysed in its language alone."""
    paragraphs, languages = [terms for terms, _ in rows], [language for _, language in rows]
    index = index_of(paragraphs, languages)
    weights = {"ar": {"libya": 1.0}, "de": {"haftar": 0.5, "libya": 0.25}, "en": {"tripoli": 0.75, "absent": 1.0}}

    scores = index.scores({language: weights[language] for language in index.known_languages})

    expected = [bm25(paragraphs, weights[language], number) for number, language in enumerate(languages)]
    np.testing.assert_allclose(scores, expected, rtol=1e-12, atol=1e-15)
    assert list(index.known_languages) == sorted(set(languages))


def test_words_without_vowels_are_corrected_from_five_letters_on() -> None:
    """Four letters of another script are near too many words to be taken for a misspelt one."""
    index = index_of([["كتاب", "مدرسة", "book"]])

    assert [index.nearest(word) for word in ("كتاك", "مدرشة", "boox")] == [None, "مدرسة", "book"]
