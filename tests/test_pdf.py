"""PDFs from end to end: what is on the pages becomes text, blocks and what the file says of itself."""

import re

import pytest
from pdf_layouts import HEADINGS, LAYOUTS, Layout, set_in_type
from pdf_writer import Text, pdf, stream

from qa_bot.errors import ReadError
from qa_bot.reading.extract import Extract
from qa_bot.reading.pdf import read_pdf
from qa_bot.records import Block, Role

PROSE = (
    "The council met on Monday in the old town hall and agreed that the new bridge should be opened on the fifth of May. "
    "The mayor thanked all those who had worked on it for two long winters. She asked the engineers to report again in June."
)
SECOND = (
    "Nobody had expected the river to rise so early in the year, least of all the fishermen, whose boats lay upside down on "
    "the bank. By noon the water stood at the doors of the mill, and the miller carried his flour upstairs, sack by sack."
)
THIRD = (
    "A library that lends seeds lends something that grows. Readers bring back what they have harvested, and the catalogue "
    "notes who grew which bean in which soil. After nine years the collection knows more about the town than its chronicle."
)
PARAGRAPHS = [
    f"{text} {extra}"
    for extra in ("So it was.", "So it is.", "So it will be.", "It is so.")
    for text in (PROSE, SECOND, THIRD)
]

SCANNED = "has no text (its pages are pictures): run OCR on it first, e.g. with ocrmypdf"
EMPTY = "has no text: put text into it, or remove it"
PASSWORD = "is protected by a password: save a copy without one, and put that here"  # noqa: S105 - a message
DAMAGED = "is damaged, or no PDF at all (it does not hold together): open it in a viewer and print it to a new PDF"
# Encryption whose hashes fit no password.
LOCKED = f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{'41' * 32}> /U <{'42' * 32}> >> /ID [<00> <00>]"

# A block as it shows: its page, its role, the heading it stands under, its words.
Shown = tuple[int | None, str | None, str | None, str]


def shown(extract: Extract) -> list[Shown]:
    """Give the blocks with their words."""
    return [(block.page, block.role, block.heading, words(extract, block)) for block in extract.blocks]


def words(extract: Extract, block: Block) -> str:
    """Give the words of a block."""
    return extract.text[block.start : block.end]


def texts(extract: Extract, *roles: Role | None) -> list[str]:
    """Give the words of the blocks of some roles."""
    return [words(extract, block) for block in extract.blocks if block.role in roles]


def lines(x: float, y: float, text: str, *, width: int = 60, size: float = 10, step: float = 12) -> list[Text]:
    """Set a text in lines of so many characters."""
    set_lines = re.findall(rf"\S.{{0,{width - 1}}}(?= |$)", text)
    return [Text(x, y + step * number, line, size) for number, line in enumerate(set_lines)]


def refusal(content: bytes) -> str:
    """Give the message with which a file is refused."""
    with pytest.raises(ReadError) as caught:
        read_pdf(content)
    return str(caught.value)


@pytest.mark.parametrize("name", LAYOUTS)
def test_paragraphs_come_back_from_every_layout(name: str) -> None:
    """Each is one block of the same words, in the order of the text, below its heading; the rest is told apart."""
    extract = read_pdf(set_in_type("The town", PARAGRAPHS, LAYOUTS[name]))
    bare = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹]", "", extract.text)

    found = [re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹]", "", text) for text in texts(extract, None)]
    assert [text for text in found if text in PARAGRAPHS] == PARAGRAPHS, bare
    assert texts(extract, Role.TITLE) == ["The town"]
    assert (extract.title, extract.author) == ("The town", "Ann Smith")
    headings = texts(extract, Role.HEADING)
    assert [re.sub(r"^[\d.]+ ", "", heading) for heading in headings] == list(HEADINGS)
    under = [block.heading for block in extract.blocks if words(extract, block) in PARAGRAPHS[1:]]
    assert set(under) <= set(headings)
    assert under == sorted(under, key=lambda heading: headings.index(heading or ""))


