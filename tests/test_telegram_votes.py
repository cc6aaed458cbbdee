"""Votes, and buttons of answers that are old: forgotten, of another run, of other documents."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from telegram_conversation import Talk, buttons
from telegram_emulator.parameters import Json
from telegram_emulator.people import Person

from qa_bot.opening import make_encoder, update_index

BUILDER = "Who built the lighthouse of Korrin?"
STALE = "I do not remember this answer any more. Ask again."
HELPED, DID_NOT = "Thank you, noted: it helped.", "Thank you, noted: it did not help."
NEWER = "The documents have changed since this was asked; this is what they say now."


@pytest.fixture
def own_talk(start_talk: Callable[..., Talk], telegram_library: Path, tmp_path: Path) -> Talk:
    """Give a conversation about documents that a test may change."""
    shutil.copytree(telegram_library, tmp_path / "island")
    return start_talk(tmp_path / "island")


def votes(talk: Talk) -> list[tuple[int, int]]:
    """List the votes: on which answer, and how."""
    return [(answer, vote) for answer, vote in talk.database.all("SELECT answer, vote FROM votes ORDER BY made")]


def ask(talk: Talk, ann: Person) -> Json:
    """Let somebody ask; gives the answer."""
    return talk.says(ann, BUILDER)[-1]


@pytest.mark.parametrize(("button", "thanks", "vote"), [("👍", HELPED, 1), ("👎", DID_NOT, -1)])
def test_a_vote_is_noted_with_thanks(talk: Talk, button: str, thanks: str, vote: int) -> None:
    """The message stays as it is, so that nobody is held up."""
    ann = talk.person()
    answer = ask(talk, ann)

    assert talk.presses(ann, answer, button) == thanks
    assert votes(talk) == [(1, vote)]
    assert talk.now(answer)["text"] == answer["text"]


def test_a_changed_vote_replaces_the_first(talk: Talk) -> None:
    """A person has one vote."""
    ann = talk.person()
    answer = ask(talk, ann)

    assert [talk.presses(ann, answer, button) for button in ("👍", "👎", "👎")] == [HELPED, DID_NOT, DID_NOT]
    assert votes(talk) == [(1, -1)]


def test_votes_of_a_group_are_counted_by_person(talk: Talk) -> None:
    """Whoever asked."""
    ann = talk.person("Ann")
    group = talk.group(ann)
    bob = talk.person("Bob", chat=group)
    [answer] = talk.says(ann, f"/ask {BUILDER}", chat=group)

    talk.presses(ann, answer, "👍")
    talk.presses(bob, answer, "👎")

    assert votes(talk) == [(1, 1), (1, -1)]


@pytest.mark.parametrize("button", ["More ▶", "Context", "👍", "👎"])
def test_a_forgotten_answer_says_so(talk: Talk, button: str) -> None:
    """Its buttons are still there, and what they led to is gone."""
    ann = talk.person()
    answer = ask(talk, ann)
    talk.says(ann, "/forget")

    assert talk.presses(ann, answer, button) == STALE
    assert talk.now(answer)["text"] == answer["text"]


def test_buttons_work_after_a_restart(talk: Talk) -> None:
    """As before: nothing was kept in memory only."""
    ann = talk.person()
    answer = ask(talk, ann)
    talk.presses(ann, answer, "👍")
    talk.restart()

    assert talk.presses(ann, answer, "Context") == ""
    assert talk.presses(ann, talk.now(answer), "↩ Answer") == ""
    assert talk.now(answer)["text"] == answer["text"]
    assert talk.presses(ann, answer, "👎") == DID_NOT
    assert votes(talk) == [(1, -1)]


def test_buttons_work_after_a_crash(talk: Talk) -> None:
    """Likewise."""
    ann = talk.person()
    answer = ask(talk, ann)
    talk.crash()
    talk.start()

    assert talk.presses(ann, answer, "More ▶") == ""
    assert "◀ Back" in buttons(talk.now(answer))


def add(talk: Talk, tmp_path: Path, name: str, text: str) -> None:
    """Put another document among the documents, and index it in another process's way."""
    (tmp_path / "island" / "seeds" / name).write_text(text, encoding="utf-8")
    settings = talk.bot.service.settings
    update_index(settings, make_encoder(settings))


def test_an_answer_from_changed_documents_says_so(own_talk: Talk, tmp_path: Path) -> None:
    """When it is shown anew."""
    ann = own_talk.person()
    answer = ask(own_talk, ann)
    add(own_talk, tmp_path, "well.md", "# The well\n\nThe well of Korrin was dug in 1640.\n")

    assert own_talk.presses(ann, answer, "More ▶") == ""
    own_talk.presses(ann, own_talk.now(answer), "◀ Back")

    assert own_talk.now(answer)["text"] == f"{NEWER}\n\n{answer['text']}"


def test_a_context_from_changed_documents_says_so(own_talk: Talk, tmp_path: Path) -> None:
    """In passing: the passage may be another one than the button was made for."""
    ann = own_talk.person()
    answer = ask(own_talk, ann)
    add(own_talk, tmp_path, "well.md", "# The well\n\nThe well of Korrin was dug in 1640.\n")

    assert own_talk.presses(ann, answer, "Context") == NEWER
    assert "↩ Answer" in buttons(own_talk.now(answer))


def test_an_answer_whose_document_is_gone_is_not_shown_any_more(own_talk: Talk, tmp_path: Path) -> None:
    """The documents as they are now do not say it."""
    ann = own_talk.person()
    answer = ask(own_talk, ann)
    (tmp_path / "island" / "seeds" / "lighthouse.md").unlink()
    add(own_talk, tmp_path, "well.md", "# The well\n\nThe well was dug in 1640.\n")

    own_talk.presses(ann, answer, "More ▶")

    assert "Marta Hale" not in own_talk.now(answer)["text"]


def test_the_same_question_is_answered_from_changed_documents(own_talk: Talk, tmp_path: Path) -> None:
    """Though it was answered before, and nobody has reloaded."""
    ann = own_talk.person()
    question = "When was the well of Korrin dug?"
    [first] = own_talk.says(ann, question)
    add(own_talk, tmp_path, "well.md", "# The well\n\nThe well of Korrin was dug in 1640.\n")

    [second] = own_talk.says(ann, question)

    assert "1640" not in first["text"]
    assert second["text"].startswith("The well of Korrin was dug in 1640.")
