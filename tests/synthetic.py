"""Synthetic but realistic text, in any quantity, with an encoder that needs not read it.

Sentences of public collections are recombined into paragraphs of a subject each, and some of their words are replaced, so that
hardly any two are alike. Each sentence of the pool was encoded once by the real encoder; the stand-in gives a sentence the
vector of the one it was made of, with some noise that depends on its words, and a paragraph the mean of its sentences'. Word
pieces are whole words, each with the vector that the real encoder gave it somewhere in the pool. Questions are really encoded.
"""

import hashlib
import random
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa_bot.encoder.packaged import WINDOW, PackagedEncoder
from qa_bot.encoder.vectors import TokenVectors, Vectors, normalise
from qa_bot.evaluation.collection import load_collection
from qa_bot.evaluation.jsonlines import read_lines
from qa_bot.models.identity import Identity
from qa_bot.splitting import split

COLLECTIONS = ("squad2", "scifact")
# A sentence of the pool is known again by its first words, which are never replaced.
KNOWN_BY = 4
LENGTHS = (8, 40)
REPLACED = 3
NOISE = 0.35
NOISES = 1 << 13
SENTENCES = (3, 4, 5, 5, 6, 7, 9)
PARAGRAPHS_PER_DOCUMENT = 50
# A paragraph's sentences stand near each other in the pool, as those of one subject do.
NEAR = 40

WORD = re.compile(r"\w+")
SENTENCE_END = re.compile(r"(?<=[.!?]) (?=[A-Z])")


@dataclass(frozen=True, eq=False)
class Pool:
    """Sentences with what the real encoder made of them: a vector each, and one for each word.

    ``rate`` is how many characters a second it encoded.
    """

    sentences: list[str]
    vectors: Vectors
    words: dict[str, int]
    word_vectors: Vectors
    rate: float

    @classmethod
    def make(cls, data: Path, count: int) -> "Pool":
        """Encode sentences of public collections."""
        encoder = PackagedEncoder(threads=2)
        encoder.load()
        sentences = list(_sentences(data, count))
        vectors, words, word_vectors = [], dict[str, int](), []
        started = time.perf_counter()
        for text, (vector, tokens) in zip(sentences, encoder.encode_passages(sentences), strict=True):
            vectors.append(vector)
            for start, own in zip(tokens.starts, tokens.vectors, strict=True):
                word = WORD.match(text, int(start))
                if word is not None and word.group().lower() not in words:
                    words[word.group().lower()] = len(words)
                    word_vectors.append(own.astype(np.float16))
        rate = sum(map(len, sentences)) / (time.perf_counter() - started)
        return cls(sentences, np.stack(vectors), words, np.stack(word_vectors).astype(np.float32), rate)

    @classmethod
    def load(cls, file: Path, data: Path, count: int) -> "Pool":
        """Read a pool, or make it and keep it for the next time."""
        if not file.exists():
            pool = cls.make(data, count)
            np.savez(
                file, sentences=np.array(pool.sentences), vectors=pool.vectors, words=np.array(list(pool.words)),
                word_vectors=pool.word_vectors, rate=pool.rate,
            )  # fmt: skip
        kept = np.load(file)
        words = {word: number for number, word in enumerate(kept["words"].tolist())}
        return cls(kept["sentences"].tolist(), kept["vectors"], words, kept["word_vectors"], float(kept["rate"]))


def _sentences(data: Path, count: int) -> Iterator[str]:
    """Give sentences of middling length whose first words no other has, evenly from all collections."""
    seen = set[str]()
    for name in COLLECTIONS:
        left = count // len(COLLECTIONS)
        for paragraph in load_collection(data / name / "paragraphs.jsonl"):
            document = paragraph.read()
            spans = [span for own in split(document) for span in own.sentences]
            for text in (document.text[span.start : span.end] for span in spans):
                sound = LENGTHS[0] <= len(text.split()) <= LENGTHS[1] and len(SENTENCE_END.split(text)) == 1
                if left and sound and text[0].isupper() and text[-1] in ".!?" and key_of(text) not in seen:
                    seen.add(key_of(text))
                    left -= 1
                    yield text