def test_a_paragraph_runs_on_past_the_furniture() -> None:
    """Where a page ends in mid-sentence, neither footer nor header comes between; the page is that of the beginning."""
    many = [f"{chr(65 + number % 26) * (1 + number % 7)} said: {text}" for number, text in enumerate(PARAGRAPHS * 3)]
    extract = read_pdf(set_in_type("The town", many, Layout(size=12)))

    assert texts(extract, None)[1:] == many
    furniture = texts(extract, Role.FURNITURE)
    pages = max(block.page or 0 for block in extract.blocks)
    assert pages > 3
    assert furniture == ["The town — Quarterly Review Vol. 12", "1"] + [
        text for page in range(2, pages + 1) for text in ("The town — Quarterly Review Vol. 12", str(page))
    ]
    assert [block.page for block in extract.blocks] == sorted(block.page or 0 for block in extract.blocks)


@pytest.mark.parametrize(
    ("end", "blocks"), [("went home at last.", 1), ("went home.", 2)], ids=["at the edge", "short of it"]
)
def test_a_sentence_may_end_with_the_page(end: str, blocks: int) -> None:
    """In text set to an edge a line that reaches it is not the last of a paragraph, even if a sentence ends with it."""
    full = [
        "They sang until the day was over, and then all of them",
        "They slept until the day was young, and then all of us ",
    ]
    before = [Text(60, 600 + 12 * number, line.ljust(55, "s")) for number, line in enumerate(full * 2)]
    last = Text(60, 648, f"Nobody knew why it was so but all of {end}")
    after = [Text(60, 80, "They came back in the morning and sang again until late"), Text(60, 92, "in the night.")]

    extract = read_pdf(pdf([[*before, last], after]))
    assert len(last.words) == 55 - 8 * (blocks - 1)
    assert len(extract.blocks) == blocks


def test_tables_and_lists_have_a_line_for_each_row() -> None:
    """Cells are parted by a bar; items keep their bullets, and lines that wrap are joined."""
    extract = read_pdf(set_in_type("The town", PARAGRAPHS, LAYOUTS["table and list"]))

    rows = [words(extract, block) for block in extract.blocks if block.lines]
    assert rows == [
        "Year | Income | Costs | People\n2001 | 137 | 113 | 4\n2002 | 174 | 136 | 5\n2003 | 211 | 159 | 6",
        (
            "• first item of the list\n• second item, which is longer than the first item of the list and goes on for "
            "quite a while until it wraps onto a line\n• third item"
        ),
    ]
    assert texts(extract, Role.CAPTION) == ["Table 1: Figures by year"]


@pytest.mark.parametrize("names", [["Fire", "Ashes", "Coal"], ["Espresso", "Tea", "Water"]], ids=["contents", "menu"])
def test_contents_are_told_by_the_headings_that_they_name(names: list[str]) -> None:
    """A menu looks alike, and is text."""
    entries = [Text(60, 100 + 12 * at, f"{at}. {name}{'.' * 30}{at}") for at, name in enumerate(names, 1)]
    headings = [Text(60, 200 + 60 * at, name, 16) for at, name in enumerate(("Fire", "Ashes", "Coal"))]
    body = [line for at in range(3) for line in lines(60, 220 + 60 * at, PARAGRAPHS[at][:100])]

    extract = read_pdf(pdf([[Text(60, 70, "The elements", 24), *entries, *headings, *body]]))

    assert texts(extract, Role.HEADING) == ["Fire", "Ashes", "Coal"]
    [_, first, *_] = extract.blocks
    assert first.role is (Role.FURNITURE if names[0] == "Fire" else None)
    assert words(extract, first).count("\n") == 2


def test_captions_stand_alone() -> None:
    """Short lines next to them are of something else."""
    extract = read_pdf(
        pdf([[Text(60, 100, "Table 1: Fines for late books"), Text(60, 112, "After it the text goes on")]])
    )

    assert shown(extract) == [
        (1, "caption", None, "Table 1: Fines for late books"),
        (1, None, None, "After it the text goes on"),
    ]


