import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html
from lxml.etree import _Element as Element

from qa_bot.reading.structure import blocks_of_html
from qa_bot.records import Block, Role

LONG = "A long item of a list is prose. " * 6 + "It ends."

# A block as it shows: its role, the heading it stands under, its words.
Shown = tuple[str | None, str | None, str]

Tree = tuple[str, str, list["Tree"]]

NAMES = """
div p h1 h2 h6 ul ol li dl dt dd table tr td th caption pre blockquote figure figcaption br hr span a b sup script style nav
details summary section ruby rt q
"""
TAGS = NAMES.split()
words = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from(" \n\t:.abc12\xa0\xad"), max_size=12)
trees: st.SearchStrategy[Tree] = st.recursive(
    words.map(lambda text: ("", text, [])),
    lambda children: st.tuples(st.sampled_from(TAGS), words, st.lists(children, max_size=4)),
    max_leaves=25,
)


def element(tree: Tree) -> Element:
    """Make an element of a name, its text and its children."""
    tag, text, children = tree
    made = etree.Element(tag or "span")
    made.text = text
    made.extend(element(child) for child in children)
    made.tail = text
    return made


def shown(source: str, *, titled: bool = True) -> list[Shown]:
    """Give the blocks of a body with their words."""
    text, blocks = blocks_of_html(html.fromstring(f"<body>{source}</body>"), titled=titled)
    return [(block.role, block.heading, text[block.start : block.end]) for block in blocks]


def texts(source: str) -> list[str]:
    """Give the words of the blocks of a body."""
    return [words for _, _, words in shown(source)]


@given(trees)
def test_every_tree_becomes_blocks(tree: Tree) -> None:
    """Blocks are in order, without overlap, trimmed, and hold every non-blank character of a clean text."""
    text, blocks = blocks_of_html(element(tree))

    covered = [False] * len(text)
    end = 0
    for block in blocks:
        assert end <= block.start < block.end
        assert text[block.start : block.end].strip() == text[block.start : block.end]
        covered[block.start : block.end] = [True] * (block.end - block.start)
        end = block.end
    assert all(done or char.isspace() for done, char in zip(covered, text, strict=True))
    assert not {"\r", "\t", "\x00", "\x0b"} & set(text) or "pre" in repr(tree)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>Hello&nbsp;<b>wor</b>ld,\n  again</p>", ["Hello world, again"]),
        ("loose <i>text</i><p>and a paragraph</p>tail", ["loose text", "and a paragraph", "tail"]),
        ("<p>Main St. 1<br>12345 Town</p>", ["Main St. 1\n12345 Town"]),
        ("<div>One.<br> <br/>Two.</div>", ["One.", "Two."]),
        ("<ul><li>a<li><p>b</p></ul>", ["- a\n- b"]),
        ("<ol start=3><li>a<ul><li>b</ul><li>c</ol>", ["3. a\n  - b\n4. c"]),
        ("<ol type=a><li>x<li>y</ol>", ["a. x\nb. y"]),
        (f"<ul><li>{LONG}<ul><li>b</ul><li>c</ul>", [f"- {LONG}\n  - b", "- c"]),
        ("<ol style='list-style: upper-roman inside' start=4><li>x</ol>", ["IV. x"]),
        ("<ul><li qa-bot-marker=''>x<li>y</ul>", ["x\n- y"]),
        ("<table><tr><td rowspan=2>A<td>1<tr><td>2<tr><td>B<td>3</table>", ["A | 1\n| 2\nB | 3"]),
        (
            "<table><tr><td colspan=2>A<td rowspan=3>1<tr><td>2<td>3<tr><td>4<td>5<tr><td>6<td>7<td>8</table>",
            ["A | 1\n2 | 3\n4 | 5\n6 | 7 | 8"],
        ),
        ("<ul><li qa-bot-marker='§ 1'>a<li>b</ul>", ["§ 1 a\n- b"]),
        (f"<ul><li>{'word ' * 40}<li>b</ul>", ["- " + "word " * 39 + "word", "- b"]),
        ("<p>Bring:</p><ul><li>a<li>b</ul>", ["Bring:\n\n- a\n- b"]),
        ("<ul><li><h2>Card</h2><p>Words</p></ul>", ["Card", "Words"]),
        ("<dl><dt>A<dt>B<dd>both<dt>C<dd>one</dl>", ["A\nB\nboth", "C\none"]),
        ("<table><tr><th>A<th>B<tr><td>1<td><p>2</p>3</table>", ["A | B\n1 | 2 3"]),
        ("<table><tr><td>one column<tr><td>only</table>", ["one column", "only"]),
        ("<table role=presentation><tr><td>a<td>b</table>", ["a", "b"]),
        ("<table><tr><td>a<td><table><tr><td>1<td>2</table></table>", ["a", "1 | 2"]),
        ("<pre>\n  x = 1\n\n    y\n</pre>", ["x = 1\n\n  y"]),
        ("<p>10<sup>6</sup> m, the 5<sup>th</sup>, so<sup><a>2</a></sup>", ["10⁶ m, the 5th, so2"]),
        ("<p>so <math><mfrac><mn>1</mn><mn>2</mn></mfrac></math> of it</p>", ["so 1/2 of it"]),
        ("<p><math><mi>a&#1;</mi></math></p>", ["a"]),
        ("<p>Said Ann.<a role='doc-backlink'>↩︎</a> <a role='doc-backlink'>back</a></p>", ["Said Ann. back"]),
        ("<p>soft&shy;ly&#8203; &#150; &#x85;</p>", ["softly – …"]),
        ("<p>a<!-- no -->b<script>no</script>c<style>no</style><span hidden>no</span></p>", ["abc"]),
        ("<p>a<i style='color:red; display: none'>no</i>b<span aria-hidden=true>no</span></p>", ["ab"]),
        ("<div aria-hidden=true><p>behind a dialog</p></div>", ["behind a dialog"]),
        ("<ruby>漢字<rp>(</rp><rt>kanji</rt><rp>)</rp></ruby>", ["漢字"]),
        ("<h2> <img></h2><p>text</p>", ["text"]),
        ("", []),
    ],
)
def test_elements_show_as_in_a_browser(source: str, expected: list[str]) -> None:
    """Each kind of element gives the paragraphs and lines that a reader sees."""
    assert texts(source) == expected


