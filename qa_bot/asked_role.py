"""Questions about a document itself: what it is called, who wrote it, what its picture shows.

Hardly a word of "What is the headline of the article?" stands in the headline: that a title is a title says more than its
words do. So it is a paragraph's role that is looked for here.
"""

import re

from qa_bot.credits import asks_for_credit
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
        rf"\b(?:in|on|of|took|shot|under|behind)\s+{_PICTURE}\b(?!\s+of\b.*\bby\b)",
        rf"\b{_PICTURE}\s+(?:shows?|was|is|taken|caption|of)\b",
        rf"\b(?:does|did|was|is)\s+{_PICTURE}\b",
    ),
}
_ASKED = {
    role: re.compile("|".join(f"(?:{p})" for p in patterns), re.IGNORECASE) for role, patterns in _PATTERNS.items()
}


def asked_role(question: str) -> Role | None:
    """Tell which part of a document a question asks for, if it asks about the document itself."""
    if asks_for_credit(question):
        return Role.CAPTION
    return next((role for role, pattern in _ASKED.items() if pattern.search(question)), None)


def answers_alone(role: Role) -> bool:
    """Whether a paragraph answers a question for its role by being what it is; a caption may say this or that."""
    return role in {Role.TITLE, Role.BYLINE}
