import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from qa_bot.errors import ReadError
from qa_bot.limits import Limits
from qa_bot.reading import SeedFile, scan
from qa_bot.reading.entry import FORMATS, read
from qa_bot.reading.markdown import markdown_blocks
from qa_bot.reading.plain import plain_blocks
from qa_bot.reading.suffixes import SUFFIXES
from qa_bot.reading.titles import clean_title, looks_like_title, title_of_name
from qa_bot.records import Block, Document, Role

LONG_ITEM = "- " + "a long item goes on and on " * 6 + "here. And then it ends."
WRAPPED = (
    "The council met on Monday in the old town hall and agreed that the new\n"
    "bridge should be opened on the fifth of May. The mayor thanked all those\n"
    "who had worked on it. She asked the engineers to report again in June."
)
UNWRAPPED = (
    "The council met on Monday in the old town hall and agreed that the new bridge should be opened on the fifth.\n"
    "The mayor thanked all those who had worked on it, and she asked the engineers to report again in June.\n"
)

EMPTY = "is empty: put text into it, or remove it"
UNKNOWN = "has no format that is read: convert it, or remove it"
TOO_LARGE = "has 1.2 MB, more than the 1 MB allowed: split it, or raise max_file_mb under [reading] in config.toml"
OUTSIDE = "is a link out of the folder: put the file itself there, or remove the link"

# A block as it shows: its role, the heading it stands under, its words.
Shown = tuple[str | None, str | None, str]


def shown(text: str, blocks: tuple[Block, ...]) -> list[Shown]:
    """Give blocks with their words."""
    return [(block.role, block.heading, text[block.start : block.end]) for block in blocks]


def plain(text: str) -> list[Shown]:
    """Read plain text."""
    return shown(text, plain_blocks(text))


def markdown(text: str) -> list[Shown]:
    """Read Markdown."""
    return shown(text, markdown_blocks(text))


def write(file: Path, content: bytes = b"Some text.") -> Path:
    """Write a file, with the folders above it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def refusal(file: Path | SeedFile) -> str:
    """Give the message with which a file is refused, which is one line."""
    with pytest.raises(ReadError) as caught:
        file.read() if isinstance(file, SeedFile) else read(file)
    assert len(str(caught.value).splitlines()) == 1
    return str(caught.value)


def names(seeds: Path) -> list[str]:
    """Give the names of the files found."""
    return [file.name for file in scan(seeds, Limits(max_file_mb=1))]


def test_wrapped_lines_are_one_paragraph() -> None:
    """Where lines end at a margin, a paragraph is what stands between blank lines."""
    text = f"Minutes\n\n{WRAPPED}\n \t\nPresent:\n- Ann\n- Bob\n"

    assert plain(text) == [("title", None, "Minutes"), (None, None, WRAPPED), (None, None, "Present:\n- Ann\n- Bob")]
    assert [block.lines for block in plain_blocks(text)] == [False, False, True]


def test_long_lines_are_paragraphs() -> None:
    """Where lines do not end at a margin, a long line is a paragraph and short lines in a row belong together."""
    first, second = UNWRAPPED.splitlines()

    assert plain(f"{UNWRAPPED}Ann\nBob\n") == [(None, None, first), (None, None, second), (None, None, "Ann\nBob")]
    assert [block.lines for block in plain_blocks(f"{UNWRAPPED}Ann\nBob\n")] == [False, False, True]


def test_short_lines_stand_for_themselves() -> None:
    """Lines that end before the margin forces them, as in a poem, are lines."""
    text = f"{WRAPPED}\n\nRoses are red,\nviolets are blue.\n"

    assert [block.lines for block in plain_blocks(text)] == [False, True]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("The Title\n\nText follows.", "The Title"),
        ("What is it?\n\nText follows.", "What is it?"),
        ("It is a sentence.\n\nText follows.", None),
        ("Dear Sir,\n\nText follows.", None),
        ("Two\nlines\n\nText follows.", None),
        ("***\n\nText follows.", None),
        ("Word " * 41 + "\n\nText follows.", None),
        ("The only line", None),
    ],
)
def test_first_line_is_the_title_if_it_reads_like_one(text: str, title: str | None) -> None:
    """The first line is the title if it is short, no sentence, and text follows."""
    assert [words for role, _, words in plain(text) if role == "title"] == [title] * (title is not None)


def test_numbered_and_capital_lines_are_headings() -> None:
    """Numbered lines and lines in capitals head the text that follows, until the next heading."""
    text = "The Rules\n\n1. Scope\n\nIt is wide.\n\nIt is deep.\n\n§ 2 Terms\n\nA term.\n\nANNEX\n\nMore."

    assert plain(text) == [
        ("title", None, "The Rules"),
        ("heading", None, "1. Scope"),
        (None, "1. Scope", "It is wide."),
        (None, "1. Scope", "It is deep."),
        ("heading", None, "§ 2 Terms"),
        (None, "§ 2 Terms", "A term."),
        ("heading", None, "ANNEX"),
        (None, "ANNEX", "More."),
    ]


@pytest.mark.parametrize(
    ("line", "heads"),
    [
        ("1. Scope", True), ("2) Terms", True), ("2.1 Terms", True), ("2.1. terms", True), ("3  Terms", True), ("3\tTerms", True),
        ("Chapter 3", True), ("Chapter 3 The end", True), ("PART IV: The end", True), ("IV. The end", True), ("§ 7 Fees", True),
        ("9 to 5 on weekdays", False), ("12 people were killed", False), ("30 days of leave per year", False),
        ("1.2 million people were killed", False), ("I will not resign!", False), ("Civil servants get 30 days", False),
        ("Part time work is allowed", False), ("Mix well", False),
    ],
)  # fmt: skip
def test_what_begins_with_a_number_is_no_heading_for_that(line: str, heads: bool) -> None:  # noqa: FBT001 - a table
    """A heading's number is told by a mark, by what stands before it or by the room behind it; other lines can be quoted."""
    [first, *_] = plain(f"The garden is open.\n\n{line}\n\nThe tea is served at four every day.")[1:]

    assert first[0] == ("heading" if heads else None)


