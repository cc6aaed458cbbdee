import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.terms import STOP_WORDS, Word, term_of, terms_of, words_of


@pytest.mark.parametrize(
    ("word", "term"),
    [
        ("Haftar", "haftar"),
        ("Haftar’s", "haftar"),
        ("Haftar's", "haftar"),
        ("children's", "children"),
        ("running", "run"),
        ("élections", "elect"),
        ("NATO", "nato"),
        ("café", "cafe"),
        ("cafe\u0301", "cafe"),
        ("Straße", "strass"),
        ("İstanbul", "istanbul"),
        ("ﬁle", "file"),
        ("O'Brien", "o'brien"),
        ("2015", "2015"),
        ("1,000", "1,000"),
        ("3.14", "3.14"),
        ("x2", "x2"),
        ("日本語", "日本語"),
        ("л", "л"),
        ("7", "7"),
    ],
)
def test_words_are_folded_and_stemmed(word: str, term: str) -> None:
    """Case, accents, ligatures, possessive endings and inflection make no difference to a term."""
    assert term_of(word) == term


@pytest.mark.parametrize("word", ["the", "THE", "Who", "it's", "it’s", "don’t", "cannot", "I'd", "please", "X", "s"])
def test_words_without_subject_have_no_term(word: str) -> None:
    """Stop words, however written, and single letters give no term."""
    assert term_of(word) == ""


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", []),
        (" \n\t…—!", []),
        ("Who is Gen. Haftar?", ["gen", "haftar"]),
        ("state-of-the-art", ["state", "art"]),
        ("snake_case_name", ["snake", "case", "name"]),
        ("rock 'n' roll", ["rock", "roll"]),
        ("It cost 1,000.50, or more.", ["cost", "1,000.50"]),
        ("“Libya’s” ‘army’", ["libya", "armi"]),
        ("the U.S. army", ["armi"]),
        ("dog dogs Dog's", ["dog", "dog", "dog"]),
    ],
)
def test_terms_stand_in_the_order_of_the_text(text: str, terms: list[str]) -> None:
    """A text gives the terms of its words in order, repeated as they are, stop words left out."""
    assert terms_of(text) == terms


def test_words_carry_offsets() -> None:
    """Every word is located in the text as it is written, stop words too, which have an empty term."""
    assert list(words_of("The “Cafés” of 1,000.")) == [
        Word(0, 3, ""),
        Word(5, 10, "cafe"),
        Word(12, 14, ""),
        Word(15, 20, "1,000"),
    ]


@given(st.text())
def test_words_are_disjoint_and_ordered(text: str) -> None:
    """Words are stretches of the text, in order, that do not overlap; together they hold its every letter and digit."""
    words = list(words_of(text))
    edges = [edge for word in words for edge in (word.start, word.end)]
    covered = {offset for word in words for offset in range(word.start, word.end)}

    assert edges == sorted(edges)
    assert all(word.start < word.end for word in words)
    assert {offset for offset, character in enumerate(text) if character.isalnum()} <= covered


@given(st.text())
def test_terms_are_those_of_the_words(text: str) -> None:
    """Keyword search and evidence see the same terms: listing them or walking the words is the same."""
    assert terms_of(text) == [term_of(text[word.start : word.end]) for word in words_of(text) if word.term]


@given(st.text(st.characters(max_codepoint=127)))
def test_case_makes_no_difference(text: str) -> None:
    """A question shouted is the same question."""
    assert terms_of(text.upper()) == terms_of(text.lower())


@pytest.mark.parametrize("word", sorted(STOP_WORDS))
def test_stop_words_match_as_written_and_typeset(word: str) -> None:
    """Each stop word is one in capitals and with a typographic apostrophe too."""
    assert term_of(word.upper()) == ""
    assert term_of(word.replace("'", "’")) == ""
