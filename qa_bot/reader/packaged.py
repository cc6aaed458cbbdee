"""The packaged reader, and those that ``make reader`` leaves: a small model in int8, without torch."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qa_bot.languages import ENGLISH
from qa_bot.models.identity import Identity
from qa_bot.models.int8 import Int8Model
from qa_bot.models.tokenizer import open_tokenizer
from qa_bot.reader.marks import marked_types, shared_words, sides
from qa_bot.reader.reading import LONGEST_WINDOW, QUESTIONS_SHARE, STRIDE, Passage
from qa_bot.reader.spans import Reading, Window, read_sentences

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

PACKAGED_READER = "packaged"
FOLDER = Path(__file__).parent / "model"

# What the model gives, in this order.
OUTPUTS = ("starts", "ends")

Run = Callable[[Sequence[int], Sequence[int]], list[NDArray[np.float32]]]


@dataclass(frozen=True, slots=True)
class _Ready:
    """A passage with the windows that show it: their word pieces, and the types of these."""

    passage: Passage
    windows: "list[tuple[Encoding, list[int]]]"


class PackagedReader:
    """A reader made by ``make reader``; the model is loaded at the first question, or by `load`."""

    # What it learnt from is in English.
    languages = frozenset({ENGLISH})

    def __init__(self, name: str, *, threads: int, folder: Path = FOLDER) -> None:
        """Name the reader, as the settings do; nothing is loaded yet. So many ``threads`` read a passage each, or one together."""
        self._name = name
        self._model = Int8Model(folder, threads=threads)

    @property
    def identity(self) -> Identity:
        """The reader's name and the digest of its model. Raises `ModelError`."""
        return Identity(self._name, self._model.digest)

    def load(self) -> None:
        """Load the model now. Raises `ModelError`."""
        self._model.load(alone=True)

    def read(self, question: str, passages: Sequence[Passage]) -> Iterator[Reading]:
        """Begin to read the question with each passage, a thread each, or with one on all threads. Raises `ModelError`."""
        if not passages:
            return iter(())
        question = self._cut(question)
        run = self._model.run_alone if len(passages) == 1 else self._model.run
        # Made ready here, each just before it is its turn: a thread that has to wait for Python begins late.
        return self._model.each(
            (self._make_ready(question, passage) for passage in passages), lambda ready: _read(ready, run)
        )

    def _make_ready(self, question: str, passage: Passage) -> "_Ready":
        encoding = self._tokenizer.encode(question, passage.text)
        shared = shared_words(question, passage.text)
        windows = [(window, marked_types(window, shared).tolist()) for window in (encoding, *encoding.overflowing)]
        return _Ready(passage, windows)

    def _cut(self, question: str) -> str:
        """Keep the beginning of a question that would leave a passage no room."""
        room = LONGEST_WINDOW // QUESTIONS_SHARE
        spans = self._uncut.encode(question, add_special_tokens=False).offsets
        return question if len(spans) <= room else question[: spans[room][0]]

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        tokenizer = open_tokenizer()
        tokenizer.enable_truncation(LONGEST_WINDOW, stride=STRIDE, strategy="only_second")
        return tokenizer

    @cached_property
    def _uncut(self) -> "Tokenizer":
        return open_tokenizer()


def _read(ready: _Ready, run: Run) -> Reading:
    windows = [_window(encoding, types, run) for encoding, types in ready.windows]
    return read_sentences(windows, ready.passage.sentences)


def _window(encoding: "Encoding", types: list[int], run: Run) -> Window:
    start, end = run(encoding.ids, types)
    own = sides(encoding) == 1
    offsets = np.asarray(encoding.offsets, dtype=np.int64)[own]
    starts, ends = start.astype(np.float64), end.astype(np.float64)
    return Window(offsets[:, 0], offsets[:, 1], starts[own], ends[own], float(starts[0] + ends[0]))
