"""How pieces of a page become regions, rows, paragraphs and furniture; and what holds for every PDF."""

import random
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pdf_layouts import LAYOUTS, set_in_type
from pdf_writer import Text, pdf, stream

from qa_bot.errors import ReadError
from qa_bot.reading.extract import Extract
from qa_bot.reading.pdf import read_pdf
from qa_bot.reading.pdf.furniture import part
from qa_bot.reading.pdf.lines import lines_of
from qa_bot.reading.pdf.order import regions, regions_of_pages, rows
from qa_bot.reading.pdf.pieces import Page, Piece, Rule
from qa_bot.reading.pdf.spelling import clean, join_lines, vocabulary
from qa_bot.reading.pdf.tables import with_tables
from qa_bot.records import Role

LETTER = 5.0
SIZE = 10.0
LINE = "words that fill a line to its end"
ODD_PDFS = Path(__file__).parents[2] / "shared" / "data" / "hostile" / "pdf"
SMALL = [
    pdf(
        [
            [Text(60, 80, "A title", 20), Text(60, 120, "Some words that go on."), Text(60, 400, "2", turn="0 1 -1 0")],
            [],
        ]
    ),
    pdf(
        [[Text(60, 80, "Name:")]],
        page="/Annots [10 0 R]",
        objects=[b"<< /Type /Annot /Subtype /Widget /Rect [0 0 9 9] >>"],
    ),
    set_in_type("Town", ["The first.", "The second."], LAYOUTS["two columns"]),
]


def piece(text: str, left: float, baseline: float, size: float = SIZE) -> Piece:
    """Put words at a place, in letters of one width."""
    return Piece(text, left, left + LETTER * len(text) * size / SIZE, baseline, size)


def column(name: str, left: float, top: float, lines: int, text: str = LINE) -> list[Piece]:
    """Set a column of lines that begin with its name."""
    return [piece(f"{name}{number} {text}", left, top + 12 * number) for number in range(lines)]


def first_words(found: Sequence[Sequence[Piece]]) -> list[str]:
    """Give the first word of each piece, region after region."""
    return [one.text.split()[0] for region in found for one in region]


def names(name: str, lines: int) -> list[str]:
    """Give the first words of a column."""
    return [f"{name}{number}" for number in range(lines)]


def test_columns_are_read_one_after_the_other() -> None:
    """Whatever their number, and in whatever order the file has their lines."""
    pieces = [*column("a", 50, 100, 9), *column("b", 250, 100, 9), *column("c", 450, 100, 7)]
    random.Random(1).shuffle(pieces)

    found = [sorted(region, key=lambda one: one.baseline) for region in regions(pieces)]
    assert first_words(found) == names("a", 9) + names("b", 9) + names("c", 7)


@pytest.mark.parametrize(
    ("spelled", "expected"),
    [
        (str.lower, [["l0", "l1", "l2", "l3"], ["r0", "r1", "r2"]]),
        (str.upper, [["L0", "L1", "L2", "L3", "R0", "R1", "R2"]]),
    ],
    ids=["sentences", "labels"],
)
def test_columns_may_begin_at_different_heights(spelled: Callable[[str], str], expected: list[list[str]]) -> None:
    """Columns of slides are set to the middle of the height; the boxes of forms, which lie so too, are not read by columns."""
    staggered = [*column("l", 50, 100, 4), *column("r", 300, 106, 3)]

    assert [
        [one.text.split()[0] for one in region]
        for region in regions([replace(one, text=spelled(one.text)) for one in staggered])
    ] == expected


@pytest.mark.parametrize(
    ("left", "right", "before", "order"),
    [
        (2, 2, 20, ["l0", "l1", "r0", "r1", "after"]),
        (2, 1, 20, ["l0", "l1", "r0", "after"]),
        (2, 2, 0, ["l0", "r0", "l1", "r1", "after"]),
    ],
    ids=["even", "uneven", "no columns before"],
)
def test_columns_may_end_on_the_next_page(left: int, right: int, before: int, order: list[str]) -> None:
    """A line or two on each side show no columns by themselves, but those of the page before do."""
    whole = [*column("a", 50, 50, before), *column("b", 300, 50, before)]
    end = [
        *column("l", 50, 50, left),
        *column("r", 300, 50, right),
        piece("after it text that spans" + " words" * 9, 50, 110),
    ]

    [_, found] = regions_of_pages([whole, end])

    assert [
        text for region in found for line in rows(region) for text in [one.text.split()[0] for one in line]
    ] == order