def key_of(sentence: str) -> str:
    """Give what a sentence of the pool is known again by."""
    return " ".join(sentence.split(maxsplit=KNOWN_BY)[:KNOWN_BY])


def questions(data: Path, count: int) -> list[str]:
    """Give real questions to ask, of all collections."""
    each = -(-count // len(COLLECTIONS))
    found = []
    for name in COLLECTIONS:
        asked = [str(fields["question"]) for _, fields in read_lines(data / name / "questions.jsonl")]
        found += asked[:: max(len(asked) // each, 1)][:each]
    return found[:count]


def write_seeds(folder: Path, pool: Pool, paragraphs: int, seed: int = 1) -> None:
    """Write text files with so many paragraphs together."""
    words = [word for word in pool.words if len(word) > 4]
    for number in range(-(-paragraphs // PARAGRAPHS_PER_DOCUMENT)):
        generator = random.Random(seed * 1_000_003 + number)
        count = min(PARAGRAPHS_PER_DOCUMENT, paragraphs - number * PARAGRAPHS_PER_DOCUMENT)
        texts = [_paragraph(generator, pool.sentences, words) for _ in range(count)]
        file = folder / f"{number // 1000:03}" / f"document-{number:06}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n\n".join(texts) + "\n", encoding="utf-8")


def _paragraph(generator: random.Random, sentences: Sequence[str], words: Sequence[str]) -> str:
    first = generator.randrange(len(sentences))
    chosen = [
        sentences[(first + generator.randrange(NEAR)) % len(sentences)] for _ in range(generator.choice(SENTENCES))
    ]
    return " ".join(_reworded(generator, sentence, words) for sentence in chosen)


def _reworded(generator: random.Random, sentence: str, words: Sequence[str]) -> str:
    """Replace some words behind those that a sentence is known by, other than the last."""
    parts = sentence.split()
    for _ in range(REPLACED):
        at = generator.randrange(KNOWN_BY, len(parts) - 1)
        if parts[at].isalpha():
            parts[at] = generator.choice(words)
    return " ".join(parts)


class StandIn:
    """An encoder that looks vectors up; see above."""

    window = WINDOW

    def __init__(self, pool: Pool) -> None:
        """Know the sentences of a pool."""
        self._pool = pool
        self._rows = {key_of(sentence): row for row, sentence in enumerate(pool.sentences)}
        self._real = PackagedEncoder(threads=2)
        generator = np.random.default_rng(7)
        self._noise = NOISE * normalise(generator.standard_normal((NOISES, pool.vectors.shape[1])))

    @cached_property
    def identity(self) -> Identity:
        """Name it, with the digest of the pool."""
        return Identity("stand-in", hashlib.sha256(self._pool.vectors.tobytes()).hexdigest())

    def load(self) -> None:
        """Load the encoder of questions."""
        self._real.load()

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        """Count words, with a mark before and one after each text."""
        return [2 + min(text.count(" ") + 1, WINDOW - 2) for text in texts]

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Look texts up: unit vectors, shape ``(len(texts), dimension)``."""
        return np.stack([self._whole(text) for text in texts])

    def encode_passages(self, texts: Sequence[str]) -> Iterator[tuple[NDArray[np.float32], TokenVectors]]:
        """Look texts up, as wholes and word by word."""
        known = self._pool.words
        for text in texts:
            words = list(WORD.finditer(text))
            rows = [known.get(word.group().lower(), 0) for word in words]
            starts = np.array([word.start() for word in words], dtype=np.int32)
            ends = np.array([word.end() for word in words], dtype=np.int32)
            yield self._whole(text), TokenVectors(starts, ends, self._pool.word_vectors[rows])

    def encode_questions(self, questions: Sequence[str]) -> list[tuple[NDArray[np.float32], TokenVectors]]:
        """Really encode questions."""
        return self._real.encode_questions(questions)

    def _whole(self, text: str) -> NDArray[np.float32]:
        total = np.zeros(self._pool.vectors.shape[1], dtype=np.float32)
        for sentence in SENTENCE_END.split(text):
            row = self._rows.get(key_of(sentence))
            if row is not None:
                noise = int.from_bytes(hashlib.blake2b(sentence.encode(), digest_size=4).digest()) % NOISES
                total += self._pool.vectors[row] + self._noise[noise]
        return normalise(total)
