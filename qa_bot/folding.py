"""What a word is compared by: case, accents and typographic variants taken off, and the ending that inflects it.

Which marks are mere dress depends on the script: an accent is in Latin and Greek, vowel points are in Arabic and Hebrew,
but the vowel signs of India and South-East Asia are letters like any other, and the tones of Vietnamese tell words apart.
"""

import unicodedata
from functools import lru_cache

import regex
import Stemmer

from qa_bot.languages import ENGLISH

# What may be left out of a word without making another one of it, and what stemmers do not expect: soft hyphens and
# joiners, the points of Hebrew, the vowel marks and the stretching of Arabic, the dot below of Hindi.
OPTIONAL = regex.compile(
    "[\u00ad\u200d\u2060\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u0652\u0670\u06d6-\u06ed\u093c]"
)
# Accents, and the hamza upon Arabic letters. Suffixes are told by their accents: "-ción" is one, "-cion" is none.
ACCENTS = regex.compile("[\u0300-\u036f\u0653-\u0655]")
KEEPS_ACCENTS = frozenset({"vi"})

ARABIC_LETTERS = str.maketrans("یک", "يك")
PERSIAN_LETTERS = str.maketrans("يىك", "ییک")
TURKIC_CAPITALS = str.maketrans({"I": "ı", "İ": "i"})
LETTERS = {"ar": ARABIC_LETTERS, "fa": PERSIAN_LETTERS, "ur": PERSIAN_LETTERS}
CAPITALS = {"tr": TURKIC_CAPITALS, "az": TURKIC_CAPITALS}
# Written either way by the same people.
VARIANTS = str.maketrans({"ı": "i", "ى": "ي", "ँ": "ं"})

STEMMERS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish",
    "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
    "it": "italian", "lt": "lithuanian", "ne": "nepali", "nl": "dutch", "no": "norwegian", "pl": "polish",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil",
    "tr": "turkish", "yi": "yiddish",
}  # fmt: skip


def lower(word: str, language: str) -> str:
    """Take case and typographic variants off a word: full-width letters, ligatures, the digits of other scripts."""
    if word.isascii():
        return word.translate(CAPITALS[language]).lower() if language in CAPITALS else word.lower()
    cased = word.translate(CAPITALS.get(language, {}))
    plain = OPTIONAL.sub("", unicodedata.normalize("NFKC", cased).casefold().replace("’", "'"))
    digits = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in plain)
    return digits.translate(LETTERS.get(language, {}))


def bare(word: str, language: str) -> str:
    """Take the accents off a word in lower case where they are no letters of their own."""
    if word.isascii():
        return word
    if language not in KEEPS_ACCENTS:
        word = ACCENTS.sub("", unicodedata.normalize("NFKD", word))
    return unicodedata.normalize("NFC", word).translate(VARIANTS)


def stem(word: str, language: str) -> str:
    """Take the inflection off a word in lower case, where a stemmer knows the language, and its accents."""
    # English writes accents on loan words only, now and then: they must be off before its endings are looked at.
    given = bare(word, language) if language == ENGLISH else word
    stemmer = _stemmer(language)
    return bare((stemmer.stemWord(given) if stemmer else "") or given, language)


def has_stemmer(language: str) -> bool:
    """Whether inflected words of a language become the same stem."""
    return language in STEMMERS


@lru_cache
def _stemmer(language: str) -> Stemmer.Stemmer | None:
    return Stemmer.Stemmer(STEMMERS[language]) if language in STEMMERS else None
