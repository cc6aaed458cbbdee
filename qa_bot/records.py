"""The nouns of qa_bot: what flows from the documents to an answer.

Everything here is frozen and knows nothing of files, models or screens. All offsets count code points in
``Document.text`` and are half-open: ``text[start:end]``.
"""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a paragraph is in its document."""

    TITLE = "title"
    BYLINE = "byline"
    HEADING = "heading"
    BODY = "body"
    CAPTION = "caption"
    FURNITURE = "furniture"

    @property
    def quotable(self) -> bool:
        """Whether a paragraph of this role may be found and quoted; headings and furniture say nothing alone."""
        return self not in {Role.HEADING, Role.FURNITURE}


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a document as its reader found it: the raw material of one paragraph.

    ``role`` is set where the format itself says it (a heading), else ``None`` and left to the splitter. With ``lines``
    every line of the block stands for itself (a list, a table, code), so that a line end is a sentence end too.
    """

    start: int
    end: int
    role: Role | None = None
    heading: str | None = None
    page: int | None = None
    lines: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A text in ``seeds/``: its words, where they came from, the blocks its reader saw, and its language (ISO 639).

    ``date`` (ISO 8601) is the day that the document gives of itself, ``changed`` the day its file was changed last, which
    says less: copying a file changes it too.
    """

    name: str
    title: str
    source: str
    text: str
    blocks: tuple[Block, ...]
    digest: str
    warnings: tuple[str, ...] = ()
    language: str = "en"
    date: str | None = None
    author: str | None = None
    changed: str | None = None

    @property
    def day(self) -> str | None:
        """The day that tells which of two documents is newer: its own if it has one."""
        return self.date or self.changed


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, by its offsets in the document's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """An exact stretch of a document: the unit that is found and quoted.

    ``number`` counts the document's paragraphs from 1, ``line`` its lines from 1.
    """

    number: int
    start: int
    end: int
    line: int
    role: Role
    sentences: tuple[Sentence, ...]
    heading: str | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Scores:
    """How well one paragraph fits one question; every value is "higher is better".

    ``paragraph`` and ``sentence`` are cosines, ``lexical`` is BM25 divided by its reachable weight, ``late`` is late
    interaction (0 where it was not computed), ``total`` is what hits are ordered by.
    """

    paragraph: float
    sentence: float
    lexical: float
    late: float
    total: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A paragraph found for a question. ``paragraph`` is its id in the index, ``rank`` counts from 1."""

    paragraph: int
    rank: int
    scores: Scores


@dataclass(frozen=True, slots=True)
class SentenceScores:
    """How well one sentence answers one question.

    ``coverage`` is the share of the question's weight whose words stand in the sentence, ``cosine`` and ``late`` as in
    `Scores`, ``type`` says whether the sentence holds what the question word asks for, ``reader`` from -1 to 1 how sure
    the reader is that it answers (0 without a reader), ``total`` is their weighted sum.
    """

    coverage: float
    cosine: float
    late: float
    type: float
    reader: float
    total: float


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for and against a paragraph, each value as its confidence weighs it.

    ``coverage``, ``cosine``, ``late``, ``type`` and ``reader`` are those of its best sentence. ``known`` is the share of
    the question's weight whose words occur anywhere in the documents, ``lead`` how far the hit's score is above the mean
    of the next four.
    """

    coverage: float
    cosine: float
    late: float
    type: float
    known: float
    lead: float
    reader: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """A hit with its document, its sentences scored, and the probability that it answers.

    ``read`` says whether a reader has read it with the question, ``behind`` that it was too far behind the best hit for that,
    ``type`` whether the sentence that answers best by all scores but a reader's holds the kind of thing asked for, as in
    `SentenceScores`, ``explains`` whether the question asks what a name means and the hit says so; ``answer`` are the words of
    the best sentence that the reader holds for the answer, if it does.
    """

    hit: Hit
    document: Document
    paragraph: Paragraph
    sentences: tuple[SentenceScores, ...]
    signals: Signals
    read: bool
    type: float
    explains: bool
    answer: Sentence | None
    confidence: float
    behind: bool = False

    @property
    def best(self) -> int:
        """The number of the sentence that answers best."""
        return max(range(len(self.sentences)), key=lambda number: self.sentences[number].total)


@dataclass(frozen=True, slots=True)
class Citation:
    """Where an excerpt stands.

    ``occurrence`` of ``occurrences``: which one it is where the same words stand more than once in the document.
    """

    document: str
    title: str
    source: str
    start: int
    end: int
    line: int
    paragraph: int
    page: int | None
    heading: str | None
    occurrence: int
    occurrences: int
    date: str | None = None
    changed: str | None = None


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Words of a document, exactly, with the sentences that answer and the way back to them.

    ``answer`` are the words inside a highlight that are the answer itself, where a reader is sure of them.
    """

    number: int
    text: str
    citation: Citation
    highlights: tuple[Sentence, ...]
    answer: Sentence | None
    score: float
    receipt: str
    evidence: Evidence


class Status(StrEnum):
    """Whether the documents answer."""

    ANSWERED = "answered"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds spent on a question."""

    encode: float
    retrieve: float
    evidence: float
    total: float


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """Which index answered."""

    generation: int
    model: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot says to a question.

    ``excerpts`` answer; ``further`` are the next hits, for a channel that offers more; ``near`` are the nearest
    passages of a question that is ``not_found``: not an answer. ``ranking`` is every hit before any threshold.
    ``conflicts`` are the numbers of the excerpts that contradict each other, newest document first; mostly none.
    """

    question: str
    status: Status
    confidence: float
    excerpts: tuple[Excerpt, ...]
    further: tuple[Excerpt, ...]
    near: tuple[Excerpt, ...]
    ranking: tuple[Hit, ...]
    index: IndexInfo
    timings: Timings
    conflicts: tuple[int, ...] = ()
