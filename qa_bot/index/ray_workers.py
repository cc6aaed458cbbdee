"""Paragraphs are encoded by workers of Ray, in many processes or on many hosts. The only module that imports ray."""

import logging
import os
import platform
import signal
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import ray
from ray.exceptions import RayActorError, RayError, RayTaskError

from qa_bot.encoder.vectors import Encoder, Vectors
from qa_bot.errors import EncoderError, QaBotError
from qa_bot.index.encoding import EncodedPassage, Passage, Progress, encode_passages
from qa_bot.index.late import projection
from qa_bot.index.wrapping import WrappedEncoder, makers_of
from qa_bot.models.precision import cores

HERE = "local"
# So many paragraphs are one piece of work, or fewer where there are many workers: each is to get some of a batch.
CHUNK = 32
CHUNKS_EACH = 4
# A worker has its next piece of work before it has done the last.
AHEAD = 2
# A worker that died is started again so often, elsewhere if need be; each start reads the model.
RESTARTS = 3
# What a worker gives fits into little memory: some 20 kB a paragraph.
STORE_BYTES = 200_000_000
PATIENCE = 300.0
KNOCKING = 10.0
# So long what idle workers did twice may take to end: of each call that is cut off Ray would say something.
GRACE = 5.0

Encoded = tuple[list[EncodedPassage], Vectors]


class Worker:
    """Encodes paragraphs in a process of its own, with its own copy of the encoder."""

    def __init__(self, make: Callable[[], Encoder]) -> None:
        """Make the encoder; it is loaded by the first call."""
        self._encoder = make()

    def dimension(self, makers: str) -> int:
        """Prove that this worker's encoder is the one that is wanted, and tell how long its vectors are.

        Raises:
            EncoderError: another model, or another version of this program, is on this host.

        """
        self._check(makers)
        return len(self._encoder.encode_documents(["x"])[0])

    def encode(self, passages: Sequence[Passage], makers: str, matrix: Vectors) -> list[EncodedPassage]:
        """Encode paragraphs; see `encode_passages`. Raises as `dimension`, since it may have been started again elsewhere."""
        self._check(makers)
        return encode_passages(passages, self._encoder, lambda _done, _total: None, matrix=matrix)[0]

    def _check(self, makers: str) -> None:
        if makers_of(self._encoder) != makers:
            msg = (
                f"a worker of Ray on {platform.node()} has another encoder, or another version of qa-bot, than this process: "
                "install the same qa-bot and the same model on every host"
            )
            raise EncoderError(msg)


