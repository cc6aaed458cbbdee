"""Files that were made to do harm, or were damaged: each is refused in one sentence, or harmless."""

import io
import random
import time
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invariants import check_extract
from office_files import OFFICE, WORD, book, listed, opendocument, p, pack, styled, word, words_of

from qa_bot.errors import ReadError
from qa_bot.reading import archives
from qa_bot.reading.epub import read_epub
from qa_bot.reading.extract import Format
from qa_bot.reading.opendocument import read_opendocument
from qa_bot.reading.word import read_word

ODT_TEXT = "<text:h text:outline-level='1'>One</text:h><text:p>Text.</text:p><text:list><text:list-item><text:p>a</text:p></text:list-item></text:list>"
SOUND: list[tuple[Format, bytes]] = [
    (read_word, word(styled("One", "Heading1") + p("Text.") + listed("a", 1), core="<dc:title>T</dc:title>")),
    (read_opendocument, opendocument(ODT_TEXT)),
    (read_epub, book({"one": "<h1>One</h1><p>Text.</p>", "two": "<p>More.</p>"}, metadata="<dc:title>T</dc:title>")),
]
IDS = ["word", "opendocument", "epub"]
LAUGHS = (
    "<!DOCTYPE x [<!ENTITY l0 'lol'>" + "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10)) + "]>"
)
GROWTH = f"<!DOCTYPE x [<!ENTITY a '{'a' * 50_000}'>]>"
SECRET = "<!DOCTYPE x [<!ENTITY s SYSTEM 'file:///etc/passwd'>]>"  # noqa: S105 - the name of an entity


def refusal(read: Format, raw: bytes) -> str:
    """Give the message with which bytes are refused, which is one line."""
    with pytest.raises(ReadError) as caught:
        read(raw)
    assert len(str(caught.value).splitlines()) == 1
    return str(caught.value)


def word_text(xml: str, before: str = "") -> bytes:
    """Make a Word document of what stands before its root, and in its one paragraph."""
    return pack(
        {
            "word/document.xml": f"{before}<w:document {WORD}><w:body><w:p><w:r><w:t>{xml}</w:t></w:r></w:p></w:body></w:document>"
        }
    )


def odt_text(xml: str, before: str = "") -> bytes:
    """Make an OpenDocument text likewise."""
    return pack(
        {
            "content.xml": f"{before}<office:document-content {OFFICE}><office:body><office:text><text:p>{xml}</text:p></office:text></office:body></office:document-content>"
        }
    )


@pytest.mark.parametrize(
    ("before", "inside"),
    [(LAUGHS, "&l9;"), (GROWTH, "&a;" * 10_000), (SECRET, "&s;"), ("<!DOCTYPE x [<!ENTITY % s SYSTEM 'http://127.0.0.1:9/'>%s;]>", "")],
    ids=["laughs", "growth", "file", "network"],
)  # fmt: skip
def test_entities_are_refused_or_stay_what_they_are(before: str, inside: str) -> None:
    """In office documents they are refused; in a chapter of a book nothing becomes of them."""
    began = time.monotonic()
    for read, raw in ((read_word, word_text(inside, before)), (read_opendocument, odt_text(inside, before))):
        part = "word/document.xml" if read is read_word else "content.xml"
        assert (
            refusal(read, raw)
            == f"declares entities ('{part}'), which may stand for any text: remove it, or save it again"
        )
    chapter = f"{before.replace('DOCTYPE x', 'DOCTYPE html')}<html xmlns='http://www.w3.org/1999/xhtml'><body><p>A{inside}</p></body></html>"
    text = read_epub(book({"one": ""}, **{"OEBPS/text/one.xhtml": chapter})).text

    assert "lollol" not in text
    assert "root:" not in text
    assert len(text) < 100_000
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("read", "part", "kind"),
    [(read_word, "word/document.xml", "word"), (read_opendocument, "content.xml", "odt"), (read_epub, "OEBPS/text/one.xhtml", "epub")],
    ids=IDS,
)  # fmt: skip
def test_bombs_are_not_unpacked(read: Format, part: str, kind: str) -> None:
    """A part that would become far larger than it is, and parts that together would."""
    sound = {
        "word": word(p("Text.")),
        "odt": opendocument("<text:p>Text.</text:p>"),
        "epub": book({"one": "<p>Text.</p>"}),
    }[kind]
    parts = {
        name: zipfile.ZipFile(io.BytesIO(sound)).read(name) for name in zipfile.ZipFile(io.BytesIO(sound)).namelist()
    }

    message = refusal(read, pack(parts | {part: b" " * 50_000_000}))

    assert message == f"unpacks to far more than a text would ('{part}'): remove it, or save only its text"