def test_what_spans_the_columns_parts_them() -> None:
    """A title is read before them and a table across the page between those above and those below it."""
    title, across = piece("T " + LINE * 2, 60, 80), piece("X " + LINE * 2, 50, 220)
    upper = [*column("a", 50, 100, 8), *column("b", 250, 100, 8)]
    lower = [*column("c", 50, 240, 8), *column("d", 250, 240, 8)]

    assert first_words(regions([title, *upper, across, *lower])) == [
        "T", *names("a", 8), *names("b", 8), "X", *names("c", 8), *names("d", 8)
    ]  # fmt: skip


def test_a_title_above_the_middle_column_is_read_first() -> None:
    """It crosses no gutter, and yet belongs to no column."""
    columns = [*column("a", 50, 130, 9), *column("b", 250, 130, 9), *column("c", 450, 130, 9)]

    assert first_words(regions([piece("Title", 300, 90, 20), *columns])) == ["Title"] + [
        name for one in "abc" for name in names(one, 9)
    ]


def test_a_table_is_no_columns() -> None:
    """Short cells and figures stay in their rows, which are lines of text."""
    cells = [
        piece(text, 50 + 150 * place, 100 + 14 * row)
        for row in range(9)
        for place, text in enumerate(("Mill", "12", "7"))
    ]
    [region] = regions(cells)

    assert [line.text for line in lines_of(region, 1)] == ["Mill | 12 | 7"] * 9


def test_ruled_rows_hold_cells_of_several_lines() -> None:
    """The rules say where a row ends; the header stands above the first of them."""
    rules = tuple(Rule(50, 400, height) for height in (110, 150, 190, 230))
    head = [piece("Item", 60, 105), piece("Text", 200, 105)]
    body = [
        one
        for top in (110, 150, 190)
        for one in (piece("bench", 60, top + 20), piece("made of", 200, top + 14), piece("oak", 200, top + 26))
    ]
    page = with_tables(Page(1, 500, 700, (*head, *body, piece("After", 60, 300)), rules=rules))

    assert [line.text for line in lines_of(page.pieces, 1)] == [
        "Item | Text", *["bench | made of\noak"] * 3, "After"
    ]  # fmt: skip


def table(*written: Sequence[str], wide: int = 110) -> list[Piece]:
    """Set cells in columns, a line for each row."""
    return [
        piece(text, 60 + wide * place, 120 + 14 * row)
        for row, cells in enumerate(written)
        for place, text in enumerate(cells)
        if text
    ]


def test_three_rules_frame_a_table_with_a_row_for_each_line() -> None:
    """One is above it, one below its header, and one below it, as in papers; lines that leave the first cell empty go on."""
    rules = tuple(Rule(50, 400, height) for height in (108, 125, 184))
    cells = table(
        ("Harbour", "Lamps"), ("North", "42"), ("South", "seventeen"), ("", "or so"), ("West", "none"), wide=47
    )
    page = with_tables(Page(1, 500, 700, (*cells, piece("After", 60, 300)), rules=rules))

    assert [line.text for line in lines_of(page.pieces, 1)] == [
        "Harbour | Lamps", "North | 42", "South | seventeen\nor so", "West | none", "After"
    ]  # fmt: skip


def test_three_rules_frame_no_prose() -> None:
    """Lines without cells stay as they are."""
    rules = tuple(Rule(50, 400, height) for height in (90, 125, 184))
    page = Page(1, 500, 700, tuple(column("a", 60, 110, 6)), rules=rules)

    assert with_tables(page) == page


def test_rules_below_some_cells_part_the_rows_beside_one_that_spans_them() -> None:
    """A line that is drawn under words parts nothing."""
    whole = [Rule(50, 400, height) for height in (108, 125, 153)]
    cells = table(("Item", "Fine", "Most"), ("Atlas", "10", "5"), ("", "12", "6"), ("Novel", "1", "2"))
    parting = [*whole, Rule(50, 400, 170), Rule(160, 400, 139), Rule(280, 285, 139)]

    page = with_tables(Page(1, 500, 700, tuple(cells), rules=tuple(parting)))

    assert [line.text for line in lines_of(page.pieces, 1)] == [
        "Item | Fine | Most", "Atlas | 10 | 5", "12 | 6", "Novel | 1 | 2"
    ]  # fmt: skip


def test_a_large_initial_opens_the_first_line() -> None:
    """It stands beside several lines and belongs to the first."""
    pieces = [
        piece("T", 50, 122, 30),
        piece("he mayor of the", 70, 105),
        piece("town said so", 70, 117),
        piece("and left.", 50, 129),
    ]

    assert [line.text for line in lines_of(pieces, 1)] == ["The mayor of the", "town said so", "and left."]


def pages(heads: Sequence[str], foots: Sequence[str]) -> list[Page]:
    """Make pages with a row at the head and one at the foot, and text between that differs."""
    return [
        Page(
            number,
            600,
            800,
            (
                piece(head, 50, 40),
                *column(f"p{number}x", 50, 90, 50, f"{chr(96 + number)} {LINE}"),
                piece(foot, 300, 770),
            ),
        )
        for number, (head, foot) in enumerate(zip(heads, foots, strict=True), 1)
    ]