class RayEncoder(WrappedEncoder):
    """Encodes paragraphs by workers of Ray, and everything else here."""

    def __init__(
        self, encoder: Encoder, make: Callable[[], Encoder], *, address: str, threads: int, patience: float = PATIENCE
    ) -> None:
        """Start nothing yet.

        Args:
            encoder: the one here.
            make: makes the same one in a worker, which is to compute with one thread.
            address: of a cluster; ``local`` starts Ray on this machine. Where this process has joined one, that is taken.
            threads: how many workers there are then; 0 for all cores.
            patience: after so many seconds in which no worker has done anything it is given up.

        """
        super().__init__(encoder)
        self._make = make
        self._address = address
        self._threads = threads
        self._patience = patience
        self._joined = False
        self._actors: dict[int, Any] = {}
        self._late: list[Any] = []

    def encode_in_bulk(self, passages: Sequence[Passage], progress: Progress, matrix: Vectors | None) -> Encoded:
        """Encode paragraphs, in order; few are encoded here. See `encode_passages`.

        Raises:
            EncoderError: a worker has another encoder, or no worker is left.

        """
        if len(passages) < CHUNK:
            return encode_passages(passages, self._encoder, progress, matrix=matrix)
        with _translated():
            self._start()
            return self._encode(passages, progress, matrix)

    def close(self) -> None:
        """End the workers, and leave Ray if it was joined for them."""
        if self._late:
            ray.wait(self._late, num_returns=len(self._late), timeout=GRACE)
        for actor in self._actors.values():
            ray.kill(actor)
        self._actors, self._late = {}, []
        if self._joined:
            self._joined = False
            ray.shutdown()

    def _start(self) -> None:
        if self._actors:
            return
        if not ray.is_initialized():
            _connect(self._address, self._threads)
            self._joined = True
        resources: dict[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call, unused-ignore]
        count = max(1, int(resources.get("CPU", 1)))
        worker = ray.remote(Worker).options(num_cpus=1, max_restarts=RESTARTS, max_task_retries=-1)
        self._actors = {number: worker.remote(self._make) for number in range(count)}

    def _encode(self, passages: Sequence[Passage], progress: Progress, matrix: Vectors | None) -> Encoded:
        size = max(1, min(CHUNK, len(passages) // (CHUNKS_EACH * len(self._actors))))
        chunks = [passages[first : first + size] for first in range(0, len(passages), size)]
        done, total = 0, sum(passage.characters for passage in passages)
        results: dict[int, list[EncodedPassage]] = {}
        work = _Work(self._actors, makers_of(self._encoder), self._patience, matrix)
        for number, encoded in work.do(chunks):
            results[number] = encoded
            done += sum(passage.characters for passage in chunks[number])
            progress(done, total)
        assert work.matrix is not None
        self._late = work.under_way
        return [row for number in range(len(chunks)) for row in results[number]], work.matrix


class _Work:
    """Pieces of work, and who is at which."""

    def __init__(self, actors: dict[int, Any], makers: str, patience: float, matrix: Vectors | None) -> None:
        """Ask every worker whether it is ready; those that are lost are taken out of the table."""
        self.matrix = matrix
        self._actors, self._makers, self._patience = actors, makers, patience
        # The call under way is at a piece of work or, without one, at the question whether its worker is ready.
        self._pending: dict[Any, tuple[int, int | None]] = {
            actor.dimension.remote(makers): (name, None) for name, actor in actors.items()
        }
        self._busy: dict[int, int] = {}

    def do(self, chunks: Sequence[Sequence[Passage]]) -> Iterator[tuple[int, list[EncodedPassage]]]:
        """Have pieces of work encoded: yields the number and the result of each as they come, in any order."""
        left, done = deque(range(len(chunks))), set[int]()
        while len(done) < len(chunks):
            self._assign(left, done, chunks)
            name, number, result = self._next()
            if number is None:
                if result is not None:
                    self._busy[name] = 0
                    if self.matrix is None:
                        # Made here and sent along: made on another host its last digits might be others.
                        self.matrix = projection(result)
                continue
            if result is None:
                left.extendleft([] if number in done else [number])
                continue
            self._busy[name] -= 1
            if number not in done:
                done.add(number)
                yield number, result

    @property
    def under_way(self) -> list[Any]:
        """The calls that have not ended."""
        return list(self._pending)

    def _assign(self, left: deque[int], done: set[int], chunks: Sequence[Sequence[Passage]]) -> None:
        """Give each worker that is ready what it can take: at the end what others are still at, who may wait for a new host."""
        for name in self._busy:
            while left and self._busy[name] < AHEAD:
                self._give(name, left.popleft(), chunks)
            if not left and not self._busy[name]:
                late = (number for _, number in self._pending.values() if number is not None and number not in done)
                for number in [*late][:1]:
                    self._give(name, number, chunks)

    def _give(self, name: int, number: int, chunks: Sequence[Sequence[Passage]]) -> None:
        call = self._actors[name].encode.remote(chunks[number], self._makers, self.matrix)
        self._pending[call] = name, number
        self._busy[name] += 1

    def _next(self) -> tuple[int, int | None, Any]:
        """Wait for the next call to end: gives its worker, its piece of work and its result, ``None`` if the worker is lost."""
        if not self._pending:
            msg = (
                "no worker of Ray is left, perhaps for lack of memory: see its log, and run qa-bot index again to go on"
            )
            raise EncoderError(msg)
        ended, _ = ray.wait(list(self._pending), timeout=self._patience)
        if not ended:
            msg = f"no worker of Ray has done anything for {self._patience:g} seconds: see what ray status says"
            raise EncoderError(msg)
        name, number = self._pending.pop(ended[0])
        try:
            return name, number, ray.get(ended[0])
        except RayActorError:
            self._actors.pop(name, None)
            self._busy.pop(name, None)
            return name, number, None


def _connect(address: str, threads: int) -> None:
    """Join a cluster, or start Ray here, silently. Raises `EncoderError`."""
    # Nothing is to be sent to anybody without being asked for.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    logging.getLogger("ray").setLevel(logging.ERROR)
    own: dict[str, Any] = {}
    if address == HERE:
        own = {
            "num_cpus": cores(threads),
            "object_store_memory": STORE_BYTES,
            "include_dashboard": False,
            "_node_ip_address": "127.0.0.1",
        }
    before = signal.getsignal(signal.SIGTERM)
    try:
        _knock(address)
        ray.init(address, log_to_driver=False, logging_level=logging.ERROR, **own)
    except (RayError, ConnectionError, RuntimeError, ValueError, OSError) as exc:
        # A cluster that ray start has started wants its token, and Ray does not say so here.
        token = "" if address == HERE or "RAY_AUTH_MODE" in os.environ else "; if it runs, set RAY_AUTH_MODE=token"
        msg = f"Ray ({address}) cannot be joined or started: {_line(exc)}{token}"
        raise EncoderError(msg) from exc
    finally:
        # Ray puts its own in the place of who wants to be told.
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, before)


def _knock(address: str) -> None:
    """Connect to a host that is named with a port; Ray would try for a quarter of an hour. Raises `OSError`."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host and port.isdigit():
        socket.create_connection((host, int(port)), timeout=KNOCKING).close()


@contextmanager
def _translated() -> Iterator[None]:
    """Say in one line what Ray, or one of its workers, says in many."""
    try:
        yield
    except RayTaskError as exc:
        msg = str(exc.cause) if isinstance(exc.cause, QaBotError) else f"a worker of Ray failed: {_line(exc.cause)}"
        raise EncoderError(msg) from exc
    except RayError as exc:
        msg = f"Ray failed: {_line(exc)}"
        raise EncoderError(msg) from exc


def _line(exc: BaseException) -> str:
    return next((line for line in str(exc).splitlines() if line.strip()), type(exc).__name__)
