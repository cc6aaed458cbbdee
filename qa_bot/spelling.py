"""Misspelt words of a question become those of the documents, before anything compares them.

A word is taken for misspelt if no document holds it and the encoder does not know it either: "bread" is a word, whatever
the documents are about. Its corrections are the words one slip away that the documents hold in any form, so that
"organizatoin" finds "organized"; nothing of that depends on how large the vocabulary is. The likeliest slip wins, and of
equally likely ones the commonest word.

Source: Damerau (1964), "A technique for computer detection and correction of spelling errors": four in five misspellings
are one letter wrong, missing, too many, or two swapped.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from qa_bot.encoder.vectors import Encoder
from qa_bot.folding import bare, lower
from qa_bot.index.lexical import ONE_SLIP, ONE_SLIP_ELSEWHERE
from qa_bot.index.searching import Vocabulary
from qa_bot.terms import terms_of_word, words_of

# Longer strings are no words, and would have too many corrections to look at.
LONGEST = 30
# So many strings one slip away are looked at for a question, each in every language of the documents: a word of ten letters
# has 555 of them in the Latin alphabet, and stemming one takes 3 to 30 µs.
MOST_SLIPS = 20_000
# Nor are there slips of one letter in scripts that write syllables or words.
LARGEST_ALPHABET = 150

ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
BESIDE = frozenset(pair for row in ROWS for a, b in pairwise(row) for pair in (a + b, b + a))
VOWELS = frozenset("aeiouy")


class Correction(NamedTuple):
    """A word of the documents, ordered by how unlikely it is meant: the slip, then the word's rarity."""

    unlikely: int
    rarity: float
    word: str


class Corrected(NamedTuple):
    """A question with its misspelt words replaced; ``gibberish``, if nobody knows any of its words."""

    text: str
    gibberish: bool


def correct(text: str, encoder: Encoder, index: Vocabulary) -> Corrected:
    """Replace the misspelt words of a question; all others stay as they are.

    Gibberish has words, and neither a document nor the encoder knows any of them, nor one that may be meant.
    """
    unknown = _misspelt(text, encoder, index)
    words = {(w.start, w.end) for language in index.known_languages for w in words_of(text, language) if w.terms}
    meant = _meant([text[start:end] for start, end in unknown], index)
    gibberish = bool(words) and words.issubset(unknown) and not meant
    for start, end in reversed(unknown):
        word = text[start:end]
        text = text[:start] + (_as_written(meant[word], word) if word in meant else word) + text[end:]
    return Corrected(text, gibberish)


def _meant(words: Sequence[str], index: Vocabulary) -> dict[str, str]:
    """Give the words that the first of some are most likely misspellings of, if they are of any.

    Those after them stay as they are: to try a word takes its time, above all in many languages, and a question of many that
    nobody knows has none worth it. The first is always tried.
    """
    meant: dict[str, str] = {}
    tried = 0
    for number, word in enumerate(dict.fromkeys(words)):
        tried += sum(len(_slips(word, index, language)) for language in index.known_languages)
        if number and tried > MOST_SLIPS:
            break
        found = min((c for language in index.known_languages for c in corrections(word, index, language)), default=None)
        if found is not None:
            meant[word] = found.word
    return meant


def corrections(word: str, index: Vocabulary, language: str) -> Iterator[Correction]:
    """Yield the words one slip away that the documents in a language hold, or that are stop words of it."""
    found = [
        (variant, unlikely, terms_of_word(variant, language)) for variant, unlikely in _slips(word, index, language)
    ]
    held = index.held({terms[0] for _, _, terms in found if terms})
    for variant, unlikely, terms in found:
        if not terms:
            yield Correction(unlikely, 0.0, variant)
        elif terms[0] in held:
            yield Correction(unlikely, index.idf(terms[0]), variant)


def _misspelt(text: str, encoder: Encoder, index: Vocabulary) -> list[tuple[int, int]]:
    """Name the words that neither a document nor the encoder knows, by their offsets."""
    spans: list[tuple[int, int]] = []
    for number, language in enumerate(index.known_languages):
        words = [word for word in words_of(text, language) if word.terms]
        held = index.held({word.terms[0] for word in words})
        unknown = [(word.start, word.end) for word in words if word.terms[0] not in held]
        spans = [span for span in unknown if number == 0 or span in spans]
    spans = [(start, end) for start, end in spans if _long_enough(text[start:end])]
    if not spans:
        return []
    marks, *pieces = encoder.count_pieces(["", *(text[start:end].lower() for start, end in spans)])
    return [span for span, count in zip(spans, pieces, strict=True) if count - marks > 1]


def _slips(word: str, index: Vocabulary, language: str) -> list[tuple[str, int]]:
    """List what a word may have been before a slip, with how unlikely that slip is; nothing where letters are too many."""
    plain = bare(lower(word, language), language)
    letters = [letter for letter in index.letters if letter.isascii() is plain.isascii()]
    return list(_variants(plain, letters)) if len(letters) <= LARGEST_ALPHABET else []


def _long_enough(word: str) -> bool:
    return word.isalpha() and (ONE_SLIP if word.isascii() else ONE_SLIP_ELSEWHERE) <= len(word) <= LONGEST


def _variants(word: str, letters: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Yield every string one slip away, with how unlikely that slip is: 0, or 1, and 1 more in the first letter."""
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        first = int(at == 0)
        if len(tail) > 1 and tail[0] != tail[1]:
            yield head + tail[1] + tail[0] + tail[2:], first
        if tail:
            yield head + tail[1:], first + (tail[0] not in (head[-1:], tail[1:2]))
        for letter in letters:
            yield head + letter + tail, first
            if tail and letter != tail[0]:
                yield head + letter + tail[1:], first + (not _confused(letter, tail[0]))


def _confused(one: str, other: str) -> bool:
    """Whether a letter is easily put for another: its key is beside, or both are vowels."""
    return one + other in BESIDE or VOWELS.issuperset((one, other))


def _as_written(word: str, example: str) -> str:
    """Give a word the case of another."""
    if example.isupper():
        return word.upper()
    return word.capitalize() if example[0].isupper() else word
