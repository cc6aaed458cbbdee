"""Features → batches of word pieces with types and the positions of the answers."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from qa_bot.training.features import FeatureSet

# Rows of similar length are batched, so that little is padding; within so many rows their order is otherwise random.
POOL = 4_000


@dataclass(frozen=True, slots=True)
class Batch:
    """Tensors of shape ``(rows, longest)``; ``starts`` and ``ends`` of shape ``(rows,)``."""

    ids: Tensor
    types: Tensor
    mask: Tensor
    starts: Tensor
    ends: Tensor

    def to(self, device: torch.device) -> "Batch":
        """Move all tensors to a device."""
        return Batch(*(getattr(self, name).to(device) for name in self.__slots__))


def batches(features: FeatureSet, chosen: Sequence[int], *, pieces: int, seed: int) -> Iterator[Batch]:
    """Yield the chosen rows in batches of about ``pieces`` word pieces, in an order that the seed alone decides."""
    for group in grouped(features, chosen, pieces=pieces, seed=seed):
        yield collate(features, group)


def grouped(features: FeatureSet, chosen: Sequence[int], *, pieces: int, seed: int) -> Iterator[list[int]]:
    """Yield the numbers of the rows of each batch."""
    generator = random.Random(seed)  # noqa: S311 - reproducible, no secrets
    for first in range(0, len(chosen), POOL):
        pool = sorted(chosen[first : first + POOL], key=features.length)
        groups = list(_groups(features, pool, pieces))
        generator.shuffle(groups)
        yield from groups


def _groups(features: FeatureSet, pool: Sequence[int], pieces: int) -> Iterator[list[int]]:
    group: list[int] = []
    for row in pool:
        if group and features.length(row) * (len(group) + 1) > pieces:
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def collate(features: FeatureSet, group: Sequence[int]) -> Batch:
    """Pad the rows of a group to the longest of them."""
    rows = np.array(group)
    lengths = features.bounds[rows + 1] - features.bounds[rows]
    mask = np.arange(lengths.max()) < lengths[:, np.newaxis]
    places = (features.bounds[rows][:, np.newaxis] + np.arange(lengths.max()))[mask]
    ids, types = (np.zeros(mask.shape, dtype=np.int64) for _ in range(2))
    ids[mask], types[mask] = features.ids[places], features.types[places]
    edges = (features.starts[rows], features.ends[rows])
    return Batch(
        *map(torch.from_numpy, (ids, types, mask.astype(np.int64), *(edge.astype(np.int64) for edge in edges)))
    )
