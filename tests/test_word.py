"""Word documents: what stands in them, and what does not."""

import pytest
from invariants import check_extract
from lxml import etree
from office_files import WORD, listed, p, pack, shown, styled, word, words_of

from qa_bot.reading.word import read_word
from qa_bot.reading.word.names import w
from qa_bot.reading.word.numbering import Numbering
from qa_bot.reading.word.plainer import make_plainer
from qa_bot.reading.word.styles import Styles

STYLES = (
    '<w:style w:styleId="Titel"><w:name w:val="Title"/></w:style>'
    '<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:styleId="berschrift2"><w:name w:val="Heading 2"/><w:basedOn w:val="berschrift1"/></w:style>'
    '<w:style w:styleId="Own"><w:name w:val="Chapter"/><w:basedOn w:val="berschrift1"/></w:style>'
    '<w:style w:styleId="Level"><w:name w:val="Part"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>'
    '<w:style w:styleId="Beschriftung"><w:name w:val="caption"/></w:style>'
    '<w:style w:styleId="Verzeichnis1"><w:name w:val="toc 1"/></w:style>'
    '<w:style w:styleId="Loop"><w:name w:val="Loop"/><w:basedOn w:val="Loop"/></w:style>'
    '<w:style w:styleId="Clause"><w:name w:val="Clause"/><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>'
)


def level(at: int, form: str, text: str, start: int = 1, more: str = "") -> str:
    """Describe a level of a list."""
    return f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'


def num(number: int, of: int, override: str = "") -> str:
    """Name a list by a number."""
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{of}"/>{override}</w:num>'


LISTS = (
    f'<w:abstractNum w:abstractNumId="0">{level(0, "bullet", "•")}{level(1, "bullet", "o")}</w:abstractNum>'
    f'<w:abstractNum w:abstractNumId="1">{level(0, "decimal", "%1.")}{level(1, "lowerLetter", "%2)")}{level(2, "lowerRoman", "(%3)")}</w:abstractNum>'
    f'<w:abstractNum w:abstractNumId="2">{level(0, "upperRoman", "Part %1:", 4)}{level(1, "decimal", "%1.%2", 1, "<w:isLgl/>")}</w:abstractNum>'
    f'<w:abstractNum w:abstractNumId="3">{level(0, "decimal", "§ %1", 1, chr(60) + "w:pStyle w:val=" + chr(34) + "Clause" + chr(34) + "/>")}</w:abstractNum>'
    f'{num(1, 0)}{num(2, 1)}{num(3, 3)}{num(4, 2)}'
    f'{num(5, 1, "<w:lvlOverride w:ilvl=" + chr(34) + "0" + chr(34) + "><w:startOverride w:val=" + chr(34) + "7" + chr(34) + "/></w:lvlOverride>")}'
)  # fmt: skip
BOX = "<w:txbxContent><w:p><w:r><w:t>In the box.</w:t></w:r></w:p></w:txbxContent>"


def run(words: str, properties: str = "") -> str:
    """Write a run."""
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t xml:space='preserve'>{words}</w:t></w:r>"


def test_headings_whatever_their_styles_are_called() -> None:
    """A style is a heading by its English name, by what it is based on, or by its level; contents are furniture."""
    body = [
        styled("The Report", "Titel"),
        styled("One ... 1", "Verzeichnis1"),
        styled("One", "berschrift1"),
        styled("Two", "berschrift2"),
        p("Text."),
        styled("Figure 1: A tree", "Beschriftung"),
        styled("Three", "Own"),
        styled("Four", "Level"),
        p("Five", '<w:outlineLvl w:val="2"/>'),
        styled("More text.", "Loop"),
        p("<w:r><w:t>Last</w:t><w:br/><w:t>line</w:t><w:tab/><w:t>ends</w:t></w:r>"),
    ]

    extract = read_word(word("".join(body), styles=STYLES))

    assert shown(extract) == [
        ("title", None, "The Report"),
        ("furniture", None, "One ... 1"),
        ("heading", None, "One"),
        ("heading", "One", "Two"),
        (None, "One › Two", "Text."),
        ("caption", "One › Two", "Figure 1: A tree"),
        ("heading", None, "Three"),
        ("heading", "Three", "Four"),
        ("heading", "Three › Four", "Five"),
        (None, "Three › Four › Five", "More text."),
        (None, "Three › Four › Five", "Last\nline ends"),
    ]
    check_extract(extract)


