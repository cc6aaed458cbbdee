"""What is said of a document that somebody sent, before it is added. Pure."""

from pathlib import PurePosixPath

from qa_bot.channels.telegram import words
from qa_bot.channels.telegram.formatted import BOLD, ITALIC, QUOTE, Formatted, join, styled
from qa_bot.counting import counted
from qa_bot.seeding.receiving import NOTHING, Preview

# So much is shown of a title, an author, a warning and the text's beginning, and so many warnings.
LONGEST_TITLE, LONGEST_AUTHOR, LONGEST_WARNING, LONGEST_BEGINNING = 200, 100, 200, 500
MOST_WARNINGS = 3


def render_preview(preview: Preview) -> Formatted:
    """Write what a document is, how it begins, and what would become of it."""
    document = preview.document
    if preview.twin is not None:
        return styled(words.THERE_ALREADY.format(name=document.name, twin=preview.twin))
    parts = [
        styled(_line(document.title, LONGEST_TITLE), BOLD),
        styled(_facts(preview)),
        *(styled(f"Warning: {_line(text, LONGEST_WARNING)}", ITALIC) for text in document.warnings[:MOST_WARNINGS]),
        styled(words.beginning(preview.beginning, LONGEST_BEGINNING), QUOTE),
        styled(_effect(preview)),
    ]
    return join([part for part in parts if part.text], "\n")


def _facts(preview: Preview) -> str:
    document = preview.document
    facts = [
        document.name,
        f"format {PurePosixPath(document.name).suffix[1:].lower()}",
        f"language {document.language}",
    ]
    facts += [document.date] if document.date else []
    facts += [f"by {_line(document.author, LONGEST_AUTHOR)}"] if document.author else []
    counts = f"{counted(preview.paragraphs, 'paragraph')}, of which {preview.quotable or 'none'} can be quoted"
    return f"{' · '.join(facts)}\n{counts}"


def _effect(preview: Preview) -> str:
    if preview.before == NOTHING:
        return words.NEW_DOCUMENT
    name = preview.document.name
    if preview.replaced is None:
        return words.WOULD_REPLACE_UNREADABLE.format(name=name)
    return words.WOULD_REPLACE.format(name=name, paragraphs=counted(preview.replaced, "paragraph"))


def _line(text: str, longest: int) -> str:
    return words.beginning(" ".join(text.split()), longest)
