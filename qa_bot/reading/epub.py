"""E-books (.epub): their chapters are HTML, and are read in the order of the book.

ebooklib has a licence that this project cannot take on, and epub-utils is not ready; what is needed of the package around
the chapters is little.
"""

import html as entities
import posixpath
import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from lxml import etree
from lxml.etree import _Element as Element

from qa_bot.errors import ReadError
from qa_bot.reading.archives import Archive
from qa_bot.reading.decoding import decode
from qa_bot.reading.extract import Extract
from qa_bot.reading.html.parsing import parse
from qa_bot.reading.properties import authors_of, day_of
from qa_bot.reading.structure import MARKER, blocks_of_html, role_of_tag
from qa_bot.reading.xml_trees import fit_for_xml, tree_of
from qa_bot.records import Role

KIND = "an e-book (.epub)"
CONTAINER = "META-INF/container.xml"
ENCRYPTION = "META-INF/encryption.xml"
PROTECTED = "is protected against copying (DRM): get it without, or remove it"
CHAPTER_TYPES = {"application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document"}

# What parts of a book are about the book only.
TYPE = "{http://www.idpf.org/2007/ops}type"
FURNITURE_TYPES = {"toc", "landmarks", "page-list", "cover", "loi", "lot", "loa", "lov", "index", "toc-brief"}
NOTE_LINKS = {"noteref", "doc-noteref", "backlink", "doc-backlink"}
NOTES = {"footnote", "endnote", "rearnote", "doc-footnote", "doc-endnote"}
# The number of a note, or the sign in its place.
NOTE_NUMBER = re.compile(r"[\[(]?(?:\d{1,4}|[ivxlc]{1,7}|[^\W\d]|[*†‡§¶]+)[\])]?\.?")
GUIDE_TYPES = {"toc", "cover", "index", "loi", "lot"}
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# Programs give this to books without a date, among other days that never were.
FIRST_DAY = "1400-01-01"


@dataclass(frozen=True, slots=True)
class Item:
    """A file of a book: where it is, what it is, and what it is for."""

    path: str
    type: str
    properties: frozenset[str]


def read_epub(raw: bytes) -> Extract:
    """Read the bytes of an e-book. Raises `ReadError`."""
    archive = Archive(raw, KIND)
    package_path = _package_path(archive)
    package = _plain_tree(archive.read(package_path), package_path)
    folder = posixpath.dirname(package_path)
    items = {
        node.get("id", ""): Item(
            _inside(folder, node.get("href", "")),
            node.get("media-type", ""),
            frozenset(node.get("properties", "").split()),
        )
        for node in package.iterfind(".//manifest/item")
    }
    spine = [
        items[node.get("idref", "")] for node in package.iterfind(".//spine/itemref") if node.get("idref") in items
    ]
    chapters = [item for item in spine if item.type in CHAPTER_TYPES]
    _refuse_protected(archive, chapters)
    title = " ".join(_said(package, "title")[:1])
    body, warnings = _body(archive, chapters, _labels(archive, package, items), _about_the_book(package, folder))
    first = next((node for part in body.iterchildren("div", "h1") for node in part.iter("h1")), None)
    titled = first is not None and _plain("".join(first.itertext())) == _plain(title)
    text, blocks = blocks_of_html(body, titled=titled, role_of=_role_of)
    days = [day for day in map(day_of, _said(package, "date")) if day and day >= FIRST_DAY]
    return Extract(
        text,
        blocks,
        title=title,
        author=authors_of(_said(package, "creator")),
        date=days[0] if days else None,
        warnings=warnings,
    )


def _package_path(archive: Archive) -> str:
    container = tree_of(archive.read(CONTAINER), CONTAINER) if CONTAINER in archive else None
    paths = [] if container is None else [node.get("full-path", "") for node in container.iter("{*}rootfile")]
    found = next((path for path in paths if path in archive), None)
    if found is None:
        msg = "holds no book: export it as .epub again, or remove it"
        raise ReadError(msg)
    return found


def _plain_tree(raw: bytes, part: str) -> Element:
    """Read XML, and take the namespaces off the names of elements; books of all ages differ in them."""
    root = tree_of(raw, part)
    for node in root.iter("*"):
        node.tag = str(node.tag).rpartition("}")[2].lower()
    return root


def _inside(folder: str, link: str) -> str:
    """Find the part of the archive that a link from a folder leads to."""
    try:
        path = urlsplit(link).path
    except ValueError:
        path = link
    return posixpath.normpath(posixpath.join("/", folder, unquote(path)))[1:]


def _said(package: Element, name: str) -> list[str]:
    found = [" ".join("".join(node.itertext()).split()) for node in package.iterfind(f".//metadata//{name}")]
    return [text for text in found if text]


def _refuse_protected(archive: Archive, chapters: list[Item]) -> None:
    """Raise `ReadError` where chapters are encrypted; fonts often are, which hurts nobody."""
    if ENCRYPTION not in archive:
        return
    encrypted = {
        _inside("", node.get("URI", ""))
        for node in tree_of(archive.read(ENCRYPTION), ENCRYPTION).iter("{*}CipherReference")
    }
    if encrypted & {chapter.path for chapter in chapters}:
        raise ReadError(PROTECTED)


