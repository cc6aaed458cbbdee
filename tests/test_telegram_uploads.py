"""Documents that an admin sends: read in a preview, added or discarded, and undone."""

import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from telegram_changes import TODAY, catch_up
from telegram_conversation import Talk, buttons, pieces, texts
from telegram_emulator import faults
from telegram_emulator.parameters import Json
from telegram_emulator.people import Person

from qa_bot.channels.telegram.admission import Admission
from qa_bot.seeding.folder import SeedFolder
from qa_bot.seeding.receiving import Inbox

ADMIN = 1_000_001
WELL = "When was the well of Korrin dug?"
WELL_MD = b"# The well\n\nThe well of Korrin was dug in 1640.\n\nIts water is sweet.\n"
HEADMASTER = "Who is the headmaster of the school?"
SCHOOL_MD = b"# The school\n\nThe headmaster of the school is Ada Brook.\n"
OLD, NEW = "The headmaster of the school is Oskar Lind.", "The headmaster of the school is Ada Brook."
TEXT_ONLY = "I can read text only: write me a question, and I answer with the exact words of my documents."
PREVIEW = (
    "The well\nwell.md · format md · language en\n3 paragraphs, of which 3 can be quoted\n"
    "The well of Korrin was dug in 1640.\nIt would be a new document."
)
ADDED = "Added: well.md. The index now holds 8 documents with 31 paragraphs."
UNDONE = "Undone: well.md is not among the documents any more. The index now holds 7 documents with 28 paragraphs."


@pytest.fixture
def talk(start_talk: Callable[..., Talk], island: Path) -> Talk:
    """Give a conversation about documents that may change; whoever comes first runs the bot."""
    return start_talk(island, telegram={"admins": [ADMIN]})


@pytest.fixture
def seeds(island: Path) -> Path:
    """Give the folder of the documents."""
    return island / "seeds"


@pytest.fixture
def ann(talk: Talk) -> Person:
    """Let the admin come."""
    return talk.person()


def sends(talk: Talk, person: Person, name: str, content: bytes, **options: Any) -> Json:
    """Let a person send a document, and give what the bot says to that."""
    before = len(talk.shown(person))
    person.sends_document(name, content, **options)
    talk.settle()
    [*_, reply] = talk.shown(person)
    assert len(talk.shown(person)) == before + 1
    return reply


def answer(talk: Talk, person: Person, question: str) -> str:
    """Ask, and give the beginning of the answer."""
    return texts(talk.says(person, question))[0]


def waiting(seeds: Path) -> list[Path]:
    """List what waits."""
    return sorted((seeds / ".incoming").glob("*"))


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


def test_only_admins_may_press(talk: Talk, ann: Person, seeds: Path) -> None:
    """Whoever is none any more may not, nor anybody else by a program of their own."""
    preview = sends(talk, ann, "well.md", WELL_MD)
    ben = talk.person("Ben")
    other = talk.says(ben, "/start")[0]
    for person, message, data in [
        (ben, other, "ua:1"),
        (ann, preview, "ua:7"),
        (ann, preview, "uu:1"),
        (ann, preview, "ua:x"),
    ]:
        asked = talk.sends_press(person, message, data)
        assert asked.answer is not None
        assert asked.answer["text"] == "I do not remember this file any more. Send it again."
    talk.restart(telegram={"admins": [ben.id]})

    assert talk.presses(ann, preview, "Add") == "Only those who run this bot may do that."
    assert talk.now(preview)["text"] == PREVIEW
    assert not (seeds / "well.md").exists()


def test_buttons_work_after_a_restart(talk: Talk, ann: Person) -> None:
    """Each of them; the bot remembers how far each document has come."""
    preview = sends(talk, ann, "well.md", WELL_MD)
    talk.restart()
    talk.presses(ann, preview, "Add")
    assert talk.now(preview)["text"] == ADDED
    talk.restart()
    assert talk.presses(ann, talk.now(preview), "Undo") == "Taken out again."
    assert talk.now(preview)["text"] == UNDONE
    second = sends(talk, ann, "well.md", WELL_MD)
    talk.crash()
    talk.start()
    talk.presses(ann, second, "Discard")
    assert talk.now(second)["text"] == "Discarded: well.md. The documents are as they were."


