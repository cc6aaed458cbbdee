from hypothesis import given
from hypothesis import strategies as st
from test_answering import document_of, evidence_of

from qa_bot.merging import merge
from qa_bot.records import Evidence

DOCUMENT = document_of("\n\n".join(f"Paragraph {number} stands here." for number in range(12)))
LISTS = st.lists(
    st.lists(st.tuples(st.integers(1, 12), st.floats(0, 1)), unique_by=lambda pair: pair[0], max_size=6),
    min_size=1,
    max_size=3,
)


def evidence(number: int, confidence: float) -> Evidence:
    """Make evidence of a paragraph."""
    return evidence_of(DOCUMENT, number, confidence=confidence)


def test_the_best_of_each_part_comes_first() -> None:
    """The surest part leads, and what both find counts once."""
    one = [evidence(1, 0.6), evidence(2, 0.5), evidence(3, 0.1)]
    other = [evidence(4, 0.9), evidence(1, 0.3)]

    merged = merge([one, other], limit=10)

    assert [(item.paragraph.number, item.confidence) for item in merged] == [(4, 0.9), (1, 0.6), (2, 0.5), (3, 0.1)]
    assert [item.hit.rank for item in merged] == [1, 2, 3, 4]


def test_one_part_stays_as_it_is() -> None:
    """Its order is not touched."""
    one = [evidence(2, 0.1), evidence(1, 0.9)]
    assert merge([one], limit=1) == one


@given(LISTS, st.integers(1, 12))
def test_every_part_is_heard(parts: list[list[tuple[int, float]]], limit: int) -> None:
    """Within the limit no paragraph stands twice, and the first of each part is there, if there is room for all of them."""
    made = [[evidence(*pair) for pair in part] for part in parts]
    merged = [item.paragraph.number for item in merge(made, limit=limit)]

    assert len(merged) == len(set(merged))
    if len(parts) > 1:
        assert len(merged) == min(limit, len({number for part in parts for number, _ in part}))
        firsts = {part[0][0] for part in parts if part}
        assert len(firsts) > limit or firsts <= set(merged)