@pytest.mark.parametrize(
    ("headings", "roles"),
    [(("One", "Two"), ["heading", "heading"]), (("One",), ["title"])],
    ids=["chapters", "title"],
)
def test_a_lone_heading_of_the_first_level_is_the_title(headings: tuple[str, ...], roles: list[str]) -> None:
    """Where there are several, each heads its part."""
    body = "".join(styled(words, "berschrift1") + p("Text.") for words in headings)

    assert [role for role, _, _ in shown(read_word(word(body, styles=STYLES))) if role] == roles


def test_numbers_are_those_that_word_shows() -> None:
    """They go on behind other paragraphs, begin anew where it is said, and stand before headings too."""
    body = [
        listed("one", 2), listed("deeper", 2, 1), listed("deeper still", 2, 2), listed("again", 2, 1), listed("two", 2),
        p("Between."),
        listed("three", 2), listed("anew", 2, 1),
        p("Between."),
        listed("seven", 5), listed("eight", 5), listed("none such", 9),
        p("Between."),
        listed("dot", 1), listed("circle", 1, 1),
        styled("First clause.", "Clause"), styled("Second clause.", "Clause"),
        p("Part", '<w:pStyle w:val="berschrift1"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="4"/></w:numPr>'),
        p("Section", '<w:pStyle w:val="berschrift2"/><w:numPr><w:ilvl w:val="1"/><w:numId w:val="4"/></w:numPr>'),
        listed("", 2),
    ]  # fmt: skip

    extract = read_word(word("".join(body), styles=STYLES, numbering=LISTS))

    assert words_of(extract) == [
        "1. one\n  a) deeper\n    (i) deeper still\n  b) again\n2. two",
        "Between.",
        "3. three\n  a) anew",
        "Between.",
        "7. seven\n8. eight",
        "none such",
        "Between.",
        "- dot\n  - circle\n§ 1 First clause.\n§ 2 Second clause.",
        "Part IV: Part",
        "4.1 Section",
    ]
    assert extract.blocks[0].lines


def test_items_go_on_behind_bullets_that_do_not_show() -> None:
    """So programs write the further paragraphs of an item."""
    lists = f"<w:abstractNum w:abstractNumId='1'>{level(0, 'bullet', ' ')}</w:abstractNum>{num(7, 1)}"

    assert words_of(read_word(word(listed("more", 7) + listed("still", 7), numbering=lists))) == ["more\nstill"]


def test_contents_are_furniture_whatever_their_styles() -> None:
    """What the program keeps up to date is told by its name; other parts of their kind are text."""
    part = "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='{}'/></w:docPartObj></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    body = part.format("Table of Contents", p("Contents") + p("One 1")) + part.format("Bibliographies", p("Ann, 1999."))

    assert shown(read_word(word(body))) == [
        ("furniture", None, "Contents"), ("furniture", None, "One 1"), (None, None, "Ann, 1999.")
    ]  # fmt: skip


