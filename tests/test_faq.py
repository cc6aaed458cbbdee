"""Tables, JSON and JSON Lines of questions with their answers, and tables of anything else."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invariants import check_extract

from qa_bot.bot import QaBot
from qa_bot.channels.citation import cite
from qa_bot.config import Paths, Settings
from qa_bot.errors import ReadError
from qa_bot.reading.delimited import read_delimited
from qa_bot.reading.extract import Extract, Format
from qa_bot.reading.json_pairs import read_json, read_json_lines

# A block as it shows: its role, the heading it stands under, its words.
Shown = tuple[str | None, str | None, str]

FAQ = (
    "question,answer,category\n"
    'Is the library open on Sundays?,"No, only from Monday to Saturday.",Visits\n'
    "How much does a library card cost?,Nothing for children; 20 euros a year for adults.,Membership\n"
    'How do I reset my password?,"1. Open the sign-in page.\n2. Press Forgot password.",Help\n'
)  # fmt: skip
PAIR = [("heading", None, "When?"), (None, "When?", "At four, perhaps.")]
SEVERAL = {
    "first": [{"question": "When?", "answer": "At four.", "source": "https://a.example/b", "date": "2026-01-02"}],
    "more": [{"question": "Who?", "answer": "Ann.", "source": "https://a.example/c", "date": "2026-01-02"}],
}


def shown(extract: Extract) -> list[Shown]:
    """Give blocks with their words."""
    return [(block.role, block.heading, extract.text[block.start : block.end]) for block in extract.blocks]


def lines_of(*items: Any) -> bytes:
    """Write JSON Lines."""
    return "".join(f"{json.dumps(item)}\n" for item in items).encode()


def refusal(read: Format, raw: bytes) -> str:
    """Give the message with which bytes are refused, which is one line."""
    with pytest.raises(ReadError) as caught:
        read(raw)
    assert len(str(caught.value).splitlines()) == 1
    return str(caught.value)


@pytest.mark.parametrize(
    ("read", "raw"),
    [
        (read_delimited, b'question,answer\nWhen?,"At four, perhaps."\n'),
        (read_delimited, b"Answer;Id;Question\r\nAt four, perhaps.;7;When?\r\n"),
        (read_delimited, b"q\ta\nWhen?\tAt four, perhaps.\n"),
        (read_delimited, b'"Frage"|"Antwort"\n"When?"|"At four, perhaps."'),
        (read_delimited, b'sep=;\nquestion;answer\nWhen?;"At four, perhaps."\n'),
        (read_delimited, b'When?,"At four, perhaps."\n'),
        (read_delimited, 'question,answer\nWhen?,"At four, perhaps."\n'.encode("utf-16")),
        (read_delimited, b'\n\n question , answer \n,\n"\nWhen? "," At four, perhaps.\n\n"\n'),
        (read_json_lines, lines_of({"question": "When?", "answer": "At four, perhaps."})),
        (read_json_lines, b'\xef\xbb\xbf{"Q": "When?", "A": ["At four, perhaps.", null], "answers": 5}\n\n'),
        (read_json, b'[{"question": "When?", "answer": "At four, perhaps.", "id": {"a": []}}]'),
        (read_json, b'{"version": 1, "faq": [{"question": "When?", "answer": "At four, perhaps."}, 5]}'),
    ],
    ids=["comma", "semicolon", "tab", "pipe", "sep", "no-header", "utf-16", "blanks", "lines", "list", "json", "inside"],
)  # fmt: skip
def test_a_question_heads_its_answer(read: Format, raw: bytes) -> None:
    """However it is written, with whatever else beside it."""
    extract = read(raw)

    assert (extract.text, shown(extract), extract.warnings) == ("When?\n\nAt four, perhaps.", PAIR, ())


def test_categories_and_titles_stand_above_questions() -> None:
    """One that is common to all is the title; those that change are headings."""
    rows = [("Q1?", "A1.", "Fees"), ("Q2?", "A2.", "Fees"), ("Q3?", "A3.", ""), ("Q4?", "A4.", "Fees")]
    common = [{"question": q, "answer": a, "category": c, "title": "Help"} for q, a, c in rows]
    own = [{"question": q, "answer": a, "title": title} for (q, a, _), title in zip(rows, "TTUU", strict=True)]

    assert read_json_lines(lines_of(*common)).title == "Help"
    assert shown(read_json_lines(lines_of(*common))) == [
        ("heading", None, "Fees"),
        ("heading", "Fees", "Q1?"),
        (None, "Fees › Q1?", "A1."),
        ("heading", "Fees", "Q2?"),
        (None, "Fees › Q2?", "A2."),
        ("heading", None, "Q3?"),
        (None, "Q3?", "A3."),
        ("heading", None, "Fees"),
        ("heading", "Fees", "Q4?"),
        (None, "Fees › Q4?", "A4."),
    ]
    assert read_json_lines(lines_of(*own)).title == ""
    assert [heading for role, heading, _ in shown(read_json_lines(lines_of(*own))) if role is None] == [
        "T › Q1?", "T › Q2?", "U › Q3?", "U › Q4?",
    ]  # fmt: skip


def test_answers_keep_their_lines() -> None:
    """A line end is a sentence's end too; only a long answer is more than one paragraph; odd characters go."""
    long = "Word " * 200
    extract = read_json_lines(
        lines_of(
            {"question": "Q1?", "answer": "a\r\nb \n\n\n\nc\x00\ud800"},
            {"question": "Q2?", "answer": f"{long}\n\n{long}"},
        )
    )

    assert [(words, block.lines) for (_, _, words), block in zip(shown(extract), extract.blocks, strict=True)] == [
        ("Q1?", False),
        ("a\nb\n\nc\ufffd", True),
        ("Q2?", False),
        (long.strip(), False),
        (long.strip(), False),
    ]


