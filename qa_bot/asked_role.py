"""Questions about a document itself: what it is called, who wrote it, what its picture shows.

Hardly a word of "What is the headline of the article?" stands in the headline: that a title is a title says more than its
words do. So it is a paragraph's role that is looked for here.
"""

import re
from collections.abc import Sequence

from qa_bot.records import Role

# "The title of the article" asks about the document, "the title of the opera" and "what title did he hold" do not; a law
# has articles too, and theirs have numbers. "This" is the document where nothing else is: "Who wrote this?"
_WRITTEN = r"(?:wrote|written|authored|published|posted)"
_DOCUMENT = (
    r"(?:(?:the|this|that|your)\s+(?:news(?:paper)?\s?)?(?:article|story|piece|text|document|page|post|report|item)(?:['’]s)?(?!\s+\d)\b"
    rf"|this(?=\W*$|\s+{_WRITTEN}\b|\s+(?:(?:come\s+)?from|(?:all\s+)?about)\W*$))"
)
_OUTLET = (
    r"(?:(?:news\s?)?(?:paper|outlet|agency|site|source|magazine|organi[sz]ation|service)"
    r"|web\s?site|publication|publisher|journal|blog)"
)
_AUTHOR = r"(?:author|writer|reporter|publisher)"
_TITLE = r"(?:headline|title|heading)"
_IMAGE = r"(?:photo(?:graph)?|foto|picture|image)"
_PICTURE = rf"(?:the|this|that|these|those)\s+(?:{_IMAGE}|caption)s?"
_PICTURES = rf"(?:the|this|that|these|those)\s+{_IMAGE}s?"
_IS = r"(?:['’]?s|\s+is|\s+was|\s+are|\s+were)"
# Where a clause ends, or another begins: "in the headline, who …", not "in the title role".
_CLAUSE = r"(?=\s*(?:$|[,;:.!?])|\s+(?:who|whom|whose|when|where|why|what|which|how|is|are|was|were|do|does|did)\b)"
# Asked for with hardly a word: "photographer?", "what is the byline".
_BARE = r"^\W*(?:(?:who|what)(?:['’]?s|\s+is|\s+was)\s+)?(?:the\s+)?"
_TOOK = r"(?:took|shot|made|provided|supplied|distributed|released|(?:is|was)\s+credited\s+(?:with|for))"

# Who took the picture, the credit of its caption says.
_CREDIT = (
    rf"\bwho\s+(?:took|takes?|shot|made|makes?|captured|snapped)\s+{_PICTURES}\b(?!\s+(?:away|down|off|out)\b)",
    rf"\bwho{_IS}\s+{_PICTURES}\s+(?:taken\s+|shot\s+|made\s+)?(?:by|from)\b",
    rf"\bby\s+whom\s+(?:is|was|are|were)\s+{_PICTURES}\b",
    rf"\bwhose\s+{_IMAGE}\s+(?:is|was)\s+(?:this|that|it)\b",
    rf"\b(?:which|what)\s+(?:(?:news|photo|picture)\s+)?(?:agency|service|photographer)\s+{_TOOK}\s+{_PICTURES}\b",
    rf"\bwho\s+(?:(?:is|was)\s+credited|gets\s+(?:the\s+)?credit)\s+(?:with|for)\s+(?:taking\s+)?{_PICTURES}\b",
    rf"\bwho\s+(?:is|was)\s+the\s+photographer\s+(?:of|behind)\s+{_PICTURES}\b",
    rf"{_BARE}(?:(?:name\s+of\s+the\s+)?photographer(?:(?:['’]?s)?\s+name)?|{_IMAGE}\s+credits?)\W*$",
)