def test_headings_lead_what_follows() -> None:
    """The first heading of the first level is the title; the path of the others stands with each block below them."""
    assert shown("<h1>T</h1><p>a</p><h2>A</h2><h3>B</h3><p>b</p><h2>C<br>D</h2><p>c</p><h1>E</h1><p>e</p>") == [
        ("title", None, "T"),
        (None, None, "a"),
        ("heading", None, "A"),
        ("heading", "A", "B"),
        (None, "A › B", "b"),
        ("heading", None, "C D"),
        (None, "C D", "c"),
        ("heading", None, "E"),
        (None, "E", "e"),
    ]


def test_a_part_of_a_whole_has_no_title() -> None:
    """A chapter's first heading is a heading like any other."""
    assert shown("<h1>One</h1><p>a</p>", titled=False) == [("heading", None, "One"), (None, "One", "a")]


def test_a_summary_heads_its_details_only() -> None:
    """A question that unfolds its answer is the answer's heading, and no longer."""
    assert shown("<h2>Q&amp;A</h2><details><summary>Why?</summary><p>So.</p></details><p>b</p>") == [
        ("heading", None, "Q&A"),
        ("heading", "Q&A", "Why?"),
        (None, "Q&A › Why?", "So."),
        (None, "Q&A", "b"),
    ]


def test_elements_say_roles() -> None:
    """Captions and navigation are told by their elements, with all that is in them."""
    source = "<nav><h2>Menu</h2><ul><li>a</ul></nav><figure><img><figcaption><p>A cat</p></figcaption></figure>"
    table = "<table><caption>Counts</caption><tr><td>a<td>1</table>"

    assert shown(source + table) == [
        (Role.FURNITURE, None, "Menu"),
        (Role.FURNITURE, None, "- a"),
        (Role.CAPTION, None, "A cat"),
        (Role.CAPTION, None, "Counts"),
        (None, None, "a | 1"),
    ]


def test_a_caller_may_know_more_of_roles() -> None:
    """What the caller says of an element holds for all that is in it."""
    root = html.fromstring("<div><p class=x>a <b>b</b></p><p>c</p></div>")

    text, blocks = blocks_of_html(root, role_of=lambda node: Role.BYLINE if node.get("class") else None)

    assert (text, blocks) == ("a b\n\nc", (Block(0, 3, Role.BYLINE), Block(5, 6)))


def test_lines_stand_for_themselves() -> None:
    """Lists, tables, code and broken lines have lines; paragraphs do not."""
    source = "<ul><li>a</ul><table><tr><td>a<td>b</table><pre>a</pre><p>a<br>b</p><p>a</p>"
    _, blocks = blocks_of_html(html.fromstring(f"<body>{source}</body>"))

    assert [block.lines for block in blocks] == [True, True, True, True, False]


def test_long_tables_are_cut_between_rows() -> None:
    """A table too long for one vector is cut at a line end, and only there."""
    row = "<tr><td>" + "x" * 300 + "<td>y"

    assert texts(f"<table>{row * 8}</table>") == [
        "\n".join(["x" * 300 + " | y"] * 6),
        "\n".join(["x" * 300 + " | y"] * 2),
    ]


def test_a_line_too_long_for_one_block_stands_alone() -> None:
    """It is no part of the paragraph before it."""
    line = "x" * 2_500
    _, blocks = blocks_of_html(html.fromstring(f"<body><p>a</p><pre>{line}\nb</pre></body>"))

    assert [(block.start, block.end) for block in blocks] == [(0, 1), (3, 2_503), (2_504, 2_505)]


def test_namespaces_and_entities_do_not_matter() -> None:
    """XHTML reads like HTML, and an entity that the parser left alone shows its character."""
    source = '<html xmlns="http://www.w3.org/1999/xhtml"><p>a&#160;b&eacute;<b>c</b></p></html>'
    root = etree.fromstring(source, etree.XMLParser(resolve_entities=False, recover=True))

    assert blocks_of_html(root)[0] == "a béc"


def test_depth_and_breadth_hurt_nobody() -> None:
    """Thousands of nested lists and tables, and as many side by side, are read in the time their size asks for."""
    root = deepest = etree.Element("div")
    for number in range(6_000):
        deepest = etree.SubElement(deepest, ("ul", "li", "table", "tr", "td", "b")[number % 6])
    deepest.text = "core"
    for _ in range(20_000):
        etree.SubElement(root, "p").text = "a"

    text, blocks = blocks_of_html(root)

    assert (text[:6], len(blocks)) == ("core\n\n", 20_001)
