"""E-books: their chapters in order, under what they are called."""

import pytest
from invariants import check_extract
from office_files import book, pack, shown, words_of

from qa_bot.errors import ReadError
from qa_bot.reading.epub import read_epub

METADATA = "<dc:title>A Book</dc:title><dc:creator>Ann</dc:creator><dc:creator>Bob</dc:creator><dc:date>2019-05-06T00:00:00Z</dc:date><dc:language>en</dc:language>"
NCX = (
    '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>The  First</text></navLabel>'
    '<content src="text/one.xhtml#a"/></navPoint><navPoint><navLabel><text>The Second</text></navLabel><content src="text/t%77o.xhtml"/></navPoint></navMap></ncx>'
)
NCX_ITEM = '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'


def test_chapters_are_read_in_order_of_the_book() -> None:
    """Not in that of the archive; cover and contents are furniture, and the book's own title is its title."""
    chapters = {
        "two": "<h2>Two</h2><p>Second.</p>",
        "nav": "<nav epub:type='toc'><h1>Contents</h1><ol><li><a href='one.xhtml'>One</a></li></ol></nav>",
        "one": "<h1>A Book</h1><h2>One</h2><p>First.</p><ul><li>a</li><li>b</li></ul>",
        "cover": "<p>A picture of a tree</p>",
        "unused": "<p>Not in the book.</p>",
    }

    extract = read_epub(book(chapters, metadata=METADATA, spine="cover nav one two none"))

    assert shown(extract) == [
        ("furniture", None, "A picture of a tree"),
        ("furniture", None, "Contents"),
        ("furniture", None, "1. One"),
        ("title", None, "A Book"),
        ("heading", None, "One"),
        (None, "One", "First."),
        (None, "One", "- a\n- b"),
        ("heading", None, "Two"),
        (None, "Two", "Second."),
    ]
    assert (extract.title, extract.author, extract.date) == ("A Book", "Ann, Bob", "2019-05-06")
    check_extract(extract)


def test_chapters_without_headings_are_called_as_in_the_contents() -> None:
    """Whether the chapter begins with that line or not; what goes on in another file belongs to the chapter before."""
    chapters = {"one": "<p class='t'>The first</p><p>First.</p>", "more": "<p>Goes on.</p>", "two": "<p>Second.</p>"}

    extract = read_epub(book(chapters, extra=NCX_ITEM, **{"OEBPS/toc.ncx": NCX}))

    assert shown(extract) == [
        ("heading", None, "The first"),
        (None, "The first", "First."),
        (None, "The first", "Goes on."),
        ("heading", None, "The Second"),
        (None, "The Second", "Second."),
    ]


def test_the_contents_of_newer_books_name_chapters_too() -> None:
    """They are HTML."""
    chapters = {
        "one": "<p>First.</p>",
        "nav": "<nav epub:type='toc'><ol><li><a href='one.xhtml'>The First</a></li></ol></nav>",
    }

    assert shown(read_epub(book(chapters, spine="one"))) == [
        ("heading", None, "The First"),
        (None, "The First", "First."),
    ]


def test_what_is_about_the_book_gets_no_heading() -> None:
    """Though the table of contents names itself."""
    links = "<li><a href='nav.xhtml'>Contents</a></li><li><a href='one.xhtml'>The First</a></li>"
    extract = read_epub(book({"nav": f"<nav><ol>{links}</ol></nav>", "one": "<p>Text.</p>"}))

    assert shown(extract) == [
        ("furniture", None, "1. Contents\n2. The First"),
        ("heading", None, "The First"),
        (None, "The First", "Text."),
    ]


def test_names_of_chapters_may_hold_what_no_xml_does() -> None:
    """Contents that are damaged are read as HTML, which may hold anything."""
    chapters = {"nav": "<nav><a href='one.xhtml'>On&#1;e</a><br></nav>", "one": "<p>Text.</p>"}

    assert words_of(read_epub(book(chapters, spine="one"))) == ["One", "Text."]


def test_numbers_of_notes_and_pages_are_no_words() -> None:
    """The ones are set in brackets, the others left out."""
    text = (
        "<p>True<sup><a epub:type='noteref' href='#n'><b>2</b></a></sup>.<span epub:type='pagebreak'>17</span></p>"
        "<aside epub:type='footnote'><p>2 Said Ann.</p></aside>"
        "<aside epub:type='footnote'><p><sup><a href='#three'>3</a></sup>Said <a href='#bob'>Bob</a>.</p></aside>"
        "<aside role='doc-footnote'><p><a role='doc-backlink' href='#four'>4.</a>Said Cid.</p></aside>"
        "<aside epub:type='footnote'><p><a href='#bob'>Dora</a> said.</p></aside>"
        "<ol><li role='doc-endnote'><p>Said Eve.<a role='doc-backlink' href='#one'>↩︎</a></p></li></ol>"
    )

    assert words_of(read_epub(book({"one": text}))) == [
        "True[2].", "2 Said Ann.", "[3] Said Bob.", "[4] Said Cid.", "Dora said.", "[1] Said Eve."
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("chapter", "expected"),
    [
        ("<p>caf&eacute; &amp; bar</p>", ["café & bar"]),
        ("<p>not closed<br><p>but read", ["not closed", "but read"]),
        ("<p>scripts<script>alert(1)</script></p>", ["scripts"]),
        ("", []),
    ],
    ids=["entity", "not-xml", "script", "empty"],
)
def test_chapters_that_are_no_xml_are_read_as_html(chapter: str, expected: list[str]) -> None:
    """As browsers do."""
    assert words_of(read_epub(book({"one": chapter}))) == expected


def test_a_missing_chapter_is_a_warning() -> None:
    """The others are read."""
    extra = '<item id="gone" href="gone.xhtml" media-type="application/xhtml+xml"/><item id="png" href="a.png" media-type="image/png"/>'

    extract = read_epub(book({"one": "<p>First.</p>"}, spine="gone png one", extra=extra))

    assert (words_of(extract), extract.warnings) == (
        ["First."],
        ("has no chapter 'OEBPS/gone.xhtml', though it names one",),
    )


@pytest.mark.parametrize("date", ["0101-01-01T00:00:00+00:00", "2019", "someday"])
def test_days_that_never_were_say_nothing(date: str) -> None:
    """Programs write them where there is no date."""
    assert read_epub(book({"one": "<p>First.</p>"}, metadata=f"<dc:date>{date}</dc:date>")).date is None


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ("OEBPS/text/one.xhtml", "is protected against copying (DRM): get it without, or remove it"),
        ("OEBPS/font.otf", None),
    ],
)
def test_protected_chapters_are_refused(part: str, message: str | None) -> None:
    """Fonts are encrypted in many books, which hurts nobody."""
    encryption = (
        f'<encryption xmlns="urn:x"><EncryptedData><CipherReference URI="{part}"/></EncryptedData></encryption>'
    )
    raw = book({"one": "<p>First.</p>"}, **{"META-INF/encryption.xml": encryption})
    try:
        said = None if words_of(read_epub(raw)) else ""
    except ReadError as exc:
        said = str(exc)

    assert said == message


@pytest.mark.parametrize(
    "parts",
    [
        {"mimetype": "application/epub+zip"},
        {
            "META-INF/container.xml": "<container><rootfiles><rootfile full-path='../../etc/passwd'/></rootfiles></container>"
        },
    ],
    ids=["nothing", "nowhere"],
)
def test_an_archive_without_a_book_is_refused(parts: dict[str, str]) -> None:
    """With what to do."""
    with pytest.raises(ReadError, match=r"^holds no book: export it as .epub again, or remove it$"):
        read_epub(pack(parts))
