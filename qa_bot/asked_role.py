"""Questions about a document itself: what it is called, who wrote it, what its picture shows.

Hardly a word of "What is the headline of the article?" stands in the headline: that a title is a title says more than its
words do. So it is a paragraph's role that is looked for here.
"""

import re
from collections.abc import Sequence

from qa_bot.records import Role

# "The title of the article" asks about the document, "the title of the opera" and "what title did he hold" do not; a law
# has articles too, and theirs have numbers.
_DOCUMENT = (
    r"(?:the|this|that|your)\s+(?:news\s?)?(?:article|story|piece|text|document|page|post|report)(?:['’]s)?(?!\s+\d)\b"
)
_OUTLET = r"(?:(?:news\s?)?(?:paper|outlet|agency|site|source|magazine)|web\s?site|publication|publisher|journal)"
_WRITTEN = r"(?:wrote|written|authored|published|posted)"
_AUTHOR = r"(?:author|writer|reporter|publisher)"
_TITLE = r"(?:headline|title|heading)"
_PICTURE = r"(?:the|this|that)\s+(?:photo(?:graph)?|picture|image|caption)"

_PICTURES = r"(?:the|this|that|these|those)\s+(?:photo(?:graph)?|picture|image)s?"
# Who took the picture, the credit of its caption says.
_CREDIT = (
    rf"\bwho\s+(?:took|shot|made|captured|snapped)\s+{_PICTURES}\b(?!\s+(?:away|down|off|out)\b)",
    rf"\bwho(?:['’]?s|\s+is|\s+was|\s+are|\s+were)\s+{_PICTURES}\s+(?:taken\s+|shot\s+|made\s+)?(?:by|from)\b",
    rf"\bby\s+whom\s+(?:is|was|are|were)\s+{_PICTURES}\b",
    r"\bwhose\s+(?:photo(?:graph)?|picture|image)\s+(?:is|was)\s+(?:this|that|it)\b",
    rf"\bwho\s+(?:is|was)\s+the\s+photographer\s+(?:of|behind)\s+{_PICTURES}\b",
    r"^\W*(?:(?:who|what)(?:['’]?s|\s+is|\s+was)\s+)?(?:the\s+)?(?:photographer|(?:photo|picture|image)\s+credits?)\W*$",
)

_PATTERNS = {
    Role.TITLE: (
        rf"\b{_TITLE}\s+(?:of|for|in|above)\s+{_DOCUMENT}",
        rf"\b{_DOCUMENT}\s+{_TITLE}\b",
        rf"\bwhat\s+(?:is|was)\s+{_DOCUMENT}\s+(?:called|titled|entitled|headed)\b",
        rf"^(?:(?:what\s+is|what['’]?s|tell\s+me|(?:give|show)\s+me)\s+)?(?:the\s+)?{_TITLE}\W*$",
    ),
    Role.BYLINE: (
        rf"\bwho(?:['’]?s|\s+is|\s+was|\s+are|\s+were)\s+the\s+{_AUTHOR}s?\s+(?:of|for)\s+{_DOCUMENT}",
        rf"\bwho(?:['’]?s|\s+is|\s+was)\s+{_DOCUMENT}\s+{_AUTHOR}\b",
        rf"^(?:the\s+)?{_AUTHOR}\s+of\s+{_DOCUMENT}",
        rf"\bwho\s+{_WRITTEN}\s+{_DOCUMENT}",
        rf"\b(?:who|whom|{_OUTLET})\s+(?:is|was|has|had)\s+{_DOCUMENT}(?:\s+been)?\s+{_WRITTEN}\b",
        rf"\b(?:which|what)\s+{_OUTLET}\s+{_WRITTEN}\s+{_DOCUMENT}",
        rf"\bwhere\s+(?:does|did)\s+{_DOCUMENT}\s+(?:come\s+from|appear)\b",
        rf"\bwhere\s+(?:is|was)\s+{_DOCUMENT}\s+(?:from|{_WRITTEN})\b",
    ),
    Role.CAPTION: (
        *_CREDIT,
        rf"\b(?:in|on|of|took|shot|under|behind)\s+{_PICTURE}\b(?!\s+of\b.*\bby\b)",
        rf"\b{_PICTURE}\s+(?:shows?|was|is|taken|caption|of)\b",
        rf"\b(?:does|did|was|is)\s+{_PICTURE}\b",
    ),
}


def _any_of(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


_ASKED = {role: _any_of(patterns) for role, patterns in _PATTERNS.items()}
_ASKED_FOR_CREDIT = _any_of(_CREDIT)


def asked_role(question: str) -> Role | None:
    """Tell which part of a document a question asks for, if it asks about the document itself."""
    return next((role for role, pattern in _ASKED.items() if pattern.search(question)), None)


def answers_alone(role: Role) -> bool:
    """Whether a paragraph answers a question for its role by being what it is; a caption may say this or that."""
    return role in {Role.TITLE, Role.BYLINE}


def asks_for_credit(question: str) -> bool:
    """Whether a question asks who took a picture of the document."""
    return _ASKED_FOR_CREDIT.search(question) is not None
