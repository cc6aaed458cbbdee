import pytest
import trafilatura
from hypothesis import given, settings
from hypothesis import strategies as st
from office_files import words_of

from qa_bot.errors import ReadError
from qa_bot.reading.extract import Extract
from qa_bot.reading.html import read_html
from qa_bot.reading.html.charset import declared_encoding
from qa_bot.reading.html.libraries import MOST_ELEMENTS, is_huge
from qa_bot.reading.html.parsing import parse
from qa_bot.reading.properties import LONGEST_AUTHOR
from qa_bot.records import Block

PROSE = (
    "The council met on Monday evening in the old town hall and agreed, after a long debate, to open the new bridge.",
    "“It took us nine years,” said Ann Smith, who leads the council, “and it was worth every single day of them.”",
    "Traders on the southern bank had asked for the bridge since the flood of 1998, which left them without a road.",
    "The engineers will report again in June, when the first lorries are to cross the river under supervision.",
)
ARTICLE = f"""<!DOCTYPE html><html lang="en-GB"><head>
<meta charset="utf-8"><title>Bridge to open in May | The Courier</title>
<meta property="og:type" content="article"><meta property="og:title" content="Bridge to open in May">
<meta name="author" content="Jane Doe"><meta property="article:published_time" content="2025-03-04T10:00:00+00:00">
<link rel="canonical" href="https://courier.example/bridge"><script>var secret = "tracking";</script>
<style>p {{ color: red }}</style></head><body>
<header><a href="/"><h2>The Courier</h2></a><nav><ul><li><a href="/news">News</a></li><li><a href="/sport">Sport</a></li></ul></nav></header>
<main><article><h1>Bridge to open in May</h1><p class="byline">By Jane Doe</p>
<p>{PROSE[0]}<!-- no comment --></p><p>{PROSE[1]}</p><p hidden>Subscribe to read what nobody sees on this page today.</p>
<h2>A long wait</h2><p>{PROSE[2]}</p><p><a href="/flood">Read more about the great flood</a></p>
<ul><li>Length: 300 metres</li><li>Cost: 12 million</li></ul>
<h2>What comes next</h2><p>{PROSE[3]}</p><noscript>Please enable JavaScript.</noscript></article>
<aside><h2>Most read</h2><ul><li><a href="/1">Ten recipes for spring</a></li><li><a href="/2">Who will win?</a></li></ul></aside></main>
<footer><p>© 2025 The Courier. All rights reserved by the publishers of this newspaper.</p></footer></body></html>"""

# Pages that are no articles, and what is read of them.
PAGES = {
    "words": ("just words", "just words"),
    "paragraph": ("<p>hello</p>", "hello"),
    "code": ("<pre>a = 1\n  b = 2</pre>", "a = 1\n  b = 2"),
    "heading": ("<h1>Only</h1>", "Only"),
    "list": ("<ul><li>a<li>b</ul>", "- a\n- b"),
    "table": ("<body><table><tr><th>Item<th>Price<tr><td>Pen<td>3 €</table>", "Item | Price\nPen | 3 €"),
    "links": ('<a href="/a">One</a><p><a href="/b">Two</a>', "One\n\nTwo"),
    "questions": (
        "<nav>Home</nav><main><h1>Help</h1><h3>May I return it?</h3><p>Yes.</p><h3>When?</h3><p>In May.</p></main>",
        "Help\n\nMay I return it?\n\nYes.\n\nWhen?\n\nIn May.",
    ),
    "documentation": (
        f'<p>Search</p><div role="main"><h1>Use</h1><p>{PROSE[0]}</p><pre>run()</pre></div><div role="search">Find</div>',
        f"Use\n\n{PROSE[0]}\n\nrun()",
    ),
    "articles": ("<article><p>hello</p></article><article><p>world</p></article>", "hello\n\nworld"),
    "footer of the article": (
        "<article><p>hello</p><footer>Written in May</footer></article>",
        "hello\n\nWritten in May",
    ),
    "links inside the page": ('<p><a href="#one">One</a></p><p>two <a href="/a">three</a></p>', "One\n\ntwo three"),
    "footer": ("<ul><li>a<li>b</ul><footer>Imprint</footer>", "- a\n- b"),
    "search": ('<main><p>hello</p><div role="search">Find</div></main>', "hello"),
    "article in main": ("<main><p>hello</p><article>world</article></main>", "world"),
    "comments only": (
        f"<p>{PROSE[0]}</p><div class=comments><p>{PROSE[1]}</p><p>{PROSE[2]}</p></div>",
        f"{PROSE[0]}\n\n{PROSE[1]}\n\n{PROSE[2]}",
    ),
    "processing instruction": ("<?php echo 1 ?><p>hello</p>", "hello"),
    "NUL": ("<p>a\x00b</p><p>c</p>", "ab\n\nc"),
}


def shown(extract: Extract) -> list[tuple[str | None, str | None, str]]:
    """Give the blocks of an extract with their words."""
    return [(block.role, block.heading, extract.text[block.start : block.end]) for block in extract.blocks]


