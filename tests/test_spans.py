import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.reader.spans import LONGEST_ANSWER, UNREAD, Window, read_sentences

LOGITS = st.floats(min_value=-9, max_value=9, width=32)


def window_of(starts: list[float], ends: list[float], null: float = 0.0, first: int = 0) -> Window:
    """Make a window of pieces of two characters with a blank after each."""
    offsets = (np.arange(len(starts)) + first) * 3
    return Window(offsets, offsets + 2, np.array(starts), np.array(ends), null)


@given(
    st.lists(st.tuples(LOGITS, LOGITS), min_size=1, max_size=45),
    st.lists(st.integers(min_value=1, max_value=44), max_size=4, unique=True),
    LOGITS,
)
def test_best_span_of_each_sentence(logits: list[tuple[float, float]], cuts: list[int], null: float) -> None:
    """Of all spans in a sentence that are not too long the one with the highest sum is found, less the null score."""
    starts, ends = [start for start, _ in logits], [end for _, end in logits]
    edges = [0, *sorted(cut for cut in cuts if cut < len(logits)), len(logits)]
    sentences = [(3 * first, 3 * last) for first, last in itertools.pairwise(edges)]

    reading = read_sentences([window_of(starts, ends, null)], sentences)

    for (first, last), score, span in zip(itertools.pairwise(edges), reading.sentences, reading.spans, strict=True):
        allowed = [(a, b) for a in range(first, last) for b in range(a, min(last, a + LONGEST_ANSWER))]
        assert score == pytest.approx(max(starts[a] + ends[b] for a, b in allowed) - null)
        assert span is not None
        assert starts[span[0] // 3] + ends[(span[1] - 2) // 3] - null == pytest.approx(score)


def test_windows_that_overlap_are_joined() -> None:
    """A sentence gets its best score of all windows, each against its own null score."""
    first = window_of([0, 5, 0], [0, 5, 0], null=9)
    second = window_of([4, 0, 0], [0, 3, 0], null=1, first=1)

    reading = read_sentences([first, second], [(0, 12)])

    assert reading.sentences == (6.0,)
    assert reading.spans == ((3, 8),)


def test_a_sentence_outside_of_every_window_is_unread() -> None:
    """What the reader has not seen, it does not hold for an answer."""
    reading = read_sentences([window_of([1], [1])], [(0, 2), (30, 40)])

    assert reading.sentences == (2.0, UNREAD)
    assert reading.spans == ((0, 2), None)


def test_a_span_never_runs_over_a_sentence_end() -> None:
    """Though start and end in two sentences would add up to more."""
    reading = read_sentences([window_of([9, 0], [0, 9])], [(0, 2), (3, 5)])

    assert reading.sentences == (9.0, 9.0)
    assert reading.spans == ((0, 2), (3, 5))