def test_bombs_of_many_parts_are_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    """What all parts may have together is limited; a part that lies about its size is damaged."""
    chapters = {f"c{number}": "<p>" + "".join(map(chr, range(97, 117))) * 500 + "</p>" for number in range(20)}
    lying = bytearray(pack({"content.xml": b"a" * 500_000}))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = lying.index(mark) + offset
        lying[at : at + 4] = (100).to_bytes(4, "little")

    assert refusal(read_opendocument, bytes(lying)) == "is damaged ('content.xml'): save it again, or remove it"
    monkeypatch.setattr(archives, "MOST_BYTES", 100_000)
    assert refusal(read_epub, book(chapters)).startswith(
        "unpacks to far more than a text would ('OEBPS/text/c9.xhtml')"
    )
    monkeypatch.setattr(archives, "MOST_PARTS", 20)
    assert refusal(read_epub, book(chapters)) == "has more than 20 parts: remove it, or save only its text"


@pytest.mark.parametrize(("read", "raw"), SOUND, ids=IDS)
def test_names_that_lead_elsewhere_lead_nowhere(read: Format, raw: bytes) -> None:
    """Parts with odd names are never written, and hurt nobody."""
    file = io.BytesIO(raw)
    with zipfile.ZipFile(file, "a") as archive:
        for name in ("../../../tmp/evil", "/etc/evil", "C:\\evil", "a" * 60_000, "con", "\x01\u202e"):
            archive.writestr(name, "x")

    assert words_of(read(file.getvalue())) == words_of(read(raw))


@pytest.mark.parametrize(
    ("read", "raw"),
    [
        (read_word, word_text("x")[:-400].replace(b"<w:p>", b"")),
        (read_word, pack({"word/document.xml": f"<w:document {WORD}><w:body>{'<w:sdt><w:sdtContent>' * 100}{p('x')}{'</w:sdtContent></w:sdt>' * 100}</w:body></w:document>"})),
        (read_word, pack({"word/document.xml": f"<w:document {WORD}><w:body>{'<w:sdt>' * 5_000}</w:body></w:document>"})),
        (read_opendocument, odt_text("<text:span>" * 5_000)),
        (read_opendocument, odt_text("<text:span>" * 240 + "x" + "</text:span>" * 240)),
    ],
    ids=["cut", "deep", "deeper", "deep-odt", "deep-closed-odt"],
)  # fmt: skip
def test_nesting_is_bounded(read: Format, raw: bytes) -> None:
    """However deep, it is read or refused."""
    try:
        check_extract(read(raw))
    except ReadError as exc:
        assert "nested too deeply" in str(exc) or "damaged" in str(exc)  # noqa: PT017 - either is right


@pytest.mark.parametrize(
    ("xml", "message"),
    [
        ("<w:r>" * 300, "is nested too deeply ('word/document.xml'): save it as another format, or remove it"),
        ("x" * 10_100_000, "holds more than ten million characters in one piece: split it, or remove it"),
        (
            "<w:r>",
            "is damaged ('word/document.xml': Opening and ending tag mismatch: r line 1 and t, line 1, column 376): save it again, or remove it",
        ),
    ],
    ids=["depth", "length", "form"],
)
def test_what_stops_the_parser_is_named(xml: str, message: str) -> None:
    """In words of this program, without how to set up a parser otherwise."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(archives, "LARGEST_RATIO", 10_000)
        assert refusal(read_word, word_text(xml)) == message


OLD = archives.COMPOUND_FILE + b"\x00" * 500 + "WordDocument".encode("utf-16-le")
LOCKED = archives.COMPOUND_FILE + b"\x00" * 500 + "EncryptedPackage".encode("utf-16-le")
PASSWORD = "is protected by a password: remove it in the program that made it, and save it again"  # noqa: S105 - a message


def locked_part(raw: bytes) -> bytes:
    """Mark every part of an archive as encrypted."""
    changed = bytearray(raw)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := changed.find(mark, at + 1)) >= 0:
            changed[at + offset] |= 1
    return bytes(changed)


@pytest.mark.parametrize(
    ("read", "raw", "message"),
    [
        (read_word, LOCKED, PASSWORD),
        (read_word, OLD, "is no Word document (.docx), but of the older form: open it and save it in the newer one"),
        (read_word, b"{\\rtf1 text}", "is no Word document (.docx), or damaged (File is not a zip file): save it again, or remove it"),
        (read_word, b"", "is no Word document (.docx), or damaged (File is not a zip file): save it again, or remove it"),
        (read_word, pack({"xl/workbook.xml": "<x/>"}), "holds no text of a Word document: open it and save it as .docx, or remove it"),
        (read_word, locked_part(SOUND[0][1]), PASSWORD),
        (read_opendocument, pack({"content.xml": b"\x01\x02", "META-INF/manifest.xml": "<manifest:encryption-data/>"}), PASSWORD),
        (read_opendocument, pack({"encrypted-package": b"\x01\x02"}), PASSWORD),
        (read_opendocument, pack({"content.xml": f"<office:document-content {OFFICE}><office:body><office:spreadsheet/></office:body></office:document-content>"}), "holds no OpenDocument text: open it and save it as .odt, or remove it"),
        (read_epub, pack({"META-INF/container.xml": "x"}, zipfile.ZIP_BZIP2), "is packed in an unusual way ('META-INF/container.xml'): save it again"),
    ],
    ids=["locked", "old", "rtf", "empty", "table", "locked-part", "locked-odt", "locked-whole-odt", "table-odt", "bzip2"],
)  # fmt: skip
def test_what_cannot_be_read_says_why(read: Format, raw: bytes, message: str) -> None:
    """A password, an older form, another program's file."""
    assert refusal(read, raw) == message


