"""Files and folders come into ``seeds/`` and leave it; nothing is lost, and nothing lands anywhere else."""

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from seeding import Seedbed

from qa_bot.errors import ReadError
from qa_bot.limits import Limits
from qa_bot.reading import scan
from qa_bot.reading.suffixes import SUFFIXES
from qa_bot.seeding.adding import add_files
from qa_bot.seeding.folder import LOCK, SeedFolder, Verdict

TEA = "The tea is served at four.\n"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Give a folder with files to add."""
    folder = tmp_path / "desk"
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "tea.txt").write_text(TEA)
    (folder / "deep" / "coffee.md").write_text("# Coffee\n\nAt five.\n")
    (folder / "deep" / "er" / "Über uns.txt").write_text("We drink.\n")
    return folder


def test_a_file_is_copied(seedbed: Seedbed, desk: Path) -> None:
    """As it is, under its name and as old, to be read by others as any file is; no trace of the writing stays."""
    os.utime(desk / "tea.txt", (1_000_000_000, 1_000_000_000))

    assert seedbed.do("add", desk / "tea.txt") == (0, "added tea.txt\n", "")
    assert seedbed.files() == {"tea.txt": TEA}
    assert (desk / "tea.txt").exists()
    assert stat.S_IMODE((seedbed.seeds / "tea.txt").stat().st_mode) == stat.S_IMODE((desk / "tea.txt").stat().st_mode)
    assert (seedbed.seeds / "tea.txt").stat().st_mtime == 1_000_000_000
    assert {path.name for path in seedbed.seeds.iterdir()} == {".lock", "tea.txt"}


def test_a_folder_is_copied_with_its_name(seedbed: Seedbed, desk: Path) -> None:
    """As ``cp -r`` would do it, but for what is hidden; ``--into`` names the folder that it goes into."""
    (desk / ".hidden.txt").write_text("no\n")
    (desk / ".git").mkdir()
    (desk / ".git" / "config.txt").write_text("no\n")

    assert seedbed.do("add", desk) == (
        0, "added desk/tea.txt\nadded desk/deep/coffee.md\nadded desk/deep/er/Über uns.txt\n", "",
    )  # fmt: skip
    assert list(seedbed.files()) == ["desk/deep/coffee.md", "desk/deep/er/Über uns.txt", "desk/tea.txt"]
    (desk / "tea.txt").write_text("Another tea.\n")
    assert seedbed.do("add", desk / "tea.txt", "--into", "office/2025")[1] == "added office/2025/tea.txt\n"


def test_what_cannot_be_read_is_refused(seedbed: Seedbed, desk: Path) -> None:
    """Each in one sentence on stderr, and the rest is added; the exit code says that not all was done."""
    (desk / "photo.png").write_bytes(b"\x89PNG")
    (desk / "empty.txt").touch()
    (desk / "huge.txt").write_bytes(b"x" * 20_000_001)
    os.mkfifo(desk / "pipe.txt")
    code, out, err = seedbed.do("add", desk, desk / "missing.txt")

    assert (code, len(out.splitlines())) == (2, 3)
    *lines, last = err.splitlines()
    assert last == f"qa-bot: formats that are read: {', '.join(SUFFIXES)}"
    assert [line.split(" ", 4)[2:4] for line in lines] == [
        [f"{desk}/empty.txt:", "is"], [f"{desk}/huge.txt:", "has"], [f"{desk}/photo.png:", "has"],
        [f"{desk}/pipe.txt:", "is"], [f"{desk}/missing.txt:", "does"],
    ]  # fmt: skip
    assert lines[0] == f"qa-bot: refused {desk}/empty.txt: is empty: put text into it, or remove it"
    assert lines[-1] == f"qa-bot: refused {desk}/missing.txt: does not exist: check its name"
    assert len(seedbed.files()) == 3


def test_names_that_steer_a_terminal(seedbed: Seedbed, desk: Path) -> None:
    """They are shown, not sent, and stay on one line."""
    (desk / "a\nb\x1b[31m.png").touch()
    code, _, err = seedbed.do("add", desk)

    assert (code, err.splitlines()) == (
        2,
        [
            f"qa-bot: refused {desk}/a␊b␛[31m.png: has no format that is read: convert it, or remove it",
            f"qa-bot: formats that are read: {', '.join(SUFFIXES)}",
        ],
    )


def test_links_out_of_a_folder_are_not_followed(seedbed: Seedbed, desk: Path, tmp_path: Path) -> None:
    """Those to files in it are, and a link that is named itself is."""
    (tmp_path / "secret.txt").write_text("secret\n")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "more.txt").write_text("more\n")
    (desk / "out.txt").symlink_to(tmp_path / "secret.txt")
    (desk / "folder").symlink_to(tmp_path / "outside")
    (desk / "loop").symlink_to(desk)
    (desk / "tea.txt").rename(desk / "deep" / "tea.txt")
    (desk / "in.txt").symlink_to("deep/tea.txt")

    assert seedbed.do("add", desk) == (
        2,
        (
            "added desk/in.txt\nadded desk/deep/coffee.md\n"
            f"already there: {desk}/deep/tea.txt is desk/in.txt\nadded desk/deep/er/Über uns.txt\n"
        ),
        f"qa-bot: refused {desk}/out.txt: is a link out of the folder: add the file itself\n",
    )
    assert not (seedbed.seeds / "desk" / "in.txt").is_symlink()
    assert seedbed.do("add", desk / "out.txt")[:2] == (0, "added out.txt\n")


def test_the_same_bytes_are_there_once(seedbed: Seedbed, desk: Path) -> None:
    """Under whatever name they come."""
    seedbed.do("add", desk / "tea.txt", "--into", "kitchen")
    (desk / "chai.txt").write_text(TEA)

    assert seedbed.do("add", desk / "tea.txt", desk / "chai.txt", "--replace") == (
        0,
        f"already there: {desk}/tea.txt is kitchen/tea.txt\nalready there: {desk}/chai.txt is kitchen/tea.txt\n",
        "",
    )
    assert seedbed.files() == {"kitchen/tea.txt": TEA}


def test_another_document_is_not_written_over(seedbed: Seedbed, desk: Path) -> None:
    """Unless it is wanted, and then what was there can come back."""
    seedbed.do("add", desk / "tea.txt")
    (desk / "tea.txt").write_text("At five.\n")

    reason = "would take the place of tea.txt, which holds something else: say --replace, or rename one of them"
    assert seedbed.do("add", desk / "tea.txt") == (2, "", f"qa-bot: refused {desk}/tea.txt: {reason}\n")
    assert seedbed.files() == {"tea.txt": TEA}
    assert seedbed.do("add", "--replace", desk / "tea.txt") == (0, "changed tea.txt\n", "")
    assert seedbed.files() == {"tea.txt": "At five.\n"}
    assert seedbed.do("remove", "--undo") == (0, "put back tea.txt\n", "")
    assert seedbed.files() == {"tea.txt": TEA}
    seedbed.do("remove", "--undo")
    assert seedbed.files() == {"tea.txt": "At five.\n"}


@pytest.mark.parametrize(
    ("into", "name"),
    [("../../etc", "etc/tea.txt"), ("/etc", "etc/tea.txt"), (".hidden", "hidden/tea.txt"), ("a/./../b", "a/b/tea.txt"),
     ("..", "tea.txt"), ("C:\\Windows", "C/Windows/tea.txt"), ("a\nb", "a b/tea.txt")],
)  # fmt: skip
def test_into_leads_nowhere_else(seedbed: Seedbed, desk: Path, into: str, name: str) -> None:
    """Every folder is one below ``seeds/``."""
    assert seedbed.do("add", desk / "tea.txt", "--into", into) == (0, f"added {name}\n", "")
    assert seedbed.files() == {name: TEA}


def test_places_that_cannot_be(seedbed: Seedbed, desk: Path, tmp_path: Path) -> None:
    """Neither a link out of ``seeds/``, nor a file, nor the question set's place takes a document."""
    (tmp_path / "elsewhere").mkdir()
    (seedbed.seeds / "link").symlink_to(tmp_path / "elsewhere")
    (seedbed.seeds / "file").write_text("x")
    (desk / "questions.jsonl").write_text("{}\n")
    errors = [
        seedbed.do("add", desk / "tea.txt", "--into", "link")[2],
        seedbed.do("add", desk / "tea.txt", "--into", "file")[2],
        seedbed.do("add", seedbed.seeds)[2],
    ]

    assert [error.split(": ", 2)[2] for error in errors] == [
        "cannot be put into link, which is a link out of the folder: name another one with --into\n",
        "cannot be put into file, which is a file: name another folder with --into\n",
        "is in the folder of the documents already\n",
    ]
    assert not list((tmp_path / "elsewhere").iterdir())
    assert seedbed.do("add", desk / "questions.jsonl")[0] == 2
    assert not (seedbed.seeds / "questions.jsonl").exists()