def _about_the_book(package: Element, folder: str) -> set[str]:
    """Name the files that are contents or cover, as far as the package says so."""
    return {
        _inside(folder, node.get("href", ""))
        for node in package.iterfind(".//guide/reference")
        if node.get("type", "").lower() in GUIDE_TYPES
    }


def _labels(archive: Archive, package: Element, items: dict[str, Item]) -> dict[str, str]:
    """Read what the table of contents calls each file."""
    nav = next((item for item in items.values() if "nav" in item.properties), None)
    ncx = items.get(next((node.get("toc", "") for node in package.iterfind(".//spine")), ""))
    labels: dict[str, str] = {}
    try:
        for item, link, name, attribute in ((nav, "a", "", "href"), (ncx, "navpoint", "navlabel", "src")):
            if item is not None and item.path in archive and not labels:
                raw = archive.read(item.path)
                root = _chapter(raw) if link == "a" else _plain_tree(raw, item.path)
                for node in root.iter(link):
                    label, target = (node, node) if link == "a" else (node.find(name), node.find("content"))
                    if label is not None and target is not None:
                        path = _inside(posixpath.dirname(item.path), target.get(attribute, ""))
                        labels.setdefault(path, " ".join("".join(label.itertext()).split()))
    except ReadError:
        # The book can be read without.
        return labels
    return labels


def _body(
    archive: Archive, chapters: list[Item], labels: dict[str, str], about: set[str]
) -> tuple[Element, tuple[str, ...]]:
    """Put all chapters into one body."""
    body = etree.Element("body")
    missing = [chapter.path for chapter in chapters if chapter.path not in archive]
    for chapter in chapters:
        if chapter.path not in archive:
            continue
        root = _chapter(archive.read(chapter.path))
        content = root.find(".//body")
        if content is None:
            continue
        furniture = chapter.path in about or "nav" in chapter.properties
        content.tag = "nav" if furniture else "div"
        _mark_notes(content)
        label = labels.get(chapter.path)
        body.append(content)
        if label and not furniture and next(content.iter(*HEADINGS), None) is None:
            _put_heading(content, label)
    return body, tuple(f"has no chapter {path[:100]!r}, though it names one" for path in missing)


def _chapter(raw: bytes) -> Element:
    """Read a chapter: as the XML that it should be, else as HTML of any kind."""
    try:
        return _plain_tree(raw, "chapter") if b"<!ENTITY" not in raw else _as_html(raw)
    except ReadError:
        return _as_html(raw)


def _as_html(raw: bytes) -> Element:
    return parse(decode(raw).text)


def _mark_notes(content: Element) -> None:
    """Set the numbers of notes in brackets, so that they are not taken for words; leave out those of printed pages."""
    for node in list(content.iter("*")):
        said = _types(node)
        if said & NOTE_LINKS:
            _put_in_brackets(node)
        elif said & {"pagebreak", "doc-pagebreak"}:
            node.set("hidden", "")
        elif said & NOTES:
            _mark_note(node)


def _mark_note(note: Element) -> None:
    """Set the number at the beginning of a note in brackets, which leads back to where it is referred to."""
    parent = note.getparent()
    if note.tag == "li" and parent is not None and parent.tag == "ol":
        note.set(MARKER, f"[{parent.index(note) + 1}]")
        return
    link = next(note.iter("a"), None)
    if link is not None and not _types(link) & NOTE_LINKS:
        number = "".join(link.itertext()).strip()
        if NOTE_NUMBER.fullmatch(number) and "".join(note.itertext()).lstrip().startswith(number):
            _put_in_brackets(link)


def _put_in_brackets(link: Element) -> None:
    """Write the number of a note; an arrow that only leads back is left out."""
    number = fit_for_xml(" ".join("".join(link.itertext()).split()).strip("[]()."))
    for child in list(link):
        link.remove(child)
    back = not _types(link) & {"noteref", "doc-noteref"}
    link.text = f"[{number}]" + " " * back if not back or number.isalnum() else None


def _put_heading(content: Element, label: str) -> None:
    """Head a chapter by what the table of contents calls it, which often is its first paragraph."""
    paragraphs = ((node, _plain("".join(node.itertext()))) for node in content.iter("p"))
    first = next((found for found in paragraphs if found[1]), None)
    if first is not None and first[1] == _plain(label):
        first[0].tag = "h1"
        return
    heading = etree.Element("h1")
    heading.text = fit_for_xml(label)
    content.addprevious(heading)


def _types(node: Element) -> set[str]:
    return {*(node.get(TYPE) or node.get("epub:type") or "").split(), *node.get("role", "").split()}


def _role_of(node: Element) -> Role | None:
    return Role.FURNITURE if _types(node) & FURNITURE_TYPES else role_of_tag(node)


def _plain(text: str) -> str:
    return " ".join(entities.unescape(text).split()).casefold()
