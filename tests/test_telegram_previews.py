"""What is said of a document before it is added, in the words that people see."""

from dataclasses import replace

from qa_bot.channels.telegram.formatted import LONGEST_MESSAGE
from qa_bot.channels.telegram.previews import render_preview
from qa_bot.records import Document
from qa_bot.seeding.receiving import Preview

DOCUMENT = Document(
    "tea.MD", "The  tea\n", "tea.MD", "At four.", (), "d", ("is no UTF-8: read as cp1252",), "de", "2025-03-01", "Ann"
)
PREVIEW = Preview(DOCUMENT, 3, 1, "At four.", None, "", None)


def test_all_that_is_known_is_said() -> None:
    """In the same order always, what it is before what would become of it."""
    shown = render_preview(PREVIEW)

    assert shown.text == (
        "The tea\ntea.MD · format md · language de · 2025-03-01 · by Ann\n3 paragraphs, of which 1 can be quoted\n"
        "Warning: is no UTF-8: read as cp1252\nAt four.\nIt would be a new document."
    )
    assert [(span.kind, shown.text[span.start : span.end]) for span in shown.spans] == [
        ("bold", "The tea"), ("italic", "Warning: is no UTF-8: read as cp1252"), ("expandable_blockquote", "At four."),
    ]  # fmt: skip


def test_what_is_not_known_is_left_out() -> None:
    """And nothing is quoted of what cannot be quoted."""
    bare = replace(DOCUMENT, warnings=(), date=None, author=None)

    assert render_preview(Preview(bare, 1, 0, "", None, "digest", 1)).text == (
        "The tea\ntea.MD · format md · language de\n1 paragraph, of which none can be quoted\n"
        "It will replace tea.MD, of 1 paragraph."
    )


def test_what_would_become_of_it_comes_last() -> None:
    """Whatever that is."""
    unreadable = render_preview(replace(PREVIEW, before="digest")).text
    there = render_preview(replace(PREVIEW, twin="coffee.md")).text

    assert unreadable.splitlines()[-1] == "It will replace tea.MD, which cannot be read."
    assert there == "tea.MD is already there as coffee.md, byte for byte: nothing to do."


def test_it_fits_into_a_message() -> None:
    """However much a document says of itself."""
    long = "🦊" * 5_000
    document = replace(DOCUMENT, name=f"{'n' * 176}.txt", title=long, author=long, warnings=(long,) * 50)
    shown = render_preview(replace(PREVIEW, document=document, beginning=long, before="digest", replaced=10**9))

    assert shown.size <= LONGEST_MESSAGE
    assert shown.text.count("Warning: ") == 3
