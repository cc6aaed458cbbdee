from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from qa_bot.index.term_list import TermList

# Letters of one, two, three and four bytes, and half of a pair of surrogates, which only a question may hold.
terms = st.text(st.sampled_from("abzéяท中\U00010400"), min_size=1, max_size=5)


@given(st.sets(terms), st.lists(terms | st.just("\ud800")))
def test_a_term_is_found_as_in_a_list(known: set[str], asked: list[str]) -> None:
    """Terms stand in the order of their letters, each has its place as its number, and a term that is not there has none."""
    ordered = sorted(known)

    listed = TermList.of(known)

    assert list(listed) == ordered
    assert len(listed) == len(ordered)
    for term in [*asked, *ordered]:
        assert listed.number_of(term) == (ordered.index(term) if term in ordered else None)


@given(st.sets(terms), st.sampled_from("abzéяท中\U00010400"))
def test_terms_of_one_letter_stand_together(known: set[str], letter: str) -> None:
    """The terms that begin with a letter are those of a stretch of numbers."""
    listed = TermList.of(known)

    assert [listed[number] for number in listed.beginning_with(letter)] == sorted(t for t in known if t[0] == letter)
    assert listed.letters == set("".join(known))


def test_terms_are_the_same_after_writing_and_reading(tmp_path: Path) -> None:
    """Terms come back from their files, none of them too."""
    for known in ({"émigré", "libya", "中"}, set[str]()):
        TermList.of(known).write(tmp_path)

        assert list(TermList.read(tmp_path)) == sorted(known)
