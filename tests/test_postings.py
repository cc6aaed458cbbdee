from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.index import postings
from qa_bot.index.frequencies import Frequencies
from qa_bot.index.postings import transposed, write_transposed
from qa_bot.index.tables import read_ragged

TERMS = ["army", "border", "coast", "desert"]
paragraphs_of_terms = st.lists(st.lists(st.sampled_from(TERMS), max_size=8), max_size=12)


@given(paragraphs_of_terms, st.integers(1, 5))
def test_paragraphs_of_terms_are_terms_of_paragraphs(paragraphs: list[list[str]], block: int) -> None:
    """However many paragraphs are put in order at a time, each term has the paragraphs that hold it, ascending, and counts."""
    frequencies = Frequencies.of_terms(paragraphs)

    holders, counts = transposed(frequencies.ids, frequencies.counts, len(frequencies.terms), block=block)

    for number, term in enumerate(frequencies.terms):
        expected = [(row, own.count(term)) for row, own in enumerate(paragraphs) if term in own]
        assert list(zip(holders[number], counts[number], strict=True)) == expected
    assert len(holders) == len(counts) == len(frequencies.terms)


@pytest.mark.parametrize("paragraphs", [[["army", "coast"], [], ["coast", "coast"]], [[], []], []])
def test_what_is_written_is_what_is_transposed(tmp_path: Path, paragraphs: list[list[str]]) -> None:
    """The files hold the same as what is made in memory, even where nothing holds anything."""
    frequencies = Frequencies.of_terms(paragraphs)
    tables = frequencies.ids, frequencies.counts, len(frequencies.terms)

    write_transposed(tmp_path, *tables)

    for written, expected in zip(
        (
            read_ragged(tmp_path, postings.HOLDERS),
            read_ragged(tmp_path, postings.HOLDER_COUNTS, postings.HOLDERS),
        ),
        transposed(*tables),
        strict=True,
    ):
        assert np.array_equal(written.bounds, expected.bounds)
        assert np.array_equal(written.values, expected.values)
