"""Word's XML becomes plainer, so that mammoth, which turns it into HTML, loses nothing that can be read.

By itself it drops the text around and in some text boxes, fields that number figures, formulas, and ruby's base text; it shows
hidden text; it counts no numbers; and it knows headings by the names of a few styles only.
"""

import itertools

from lxml import etree
from lxml.etree import _Element as Element

from qa_bot.reading.structure import line_of_formula
from qa_bot.reading.word.names import COMPATIBILITY, MATH, VML, child, is_on, make, number, value, w
from qa_bot.reading.word.numbering import Numbering
from qa_bot.reading.word.styles import Styles

# What stands between these is the number of a paragraph; neither can stand in XML that Word writes.
NUMBER_START, NUMBER_END = "\ue0f0", "\ue0f1"

ALTERNATIVES, CHOICE, FALLBACK = (f"{{{COMPATIBILITY}}}{name}" for name in ("AlternateContent", "Choice", "Fallback"))
BOX = w("txbxContent")
CONTENTS_GALLERY = "Table of Contents"
PICTURES = (w("drawing"), w("pict"), w("object"))
# Elements that only stand around what they hold.
WRAPPERS = (w("fldSimple"), w("dir"), w("bdo"), w("hyperlink"), w("smartTag"), w("customXml"), f"{{{MATH}}}oMathPara")
SAME_AS = {w("cr"): w("br"), w("ptab"): w("tab")}
# What stands among runs and in them without a word.
WORDLESS = (w("proofErr"), w("bookmarkStart"), w("bookmarkEnd"), w("lastRenderedPageBreak"))
# The list that all are given, and its deepest level.
ONE_LIST = "1"


def make_plainer(root: Element, styles: Styles, numbering: Numbering) -> None:
    """Change a part of a document in place."""
    for element in reversed(list(root.iter(ALTERNATIVES))):
        _choose(element)
    for element in reversed(list(root.iter(*PICTURES))):
        _keep_boxes(element)
    for element in list(root.iter(w("r"))):
        _mend_run(element)
    for element in list(root.iter(w("ruby"))):
        _replace(element, list(element.iterchildren(w("rubyBase"))))
    for element in list(root.iter(f"{{{MATH}}}oMath")):
        _replace(element, [_run(line_of_formula(element))])
    for element in list(root.iter(*WRAPPERS, w("rubyBase"))):
        _replace(element, list(element))
    for element in root.iter(*SAME_AS):
        element.tag = SAME_AS[str(element.tag)]
    _join_runs(root)
    contents = {paragraph for part in root.iter(w("sdt")) if _is_contents(part) for paragraph in part.iter(w("p"))}
    for element in root.iter(w("p")):
        _say_what_it_is(element, "Contents" if element in contents else styles.kind(element), styles, numbering)


def _mend_run(run: Element) -> None:
    """Leave out a run that is hidden, and say of one that is set higher that it is raised."""
    properties = child(run, "rPr")
    if is_on(child(properties, "vanish")):
        _replace(run, [])
    higher = number(value(child(properties, "position"))) > 0
    if properties is not None and higher and child(properties, "vertAlign") is None:
        properties.append(make("vertAlign", val="superscript"))


def _join_runs(root: Element) -> None:
    """Make one of runs in a row that look alike to us: Word begins a new one at each correction, and mammoth is slow."""
    for element in list(root.iter(*WORDLESS)):
        _replace(element, [])
    parents = dict.fromkeys(run.getparent() for run in root.iter(w("r")))
    for parent in parents:
        for height, alike in itertools.groupby([] if parent is None else list(parent), _height):
            first, *others = alike
            if height is None:
                continue
            words = "".join(text.text or "" for run in (first, *others) for text in run.iterchildren(w("t")))
            kept, *texts = first.iterchildren(w("t"))
            kept.text = words
            for element in (*texts, *others):
                _replace(element, [])


def _height(element: Element) -> str | None:
    """Tell whether a run of nothing but words is raised or lowered; nothing of what is no such run."""
    if element.tag != w("r"):
        return None
    texts = [part.tag == w("t") for part in element if part.tag != w("rPr")]
    properties = child(element, "rPr")
    return value(child(properties, "vertAlign")) if texts and all(texts) else None


def _choose(element: Element) -> None:
    """Take the alternative that has a text box, else the one for programs that know nothing newer."""
    branches = [*element.iterchildren(CHOICE), *element.iterchildren(FALLBACK)]
    boxed = next((branch for branch in branches if branch.find(f".//{BOX}") is not None), None)
    fallback = element.find(FALLBACK)
    chosen = fallback if boxed is None else boxed
    _replace(element, [] if chosen is None else list(chosen))


def _keep_boxes(element: Element) -> None:
    """Leave of a picture only the text boxes in it."""
    boxes = [box for box in element.iter(BOX) if not any(above.tag == BOX for above in _between(box, element))]
    picture = make("pict")
    shape = etree.SubElement(etree.SubElement(picture, f"{{{VML}}}shape"), f"{{{VML}}}textbox")
    shape.extend(boxes)
    _replace(element, [picture] if boxes else [])


def _between(element: Element, end: Element) -> list[Element]:
    above = []
    for ancestor in element.iterancestors():
        if ancestor is end:
            break
        above.append(ancestor)
    return above


def _replace(element: Element, by: list[Element]) -> None:
    parent = element.getparent()
    if parent is not None:
        for other in by:
            element.addprevious(other)
        parent.remove(element)


def _run(text: str) -> Element:
    run = make("r")
    etree.SubElement(run, w("t")).text = text
    return run


def _is_contents(part: Element) -> bool:
    """Whether a part of a document is a table of contents that the program keeps up to date, whatever the styles in it."""
    return any(value(gallery) == CONTENTS_GALLERY for gallery in part.iterfind(f"{w('sdtPr')}//{w('docPartGallery')}"))


def _say_what_it_is(paragraph: Element, kind: str, styles: Styles, numbering: Numbering) -> None:
    num, level, style = styles.list_of(paragraph)
    at = level if level is not None else numbering.level_of_style(num, style)
    properties = child(paragraph, "pPr")
    removed = child(child(properties, "rPr"), "del") is not None
    label = None if removed else numbering.count(num, at)
    if properties is None:
        properties = make("pPr")
        paragraph.insert(0, properties)
    for element in [*properties.iterchildren(w("pStyle"), w("numPr"))]:
        properties.remove(element)
    properties.append(make("pStyle", val=kind))
    if label is None or paragraph.find(f".//{w('t')}") is None:
        return
    if kind:
        paragraph.insert(1, _run(f"{label} " if label else ""))
    else:
        listed = make("numPr")
        listed.extend([make("ilvl", val=str(at)), make("numId", val=ONE_LIST)])
        properties.append(listed)
        paragraph.insert(1, _run(f"{NUMBER_START}{label}{NUMBER_END}" if label else ""))


def holds_changes(root: Element) -> bool:
    """Whether changes are tracked that nobody has accepted or refused yet."""
    return next(root.iter(w("ins"), w("del"), w("moveTo"), w("moveFrom")), None) is not None