def test_source_and_date_are_the_documents_where_all_agree() -> None:
    """A document has one of each."""
    first = read_json_lines(lines_of(*SEVERAL["first"]))
    both = read_json_lines(lines_of(*SEVERAL["first"], *SEVERAL["more"]))

    assert (first.source, first.date) == ("https://a.example/b", "2026-01-02")
    assert (both.source, both.date) == (None, "2026-01-02")


def test_what_is_no_question_with_an_answer_is_named() -> None:
    """By its line in CSV and JSON Lines, by its number in JSON; the rest is read."""
    table = read_delimited(b"question,answer\nWhen?,\nWho?,Ann.\n,Bob.\nWhat?\n")
    lines = read_json_lines(b'{"question": "Who?", "answer": "Ann."}\n{"question": \n\n[1]\n{"question": "What?"}\n')
    listed = read_json(b'[{"question": "Who?", "answer": "Ann."}, {"question": "Who?"}]')

    assert table.warnings == ("3 without question or answer, left out: line 2, 4, 5",)
    assert lines.warnings == (
        "2 that are no JSON objects, left out: line 2, 4",
        "1 without question or answer, left out: line 5",
    )
    assert listed.warnings == ("1 without question or answer, left out: object 2",)
    assert {extract.text for extract in (table, lines, listed)} == {"Who?\n\nAnn."}


def test_empty_cells_beyond_the_columns_are_no_cells() -> None:
    """Programs write them; only what is cut is warned of."""
    extract = read_delimited(b"Name,Price\nPen,3,,\nInk,5,\n")

    assert (extract.text, extract.warnings) == ("Name: Pen\nPrice: 3\n\nName: Ink\nPrice: 5", ())


def test_a_switch_is_no_answer() -> None:
    """Nobody would understand it alone; a number is one."""
    extract = read_json_lines(lines_of({"question": "Open?", "answer": True}, {"question": "How many?", "answer": 7}))

    assert (extract.text, extract.warnings) == ("How many?\n\n7", ("1 without question or answer, left out: line 1",))


def test_rows_of_other_tables_name_their_columns() -> None:
    """Each is a paragraph that can be understood alone; empty cells are left out."""
    extract = read_delimited(b'Name;Price;Day\nChild;1,50;\n;;\n"Old\npeople";2,50;Mon;x\n')

    assert shown(extract) == [
        (None, None, "Name: Child\nPrice: 1,50"),
        (None, None, "Name: Old people\nPrice: 2,50\nDay: Mon"),
    ]
    assert [block.lines for block in extract.blocks] == [True, True]
    assert extract.warnings == ("1 with more cells than there are columns, cut: line 5",)


NO_NAMES = (
    "has no names of columns: put a row with them at the top, “question” and “answer” for questions with their answers"
)
NO_PAIRS = "holds no questions with answers: give each object “question” and “answer”, or remove the file"


