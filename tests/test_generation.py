import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from stand_ins import WordEncoder, set_seeds

from qa_bot.errors import IndexUnusableError
from qa_bot.index.build import update
from qa_bot.index.encoding import no_progress
from qa_bot.index.generation import Generation, current_number, open_current
from qa_bot.index.manifest import MANIFEST
from qa_bot.limits import Limits
from qa_bot.opening import open_index
from qa_bot.reading import scan

MEND = "run: qa-bot index --rebuild"
SEEDS = {
    "one.txt": "The army retreated. The city fell in May.\n\nA second paragraph stands here.\n",
    "two.md": "# Title\n\nBody of the second document.\n\n## Part\n\nMore of it under a heading.\n",
    "bad.pdf": "%PDF",
}
FILES = (
    "documents.sqlite",
    "holder-counts.npy",
    "holders.bounds.npy",
    "holders.npy",
    "language-names.npy",
    "languages.npy",
    "lengths.npy",
    "manifest.json",
    "piece-sentences.npy",
    "pieces.bounds.npy",
    "pieces.npy",
    "projection.npy",
    "sentences.bounds.npy",
    "sentences.npy",
    "term-counts.npy",
    "term-ids.bounds.npy",
    "term-ids.npy",
    "terms.bounds.npy",
    "terms.txt",
    "windows.bounds.npy",
    "windows.npy",
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build an index once; tests damage copies of it."""
    folder = tmp_path_factory.mktemp("built")
    update(folder / "index", set_seeds(folder / "seeds", SEEDS), WordEncoder(), progress=no_progress)
    return folder


@pytest.fixture
def index(built: Path, tmp_path: Path) -> Path:
    """Give a copy of the index, to be damaged."""
    return Path(shutil.copytree(built / "index", tmp_path / "index"))


@pytest.fixture
def generation(index: Path) -> Path:
    """Give the folder of its generation."""
    return index / "generation-000001"


@pytest.fixture
def opened(index: Path) -> Iterator[Generation]:
    """Open it."""
    generation = open_current(index)
    assert generation is not None
    with generation:
        yield generation


def refusal(index: Path) -> str:
    """Open a damaged index; give the error, which must be of one line and say how to mend it."""
    with pytest.raises(IndexUnusableError) as caught:
        open_current(index)
    message = str(caught.value)
    assert message.endswith(MEND)
    assert "\n" not in message
    return message


def edit_manifest(generation: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the manifest of a generation."""
    fields = json.loads((generation / MANIFEST).read_text())
    change(fields)
    (generation / MANIFEST).write_text(json.dumps(fields))


def truncate(path: Path) -> None:
    """Cut the last bytes off."""
    path.write_bytes(path.read_bytes()[:-9])


def empty(path: Path) -> None:
    """Cut everything off."""
    path.write_bytes(b"")


def flip(path: Path) -> None:
    """Change one bit in the middle."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def replace_with_folder(path: Path) -> None:
    """Put a folder in its place."""
    path.unlink()
    path.mkdir()


def test_a_generation_holds_just_these_files(generation: Path) -> None:
    """The files of a generation are those that are damaged one by one below, and the manifest digests every other."""
    assert sorted(path.name for path in generation.iterdir()) == sorted(FILES)
    assert sorted(json.loads((generation / MANIFEST).read_text())["files"]) == sorted({*FILES} - {MANIFEST})


def test_the_manifest_says_how_the_generation_was_made(opened: Generation) -> None:
    """The manifest names the encoder and counts what is there: documents, refused files, paragraphs, vectors, pieces."""
    manifest, counts = opened.manifest, opened.manifest.counts

    assert (manifest.generation, manifest.identity, manifest.dimension) == (1, WordEncoder().identity, 32)
    assert (counts.documents, counts.refused, counts.paragraphs) == (2, 1, len(opened.store.quotable_texts()))
    assert counts.windows == len(opened.arrays.windows.values) == len(opened.windows)
    assert counts.sentences == len(opened.arrays.sentences.values) == len(opened.sentences)
    assert counts.tokens == len(opened.arrays.pieces.values)


@pytest.mark.parametrize("damage", [truncate, empty, flip, Path.unlink, replace_with_folder])
@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_refused(index: Path, generation: Path, name: str, damage: Callable[[Path], None]) -> None:
    """Whichever file of a generation is cut, changed, missing or no file: the index is refused in one line."""
    damage(generation / name)

    message = refusal(index)

    # A changed manifest may name another file as the damaged one.
    assert name in message or (name, damage) == (MANIFEST, flip)


@pytest.mark.parametrize("field", ["documents", "refused", "paragraphs", "windows", "sentences", "tokens"])
@pytest.mark.parametrize("off_by", [-1, 1])
def test_a_count_that_disagrees_is_refused(index: Path, generation: Path, field: str, off_by: int) -> None:
    """A manifest that counts one more or one less of anything than there is, is refused."""
    edit_manifest(generation, lambda fields: fields["counts"].update({field: fields["counts"][field] + off_by}))

    assert "counts disagree" in refusal(index)


@pytest.mark.parametrize(
    "change",
    [
        {"dimension": 31},
        {"generation": 2},
        {"schema": 0},
        {"files": {}},
        {"files": None},
        {"files": []},
        {"files": {"windows.npy": 3}},
        {"counts": None},
        {"counts": {}},
        {"sizes": {}},
        {"sizes": {"windows.npy": "large"}},
        {"approximations": {}},
        {"approximations": {"windows": {"cells": 3}, "sentences": None}},
        {"surplus": 1},
    ],
    ids=json.dumps,
)
def test_an_impossible_manifest_is_refused(index: Path, generation: Path, change: dict[str, Any]) -> None:
    """A manifest that is JSON, but not the one that was written, is refused rather than believed."""
    edit_manifest(generation, lambda fields: fields.update(change))

    refusal(index)


@pytest.mark.parametrize(
    "field",
    ["schema", "generation", "model", "dimension", "splitter", "terms", "counts", "files", "sizes", "approximations"],
)
def test_a_manifest_without_a_field_is_refused(index: Path, generation: Path, field: str) -> None:
    """A manifest that lacks anything is refused."""
    edit_manifest(generation, lambda fields: fields.pop(field))

    refusal(index)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"3", b'"text"', b"\xff\xfe\x00", b"\x00" * 100, b"[" * 100_000, b'{"schema": 1}'],
    ids=lambda content: repr(content[:12]),
)
def test_a_manifest_of_garbage_is_refused(index: Path, generation: Path, content: bytes) -> None:
    """Whatever stands in the manifest, the reply is one line."""
    (generation / MANIFEST).write_bytes(content)

    refusal(index)


def test_an_unlisted_file_that_is_missing_is_refused(index: Path, generation: Path) -> None:
    """A file that is gone from the manifest and from the folder is missed all the same."""
    (generation / "windows.npy").unlink()

    def forget(fields: dict[str, Any]) -> None:
        for part in ("files", "sizes"):
            del fields[part]["windows.npy"]

    edit_manifest(generation, forget)

    refusal(index)


@pytest.mark.parametrize("table", ["windows", "sentences", "pieces", "term-ids", "holders", "terms"])
def test_a_table_with_a_row_too_few_is_refused(index: Path, generation: Path, table: str) -> None:
    """Tables that do not have the same rows are refused even where their digests are right: citations would shift."""
    path = generation / f"{table}.bounds.npy"
    np.save(path, np.load(path)[:-1])
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    edit_manifest(generation, lambda fields: fields["files"].update({path.name: digest}))
    edit_manifest(generation, lambda fields: fields["sizes"].update({path.name: path.stat().st_size}))

    assert "counts disagree" in refusal(index)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"garbage",
        b"generation-",
        b"generation-x",
        b"generation--1",
        b"generation-000001/../generation-000001",
        b"generation-000099",
        b"generation-\xb2",
        b"\xff\x00\x80",
        b"\x00",
        b"generation-" + b"9" * 300,
        b"generation-" + b"9" * 5000,
    ],
    ids=lambda content: repr(content[:24]),
)
def test_a_pointer_to_nothing_is_refused(index: Path, content: bytes) -> None:
    """A CURRENT that names no generation, or one that is not there, is refused whatever its bytes."""
    (index / "CURRENT").write_bytes(content)

    refusal(index)


def test_a_pointer_that_is_a_folder_is_refused(index: Path) -> None:
    """A folder called CURRENT is refused like any other damage."""
    replace_with_folder(index / "CURRENT")

    refusal(index)


def test_no_pointer_is_no_index(tmp_path: Path, index: Path) -> None:
    """Without CURRENT there is no index yet, which is no error."""
    (index / "CURRENT").unlink()

    assert open_current(index) is None
    assert open_current(tmp_path / "absent") is None
    assert current_number(tmp_path / "absent") is None


def test_an_update_mends_a_damaged_index(index: Path, generation: Path, built: Path) -> None:
    """An update of a damaged index builds it anew, under a number of its own, and what it builds can be opened."""
    flip(generation / "windows.npy")
    encoder = WordEncoder()

    report = update(index, scan(built / "seeds", Limits(max_file_mb=20)), encoder, progress=no_progress)

    assert (report.generation, current_number(index)) == (2, 2)
    assert report.encoded == count_paragraphs(index)


def count_paragraphs(index: Path) -> int:
    """Count the paragraphs of the generation in force."""
    generation = open_current(index)
    assert generation is not None
    with generation:
        return len(generation.store.quotable_texts())


def test_a_damaged_index_is_never_replaced_unasked(index: Path, generation: Path, built: Path) -> None:
    """Opening a damaged index to answer questions refuses it and leaves it as it is."""
    truncate(generation / "terms.txt")
    before = sorted(path.name for path in index.iterdir())

    with pytest.raises(IndexUnusableError, match=re.escape(MEND)):
        open_index(index, scan(built / "seeds", Limits(max_file_mb=20)), WordEncoder(), no_progress)

    assert sorted(path.name for path in index.iterdir()) == before


def test_an_index_of_another_version_is_built_anew(index: Path, generation: Path, built: Path) -> None:
    """Opening one to answer questions takes no command: it is derived from the documents."""
    edit_manifest(generation, lambda fields: fields.update({"schema": 3}))
    encoder = WordEncoder()

    with open_index(index, scan(built / "seeds", Limits(max_file_mb=20)), encoder, no_progress) as opened:
        assert opened.manifest.generation == 2
    assert encoder.encoded


def test_another_encoder_is_refused_when_opening(index: Path, built: Path) -> None:
    """An index that another model made is refused by name, with the command that mends it, and is not touched."""
    other = WordEncoder("others")

    with pytest.raises(IndexUnusableError) as caught:
        open_index(index, scan(built / "seeds", Limits(max_file_mb=20)), other, no_progress)

    assert str(caught.value) == (
        f"the index was made by words ({WordEncoder().identity.digest[:12]}), "
        f"not by others ({other.identity.digest[:12]}); {MEND}"
    )
    assert (current_number(index), other.encoded) == (1, [])


def test_what_was_written_is_what_is_opened(opened: Generation) -> None:
    """An opened generation gives the words and the vectors that were written, in the same order."""
    encoder = WordEncoder()

    assert opened.store.quotable_texts() == [
        "The army retreated. The city fell in May.",
        "A second paragraph stands here.",
        "# Title",
        "Body of the second document.",
        "More of it under a heading.",
    ]
    texts = [*opened.store.quotable_texts()[:4], "Part\nMore of it under a heading."]
    assert np.array_equal(opened.arrays.windows.values, encoder.encode_documents(texts).astype(np.float16))
    assert [opened.store.paragraph(number)[0] for number in range(5)] == ["one.txt"] * 2 + ["two.md"] * 3