@pytest.mark.parametrize(
    ("head", "taken"),
    [
        (("1.1.", "ASHES"), 1),
        (("1.1.", "ASHES", "CHAPTER 1.", "FIRE"), 1),
        (("2", "Ashes"), 1),
        (("Ashes",), 1),
        (("Ashes", "and coal"), 0),
        (("3",), 1),
    ],
    ids=["section", "chapter and section", "number of the page", "no number", "more than that", "number alone"],
)
def test_headers_that_name_the_chapter_are_furniture(head: tuple[str, ...], taken: int) -> None:
    """Once is enough: they say what headings say, in smaller type."""
    headings = (piece("Chapter 1", 50, 100, 20), piece("Fire", 50, 140, 24), piece("1.1", 50, 200, 14))
    first = Page(1, 600, 800, (*headings, piece("Ashes", 90, 200, 14), *column("a", 50, 300, 30)))
    row = tuple(piece(text, 50 + 90 * place, 40) for place, text in enumerate(head))
    second = Page(2, 600, 800, (*row, *column("b", 50, 90, 40)))

    assert [len(one.head) for one in part([first, second], SIZE)] == [0, taken]


@pytest.mark.parametrize(
    ("heads", "foots", "taken"),
    [
        (["Report 2025"] * 4, ["1", "2", "3", "4"], [(1, 1)] * 4),
        (["Left head", "Right head"] * 3, ["- 7 -", "- 8 -", "- 9 -", "- 10 -", "- 11 -", "- 12 -"], [(1, 1)] * 6),
        (["One", "Two", "Three"], ["Page 1 of 3", "Page 2 of 3", "Page 3 of 3"], [(0, 1)] * 3),
        (["Anna 11", "Bert 12", "Carl 13"], ["Once", "said", "here"], [(1, 0)] * 3),
        (
            ["01.02. Card payment 45.00", "02.02. Card payment 7.00", "09.03. Card payment 1.00"],
            ["A"] * 3,
            [(0, 1)] * 3,
        ),
        (["Payment 45", "Payment 7", "Payment 19"], ["A"] * 3, [(0, 1)] * 3),
        (["Alone"], ["iv"], [(0, 1)]),
        (["Alone"], ["2 apples"], [(0, 0)]),
    ],
    ids=[
        "both",
        "left and right",
        "of how many",
        "chapters with numbers",
        "entries of a table",
        "entries that end with figures",
        "one page",
        "no number of a page",
    ],
)
def test_rows_that_repeat_at_the_edge_are_furniture(
    heads: list[str], foots: list[str], taken: list[tuple[int, int]]
) -> None:
    """The same words but for their numbers, at the same height; or the number of the page."""
    parted = part(pages(heads, foots), SIZE)

    assert [(len(one.head), len(one.foot)) for one in parted] == taken


@pytest.mark.parametrize(
    ("lines", "elsewhere", "joined"),
    [
        (["infor-", "mation"], "", "information"),
        (["infor\u00ad", "mation"], "", "information"),
        (["infor\u2010", "mation"], "", "information"),
        (["well-", "known"], "a well-known man", "well-known"),
        (["co-", "operate"], "they cooperate", "cooperate"),
        (["co-", "operate"], "they co-operate", "co-operate"),
        (["long-", "lasting"], "a long day, lasting peace", "long-lasting"),
        (["state-of-the-", "art"], "the art", "state-of-the-art"),
        (["self-sustain-", "ing"], "", "self-sustaining"),
        (["Anglo-", "Saxon"], "", "Anglo-Saxon"),
        (["2019-", "2020"], "", "2019-2020"),
        (["a dash -", "so"], "", "a dash - so"),
        (["then—", "at last"], "", "then—at last"),
        (["and/", "or"], "", "and/or"),
        (["日本", "語"], "", "日本語"),
        (["ends with-"], "", "ends with-"),
        (["two", "words"], "", "two words"),
    ],
)
def test_words_broken_at_line_ends_are_joined(lines: list[str], elsewhere: str, joined: str) -> None:
    """The document's other words decide about the hyphen, then its form."""
    assert join_lines(lines, vocabulary([*lines, elsewhere])) == joined


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("of\ufb01ce \ufb02at", "office flat"),
        ("\ufee3\ufeae\ufea3\ufe92\ufe8e", "مرحبا"),
        ("\uf0b7 item", "• item"),
        ("\uf041\uf042", "AB"),
        ("a\ue123b", "ab"),
        ("a\x00b\u200bc\ufeff", "abc"),
        ("in\u00advisible", "invisible"),
        ("a\u00a0b\u2003c", "a b c"),
        ("\ud800", "\ufffd"),
        ("word\x02", "word\u00ad"),
        ("\u4d00\u6900\u6c00\u6c00", "Mill"),
    ],
    ids=[
        "ligatures",
        "arabic",
        "bullet",
        "symbols",
        "private",
        "unseen",
        "soft hyphen",
        "blanks",
        "surrogate",
        "line end",
        "swapped",
    ],
)
def test_text_becomes_plain_characters(text: str, plain: str) -> None:
    """Shapes that fonts keep for letters become the letters; what cannot be seen goes."""
    assert clean(text) == plain


