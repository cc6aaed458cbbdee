from collections.abc import Iterator, Sequence
from itertools import cycle, islice, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stand_ins import WordEncoder, set_seeds

from qa_bot.encoder.sentence_transformer import SentenceEncoder
from qa_bot.index.encoding import no_progress
from qa_bot.index.lexical import LexicalIndex
from qa_bot.opening import open_index
from qa_bot.spelling import MOST_SLIPS, correct, corrections
from qa_bot.terms import terms_of_word

TEXT = "The United Nations accused Haftar of sabotage.\n\nHis offensive was organized near Benghazi.\n\nThe negotiations ended.\n"


class UnknowingEncoder(WordEncoder):
    """An encoder that knows no word."""

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        """Count two for each word."""
        return [2 * len(text.split()) for text in texts]


@pytest.fixture(scope="module")
def lexical(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LexicalIndex]:
    """Index three paragraphs."""
    folder = tmp_path_factory.mktemp("spelling")
    with open_index(
        folder / "index", set_seeds(folder / "seeds", {"a.txt": TEXT}), WordEncoder(), no_progress
    ) as index:
        yield index.lexical


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("did the united natoins acuse haftar", "did the united nations accuse haftar"),
        ("who sabotged the negotitaions", "who sabotaged the negotiations"),
        ("OFENSIVE in BENGHAZZI", "OFFENSIVE in BENGHAZI"),
        ("Benghzai", "Benghazi"),
        ("when was it orgnized", "when was it organized"),
    ],
)
def test_slips_are_corrected(real_encoder: SentenceEncoder, lexical: LexicalIndex, written: str, meant: str) -> None:
    """Letters lost, doubled, swapped, in the case in which they were written; inflected forms count as known."""
    assert correct(written, real_encoder, lexical) == (meant, False)


@pytest.mark.parametrize(
    "text", ["Who accused Haftar?", "how do I bake bread", "the weather in Paris", "xyzzy", "U.N. 2015?", "谁", "иран"]
)
def test_words_that_are_none_of_the_documents_stay(
    real_encoder: SentenceEncoder, lexical: LexicalIndex, text: str
) -> None:
    """What the encoder knows is a word, whatever the documents are about; what is near nothing stays too."""
    assert correct(text, real_encoder, lexical).text == text


@pytest.mark.parametrize("text", ["asdf qwer", "Where is xyzzyqux?"])
def test_what_nobody_knows_a_word_of_is_gibberish(
    real_encoder: SentenceEncoder, lexical: LexicalIndex, text: str
) -> None:
    """Neither the documents nor the encoder."""
    assert correct(text, real_encoder, lexical) == (text, True)


@pytest.mark.parametrize("text", ["Where is it?", "who is Haftar", "bread", "qwer bread", "2015"])
def test_one_known_word_makes_a_question(real_encoder: SentenceEncoder, lexical: LexicalIndex, text: str) -> None:
    """Known to either."""
    assert not correct(text, real_encoder, lexical).gibberish


def test_the_likeliest_correction_is_that_of_the_likeliest_slip(lexical: LexicalIndex) -> None:
    """Two letters swapped are likelier than one that is put for another far away on the keyboard."""
    found = sorted(corrections("negotiatoins", lexical, "en"))
    assert found[0].word == "negotiations"
    assert found[0].unlikely == 0


JUNK = " ".join("".join(letters) for letters in islice(permutations("bcdfghjkl"), 200))
# The longest that a question may be, in the longest words, in the alphabet and the languages that take longest.
CYRILLIC = " ".join("".join(islice(cycle("щъыьэюяфхцч"), at, at + 30)) for at in range(65))
RUSSIAN = "Библиотека открывается в девять часов утра. Съешь же ещё этих мягких французских булок, да выпей чаю.\n"
GERMAN = "Die Bibliothek öffnet um neun Uhr morgens. Über große Straßen laufen die Leute nach Hause.\n"


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LexicalIndex]:
    """Index documents in three languages."""
    folder = tmp_path_factory.mktemp("languages")
    seeds = set_seeds(folder / "seeds", {"en.txt": TEXT, "ru.txt": RUSSIAN, "de.txt": GERMAN})
    with open_index(folder / "index", seeds, WordEncoder(), no_progress) as index:
        yield index.lexical


@pytest.mark.parametrize("text", [JUNK, CYRILLIC, CYRILLIC[:700]])
def test_one_question_takes_no_more_than_its_time(several: LexicalIndex, text: str) -> None:
    """However many words of it nobody knows: no more strings are stemmed than are meant to, besides its own words."""
    assert list(several.known_languages) == ["de", "en", "ru"]
    terms_of_word.cache_clear()

    assert correct(text, UnknowingEncoder(), several) == (text, True)
    stemmed = terms_of_word.cache_info().misses
    assert MOST_SLIPS / 2 < stemmed <= MOST_SLIPS + len(text.split()) * len(several.known_languages)


def test_the_first_misspelt_words_are_corrected(lexical: LexicalIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each wherever it stands; those after them stay, and so does all between. The first is tried whatever it takes."""
    text = f"natoins Benghzai natoins {JUNK} natoins orgnized"

    assert correct(text, UnknowingEncoder(), lexical).text == f"nations Benghazi nations {JUNK} nations orgnized"
    monkeypatch.setattr("qa_bot.spelling.MOST_SLIPS", 1)
    assert correct(text, UnknowingEncoder(), lexical).text == f"nations Benghzai nations {JUNK} nations orgnized"


@given(st.text(max_size=60))
def test_any_text_is_borne(lexical: LexicalIndex, text: str) -> None:
    """Only letters change, and in words alone."""
    corrected = correct(text, WordEncoder(), lexical).text
    assert [c for c in corrected if not c.isalpha()] == [c for c in text if not c.isalpha()]
