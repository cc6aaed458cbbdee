"""What the front matter of Markdown says of where a document is from."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.reading.entry import read
from qa_bot.reading.markdown import read_markdown
from qa_bot.records import Role


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("source: https://news.example/a?b=1&c=2#d", "https://news.example/a?b=1&c=2#d"),
        ('source:  "http://news.example/a" ', "http://news.example/a"),
        ("source: 'https://news.example/a'", "https://news.example/a"),
        ("source: the archive", "page.md"),
        ("source: javascript:alert(1)", "page.md"),
        ("source: https://two.example/a and more", "page.md"),
        ("title: source: https://news.example/a", "page.md"),
        ("", "page.md"),
    ],
)
def test_a_source_on_the_web_is_the_documents_source(tmp_path: Path, line: str, source: str) -> None:
    """Only an address is; the file's name stays what it is called."""
    (tmp_path / "page.md").write_text(
        f"---\ndate: 2026-01-02\n{line}\n---\n# Tea\n\nTea is at four.\n", encoding="utf-8"
    )

    document = read(tmp_path / "page.md")

    assert (document.name, document.source, document.date) == ("page.md", source, "2026-01-02")


def test_elsewhere_it_says_nothing(tmp_path: Path) -> None:
    """Neither below the front matter nor in plain text."""
    for name in ("page.md", "page.txt"):
        (tmp_path / name).write_text("# Tea\n\n---\nsource: https://news.example/a\n---\n", encoding="utf-8")

        assert read(tmp_path / name).source == name


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("---\nTitle: 'Tea: a guide'\nAuthor: Ann  Lee\nLang: en-GB\n---", ("Tea: a guide", "Ann Lee", "en")),
        (
            "---\ntitle: >\n  Tea\n  time\nauthors: [Ann, Bob, Ann]\nlanguage: de_AT\n---",
            ("Tea time", "Ann, Bob", "de"),
        ),
        ('+++\ntitle = "Tea time"\nauthor = ["Ann"]\nlang = "fr"\n+++', ("Tea time", "Ann", "fr")),
        ("---\ntitle: ''\nauthor:\nlanguage: und\n...", ("Tea", None, "en")),
        ("---\ntitle: {a: b}\nauthor: [{name: Ann}]\nlanguage: a language\n---", ("Tea", None, "en")),
    ],
)
def test_title_author_and_language(tmp_path: Path, head: str, expected: tuple[str, str | None, str]) -> None:
    """They are the document's in YAML and in TOML; what has no sound form is left out."""
    (tmp_path / "page.md").write_text(f"{head}\n# Tea\n\nTea is at four.\n", encoding="utf-8")

    document = read(tmp_path / "page.md")

    assert (document.title, document.author, document.language) == expected
    assert document.warnings == ()
    assert [block.role for block in document.blocks] == [Role.FURNITURE, Role.TITLE, None]


@pytest.mark.parametrize(
    ("date", "day"),
    [
        ("2026-01-02", "2026-01-02"),
        ("'2026-01-02'", "2026-01-02"),
        ("2026-01-02T23:59:59+02:00", "2026-01-02"),
        ("2026-01-02 10:00", "2026-01-02"),
        ("2026-02-30", None),
        ("2026-01-023", None),
        ("2 January 2026", None),
        ("20260102", None),
    ],
)
def test_a_date_in_iso_form_is_the_documents_date(tmp_path: Path, date: str, day: str | None) -> None:
    """The day of it, as long as there is such a day."""
    (tmp_path / "page.md").write_text(f"---\ndate: {date}\n---\nTea is at four.\n", encoding="utf-8")

    assert read(tmp_path / "page.md").date == day


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        ("---\ndate: 2026-01-02\ntitle: Tea: a guide\n---", "line 3: mapping values are not allowed here; values with a colon need quotation marks"),
        ("---\n" + "[" * 5_000 + "\n---", "it is nested too deeply"),
        ("---\na: &a [*a]\n---", None),
        ("---\na: \x07\n---", None),
        ("+++\ntitle = Tea\n+++", "Invalid value (at line 1, column 9)"),
        ("+++\na = " + "[" * 5_000 + "\n+++", "it is nested too deeply"),
        ("---\na: '" + "long " * 10_001 + "'\n---", "it has more than 50000 characters"),
    ],
    ids=["colon", "deep", "recursive", "control", "toml", "deep-toml", "long"],
)  # fmt: skip
def test_front_matter_that_breaks_the_rules_is_a_warning(head: str, reason: str | None) -> None:
    """The text below it is read all the same, and what was not read is not quoted."""
    extract = read_markdown(f"{head}\n# Tea\n\nTea is at four.\n".encode())

    [warning] = extract.warnings
    assert warning.startswith("the front matter is ")
    assert reason is None or warning.endswith(f": {reason}")
    assert [block.role for block in extract.blocks] == [Role.FURNITURE, Role.TITLE, None]


def test_what_breaks_the_rules_is_read_line_by_line() -> None:
    """A title with a colon is read as it was meant, and so is what stands around it."""
    extract = read_markdown(
        b"---\nTitle: Tea: a guide\ndate: '2026-01-02'\nlist:\n  - a: b\nsource: https://a.example/b\n---\nTea.\n"
    )

    assert (extract.title, extract.date, extract.source) == ("Tea: a guide", "2026-01-02", "https://a.example/b")
    assert extract.warnings == (
        (
            "the front matter is read line by line only: line 2: mapping values are not allowed here; "
            "values with a colon need quotation marks"
        ),
    )


def test_aliases_cost_nothing() -> None:
    """Nine lines that stand for a thousand million words are read at once."""
    lines = ["a0: &a0 [lol, lol]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10))]

    extract = read_markdown("\n".join(["---", *lines, "title: *a9", "date: 2026-01-02", "---", "Tea."]).encode())

    assert (extract.title, extract.date, extract.warnings) == ("", "2026-01-02", ())


def test_words_between_two_rules_are_no_front_matter() -> None:
    """They are quoted like all others."""
    extract = read_markdown(b"---\nTea is at four.\n---\n\nCake is at five.\n")

    assert [extract.text[block.start : block.end] for block in extract.blocks if block.role is None] == [
        "Cake is at five."
    ]


@given(st.text(alphabet="ab:-+[]{}&*!'\"|> \n\t#,0", max_size=60), st.sampled_from(["---", "+++"]))
def test_any_front_matter_is_read_or_warned_of(head: str, fence: str) -> None:
    """Nothing written there keeps the text below from being read."""
    text = f"{fence}\n{head}\n{fence}\n\nTea is at four.\n"

    extract = read_markdown(text.encode())

    assert extract.text == text
    assert any("Tea is at four." in text[block.start : block.end] for block in extract.blocks)
