"""OpenDocument texts: what stands in them, and what does not."""

import pytest
from invariants import check_extract
from office_files import opendocument, shown, words_of

from qa_bot.reading.opendocument import read_opendocument

STYLES = (
    '<style:style style:name="Title"/><style:style style:name="Own" style:parent-style-name="Title"/>'
    '<style:style style:name="Illustration" style:parent-style-name="Caption"/>'
    '<style:style style:name="Loop" style:parent-style-name="Loop"/>'
    '<text:list-style style:name="Dots"><text:list-level-style-bullet text:level="1" text:bullet-char="•"/></text:list-style>'
    '<text:list-style style:name="Numbers"><text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>'
    '<text:list-level-style-number text:level="2" style:num-format="a" style:num-suffix=")" style:num-prefix="("/>'
    '<text:list-level-style-number text:level="3" style:num-format="i" text:display-levels="3" text:start-value="4"/></text:list-style>'
)
AUTOMATIC = (
    '<style:style style:name="T9"><style:text-properties text:display="none"/></style:style>'
    '<style:style style:name="T8"><style:text-properties style:text-position="super 58%"/></style:style>'
    '<style:style style:name="T7"><style:text-properties style:text-position="-33% 58%"/></style:style>'
)
OUTLINE = (
    '<text:outline-style style:name="Outline"><text:outline-level-style text:level="1" style:num-format="I" style:num-suffix="."/>'
    '<text:outline-level-style text:level="2" style:num-format="1" text:display-levels="2"/></text:outline-style>'
)


def h(words: str, level: int = 1) -> str:
    """Write a heading."""
    return f'<text:h text:outline-level="{level}">{words}</text:h>'


def p(words: str, style: str = "Standard") -> str:
    """Write a paragraph."""
    return f'<text:p text:style-name="{style}">{words}</text:p>'


def items(*words: str, style: str = "", more: str = "") -> str:
    """Write a list; an item that is a tag stands by itself."""
    inside = "".join(
        word
        if word.startswith("<text:list-")
        else f"<text:list-item>{word if word.startswith('<') else p(word)}</text:list-item>"
        for word in words
    )
    named = f' text:style-name="{style}"' if style else ""
    return f"<text:list{named}{more}>{inside}</text:list>"


def test_headings_titles_captions_and_contents() -> None:
    """A paragraph is the title or a caption by its style or those it comes from; a table of contents is furniture."""
    body = (
        "<text:table-of-content><text:table-of-content-source><text:index-title-template>Contents</text:index-title-template>"
        f"</text:table-of-content-source><text:index-body><text:index-title>{p('Contents')}</text:index-title>{p('One 1')}</text:index-body>"
        f"</text:table-of-content>{p('The Report', 'Own')}{h('One')}{p('Text.')}{h('Two', 2)}{p('A tree', 'Illustration')}{p('More.', 'Loop')}{p('A table', 'TableCaption')}{h('Three')}"
    )  # fmt: skip

    extract = read_opendocument(opendocument(body, styles=STYLES))

    assert shown(extract) == [
        ("furniture", None, "Contents"),
        ("furniture", None, "One 1"),
        ("title", None, "The Report"),
        ("heading", None, "One"),
        (None, "One", "Text."),
        ("heading", "One", "Two"),
        ("caption", "One › Two", "A tree"),
        (None, "One › Two", "More."),
        ("caption", "One › Two", "A table"),
        ("heading", None, "Three"),
    ]
    check_extract(extract)


def test_lists_count_as_they_show() -> None:
    """By level and form; they go on where it is said, begin anew else, and items may say their number."""
    body = (
        items("one", "two" , f"{p('three')}{items('deeper', 'again' , items('deepest'))}", style="Numbers")
        + p("Between.")
        + items("anew", style="Numbers")
        + p("Between.")
        + items("goes on", "<text:list-header><text:p>no number</text:p></text:list-header>", '<text:list-item text:start-value="9"><text:p>nine</text:p></text:list-item>', style="Numbers", more=' text:continue-numbering="true"')
        + p("Between.")
        + items("dot", items("circle"), style="Dots")
    )  # fmt: skip

    assert words_of(read_opendocument(opendocument(body, styles=STYLES))) == [
        "1. one\n2. two\n3. three\n  (a) deeper\n  (b) again\n    3.b.iv deepest",
        "Between.",
        "1. anew",
        "Between.",
        "2. goes on\n- no number\n9. nine",
        "Between.",
        "- dot\n  - circle",
    ]


