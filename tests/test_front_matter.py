"""What the front matter of Markdown says of where a document is from."""

from pathlib import Path

import pytest

from qa_bot.reading.entry import read


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