def test_pressing_again_changes_nothing(talk: Talk, ann: Person, seeds: Path) -> None:
    """Two presses at once, and a press of a button that is not there any more."""
    preview = sends(talk, ann, "well.md", WELL_MD)
    first, second = ann.presses(preview, "Add"), ann.presses(preview, "Add")
    talk.settle()
    assert [asked.answer and asked.answer["text"] for asked in (first, second)] == [
        "well.md is in its place.", "I am at it.",
    ]  # fmt: skip

    def press(data: str) -> str:
        asked = talk.sends_press(ann, preview, data)
        assert asked.answer is not None
        return str(asked.answer["text"])

    assert press("ua:1") == press("ud:1") == "It has been added. Undo takes it out again."
    assert talk.now(preview)["text"] == ADDED
    assert press("uu:1") == "Taken out again."
    assert press("uu:1") == press("ua:1") == "It has been taken out again. Send it again to add it."
    assert talk.now(preview)["text"] == UNDONE
    assert len(list(seeds.glob(".removed/*/well.md"))) == 1


def test_two_documents_are_added_one_after_the_other(talk: Talk, ann: Person) -> None:
    """Though both buttons are pressed at once."""
    previews = [sends(talk, ann, "well.md", WELL_MD), sends(talk, ann, "school.md", SCHOOL_MD)]
    for preview in previews:
        ann.presses(preview, "Add")
    talk.settle()

    assert [talk.now(preview)["text"].partition(".md. ")[0] for preview in previews] == ["Added: well", "Added: school"]
    assert answer(talk, ann, WELL).startswith("The well of Korrin was dug in 1640.")
    assert answer(talk, ann, HEADMASTER).startswith(NEW)


def test_what_nobody_decides_about_is_let_go(talk: Talk, ann: Person, seeds: Path) -> None:
    """After a day, by what keeps house; the button says so."""
    old, young = sends(talk, ann, "well.md", WELL_MD), sends(talk, ann, "school.md", SCHOOL_MD)
    day_ago = time.time() - 86_500
    [file] = [path for path in waiting(seeds) if path.read_bytes() == WELL_MD]
    os.utime(file, (day_ago, day_ago))
    talk.restart()

    assert [path.read_bytes() for path in waiting(seeds)] == [SCHOOL_MD]
    assert talk.presses(ann, old, "Add") == "I do not remember this file any more. Send it again."
    assert talk.now(old)["text"] == "I kept well.md for a day, and nobody decided: send it again."
    assert buttons(talk.now(old)) == []
    assert talk.presses(ann, young, "Add") == "school.md is in its place."


def test_documents_that_changed_since_are_looked_at_again(talk: Talk, ann: Person, seeds: Path) -> None:
    """What was shown is what is done, or it is shown anew."""
    preview = sends(talk, ann, "well.md", WELL_MD)
    (seeds / "well.md").write_text("A well.\n", encoding="utf-8")

    assert talk.presses(ann, preview, "Add") == "The documents have changed meanwhile: look again."
    shown = talk.now(preview)
    assert shown["text"].splitlines()[-1] == "It will replace well.md, of 1 paragraph."
    assert talk.presses(ann, shown, "Add") == "well.md is in its place."
    assert talk.now(preview)["text"] == ADDED


def test_the_same_document_sent_twice_is_added_once(talk: Talk, ann: Person) -> None:
    """The second preview notices it when its button is pressed."""
    first, second = sends(talk, ann, "well.md", WELL_MD), sends(talk, ann, "other.md", WELL_MD)
    talk.presses(ann, first, "Add")

    assert talk.presses(ann, second, "Add") == "The documents have changed meanwhile: look again."
    assert talk.now(second)["text"] == "other.md is already there as well.md, byte for byte: nothing to do."
    assert buttons(talk.now(second)) == []


def test_undo_leaves_alone_what_has_been_changed(talk: Talk, ann: Person, seeds: Path) -> None:
    """Somebody has worked on it."""
    preview = sends(talk, ann, "well.md", WELL_MD)
    talk.presses(ann, preview, "Add")
    (seeds / "well.md").write_text("A well.\n", encoding="utf-8")

    said = "well.md is not as it was added any more, so I left it alone."
    assert talk.presses(ann, talk.now(preview), "Undo") == said
    assert (talk.now(preview)["text"], buttons(talk.now(preview))) == (said, [])
    assert (seeds / "well.md").read_text() == "A well.\n"


def test_undo_without_the_former_document_does_nothing(talk: Talk, ann: Person, seeds: Path) -> None:
    """Somebody has emptied the folder that kept it."""
    preview = sends(talk, ann, "school.md", SCHOOL_MD)
    talk.presses(ann, preview, "Add")
    shutil.rmtree(seeds / ".removed")
    talk.presses(ann, talk.now(preview), "Undo")

    assert talk.shown(ann)[-1]["text"] == "school.md cannot be what it was before: that is not kept any more"
    assert (seeds / "school.md").read_bytes() == SCHOOL_MD
    assert buttons(talk.now(preview)) == ["Undo"]


