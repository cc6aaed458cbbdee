"""Word documents become HTML by mammoth, and HTML becomes text and blocks.

Of the libraries tried, mammoth (1 MB) loses least, and the rest can be mended before. kreuzberg (98 MB), the fastest, lost
notes and the words around a text box, and took lists for paragraphs; pandoc (155 MB) lost text boxes or the words around
them; python-docx and docx2python, without tables' and lists' shapes, leave more to do.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping

import mammoth
from lxml import etree, html
from lxml.etree import _Element as Element

from qa_bot.errors import ReadError
from qa_bot.reading.archives import Archive
from qa_bot.reading.extract import Extract
from qa_bot.reading.office_properties import NESTED, Properties
from qa_bot.reading.structure import MARKER, blocks_of_html
from qa_bot.reading.word.names import STRICT, w
from qa_bot.reading.word.numbering import Numbering
from qa_bot.reading.word.plainer import NUMBER_END, NUMBER_START, holds_changes, make_plainer
from qa_bot.reading.word.styles import Styles
from qa_bot.reading.xml_trees import tree_of

KIND = "a Word document (.docx)"
# All of these but the first may be missing.
PARTS = ("officeDocument", "styles", "numbering", "footnotes", "endnotes")

STYLE_MAP = """
p.Title => h1.title:fresh
p.Caption => figcaption:fresh
p.Contents => nav > p:fresh
"""
# The levels of the one list that the paragraphs of all are put into; their numbers stand in the text.
LIST_PART = (
    '<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:abstractNum w:abstractNumId="1">'
    + "".join(f'<w:lvl w:ilvl="{level}"><w:numFmt w:val="bullet"/></w:lvl>' for level in range(9))
    + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
)
NUMBERED = re.compile(f"{NUMBER_START}(.*?){NUMBER_END}", re.DOTALL)
NOTE = re.compile(r"(?:foot|end)note-")
NOTE_BACK = re.compile(r"#(?:foot|end)note-ref-")
NOTE_LINK = re.compile(r"#((?:foot|end)note-(?!ref-).*)")


def read_word(raw: bytes) -> Extract:
    """Read the bytes of a Word document. Raises `ReadError`."""
    archive = Archive(raw, KIND)
    parts = _parts(archive)
    if "officeDocument" not in parts:
        msg = "holds no text of a Word document: open it and save it as .docx, or remove it"
        raise ReadError(msg)
    styles, numbering = Styles(parts.get("styles")), Numbering.of(parts.get("numbering"))
    texts = {name: parts[name] for name in ("officeDocument", "footnotes", "endnotes") if name in parts}
    changed = any(holds_changes(root) for root in texts.values())
    for root in texts.values():
        make_plainer(root, styles, numbering)
    _leave_out_lost_notes(texts)
    body = _html_of(texts)
    _put_numbers(body)
    _put_notes(body)
    text, blocks = blocks_of_html(body, titled=_is_titled(body))
    return Properties.of_core(archive).extract(text, blocks, changed=changed)


def _parts(archive: Archive) -> Mapping[str, Element]:
    """Read the parts that matter, wherever their archive keeps them."""
    found = _targets(archive, "_rels/.rels", "")
    main = found.get("officeDocument", "word/document.xml")
    folder, name = posixpath.split(main)
    found |= _targets(archive, f"{folder}/_rels/{name}.rels", folder) | {"officeDocument": main}
    paths = {part: found.get(part, f"{folder}/{part}.xml") for part in PARTS}
    return {part: tree_of(_transitional(archive.read(path)), path) for part, path in paths.items() if path in archive}


def _targets(archive: Archive, path: str, folder: str) -> dict[str, str]:
    """Read which part of each kind belongs to another one."""
    if path not in archive:
        return {}
    return {
        link.get("Type", "").rpartition("/")[2]: posixpath.normpath(
            posixpath.join("/", folder, link.get("Target", ""))
        )[1:]
        for link in tree_of(archive.read(path), path)
        if link.get("TargetMode") != "External"
    }


def _transitional(raw: bytes) -> bytes:
    for strict, usual in STRICT:
        raw = raw.replace(strict, usual)
    return raw


def _leave_out_lost_notes(texts: Mapping[str, Element]) -> None:
    """Leave out what refers to notes that are not there; mammoth would end at it."""
    for kind in ("footnote", "endnote"):
        notes = [] if f"{kind}s" not in texts else list(texts[f"{kind}s"].iter(w(kind)))
        known = {note.get(w("id")) for note in notes}
        links = [link for root in texts.values() for link in root.iter(w(f"{kind}Reference"))]
        for link in links:
            parent = link.getparent()
            if link.get(w("id")) not in known and parent is not None:
                parent.remove(link)


def _html_of(texts: Mapping[str, Element]) -> Element:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, root in texts.items():
            part = "document" if name == "officeDocument" else name
            archive.writestr(f"word/{part}.xml", etree.tostring(root, encoding="utf-8", xml_declaration=True))
        archive.writestr("word/numbering.xml", LIST_PART)
    try:
        converted = mammoth.convert_to_html(file, style_map=STYLE_MAP)
    except RecursionError as exc:
        raise ReadError(NESTED) from exc
    except (LookupError, ValueError, AttributeError, TypeError, OSError) as exc:
        msg = f"cannot be read as Word's XML ({type(exc).__name__}): open it and save it again"
        raise ReadError(msg) from exc
    return html.fragment_fromstring(converted.value, create_parent="body")


def _put_numbers(body: Element) -> None:
    """Make the numbers that stand in items of lists the items' markers."""
    for item in body.iter("li"):
        text = item if item.text or not len(item) else item[0]
        numbered = NUMBERED.match(text.text or "")
        if numbered:
            item.set(MARKER, numbered[1].strip())
            text.text = (text.text or "")[numbered.end() :]


def _put_notes(body: Element) -> None:
    """Put each note behind the paragraph, list or table that refers to it; mammoth puts them all at the end."""
    notes = {item.get("id", ""): item for item in body.iter("li") if NOTE.match(item.get("id", ""))}
    last: dict[Element, Element] = {}
    for link in list(body.iter("a")):
        named = NOTE_LINK.fullmatch(link.get("href", ""))
        note = notes.pop(named[1], None) if named else None
        place = next((above for above in link.iterancestors() if above.getparent() is body), None)
        if note is None or place is None:
            continue
        note.tag = "div"
        beginning = note[0] if len(note) else note
        beginning.text = f"{''.join(link.itertext())} {beginning.text or ''}"
        for back in [back for back in note.iter("a") if NOTE_BACK.match(back.get("href", ""))]:
            back.text = None
        last.get(place, place).addnext(note)
        last[place] = note


def _is_titled(body: Element) -> bool:
    """Whether the first heading of the first level is the title: it is none where others of its kind follow."""
    return len([*body.iter("h1")]) == 1 or body.find(".//h1[@class='title']") is not None