@given(st.binary(min_size=1, max_size=60).filter(lambda name: not set(name) & {0, 47} and name not in {b".", b".."}))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_file_names_of_any_bytes(tmp_path_factory: pytest.TempPathFactory, name: bytes) -> None:
    """Each is added under a safe name, and found there again."""
    folder = tmp_path_factory.mktemp("any")
    file = folder / (os.fsdecode(name) + ".txt")
    file.write_text(TEA)
    [outcome] = add_files(SeedFolder(folder / "seeds", Limits()), file)

    assert outcome.verdict is Verdict.ADDED
    assert not outcome.name.startswith(".")
    assert (folder / "seeds" / outcome.name).read_text() == TEA
    assert outcome.item.encode().decode() == outcome.item


def test_processes_wait_for_each_other(seedbed: Seedbed, desk: Path) -> None:
    """Two that add at the same time do it one after the other."""
    lock = FileLock(seedbed.seeds / LOCK, thread_local=False)
    lock.acquire()
    threading.Timer(0.3, lock.release).start()

    assert seedbed.do("add", desk / "tea.txt") == (0, "added tea.txt\n", "")
    assert not lock.is_locked


def test_documents_are_removed_and_come_back(seedbed: Seedbed, desk: Path) -> None:
    """All that are named or none, by name, path or folder; undoing twice goes back two steps."""
    seedbed.do("add", desk, desk / "tea.txt")
    before = seedbed.files()
    code, out, err = seedbed.do("remove", "desk/tea.txt", "no.txt")
    assert (code, out, err) == (2, "", "qa-bot: there is no document no.txt: qa-bot sources lists their names\n")
    assert seedbed.files() == before

    undo = "to undo it: qa-bot remove --undo\n"
    assert seedbed.do("remove", seedbed.seeds / "desk" / "tea.txt")[:2] == (0, f"removed desk/tea.txt\n{undo}")
    assert seedbed.do("remove", "desk/") == (
        0, f"removed desk/deep/coffee.md\nremoved desk/deep/er/Über uns.txt\n{undo}", "",
    )  # fmt: skip
    assert seedbed.files() == {}
    assert [path.name for path in seedbed.seeds.iterdir() if not path.name.startswith(".")] == []
    assert seedbed.report("remove", "--undo")["put_back"] == ["desk/deep/coffee.md", "desk/deep/er/Über uns.txt"]
    assert seedbed.do("remove", "--undo") == (0, "put back desk/tea.txt\n", "")
    assert seedbed.files() == before
    assert seedbed.do("remove", "--undo") == (2, "", "qa-bot: nothing was removed that could be put back\n")
    assert list((seedbed.seeds / ".removed").iterdir()) == []


