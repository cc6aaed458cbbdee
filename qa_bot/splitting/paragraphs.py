"""Blocks become paragraphs: each gets its role, its line and its sentences."""

from collections.abc import Iterator

from qa_bot.records import Block, Document, Paragraph, Role
from qa_bot.splitting.roles import role_of
from qa_bot.splitting.sentences import sentences_of

# Raised whenever a document would be read or split differently than before: indexes built by another version are outdated.
SPLITTER_VERSION = 5


def split(document: Document) -> tuple[Paragraph, ...]:
    """Split a document into paragraphs.

    Every non-blank character of the text is in exactly one paragraph, every sentence inside its paragraph, and both are
    in the order of the text. The function is pure: the same document gives the same paragraphs.
    """
    return tuple(_paragraphs(document))


def _paragraphs(document: Document) -> Iterator[Paragraph]:
    text = document.text
    line, counted, prose_before = 1, 0, False
    for number, block in enumerate(document.blocks, start=1):
        line += text.count("\n", counted, block.start)
        counted = block.start
        role = block.role or role_of(text[block.start : block.end], prose_before=prose_before)
        prose_before = prose_before or role is Role.BODY
        yield _paragraph(document, block, number, line, role)


def _paragraph(document: Document, block: Block, number: int, line: int, role: Role) -> Paragraph:
    return Paragraph(
        number=number,
        start=block.start,
        end=block.end,
        line=line,
        role=role,
        sentences=sentences_of(document.text, block.start, block.end, lines=block.lines, language=document.language),
        heading=block.heading,
        page=block.page,
    )
