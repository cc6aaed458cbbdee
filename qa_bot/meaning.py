"""Questions for the meaning of a name or a word ("What is UNSMIL?"), and what explains it.

Every sentence about UNSMIL has the question's only word; the one that answers says what it is.
"""

import re
from functools import lru_cache

# No sentence is looked at further than this: the patterns take time that grows faster than a text.
LONGEST = 2_000

_PLACE = "NAME"
_ARTICLE = r"(?:(?:an?|the)\s+)?"
_BE = r"(?:['’]?s|\s+is|\s+are|\s+was|\s+were)"
_SHORT = r"(?:(?:the\s+)?(?:abbreviation|acronym|initials|letters|short\s+form|term|word|name)\s+)?"
_MEANING = r"(?:meaning|definition|full\s+(?:name|form))"
# Whole questions; where the name stands is marked.
_QUESTIONS = (
    rf"(?:who|what|wat){_BE}\s+{_ARTICLE}NAME",
    rf"what\s+(?:(?:does|do|did)\s+)?{_SHORT}NAME\s+(?:stands?\s+for|means?)",
    rf"what\s+{_SHORT}NAME\s+is",
    rf"what{_BE}\s+(?:meant\s+by|(?:the\s+)?{_MEANING}\s+of)\s+{_SHORT}{_ARTICLE}NAME",
    rf"what{_BE}\s+{_SHORT}NAME\s+short\s+for",
    rf"(?:define|explain|(?:the\s+)?{_MEANING}\s+of)\s+{_SHORT}{_ARTICLE}NAME",
    rf"NAME\s+(?:abbreviation|stands?\s+for|{_MEANING})",
)
_POLITE = (
    r"(?:(?:hi|hello|hey|please|sorry|excuse\s+me)\W+)*"
    r"(?:(?:(?:can|could|would|will)\s+you\s+(?:please\s+)?|please\s+)?(?:tell|explain\s+to)\s+me\W+"
    r"|i(?:['’]d|\s+would)?\s+(?:like|want)\s+to\s+know\W+|(?:do|does)\s+(?:you|anyone|anybody)\s+know\W+)?(?:please\W+)?"
)
_NAMES = tuple(
    re.compile(
        rf"\W*{_POLITE}{pattern}(?:\W+please)?\W*".replace(_PLACE, r"(?P<name>[\w&.'’/-]+(?:\s+[\w&.'’/-]+){0,3}?)"),
        re.IGNORECASE,
    )
    for pattern in _QUESTIONS
)
# With these in it, a question asks for a fact: "What is the capital of France?", "Who is he?"
_NO_NAME = re.compile(
    r"\b(?:of|in|on|at|to|for|by|with|from|that|who|which|not|one|some|this|these|those|there"
    r"|i|you|he|she|it|we|they|my|your|his|her|its|our|their)\b",
    re.IGNORECASE,
)

_CAPITAL = r"(?-i:[A-Z][\w’'&.-]*)"
_SPELT_OUT = rf"{_CAPITAL}(?:[ -](?:(?:of|for|and|the|in|on|to|de|du|la|des)[ -]){{0,2}}{_CAPITAL}){{1,8}}"
_QUOTES = r"['‘’\"“”]?"
# "the UN Support Mission in Libya (UNSMIL)" · "UNSMIL (the UN Support Mission in Libya)" · "UNSMIL is a mission" ·
# "UNSMIL, a mission" · "the militia, Libya Dawn" · "UNSMIL stands for" · "a mission known as UNSMIL"
_EXPLANATIONS = "|".join(
    (
        rf"{_SPELT_OUT}{_QUOTES}\s*[(\[]{_QUOTES}(?:the\s+)?NAME\b",
        rf"\bNAME{_QUOTES}\s*[(\[](?:the\s+)?{_SPELT_OUT}",
        rf"\bNAME{_QUOTES},?\s+(?:(?:which|who|that)\s+)?(?:is|are|was|were)\s+(?:an?|the|one|any)\b",
        rf"\bNAME{_QUOTES},\s+(?:an?|the)\s+\w",
        rf"\b(?:an?|the|his|her|its|their)\s+(?:[\w’'-]+\s+){{0,5}}(?-i:[a-z-]+),\s+{_QUOTES}NAME\b",
        rf"\bNAME{_QUOTES},?\s+(?:\w+\s+){{0,3}}(?:stands?\s+for|means?|refers?\s+to|is\s+defined|denotes?)\b",
        rf"\b(?:called|named|known\s+as|termed)\s+{_ARTICLE}{_QUOTES}NAME\b",
    )
)


def asked_name(question: str) -> str | None:
    """Give the name or word whose meaning a question asks for, if it asks for one."""
    names = (match["name"] for pattern in _NAMES if (match := pattern.fullmatch(question)))
    return next((name for name in names if not _NO_NAME.search(name)), None)


def explains(sentence: str, name: str) -> bool:
    """Whether a sentence says what a name means: spells it out, or calls it something."""
    return name.casefold() in sentence.casefold() and _pattern(name).search(sentence, 0, LONGEST) is not None


@lru_cache(maxsize=64)
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(_EXPLANATIONS.replace(_PLACE, r"\s+".join(map(re.escape, name.split()))), re.IGNORECASE)
