"""Real workers of Ray on this machine; left out, loudly, where Ray is not installed."""

import functools
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from stand_ins import WordEncoder

from qa_bot.encoder.choosing import choose_encoder
from qa_bot.encoder.packaged import PackagedEncoder
from qa_bot.encoder.vectors import Encoder
from qa_bot.errors import EncoderError
from qa_bot.index.encoding import EncodedPassage, Passage, encode_passages, no_progress

pytest.importorskip("ray", reason="encoding by Ray was not tested: install qa-bot[ray]")

import ray
from ray_encoders import DEADLY, SLOW, Mortal, Slow

from qa_bot.index import ray_workers
from qa_bot.index.ray_workers import CHUNK, RayEncoder, _connect

ROOT = Path(__file__).resolve().parents[1]
WORKERS = 2


def passage(number: int, word: str = "river") -> Passage:
    """Make a paragraph that is unlike the others."""
    first = f"Paragraph {number} is about the {word} {number * 7}."
    text = f"{first} It has length {number}, and «ünïcode» 東京."
    return Passage(text, ((0, len(first)), (len(first) + 1, len(text))), heading="Rivers" if number % 2 else "")


PASSAGES = [passage(number) for number in range(3 * CHUNK + 5)]


@pytest.fixture(scope="module", autouse=True)
def _ray() -> Iterator[None]:
    """Start Ray once; its workers are to find the encoders of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), str(ROOT / "tests")]))
        _connect("local", WORKERS)
        yield
        ray.shutdown()


def numbers(encoded: list[EncodedPassage]) -> list[tuple[bytes, ...]]:
    """Give all numbers to the bit."""
    return [
        tuple(part.tobytes() for part in (own.windows, own.sentences, own.pieces, own.piece_sentences))
        for own in encoded
    ]


def encode(
    encoder: Encoder, make: Callable[[], Encoder], passages: Sequence[Passage] = PASSAGES
) -> list[EncodedPassage]:
    """Encode by workers that make an encoder."""
    with closing(RayEncoder(encoder, make, address="local", threads=WORKERS)) as spread:
        return encode_passages(passages, spread, no_progress)[0]


def test_workers_encode_what_one_process_does(packaged_encoder: PackagedEncoder) -> None:
    """With the real encoder every bit is the same, in order, and all is reported."""
    make = functools.partial(
        choose_encoder, "all-MiniLM-L6-v2", folder=Path(), precision="auto", threads=1, batch_size=8
    )
    told: list[tuple[int, int]] = []
    with closing(RayEncoder(packaged_encoder, make, address="local", threads=WORKERS)) as spread:
        encoded, matrix = encode_passages(PASSAGES, spread, lambda done, total: told.append((done, total)))
        again, _ = encode_passages(PASSAGES[::-1], spread, no_progress, matrix=matrix)
    expected, expected_matrix = encode_passages(PASSAGES, packaged_encoder, no_progress)

    assert numbers(encoded) == numbers(expected)
    assert numbers(again[::-1]) == numbers(expected)
    assert np.array_equal(matrix, expected_matrix)
    assert told == sorted(told)
    assert told[-1] == (sum(own.characters for own in PASSAGES),) * 2


def test_what_a_killed_worker_was_at_is_encoded_by_another(tmp_path: Path) -> None:
    """A worker that dies in the middle costs nothing but time."""
    (tmp_path / "life").touch()
    passages = [*PASSAGES[:50], passage(0, DEADLY), *PASSAGES[50:]]

    encoded = encode(WordEncoder(), functools.partial(Mortal, tmp_path), passages)

    assert not list(tmp_path.iterdir())
    assert numbers(encoded) == numbers(encode_passages(passages, WordEncoder(), no_progress)[0])


def test_workers_that_stay_dead_leave_the_work_to_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One worker that is not started again leaves one; without any the build fails in one line."""
    monkeypatch.setattr(ray_workers, "RESTARTS", 0)
    passages = [*PASSAGES, passage(0, DEADLY)]
    (tmp_path / "life").touch()

    encoded = encode(WordEncoder(), functools.partial(Mortal, tmp_path), passages)
    assert not list(tmp_path.iterdir())
    assert numbers(encoded) == numbers(encode_passages(passages, WordEncoder(), no_progress)[0])

    for number in range(WORKERS):
        (tmp_path / f"life {number}").touch()
    with pytest.raises(EncoderError, match=r"^no worker of Ray is left, .* run qa-bot index again to go on$"):
        encode(WordEncoder(), functools.partial(Mortal, tmp_path), passages)