def test_a_sentence_in_a_narrow_box_goes_on() -> None:
    """Its lines are shorter than those of the text above it."""
    above = lines(60, 100, PROSE, width=70)
    box = [
        Text(60, 300, "Never carry a candle down"),
        Text(60, 312, "into the cellar, nor up"),
        Text(60, 324, "Apples"),
    ]

    assert texts(read_pdf(pdf([[*above, *box]])), None)[1:] == [
        "Never carry a candle down into the cellar, nor up",
        "Apples",
    ]


@pytest.mark.parametrize("raised", ["6", "12", "-6"])
def test_powers_of_numbers_stay_raised(raised: str) -> None:
    """Whether the file has them in one word or in two."""
    row = [Text(60, 100, "It takes 10"), Text(126, 96, raised, 6), Text(150, 100, "years, not 106.")]
    shown_raised = raised.translate(str.maketrans("126-", "¹²⁶⁻"))

    assert texts(read_pdf(pdf([row])), None) == [f"It takes 10{shown_raised} years, not 106."]


def test_numbers_of_notes_stand_apart_from_their_first_word() -> None:
    """A raised figure before a word is no part of it, one that is as large as the word is."""
    note = [Text(60, 96, "12", 5), Text(66, 100, "The lighthouse", 8), Text(60, 112, "3rd of May", 8)]
    above = lines(60, 40, PROSE[:150])

    assert texts(read_pdf(pdf([[*above, *note]])), None)[1:] == ["¹² The lighthouse\n3rd of May"]


def test_signs_stand_with_raised_figures() -> None:
    """Neither a blank before the sign, nor a plain figure."""
    row = [Text(60, 100, "The hall has 500 m"), Text(168, 95, "2", 6), Text(171.6, 100, ". It is large.")]

    assert texts(read_pdf(pdf([row])), None) == ["The hall has 500 m². It is large."]


def test_what_stands_beside_the_text_is_read_after_it() -> None:
    """Text that runs up the page, as a stamp at its edge does, comes last and in one piece."""
    page = [*lines(100, 100, PROSE), Text(40, 500, "arXiv:2026.01234v1 [cs.IR]", turn="0 1 -1 0")]

    assert texts(read_pdf(pdf([page])), None) == [PROSE, "arXiv:2026.01234v1 [cs.IR]"]


def test_a_page_that_only_holds_text_on_its_side_is_read() -> None:
    """As a page across a sheet that nobody has turned, even if more than that lies beside the sheet."""
    page = [Text(100 + 12 * at, 700, line, turn="0 1 -1 0") for at, line in enumerate(["One line", "and more."])]
    beside = Text(100, 2_000, "This stands far below the sheet.")

    assert texts(read_pdf(pdf([page])), None) == ["One line and more."]
    assert read_pdf(pdf([[*page, beside]])).text.split() == ["One", "line", "and", "more."]


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_turned_pages_read_like_others(turned: int) -> None:
    """Whether a page is turned for the screen makes no difference to its text."""
    matrices = {0: "1 0 0 1", 90: "0 1 -1 0", 180: "-1 0 0 -1", 270: "0 -1 1 0"}
    places = {0: (60, 80), 90: (80, 780), 180: (530, 760), 270: (515, 60)}
    steps = {0: (0, 12), 90: (12, 0), 180: (0, -12), 270: (-12, 0)}
    x, y = places[turned]
    (right, down), turn = steps[turned], matrices[turned]
    page = [
        Text(x + right * number, y + down * number, line.words, turn=turn)
        for number, line in enumerate(lines(0, 0, PROSE))
    ]

    assert texts(read_pdf(pdf([page], page=f"/Rotate {turned}")), None) == [PROSE]


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("Minutes of May", "Minutes of May"),
        ("Microsoft Word - minutes.doc", ""),
        ("untitled", ""),
        ("minutes_final_2.pdf", ""),
        ("Document1", ""),
        ("Budget of another year", ""),
        ("", ""),
    ],
    ids=["sound", "word", "untitled", "file name", "document", "of another text", "none"],
)
def test_the_title_a_file_says_must_be_sound(said: str, title: str) -> None:
    """It counts if no program made it up and the text knows it; else the largest type of the first page does."""
    page = [Text(60, 80, "Minutes of May", 24), *lines(60, 120, PROSE)]
    extract = read_pdf(pdf([page], info={"Title": said}))

    assert extract.title == title
    assert texts(extract, Role.TITLE) == ["Minutes of May"]