# The paragraph of the role is what is asked for.
_ITSELF = {
    Role.TITLE: (
        rf"\b{_TITLE}\s+(?:of|for|in|above)\s+{_DOCUMENT}",
        rf"\b{_DOCUMENT}\s+{_TITLE}\b",
        rf"\b(?:what|how)\s+(?:is|was)\s+{_DOCUMENT}\s+(?:called|titled|entitled|headed|headlined)\b",
        rf"^(?:(?:what\s+is|what['’]?s|tell\s+me|(?:give|show)\s+me)\s+)?(?:the\s+)?{_TITLE}\W*$",
        rf"\bwhat\s+(?:does|did)\s+the\s+{_TITLE}\s+(?:say|state|read)\W*$",
        rf"\bwhat(?:['’]?s|\s+is|\s+was)\s+{_DOCUMENT}\s+(?:all\s+)?about\W*$",
        rf"\b(?:topic|subject)\s+of\s+{_DOCUMENT}\W*$",
    ),
    Role.BYLINE: (
        rf"\bwho{_IS}\s+the\s+{_AUTHOR}s?\s+(?:of|for)\s+{_DOCUMENT}",
        rf"\bwho(?:['’]?s|\s+is|\s+was)\s+{_DOCUMENT}\s+{_AUTHOR}\b",
        rf"^(?:the\s+)?{_AUTHOR}\s+of\s+{_DOCUMENT}",
        rf"{_BARE}(?:author|byline)\W*$",
        r"\bwhat\s+(?:does|did)\s+the\s+byline\s+(?:say|state|read)\W*$",
        rf"\bwho\s+{_WRITTEN}\s+{_DOCUMENT}",
        rf"\bwho\s+(?:is|was)\s+credited\s+(?:with|for)\s+(?:writing\s+)?{_DOCUMENT}",
        rf"\b(?:who|whom|{_OUTLET})\s+(?:is|was|has|had)\s+{_DOCUMENT}(?:\s+been)?\s+(?:\w+ly\s+)?{_WRITTEN}\b",
        rf"\b(?:which|what)\s+{_OUTLET}\s+(?:{_WRITTEN}|ran|carried|printed)\s+{_DOCUMENT}",
        rf"\b(?:which|what)\s+{_OUTLET}\s+(?:is|was|does|did)\s+{_DOCUMENT}\s+(?:(?:come\s+)?from|appear)\b",
        rf"\bwhere\s+(?:does|did)\s+{_DOCUMENT}\s+(?:come\s+from|appear)\b",
        rf"\bwhere\s+(?:is|was)\s+{_DOCUMENT}\s+(?:from|{_WRITTEN})\b",
        rf"{_BARE}source\s+of\s+{_DOCUMENT}\W*$",
    ),
    Role.CAPTION: (
        rf"\bwhat\s+(?:does|did)\s+the\s+(?:{_IMAGE}(?:['’]?s)?\s+)?caption\s+(?:say|state|read)\W*$",
        rf"{_BARE}(?:{_IMAGE}\s+)?caption\W*$",
    ),
}
# The answer is to be looked for in the paragraph of the role, which may say something else.
_PLACES = {
    Role.TITLE: (
        rf"\b(?:in|per|by|from|according\s+to)\s+the\s+{_TITLE}{_CLAUSE}",
        rf"\b(?:does|did)\s+the\s+{_TITLE}\s+(?:say|state|mention|call|claim|describe|report|tell|mean|use|put|name)\b",
    ),
    Role.CAPTION: (
        *_CREDIT,
        rf"\b(?:in|on|of|took|shot|under|behind)\s+{_PICTURE}\b(?!\s+of\b.*\bby\b)",
        rf"\b{_PICTURE}\s+(?:shows?|was|is|taken|caption|of)\b",
        rf"\b(?:does|did|was|is)\s+{_PICTURE}\b",
        r"\b(?:where|when|what\s+day|what\s+date)\b.*\b(?:is|are|was|were)\b.*\b(?:photographed|pictured)\W*$",
    ),
}


def _any_of(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


_ASKED_FOR = {role: _any_of(patterns) for role, patterns in _ITSELF.items()}
_LOOKED_FOR = {role: _any_of(patterns) for role, patterns in _PLACES.items()}
_ASKED_FOR_CREDIT = _any_of(_CREDIT)


def asked_role(question: str) -> Role | None:
    """Tell in which part of a document the answer stands, if a question asks about the document itself."""
    every = (*_ASKED_FOR.items(), *_LOOKED_FOR.items())
    return next((role for role, pattern in every if pattern.search(question)), None)


def answers_alone(role: Role, question: str) -> bool:
    """Whether a paragraph of a role answers a question by being what it is: the title, if it is asked for, is the title."""
    return role in _ASKED_FOR and _ASKED_FOR[role].search(question) is not None


def asks_for_credit(question: str) -> bool:
    """Whether a question asks who took a picture of the document."""
    return _ASKED_FOR_CREDIT.search(question) is not None