def test_remove_wants_names_or_undo(seedbed: Seedbed) -> None:
    """Neither and both are mistakes."""
    for arguments in ([], ["a.txt", "--undo"]):
        result = seedbed.run("remove", *arguments)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.endswith("Error: name documents, or say --undo to put back those that were removed last\n")


def test_seeds_that_cannot_be_written(seedbed: Seedbed, desk: Path) -> None:
    """One line says so."""
    seedbed.seeds.rmdir()
    seedbed.seeds.write_text("a file")

    assert seedbed.do("add", desk / "tea.txt") == (
        2, "", f"qa-bot: {seedbed.seeds} cannot be written (File exists): make room, or mend its permissions\n",
    )  # fmt: skip


def test_the_index_follows(seedbed: Seedbed, desk: Path) -> None:
    """Unless it is told not to, each command brings it up to date; a copy under another name is warned of."""
    (desk / "copy.md").write_text(TEA + "\n")
    result = seedbed.run("add", desk / "tea.txt", desk / "copy.md")
    assert result.exit_code == 0
    assert result.stdout == (
        "added tea.txt\nadded copy.md\n"
        "warning of tea.txt: holds the same text as copy.md: remove one of them\n"
        "generation 1: 2 added, 0 changed, 0 removed, 0 kept, 0 refused, 2 paragraphs encoded\n"
    )
    result = seedbed.run("remove", "copy.md", "--json")
    assert result.exit_code == 0
    assert '"removed": [\n  "copy.md"\n ]' in result.stdout
    assert '"warnings": {}' in result.stdout


