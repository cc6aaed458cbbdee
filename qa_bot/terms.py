"""Texts become terms: words, folded and stemmed, without stop words. Keyword search and evidence both count these.

A text is analysed as its language demands. Where no blanks part the words, stretches of a few characters are the terms.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import regex
from stopwordsiso import stopwords

from qa_bot.folding import bare, has_stemmer, lower, stem
from qa_bot.languages import ENGLISH

# Raised whenever a text would give other terms than before: indexes built by another version are outdated.
TERMS_VERSION = 3

# Scripts that are told apart from the words around them ("2015年", "NATO의").
HAN_AND_KANA = r"[[\p{Han}\p{Hiragana}\p{Katakana}ー]&&[\p{L}\p{N}\p{M}]]"
SOUTH_EAST_ASIAN = r"[[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]&&[\p{L}\p{M}]]"
HANGUL = r"[\p{Hangul}&&\p{L}]"
APART = f"{HAN_AND_KANA}{SOUTH_EAST_ASIAN}{HANGUL}"
# Many scripts write marks above, below and between letters; soft hyphens and joiners are not seen.
FIRST = rf"[[\p{{L}}\p{{N}}]--[{APART}]]"
INSIDE = rf"[[\p{{L}}\p{{N}}\p{{M}}\u00ad\u200d\u2060]--[{APART}]]"
# Numbers keep the separators inside them ("1,000", "3.14"), words their apostrophes.
WORD = regex.compile(
    rf"\p{{Nd}}+(?:[.,]\p{{Nd}}+)+|(?P<characters>{HAN_AND_KANA}+)|(?P<letters>{SOUTH_EAST_ASIAN}+)"
    rf"|(?P<syllables>{HANGUL}+)|{FIRST}{INSIDE}*(?:['’]{FIRST}{INSIDE}*)*",
    regex.VERSION1,
)
HAN = regex.compile(r"\p{Han}")

# What is longer than any word is compared by its beginning, so that it costs no more than a word.
LONGEST_WORD = 100

# How long the stretches are that stand for words. With the blanks taken out of XQuAD, 3 and 4 letters find best of 2 to 5
# (hit@1 .90 in Russian, .89 in Arabic, .91 in Spanish); a Chinese character says as much as two or three letters.
LETTERS_OF_A_STRETCH = (3, 4)
CHARACTERS_OF_A_STRETCH = 2
# Where no stemmer knows the language, stretches of the word stand beside it: without stemmers this finds as well in
# Russian, Arabic and Spanish as with them (.91, .90, .93 against .91, .89, .93; without either .84, .81, .92).
LETTERS_BESIDE_A_WORD = 3
SYLLABLES_BESIDE_A_WORD = 2
# Its words are single syllables that never change.
UNINFLECTED = frozenset({"vi"})

# What a word with an apostrophe ends or begins with that is none of it: "Haftar's", "Ankara'da", "l'élection".
CLITIC = regex.compile(r"'(?:s|d|m|re|ve|ll|t)?$")
APOSTROPHES = {
    "tr": regex.compile(r"'.*"),
    **dict.fromkeys(("fr", "it", "ca"), regex.compile(r"^.{1,7}'(?=.)")),
}

# Stop words of the other languages come from stopwordsiso, whose lists are generous: "money" and "woman" are in the Russian
# one. Only their short words are taken: on XQuAD all of them cost up to .008 of hit@1, the short ones .003 at most.
LONGEST_STOP_WORD = 4

# The words of English that carry no subject: the Snowball project's stop list (BSD licence), with the question words and
# politeness that only questions have. Single letters are what is left of "it's" and initials.
ENGLISH_STOP_WORDS = frozenset(
    """
    a about above after again against all am an and any are aren't as at be because been before being below between both
    but by can can't cannot could couldn't did didn't do does doesn't doing don't down during each few for from further
    had hadn't has hasn't have haven't having he he'd he'll he's her here here's hers herself him himself his how how's i
    i'd i'll i'm i've if in into is isn't it it's its itself let's me more most mustn't my myself no nor not of off on
    once only or other ought our ours ourselves out over own same shan't she she'd she'll she's should shouldn't so some
    such than that that's the their theirs them themselves then there there's these they they'd they'll they're they've
    this those through to too under until up very was wasn't we we'd we'll we're we've were weren't what what's when
    when's where where's which while who who's whom whose why why's will with won't would wouldn't you you'd you'll
    you're you've your yours yourself yourselves
    also did just many may might much shall tell please know exactly
    """.split()  # noqa: SIM905 - a list of 200 literals reads worse
)


class Word(NamedTuple):
    """A word of a text by its offsets, and its terms: none of a stop word, several where stretches stand for it."""

    start: int
    end: int
    terms: tuple[str, ...]


def words_of(text: str, language: str) -> Iterator[Word]:
    """Yield the words of a text in order, stop words included; in scripts without blanks each character is one."""
    for match in WORD.finditer(text):
        run, start = match.group(), match.start()
        if match["characters"]:
            found = _terms_of_characters(run, language)
        elif match["letters"]:
            found = _terms_of_letters(run)
        else:
            yield Word(start, match.end(), terms_of_word(run[:LONGEST_WORD], language))
            continue
        for at, terms in enumerate(found, start=start):
            yield Word(at, at + 1, terms)


def terms_of(text: str, language: str) -> list[str]:
    """List the terms of a text in order, stop words left out."""
    return [term for word in words_of(text, language) for term in word.terms]


# The sentences of some hundred questions' hits: each is looked at for its coverage and again for what passages share.
@lru_cache(maxsize=4_096)
def distinct_terms(text: str, language: str) -> frozenset[str]:
    """Give the terms of a sentence, each once."""
    return frozenset(terms_of(text, language))


def function_words_of(text: str, language: str) -> frozenset[str]:
    """Give the words of a text that have no terms, in lower case, each once: *the*, but also *not* and *before*."""
    return frozenset(lower(text[w.start : w.end], language) for w in words_of(text, language) if not w.terms)


@lru_cache(maxsize=200_000)
def terms_of_word(word: str, language: str) -> tuple[str, ...]:
    """Give the terms of one word: ``Haftar’s`` → ``haftar``, ``élections`` → ``elect``; a stop word has none."""
    small = lower(word, language)
    stops = stop_words(language)
    if bare(small, language) in stops:
        return ()
    small = APOSTROPHES.get(language, CLITIC).sub("", small)
    plain = bare(small, language)
    if plain in stops or (len(plain) == 1 and plain.isascii() and plain.isalpha()):
        return ()
    term = stem(small, language)
    if not term:
        return ()
    return (term, *_stretches_beside(term, language))


def _stretches_beside(term: str, language: str) -> Iterator[str]:
    """Give the stretches of a word that no stemmer has made the same as its other forms."""
    if regex.match(HANGUL, term, regex.VERSION1):
        length = SYLLABLES_BESIDE_A_WORD
    elif has_stemmer(language) or language in UNINFLECTED or any(c.isdigit() for c in term):
        return
    else:
        length = LETTERS_BESIDE_A_WORD
    if len(term) > length:
        yield from (term[at : at + length] for at in range(len(term) - length + 1))


def _terms_of_characters(run: str, language: str) -> Iterator[tuple[str, ...]]:
    """Give the terms of each character of a run: itself if it is Chinese, and itself with the next one."""
    if len(run) == 1:
        yield _without_stop_words((run,), language)
        return
    for at in range(len(run)):
        yield _terms_of_stretch(run[at : at + CHARACTERS_OF_A_STRETCH], language)


@lru_cache(maxsize=200_000)
def _terms_of_stretch(stretch: str, language: str) -> tuple[str, ...]:
    """Give the terms of the first character of a stretch: itself if it is Chinese, and the stretch."""
    alone = (stretch[0],) if HAN.match(stretch[0]) else ()
    return _without_stop_words((*alone, *((stretch,) if len(stretch) > 1 else ())), language)


def _without_stop_words(terms: tuple[str, ...], language: str) -> tuple[str, ...]:
    stops = stop_words(language)
    return tuple(term for term in (lower(term, language) for term in terms) if term not in stops)


def _terms_of_letters(run: str) -> Iterator[tuple[str, ...]]:
    """Give the terms of each letter of a run: the stretches that begin with it."""
    if len(run) < LETTERS_OF_A_STRETCH[0]:
        yield (run,)
        yield from ((),) * (len(run) - 1)
        return
    for at in range(len(run)):
        yield tuple(run[at : at + length] for length in LETTERS_OF_A_STRETCH if at + length <= len(run))


@lru_cache
def stop_words(language: str) -> frozenset[str]:
    """Give the words of a language that carry no subject, in lower case and without accents."""
    if language == ENGLISH:
        return ENGLISH_STOP_WORDS
    short = (word for word in stopwords(language) if len(word) <= LONGEST_STOP_WORD)
    return frozenset(bare(lower(word, language), language) for word in short)
