"""What is asked: a message without its politeness, taken apart where two questions are in one.

The rules are about English words and leave any other text as it is. Nothing is cut but whole phrases of a short list, and
only if a question is left: "Hello Kitty was created when?" keeps its first word.
"""

import re
from collections.abc import Iterator

from qa_bot.languages import ENGLISH
from qa_bot.terms import terms_of

# More parts than these would cost more time than a question may.
MOST_PARTS = 3
# A part with fewer words that carry a subject leans on the other part ("… and who did it?").
FEWEST_TERMS = 2

INTERROGATIVE = r"(?:who|whom|whose|when|where|why|what|which|how)(?:'s|’s)?\b"
AUXILIARY = r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may)(?:n['’]t)?\b"
PREPOSITION = r"(?:in|on|at|to|for|from|by|with|of|under|during|since|until|about|after|before)"
ASKING = rf"(?:{PREPOSITION} )?{INTERROGATIVE}"
OPENING = rf"{ASKING}|{AUXILIARY}"
PAUSE = r"\s*[,;:.!–—-]+\s+"

# These are cut only where a pause follows: without one they may be part of a name.
CALLS = (
    r"(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|greetings)(?: (?:there|bot|all|everyone|everybody|folks|team|sir|madam))*"
    r"|excuse me|(?:i'm |i am )?sorry(?: (?:to bother|for bothering|to disturb) you)?|please|pls|ok(?:ay)?|so|well|now|u[hm]+|hm+"
    r"|(?:(?:i have|i've got|here is|here's|just) )?(?:a|one|another)? ?(?:quick|short|small|simple|brief)? ?question(?: for you)?"
)  # fmt: skip
# These are cut where a question follows, with or without a pause.
KNOW = r"(?:know|ask|ask you|find out|learn|understand|see|hear)"
TELL = r"(?:tell me|tell us|explain(?: to me)?|let me know|help me(?: to)? (?:find out|understand)|inform me|remind me|say)"
REQUESTS = (
    rf"(?:could|can|would|will) you (?:please |kindly |possibly )?(?:be so kind as to )?{TELL}(?: please)?"
    rf"|(?:please |pls |kindly |just )?{TELL}|(?:please |pls )?(?:i|we)(?:'d| would| really|) (?:really )?(?:like|want|love|need|wish) to {KNOW}"
    rf"|i(?:'m| am) (?:trying|looking) to {KNOW}|(?:i|we) (?:was|were|wanted|am|'m) (?:just )?(?:wondering|curious|to {KNOW})"
    rf"|i(?:'m| am) (?:just )?(?:wondering|curious)|i wonder|(?:do|would|did) (?:you|u) (?:happen to |maybe )?know|does any(?:one|body) know"
    rf"|(?:do you have )?any idea|(?:may|can|could) i (?:ask|know)(?: you)?|(?:my|the) question is"
)  # fmt: skip
CALL = re.compile(rf"\s*(?:{CALLS}){PAUSE}", re.IGNORECASE)
REQUEST = re.compile(
    rf"\s*(?:{CALLS}(?=\s))?\s*(?:{REQUESTS})(?:{PAUSE}|\s+)(?=(?:{CALLS}{PAUSE})?(?:{OPENING}))", re.IGNORECASE
)
REQUEST_WITH_PAUSE = re.compile(rf"\s*(?:{REQUESTS})\s*[,:]\s*", re.IGNORECASE)
BEGINNING = re.compile(rf"(?:{OPENING}|(?:{CALLS}|{REQUESTS})\b)", re.IGNORECASE)
# A closing follows a mark, or ends a question that has none ("… please").
CLOSING = re.compile(
    r"(?:(?<=[?.!,;])\s*(?:many |a lot of )?(?:thanks|thx|thank you|cheers)(?: (?:you|so|very|much|a lot|in advance|for your (?:help|time)))*"
    r"|(?<=[?.!,;])\s*any help (?:is|would be) (?:much |greatly |very )?appreciated|\s(?:please|pls|thanks in advance))\s*[.!]*\s*$",
    re.IGNORECASE,
)

# What people say to a bot that asks nothing of documents.
ADDRESS = (
    r"(?:there|bot|all|everyone|everybody|folks|team|sir|madam|guys|friends?|again|today|now|so|very|much|a lot|then)"
)
SMALL_TALK = re.compile(
    r"(?:\W*\b(?:hi+|hello|hey|hiya|howdy|greetings|(?:good )?(?:morning|afternoon|evening)|good (?:day|night)|goodbye|bye(?: bye)?"
    r"|how (?:are|r) (?:you|u|things)(?: doing| going)?|how(?:['’]?s| is) it going|what(?:['’]?s| is) up"
    r"|(?:nice|good|pleased|glad) to (?:meet|see) you|see you(?: later| soon)?|(?:many )?(?:thanks|thx|cheers)|thank (?:you|u)"
    r"|who are you|what are you|what(?:['’]?s| is) your name|what can you do|are you (?:there|real|human|an? (?:bot|robot|human|machine|ai))"
    rf"|ok(?:ay)?|lol|(?:ha){{2,}}|well done|good bot|never ?mind|i love you|tell me a joke)(?:,? {ADDRESS})*\b)+\W*",
    re.IGNORECASE,
)  # fmt: skip

LEANING = re.compile(
    r"\b(?:it|its|he|him|his|she|her|hers|they|them|their|theirs|this|that|these|those|there|then|so|same|other|others|former|latter)\b",
    re.IGNORECASE,
)
ASKS = re.compile(rf"\b{INTERROGATIVE}|^\s*{AUXILIARY}", re.IGNORECASE)
JOINT = re.compile(
    rf"\?[\s?!]*\b(?=\S)(?:(?:and|also|plus|and also|then)\b,?\s*)*|[,;]?\s+(?:and|and also|as well as)\s+(?={ASKING})",
    re.IGNORECASE,
)


def questions_in(text: str) -> tuple[str, ...]:
    """List the questions that a text asks, without politeness; the text itself, if it is plain.

    "Hi, who is he? Thanks!" asks one, "When was A founded and who leads B?" two. A part that leans on another one, by a
    pronoun or since it says too little, stays with it.
    """
    plain = without_politeness(text)
    parts = list(_parts(plain))
    return tuple(parts) if 1 < len(parts) <= MOST_PARTS and all(map(_stands_alone, parts)) else (plain,)


def is_small_talk(text: str) -> bool:
    """Whether a text greets, thanks or chats, and asks nothing of documents: "Hello there, how are you today?"."""
    return SMALL_TALK.fullmatch(text) is not None


def without_politeness(text: str) -> str:
    """Cut greetings, requests to be told, and thanks; whatever is cut, a question is left."""
    found = text.strip()
    while (shorter := _shortened(found)) is not None:
        found = shorter
    return found


def _shortened(text: str) -> str | None:
    """Cut one phrase, if there is one to cut and words are left that carry a subject."""
    for pattern in (CALL, REQUEST, REQUEST_WITH_PAUSE):
        match = pattern.match(text)
        if match and terms_of(text[match.end() :], ENGLISH) and not _ends_in_a_name(text, match.end()):
            return text[match.end() :]
    match = CLOSING.search(text)
    return text[: match.start()] if match and terms_of(text[: match.start()], ENGLISH) else None


def _ends_in_a_name(text: str, end: int) -> bool:
    """Whether a phrase and the word after it may be a name: "Hello, Dolly!", "Now, Voyager"."""
    rest = text[end:]
    return rest[:1].isupper() and not text.isupper() and not BEGINNING.match(rest)


def _parts(text: str) -> Iterator[str]:
    start = 0
    for joint in JOINT.finditer(text):
        if joint.end() == len(text):
            continue
        part = without_politeness(text[start : joint.start()] + "?")
        yield part
        start = joint.end()
    yield without_politeness(text[start:])


def _stands_alone(part: str) -> bool:
    """Whether a part is a question that can be asked without the others."""
    return bool(ASKS.search(part)) and not LEANING.search(part) and len(terms_of(part, ENGLISH)) >= FEWEST_TERMS
