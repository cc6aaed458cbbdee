"""What the letters of an abbreviation stand for, where a text spells it out."""

import re

# A name is looked for among so many words before or behind the letters: Park and Byrd's (2001) limits, which Schwartz and
# Hearst took over.
MORE_WORDS, TIMES_WORDS = 5, 2
FEWEST, MOST = 2, 10
# No sentence is looked at further than this: the time that takes grows faster than a text.
LONGEST = 2_000

_QUOTES = r"['‘’\"“”]?"
# Looked for in no more than this before the letters: in all that stands there, blanks alone would take long.
_OPENING = re.compile(rf"[(\[](?:the\s+)?{_QUOTES}$")
_LONGEST_OPENING = 10
_ARTICLE = re.compile(r"(?:an?|the)\s+", re.IGNORECASE)

Offsets = tuple[int, int]


def spelt_out(text: str, letters: str) -> Offsets | None:
    """Find where a text says what letters stand for: "the Support Mission (SM)" or "SM (the Support Mission)".

    The case of the letters does not matter in the question; in the text two of them are capitals.
    """
    if not FEWEST <= len(letters) <= MOST or not letters.isalpha():
        return None
    text = text[:LONGEST]
    for match in re.finditer(rf"\b{letters}\b", text, re.IGNORECASE):
        if sum(letter.isupper() for letter in match.group()) >= FEWEST:
            found = _before(text, match) or _behind(text, match)
            if found is not None:
                return found
    return None


def _before(text: str, match: re.Match[str]) -> Offsets | None:
    nearby = max(0, match.start() - _LONGEST_OPENING)
    opened = _OPENING.search(text[nearby : match.start()])
    if opened is None or re.match(rf"{_QUOTES}\s*[)\],;]", text[match.end() :]) is None:
        return None
    before = text[: nearby + opened.start()].rstrip()
    words = list(re.finditer(r"\S+", before))[-_most_words(match.group()) :]
    first = words[0].start() if words else len(before)
    begin = _beginning(match.group(), before[first:])
    return None if begin is None else (first + begin, len(before))


def _behind(text: str, match: re.Match[str]) -> Offsets | None:
    inside = re.match(rf"{_QUOTES}\s*[(\[]([^()\[\]]+)[)\]]", text[match.end() :])
    if inside is None or len(inside[1].split()) > _most_words(match.group()):
        return None
    article = _ARTICLE.match(inside[1])
    skipped = article.end() if article else 0
    first, last = match.end() + inside.start(1) + skipped, match.end() + inside.end(1)
    return (first, last) if _beginning(match.group(), text[first:last]) == 0 else None


def _most_words(letters: str) -> int:
    return min(len(letters) + MORE_WORDS, len(letters) * TIMES_WORDS)


def _beginning(letters: str, words: str) -> int | None:
    """Find where in some words the name begins that ends with them; the first letter is the first of a word.

    Source: Schwartz and Hearst (2003), "A simple algorithm for identifying abbreviation definitions in biomedical text",
    figure 1: letters are looked for from the last to the first.
    """
    # Character by character: some become two when their case is folded.
    folded = [character.casefold() for character in words]
    at = len(words)
    for number, letter in reversed(list(enumerate(letters.casefold()))):
        at -= 1
        while at >= 0 and (folded[at] != letter or (number == 0 and at > 0 and words[at - 1].isalnum())):
            at -= 1
        if at < 0:
            return None
    return None if letters.casefold() in words[at:].casefold().split() else at