def test_headings_need_text_below_them() -> None:
    """Numbered lines in a row are a list, and the last line heads nothing."""
    text = "Do.\n\n1. Open\n\n2. Close\n\nIt shuts.\n\nTHE END"

    assert [role for role, _, _ in plain(text)] == [None, None, "heading", None, None]


def test_markdown_blocks_are_those_of_the_parser() -> None:
    """Headings, paragraphs, tables, quotes and code are blocks, each noted with the path of its headings."""
    text = (
        "# The Guide\n\nIntro\ntext.\n\nSetup\n-----\n\n### Deep ###\n\nInstall it.\n\n## Usage\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n> quoted\n\n```\none\n\n# two\n```\n"
    )

    assert markdown(text) == [
        ("title", None, "# The Guide"),
        (None, None, "Intro\ntext."),
        ("heading", None, "Setup\n-----"),
        ("heading", "Setup", "### Deep ###"),
        (None, "Setup › Deep", "Install it."),
        ("heading", None, "## Usage"),
        (None, "Usage", "| a | b |\n|---|---|\n| 1 | 2 |"),
        (None, "Usage", "> quoted"),
        (None, "Usage", "```\none\n\n# two\n```"),
    ]
    assert [block.lines for block in markdown_blocks(text)] == [False] * 6 + [True] * 3


def test_front_matter_is_furniture() -> None:
    """Front matter at the very beginning is no content; what looks like it further down is."""
    assert markdown("---\ntitle: x\n\ndraft: no\n---\n# T\n\na\n\n---\n\nb: c\n\n---\n") == [
        ("furniture", None, "---\ntitle: x\n\ndraft: no\n---"),
        ("title", None, "# T"),
        (None, None, "a"),
        ("furniture", None, "---"),
        (None, None, "b: c"),
        ("furniture", None, "---"),
    ]


def test_what_is_not_shown_is_furniture() -> None:
    """Comments, rules and link definitions are no content; a comment inside a paragraph changes nothing."""
    assert markdown("<!-- a\n\nb -->\n\ntext <!-- c --> text\n\n***\n\n[d]: http://e.f\n\n<p>html</p>\n") == [
        ("furniture", None, "<!-- a\n\nb -->"),
        (None, None, "text <!-- c --> text"),
        ("furniture", None, "***"),
        ("furniture", None, "[d]: http://e.f"),
        (None, None, "<p>html</p>"),
    ]