def holds(extract: Extract) -> None:
    """Check what holds for every extract."""
    covered = "".join(extract.text[block.start : block.end] for block in extract.blocks)
    edges = [0, *(edge for block in extract.blocks for edge in (block.start, block.end)), len(extract.text)]
    assert "".join(covered.split()) == "".join(extract.text.split())
    assert edges == sorted(edges)
    for block in extract.blocks:
        words = extract.text[block.start : block.end]
        assert words == words.strip() != ""
        assert block.page is not None
        assert block.lines or block.role is Role.FURNITURE or "\n" not in words
    assert not {unicodedata.category(char) for char in extract.text if char != "\n"} & {"Cc", "Co", "Cs", "Zl", "Zp"}


WORDS = st.text("abcdefghijklmnopABC.,:-()1 •", min_size=1, max_size=60).filter(str.strip)
PLACED = st.builds(
    Text, st.floats(-50, 640), st.floats(-50, 900), WORDS, st.sampled_from([1, 8, 10, 24, 300]), st.booleans(),
    st.sampled_from(["1 0 0 1", "0 1 -1 0", ".7 .7 -.7 .7", "2 0 0 -1", "0 0 0 0"]),
)  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(st.lists(st.lists(PLACED, max_size=30), min_size=1, max_size=4))
def test_whatever_stands_on_pages_is_held_once(placed: list[list[Text]]) -> None:
    """Blocks hold every character exactly once, in order, each with its page; nothing that is seen is lost."""
    try:
        extract = read_pdf(pdf(placed))
    except ReadError:
        return
    holds(extract)


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 3), st.integers(6, 30))
def test_no_word_of_columns_is_lost_or_doubled(source: random.Random, columns: int, lines: int) -> None:
    """Regions hold each piece once."""
    pieces = [one for place in range(columns) for one in column(f"{place}-", 40 + 190 * place, 60, lines)]
    source.shuffle(pieces)

    assert Counter(one.text for region in regions(pieces) for one in region) == Counter(one.text for one in pieces)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(SMALL),
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6), st.integers(0, 9)), max_size=5),
    st.floats(0, 1),
)
@example(SMALL[0], [], 0.0)
def test_damaged_files_are_read_or_refused(
    content: bytes, changes: list[tuple[float, bytes, int]], kept: float
) -> None:
    """Bytes changed, inserted or lost anywhere, or the end of the file: text, or a reason in one line."""
    for place, inserted, lost in changes:
        at = int(place * len(content))
        content = content[:at] + inserted + content[at + lost :]
    content = content[: round(max(kept, 0.5) * len(content))] if kept < 0.9 else content
    try:
        holds(read_pdf(content))
    except ReadError as exc:
        said = str(exc)
        assert len(said.splitlines()) == 1, said


@pytest.mark.skipif(not ODD_PDFS.is_dir(), reason="the odd PDFs are not here")
def test_odd_files_are_read_or_refused() -> None:
    """Scanned, encrypted, rotated, broken: text, or a reason; those that need no password are not asked for one."""
    reasons = {}
    for path in sorted(ODD_PDFS.glob("*.pdf")):
        if path.stat().st_size < 1_000_000:
            try:
                holds(read_pdf(path.read_bytes()))
            except ReadError as exc:
                reasons[path.stem] = str(exc).split(":")[0]
    assert len(reasons) == 28
    assert {name for name, reason in reasons.items() if reason == "is protected by a password"} == {
        "crazyones-encrypted-256", "encrypted-file", "r4-aes-user-password", "r5-user-password", "r6-cleartext-metadata"
    }  # fmt: skip


def test_a_page_without_end_is_not_read_for_ever() -> None:
    """A form that draws itself ends somewhere."""
    itself = stream(
        b"/F Do BT /F0 9 Tf 50 50 Td (x) Tj ET",
        "/Type /XObject /Subtype /Form /BBox [0 0 99 99] /Resources << /XObject << /F 10 0 R >> /Font << /F0 3 0 R >> >>",
    )
    content = pdf([[Text(60, 80, "Words.")]], objects=[itself])

    assert read_pdf(content).text == "Words.\n"