@pytest.mark.parametrize(
    ("info", "author", "date"),
    [
        ({"Author": "Ann  Smith", "CreationDate": "D:20240229101112+01'00'"}, "Ann Smith", "2024-02-29"),
        ({"Author": "Administrator", "CreationDate": "D:20230229"}, None, None),
        ({"Author": "x@example.org", "CreationDate": "D:19010101"}, None, None),
        ({"CreationDate": "yesterday"}, None, None),
    ],
    ids=["sound", "account", "long ago", "no date"],
)
def test_author_and_date_must_be_sound(info: dict[str, str], author: str | None, date: str | None) -> None:
    """Accounts are no authors; a day must have been one, and later than the format is old."""
    extract = read_pdf(pdf([lines(60, 80, PROSE)], info=info))

    assert (extract.author, extract.date) == (author, date)


def test_pages_that_are_pictures_are_named() -> None:
    """Where some pages have text, the others are a warning; where none has, the file is refused."""
    image = stream(
        b"\x00", "/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray"
    )
    scanned = pdf([[]], objects=[image])
    drawn = scanned.replace(b"/Resources << ", b"/Resources << /XObject << /I 10 0 R >> ")
    content = b"q 595 0 0 842 0 0 cm /I Do Q"
    drawn = drawn.replace(b"<< /Length 0  >>\nstream\n", b"<< /Length %d >>\nstream\n%s" % (len(content), content))

    assert refusal(drawn) == SCANNED
    assert refusal(pdf([[]])) == EMPTY


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (pdf([lines(60, 80, PROSE)], trailer=LOCKED), PASSWORD),
        (b"", DAMAGED),
        (b"%PDF-1.7\n%%EOF", DAMAGED),
        (b"PK\x03\x04 no PDF", DAMAGED),
        (pdf([]), DAMAGED),
    ],
    ids=["password", "empty", "header only", "another format", "no page"],
)
def test_what_cannot_be_read_says_why(content: bytes, message: str) -> None:
    """The reason and what to do, in one line."""
    assert refusal(content) == message


def test_a_damaged_table_of_places_is_mended() -> None:
    """A file that does not say where its objects lie still gives its text."""
    content = pdf([lines(60, 80, PROSE)])

    assert texts(read_pdf(content.replace(b"startxref", b"startxxxx")), None) == [PROSE]


def test_what_a_file_brings_along_is_neither_run_nor_read() -> None:
    """Scripts, actions on opening and embedded files leave no trace in the text."""
    catalog = (
        "/OpenAction << /S /JavaScript /JS (app.alert\\('SCRIPT'\\); this.submitForm\\('http://127.0.0.1:9/'\\)) >> "
        "/AA << /WC << /S /Launch /F (/bin/touch) /Win << /F (cmd.exe) >> >> >> "
        "/Names << /EmbeddedFiles << /Names [(evil.txt) 10 0 R] >> /JavaScript << /Names [(x) << /S /JavaScript /JS (1) >>] >> >>"
    )
    objects = [b"<< /Type /Filespec /F (evil.txt) /EF << /F 11 0 R >> >>", stream(b"EMBEDDED", "/Type /EmbeddedFile")]
    extract = read_pdf(pdf([lines(60, 80, PROSE)], catalog=catalog, objects=objects))

    assert extract.text == f"{PROSE}\n"


def test_forms_give_what_is_filled_in() -> None:
    """The value of a field stands where it is shown, after its label."""
    look = stream(
        b"BT /F0 10 Tf 2 5 Td (Ann Smith) Tj ET",
        "/Type /XObject /Subtype /Form /BBox [0 0 200 20] /Resources << /Font << /F0 3 0 R >> >>",
    )
    field = b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (Ann Smith) /F 4 /Rect [100 757 300 777] /AP << /N 10 0 R >> >>"
    form = pdf([[Text(60, 80, "Name:")]], page="/Annots [11 0 R]", objects=[look, field])

    assert texts(read_pdf(form), None) == ["Name: Ann Smith"]
