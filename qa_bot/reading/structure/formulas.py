"""Formulas, in MathML or in Office's own XML, become a line: without their bars and bounds, one half would read "12"."""

import re
from collections.abc import Callable, Mapping, Sequence

from lxml.etree import _Element as Element

from qa_bot.reading.structure.nodes import EXPONENT, SUPERSCRIPTS

# Formulas in formulas beyond this depth are no formulas; only their letters are kept.
DEEPEST = 60
ALONE = re.compile(r"[^\W_]*|[^\W_]'*|\(.*\)")
WORD_START, WORD_END = re.compile(r"[a-zA-Z]{2}"), re.compile(r"[a-zA-Z]{2}$")
NOTHING = dict.fromkeys(range(0x2061, 0x2065))
# What holds no letters of a formula; in Office's XML, properties do not.
UNSEEN = frozenset({"annotation", "annotation-xml", "mphantom", "phant", "none", "mprescripts", "rPr", "ctrlPr"})
LARGE = frozenset("∑∏∫∮⋃⋂")


def line_of_formula(formula: Element) -> str:
    """Write a formula in a line."""
    if _depth(formula) > DEEPEST:
        return "".join(map(str, formula.itertext()))
    return _line(formula).strip()


def _depth(formula: Element) -> int:
    depths = {formula: 0}
    for node in formula.iterdescendants():
        parent = node.getparent()
        depths[node] = depths.get(parent, 0) + 1 if parent is not None else 0
    return max(depths.values())


def _line(node: Element) -> str:
    name = _name(node)
    write = FORMS.get(name)
    if write is not None:
        return write(node)
    if not len(node):
        return (node.text or "").strip().translate(NOTHING) if name != "t" else node.text or ""
    return _in_a_row([_line(child) for child in _children(node)])


def _name(node: Element) -> str:
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def _children(node: Element) -> list[Element]:
    return [child for child in node if (name := _name(child)) and name not in UNSEEN and not name.endswith("Pr")]


def _in_a_row(parts: Sequence[str]) -> str:
    """Join what stands in a row; names of functions and words keep apart from letters beside them."""
    line, before = "", ""
    for part in parts:
        apart = before[-1:].isalnum() and part[:1].isalnum()
        line += f" {part}" if apart and (WORD_END.search(before) or WORD_START.match(part)) else part
        before = part or before
    return line


def _parts(node: Element, fewest: int) -> list[str]:
    parts = [_line(child) for child in _children(node)]
    return parts + [""] * (fewest - len(parts))


def _held(part: str) -> str:
    return part if ALONE.fullmatch(part) else f"({part})"


def _raised(base: str, part: str) -> str:
    if not part:
        return ""
    small = EXPONENT.fullmatch(part) and base not in LARGE
    return part.translate(SUPERSCRIPTS) if small else f"^{_held(part)}"


def _lowered(part: str) -> str:
    return f"_{_held(part)}" if part else ""


def _over(node: Element) -> str:
    base, over, *_ = _parts(node, 2)
    # A bar, a hat or an arrow over a letter.
    return base + over if len(over) == 1 and not over.isalnum() else base + _raised(base, over)


def _fraction(node: Element) -> str:
    above, below, *_ = _parts(node, 2)
    return f"{_held(above)}/{_held(below)}"


def _scripts(node: Element) -> str:
    base, low, high, *_ = _parts(node, 3)
    return base + _lowered(low) + _raised(base, high)


def _n_ary(node: Element) -> str:
    """Write a sum, product or integral; Office leaves out the sign of the last."""
    low, high, of, *_ = _parts(node, 3)
    sign = _said(node, "chr", "∫")
    return f"{sign}{_lowered(low)}{_raised(sign, high)} {of}"


def _delimited(node: Element) -> str:
    between = _said(node, "sepChr", "|").join(_parts(node, 0))
    return f"{_said(node, 'begChr', '(')}{between}{_said(node, 'endChr', ')')}"


def _fenced(node: Element) -> str:
    between = ", ".join(_parts(node, 0))
    return f"{node.get('open', '(')}{between}{node.get('close', ')')}"


def _said(node: Element, property_name: str, otherwise: str) -> str:
    found = next((one for one in node.iterfind(f"./*/{{*}}{property_name}")), None)
    if found is None:
        return otherwise
    return next((str(value) for key, value in found.attrib.items() if str(key).rpartition("}")[2] == "val"), "")


def _office_root(node: Element) -> str:
    degree, under, *_ = _parts(node, 2)
    return f"{degree.translate(SUPERSCRIPTS)}√{_held(under)}"


def _root(node: Element) -> str:
    under, degree, *_ = _parts(node, 2)
    return f"{degree.translate(SUPERSCRIPTS)}√{_held(under)}"


def _base_and(write: Callable[[str, str], str]) -> Callable[[Element], str]:
    def written(node: Element) -> str:
        base, script, *_ = _parts(node, 2)
        return base + write(base, script)

    return written


FORMS: Mapping[str, Callable[[Element], str]] = {
    **dict.fromkeys(("msup", "sSup", "limUpp"), _base_and(_raised)),
    **dict.fromkeys(("msub", "sSub", "munder", "limLow"), _base_and(lambda _, script: _lowered(script))),
    **dict.fromkeys(("msubsup", "sSubSup", "munderover"), _scripts),
    **dict.fromkeys(("mfrac", "f"), _fraction),
    **dict.fromkeys(("mtable", "m", "eqArr"), lambda node: "; ".join(_parts(node, 0))),
    **dict.fromkeys(("mtr", "mr"), lambda node: ", ".join(_parts(node, 0))),
    "mover": _over,
    "msqrt": lambda node: f"√{_held(_in_a_row(_parts(node, 0)))}",
    "mroot": _root,
    "rad": _office_root,
    "nary": _n_ary,
    "d": _delimited,
    "mfenced": _fenced,
    "acc": lambda node: _in_a_row(_parts(node, 0)) + _said(node, "chr", "\u0302"),
}
