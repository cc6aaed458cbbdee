import pytest

from qa_bot.languages import CERTAIN, ENGLISH, STRETCH, language_of

SENTENCES = {
    "ar": "وُلد العالم في القاهرة ودرس فيها قبل أن ينتقل إلى باريس.",
    "de": "Der Hafen wurde 1931 nach langer Bauzeit eröffnet.",
    "el": "Η Αθήνα είναι η πρωτεύουσα της Ελλάδας.",
    "en": "The harbour was opened in 1931, after many years of work.",
    "es": "El puerto fue inaugurado en 1931 por el alcalde.",
    "fa": "تهران پایتخت و بزرگ‌ترین شهر ایران است.",
    "fi": "Satama avattiin vuonna 1931 pitkän rakentamisen jälkeen.",
    "he": "ירושלים היא עיר הבירה של מדינת ישראל.",
    "hi": "भारत की राजधानी नई दिल्ली है।",
    "ja": "東京は日本の首都です。",
    "ko": "서울은 대한민국의 수도이다.",
    "ro": "Portul a fost deschis în anul 1931 de către primar.",
    "ru": "Порт был открыт в 1931 году после долгого строительства.",
    "th": "กรุงเทพมหานครเป็นเมืองหลวงของประเทศไทย",
    "tr": "Liman uzun bir inşaattan sonra 1931 yılında açıldı.",
    "vi": "Hà Nội là thủ đô của nước Việt Nam.",
    "zh": "北京是中华人民共和国的首都。",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_one_sentence_tells_its_language(language: str) -> None:
    """A single sentence is enough to know the language it is in."""
    assert language_of(SENTENCES[language]) == language


@pytest.mark.parametrize("text", ["", " \n", "123", "…", "One. Two.", "Ann Smith\nBob Jones", "Panthers, Broncos"])
def test_texts_that_tell_too_little_are_taken_for_english(text: str) -> None:
    """Numbers, blanks and names are analysed as English, rather than as the language they happen to look like."""
    assert 0 < CERTAIN < 1
    assert language_of(text) == ENGLISH


def test_a_foreign_beginning_does_not_decide() -> None:
    """A licence in English before a French book leaves the book French."""
    licence = "This eBook is for the use of anyone anywhere at no cost and with almost no restrictions whatsoever. "
    book = "Longtemps, je me suis couché de bonne heure. Parfois, à peine ma bougie éteinte, mes yeux se fermaient. "

    assert language_of(licence * 3 + book * 20) == "fr"
    assert len(licence) * 3 > STRETCH
