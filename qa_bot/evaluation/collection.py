"""Paragraph files: the corpus of a public benchmark, a paragraph a line, taken as it is."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from qa_bot.errors import QuestionSetError, ReadError
from qa_bot.evaluation.jsonlines import read_lines, text_field
from qa_bot.languages import language_of
from qa_bot.records import Block, Document, Role
from qa_bot.surrogates import replace_surrogates


@dataclass(frozen=True, slots=True)
class CollectionParagraph:
    """A line of a paragraph file, as a document of one paragraph."""

    name: str
    title: str
    text: str
    source: str

    @property
    def stamp(self) -> str:
        """The digest of title and words."""
        return hashlib.sha256(f"{self.title}\n{self.text}".encode()).hexdigest()

    def read(self) -> Document:
        """Give the document. Raises `ReadError` if there are no words."""
        start = len(self.text) - len(self.text.lstrip())
        end = len(self.text.rstrip())
        if start >= end:
            msg = "is empty: give it words, or remove the line"
            raise ReadError(msg)
        blocks = (Block(start, end, Role.BODY),)
        language = language_of(self.text)
        return Document(self.name, self.title, self.source, self.text, blocks, self.stamp, language=language)


def load_collection(path: Path) -> list[CollectionParagraph]:
    """Read a paragraph file in the form of JSON Lines: ``{"id": …, "title": …, "text": …}``.

    Raises:
        QuestionSetError: the file breaks the form; the message names the line.

    """
    paragraphs: dict[str, CollectionParagraph] = {}
    for number, fields in read_lines(path):
        name = text_field(path, number, fields, "id")
        if name in paragraphs:
            msg = f"{path}, line {number}: the id {name!r} stands twice"
            raise QuestionSetError(msg)
        text = fields.get("text")
        if not isinstance(text, str):
            msg = f"{path}, line {number}: 'text' is missing or no text"
            raise QuestionSetError(msg)
        title = fields.get("title")
        title = title if isinstance(title, str) and title.strip() else name
        paragraphs[name] = CollectionParagraph(
            replace_surrogates(name), replace_surrogates(title), replace_surrogates(text), f"{path.name}#{name}"
        )
    if not paragraphs:
        msg = f"{path} holds no paragraphs: put one JSON object on each line"
        raise QuestionSetError(msg)
    return list(paragraphs.values())


def name_of(path: Path) -> str:
    """Name a collection by its paragraph file, so that its index is kept between runs, apart from the documents' own."""
    digest = hashlib.sha256(str(path.resolve()).encode()).hexdigest()
    return f"{path.resolve().parent.name}-{path.stem}-{digest[:8]}"
