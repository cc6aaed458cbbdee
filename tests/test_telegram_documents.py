"""New documents while the bot is at work."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from telegram_conversation import Talk, texts

from qa_bot.opening import make_encoder, update_index

BUILDER = "Who built the lighthouse of Korrin?"
HEADMASTER = "Who is the headmaster of the school?"
WELL = "When was the well of Korrin dug?"
QUOTED = "The lighthouse of Korrin was built in 1871"
ADMIN = 1_000_001


@pytest.fixture
def own_talk(start_talk: Callable[..., Talk], telegram_library: Path, tmp_path: Path) -> Talk:
    """Give a conversation about documents that a test may change; whoever comes first runs the bot."""
    shutil.copytree(telegram_library, tmp_path / "island")
    return start_talk(tmp_path / "island", telegram={"admins": [ADMIN]})


def write_well(tmp_path: Path, year: int = 1640) -> None:
    """Put another document among the documents."""
    text = f"# The well\n\nThe well of Korrin was dug in {year}.\n"
    (tmp_path / "island" / "seeds" / "well.md").write_text(text, encoding="utf-8")


def test_reload_picks_up_new_documents(own_talk: Talk, tmp_path: Path) -> None:
    """And says what changed."""
    ann = own_talk.person()
    own_talk.says(ann, WELL)
    write_well(tmp_path)

    assert texts(own_talk.says(ann, "/reload")) == ["The documents are up to date: 1 added, 0 changed, 0 removed."]
    assert texts(own_talk.says(ann, WELL))[0].startswith("The well of Korrin was dug in 1640.")


def test_reload_picks_up_what_changed_and_what_is_gone(own_talk: Talk, tmp_path: Path) -> None:
    """Nothing of it is quoted any more."""
    ann = own_talk.person()
    write_well(tmp_path)
    own_talk.says(ann, "/reload")
    write_well(tmp_path, 1641)
    (tmp_path / "island" / "seeds" / "school.md").unlink()

    assert texts(own_talk.says(ann, "/reload")) == ["The documents are up to date: 0 added, 1 changed, 1 removed."]
    assert texts(own_talk.says(ann, WELL))[0].startswith("The well of Korrin was dug in 1641.")
    assert "Oskar Lind" not in texts(own_talk.says(ann, HEADMASTER))[0]


def test_reload_without_changes_changes_nothing(own_talk: Talk) -> None:
    """Not even the generation."""
    ann = own_talk.person()

    assert texts(own_talk.says(ann, "/reload")) == ["The documents are up to date: 0 added, 0 changed, 0 removed."]


def test_documents_that_cannot_be_read_leave_the_old_ones(own_talk: Talk, tmp_path: Path) -> None:
    """Whoever runs the bot is told what to do."""
    ann = own_talk.person()
    shutil.move(tmp_path / "island" / "seeds", tmp_path / "elsewhere")

    [reply] = own_talk.says(ann, "/reload")

    assert "is no folder: make it and put documents into it" in reply["text"]
    assert texts(own_talk.says(ann, BUILDER))[0].startswith(QUOTED)


def test_a_new_generation_is_noticed_without_reload(own_talk: Talk, tmp_path: Path) -> None:
    """By the next question."""
    ann = own_talk.person()
    write_well(tmp_path)
    settings = own_talk.bot.service.settings
    update_index(settings, make_encoder(settings))

    assert texts(own_talk.says(ann, WELL))[0].startswith("The well of Korrin was dug in 1640.")


def test_a_damaged_generation_is_not_gone_over_to(own_talk: Talk, tmp_path: Path) -> None:
    """The old one goes on."""
    ann = own_talk.person()
    own_talk.says(ann, HEADMASTER)
    (tmp_path / "island" / "embeddings" / "CURRENT").write_text("generation-nonsense\n", encoding="utf-8")

    assert texts(own_talk.says(ann, BUILDER))[0].startswith(QUOTED)
    assert texts(own_talk.says(ann, HEADMASTER))[0].startswith("The headmaster of the school is Oskar Lind.")