def test_tracked_changes_are_taken_as_accepted() -> None:
    """What was deleted or moved away is gone, what was inserted is there, paragraphs joined; and a warning says so."""
    body = (
        p(
            run("We have ")
            + f"<w:del><w:r><w:delText>no </w:delText></w:r></w:del><w:ins>{run('much ')}</w:ins>"
            + run("time.")
        )
        + p(f"<w:moveFrom>{run('Moved.')}</w:moveFrom>")
        + p(run("Two halves "), "<w:rPr><w:del/></w:rPr>")
        + p(run("make one."))
        + p(f"<w:moveTo>{run('Moved.')}</w:moveTo>")
    )

    extract = read_word(word(body))

    assert words_of(extract) == ["We have much time.", "Two halves make one.", "Moved."]
    assert extract.warnings == ("holds tracked changes: read as if all were accepted",)


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        (f"<mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{BOX}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{BOX}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>", ["Before after.", "In the box."]),
        (f"<mc:AlternateContent><mc:Choice><w:drawing>{BOX}</w:drawing></mc:Choice></mc:AlternateContent>", ["Before after.", "In the box."]),
        (f"<w:pict><v:shape><v:textbox>{BOX}</v:textbox></v:shape></w:pict>", ["Before after.", "In the box."]),
        (f"<w:object>{BOX}</w:object>", ["Before after.", "In the box."]),
        ("<w:drawing><a:blip xmlns:a='x' r:embed='rId9' xmlns:r='y'/></w:drawing>", ["Before after."]),
        ("<mc:AlternateContent><mc:Choice><w:sym/></mc:Choice><mc:Fallback><w:t>😀 </w:t></mc:Fallback></mc:AlternateContent>", ["Before 😀 after."]),
        ("<w:ruby><w:rt><w:r><w:t>kanji</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>漢字 </w:t></w:r></w:rubyBase></w:ruby>", ["Before 漢字 after."]),
        ("<w:noBreakHyphen/><w:cr/>", ["Before ‑\nafter."]),
    ],
    ids=["box", "new-box", "old-box", "object", "picture", "fallback", "ruby", "signs"],
)  # fmt: skip
def test_what_stands_in_a_run(inside: str, expected: list[str]) -> None:
    """Boxes come behind their paragraph, pictures go, and nothing that can be read is lost."""
    assert words_of(read_word(word(p(f"{run('Before ')}<w:r>{inside}</w:r>{run('after.')}")))) == expected


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        (run("seen ") + run("hidden", "<w:vanish/>") + run("too", "<w:vanish w:val='0'/>"), "seen too"),
        (f"<w:hyperlink r:id='r9' xmlns:r='y'>{run('linked')}</w:hyperlink>", "linked"),
        (f"{run('Figure ')}<w:fldSimple w:instr='SEQ'>{run('3')}</w:fldSimple>", "Figure 3"),
        (f"<w:bdo>{run('other way')}</w:bdo>", "other way"),
        (f"<w:sdt><w:sdtContent>{run('filled in')}</w:sdtContent></w:sdt>", "filled in"),
        (f"<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>DATE</w:instrText></w:r><w:r><w:fldChar w:fldCharType='separate'/></w:r>{run('today')}<w:r><w:fldChar w:fldCharType='end'/></w:r>", "today"),
        (f"{run('so ')}<m:oMathPara><m:oMath><m:r><m:t>E=m</m:t></m:r><m:sSup><m:e><m:r><m:t>c</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath></m:oMathPara>", "so E=mc²"),
        (run("10") + run("6", "<w:vertAlign w:val='superscript'/>"), "10⁶"),
        (run("10") + run("6", "<w:position w:val='8'/><w:sz w:val='19'/>"), "10⁶"),
        (run("H") + run("2", "<w:position w:val='-4'/>") + run("O"), "H2O"),
    ],
    ids=["hidden", "link", "field", "direction", "control", "long-field", "formula", "exponent", "raised", "lowered"],
)  # fmt: skip
def test_what_stands_in_a_paragraph(inside: str, expected: str) -> None:
    """Everything that can be read, and nothing else."""
    assert words_of(read_word(word(p(inside)))) == [expected]


def test_runs_in_a_row_become_one() -> None:
    """Word cuts words wherever somebody corrected them; what is raised stays apart, and what stands between is no word."""
    raised = '<w:vertAlign w:val="superscript"/>'
    inside = (
        f'{run("Each wo", "<w:b/>")}<w:proofErr w:type="spellStart"/>{run("rd of ")}<w:bookmarkStart w:id="1" w:name="a"/>'
        f"<w:r><w:lastRenderedPageBreak/><w:t>12</w:t><w:t> m</w:t></w:r>{run('2', raised)}<w:bookmarkEnd w:id='1'/>"
        f"{run(' cou', '<w:i/>')}{run('nts')}<w:r><w:br/></w:r>{run('he')}{run('re.')}"
    )
    root = etree.fromstring(f"<w:document {WORD}><w:body>{p(inside)}</w:body></w:document>")
    make_plainer(root, Styles(None), Numbering.of(None))

    assert ["".join(map(str, found.itertext())) for found in root.iter(w("r"))] == [
        "Each word of 12 m",
        "2",
        " counts",
        "",
        "here.",
    ]
    assert read_word(word(p(inside))).text == "Each word of 12 m² counts\nhere."


