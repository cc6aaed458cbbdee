"""Paragraphs become vectors: one for each window and each sentence, and small ones for the word pieces."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from qa_bot.encoder.vectors import Encoder, Vectors
from qa_bot.index.late import compress, content_pieces, projection
from qa_bot.languages import ENGLISH

Progress = Callable[[int, int], None]
Offsets = tuple[int, int]
# Compressed word pieces, and the number of the sentence each stands in.
Pieces = tuple[NDArray[np.int8], NDArray[np.int32]]

# Texts are encoded in order of length, so that little is padded, this many between two reports of progress.
TEXTS_PER_STEP = 256

HEADING_END = "\n"
# Models put a mark before and one after each text.
MODEL_MARKS = 2
# Longer headings and titles say little by their ends.
MAX_HEADING_CHARACTERS = 200
# The number of no sentence: where pieces of titles and headings stand.
NOWHERE = -1


def no_progress(done: int, total: int) -> None:
    """Report nothing."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph to encode; the offsets of its sentences count from its own start.

    The heading above it is encoded with it, since "How long is it?" under the heading "Warranty" is a question that only
    both answer together. Title and heading count as its words for keyword search, which tells documents apart by them, and
    as its word pieces: what a document is about is seldom said again in each of its paragraphs. Its vectors do without the
    title, by which all paragraphs of a document would only come closer to each other.
    """

    text: str
    sentences: tuple[Offsets, ...]
    title: str = ""
    heading: str = ""
    language: str = ENGLISH

    @property
    def words(self) -> str:
        """What keyword search finds the paragraph by."""
        return f"{self.title}\n{self.heading}\n{self.text}"

    @property
    def characters(self) -> int:
        """How much there is to encode: a paragraph of one sentence is encoded once, others as a whole and by sentences."""
        by_sentences = sum(end - start for start, end in self.sentences) if len(self.sentences) > 1 else 0
        return len(self.text) + by_sentences


@dataclass(frozen=True, slots=True)
class EncodedPassage:
    """The numbers of one paragraph.

    ``windows`` and ``sentences`` have a unit vector a row; ``pieces`` the compressed vectors of its word pieces, and
    ``piece_sentences`` the sentence that each stands in, ascending; those of title and heading stand in none and have -1.
    """

    windows: Vectors
    sentences: Vectors
    pieces: NDArray[np.int8]
    piece_sentences: NDArray[np.int32]


@runtime_checkable
class BulkEncoder(Protocol):
    """An encoder that encodes many paragraphs in a way of its own."""

    def encode_in_bulk(
        self, passages: Sequence[Passage], progress: Progress, matrix: Vectors | None
    ) -> tuple[list[EncodedPassage], Vectors]:
        """Do what `encode_passages` does."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of a passage that is encoded as one text."""

    row: int
    start: int
    end: int


def encode_passages(
    passages: Sequence[Passage], encoder: Encoder, progress: Progress, *, matrix: Vectors | None = None
) -> tuple[list[EncodedPassage], Vectors]:
    """Encode paragraphs, at least one; returns them with the projection used for the pieces.

    ``matrix`` is the projection of the paragraphs they will stand beside, if any.

    A paragraph longer than the encoder's window is cut at sentence ends into several windows. A sentence that is longer
    has a vector of its beginning only; its windows hold the rest.
    """
    if isinstance(encoder, BulkEncoder):
        return encoder.encode_in_bulk(passages, progress, matrix)
    passages = _with_fitting_headings(passages, encoder)
    # All are counted in one call, which is far quicker than a call each; few have to be cut.
    sizes = encoder.count_pieces([_under_heading(passage, 0, len(passage.text)) for passage in passages])
    windows = [
        _Part(row, *span)
        for row, (passage, size) in enumerate(zip(passages, sizes, strict=True))
        for span in ([(0, len(passage.text))] if size <= encoder.window else windows_of(passage, encoder))
    ]
    # A paragraph of one window and one sentence needs one vector, not the same one twice.
    short = {row for row, count in Counter(part.row for part in windows).items() if count == 1}
    lone = {row for row in short if len(passages[row].sentences) == 1}
    sentences = [
        _Part(row, *span) for row, passage in enumerate(passages) if row not in lone for span in passage.sentences
    ]
    meter = _Meter(progress, sum(part.end - part.start for part in [*windows, *sentences]))
    window_vectors, pieces, matrix = _encode_windows(passages, windows, encoder, meter, matrix)
    sentence_vectors = _encode_sentences(passages, sentences, encoder, meter, window_vectors.shape[1])
    titles = _encode_titles(passages, encoder, matrix)

    window_rows, sentence_rows = _rows(windows, len(passages)), _rows(sentences, len(passages))
    encoded = []
    for row in range(len(passages)):
        parts = [pieces[at] for at in window_rows[row]]
        if passages[row].title:
            parts.append(titles[passages[row].title, passages[row].language])
        vectors, numbers = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
        # The pieces of title and headings stand in no sentence: they go to the front.
        order = np.argsort(numbers, kind="stable")
        encoded.append(
            EncodedPassage(
                windows=window_vectors[window_rows[row]],
                sentences=window_vectors[window_rows[row]] if row in lone else sentence_vectors[sentence_rows[row]],
                pieces=vectors[order],
                piece_sentences=numbers[order],
            )
        )
    return encoded, matrix


