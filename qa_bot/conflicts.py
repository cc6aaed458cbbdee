"""Do two sentences state two numbers for the same thing? A cautious guess: a false alarm is worse than none.

Two sentences are taken to contradict each other if their words are nearly the same, no name differs, and just one value of
each has no counterpart in the other: with two that differ ("in 2015 five, in 2016 six") they speak of different things.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qa_bot.answer_type import AnswerType, expected_type
from qa_bot.languages import ENGLISH
from qa_bot.terms import words_of

# So much of all their words must be in both sentences, values apart …
SAME_STATEMENT = 0.75
# … and so many: two words in common are a turn of phrase.
FEWEST_WORDS = 2

UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
# "One of them" counts nothing.
NUMBER_WORDS = {
    **{word: str(number) for number, word in enumerate(UNITS.split()) if word != "one"},
    **{word: str(10 * number) for number, word in enumerate(TENS.split(), start=2)},
    "dozen": "12",
    "hundred": "100",
    "thousand": "1000",
    "million": "1000000",
    "billion": "1000000000",
}
DAY_OR_MONTH = re.compile(
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)",
    re.IGNORECASE,
)
LETTERS_THAT_TELL = 3
# "1,600" is no year.
YEAR = re.compile(r"1\d{3}|20\d\d")


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence as what it says: ``words`` are its terms without values and ``names`` those of its names.

    ``numbers`` and ``dates`` are its values, written alike however the sentence writes them.
    """

    words: frozenset[str]
    names: frozenset[str]
    numbers: frozenset[str]
    dates: frozenset[str]

    @classmethod
    def of(cls, sentence: str, language: str) -> "Statement":
        """Take a sentence apart."""
        found = [(sentence[word.start : word.end], word.terms) for word in words_of(sentence, language)]
        given = ["", *(_value(text, language) or "" for text, _ in found), ""]
        years = {text for text, _ in found if YEAR.fullmatch(text)}
        dates = years | {value for before, value, after in _triples(given) if value and _is_date(before, value, after)}
        plain = [(text, terms) for (text, terms), value in zip(found, given[1:-1], strict=True) if not value]
        return cls(
            words=frozenset(term for _, terms in plain for term in terms),
            names=frozenset(term for text, terms in plain for term in terms if text[0].isupper()),
            numbers=frozenset(given) - dates - {""},
            dates=frozenset(dates),
        )

    def contradicts(self, other: "Statement", question: str, language: str) -> bool:
        """Whether both answer a question with the same words, but one value."""
        own, others = self.numbers | self.dates, other.numbers | other.dates
        differing = own ^ others
        if len(own - others) != 1 or len(others - own) != 1 or differing & set(values(question, language)):
            return False
        return self._is_asked_for(differing, other, expected_type(question)) and self._says_the_same(other)

    def _is_asked_for(self, differing: frozenset[str], other: "Statement", asked: AnswerType) -> bool:
        """Whether it is what the question asks for that differs: where no date is asked for, another means another event."""
        dates = self.dates | other.dates
        if asked is AnswerType.DATE:
            # "At nine" is a date as long as there is no better one.
            return bool(differing & dates) or not dates
        return asked is not AnswerType.NAME and not differing & dates

    def _says_the_same(self, other: "Statement") -> bool:
        common, different = self.words & other.words, self.words ^ other.words
        if different & (self.names | other.names) or len(common) < FEWEST_WORDS:
            return False
        return len(common) >= SAME_STATEMENT * len(common | different)


def values(text: str, language: str) -> Iterator[str]:
    """Yield the numbers and names of days and months in a text, written alike: ``six`` → ``6``, ``September`` → ``sep``."""
    for word in words_of(text, language):
        value = _value(text[word.start : word.end], language)
        if value is not None:
            yield value


def _value(word: str, language: str) -> str | None:
    if word[0].isdigit():
        return re.sub(r"[.,](?=\d{3}\b)", "", word.lower())
    if language != ENGLISH:
        return None
    if DAY_OR_MONTH.fullmatch(word) and word[0].isupper():
        return word[:LETTERS_THAT_TELL].lower()
    return NUMBER_WORDS.get(word.lower())


def _is_date(before: str, value: str, after: str) -> bool:
    """Whether a value is a day or a month, or stands beside one."""
    return value.isalpha() or before.isalpha() or after.isalpha()


def _triples(items: list[str]) -> Iterator[tuple[str, str, str]]:
    return zip(items, items[1:], items[2:], strict=False)
