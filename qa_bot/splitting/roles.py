"""What a paragraph is in its document, by general rules.

The rules are deliberately narrow: to take content for furniture hides an answer, which is worse than to show a line
of furniture. So furniture must match from its first word to its last, and be short.
"""

import re

from qa_bot.records import Role

MAX_FURNITURE_WORDS = 30
MAX_BYLINE_WORDS = 12
MAX_CAPTION_WORDS = 60
# Also bounds the work of the patterns below.
MAX_CHARACTERS = 500

_NETWORK = r"(?:facebook|twitter|x|instagram|whatsapp|linkedin|reddit|telegram|youtube|pinterest|e-?mail|print|friends)"
_LEGAL = r"(?:privacy policy|cookie policy|terms (?:of (?:use|service)|and conditions)|contact us|about us)"
# Lines that web pages put around articles; each pattern covers a whole paragraph.
FURNITURE_PATTERNS = (
    (
        r"(?:sorry,? )?(?:you (?:must|need to)(?: be)?|please) (?:log|sign)(?:ged|ed)?[ -]?in to "
        r"(?:(?:post|leave|write|add|view) )?(?:a |your |the )?(?:comments?|repl(?:y|ies))\b.{0,40}"
    ),
    r"(?:log ?in|log ?out|sign ?(?:in|up)|register|subscribe)(?: (?:now|here|today))?[.!]?",
    r"(?:leave|post|add|write) a (?:comment|reply)(?: (?:log ?in|cancel reply))?[.!:]?",
    r"comments? (?:are |is )?(?:closed|disabled|off)[.!]?|(?:\d+|no) (?:comments?|responses?)(?: yet)?",
    r"your e-?mail address will not be published\b.*",
    (
        rf"(?:share|tweet|pin|e-?mail|print|bookmark|save)(?: (?:this|the))?(?: (?:article|story|post|page))?"
        rf"(?: (?:on|via|with|by))?(?:[\s:|,/·•]*(?:and )?{_NETWORK})*[.!]?"
    ),
    rf"(?:follow|like|find|join) us on {_NETWORK}(?:[\s:|,/·•]*(?:and )?{_NETWORK})*[.!]?",
    r"(?:sign up|subscribe|register) (?:to|for) (?:our|the|my|this) .{0,40}?\b(?:newsletters?|mailing list)\b.{0,60}",
    r"(?:read|see|learn|show|load|view) (?:more|also|next)(?: (?:articles|stories|posts|comments))?[.…»→]?",
    r"(?:read more|read also|see also|related(?: (?:articles?|stories|posts))?|you may also like|recommended) ?:.{0,160}",
    r"(?:related|popular|latest|trending|recent|recommended) (?:articles?|stories|posts|videos?)",
    r"(?:advertise?ment|sponsored(?: content)?)(?: ?-? ?continue reading.{0,60})?|continue reading|story continues below.{0,40}",
    r"skip to (?:main )?content|back to top",
    r"(?:(?:this|our) (?:web)?site|we) uses? cookies\b.*\b(?:accept|agree|consent|continu|experience).*",
    r"by (?:continuing|using)\b.{0,60}\bcookies\b.*|(?:accept|manage|reject)(?: all)? cookies",
    (
        r"(?:copyright|\(c\)|©)[ ©]*(?:\(c\) ?)?(?:19|20)\d\d\b(?:[ ,–-]+(?:19|20)?\d\d\b)?"
        r"(?:[ ,.|·]+(?:by )?(?-i:[A-Z])[^.!?]{0,80}?)??(?:[ ,.|·]*all rights reserved\b.{0,60})?[.]?"
    ),
    r"all rights reserved\b.{0,60}|(?-i:.{0,60}[.|·,] ?[Aa]ll [Rr]ights [Rr]eserved\b.{0,60})",
    rf"{_LEGAL}(?:[\s|·•,/]*{_LEGAL})*",
    r"(?:tags|filed under) ?:.{0,160}",
)
FURNITURE = re.compile("|".join(FURNITURE_PATTERNS), re.IGNORECASE | re.DOTALL)
# A line without a single letter or digit: rules, rows of asterisks.
NO_WORDS = re.compile(r"[\W_]+")

BYLINE = re.compile(
    r"(?:by|(?:written|reported|posted|published|edited|words|story|text)\s+by|special\s+to|author\s*:|from\s+our)\s+\S.*",
    re.IGNORECASE | re.DOTALL,
)
# Agencies sign pictures at the end, behind a slash or in brackets: "… on Aug. 14. /AFP/Abdullah Doma".
CREDIT_AT_END = re.compile(
    r".*(?:\s/\s?[A-Z][\w.&' -]{1,40}(?:/[A-Z][\w.&' -]{1,40})*"
    r"|[(\[](?:photo|photograph|image|picture|credit|courtesy|getty|reuters|afp|ap)\b[^()\[\]]{0,60}[)\]]"
    r"|[.!?]\s+(?:photo|photograph|image|picture|credit)s?(?:\s+by|\s*:)\s[^.]{1,60})\s*",
    re.IGNORECASE | re.DOTALL,
)
CAPTION_AT_START = re.compile(
    r"[(\[]?(?:photo|photograph|image|picture|caption|pictured|credit)s?(?:\s*:|\s+by\s+(?-i:[A-Z])|\s+credit\b)\s*\S[^.]*\.?[)\]]?",
    re.IGNORECASE | re.DOTALL,
)


def role_of(text: str, *, prose_before: bool) -> Role:
    """Tell the role of a paragraph from its words.

    Args:
        text: the paragraph's words.
        prose_before: whether a paragraph of body text stands before it; bylines do not come after.

    """
    if NO_WORDS.fullmatch(text):
        return Role.FURNITURE
    if len(text) > MAX_CHARACTERS:
        return Role.BODY
    words = len(text.split())
    if words <= MAX_FURNITURE_WORDS and FURNITURE.fullmatch(text):
        return Role.FURNITURE
    if not prose_before and words <= MAX_BYLINE_WORDS and BYLINE.fullmatch(text):
        return Role.BYLINE
    if words <= MAX_CAPTION_WORDS and (CREDIT_AT_END.fullmatch(text) or CAPTION_AT_START.fullmatch(text)):
        return Role.CAPTION
    return Role.BODY
