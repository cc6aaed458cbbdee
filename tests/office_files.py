"""Office documents and e-books, made by hand of the parts that they are of."""

import io
import zipfile
from collections.abc import Mapping

from qa_bot.reading.extract import Extract

WORD = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml"'
)
CORE = (
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
)
OFFICE = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{whole}:1.0"'
    for name, whole in (("office", "office"), ("text", "text"), ("table", "table"), ("style", "style"), ("draw", "drawing"))
) + ' xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'  # fmt: skip
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OF_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

# A block as it shows: its role, the heading it stands under, its words.
Shown = tuple[str | None, str | None, str]


def pack(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Put parts into an archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def word(body: str, *, main: str = "word/document.xml", core: str = "", **parts: str) -> bytes:
    """Make a Word document: the XML in its body, and that in parts such as ``styles``."""
    folder = main.rpartition("/")[0]
    content = {
        "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" Type="{OF_OFFICE}/officeDocument" Target="{main}"/></Relationships>',
        main: f"<w:document {WORD}><w:body>{body}</w:body></w:document>",
        "docProps/core.xml": f"<cp:coreProperties {CORE}>{core}</cp:coreProperties>",
    }
    content |= {f"{folder}/{name}.xml": f"<w:{name} {WORD}>{xml}</w:{name}>" for name, xml in parts.items()}
    return pack(content)


def p(words: str, properties: str = "") -> str:
    """Write a paragraph of Word's; what is no tag stands in a run."""
    inside = words if words.startswith("<") else f"<w:r><w:t xml:space='preserve'>{words}</w:t></w:r>"
    return f"<w:p><w:pPr>{properties}</w:pPr>{inside}</w:p>"


def styled(words: str, style: str) -> str:
    """Write a paragraph of a style."""
    return p(words, f'<w:pStyle w:val="{style}"/>')


def listed(words: str, num: int, level: int = 0) -> str:
    """Write a paragraph of a list."""
    return p(words, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>')


def opendocument(body: str, *, automatic: str = "", styles: str = "", meta: str = "") -> bytes:
    """Make an OpenDocument text."""
    return pack({
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": f"<office:document-content {OFFICE}><office:automatic-styles>{automatic}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>",
        "styles.xml": f"<office:document-styles {OFFICE}><office:styles>{styles}</office:styles></office:document-styles>",
        "meta.xml": f"<office:document-meta {OFFICE}><office:meta>{meta}</office:meta></office:document-meta>",
    })  # fmt: skip


def book(
    chapters: Mapping[str, str], *, metadata: str = "", spine: str = "", extra: str = "", **parts: str | bytes
) -> bytes:
    """Make an e-book of chapters by their names; those named in ``spine`` are read, or all."""
    names = list(chapters)
    manifest = "".join(
        f'<item id="{name}" href="text/{name}.xhtml" media-type="application/xhtml+xml"'
        f"{' properties=' + chr(34) + 'nav' + chr(34) if name == 'nav' else ''}/>"
        for name in names
    )
    refs = "".join(f'<itemref idref="{name}"/>' for name in spine.split() or names)
    content: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
        "OEBPS/content.opf": '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<metadata>{metadata}</metadata><manifest>{manifest}{extra}</manifest><spine toc="ncx">{refs}</spine>'
        '<guide><reference type="cover" href="text/cover.xhtml"/></guide></package>',
    }
    content |= {
        f"OEBPS/text/{name}.xhtml": '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml" '
        f'xmlns:epub="http://www.idpf.org/2007/ops"><head><title>x</title></head><body>{chapter}</body></html>'
        for name, chapter in chapters.items()
    }  # fmt: skip
    return pack(content | parts)


def shown(extract: Extract) -> list[Shown]:
    """Give blocks with their words."""
    return [(block.role, block.heading, extract.text[block.start : block.end]) for block in extract.blocks]


def words_of(extract: Extract) -> list[str]:
    """Give the words of each block."""
    return [words for _, _, words in shown(extract)]
