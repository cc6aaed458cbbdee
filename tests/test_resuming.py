import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from postgresql_server import PostgreSQLServer
from stand_ins import SeedWriter, WordEncoder

from qa_bot.encoder.packaged import PackagedEncoder
from qa_bot.index import resuming
from qa_bot.index.embedded import Embedded
from qa_bot.index.encoding import EncodedPassage, Passage, encode_passages, no_progress
from qa_bot.index.halves import to_halves
from qa_bot.index.keeping import Keeper
from qa_bot.index.resuming import FOLDER, ResumingEncoder

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = Path(__file__).with_name("resumed.py")


def passage(number: int) -> Passage:
    """Make a paragraph that is unlike the others."""
    first = f"Paragraph {number} is about the river {number * 7}."
    text = f"{first} It has length {number}, and «ünïcode» 東京."
    return Passage(text, ((0, len(first)), (len(first) + 1, len(text))), heading="Rivers" if number % 2 else "")


PASSAGES = [passage(number) for number in range(12)]


@pytest.fixture(autouse=True)
def _everything_is_worth_keeping(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the smallest batches too."""
    monkeypatch.setattr(resuming, "LEAST_CHARACTERS", 1)


def encode(encoder: WordEncoder | PackagedEncoder, folder: Path, passages: Sequence[Passage]) -> list[EncodedPassage]:
    """Encode paragraphs as one batch of a build, of which any number came before in other processes."""
    return encode_passages(passages, ResumingEncoder(encoder, folder), no_progress)[0]


def as_kept(encoded: Sequence[EncodedPassage]) -> list[tuple[bytes, bytes, bytes, bytes]]:
    """Give all numbers to the bit, as an index keeps them."""
    return [
        (
            to_halves(own.windows).tobytes(),
            to_halves(own.sentences).tobytes(),
            own.pieces.tobytes(),
            own.piece_sentences.tobytes(),
        )
        for own in encoded
    ]


def parts(folder: Path) -> list[Path]:
    """Name the parts that are kept, of whichever model."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_what_is_kept_is_what_would_be_encoded(packaged_encoder: PackagedEncoder, tmp_path: Path) -> None:
    """Of the real encoder every bit comes back, with the paragraphs in another order and others among them."""
    encode(packaged_encoder, tmp_path, PASSAGES[:4])
    encode(packaged_encoder, tmp_path, PASSAGES[4:8])
    mixed = PASSAGES[2:9][::-1]
    told: list[tuple[int, int]] = []

    encoded, matrix = encode_passages(
        mixed, ResumingEncoder(packaged_encoder, tmp_path), lambda done, total: told.append((done, total))
    )
    anew, expected_matrix = encode_passages(mixed, packaged_encoder, no_progress)

    assert as_kept(encoded) == as_kept(anew)
    assert np.array_equal(matrix, expected_matrix)
    assert told[-1] == (sum(own.characters for own in mixed),) * 2


@given(
    before=st.lists(st.sets(st.sampled_from(PASSAGES)), max_size=4), now=st.sets(st.sampled_from(PASSAGES), min_size=1)
)
def test_nothing_is_encoded_twice(
    tmp_path_factory: pytest.TempPathFactory, before: list[set[Passage]], now: set[Passage]
) -> None:
    """Whatever batches there were before, only what was in none of them is encoded."""
    folder = tmp_path_factory.mktemp("kept")
    for batch in before:
        if batch:
            encode(WordEncoder(), folder, list(batch))
    encoder = WordEncoder()

    encoded = encode(encoder, folder, list(now))

    expected = WordEncoder()
    known: set[Passage] = set().union(*before)
    if now - known:
        encode_passages(list(now - known), expected, no_progress)
    assert sorted(encoder.encoded) == sorted(expected.encoded)
    assert as_kept(encoded) == as_kept(encode_passages(list(now), WordEncoder(), no_progress)[0])


@pytest.mark.parametrize("damage", [lambda raw: raw[:-1], lambda raw: raw[:3], lambda _: b"", lambda raw: b"x" + raw[1:],
                                    lambda raw: raw[: len(raw) // 2] + b"xx" + raw[len(raw) // 2 + 2 :]],
                         ids=["cut", "cut short", "empty", "other digests", "other numbers"])  # fmt: skip
def test_a_damaged_part_is_encoded_anew(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    """A part that is not as it was written is passed over, and the others are used."""
    encode(WordEncoder(), tmp_path, PASSAGES[:4])
    [damaged] = parts(tmp_path)
    encode(WordEncoder(), tmp_path, PASSAGES[4:])
    damaged.write_bytes(damage(damaged.read_bytes()))
    encoder = WordEncoder()

    encoded = encode(encoder, tmp_path, PASSAGES)

    expected = WordEncoder()
    encode_passages(PASSAGES[:4], expected, no_progress)
    assert encoder.encoded == expected.encoded
    assert as_kept(encoded) == as_kept(encode_passages(PASSAGES, WordEncoder(), no_progress)[0])


def test_another_model_finds_nothing(tmp_path: Path) -> None:
    """What one model encoded is of no use to another."""
    encode(WordEncoder("one"), tmp_path, PASSAGES)
    encoder = WordEncoder("two")

    encode(encoder, tmp_path, PASSAGES)

    assert len(encoder.encoded) == 3 * len(PASSAGES)
    assert len({part.parent for part in parts(tmp_path)}) == 2


def test_another_projection_finds_nothing(tmp_path: Path) -> None:
    """Pieces that were compressed by another projection than that of the index are compressed again."""
    encode(WordEncoder(), tmp_path, PASSAGES)
    _, matrix = encode_passages(PASSAGES, WordEncoder(), no_progress)

    encoded, now = encode_passages(PASSAGES, ResumingEncoder(WordEncoder(), tmp_path), no_progress, matrix=-matrix)

    assert np.array_equal(now, -matrix)
    assert as_kept(encoded) == as_kept(encode_passages(PASSAGES, WordEncoder(), no_progress, matrix=-matrix)[0])


def test_where_nothing_can_be_kept_it_is_encoded_all_the_same(tmp_path: Path) -> None:
    """A disk that takes nothing costs the parts, not the build."""
    (tmp_path / "file").touch()

    encoded = encode(WordEncoder(), tmp_path / "file", PASSAGES)

    assert as_kept(encoded) == as_kept(encode_passages(PASSAGES, WordEncoder(), no_progress)[0])


def test_little_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch of one character less than is worth it leaves no file."""
    characters = sum(own.characters for own in PASSAGES)
    monkeypatch.setattr(resuming, "LEAST_CHARACTERS", characters + 1)
    encode(WordEncoder(), tmp_path, PASSAGES)
    assert parts(tmp_path) == []

    monkeypatch.setattr(resuming, "LEAST_CHARACTERS", characters)
    encode(WordEncoder(), tmp_path, PASSAGES)
    assert len(parts(tmp_path)) == 1


@pytest.mark.parametrize("engine", ["embedded", "postgresql"])
def test_a_build_that_was_interrupted_is_gone_on_with(
    engine: str, write_seeds: SeedWriter, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """What was encoded before is not encoded again, with either engine, and is gone when the index is in force."""
    keeper = _keeper(engine, tmp_path / "index", request)
    seeds = write_seeds({"a.txt": "\n\n".join(own.text for own in PASSAGES) + "\n"})
    first, second = WordEncoder(), WordEncoder()

    def interrupt(_done: int, _total: int) -> None:
        # The whole batch is reported once it is kept.
        if parts(tmp_path / "index" / FOLDER):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        keeper.update(seeds, first, progress=interrupt)
    # The title, which is the file's name, is encoded once.
    assert len(first.encoded) == 3 * len(PASSAGES) + 1
    keeper.update(seeds, second, progress=no_progress)

    assert second.encoded == []
    assert not (tmp_path / "index" / FOLDER).exists()


def _keeper(engine: str, folder: Path, request: pytest.FixtureRequest) -> Keeper:
    if engine == "embedded":
        return Embedded(folder)
    from qa_bot.index.postgresql.connecting import Server
    from qa_bot.index.postgresql.keeping import Database

    server: PostgreSQLServer = request.getfixturevalue("postgresql")
    where = Server(server.dsn(), "resuming", search_seconds=10, retry_seconds=10)
    return Database(where, room=1_000_000, folder=folder)


def run_index(folder: Path, killed_after: int) -> tuple[int, str]:
    """Run ``qa-bot index`` in a process; gives its exit code and what it says on stderr."""
    done = subprocess.run(
        [sys.executable, str(PROGRAM), str(killed_after), "--config", str(folder / "config.toml"), "index"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


def numbers_of(folder: Path) -> dict[str, bytes]:
    """Give the bytes of all tables of the one generation."""
    [generation] = (folder / "embeddings").glob("generation-*")
    return {file.name: file.read_bytes() for file in generation.glob("*.npy")}


def test_a_killed_command_goes_on_where_it_was(tmp_path: Path) -> None:
    """After SIGKILL, twice, ``qa-bot index`` encodes only the rest, and the index is to the bit that of one that was not."""
    for name in ("killed", "whole"):
        (tmp_path / name / "seeds").mkdir(parents=True)
        (tmp_path / name / "config.toml").touch()
        words = "\n\n".join(passage(number).text for number in range(160)) + "\n"
        (tmp_path / name / "seeds" / "rivers.txt").write_text(words, encoding="utf-8")

    assert run_index(tmp_path / "whole", 0) == (0, "8 kept\n")
    assert run_index(tmp_path / "killed", 2) == (-signal.SIGKILL, "")
    assert run_index(tmp_path / "killed", 1) == (-signal.SIGKILL, "")
    assert run_index(tmp_path / "killed", 0) == (0, "5 kept\n")

    assert numbers_of(tmp_path / "killed") == numbers_of(tmp_path / "whole")
    assert not list((tmp_path / "killed" / "embeddings").glob(".building-*"))
