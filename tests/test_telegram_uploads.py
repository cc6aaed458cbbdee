"""Documents that an admin sends: read and shown, added and undone, or refused."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from telegram_changes import TODAY, catch_up
from telegram_conversation import Talk, buttons, pieces, texts
from telegram_emulator import faults
from telegram_emulator.people import Person
from telegram_uploads import (
    ADDED,
    ADMIN,
    HEADMASTER,
    NEW,
    OLD,
    PREVIEW,
    SCHOOL_MD,
    TEXT_ONLY,
    UNDONE,
    WELL,
    WELL_MD,
    answer,
    sends,
    waiting,
)


@pytest.fixture
def talk(start_talk: Callable[..., Talk], island: Path) -> Talk:
    """Give a conversation about documents that may change; whoever comes first runs the bot."""
    return start_talk(island, telegram={"admins": [ADMIN]})


def test_a_document_is_shown_added_and_undone(talk: Talk, ann: Person, seeds: Path) -> None:
    """It answers as soon as it is added, and not before or after; who added it, and when, is kept with it."""
    preview = sends(talk, ann, "well.md", WELL_MD)
    assert preview["text"] == PREVIEW
    assert pieces(preview, "bold") == ["The well"]
    assert pieces(preview, "expandable_blockquote") == ["The well of Korrin was dug in 1640."]
    assert buttons(preview) == ["Add", "Discard"]
    assert not (seeds / "well.md").exists()
    assert "1640" not in answer(talk, ann, WELL)

    assert talk.presses(ann, preview, "Add") == "well.md is in its place."
    added = talk.now(preview)
    assert (added["text"], buttons(added)) == (ADDED, ["Undo"])
    assert (seeds / "well.md").read_bytes() == WELL_MD
    assert waiting(seeds) == []
    origin = json.loads((seeds / ".origins.json").read_text())["documents"]["well.md"]
    assert origin["added_by"] == f"Telegram {ADMIN}"
    assert origin.keys() == {"digest", "fetched", "added_by"}
    assert f"{ADMIN}" not in answer(talk, ann, "/sources well")
    assert answer(talk, ann, WELL).startswith("The well of Korrin was dug in 1640.")

    assert talk.presses(ann, added, "Undo") == "Taken out again."
    undone = talk.now(added)
    assert (undone["text"], buttons(undone)) == (UNDONE, [])
    assert not (seeds / "well.md").exists()
    assert json.loads((seeds / ".origins.json").read_text())["documents"] == {}
    assert "1640" not in answer(talk, ann, WELL)


def test_a_document_of_the_same_name_makes_room_and_comes_back(talk: Talk, ann: Person, seeds: Path) -> None:
    """With its bytes, the day of its last change and its origin; neither of the two is lost meanwhile."""
    before, changed = (seeds / "school.md").read_bytes(), (seeds / "school.md").stat().st_mtime_ns
    origins = (
        '{"schema": 1, "documents": {"school.md": {"digest": "x", "fetched": "2026", "url": "https://example.org"}}}'
    )
    (seeds / ".origins.json").write_text(origins)
    preview = sends(talk, ann, "school.md", SCHOOL_MD)
    assert preview["text"].splitlines()[-1] == "It will replace school.md, of 4 paragraphs."
    assert answer(talk, ann, HEADMASTER).startswith(OLD)

    talk.presses(ann, preview, "Add")
    assert answer(talk, ann, HEADMASTER).startswith(NEW)
    assert [path.read_bytes() for path in seeds.glob(".removed/*/school.md")] == [before]

    talk.presses(ann, talk.now(preview), "Undo")
    assert talk.now(preview)["text"] == (
        "Undone: school.md is what it was before. The index now holds 7 documents with 28 paragraphs."
    )
    assert answer(talk, ann, HEADMASTER).startswith(OLD)
    assert (seeds / "school.md").read_bytes() == before
    assert (seeds / "school.md").stat().st_mtime_ns == changed
    assert json.loads((seeds / ".origins.json").read_text()) == json.loads(origins)
    assert [path.read_bytes() for path in seeds.glob(".removed/*/school.md")] == [SCHOOL_MD]


def test_answers_that_are_outdated_by_a_document_are_marked(correcting: Talk) -> None:
    """Adding it is a change as any, and so is undoing that: the answer has said the new words meanwhile."""
    correcting.restart(telegram={"corrections": True, "admins": [ADMIN]})
    ann = correcting.person()
    [asked] = correcting.says(ann, HEADMASTER)
    preview = sends(correcting, ann, "school.md", SCHOOL_MD)
    for button, before, after in [("Add", OLD, NEW), ("Undo", NEW, OLD)]:
        correcting.presses(ann, correcting.now(preview), button)
        catch_up(correcting)
        said, now = correcting.now(asked)["text"].split("\n\nThe documents say now:\n\n")
        assert said.startswith(f"Outdated since {TODAY}: ")
        assert f"It said:\n{before}" in said
        assert now.startswith(after)


def test_what_is_discarded_is_gone(talk: Talk, ann: Person, seeds: Path) -> None:
    """The documents stay as they were; a button that is pressed anyway says so."""
    preview = sends(talk, ann, "well.md", WELL_MD)
    talk.presses(ann, preview, "Discard")

    assert talk.now(preview)["text"] == "Discarded: well.md. The documents are as they were."
    assert buttons(talk.now(preview)) == []
    assert waiting(seeds) == []
    for action in ("ua:1", "ud:1"):
        asked = talk.sends_press(ann, preview, action)
        assert asked.answer is not None
        assert asked.answer["text"] == "It was discarded. Send it again to add it."
    assert not (seeds / "well.md").exists()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("photo.png", b"\x89PNG", "photo.png has no format that I read ("),
        ("", b"text", "document has no format that I read ("),
        ("../../etc/.hidden", b"text", "etc.hidden has no format that I read ("),
        ("empty.txt", b"", "empty.txt is empty: "),
        ("blank.txt", b" \n\t\n", "blank.txt is empty: "),
        ("nothing.txt", b"\0" * 5_000, "nothing.txt "),
        ("locked.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "locked.docx "),
        ("bomb.docx", b"PK\x03\x04" + b"\0" * 600, "bomb.docx "),
        ("questions.jsonl", b"{}", "questions.jsonl is the name of the question set: "),
    ],
    ids=[
        "unknown format",
        "no name",
        "way up",
        "empty",
        "blank",
        "null bytes",
        "old Word",
        "no archive",
        "question set",
    ],
)
def test_what_cannot_be_a_document_is_refused(
    talk: Talk, ann: Person, seeds: Path, *, name: str, content: bytes, said: str
) -> None:
    """In one sentence, without buttons, and nothing of it stays."""
    reply = sends(talk, ann, name, content)

    assert reply["text"].startswith(said)
    assert "\n" not in reply["text"]
    assert buttons(reply) == []
    assert waiting(seeds) == []
    assert talk.database.all("SELECT * FROM arrivals") == []


@pytest.mark.parametrize(
    ("most", "size", "said"),
    [
        (20, 20_000_001, "big.txt has 20.0 MB, more than the 20 MB that I take"),
        (100, 25_000_000, "big.txt has 25.0 MB, more than the 20 MB that I take"),
        (0.5, 700_000, "big.txt has 0.7 MB, more than the 0.5 MB that I take"),
    ],
)
def test_what_is_too_big_is_not_fetched(talk: Talk, ann: Person, most: float, size: int, said: str) -> None:
    """Telegram's limit counts, and that of all documents."""
    talk.restart(reading={"max_file_mb": most})

    assert sends(talk, ann, "big.txt", b"x", size=size)["text"] == (
        f"{said}: split it, or add it with qa-bot add where I run."
    )
    assert talk.emulator.calls_of("getFile") == []


