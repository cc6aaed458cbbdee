"""Readers on transformers: extractive question-answering models and cross-encoders, by name or path."""

import threading
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qa_bot.errors import ReaderError
from qa_bot.models.identity import Identity, cached_commit, identity_of
from qa_bot.models.precision import Precision, use_bfloat16
from qa_bot.reader.reading import LONGEST_WINDOW, QUESTIONS_SHARE, STRIDE, Passage
from qa_bot.reader.spans import Reading, Window, read_sentences

if TYPE_CHECKING:
    from transformers import BatchEncoding


class TransformerReader:
    """A reader on transformers; the model is loaded at the first question, or by `load`."""

    # The operator chose it for the documents.
    languages = None

    def __init__(self, model: str, *, folder: Path, precision: Precision) -> None:
        """Name the reader; nothing is loaded yet.

        Args:
            model: a name at the hub of models, or a path: a model for extractive question answering, or a cross-encoder,
                whose one score of question and passage then counts for every sentence of the passage.
            folder: what a relative path is relative to.
            precision: as for the encoder.

        """
        self.model = model
        self._folder = folder
        self._precision = precision
        self._lock = threading.Lock()
        # Tokenizers are told how to cut before they are used, and bear no other use meanwhile.
        self._tokenizing = threading.Lock()

    @cached_property
    def identity(self) -> Identity:
        """The model's name and the digest of its weights. Raises `ReaderError`."""
        path = self._local_path()
        if path is None and cached_commit(self.model) is None:
            self.load()
        return identity_of(self.model, path)

    def load(self) -> None:
        """Load the model now. Raises `ReaderError`."""
        _ = self._loaded

    def read(self, question: str, passages: Sequence[Passage]) -> Iterator[Reading]:
        """Read the question with each passage, all in one batch, at once."""
        if not passages:
            return iter(())
        loaded = self._loaded
        import torch

        with self._tokenizing:
            batch = self._tokenize(self._cut(question), passages)
        names = [name for name in loaded.tokenizer.model_input_names if name in batch]
        with torch.inference_mode():
            output = loaded.model(**{name: torch.as_tensor(batch[name]) for name in names})
        if not loaded.extractive:
            return iter(_whole_passages(output.logits.float().numpy(), batch, passages))
        logits = np.stack([output.start_logits.float().numpy(), output.end_logits.float().numpy()]).astype(np.float64)
        windows = _windows(batch, logits)
        return (read_sentences(windows[number], passage.sentences) for number, passage in enumerate(passages))

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
        room = self._loaded.window // QUESTIONS_SHARE
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
                tokenizer = AutoTokenizer.from_pretrained(source)
                extractive, model = _open_model(source, config)
        except Exception as exc:  # transformers raises whatever comes to it, and torch too
            reason = (str(exc).strip().splitlines() or [type(exc).__name__])[0]
            msg = (
                f"the reader {self.model!r} cannot be loaded ({reason[:200]}): name a question-answering model or a "
                "cross-encoder, or the folder of one, as reader under [evidence] in config.toml"
            )
            raise ReaderError(msg) from exc
        window = min(
            tokenizer.model_max_length, getattr(config, "max_position_embeddings", LONGEST_WINDOW), LONGEST_WINDOW
        )
        return _Loaded(model.to(dtype).eval(), tokenizer, window, extractive)

    def _local_path(self) -> Path | None:
        path = self._folder / Path(self.model).expanduser()
        return path if path.is_dir() else None


@dataclass(frozen=True, slots=True)
class _Loaded:
    model: Any
    tokenizer: Any
    window: int
    extractive: bool


def _open_model(source: str, config: Any) -> tuple[bool, Any]:  # noqa: ANN401 - transformers' configurations share no useful type
    from transformers import AutoModelForQuestionAnswering, AutoModelForSequenceClassification

    architecture = (getattr(config, "architectures", None) or [""])[0]
    if architecture.endswith("ForSequenceClassification") and config.num_labels == 1:
        return False, AutoModelForSequenceClassification.from_pretrained(source)
    if architecture.endswith("ForQuestionAnswering"):
        return True, AutoModelForQuestionAnswering.from_pretrained(source)
    msg = f"it is a {architecture or 'model of unknown kind'}"
    raise ValueError(msg)


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
