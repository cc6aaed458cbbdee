"""Who took a picture: questions for it, and the credits that captions have."""

import re

Offsets = tuple[int, int]

_PICTURE = r"(?:photo(?:graph)?|picture|image)s?"
_ASKED = re.compile(
    "|".join(
        (
            rf"\bwho\s+(?:took|shot|made|captured|photographed|snapped)\s+(?:the|this|that|these|those)\s+{_PICTURE}\b(?!\s+(?:away|down|off|out)\b)",
            rf"\bwho(?:['’]?s|\s+is|\s+was)\s+(?:the|this|that)\s+{_PICTURE}\s+(?:taken\s+|shot\s+|made\s+)?(?:by|from)\b",
            rf"\bby\s+whom\s+(?:is|was|were)\s+(?:the|this|that|these|those)\s+{_PICTURE}\b",
            rf"\bwhose\s+{_PICTURE}\s+(?:is|was)\s+(?:this|that|it)\b",
            rf"\bwho\s+(?:is|was)\s+the\s+photographer\s+(?:of|behind)\s+(?:the|this|that)\s+{_PICTURE}\b",
            r"^\W*(?:(?:who|what)(?:['’]?s|\s+is|\s+was)\s+)?(?:the\s+)?(?:photographer|(?:photo|picture|image)\s+credits?)\W*$",
        )
    ),
    re.IGNORECASE,
)

_AGENCY = r"(?-i:AFP|AP|Reuters|REUTERS|Getty(?:\s+Images)?|EPA|dpa|DPA|UPI|ANSA|TASS|Xinhua|Bloomberg|Shutterstock|Alamy|Anadolu|NurPhoto)"
_NAME = r"(?-i:[A-Z][\w.’'-]*(?:\s+[A-Z][\w.’'-]*){0,3})"
# "/AFP/Abdullah Doma" · "(AP Photo/Ann Lee)" · "Ann Lee/Reuters" · "Photo by Ann Lee" · "Photo: Ann Lee" · "© Ann Lee"
_CREDIT = re.compile(
    "|".join(
        (
            rf"(?<=/){_AGENCY}\s*/\s*{_NAME}",
            rf"\b{_AGENCY}(?:\s+Photos?)?\s*/\s*{_NAME}",
            rf"\b{_NAME}\s*/\s*{_AGENCY}\b",
            rf"\b(?:photo(?:graph(?:y|ed)?)?|picture|image|credit)s?(?:\s+by|\s*:)\s*(?:the\s+)?{_NAME}",
            rf"\bcourtesy\s+of\s+(?:the\s+)?{_NAME}",
            rf"(?:©|\(c\))\s*(?:\d{{4}}\s+)?{_NAME}",
        )
    ),
    re.IGNORECASE,
)
# No caption is looked at further than this.
LONGEST = 2_000


def asks_for_credit(question: str) -> bool:
    """Whether a question asks who took a picture of the document."""
    return _ASKED.search(question) is not None


def credit(caption: str) -> Offsets | None:
    """Find the words of a caption that say whose picture it is."""
    found = _CREDIT.search(caption, 0, LONGEST)
    return None if found is None else found.span()
