"""Where documents came from is kept beside them, and is what their citations name."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stand_ins import SeedWriter, WordEncoder

from qa_bot.errors import ReadError
from qa_bot.index.build import update
from qa_bot.index.drafting import Report
from qa_bot.index.encoding import no_progress
from qa_bot.index.generation import open_current
from qa_bot.limits import Limits
from qa_bot.reading import scan
from qa_bot.reading.origins import ORIGINS, Origin, load_origins, save_origins

TEXT = "The tea is served at four.\n"
ORIGIN = Origin(hashlib.sha256(TEXT.encode()).hexdigest(), "2026-11-25T10:00:00+00:00", "https://example.org/tea")
texts = st.text(st.characters(codec="utf-8"), max_size=20)
origins = st.builds(
    Origin,
    digest=texts,
    fetched=texts,
    url=st.none() | texts,
    etag=st.none() | texts,
    aliases=st.lists(texts, max_size=3).map(tuple),
    added_by=st.none() | texts,
)


@given(st.dictionaries(texts, origins, max_size=4))
@settings(max_examples=15)
def test_what_is_kept_comes_back(tmp_path_factory: pytest.TempPathFactory, kept: dict[str, Origin]) -> None:
    """Origins of all kinds survive the file."""
    folder = tmp_path_factory.mktemp("seeds")
    save_origins(folder, kept)

    assert load_origins(folder) == kept
    assert [path.name for path in folder.iterdir()] == [ORIGINS]


def test_a_person_can_read_it(tmp_path: Path) -> None:
    """What is not known is left out, letters stay letters, and others may read the file too."""
    save_origins(tmp_path, {"b.txt": ORIGIN, "ä.txt": replace(ORIGIN, url=None, added_by="Ann")})

    assert (tmp_path / ORIGINS).read_text(encoding="utf-8") == (
        '{\n "schema": 1,\n "documents": {\n  "b.txt": {\n'
        f'   "digest": "{ORIGIN.digest}",\n   "fetched": "2026-11-25T10:00:00+00:00",\n'
        '   "url": "https://example.org/tea"\n  },\n  "ä.txt": {\n'
        f'   "digest": "{ORIGIN.digest}",\n   "fetched": "2026-11-25T10:00:00+00:00",\n   "added_by": "Ann"\n'
        '  }\n }\n}\n'
    )  # fmt: skip
    assert (tmp_path / ORIGINS).stat().st_mode & 0o400


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", "Invalid JSON: EOF while parsing a value at line 1 column 0"),
        ('{"schema": 2, "documents": {}}', "schema, Input should be 1"),
        ('{"schema": 1}', "documents, Field required"),
        ('{"schema": 1, "documents": {"a": {"digest": 5, "fetched": ""}}}', "documents.a.digest, Input should be a valid string"),
        ("[" * 100_000, "Invalid JSON: recursion limit exceeded at line 1 column 202"),
    ],
    ids=["empty", "newer", "half", "wrong type", "deep"],
)  # fmt: skip
def test_a_damaged_file_is_named(tmp_path: Path, content: str, fault: str) -> None:
    """It is never taken for an empty one, nor written over; one line says what is wrong and how to mend it."""
    (tmp_path / ORIGINS).write_text(content)
    with pytest.raises(ReadError) as caught:
        scan(tmp_path, Limits())

    assert str(caught.value) == (
        f"{tmp_path / ORIGINS}, which says where documents came from, cannot be read ({fault}): mend it, or rename it to "
        "go on without the addresses of what was fetched"
    )
    assert (tmp_path / ORIGINS).read_text() == content


def test_the_address_is_the_source(write_seeds: SeedWriter, tmp_path: Path) -> None:
    """It wins over what the text says of itself, and holds only for the bytes that came from there."""
    front_matter = "---\nsource: https://example.com/own\n---\n\n" + TEXT
    write_seeds({"tea.txt": TEXT, "own.md": front_matter, "changed.txt": TEXT + "More.\n", "local.txt": TEXT})
    by_name = {
        "tea.txt": ORIGIN,
        "own.md": replace(ORIGIN, digest=hashlib.sha256(front_matter.encode()).hexdigest()),
        "changed.txt": ORIGIN,
        "local.txt": replace(ORIGIN, url=None),
        "gone.txt": ORIGIN,
    }
    save_origins(tmp_path / "seeds", by_name)
    documents = [file.read() for file in scan(tmp_path / "seeds", Limits())]

    assert {document.name: document.source for document in documents} == {
        "tea.txt": "https://example.org/tea",
        "own.md": "https://example.org/tea",
        "changed.txt": "changed.txt",
        "local.txt": "local.txt",
    }


def test_a_new_origin_reaches_the_index(write_seeds: SeedWriter, tmp_path: Path, encoder: WordEncoder) -> None:
    """A document whose origin became known is read again, though its file stayed; when it was fetched matters not."""
    write_seeds({"a.txt": "Other words.\n", "tea.txt": TEXT})
    folder = tmp_path / "seeds"

    def updated() -> Report:
        return update(tmp_path / "index", scan(folder, Limits()), encoder, progress=no_progress)

    assert updated().generation == 1
    save_origins(folder, {"tea.txt": ORIGIN})
    assert updated() == Report(2, (), (), (), ("a.txt", "tea.txt"), {}, 0)
    save_origins(folder, {"tea.txt": replace(ORIGIN, fetched="later", etag='"x"')})
    assert updated().generation == 2
    generation = open_current(tmp_path / "index")
    assert generation is not None
    with generation:
        assert generation.store.document("tea.txt").source == "https://example.org/tea"
    assert list(json.loads((folder / ORIGINS).read_text())["documents"]) == ["tea.txt"]
