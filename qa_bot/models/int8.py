"""Int8 models run on ONNX Runtime, one text at a time. The only module that imports onnxruntime to run a model."""

import hashlib
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from qa_bot.errors import ModelError
from qa_bot.models.precision import overflows

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Item = TypeVar("Item")
Result = TypeVar("Result")

MODEL = "model.int8.onnx"
DIGEST = "model.sha256"
INPUTS = ("ids", "types")
MEND = "reinstall qa-bot"

# Where products of bytes would overflow, this takes other instructions, exact ones; they take twice as long.
EXACT_PRODUCTS = ("session.x64quantprecision", "1")
# A sum and its normalisation are quicker one after the other than as the one operator that would take their place: by a
# tenth of a text of 180 pieces, with ONNX Runtime 1.32.
SLOWER = ("SkipLayerNormFusion",)
# A thread that has nothing to do waits asleep: awake, it takes the cores from all else, and saves a tenth of a text.
WAIT_ASLEEP = ("session.intra_op.allow_spinning", "0")


class Int8Model:
    """A quantised model in a folder; it is loaded at its first text, or by `load`.

    The inputs of its products are quantised by one scale for all that is read at once. A text by itself therefore always
    gets the same numbers; among others it would not. Nor is anything padded: one text at a time is the quickest way, too (with
    all-MiniLM-L6-v2 on two cores an eighth quicker than batches of 8).
    """

    def __init__(self, folder: Path, *, threads: int) -> None:
        """Name the model; nothing is loaded yet. So many ``threads`` read a text each, or one text together."""
        self.folder = folder
        self._threads = threads
        self._lock = threading.Lock()
        self._one_together = threading.Lock()

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the model's file, as it was when it was made. Raises `ModelError`."""
        try:
            return (self.folder / DIGEST).read_text(encoding="ascii").strip()
        except (OSError, UnicodeError) as exc:
            msg = f"{self.folder / DIGEST} cannot be read ({exc}): {MEND}"
            raise ModelError(msg) from exc

    def load(self, *, alone: bool = False) -> None:
        """Load the model now, for `run_alone` as well if wanted. Raises `ModelError` if it is missing or is not the one made."""
        _ = self._session
        if alone:
            _ = self._session_of_all

    def run(self, ids: Sequence[int], types: Sequence[int]) -> list[NDArray[np.float32]]:
        """Read one text: the ids and types of its word pieces; gives the model's outputs, without the batch's axis."""
        return _run(self._session, ids, types)

    def run_alone(self, ids: Sequence[int], types: Sequence[int]) -> list[NDArray[np.float32]]:
        """Read one text as `run` does, with the same numbers, but with all threads, when no other is read with it.

        Of several callers at once only the first gets all threads: together they are quickest with one each.
        """
        if not self._one_together.acquire(blocking=False):
            return self.run(ids, types)
        try:
            return _run(self._session_of_all, ids, types)
        finally:
            self._one_together.release()

    def each(self, items: Iterable[Item], read: Callable[[Item], Result]) -> Iterator[Result]:
        """Do ``read`` with each item, on all threads; the results come in order."""
        self.load()
        return self._readers.map(read, items)

    @cached_property
    def _readers(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._threads, thread_name_prefix="reader-of-texts")

    @cached_property
    def _session(self) -> "InferenceSession":
        with self._lock:
            return self.__dict__.get("_session") or self._open(1)

    @cached_property
    def _session_of_all(self) -> "InferenceSession":
        with self._lock:
            return self.__dict__.get("_session_of_all") or self._open(self._threads)

    def _open(self, threads: int) -> "InferenceSession":
        # The import takes a while: only what really reads pays for it.
        from onnxruntime import InferenceSession, SessionOptions

        # Threads of numpy's BLAS spin for a while after each product and take the cores from the model: on two cores the
        # 95th percentile of a question fell from 112 to 20 ms without them. The products here are too small to gain by them.
        threadpool_limits(1, user_api="blas")
        options = SessionOptions()
        options.intra_op_num_threads = threads
        options.add_session_config_entry(*WAIT_ASLEEP)
        if overflows():
            options.add_session_config_entry(*EXACT_PRODUCTS)
        return InferenceSession(
            self._checked(), options, providers=["CPUExecutionProvider"], disabled_optimizers=list(SLOWER)
        )

    def _checked(self) -> bytes:
        try:
            content = (self.folder / MODEL).read_bytes()
        except OSError as exc:
            msg = f"{self.folder / MODEL} cannot be read ({exc.strerror}): {MEND}"
            raise ModelError(msg) from exc
        if hashlib.sha256(content).hexdigest() != self.digest:
            msg = f"{self.folder / MODEL} is damaged (its SHA-256 is not {self.digest[:12]}…): {MEND}"
            raise ModelError(msg)
        return content


def _run(session: "InferenceSession", ids: Sequence[int], types: Sequence[int]) -> list[NDArray[np.float32]]:
    inputs = {
        name: np.asarray(values, dtype=np.int64)[np.newaxis] for name, values in zip(INPUTS, (ids, types), strict=True)
    }
    outputs: list[Any] = list(session.run(None, inputs))
    return [output[0] for output in outputs]