def read_or_refuse(read: Format, raw: bytes) -> None:
    """Read bytes; only `ReadError` may come of it."""
    try:
        check_extract(read(raw))
    except ReadError as exc:
        assert len(str(exc).splitlines()) == 1  # noqa: PT017 - both are right


@pytest.mark.parametrize(("read", "raw"), SOUND, ids=IDS)
def test_any_cut_or_changed_bytes_are_read_or_refused(read: Format, raw: bytes) -> None:
    """Of the archive itself."""
    draw = random.Random(5)
    for length in range(0, len(raw), max(len(raw) // 60, 1)):
        read_or_refuse(read, raw[:length])
    for _ in range(150):
        changed = bytearray(raw)
        for _ in range(draw.randint(1, 4)):
            changed[draw.randrange(len(changed))] = draw.randrange(256)
        read_or_refuse(read, bytes(changed))


@given(st.integers(0, 2), st.data())
def test_any_xml_in_an_archive_is_read_or_refused(which: int, data: st.DataObject) -> None:
    """Elements moved, lost, repeated or renamed in any part."""
    read, raw = SOUND[which]
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = data.draw(st.sampled_from(sorted(parts)))
    start, length = (data.draw(st.integers(0, len(parts[name]))) for _ in range(2))
    piece = parts[name][start : start + length]
    changed = data.draw(
        st.sampled_from(
            [b"", piece * 2, piece.replace(b"w:p", b"w:tbl"), piece.replace(b'"1"', b'"-x"'), piece.upper()]
        )
    )
    read_or_refuse(
        read, pack(parts | {name: parts[name][:start] + changed + parts[name][start + length :]}, zipfile.ZIP_STORED)
    )


WORD_TAGS = "w:p w:r w:t w:tbl w:tr w:tc w:ins w:del w:sdt w:sdtContent w:hyperlink w:pict w:drawing w:txbxContent v:textbox mc:AlternateContent mc:Choice mc:Fallback w:ruby w:rubyBase m:oMath m:t w:br w:footnoteReference w:pPr w:rPr w:numPr w:numId w:ilvl w:pStyle w:vanish w:fldChar w:tcPr w:gridSpan w:vMerge w:sym"
ODT_TAGS = "text:p text:h text:list text:list-item text:list-header text:span text:s text:note text:note-citation text:note-body table:table table:table-row table:table-cell table:table-header-rows draw:frame draw:text-box text:table-of-content text:section text:line-break"


def trees(tags: str) -> st.SearchStrategy[str]:
    """Draw XML of these elements in any order."""
    attributes = st.sampled_from(
        ["", ' w:val="1"', ' w:val="x"', ' w:id="1"', ' text:style-name="A"', ' text:outline-level="0"', ' text:c="99"']
    )
    return st.recursive(
        st.sampled_from(["a", "b c", " ", "1."]),
        lambda inner: st.tuples(st.sampled_from(tags.split()), attributes, st.lists(inner, max_size=3)).map(
            lambda drawn: f"<{drawn[0]}{drawn[1]}>{''.join(drawn[2])}</{drawn[0]}>"
        ),
        max_leaves=20,
    )


@given(trees(WORD_TAGS))
def test_any_elements_of_word_are_read_or_refused(body: str) -> None:
    """Whatever stands in whatever."""
    body = body if "text:" not in body else p("x")
    read_or_refuse(read_word, word(p("Text.") + body, footnotes=f"<w:footnote w:id='1'>{p('note')}</w:footnote>"))


@given(trees(ODT_TAGS))
def test_any_elements_of_opendocument_are_read_or_refused(body: str) -> None:
    """Whatever stands in whatever."""
    read_or_refuse(read_opendocument, opendocument(f"<text:p>Text.</text:p>{body if 'w:' not in body else ''}"))


def test_parts_that_do_not_check_are_damaged() -> None:
    """A part whose checksum is wrong is not read."""
    raw = bytearray(pack({"word/document.xml": f"<w:document {WORD}/>"}, zipfile.ZIP_STORED))
    at = raw.index(b"<w:document")
    raw[at + 1] = ord("v")

    assert refusal(read_word, bytes(raw)) == "is damaged ('word/document.xml'): save it again, or remove it"