def test_an_article_is_told_from_what_stands_around_it() -> None:
    """Of an article, text, headings and lists are read, and what it says of itself; nothing hidden, no furniture."""
    extract = read_html(ARTICLE.encode())

    assert shown(extract) == [
        (None, None, PROSE[0]),
        (None, None, PROSE[1]),
        ("heading", None, "A long wait"),
        (None, "A long wait", PROSE[2]),
        (None, "A long wait", "- Length: 300 metres\n- Cost: 12 million"),
        ("heading", None, "What comes next"),
        (None, "What comes next", PROSE[3]),
    ]
    assert (extract.title, extract.author, extract.date) == ("Bridge to open in May", "Jane Doe", "2025-03-04")
    assert (extract.source, extract.warnings) == ("https://courier.example/bridge", ())


@pytest.mark.parametrize(("page", "text"), PAGES.values(), ids=PAGES)
def test_pages_that_are_no_articles_are_read_as_a_whole(page: str, text: str) -> None:
    """A fragment, documentation, questions with answers or a table give all their text but navigation."""
    assert read_html(page.encode()).text == text


def test_the_title_of_documentation_is_its_heading() -> None:
    """Where a page marks its content, the heading of that is the title, not the name of the site."""
    page = "<title>The Manual</title><h1>The Manual</h1><main><h1>Chapter 2</h1><p>hello</p></main>"

    assert read_html(page.encode()).title == "Chapter 2"


@pytest.mark.parametrize("generator", ["pandoc", "LibreOffice 7.4.7.2 (Linux)", "Microsoft Word 15 (filtered)"])
def test_pages_of_documents_are_read_as_a_whole(generator: str) -> None:
    """A program for writing puts nothing around the text, so nothing of it is left out, however short."""
    long = "The library lends seven books at a time to everybody who has a card, and each of them for three weeks. " * 4
    page = f"<meta name=Generator content='{generator}'><h1>Rules</h1><h2>Fines</h2><p>{long}</p><h2>Rooms</h2><ul><li>Hall<li>Cellar</ul><p>Restart:</p>"

    extract = read_html(page.encode())

    assert words_of(extract) == ["Rules", "Fines", long.strip(), "Rooms", "- Hall\n- Cellar", "Restart:"]


@pytest.mark.parametrize(
    ("title", "heading", "expected"),
    [
        ("Bridge opens | The Courier", "Bridge opens", "Bridge opens"),
        ("The Courier – News – Bridge opens", "Bridge opens", "Bridge opens"),
        ("News: Bridge opens", "Bridge opens", "News: Bridge opens"),
        ("A - B - C", "A <b>- B</b>", "A - B"),
        ("Bridge opens | The Courier", "Something else", "Bridge opens | The Courier"),
    ],
)
def test_the_site_is_no_part_of_the_title(title: str, heading: str, expected: str) -> None:
    """What a title has before or behind the page's heading is the name of the site."""
    page = f'<meta property="og:type" content="article"><meta property="og:title" content="{title}"><h1>{heading}</h1><p>a</p>'

    assert read_html(page.encode()).title == expected


@pytest.mark.parametrize(
    ("lang", "text", "language"),
    [
        ("de-AT", "kurz", "de"),
        ("", "short", None),
        ("x-klingon", "short", None),
        ("und", "short", None),
        ("nb-NO", "kort", "no"),
        ("DEU", "kurz", "de"),
        ("de", "A long text. " * 20, None),
    ],
)
def test_the_language_of_a_short_page_is_what_it_says(lang: str, text: str, language: str | None) -> None:
    """A short text does not tell its language; a long one does better than the page, which has it from its template."""
    assert read_html(f'<html lang="{lang}"><p>{text}</p></html>'.encode()).language == language


@pytest.mark.parametrize(
    ("beginning", "declared"),
    [
        (b'<meta charset="windows-1251">', "windows-1251"),
        (b"<html><head><META charset=koi8-r >", "koi8-r"),
        (b'<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-2">', "iso-8859-2"),
        (b"<?xml version=\"1.0\" encoding='latin1'?>", "latin1"),
        (b'<!-- <meta charset="big5"> --><meta charset="gbk">', "gbk"),
        (b"<p>no charset=utf-16 here</p>", None),
        (b" " * 5_000 + b'<meta charset="gbk">', None),
    ],
)
def test_pages_name_their_encoding(beginning: bytes, declared: str | None) -> None:
    """An encoding is named in the first bytes, by HTML or by XML, and not in a comment."""
    assert declared_encoding(beginning) == declared


def test_the_named_encoding_is_used() -> None:
    """A few letters do not tell their encoding; the page does, and nothing is guessed."""
    extract = read_html('<meta charset="koi8-r"><p>Ж</p>'.encode("koi8-r"))

    assert (extract.text, extract.warnings) == ("Ж", ())