def windows_of(passage: Passage, encoder: Encoder) -> list[Offsets]:
    """Cut a paragraph into windows that the encoder reads whole: at sentence ends, or at blanks where it must."""
    room = encoder.window - MODEL_MARKS - _pieces(passage.heading, encoder)
    if _pieces(passage.text, encoder) <= room:
        return [(0, len(passage.text))]
    spans = [part for span in passage.sentences for part in _fitting(passage.text, span, encoder, room)]
    windows: list[Offsets] = []
    size = room
    for start, end in spans:
        pieces = _pieces(passage.text[start:end], encoder)
        if windows and size + pieces <= room:
            windows[-1] = (windows[-1][0], end)
            size += pieces
        else:
            windows.append((start, end))
            size = pieces
    return windows


def _with_fitting_headings(passages: Sequence[Passage], encoder: Encoder) -> list[Passage]:
    """Leave out headings that would take more than half of a window."""
    headings = sorted({passage.heading for passage in passages if passage.heading})
    sizes = dict(zip(headings, encoder.count_pieces(headings), strict=True))
    most = encoder.window // 2 + MODEL_MARKS
    return [p if sizes.get(p.heading, 0) <= most else replace(p, heading="") for p in passages]


def _pieces(text: str, encoder: Encoder) -> int:
    return encoder.count_pieces([text])[0] - MODEL_MARKS if text else 0


def _fitting(text: str, span: Offsets, encoder: Encoder, room: int) -> Iterator[Offsets]:
    """Halve a stretch, at a blank if there is one near, until each part fits."""
    start, end = span
    if end - start == 1 or _pieces(text[start:end], encoder) <= room:
        yield span
        return
    middle = (start + end) // 2
    blanks = text.rfind(" ", start + 1, middle), text.find(" ", middle, end - 1)
    cut = min((blank for blank in blanks if blank > 0), key=lambda blank: abs(blank - middle), default=middle)
    yield from _fitting(text, (start, cut), encoder, room)
    yield from _fitting(text, (cut, end), encoder, room)


class _Meter:
    """Reports how many characters are done."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress, self._total, self._done = progress, total, 0

    def add(self, parts: Sequence[_Part]) -> None:
        self._done += sum(part.end - part.start for part in parts)
        self._progress(self._done, self._total)


def _steps(parts: Sequence[_Part]) -> Iterator[list[int]]:
    order = sorted(range(len(parts)), key=lambda at: parts[at].start - parts[at].end)
    return (order[first : first + TEXTS_PER_STEP] for first in range(0, len(order), TEXTS_PER_STEP))


def _encode_windows(
    passages: Sequence[Passage], parts: Sequence[_Part], encoder: Encoder, meter: _Meter, matrix: Vectors | None
) -> tuple[Vectors, list[Pieces], Vectors]:
    """Encode windows: their vectors, their compressed pieces with sentence numbers, and the projection."""
    vectors: dict[int, Vectors] = {}
    pieces: dict[int, Pieces] = {}
    for step in _steps(parts):
        texts = [_under_heading(passages[parts[at].row], parts[at].start, parts[at].end) for at in step]
        for at, text, (vector, token_vectors) in zip(step, texts, encoder.encode_passages(texts), strict=True):
            if matrix is None:
                matrix = projection(len(vector))
            vectors[at] = vector
            passage, part = passages[parts[at].row], parts[at]
            own = content_pieces(text, token_vectors, passage.language)
            starts = [start for start, _ in passage.sentences]
            offsets = part.start + token_vectors.starts[own] - (len(text) - (part.end - part.start))
            numbers = np.where(offsets < part.start, NOWHERE, np.searchsorted(starts, offsets, side="right") - 1)
            pieces[at] = compress(matrix, token_vectors.vectors[own]), numbers.astype(np.int32)
        meter.add([parts[at] for at in step])
    assert matrix is not None
    in_order = range(len(parts))
    return np.stack([vectors[at] for at in in_order]), [pieces[at] for at in in_order], matrix


def _under_heading(passage: Passage, start: int, end: int) -> str:
    text = passage.text[start:end]
    return f"{passage.heading}{HEADING_END}{text}" if passage.heading else text


def _encode_titles(passages: Sequence[Passage], encoder: Encoder, matrix: Vectors) -> dict[tuple[str, str], Pieces]:
    """Encode the word pieces of each title, in its language, once."""
    keys = sorted({(passage.title, passage.language) for passage in passages if passage.title})
    texts = [title[:MAX_HEADING_CHARACTERS] for title, _ in keys]
    titles: dict[tuple[str, str], Pieces] = {}
    for key, text, (_, tokens) in zip(keys, texts, encoder.encode_passages(texts), strict=True):
        own = content_pieces(text, tokens, key[1])
        titles[key] = compress(matrix, tokens.vectors[own]), np.full(len(own), NOWHERE, dtype=np.int32)
    return titles


def _encode_sentences(
    passages: Sequence[Passage], parts: Sequence[_Part], encoder: Encoder, meter: _Meter, dimension: int
) -> Vectors:
    vectors = np.empty((len(parts), dimension), dtype=np.float32)
    for step in _steps(parts):
        vectors[step] = encoder.encode_documents(
            [passages[parts[at].row].text[parts[at].start : parts[at].end] for at in step]
        )
        meter.add([parts[at] for at in step])
    return vectors


def _rows(parts: Sequence[_Part], count: int) -> list[list[int]]:
    """Group the positions of parts by the passage they belong to."""
    rows: list[list[int]] = [[] for _ in range(count)]
    for at, part in enumerate(parts):
        rows[part.row].append(at)
    return rows