def test_an_index_that_cannot_be_made_is_said(talk: Talk, ann: Person, seeds: Path) -> None:
    """The document is in its place, and /reload makes up for it."""
    preview = sends(talk, ann, "well.md", WELL_MD)
    index = seeds.parent / "embeddings"
    index.rename(seeds.parent / "elsewhere")
    index.write_text("in the way")
    talk.presses(ann, preview, "Add")

    assert talk.now(preview)["text"].startswith("Added: well.md. The index could not be brought up to date (")
    assert talk.now(preview)["text"].endswith("). /reload tries again.")
    index.unlink()
    (seeds.parent / "elsewhere").rename(index)
    assert texts(talk.says(ann, "/reload")) == ["The documents are up to date: 1 added, 0 changed, 0 removed."]


def test_what_a_kill_interrupted_is_brought_to_its_end(
    talk: Talk, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the button that is still there, be it the other one: what is in its place has been added, and can be undone."""
    preview = sends(talk, ann, "well.md", WELL_MD)
    arrivals = talk.bot.service.arrivals
    with monkeypatch.context() as patch:
        patch.setattr(Inbox, "sign", killed)
        with pytest.raises(KeyboardInterrupt):
            Admission(talk.bot.service.settings, arrivals).add(arrivals.arrival(1, ann.id), "Ann")
    talk.restart()

    assert answer(talk, ann, WELL).startswith("The well of Korrin was dug in 1640.")
    assert talk.presses(ann, preview, "Discard") == "well.md is in its place."
    assert (talk.now(preview)["text"], buttons(talk.now(preview))) == (ADDED, ["Undo"])


def killed(*_: object) -> None:
    """Stand for a step at which the bot is killed."""
    raise KeyboardInterrupt


def test_forgetting_lets_the_document_stay(talk: Talk, ann: Person, seeds: Path) -> None:
    """What is known of who sent it is deleted here, and its buttons say so."""
    preview = sends(talk, ann, "well.md", WELL_MD)
    talk.presses(ann, preview, "Add")
    talk.says(ann, "/forget")

    assert talk.database.all("SELECT * FROM arrivals") == []
    assert talk.presses(ann, talk.now(preview), "Undo") == "I do not remember this file any more. Send it again."
    assert (seeds / "well.md").exists()


def test_another_process_at_work_is_waited_for(
    talk: Talk, ann: Person, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or named, if it takes too long; the button can be pressed again."""
    preview = sends(talk, ann, "well.md", WELL_MD)
    monkeypatch.setattr("qa_bot.seeding.folder.LOCK_SECONDS", 0.1)
    with SeedFolder(seeds, talk.bot.service.settings.reading.limits).locked():
        talk.presses(ann, preview, "Add")
    assert talk.shown(ann)[-1]["text"] == (
        f"another process has been changing {seeds} for long: wait for it, or stop it"
    )
    assert talk.presses(ann, preview, "Add") == "well.md is in its place."


def test_nobody_waits_for_a_document(talk: Talk, ann: Person, seeds: Path) -> None:
    """While one is fetched, waits for its turn, is read or added, others are answered."""
    ben = talk.person("Ben")
    folder = SeedFolder(seeds, talk.bot.service.settings.reading.limits)
    with folder.locked():
        ann.sends_document("well.md", WELL_MD)
        talk.deliver("getFile")
        ben.says(HEADMASTER)
        talk.deliver("sendMessage")
    talk.settle()
    [preview] = talk.shown(ann)
    with folder.locked():
        ann.presses(preview, "Add")
        ben.says(f"{HEADMASTER} Tell me.")
        talk.deliver("sendMessage")
    talk.settle()

    assert [text.startswith(OLD) for text in texts(talk.shown(ben))] == [True, True]
    assert talk.shown(ben)[0]["message_id"] < preview["message_id"]
    assert talk.now(preview)["text"] == ADDED


def test_help_tells_admins_of_it(talk: Talk, ann: Person) -> None:
    """And nobody else."""
    said = "Send me a document as a file: I read it, say what would become of it, and you decide."
    assert said in texts(talk.says(ann, "/help"))[0]
    assert said not in texts(talk.says(talk.person("Ben"), "/help"))[0]
