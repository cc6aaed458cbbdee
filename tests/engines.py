"""Indexes of two engines side by side."""

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from postgresql_server import PostgreSQLServer
from stand_ins import WordEncoder

from qa_bot.index.embedded import Embedded
from qa_bot.index.keeping import Keeper
from qa_bot.index.postgresql.connecting import Server
from qa_bot.index.postgresql.keeping import Database
from qa_bot.index.searching import Index
from qa_bot.records import Hit
from qa_bot.retriever import encode_question, retrieve
from qa_bot.weights import Weights, packaged_weights

RANKING = Weights.load(packaged_weights(None)).ranking
# The engines add up in different orders, and round the last digit of what they show.
ROUNDING = 3e-6

_numbers = itertools.count(1)


def database(server: PostgreSQLServer, *, exact_below: int = 1_000_000, retry_seconds: float = 10) -> Database:
    """Make a keeper with a schema of its own."""
    where = Server(server.dsn(), f"schema_{next(_numbers)}", search_seconds=10, retry_seconds=retry_seconds)
    return Database(where, room=10_000_000, exact_below=exact_below)


@contextmanager
def opened(keeper: Keeper) -> Iterator[Index]:
    """Open the state in force."""
    index = keeper.open()
    assert index is not None
    with index:
        yield index


def hits(index: Index, question: str) -> list[Hit]:
    """Find what a question finds."""
    return index.read(
        lambda: retrieve(encode_question(question, WordEncoder(), index.lexical), index, RANKING, limit=1_000)
    )


def found(index: Index, question: str) -> list[tuple[str, int, dict[str, float]]]:
    """Find what a question finds: document, ordinal and scores."""
    named = []
    for hit in hits(index, question):
        name, paragraph = index.store.paragraph(hit.paragraph)
        scores = {part: getattr(hit.scores, part) for part in ("paragraph", "sentence", "lexical", "late", "total")}
        named.append((name, paragraph.number, scores))
    return named


def assert_alike(index: Index, other: Index, questions: Sequence[str], words: Sequence[str]) -> None:
    """Compare two indexes: records, vocabulary, numbers, and all that questions find."""
    assert list(index.store.stamps().items()) == list(other.store.stamps().items())
    assert index.store.digests() == other.store.digests()
    assert index.store.refused() == other.store.refused()
    assert index.store.summaries() == other.store.summaries()
    assert index.manifest.counts == other.manifest.counts
    assert list(index.lexical.known_languages) == list(other.lexical.known_languages)
    assert list(index.lexical.letters) == list(other.lexical.letters)
    assert index.lexical.held(words) == other.lexical.held(words)
    assert [index.lexical.idf(word) for word in words] == [other.lexical.idf(word) for word in words]
    assert index.lexical.weigh(words) == other.lexical.weigh(words)
    for name in index.store.stamps():
        _assert_same_document(index, other, name)
    for question in questions:
        ours, theirs = found(index, question), found(other, question)
        assert [hit[:2] for hit in ours] == [hit[:2] for hit in theirs], question
        for (*_, scores), (*_, others) in zip(ours, theirs, strict=True):
            assert scores == pytest.approx(others, abs=ROUNDING), question


def _assert_same_document(index: Index, other: Index, name: str) -> None:
    assert index.store.document(name) == other.store.document(name)
    pairs = list(zip(index.store.paragraphs(name), other.store.paragraphs(name), strict=True))
    assert [(one.paragraph, one.digest) for one, _ in pairs] == [(two.paragraph, two.digest) for _, two in pairs]
    ids = [(one.id, two.id) for one, two in pairs if one.id is not None and two.id is not None]
    assert [one.id is None for one, _ in pairs] == [two.id is None for _, two in pairs]
    for first, second in zip(
        index.numbers([one for one, _ in ids]), other.numbers([two for _, two in ids]), strict=True
    ):
        assert first.language == second.language
        assert np.array_equal(first.sentences, second.sentences)
        assert np.array_equal(first.late.pieces, second.late.pieces)
        assert np.array_equal(first.late.sentences, second.late.sentences)


def embedded(folder: Path) -> Embedded:
    """Make a keeper with a folder of its own."""
    return Embedded(folder / f"index-{next(_numbers)}")