def test_what_the_index_would_refuse_is_refused(seedbed: Seedbed, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A text that falls into too many sentences does not come into the folder."""
    monkeypatch.setattr("qa_bot.splitting.paragraphs.MOST_SENTENCES", 50)
    (desk / "tea.txt").write_text("The tea is served at four. " * 51)

    reason = "falls into more than 50 sentences: split it, or remove it"
    assert seedbed.do("add", desk / "tea.txt") == (2, "", f"qa-bot: refused {desk}/tea.txt: {reason}\n")
    assert seedbed.files() == {}


def test_an_empty_name_is_not_the_current_folder(seedbed: Seedbed, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that a shell does not know becomes one; nothing is added then, not even what is named beside it."""
    monkeypatch.chdir(desk)
    code, out, err = seedbed.do("add", desk / "tea.txt", "")

    assert (code, out, err.splitlines()[-1]) == (
        2, "", "Error: one of the names is empty: name files, folders or addresses",
    )  # fmt: skip
    assert seedbed.files() == {}


def test_links_in_a_circle_are_refused(seedbed: Seedbed, desk: Path) -> None:
    """They lead to no file, wherever they stand, and harm no other file."""
    for folder in (desk, seedbed.seeds):
        folder.mkdir(exist_ok=True)
        (folder / "a.txt").symlink_to("b.txt")
        (folder / "b.txt").symlink_to("a.txt")
    reason = "is no regular file: remove it"

    code, out, err = seedbed.do("add", desk)
    assert (code, out.splitlines()) == (
        2, ["added desk/tea.txt", "added desk/deep/coffee.md", "added desk/deep/er/Über uns.txt"],
    )  # fmt: skip
    assert err == f"qa-bot: refused {desk}/a.txt: {reason}\nqa-bot: refused {desk}/b.txt: {reason}\n"
    assert [file.name for file in scan(seedbed.seeds, Limits())][:2] == ["a.txt", "b.txt"]
    for file in scan(seedbed.seeds, Limits())[:2]:
        with pytest.raises(ReadError, match=f"^{reason}$"):
            file.read()
    assert seedbed.do("remove", "a.txt")[1].startswith("removed a.txt\n")


def test_a_document_stays_where_its_successor_finds_no_room(seedbed: Seedbed, desk: Path) -> None:
    """A disk that is full leaves the old document in its place; the error is one sentence."""
    seedbed.do("add", desk / "tea.txt")
    (desk / "tea.txt").write_text("The tea is served at five.\n" * 10_000)
    # Once it is over, whatever measures coverage must find room again.
    limited = (
        "import resource; limit = resource.RLIMIT_FSIZE; free = resource.getrlimit(limit)\n"
        "resource.setrlimit(limit, (20_000, free[1]))\n"
        "from qa_bot.cli import main\n"
        "try:\n    main()\nfinally:\n    resource.setrlimit(limit, free)\n"
    )
    config = ["--config", str(seedbed.folder / "config.toml")]
    command = ["add", "--no-index", "--replace", str(desk / "tea.txt")]

    done = subprocess.run(
        [sys.executable, "-c", limited, *config, *command], capture_output=True, text=True, check=False, cwd=desk
    )

    assert (done.returncode, done.stdout, done.stderr) == (
        2, "", f"qa-bot: {seedbed.seeds} cannot be written (File too large): make room, or mend its permissions\n",
    )  # fmt: skip
    assert seedbed.files() == {"tea.txt": TEA}