def test_what_stands_below_an_admins_document_is_no_question(talk: Talk, ann: Person) -> None:
    """Nor is it when it is edited; below a photo it is one."""
    assert sends(talk, ann, "well.md", WELL_MD, caption=HEADMASTER)["text"] == PREVIEW
    talk.edits(ann, f"{HEADMASTER} Tell me.")
    assert texts(talk.shown(ann)) == [PREVIEW]
    ann.sends("photo", caption=HEADMASTER)
    talk.settle()
    assert talk.shown(ann)[1]["text"].startswith(OLD)


def test_names_are_made_safe(talk: Talk, ann: Person, seeds: Path) -> None:
    """Whatever they are, the document stands in the folder itself."""
    preview = sends(talk, ann, "../../a:b/ .The\u202e well?.MD", WELL_MD)
    talk.presses(ann, preview, "Add")

    [name] = {path.name for path in seeds.iterdir() if not path.name.startswith(".")} - {
        "lighthouse.md", "ferry-2019.md", "ferry-2023.md", "cafe.md", "library.md", "school.md", "hives.txt",
    }  # fmt: skip
    assert name == "a-b.The well.MD"
    assert talk.now(preview)["text"].startswith(f"Added: {name}. ")


def test_the_same_bytes_are_not_added_twice(talk: Talk, ann: Person, seeds: Path) -> None:
    """Under whatever name; nothing waits."""
    reply = sends(talk, ann, "copy.md", (seeds / "school.md").read_bytes())

    assert reply["text"] == "copy.md is already there as school.md, byte for byte: nothing to do."
    assert buttons(reply) == []
    assert waiting(seeds) == []


