"""What becomes of a document that was sent: who decides, when, and what is too late."""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from telegram_conversation import Talk, buttons
from telegram_emulator.people import Person
from telegram_uploads import (
    ADDED,
    ADMIN,
    HEADMASTER,
    NEW,
    PREVIEW,
    SCHOOL_MD,
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


@pytest.mark.parametrize("left", [None, b"# Another\n\nAnother text.\n"], ids=["gone", "other"])
def test_undo_without_the_former_document_does_nothing(
    talk: Talk, ann: Person, seeds: Path, left: bytes | None
) -> None:
    """Somebody has emptied the folder that kept it, or put something else there."""
    preview = sends(talk, ann, "school.md", SCHOOL_MD)
    talk.presses(ann, preview, "Add")
    if left is None:
        shutil.rmtree(seeds / ".removed")
    else:
        next(seeds.glob(".removed/*/school.md")).write_bytes(left)
    talk.presses(ann, talk.now(preview), "Undo")

    assert talk.shown(ann)[-1]["text"] == "school.md cannot be what it was before: that is not kept any more"
    assert (seeds / "school.md").read_bytes() == SCHOOL_MD
    assert buttons(talk.now(preview)) == ["Undo"]


def test_forgetting_lets_the_document_stay(talk: Talk, ann: Person, seeds: Path) -> None:
    """What is known of who sent it is deleted here, and its buttons say so."""
    preview = sends(talk, ann, "well.md", WELL_MD)
    talk.presses(ann, preview, "Add")
    talk.says(ann, "/forget")

    assert talk.database.all("SELECT * FROM arrivals") == []
    assert talk.presses(ann, talk.now(preview), "Undo") == "I do not remember this file any more. Send it again."
    assert (seeds / "well.md").exists()