def test_chapters_are_numbered_as_they_show() -> None:
    """Where the outline has numbers, headings have them."""
    body = h("One") + h("Deep", 2) + h("Two") + h("Deeper", 2) + h("Deeper still", 2) + p("Text.")

    assert words_of(read_opendocument(opendocument(body, styles=OUTLINE))) == [
        "I. One", "I.1 Deep", "II. Two", "II.1 Deeper", "II.2 Deeper still", "Text.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ('a<text:s text:c="3"/>b<text:tab/>c<text:line-break/>d', ["a b c\nd"]),
        ("<text:span>a</text:span>b<text:a>c</text:a><text:page-number>7</text:page-number>", ["abc7"]),
        ('10<text:span text:style-name="T8">6</text:span> H<text:span text:style-name="T7">2</text:span>', ["10⁶ H2"]),
        ('a<text:span text:style-name="T9">hidden</text:span>b', ["ab"]),
        ("a<text:hidden-text>hidden</text:hidden-text><office:annotation><text:p>comment</text:p></office:annotation>b", ["ab"]),
        ("<text:ruby><text:ruby-base>漢字</text:ruby-base><text:ruby-text>kanji</text:ruby-text></text:ruby>", ["漢字"]),
        ("a<draw:frame><draw:text-box><text:p>In the box.</text:p></draw:text-box></draw:frame>b", ["ab", "In the box."]),
        ("a<draw:custom-shape><text:p>In the shape.</text:p></draw:custom-shape>", ["a", "In the shape."]),
        ("a<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Note.</text:p><text:p>More.</text:p></text:note-body></text:note>b", ["a[1]b", "[1] Note.\nMore."]),
    ],
    ids=["blanks", "inline", "raised", "hidden-style", "hidden", "ruby", "box", "shape", "note"],
)  # fmt: skip
def test_what_stands_in_a_paragraph(inside: str, expected: list[str]) -> None:
    """All that shows; boxes and notes come behind their paragraph."""
    assert words_of(read_opendocument(opendocument(p(inside), automatic=AUTOMATIC))) == expected


def test_notes_are_counted_where_the_file_does_not() -> None:
    """Files that were converted without being laid out call each note 0; a note may be called so on purpose."""
    note = '<text:note text:note-class="{}"><text:note-citation{}>{}</text:note-citation><text:note-body><text:p>{}</text:p></text:note-body></text:note>'
    notes = [("footnote", "", "0", "A."), ("endnote", "", "i", "B."), ("footnote", "", "0", "C."), ("footnote", ' text:label="0"', "0", "D.")]  # fmt: skip

    assert words_of(read_opendocument(opendocument(p("x".join(note.format(*one) for one in notes))))) == [
        "[1]x[i]x[2]x[0]", "[1] A.", "[i] B.", "[2] C.", "[0] D."
    ]  # fmt: skip


def test_tables_have_a_line_for_each_row() -> None:
    """Rows of heads and groups too; a covered cell keeps its place."""
    row = "<table:table-row><table:table-cell>{}</table:table-cell><table:{}table-cell>{}</table:{}table-cell></table:table-row>"
    head, last = row.format(p("Name"), "", p("Price"), ""), row.format(p("All"), "covered-", "", "covered-")
    body = f"<table:table><table:table-header-rows>{head}</table:table-header-rows>{row.format(p('Child'), '', p('5'), '')}{last}</table:table>"

    extract = read_opendocument(opendocument(body))

    assert (words_of(extract), extract.blocks[0].lines) == (["Name | Price\nChild | 5\nAll |"], True)


def test_deleted_words_are_gone() -> None:
    """They are kept aside in the file, and a warning says that there are some."""
    deleted = f"<text:tracked-changes><text:changed-region><text:deletion>{p('Gone.')}</text:deletion></text:changed-region></text:tracked-changes>"

    extract = read_opendocument(opendocument(f"{deleted}{p('We have <text:change/>time.')}"))

    assert (words_of(extract), extract.warnings) == (
        ["We have time."],
        ("holds tracked changes: read as if all were accepted",),
    )


def test_properties() -> None:
    """The day is that of the last change; the author who began it."""
    meta = "<dc:title>The Report</dc:title><meta:initial-creator>Ann</meta:initial-creator><dc:creator>Bob</dc:creator><dc:date>2026-01-02T03:04:05</dc:date>"

    extract = read_opendocument(opendocument(p("Text."), meta=meta))

    assert (extract.title, extract.author, extract.date) == ("The Report", "Ann", "2026-01-02")