@pytest.mark.parametrize("fault", [faults.error(400, "wrong file_id"), faults.server_error(), faults.dropped_before()])
def test_what_cannot_be_fetched_is_said(talk: Talk, ann: Person, fault: faults.Fault) -> None:
    """And may be sent again."""
    talk.emulator.faults.plan("getFile", fault)

    assert sends(talk, ann, "well.md", WELL_MD)["text"] == "I could not fetch well.md from Telegram: send it again."
    assert sends(talk, ann, "well.md", WELL_MD)["text"] == PREVIEW


def test_a_file_that_arrives_in_part_is_not_taken(talk: Talk, ann: Person) -> None:
    """Telegram says how large it is."""
    assert sends(talk, ann, "well.md", WELL_MD, size=5_000)["text"] == (
        "I could not fetch well.md from Telegram: send it again."
    )


def test_no_file_of_this_machine_is_taken_for_one_of_telegrams(
    talk: Talk, ann: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the bot was started, a file may have the very path that Telegram names; what it holds was not sent."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "file_1").write_bytes(b"x" * len(WELL_MD))

    assert sends(talk, ann, "well.md", WELL_MD)["text"] == "I could not fetch well.md from Telegram: send it again."
    assert sends(talk, ann, "well.md", WELL_MD)["text"] == PREVIEW


def test_others_hear_what_they_heard_before(talk: Talk, ann: Person, seeds: Path) -> None:
    """Nothing of theirs is fetched; in groups nothing is, whoever sends it."""
    ben = talk.person("Ben")
    group = talk.group(ann)
    assert sends(talk, ben, "well.md", WELL_MD)["text"] == TEXT_ONLY
    assert sends(talk, ben, "well.md", WELL_MD, caption=HEADMASTER)["text"].startswith(OLD)
    ann.sends_document("well.md", WELL_MD, chat=group)
    ann.sends("animation")
    talk.settle()

    assert talk.shown(group) == []
    assert texts(talk.shown(ann)) == [TEXT_ONLY]
    assert talk.emulator.calls_of("getFile") == []
    assert not (seeds / ".incoming").exists()


def test_help_tells_admins_of_it(talk: Talk, ann: Person) -> None:
    """And nobody else."""
    said = "Send me a document as a file: I read it, say what would become of it, and you decide."
    assert said in texts(talk.says(ann, "/help"))[0]
    assert said not in texts(talk.says(talk.person("Ben"), "/help"))[0]
