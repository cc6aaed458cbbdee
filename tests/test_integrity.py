from pathlib import Path

import pytest
from stand_ins import WordEncoder, set_seeds

from qa_bot.errors import IndexUnusableError
from qa_bot.index import integrity
from qa_bot.index.build import update
from qa_bot.index.encoding import no_progress
from qa_bot.index.generation import open_current, open_store

TEXT = "The army retreated. The city fell in May.\n\nA second paragraph stands here.\n"
VECTORS, DOCUMENTS = "windows.npy", "documents.sqlite"


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an index that counts as too large to be digested whole at each opening."""
    update(tmp_path / "index", set_seeds(tmp_path / "seeds", {"a.txt": TEXT}), WordEncoder(), progress=no_progress)
    monkeypatch.setattr(integrity, "DIGESTED_WHOLE", 1)
    monkeypatch.setattr(integrity, "SMALL", 200)
    return tmp_path / "index"


def flip(index: Path, name: str) -> None:
    """Change the last byte of a file of the generation."""
    path = index / "generation-000001" / name
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def test_a_large_table_is_digested_only_when_thorough(large: Path) -> None:
    """A changed byte of a large table passes an opening, which takes its size for enough, but no thorough one."""
    flip(large, VECTORS)

    generation = open_current(large)
    assert generation is not None
    generation.store.close()
    with pytest.raises(IndexUnusableError, match=VECTORS):
        open_current(large, thorough=True)


@pytest.mark.parametrize("name", [DOCUMENTS, "lengths.npy", "manifest.json"])
def test_documents_and_small_files_are_always_digested(large: Path, name: str) -> None:
    """However large the index, what is quoted is proven whenever it is opened, and so is every small file."""
    flip(large, name)

    with pytest.raises(IndexUnusableError):
        open_current(large)


def test_documents_alone_are_digested_too(large: Path) -> None:
    """Opened without numbers, documents are proven, and nothing else is looked at."""
    flip(large, VECTORS)
    store = open_store(large)
    assert store is not None
    store.close()

    flip(large, DOCUMENTS)
    with pytest.raises(IndexUnusableError, match=DOCUMENTS):
        open_store(large)


def test_a_large_table_of_another_size_is_refused(large: Path) -> None:
    """A large table that was cut is refused at each opening."""
    path = large / "generation-000001" / VECTORS
    path.write_bytes(path.read_bytes()[:-2])

    with pytest.raises(IndexUnusableError, match=VECTORS):
        open_current(large)


def test_an_update_carries_nothing_of_a_damaged_table_over(large: Path) -> None:
    """An update proves every byte first: otherwise the next generation would take a wrong one for right."""
    flip(large, VECTORS)
    seeds = set_seeds(large.parent / "seeds", {"a.txt": TEXT, "b.txt": "Other words."})

    report = update(large, seeds, WordEncoder(), progress=no_progress)

    assert report.encoded == 3