def test_short_list_is_one_block() -> None:
    """A list of short items stays together, nested items included."""
    text = "- one\n- two\n  - nested\n    1. deep\n- three"

    assert markdown(f"{text}\n") == [(None, None, text)]


@pytest.mark.parametrize("item", [LONG_ITEM, "- one\n\n  paragraph more"], ids=["long", "paragraphs"])
def test_items_that_are_prose_are_blocks(item: str) -> None:
    """Where an item is long or has paragraphs, every item of the list is a block."""
    assert markdown(f"- first\n{item}\n- last\n") == [
        (None, None, "- first"),
        (None, None, item),
        (None, None, "- last"),
    ]


@pytest.mark.parametrize("announced", ["- one\n- two", "1. one\n2. two", "```\ncode\n```", "| a |\n|---|\n| b |"])
def test_colon_joins_what_it_announces(announced: str) -> None:
    """A paragraph that ends with a colon is one block with the list, code or table below it; nothing else joins."""
    text = f"Do this:\n\n{announced}\n\nNote:\n\nText.\n\nDone.\n\n{announced}\n"

    joined = [f"Do this:\n\n{announced}", "Note:", "Text.", "Done.", announced]
    assert markdown(text) == [(None, None, words) for words in joined]


def test_only_a_first_heading_is_the_title() -> None:
    """The first heading of the first level is the title; another one is a heading, whose text is noted with it."""
    assert markdown("## A\n\na\n\n# B\n\nb\n") == [
        ("heading", None, "## A"),
        (None, "A", "a"),
        ("heading", None, "# B"),
        (None, "B", "b"),
    ]


@pytest.mark.parametrize(
    ("written", "title"),
    [("# A ##", "A"), ("A\n  b\n===", "A b"), ("#\tA", "A"), ("C#", "C#"), ("#1 hit", "#1 hit"), ("", "")],
)
def test_titles_lose_their_marks(written: str, title: str) -> None:
    """A title is shown without the marks of a heading, and what only looks like one stays."""
    assert clean_title(written) == title


@pytest.mark.parametrize(
    ("name", "title"),
    [("reports/annual-report_2025.txt", "annual report 2025"), ("--.md", "--.md"), ("a.b.txt", "a.b")],
)
def test_file_name_makes_a_title(name: str, title: str) -> None:
    """A file name becomes readable words, and never nothing."""
    assert title_of_name(name) == title
    assert not looks_like_title("")


def test_document_holds_what_the_file_holds(tmp_path: Path) -> None:
    """A document has its name, title, text, blocks, the digest of the file's bytes, and warnings."""
    raw = b"\xef\xbb\xbf# The  Title #\r\n\r\nText\x00.\r\n"

    assert read(write(tmp_path / "a.md", raw), name="sub/a.md") == Document(
        name="sub/a.md",
        title="The Title",
        source="sub/a.md",
        text="# The  Title #\n\nText\x00.\n",
        blocks=(Block(0, 14, Role.TITLE), Block(16, 22)),
        digest=hashlib.sha256(raw).hexdigest(),
        warnings=("holds NUL characters",),
    )


@pytest.mark.parametrize(("name", "title"), [("my-notes.txt", "my notes"), ("A_b.MARKDOWN", "A b")])
def test_document_without_title_is_called_like_its_file(tmp_path: Path, name: str, title: str) -> None:
    """Where the text has no title the file name serves; the case of its ending does not matter."""
    assert read(write(tmp_path / name)).title == title


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", b"", EMPTY),
        ("a.md", b" \r\n\t\n", EMPTY),
        ("a.xyz", b"text", UNKNOWN),
        ("txt", b"text", UNKNOWN),
        ("a.txt", b"a" * 1_200_000, TOO_LARGE),
    ],
)
def test_files_that_are_no_documents_are_refused(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    """A file that cannot become a document is refused with the reason and what to do."""
    write(tmp_path / name, content)
    (file,) = scan(tmp_path, Limits(max_file_mb=1))

    assert refusal(file) == message


def test_only_files_are_read(tmp_path: Path) -> None:
    """A folder named like a text, a pipe and a link to nowhere are refused; folders are not even listed."""
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "link.txt").symlink_to("nowhere")
    os.mkfifo(tmp_path / "pipe.txt")

    assert refusal(tmp_path / "folder.txt") == "is a folder, not a file"
    assert refusal(tmp_path / "pipe.txt") == "is no regular file: remove it"
    assert refusal(tmp_path / "link.txt") == "is no regular file: remove it"
    assert names(tmp_path) == ["link.txt", "pipe.txt"]