def test_notes_follow_what_refers_to_them() -> None:
    """Foot and end notes stand behind the paragraph, the list or the table, and under its heading."""
    note = "<w:r><w:{0}Reference w:id='{1}'/></w:r>"
    one, two, three = note.format("footnote", 1), note.format("footnote", 2), note.format("endnote", 1)
    table = f"<w:tbl><w:tr><w:tc>{p('a')}</w:tc><w:tc>{p(run('b') + three)}</w:tc></w:tr><w:tr><w:tc>{p('c')}</w:tc><w:tc>{p('d')}</w:tc></w:tr></w:tbl>"
    body = (
        styled("One", "berschrift1")
        + p(run("Twice") + one + run(" noted") + two)
        + styled("Two", "berschrift1")
        + table
        + p("End.")
    )
    footnotes = (
        f"<w:footnote w:id='1'>{p('First note.')}</w:footnote><w:footnote w:id='2'>{p('Second note.')}</w:footnote>"
    )

    extract = read_word(
        word(body, styles=STYLES, footnotes=footnotes, endnotes=f"<w:endnote w:id='1'>{p('Third note.')}</w:endnote>")
    )

    assert shown(extract) == [
        ("heading", None, "One"),
        (None, "One", "Twice[1] noted[2]"),
        (None, "One", "[1] First note."),
        (None, "One", "[2] Second note."),
        ("heading", None, "Two"),
        (None, "Two", "a | b[3]\nc | d"),
        (None, "Two", "[3] Third note."),
        (None, "Two", "End."),
    ]


def test_notes_that_are_lost_take_nothing_with_them() -> None:
    """What refers to them is left out, and the others are kept."""
    body = p('<w:r><w:t>One</w:t><w:footnoteReference w:id="1"/><w:footnoteReference w:id="2"/></w:r>') + p(
        '<w:r><w:t>Two</w:t><w:endnoteReference w:id="1"/></w:r>'
    )
    notes = f'<w:footnote w:id="1">{p("Said Ann.")}</w:footnote>'

    assert words_of(read_word(word(body, footnotes=notes))) == ["One[1]", "[1] Said Ann.", "Two"]
    assert words_of(read_word(word(body))) == ["One", "Two"]


def test_pages_headers_and_comments_are_left_out() -> None:
    """They are kept in parts of their own, which are not read."""
    raw = word(
        p(run("Text.") + "<w:r><w:commentReference w:id='1'/></w:r>"),
        hdr=p("Header"),
        ftr=p("Footer"),
        comments=f"<w:comment w:id='1'>{p('No!')}</w:comment>",
    )

    assert words_of(read_word(raw)) == ["Text."]


@pytest.mark.parametrize(
    ("core", "expected"),
    [
        ("<dc:title>The Report</dc:title><dc:creator>Ann</dc:creator><dcterms:modified>2026-01-02T03:04:05Z</dcterms:modified><dcterms:created>2020-01-01T00:00:00Z</dcterms:created>", ("The Report", "Ann", "2026-01-02")),
        ("<dc:title>Microsoft Word - x.doc</dc:title><dc:creator> </dc:creator><dcterms:created>2020-01-01</dcterms:created>", ("", None, "2020-01-01")),
        ("<dc:title>Document1</dc:title><dcterms:modified>1980-01-01T00:00:00Z</dcterms:modified>", ("", None, None)),
        ("<dc:title>broken", ("", None, None)),
        ("", ("", None, None)),
    ],
    ids=["all", "made-up", "default", "broken", "none"],
)  # fmt: skip
def test_properties_as_far_as_they_are_sound(core: str, expected: tuple[str, str | None, str | None]) -> None:
    """Titles that a program made up, and days of a clock that was not set, say nothing."""
    extract = read_word(word(p("Text."), core=core))

    assert (extract.title, extract.author, extract.date) == expected


def test_parts_are_found_where_they_are() -> None:
    """The main part may have any name, and the strict form of the standard is read too."""
    elsewhere = word(p("Text."), main="text/main2.xml")
    strict = pack(
        {
            "word/document.xml": '<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body><w:p><w:r><w:t>Text.</w:t></w:r></w:p></w:body></w:document>'
        }
    )

    assert words_of(read_word(elsewhere)) == words_of(read_word(strict)) == ["Text."]
