"""Documents that are sent while something is in the way."""

from collections.abc import Callable
from pathlib import Path

import pytest
from telegram_conversation import Talk, buttons, texts
from telegram_emulator.people import Person
from telegram_uploads import ADDED, ADMIN, HEADMASTER, OLD, WELL, WELL_MD, answer, sends

from qa_bot.channels.telegram.admission import Admission
from qa_bot.seeding.folder import SeedFolder
from qa_bot.seeding.receiving import Inbox


@pytest.fixture
def talk(start_talk: Callable[..., Talk], island: Path) -> Talk:
    """Give a conversation about documents that may change; whoever comes first runs the bot."""
    return start_talk(island, telegram={"admins": [ADMIN]})


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