def test_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    """A file that vanished is not taken for one of the wrong kind."""
    assert refusal(tmp_path / "a.txt").startswith("cannot be read (No such file or directory)")


def test_scan_lists_files_by_name(tmp_path: Path) -> None:
    """Files of the folder and of the folders in it are listed by name; hidden ones and the question set are not."""
    for name in ("b.txt", "a.md", "sub/c.txt", "sub/questions.jsonl", "questions.jsonl", ".d.txt", ".e/f.txt", "g.pdf"):
        write(tmp_path / name)

    assert names(tmp_path) == ["a.md", "b.txt", "g.pdf", "sub/c.txt", "sub/questions.jsonl"]


def test_scan_needs_a_folder(tmp_path: Path) -> None:
    """A missing folder is refused with what to do."""
    with pytest.raises(ReadError, match=r"none is no folder: make it and put documents into it, or set seeds under"):
        scan(tmp_path / "none", Limits(max_file_mb=1))


def test_links_out_of_the_folder_are_refused(tmp_path: Path) -> None:
    """A link to a file elsewhere is not read, a link inside the folder is; linked folders are not walked."""
    write(tmp_path / "secret.txt", b"Secret.")
    write(tmp_path / "seeds/real.txt", b"Real.")
    (tmp_path / "seeds/inside.txt").symlink_to("real.txt")
    (tmp_path / "seeds/outside.txt").symlink_to("../secret.txt")
    (tmp_path / "seeds/folder").symlink_to(tmp_path, target_is_directory=True)

    files = {file.name: file for file in scan(tmp_path / "seeds", Limits(max_file_mb=1))}

    assert list(files) == ["folder", "inside.txt", "outside.txt", "real.txt"]
    assert files["inside.txt"].read().text == "Real."
    assert refusal(files["outside.txt"]) == OUTSIDE
    assert refusal(files["folder"]) == OUTSIDE


def test_names_of_any_bytes_can_be_stored(tmp_path: Path) -> None:
    """A file name that is no UTF-8 is spelt with escapes, so that it can be shown, and the file is read."""
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")).write_bytes(b"Text.")
    write(tmp_path / "日本 😀.txt")

    assert names(tmp_path) == ["caf\\xe9.txt", "日本 😀.txt"]
    assert scan(tmp_path, Limits(max_file_mb=1))[0].read().name == "caf\\xe9.txt"


def test_stamp_tells_a_changed_file(tmp_path: Path) -> None:
    """The stamp stays while the file does, and differs once it is written to; a link to nowhere has one too."""
    write(tmp_path / "a.txt")
    (tmp_path / "b.txt").symlink_to("nowhere")
    before, again = (scan(tmp_path, Limits(max_file_mb=1)) for _ in range(2))
    write(tmp_path / "a.txt", b"Other text.")

    assert before == again
    assert before[0].stamp != scan(tmp_path, Limits(max_file_mb=1))[0].stamp
    assert before[1].stamp == "unreadable"


def test_stamp_tells_other_limits(tmp_path: Path) -> None:
    """A file that was refused is read again when a limit was raised, as the refusal says."""
    write(tmp_path / "a.txt")
    chosen = (Limits(), Limits(max_file_mb=1), Limits(max_seconds=1), Limits(max_memory_mb=1), Limits(max_characters=1))

    assert len({scan(tmp_path, limits)[0].stamp for limits in chosen}) == len(chosen)
    assert scan(tmp_path, Limits())[0].stamp == scan(tmp_path, Limits())[0].stamp


def test_the_suffixes_are_those_of_the_formats() -> None:
    """They are told without loading one."""
    assert tuple(FORMATS) == SUFFIXES
    code = "import sys; from qa_bot.reading.suffixes import SUFFIXES; sys.exit('qa_bot.reading.entry' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
