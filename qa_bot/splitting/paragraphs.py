"""Blocks become paragraphs: each gets its role, its line and its sentences."""

import itertools
from collections.abc import Iterator

from qa_bot.errors import ReadError
from qa_bot.records import Block, Document, Paragraph, Role, Sentence
from qa_bot.splitting.parts import LONGEST_PARAGRAPH, parts_of
from qa_bot.splitting.roles import role_of
from qa_bot.splitting.sentences import sentences_of

# Raised whenever a document would be read or split differently than before: indexes built by another version are outdated.
SPLITTER_VERSION = 7
# More sentences than this take gigabytes of vectors; a text of the most characters that are allowed has fewer.
MOST_SENTENCES = 300_000


def split(document: Document) -> tuple[Paragraph, ...]:
    """Split a document into paragraphs.

    Every non-blank character of the text is in exactly one paragraph, every sentence inside its paragraph, and both are
    in the order of the text. The function is pure: the same document gives the same paragraphs.

    Raises:
        ReadError: the text falls into too many sentences.

    """
    paragraphs, sentences = [], 0
    for paragraph in _paragraphs(document):
        paragraphs.append(paragraph)
        sentences += len(paragraph.sentences)
        if sentences > MOST_SENTENCES:
            msg = f"falls into more than {MOST_SENTENCES:,} sentences: split it, or remove it"
            raise ReadError(msg)
    return tuple(paragraphs)


def _paragraphs(document: Document) -> Iterator[Paragraph]:
    text = document.text
    line, counted, prose_before = 1, 0, False
    numbers = itertools.count(1)
    for block in document.blocks:
        role = block.role or role_of(text[block.start : block.end], prose_before=prose_before)
        prose_before = prose_before or role is Role.BODY
        for start, end, sentences in _parts(document, block):
            line += text.count("\n", counted, start)
            counted = start
            yield Paragraph(next(numbers), start, end, line, role, sentences, block.heading, block.page)


def _parts(document: Document, block: Block) -> Iterator[tuple[int, int, tuple[Sentence, ...]]]:
    """Give a block as it is, or cut at sentence ends if it is too long to be found and quoted as one paragraph."""
    sentences = sentences_of(document.text, block.start, block.end, lines=block.lines, language=document.language)
    if block.end - block.start <= LONGEST_PARAGRAPH:
        yield block.start, block.end, sentences
    else:
        for part in parts_of(document.text, sentences):
            yield part[0].start, part[-1].end, part
