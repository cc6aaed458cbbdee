"""What is in a folder is listed while others change it; what cannot be listed is never taken for removed."""

import contextlib
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from seeding import Seedbed

from qa_bot.errors import ReadError
from qa_bot.limits import Limits
from qa_bot.reading import scan
from qa_bot.reading.seeds import documents_below, paths_below
from qa_bot.seeding.folder import SeedFolder

NOBODY = 65_534
NAMES = st.sampled_from(["a", "b", ".hidden", "a.txt", "é"])
FOLDERS: st.SearchStrategy[object] = st.recursive(
    st.sampled_from(["file", "link", "link to a folder"]), lambda inner: st.dictionaries(NAMES, inner, max_size=4)
)


def make(path: Path, content: object) -> None:
    """Make a file, a link, or a folder with what is in it."""
    if isinstance(content, dict):
        path.mkdir()
        for name, inner in content.items():
            make(path / name, inner)
    elif content == "file":
        path.write_text("Text.", encoding="utf-8")
    else:
        path.symlink_to("/" if content == "link to a folder" else "nowhere")


@contextlib.contextmanager
def closed(folder: Path) -> Iterator[None]:
    """Make a folder one that may not be listed, by whoever may list every other one too."""
    me = os.geteuid()
    above = [parent for parent in folder.parents if me == 0 and parent.stat().st_mode & 0o005 != 0o005]
    modes = {path: path.stat().st_mode for path in [folder, *above]}
    for path in above:
        path.chmod(0o755)
    folder.chmod(0)
    if me == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(me)
        for path, mode in modes.items():
            path.chmod(mode)


@given(st.dictionaries(NAMES, FOLDERS, max_size=4))
def test_what_is_listed(tmp_path_factory: pytest.TempPathFactory, content: dict[str, object]) -> None:
    """All that is no folder, with links to folders, which are not followed; nothing hidden."""
    seeds = tmp_path_factory.mktemp("seeds") / "seeds"
    make(seeds, content)

    listed = list(documents_below(seeds))
    assert set(listed) == {
        path
        for path in seeds.rglob("*")
        if not any(part.startswith(".") for part in path.relative_to(seeds).parts)
        and (path.is_symlink() or not path.is_dir())
    }
    assert len(listed) == len(set(listed))


def test_a_folder_vanishes_while_it_is_listed(tmp_path: Path) -> None:
    """What is left is listed; a file may have the place of the folder meanwhile."""
    for name in ("a", "b", "c", "d"):
        make(tmp_path / name, {"x.txt": "file"})
    make(tmp_path / "0.txt", "file")
    listing = documents_below(tmp_path)

    assert next(listing) == tmp_path / "0.txt"
    shutil.rmtree(tmp_path / "a")
    shutil.rmtree(tmp_path / "c")
    make(tmp_path / "c", "file")
    assert list(listing) == [tmp_path / "b/x.txt", tmp_path / "d/x.txt"]


def test_scans_while_folders_come_and_go(tmp_path: Path) -> None:
    """Each scan lists at least what stays."""
    make(tmp_path / "stays", {"x.txt": "file"})
    end = threading.Event()

    def come_and_go() -> None:
        while not end.is_set():
            for name in "abcdefgh":
                make(tmp_path / name, {"x.txt": "file", "sub": {"y.txt": "file"}})
            for name in "abcdefgh":
                shutil.rmtree(tmp_path / name)

    other = threading.Thread(target=come_and_go)
    other.start()
    try:
        for _ in range(300):
            assert "stays/x.txt" in [file.name for file in scan(tmp_path, Limits())]
            SeedFolder(tmp_path, Limits()).twin_of(b"Other.")
    finally:
        end.set()
        other.join()


def test_a_folder_that_may_not_be_listed(tmp_path: Path) -> None:
    """Its documents do not leave the index in silence: the scan is refused, and so is the search for twins."""
    make(tmp_path / "seeds", {"a.txt": "file", "sub": {"deep": {"b.txt": "file"}}})
    seeds = tmp_path / "seeds"
    reason = f"mend its permissions, or move it out of {seeds}"

    with closed(seeds / "sub"), pytest.raises(ReadError) as caught:
        scan(seeds, Limits())
    assert str(caught.value) == f"the folder {seeds}/sub cannot be listed (Permission denied): {reason}"
    with closed(seeds / "sub"), pytest.raises(ReadError, match=r"sub cannot be listed"):
        SeedFolder(seeds, Limits()).twin_of(b"Text.")
    with closed(seeds), pytest.raises(ReadError) as caught:
        scan(seeds, Limits())
    assert str(caught.value) == f"the folder {seeds} cannot be listed (Permission denied): {reason}"
    assert [file.name for file in scan(seeds, Limits())] == ["a.txt", "sub/deep/b.txt"]


def test_hidden_folders_are_not_looked_into(tmp_path: Path) -> None:
    """They may be as unreadable as they like."""
    make(tmp_path / "seeds", {"a.txt": "file", ".git": {"b.txt": "file"}})
    with closed(tmp_path / "seeds/.git"):
        assert [file.name for file in scan(tmp_path / "seeds", Limits())] == ["a.txt"]


def test_folders_without_end(seedbed: Seedbed) -> None:
    """A path that is too long for the system is an error in a sentence, before anything is written."""
    (seedbed.folder / "new.txt").write_text("New.\n")
    here = Path.cwd()
    os.chdir(seedbed.seeds)
    try:
        for _ in range(20):
            os.mkdir("x" * 250)  # noqa: PTH102 - a path from the root would be too long
            os.chdir("x" * 250)
    finally:
        os.chdir(here)

    code, out, err = seedbed.do("add", seedbed.folder / "new.txt")
    assert (code, out) == (2, "")
    assert err.startswith(f"qa-bot: the folder {seedbed.seeds}/xxx")
    assert err.endswith(
        f"x cannot be listed (File name too long): mend its permissions, or move it out of {seedbed.seeds}\n"
    )
    assert not (seedbed.seeds / "new.txt").exists()
    assert seedbed.run("index").stderr == err
    (seedbed.seeds / ("x" * 250)).rename(seedbed.seeds / ".x")
    assert seedbed.do("add", seedbed.folder / "new.txt") == (0, "added new.txt\n", "")


def test_a_folder_is_skipped(tmp_path: Path) -> None:
    """It and all below it; the others are told in order, files before folders."""
    make(tmp_path / "top", {"b": {"1.txt": "file"}, "c": {"2.txt": "file"}, "d.txt": "file", "a": {"3.txt": "file"}})
    top = tmp_path / "top"
    unreadable: list[OSError] = []

    listed = paths_below(top, unreadable.append, skipped=top / "b")
    assert [path.relative_to(top).as_posix() for path in listed] == ["d.txt", "a/3.txt", "c/2.txt"]
    assert list(paths_below(top / "none", unreadable.append)) == []
    assert [Path(exc.filename) for exc in unreadable] == [top / "none"]
