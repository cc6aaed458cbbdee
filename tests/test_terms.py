import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.terms import ENGLISH_STOP_WORDS, Word, stop_words, terms_of, terms_of_word, words_of


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
        ("л", "л"),
        ("7", "7"),
    ],
)
def test_words_are_folded_and_stemmed(word: str, term: str) -> None:
    """Case, accents, ligatures, possessive endings and inflection make no difference to a term."""
    assert terms_of_word(word, "en") == (term,)


@pytest.mark.parametrize("word", ["the", "THE", "Who", "it's", "it’s", "don’t", "cannot", "I'd", "please", "X", "s"])
def test_words_without_subject_have_no_term(word: str) -> None:
    """Stop words, however written, and single letters give no term."""
    assert terms_of_word(word, "en") == ()


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
    assert terms_of(text, "en") == terms


def test_words_carry_offsets() -> None:
    """Every word is located in the text as it is written, stop words too, which have no term."""
    assert list(words_of("The “Cafés” of 1,000.", "en")) == [
        Word(0, 3, ()),
        Word(5, 10, ("cafe",)),
        Word(12, 14, ()),
        Word(15, 20, ("1,000",)),
    ]


LANGUAGES = st.sampled_from(
    ["en", "ar", "de", "el", "fa", "fr", "he", "hi", "ja", "ko", "ru", "th", "tr", "vi", "zh", "xx"]
)
SAMPLES = st.sampled_from(
    ["北京市は", "กรุงเทพ", "서울은", "हिन्दी", "الكِتَابُ", "שָׁלוֹם", "Ήταν", "l’été", "İstanbul'da", "ğ\u0301", "ー", "〇"]
)
TEXTS = st.text() | st.lists(SAMPLES | st.text(max_size=3)).map("".join)


@given(TEXTS, LANGUAGES)
def test_words_are_disjoint_and_ordered(text: str, language: str) -> None:
    """Words are stretches of the text, in order, that do not overlap; together they hold its every letter and digit."""
    words = list(words_of(text, language))
    edges = [edge for word in words for edge in (word.start, word.end)]
    covered = {offset for word in words for offset in range(word.start, word.end)}

    assert edges == sorted(edges)
    assert all(word.start < word.end for word in words)
    assert {offset for offset, character in enumerate(text) if character.isalnum()} <= covered
    assert all(term for word in words for term in word.terms)


@given(TEXTS, LANGUAGES)
def test_terms_are_those_of_the_words(text: str, language: str) -> None:
    """Keyword search and evidence see the same terms: listing them or walking the words is the same."""
    assert terms_of(text, language) == [term for word in words_of(text, language) for term in word.terms]


@given(st.text(st.characters(max_codepoint=127)))
def test_case_makes_no_difference(text: str) -> None:
    """A question shouted is the same question."""
    assert terms_of(text.upper(), "en") == terms_of(text.lower(), "en")


@pytest.mark.parametrize("word", sorted(ENGLISH_STOP_WORDS))
def test_stop_words_match_as_written_and_typeset(word: str) -> None:
    """Each stop word is one in capitals and with a typographic apostrophe too."""
    assert terms_of_word(word.upper(), "en") == ()
    assert terms_of_word(word.replace("'", "’"), "en") == ()


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("ru", "ёлки", "ЕЛКА"),
        ("ru", "России", "Россия"),
        ("ar", "الكِتَابُ", "كتاب"),
        ("ar", "أحمد", "احمد"),
        ("ar", "مـــدرسة", "مدرسة"),
        ("ar", "٣٠٨", "308"),
        ("fa", "كتابي", "کتابی"),
        ("fa", "۱۲۳", "123"),
        ("he", "שָׁלוֹם", "שלום"),
        ("hi", "फ़िल्मों", "फिल्म"),
        ("hi", "लड़कियाँ", "लड़की"),
        ("el", "Αθήνας", "ΑΘΉΝΑ"),
        ("tr", "İstanbul'da", "istanbul"),
        ("tr", "IŞIK", "ışık"),
        ("de", "Häuser", "Hauses"),
        ("de", "STRASSE", "Straße"),
        ("es", "naciones", "nación"),
        ("fr", "l’élection", "élections"),
        ("it", "dell'università", "università"),
        ("ro", "cetăţii", "cetății"),
        ("vi", "VIỆT", "việt"),
        ("zh", "ＮＡＴＯ", "nato"),
        ("xx", "soft\u00adhyphen", "softhyphen"),
    ],
)
def test_forms_of_a_word_become_one_term(language: str, one: str, other: str) -> None:
    """In each language, what is the same word to its readers is the same term, however it is inflected or typed."""
    assert terms_of(one, language) == terms_of(other, language) != []


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [("vi", "má", "mà"), ("hi", "की", "का"), ("ja", "がく", "かく"), ("th", "มา", "มี"), ("tr", "kız", "koz")],
)
def test_marks_that_make_another_word_are_kept(language: str, one: str, other: str) -> None:
    """Tones, vowel signs and voicing marks are no accents."""
    assert [word.terms for word in words_of(f"{one}q", language)] != [
        word.terms for word in words_of(f"{other}q", language)
    ]


@pytest.mark.parametrize(
    ("language", "text", "terms"),
    [
        ("en", "日本語", ["日", "日本", "本", "本語", "語"]),
        ("zh", "2015年的北京", ["2015", "年的", "的北", "北", "北京", "京"]),
        ("ja", "トヨタの車", ["トヨ", "ヨタ", "タの", "の車", "車"]),
        ("th", "กทม", ["กทม"]),
        ("th", "ไทยๆ", ["ไทย", "ไทยๆ", "ทยๆ"]),
        ("th", "มา", ["มา"]),
        ("ko", "서울에서 NATO의", ["서울에서", "서울", "울에", "에서", "nato", "nat", "ato"]),
        ("he", "הספר", ["הספר", "הספ", "ספר"]),
        ("vi", "nghiên cứu", ["nghiên", "cứu"]),
        ("he", "2015", ["2015"]),
    ],
)
def test_stretches_stand_for_words_where_blanks_or_stemmers_are_missing(
    language: str, text: str, terms: list[str]
) -> None:
    """Scripts without blanks give stretches of characters; a language without stemmer gives them beside its words."""
    assert terms_of(text, language) == terms


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ru", "и что где"),
        ("ar", "من في هل"),
        ("es", "El la SÓLO"),
        ("de", "der wer und"),
        ("zh", "的"),
        ("tr", "ve bir"),
    ],
)
def test_stop_words_of_other_languages_have_no_term(language: str, words: str) -> None:
    """The short words of a language that carry no subject give no term."""
    assert terms_of(words, language) == []


def test_long_words_are_no_stop_words() -> None:
    """The list for Russian names "деньги" (money) and "женщина" (woman), which questions may be about."""
    assert terms_of("деньги женщина", "ru") == ["деньг", "женщин"]
    assert stop_words("xx") == frozenset()


@pytest.mark.parametrize(
    ("character", "language"),
    [("x", "en"), ("\ufdfa", "ar"), ("א", "he"), ("a\u0301", "fr")],
    ids=["letters", "a letter that stands for eighteen", "no stemmer", "accents"],
)
def test_what_is_longer_than_a_word_costs_no_more(character: str, language: str) -> None:
    """Of a stretch of letters that goes on and on only the beginning is compared; two that begin alike are the same."""
    endless = character * 200_000

    assert terms_of(endless, language) == terms_of(endless[:100], language)
    assert terms_of(f"{endless} the", language)[:1] == terms_of(endless[:101], language)[:1] != []