@pytest.mark.parametrize(
    ("read", "raw", "message"),
    [
        (read_delimited, b"only\none\ncolumn\n", NO_NAMES),
        (read_delimited, b"name,price\n", NO_NAMES),
        (read_delimited, b"1,2\n3,4\n", NO_NAMES),
        (read_delimited, b"a,a\nb,c\n", NO_NAMES),
        (read_delimited, b"a,,c\n1,2,3\n", NO_NAMES),
        (
            read_delimited,
            b'question,answer\nWhen?,"At four\n' + b"word " * 30_000,
            (
                "is no table that can be read (near line 3: field larger than field limit (131072)): "
                "look for a quotation mark that is not closed"
            ),
        ),
        (
            read_json_lines,
            b'\n{"question": "When?"\n[]\n',
            (
                "is no JSON Lines (line 2, column 21: Expecting ',' delimiter): "
                "put one object with “question” and “answer” into each line"
            ),
        ),
        (read_json_lines, b'{"id": 1, "question": "When?", "answers": ["At four"]}\n', NO_PAIRS),
        (read_json, b'[{"question": "When?"', "is no JSON (line 1, column 22: Expecting ',' delimiter): mend it there"),
        (read_json, b"[" * 100_000, "is no JSON (line 1: it is nested too deeply): mend it there"),
        (
            read_json,
            b"9" * 5_000,
            (
                "is no JSON (line 1: Exceeds the limit (4300 digits) for integer string conversion: value has 5000 digits; "
                "use sys.set_int_max_str_digits() to increase the limit): mend it there"
            ),
        ),
        (read_json, b"5", NO_PAIRS),
        (read_json, json.dumps(SEVERAL).encode(), NO_PAIRS),
        (read_json, b'["When?", "At four."]', NO_PAIRS),
    ],
)
def test_what_holds_no_answers_is_refused(read: Format, raw: bytes, message: str) -> None:
    """With the reason and what to do."""
    assert refusal(read, raw) == message


@pytest.mark.parametrize("read", [read_delimited, read_json_lines])
def test_nothing_is_empty(read: Format) -> None:
    """An empty file gives an empty text, which the entry names."""
    assert read(b" \n").text == ""


cells = st.text(alphabet="ab?.,;|\t\"'\n\x00\u2028 \ud800é", max_size=12)


@given(st.lists(st.lists(cells, min_size=2, max_size=3), max_size=5), st.booleans())
def test_blocks_of_any_table(rows: list[list[str]], with_names: bool) -> None:  # noqa: FBT001 - hypothesis passes by name
    """Blocks are in order and hold every character, whatever stands in the cells; or the table is refused."""
    file = io.StringIO()
    csv.writer(file).writerows([["question", "answer", "topic"]] * with_names + rows)
    try:
        extract = read_delimited(file.getvalue().encode("utf-8", "surrogatepass"))
    except ReadError:
        return
    check_extract(extract)


values = st.recursive(cells | st.none() | st.integers() | st.floats(), st.lists, max_leaves=3)


@given(st.lists(st.dictionaries(st.sampled_from(["question", "A", "answer", "title", "topic", "date"]), values)))
def test_blocks_of_any_objects(objects: list[dict[str, Any]]) -> None:
    """The same for JSON and JSON Lines, which agree with each other."""
    extracts = []
    for read, raw in ((read_json_lines, lines_of(*objects)), (read_json, json.dumps(objects).encode())):
        try:
            extracts.append(read(raw))
        except ReadError:
            extracts.append(Extract("", ()))
        check_extract(extracts[-1])
    assert (extracts[0].text, extracts[0].blocks) == (extracts[1].text, extracts[1].blocks)


@given(st.binary(max_size=200), st.sampled_from([read_delimited, read_json, read_json_lines]))
def test_any_bytes_are_read_or_refused(raw: bytes, read: Format) -> None:
    """No bytes raise anything but `ReadError`."""
    try:
        check_extract(read(raw))
    except ReadError:
        return


@pytest.mark.parametrize(
    ("question", "answer", "cited"),
    [
        ("is it open on sunday", "No, only from Monday to Saturday.", "[1] faq › Visits › Is the library open on Sundays? · line 5 · faq.csv"),
        ("What does a card cost?", "Nothing for children; 20 euros a year for adults.", "[1] faq › Membership › How much does a library card cost? · line 11 · faq.csv"),
        ("I forgot my password", "1. Open the sign-in page.\n2. Press Forgot password.", "[1] faq › Help › How do I reset my password? · line 17 · faq.csv"),
    ],
)  # fmt: skip
def test_an_answer_is_found_by_its_question(faq_bot: QaBot, question: str, answer: str, cited: str) -> None:
    """The excerpt is the answer, and its citation names the question."""
    excerpt = faq_bot.ask(question).excerpts[0]

    assert (excerpt.text, cite(1, excerpt.citation)) == (answer, cited)


@pytest.fixture(scope="module")
def faq_bot(tmp_path_factory: pytest.TempPathFactory) -> QaBot:
    """Open a bot over a table of questions with their answers."""
    folder: Path = tmp_path_factory.mktemp("faq")
    (folder / "seeds").mkdir()
    (folder / "seeds" / "faq.csv").write_text(FAQ, encoding="utf-8")
    paths = Paths(seeds=folder / "seeds", embeddings=folder / "embeddings")
    return QaBot.open(Settings(folder=folder, paths=paths))
