"""The nodes of a tree of HTML, one after the other, and the text in them as a browser shows it.

Trees are walked without recursion, and each node is looked at a fixed number of times, so that neither depth nor size
can hurt. Elements are those of lxml, with or without a namespace.
"""

import html
import re
from collections.abc import Callable, Iterator
from enum import Enum, auto

from lxml.etree import _Element as Element
from lxml.etree import _Entity as Entity

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = """
address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer form
frameset header hgroup hr html legend li main menu nav ol p pre search section summary table tbody td tfoot th thead tr ul
"""
_UNSEEN = """
annotation annotation-xml applet area audio base basefont button canvas datalist embed frame head iframe img input link map
meta meter noembed noframes noscript object optgroup option param progress rp rt script select source style svg template
textarea title track video
"""
# Elements that begin and end a paragraph; all others stand inside one.
BLOCKS = HEADINGS | frozenset(_BLOCKS.split())
# Elements whose content a browser does not show, or that are no text.
UNSEEN = frozenset(_UNSEEN.split())
UNSEEN_STYLE = re.compile(r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
# Elements that no list's item and no cell of a table holds, unless list or table are there for the layout only.
LAYOUT = HEADINGS | {"table", "pre", "details", "article", "section", "form"}

SPACES = re.compile(r"\s+")
# What browsers show of these numbers is what Windows makes of them; soft hyphens and the like show as nothing.
_WINDOWS = {number: bytes([number]).decode("cp1252", errors="ignore") for number in range(0x80, 0xA0)}
_NOTHING = dict.fromkeys([*range(9), *range(0x0E, 0x1C), 0x7F, 0xAD, 0x200B, 0x2060, 0xFEFF])
SHOWN = _WINDOWS | _NOTHING
SUPERSCRIPTS = str.maketrans("0123456789+-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")
EXPONENT = re.compile(r"[+−–-]?\d{1,3}")


class Step(Enum):
    """What the walk does with a node: enters it, leaves it, or passes it by with all that it holds."""

    ENTER = auto()
    LEAVE = auto()
    PASS = auto()


def tag_of(node: Element) -> str:
    """Give an element's name in small letters and without its namespace; a comment, say, has none."""
    tag = node.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def is_unseen(node: Element) -> bool:
    """Whether a browser shows nothing of a node."""
    tag = tag_of(node)
    if not tag or tag in UNSEEN:
        return not isinstance(node, Entity)
    # An arrow that leads back from a note.
    if node.get("role") == "doc-backlink" and len(node) == 0 and not any(map(str.isalnum, node.text or "")):
        return True
    if node.get("hidden") is not None or UNSEEN_STYLE.search(node.get("style", "")):
        return True
    # Pages set whole sections aside while a dialog is open, so only inside a paragraph is this to be believed.
    return node.get("aria-hidden") == "true" and tag not in BLOCKS


def is_unseen_or_break(node: Element) -> bool:
    """Whether a node holds no text to enter for."""
    return is_unseen(node) or tag_of(node) == "br"


def steps(root: Element, passes: Callable[[Element], bool] = is_unseen_or_break) -> Iterator[tuple[Step, Element]]:
    """Walk over a tree in the order of its text, and pass by the nodes that the walker says."""
    stack = [(Step.ENTER, root)]
    while stack:
        step, node = stack.pop()
        if step is Step.ENTER and passes(node):
            step = Step.PASS
        yield step, node
        if step is Step.ENTER:
            stack.append((Step.LEAVE, node))
            stack.extend((Step.ENTER, child) for child in reversed(node))


def text_before(node: Element) -> str:
    """Give the text between a node's beginning and its first child; an exponent stays raised, or it were another number."""
    text = node.text or ""
    if isinstance(node, Entity):
        return html.unescape(text)
    raised = tag_of(node) == "sup" and len(node) == 0 and EXPONENT.fullmatch(text)
    return text.translate(SUPERSCRIPTS) if raised else text


def spaced(text: str) -> str:
    """Make each stretch of blanks one space, and leave out what shows as nothing."""
    return SPACES.sub(" ", text.translate(SHOWN))


def flat_text(root: Element, *, verbatim: bool = False) -> str:
    """Give all text of an element: in one line, or ``verbatim`` with its blanks and line ends."""
    parts = []
    for step, node in steps(root):
        if tag_of(node) == "br" or (tag_of(node) in BLOCKS and node is not root and step is Step.LEAVE):
            parts.append("\n")
        if step is Step.ENTER:
            parts.append(text_before(node))
        if step is not Step.ENTER and node is not root:
            parts.append(node.tail or "")
    text = "".join(parts)
    return text.translate(SHOWN) if verbatim else spaced(text).strip()


def layouts(root: Element) -> set[Element]:
    """Find the lists and tables that hold what no item or cell holds: they only place things on a page."""
    found = set()
    open_nodes = [False]
    for step, node in steps(root):
        if step is Step.ENTER:
            open_nodes.append(False)
        elif step is Step.LEAVE:
            holds = open_nodes.pop()
            if holds:
                found.add(node)
            open_nodes[-1] = open_nodes[-1] or holds or tag_of(node) in LAYOUT
    return found
