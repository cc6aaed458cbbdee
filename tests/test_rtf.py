"""Rich Text: what stands in it, and what does not."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invariants import check_extract
from office_files import Shown, shown, words_of

from qa_bot.errors import ReadError
from qa_bot.reading.rtf import read_rtf

FONTS = r"{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial Cyr;}{\f2\fcharset128 Gothic;}}"
STYLES = r"{\stylesheet{\ql Normal;}{\s1\outlinelevel0 heading 1;}{\s2 heading 2;}{\s3 Title;}{\s4 TOC Heading;}{\s5 toc 1;}{\s6 caption;}{\*\cs9 heading 9;}}"


def rtf(body: str, before: str = "") -> bytes:
    """Make a Rich Text."""
    return (r"{\rtf1\ansi\ansicpg1252\deff0" + FONTS + STYLES + before + body + "}").encode("latin-1")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (r"One\par Two {\b bold} words\par", ["One", "Two bold words"]),
        (r"a\line b\tab c\emdash d\~e\_f\-g\{\}\\", ["a\nb c—d e‑fg{}\\"]),
        (r"caf\'e9 \'80 \u233?\u-10179?\u-8704? \u8364 ?x\uc2\u65 ??b", ["café € é😀 €xAb"]),
        (r"{\f1 \'cf\'f0\'e8} {\f2 \'93\'fa} \'e4", ["При 日 ä"]),
        ("d\xe9j\xe0\n vu", ["déjà vu"]),
        (r"seen {\v hidden }\v0 too\deleted gone\deleted0 , {\revised new}", ["seen too, new"]),
        (r"{\header top\par}{\footer end}Text.{\pict\bin5 }{{}x}{\*\unknown no}{\field{\*\fldinst HYPERLINK}{\fldrslt link}}", ["Text.link"]),
        (r"Note{\super\chftn}{\footnote {\super\chftn} Said Ann.\par More.} here\chftn{\footnote Two}.\par Next", ["Note[1] here[2].", "[1] Said Ann.", "More.", "[2] Two", "Next"]),
        (r"Before {\shp{\*\shpinst\shpleft1{\sp{\sn n}{\sv v}}{\shptxt\pard In the box.\par}}}after.\par", ["Before after.", "In the box."]),
        (r"{\listtext 1.\tab}one\par{\listtext 2.\tab}two\par{\pntext\u8226 ?\tab}dot\par\bullet  own\par", ["1. one\n2. two\n- dot\n- own"]),
        (r"\trowd\intbl Name\cell Price\cell\row\trowd\intbl Child\par young\cell 5\cell\row\pard After.", ["Name | Price\nChild young | 5", "After."]),
        (r"10{\super 6}, 5\super th\nosupersub , 10\up6 3\up0 4, 10{\super\chftn}{\footnote\super\chftn\plain  2}\par", ["10⁶, 5th, 10³4, 10[1]", "[1] 2"]),
        (r"{\listtext 1.\tab}a\par\ilvl1{\listtext a)\tab}b\par{\listtext b)\tab}c\par\pard{\listtext 2.\tab}d\par", ["1. a\n  a) b\n  b) c\n2. d"]),
        (r"1.\tab one\par 2.\tab two\par\endash\tab dash\par 3. May came.\par", ["1. one\n2. two\n- dash", "3. May came."]),
        (r"Left open {\b here", ["Left open here"]),
        (r"x\super 2\plain 3\par", ["x²3"]),
        (r"\pard\outlinelevel-7 One\par Two\par", ["One", "Two"]),
        (r"", []),
    ],
    ids=["paragraphs", "signs", "characters", "fonts", "bytes", "hidden", "unseen", "notes", "box", "lists", "table", "raised", "levels", "typed-items", "open", "plain", "no-level", "empty"],
)  # fmt: skip
def test_what_stands_in_the_text(body: str, expected: list[str]) -> None:
    """All that shows, and nothing else."""
    assert words_of(read_rtf(rtf(body))) == expected


def test_headings_by_their_styles_and_levels() -> None:
    """Their numbers stand with them; the title has a style of its own."""
    body = r"\pard\s3 The Report\par\pard\s4 Contents\par\pard\s5 One\tab 1\par\pard\s6 Figure 1: A gate\par\pard\s1 {\listtext 1.\tab}One\par\pard Text.\par\pard\s2 Two\par\pard Text.\par\pard\outlinelevel0 Three\par\pard\outlinelevel9 Text."

    expected: list[Shown] = [
        ("title", None, "The Report"),
        ("furniture", None, "Contents"),
        ("furniture", None, "One 1"),
        ("caption", None, "Figure 1: A gate"),
        ("heading", None, "1. One"),
        (None, "1. One", "Text."),
        ("heading", "1. One", "Two"),
        (None, "1. One › Two", "Text."),
        ("heading", None, "Three"),
        (None, "Three", "Text."),
    ]
    assert shown(read_rtf(rtf(body))) == expected


def test_a_style_without_a_number_is_the_first() -> None:
    """Whatever number the last of the fonts has."""
    fonts, styles = r"{\fonttbl{\f7 Arial;}}", r"{\stylesheet{heading 1;}{\s7 Normal;}}"
    raw = (r"{\rtf1" + fonts + styles + r"\pard\s0 One\par\pard\s7 Text.\par\pard\s0 Two\par\pard\s7 Text.}").encode()

    assert [role for role, _, _ in shown(read_rtf(raw))] == ["heading", None, "heading", None]


def test_what_the_file_says_of_itself() -> None:
    """Title, author, and the day of the last change; and that changes are tracked."""
    info = r"{\info{\title The \'dcber-Report}{\author Ann}{\creatim\yr2020\mo1\dy2\hr3}{\revtim\yr2026\mo11\dy5\hr7\min1}{\title no}}"

    extract = read_rtf(rtf(r"\deleted no\deleted0 Text.{\title no}", before=info.replace(r"{\title no}", "")))

    assert (extract.title, extract.author, extract.date) == ("The Über-Report", "Ann", "2026-11-05")
    assert extract.warnings == ("holds tracked changes: read as if all were accepted",)


def test_other_files_are_refused() -> None:
    """Whatever their names end in."""
    with pytest.raises(ReadError, match=r"^is no Rich Text \(\.rtf\): open it and save it as one, or remove it$"):
        read_rtf(b"PK\x03\x04")


@pytest.mark.parametrize(
    "piece",
    [
        "{",
        "}",
        "\\'e4",
        "{\\field{\\*\\fldinst{HYPERLINK ",
        "{\\fonttbl{\\f0 x",
        "\\bin999999 x",
        "\\u65",
        "\\cell ",
        "{\\footnote x",
        "\\par",
    ],
)
def test_half_a_megabyte_of_anything_is_read_at_once(piece: str) -> None:
    """However it is nested or left open."""
    began = time.process_time()

    check_extract(read_rtf(rtf(piece * (500_000 // len(piece)))))

    assert time.process_time() - began < 10


pieces = st.sampled_from([
    "{", "}", "\\par ", "\\pard ", "\\cell ", "\\row ", "\\intbl ", "{\\footnote ", "{\\*\\shpinst{\\shptxt ", "{\\listtext ", "\\s1 ", "\\s3 ",
    "{\\stylesheet ", "{\\info{\\title ", "{\\revtim\\yr1 ", "\\u-1 ?", "\\u55357 ?", "\\u0 ", "\\'93", "\\'", "\\f2 ", "\\v ", "\\plain ", "\\bin3 ", "\\*", "\\",
    "text ", "\\outlinelevel-7 ", "\\uc-5 ", "\\ansicpg99999 ", "\\mac ", "\x00", "\x0b", "\x85", "\xff", "\\line ", "\\chftn ", "\n", "\\'00",
])  # fmt: skip


@given(st.lists(pieces, max_size=30))
def test_any_words_are_read(drawn: list[str]) -> None:
    """In any order."""
    check_extract(read_rtf(rtf("".join(drawn))))


@given(st.binary(max_size=100))
def test_any_bytes_are_read(raw: bytes) -> None:
    """Behind the mark that all begin with."""
    check_extract(read_rtf(b"{\\rtf1 " + raw))