def test_a_name_of_no_length_is_cut() -> None:
    """What a page calls its author stands in every citation."""
    author = read_html(ARTICLE.replace("Jane Doe", f"Jane {'Doe' * 200}", 1).encode()).author

    assert author is not None
    assert (author[:8], len(author)) == ("Jane Doe", LONGEST_AUTHOR)


@pytest.mark.parametrize("what", ["bare_extraction", "extract_metadata"])
def test_a_library_that_stumbles_has_no_opinion(monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    """The page is read all the same; but one that is too large for the memory is no page of less text."""
    faults: list[type[Exception]] = [KeyError, MemoryError]

    def stumble(*_: object, **__: object) -> None:
        raise faults.pop(0)

    monkeypatch.setattr(trafilatura, what, stumble)
    assert read_html(b"<p>start</p><p>end</p>").text.split() == ["start", "end"]
    with pytest.raises(MemoryError):
        read_html(b"<p>start</p><p>end</p>")


def test_a_page_of_scripts_is_refused() -> None:
    """A page that shows nothing by itself is refused with the reason."""
    with pytest.raises(ReadError) as caught:
        read_html(b"<div id=root></div><script src=app.js></script>")
    assert str(caught.value) == (
        "shows text only after its scripts have run: save it from a browser once it has loaded, or remove it"
    )


def test_entities_are_neither_expanded_nor_fetched() -> None:
    """A bomb of entities stays small, and no file is read into the text."""
    bomb = '<!ENTITY a "aaaaaaaaaa">' + "".join(
        "<!ENTITY {} '{}'>".format(name, f"&{before};" * 10)
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    source = (
        f'<!DOCTYPE html [{bomb}<!ENTITY x SYSTEM "file:///etc/passwd">]><html><body><p>a &i; &x; b</p></body></html>'
    )

    assert read_html(source.encode()).text.endswith("a &i; &x; b")


@pytest.mark.parametrize("tag", ["div", "span", "blockquote", "table><tr><td", "ul><li", "details"])
def test_depth_hurts_nobody(tag: str) -> None:
    """However deep a page is nested, its text is read."""
    page = "<p>start</p>" + f"<{tag}>" * 3_000 + "core" + f"</{tag.partition('>')[0]}>" * 3_000 + "<p>end</p>"

    assert read_html(page.encode()).text.split() == ["start", "core", "end"]


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("<p>start</p>" + '<div title="<">' * 300 + "core", "is nested too deeply: copy its text into a file of its own, or remove it"),
        ("<p>start</p><p>" + "core " * 2_100_000, "holds more than ten million characters in one piece: split it, or remove it"),
    ],
    ids=["depth", "length"],
)  # fmt: skip
def test_a_page_is_never_read_in_part(page: str, message: str) -> None:
    """What the parser would stop at is said, however much stands before it."""
    with pytest.raises(ReadError) as caught:
        read_html(page.encode())
    assert str(caught.value) == message


@pytest.mark.parametrize("page", ["", " ", "<!-- nothing -->", "<div>" * 3_000])
def test_an_empty_page_has_no_text(page: str) -> None:
    """Whatever it holds beside text; one that is empty is refused as any file is."""
    assert read_html(page.encode()).text == ""


@pytest.mark.parametrize(("elements", "huge"), [(MOST_ELEMENTS - 10, False), (MOST_ELEMENTS, True)])
def test_the_libraries_are_not_asked_about_huge_pages(elements: int, *, huge: bool) -> None:
    """Libraries need long for pages with many elements, which are read as a whole."""
    assert is_huge(parse("<br>" * elements)) is huge


fragments = st.sampled_from(
    [
        *(
            f"<{slash}{tag}>"
            for tag in ("p", "div", "h1", "h2", "ul", "li", "table", "tr", "td", "pre", "a", "nav")
            for slash in ("", "/")
        ),
        *(
            "<br>",
            "<a href=/x>",
            "<!--",
            "-->",
            "<script>",
            "</script>",
            "&amp;",
            "&nope;",
            "&#0;",
            "&#55296;",
            "<",
            "\ufdd0",
        ),
        *('<meta property="og:type" content="article">', "<main>", "<![CDATA[", "<title>", "\x85", "\u2028", *PROSE),
    ]
)
pages = st.lists(fragments | st.text(st.characters(exclude_categories=["Cs"]), max_size=8), max_size=40).map("".join)


@settings(max_examples=60, deadline=None)
@given(pages)
def test_any_page_is_read_or_refused(page: str) -> None:
    """Whatever a page holds, blocks are in order, trimmed, and hold every non-blank character; or it is refused."""
    try:
        extract = read_html(page.encode())
    except ReadError as exc:
        extract = Extract(str(exc), (Block(0, len(str(exc))),))
    covered = [False] * len(extract.text)
    end = 0
    for block in extract.blocks:
        assert end <= block.start < block.end
        assert extract.text[block.start : block.end].strip() == extract.text[block.start : block.end]
        covered[block.start : block.end] = [True] * (block.end - block.start)
        end = block.end
    assert all(done or char.isspace() for done, char in zip(covered, extract.text, strict=True))
    assert extract.text.encode().decode() == extract.text
