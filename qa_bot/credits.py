"""The credits of captions: whose picture it is."""

import re

Offsets = tuple[int, int]

_AGENCY = r"(?-i:AFP|AP|Reuters|REUTERS|Getty(?:\s+Images)?|EPA|dpa|DPA|UPI|ANSA|TASS|Xinhua|Bloomberg|Shutterstock|Alamy|Anadolu|NurPhoto)"
_NAME = r"(?-i:[A-Z][\w.’'-]*(?:\s+[A-Z][\w.’'-]*){0,3})"
_PHOTO = r"(?:photo(?:graph(?:y|ed)?)?|picture|image|credit)s?"
# "/AFP/Abdullah Doma" · "(AP Photo/Ann Lee)" · "Ann Lee/Reuters" · "Photo by Ann Lee" · "Photo: Ann Lee" · "© Ann Lee"
_CREDIT = re.compile(
    "|".join(
        (
            rf"\b{_AGENCY}(?:\s+Photos?)?\s*/\s*{_NAME}",
            rf"\b{_NAME}\s*/\s*{_AGENCY}\b",
            rf"\b{_PHOTO}\s+by\s+(?:the\s+)?{_NAME}",
            # "Photo: Lorries queue at the quay" says what it shows.
            rf"\b{_PHOTO}\s*:\s*(?:the\s+)?{_NAME}(?![\w.’'-])(?-i:(?!\s+[a-z]))",
            rf"\bcourtesy\s+of\s+(?:the\s+)?{_NAME}",
            rf"(?:©|\(c\))\s*(?:\d{{4}}\s+)?{_NAME}",
        )
    ),
    re.IGNORECASE,
)
# No caption is looked at further than this.
LONGEST = 2_000


def credit(caption: str) -> Offsets | None:
    """Find the words of a caption that say whose picture it is; they come last."""
    found = list(_CREDIT.finditer(caption, 0, LONGEST))
    return found[-1].span() if found else None