def test_what_is_done_twice_ends_in_silence(capfd: pytest.CaptureFixture[str]) -> None:
    """An idle worker does the last piece of another one too: when the first of them is done the other is still at it."""
    passages = [*PASSAGES, passage(0, SLOW)]
    with closing(RayEncoder(WordEncoder(), Slow, address="local", threads=WORKERS)) as spread:
        encoded, _ = encode_passages(passages, spread, no_progress)
        under_way = list(spread._late)

    assert under_way
    assert ray.wait(under_way, num_returns=len(under_way), timeout=0)[1] == []
    assert numbers(encoded) == numbers(encode_passages(passages, WordEncoder(), no_progress)[0])
    assert capfd.readouterr().err == ""


def test_another_model_on_a_host_is_an_error() -> None:
    """Numbers of two models never come into one index."""
    with pytest.raises(EncoderError, match=r"^a worker of Ray on \S+ has another encoder, .* on every host$"):
        encode(WordEncoder(), functools.partial(WordEncoder, "another"))


def test_a_worker_that_does_nothing_is_given_up() -> None:
    """Where nobody can work, since others have all processors, the build fails in one line."""
    remote: Any = ray.remote(num_cpus=WORKERS)
    other = remote(WordEncoder).remote()
    ray.get(other.load.remote())
    spread = RayEncoder(WordEncoder(), WordEncoder, address="local", threads=WORKERS, patience=0.5)
    with closing(spread), pytest.raises(EncoderError, match=r"^no worker of Ray has done anything for 0.5 seconds"):
        encode_passages(PASSAGES, spread, no_progress)
    ray.kill(other)


def test_where_nobody_listens_it_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The address of a cluster that is not there makes one line, which names what a cluster may ask for unless that is set."""
    monkeypatch.delenv("RAY_AUTH_MODE", raising=False)
    said = r"^Ray \(127.0.0.1:1\) cannot be joined or started: .*refused"
    with pytest.raises(EncoderError, match=rf"{said}; if it runs, set RAY_AUTH_MODE=token$"):
        _connect("127.0.0.1:1", WORKERS)
    monkeypatch.setenv("RAY_AUTH_MODE", "token")
    with pytest.raises(EncoderError, match=rf"{said}$"):
        _connect("127.0.0.1:1", WORKERS)


def test_few_paragraphs_are_encoded_here() -> None:
    """Fewer than one piece of work are not worth a worker."""
    encoder = WordEncoder()

    encoded = encode(encoder, functools.partial(WordEncoder, "another"), PASSAGES[: CHUNK - 1])

    assert len(encoder.encoded) == 3 * (CHUNK - 1)
    assert numbers(encoded) == numbers(encode_passages(PASSAGES[: CHUNK - 1], WordEncoder(), no_progress)[0])


def test_the_command_makes_the_same_index(tmp_path: Path) -> None:
    """``qa-bot index --ray`` starts Ray, says nothing of it, and its index is to the bit that of one process."""
    tables = []
    for name, options in (("one", []), ("many", ["--ray"])):
        (tmp_path / name / "seeds").mkdir(parents=True)
        (tmp_path / name / "config.toml").touch()
        words = "\n\n".join(own.text for own in PASSAGES) + "\n"
        (tmp_path / name / "seeds" / "rivers.txt").write_text(words, encoding="utf-8")
        command = [sys.executable, "-m", "qa_bot", "--config", str(tmp_path / name / "config.toml"), "index", *options]
        environment = {key: value for key, value in os.environ.items() if not key.startswith("RAY_")}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        [generation] = (tmp_path / name / "embeddings").glob("generation-*")
        tables.append({file.name: file.read_bytes() for file in generation.glob("*.npy")})

    assert tables[0] == tables[1]
