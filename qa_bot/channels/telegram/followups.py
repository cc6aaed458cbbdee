"""Questions that lean on what came before: "and when?", "who said that?". Pure; the rules are about English words."""

import re
from dataclasses import dataclass

from qa_bot.languages import ENGLISH
from qa_bot.terms import terms_of
from qa_bot.wording import AUXILIARY, FEWEST_TERMS, INTERROGATIVE, LEANING, PREPOSITION, without_politeness

# A question with more words that carry a subject says itself what it is about.
MOST_TERMS = 3
JOINING = re.compile(
    r"^\s*(?:and|but|so|also|ok(?:ay)?|what about|how about|and what about|and how about)\b[\s,]*", re.IGNORECASE
)
# "What about Benghazi?" asks the earlier question of another subject.
OTHER_SUBJECT = re.compile(
    r"^\s*(?:and\s+|but\s+|so\s+)?(?:what|how) about\s+(?P<subject>.+?)[\s?!.…]*$", re.IGNORECASE
)
# A question word with its preposition, what it counts, and the auxiliary after it.
ASKING = re.compile(
    rf"^\s*(?:{PREPOSITION}\s+)?(?:how (?:many|much|long|far|old)\b|{INTERROGATIVE})(?:\s+{AUXILIARY})?", re.IGNORECASE
)
BARE = re.compile(rf"\s*(?:{PREPOSITION}\s+)?(?:which|what|how)\s+\w+[\s?!.…]*", re.IGNORECASE)
VERB = re.compile(rf"\b{AUXILIARY}", re.IGNORECASE)
MARKS = " ?!.…"
WORD = re.compile(r"[\w'’]+")
# Who says no other words asks nothing, but points at what somebody has asked: "Can you answer this?", "any idea?"
POINTING = frozenset({
    "a", "about", "an", "and", "answer", "any", "anybody", "anyone", "ask", "bot", "can", "could", "do", "give",
    "have", "hello", "help", "hey", "hi", "idea", "ideas", "it", "know", "me", "ok", "okay", "one", "please",
    "pls", "question", "reply", "say", "so", "tell", "that", "the", "think", "this", "to", "us", "well", "what",
    "will", "would", "you", "your",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Earlier:
    """What came before: a question, and the words that were highlighted in answer to it, if any were."""

    question: str
    highlighted: str


def leans(question: str) -> bool:
    """Whether a question cannot be understood without what came before.

    It can if it names a subject of its own, does not begin by joining on, does not point back by a pronoun, and is more
    than a question word with what it asks for ("How long?", "In which city?").
    """
    plain = without_politeness(question)
    terms = terms_of(plain, ENGLISH)
    if not terms or (BARE.fullmatch(plain) and not VERB.search(plain)):
        return True
    return len(terms) <= MOST_TERMS and bool(JOINING.match(plain) or LEANING.search(plain))


def points(text: str) -> bool:
    """Whether a text asks nothing itself, so that what it replies to is asked: one without words, too."""
    return all(word in POINTING for word in WORD.findall(text.casefold()))


def meanings(question: str, earlier: Earlier) -> list[str]:
    """Say a question that leans on an earlier one in the ways that it may be meant, each to be asked by itself.

    "What about X?" asks the earlier question of X. "And when?" goes on with the earlier question, its own question word
    taken off. A pronoun points at what was answered, so the highlighted words are added. What names things of its own may
    also be meant as it stands.
    """
    plain = JOINING.sub("", without_politeness(question)).strip(MARKS) or question.strip(MARKS)
    asked = earlier.question.strip(MARKS)
    other = OTHER_SUBJECT.match(question)
    if other:
        return [f"{asked} {other['subject']}?"]
    ways = [f"{plain} {ASKING.sub('', asked).strip(MARKS) or asked}?"]
    if LEANING.search(plain) and earlier.highlighted:
        ways.append(f"{plain}: {earlier.highlighted.strip(MARKS)}?")
    if len(terms_of(plain, ENGLISH)) >= (FEWEST_TERMS if LEANING.search(plain) else 1):
        ways.append(f"{plain}?")
    return ways
