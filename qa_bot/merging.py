"""Two questions in one: the evidence of each becomes one list."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from qa_bot.records import Evidence


def merge(parts: Sequence[Sequence[Evidence]], *, limit: int) -> list[Evidence]:
    """Put the best hit of each part first, then the second of each; the surest part leads.

    So the answer is as sure as its best part: half an answer is one. A paragraph that several parts find counts once.
    """
    if len(parts) == 1:
        return list(parts[0])
    ordered = sorted((part for part in parts if part), key=lambda part: -part[0].confidence)
    distinct: dict[int, Evidence] = {}
    for row in zip_longest(*ordered):
        for item in row:
            if item is not None:
                distinct.setdefault(item.hit.paragraph, item)
    best = list(distinct.values())[:limit]
    return [replace(item, hit=replace(item.hit, rank=rank)) for rank, item in enumerate(best, start=1)]
