"""Rows → batches of word pieces with types and the positions of the answers."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from qa_bot.reader.marks import PASSAGE, QUESTION, passage_types, question_types, shared_words
from qa_bot.training.rows import Row

LONGEST_QUESTION = 48
# Rows of similar length are batched, so that little is padding; within so many rows their order is otherwise random.
POOL = 2_000


@dataclass(frozen=True, slots=True)
class Features:
    """One row as the model takes it; ``start`` and ``end`` are 0, the first piece, where there is no answer."""

    ids: NDArray[np.int64]
    types: NDArray[np.int64]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Tensors of shape ``(rows, longest)``; ``starts`` and ``ends`` of shape ``(rows,)``."""

    ids: Tensor
    types: Tensor
    mask: Tensor
    starts: Tensor
    ends: Tensor


class Featurizer:
    """Turns rows into features with a tokenizer of transformers, whose first and last special pieces it uses."""

    def __init__(self, tokenizer: Any, window: int) -> None:  # noqa: ANN401 - tokenizers share no useful type
        """Give the tokenizer, and the longest input in word pieces."""
        self._tokenizer = tokenizer
        self._window = window

    def featurize(self, row: Row, generator: random.Random) -> Features | None:
        """Give the features of a row; of a long passage a window with the answer; ``None`` if it has no such window."""
        question_ids, question_starts, _ = self._pieces(row.question)
        question_ids, question_starts = question_ids[:LONGEST_QUESTION], question_starts[:LONGEST_QUESTION]
        ids, starts, ends = self._pieces(row.passage)
        if not len(ids) or not len(question_ids):
            return None
        answer = _positions(row, starts, ends)
        room = self._window - len(question_ids) - 3
        first = _window(len(ids), room, answer, generator)
        own = slice(first, first + room)
        if answer is not None and not first <= answer[0] <= answer[1] < first + room:
            return None
        shared = shared_words(row.question, row.passage)
        cls, sep = self._tokenizer.cls_token_id, self._tokenizer.sep_token_id
        before = len(question_ids) + 2
        return Features(
            np.concatenate([[cls], question_ids, [sep], ids[own], [sep]]),
            np.concatenate(
                [
                    [QUESTION],
                    question_types(shared, question_starts),
                    [QUESTION],
                    passage_types(shared, starts[own]),
                    [PASSAGE],
                ]
            ),
            0 if answer is None else answer[0] - first + before,
            0 if answer is None else answer[1] - first + before,
        )

    def _pieces(self, text: str) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        encoded = self._tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
        offsets = np.array(encoded["offset_mapping"], dtype=np.int64).reshape(-1, 2)
        return np.array(encoded["input_ids"], dtype=np.int64), offsets[:, 0], offsets[:, 1]


def _positions(row: Row, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> tuple[int, int] | None:
    """Name the first and the last piece of the answer."""
    if not row.answers:
        return None
    start, end = row.answers[0]
    inside = np.flatnonzero((ends > start) & (starts < end))
    return (int(inside[0]), int(inside[-1])) if len(inside) else None


def _window(pieces: int, room: int, answer: tuple[int, int] | None, generator: random.Random) -> int:
    """Choose where the window of a passage begins: anywhere, but around the answer."""
    latest = max(0, pieces - room)
    if answer is None:
        return generator.randint(0, latest)
    lowest = max(0, answer[1] - room + 1)
    return generator.randint(min(lowest, latest), max(min(answer[0], latest), min(lowest, latest)))


def batches(rows: Sequence[Row], featurizer: Featurizer, *, pieces: int, seed: int) -> Iterator[Batch]:
    """Yield the rows in batches of about ``pieces`` word pieces, in an order that the seed alone decides."""
    generator = random.Random(seed)  # noqa: S311 - reproducible, no secrets
    for first in range(0, len(rows), POOL):
        made = (featurizer.featurize(row, generator) for row in rows[first : first + POOL])
        pool = sorted((features for features in made if features is not None), key=lambda item: len(item.ids))
        groups = list(_groups(pool, pieces))
        generator.shuffle(groups)
        yield from map(collate, groups)


def _groups(pool: Sequence[Features], pieces: int) -> Iterator[list[Features]]:
    group: list[Features] = []
    for features in pool:
        if group and len(features.ids) * (len(group) + 1) > pieces:
            yield group
            group = []
        group.append(features)
    if group:
        yield group


def collate(group: Sequence[Features]) -> Batch:
    """Pad features to the longest of them."""
    longest = max(len(features.ids) for features in group)
    ids, types, mask = (torch.zeros(len(group), longest, dtype=torch.long) for _ in range(3))
    for number, features in enumerate(group):
        length = len(features.ids)
        ids[number, :length] = torch.from_numpy(features.ids)
        types[number, :length] = torch.from_numpy(features.types)
        mask[number, :length] = 1
    starts, ends = (torch.tensor([getattr(features, edge) for features in group]) for edge in ("start", "end"))
    return Batch(ids, types, mask, starts, ends)
