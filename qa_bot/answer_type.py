"""What a question asks for (a date, a number, a name, what a name means), and whether a sentence holds such a thing.

A sentence that has all words of "When was the bridge opened?" but no date does not answer it.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from qa_bot.languages import ENGLISH
from qa_bot.meaning import asked_name, explains
from qa_bot.terms import words_of


class AnswerType(StrEnum):
    """What kind of thing answers a question."""

    DATE = "date"
    NUMBER = "number"
    NAME = "name"
    MEANING = "meaning"
    ANY = "any"


# "What is the name of his army?" asks for a name as "which army" does.
_WHAT_IS_THE = r"\b(?:what|wat)(?:['’]?s|\s+(?:is|are|was|were)) the (?:exact |total )?"


def _asking_for(kinds: str) -> str:
    """Give the pattern of "which year" and "what is the year of", for each of the kinds."""
    return rf"\b(?:what|which|wich|wat) (?:{kinds})\b|{_WHAT_IS_THE}(?:{kinds}) of\b"


DATE_QUESTION = re.compile(
    rf"\b(?:when|since when|until when|how long ago|deadline)\b|{_asking_for('year|date|day|month|century|decade|time')}",
    re.IGNORECASE,
)
NUMBER_QUESTION = re.compile(
    r"\bhow (?:many|much|long|old|far|often|tall|high|large|big|wide|deep|heavy|fast)\b|\bdeath toll\b"
    rf"|{_asking_for('number|percentage|percent|amount|share|price|age|size|length|height|cost')}",
    re.IGNORECASE,
)
# "What is the state of the economy?" asks for no name.
NAME_QUESTION = re.compile(
    rf"\b(?:who|whom|whose|where)\b|{_WHAT_IS_THE}names? of\b"
    r"|\b(?:what|which) (?:person|man|woman|country|countries|city|cities|town|place|state|company|group|newspaper"
    r"|organi[sz]ation|party|team|river|name)\b",
    re.IGNORECASE,
)

# "Which country backs him?" is answered by Egypt, and hardly ever by a sentence with the word "country".
KIND = re.compile(
    r"\b(?:what|which|wich|wat) (?:year|date|day|month|century|decade|time|number|percentage|percent|amount|person|man|woman"
    r"|country|countries|nation|city|cities|town|place|state|region|area|part|company|group|newspaper|organi[sz]ation|party|team"
    r"|river|language|event|name|word|term|type|kind|sort)\b|\bhow many (?:people|persons|times)\b"
    rf"|{_WHAT_IS_THE}(?:names?|number|percentage|amount|date|year|day|month)(?= of\b)",
    re.IGNORECASE,
)

MONTHS = "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
DATE = re.compile(
    rf"\b(?:1\d|20)\d\d\b|\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{MONTHS})\b|\b(?:{MONTHS})\.?\s+\d|\b\d{{1,2}}:\d\d\b"
    rf"|\b\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d{{1,4}}\b|\b(?:january|february|april|june|july|august|september|october|november|december)\b"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:yesterday|today|tomorrow|midnight|noon)\b|\b\d+(?:st|nd|rd|th) century\b"
    r"|\b(?:last|next|this) (?:year|month|week|spring|summer|autumn|fall|winter)\b|\b\d\d?\s?(?:a\.?m|p\.?m)\b|\b\d+ ?(?:bc|ad|bce|ce)\b"
    r"|\b(?:after|before|since|until|during) ",
    re.IGNORECASE,
)
NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen"
    r"|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|dozen|half|third|quarter"
    r"|once|twice|several|nearly|about)s?\b",
    re.IGNORECASE,
)

# What a sentence is worth to a question that asks for nothing in particular.
INDIFFERENT = 0.5


def expected_type(question: str) -> AnswerType:
    """Tell what kind of thing a question asks for, from its question words."""
    for answer_type, pattern in (
        (AnswerType.NUMBER, NUMBER_QUESTION),
        (AnswerType.DATE, DATE_QUESTION),
        (AnswerType.NAME, NAME_QUESTION),
    ):
        if pattern.search(question):
            return answer_type
    return AnswerType.ANY if asked_name(question) is None else AnswerType.MEANING


def without_kind(question: str) -> str:
    """Blank out the word that names the kind of thing a question asks for, which its answer need not hold."""
    return KIND.sub(lambda match: match.group().rsplit(" ", 1)[0], question)


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a question asks for: a kind of thing, and the name whose ``meaning`` it is, if that is the kind."""

    type: AnswerType
    meaning: str | None = None

    @classmethod
    def of(cls, question: str) -> Self:
        """Tell it from a question."""
        return cls(expected_type(question), asked_name(question))

    def holds(self, sentence: str, question_terms: frozenset[str], language: str = ENGLISH) -> float:
        """Say whether a sentence holds such a thing: 1 or 0, or ½ where any sentence may answer.

        A name that the question itself gives (``question_terms``) is no answer to it.
        """
        if self.type is AnswerType.DATE:
            return float(bool(DATE.search(sentence)))
        if self.type is AnswerType.NUMBER:
            return float(bool(NUMBER.search(sentence)))
        if self.type is AnswerType.NAME:
            return float(_holds_new_name(sentence, question_terms, language))
        if self.type is AnswerType.MEANING and self.meaning is not None:
            return float(explains(sentence, self.meaning))
        return INDIFFERENT


def _holds_new_name(sentence: str, question_terms: frozenset[str], language: str) -> bool:
    words = [word for word in words_of(sentence, language) if word.terms]
    return any(sentence[word.start].isupper() and not question_terms.issuperset(word.terms) for word in words)
