"""Answers are marked as outdated when what they quoted has changed or is gone."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from telegram_changes import CHANGED, GONE, HEADMASTER, LIND, MORAN, TODAY, change, counted, edits, publish, rows
from telegram_conversation import Talk, buttons, pieces, texts
from telegram_emulator.parameters import Json
from telegram_library import DOCUMENTS, LIGHTHOUSE, SCHOOL

from qa_bot.channels.telegram import words

BUILDER = "Who built the lighthouse of Korrin?"
HIVES = "What does the beekeeper of Korrin sell at the market?"
OLD_QUOTE = f"It said:\n{LIND}"


def asked(correcting: Talk, question: str = HEADMASTER, **documents: str | None) -> Json:
    """Let somebody ask, change documents, and give the answer as it is shown then."""
    [answer] = correcting.says(correcting.person(), question)
    change(correcting, **documents)
    return correcting.now(answer)


def test_an_answer_whose_words_changed_is_marked(correcting: Talk) -> None:
    """Without a question: why, what it said, struck through, and what the documents say now, verbatim and cited."""
    ann = correcting.person()
    [answer] = correcting.says(ann, HEADMASTER)
    assert answer["text"].startswith(LIND)

    change(correcting, school=SCHOOL.replace("Oskar Lind", "Edna Moran"))

    [after] = correcting.shown(ann)
    assert after["text"].startswith(
        f"{CHANGED}\n\n{OLD_QUOTE}\n\nThe documents say now:\n\n{MORAN}\n[1] The school of Korrin · line 7 · school.md"
    )
    assert pieces(after, "strikethrough") == [LIND]
    assert pieces(after, "bold")[:3] == [CHANGED, "The documents say now:", MORAN]
    assert buttons(after) == buttons(answer)
    assert counted(correcting, "marked") == 1


def test_its_buttons_go_on_working(correcting: Talk) -> None:
    """Back at the answer it is still marked; nothing is said of changes that it shows already."""
    ann = correcting.person()
    [answer] = correcting.says(ann, HEADMASTER)
    change(correcting, school=SCHOOL.replace("Oskar Lind", "Edna Moran"))
    marked = correcting.now(answer)

    assert correcting.presses(ann, marked, "Context") == ""
    assert MORAN in correcting.now(answer)["text"]
    assert correcting.presses(ann, correcting.now(answer), "↩ Answer") == ""
    assert correcting.now(answer)["text"] == marked["text"]
    assert correcting.presses(ann, marked, "👍") == words.THANKS[1]
    assert list(correcting.bot.service.memory.liked()) == [(HEADMASTER, MORAN)]


def test_votes_on_what_it_said_before_do_not_count(correcting: Talk) -> None:
    """They were about other words."""
    ann = correcting.person()
    [answer] = correcting.says(ann, HEADMASTER)
    correcting.presses(ann, answer, "👍")
    assert list(correcting.bot.service.memory.liked()) == [(HEADMASTER, LIND)]

    change(correcting, school=SCHOOL.replace("Oskar Lind", "Edna Moran"))

    assert list(correcting.bot.service.memory.liked()) == []


def test_an_answer_whose_document_is_gone_says_so(correcting: Talk) -> None:
    """And that the documents do not answer any more."""
    after = asked(correcting, school=None)

    assert after["text"].startswith(f"{GONE}\n\n{OLD_QUOTE}\n")
    assert f"\n\n{words.NO_LONGER}\n\n" in after["text"]
    assert pieces(after, "strikethrough")[0] == LIND
    assert all(label.startswith("≈ ") for label in buttons(after))


def test_a_document_that_comes_back_takes_the_mark_away(correcting: Talk) -> None:
    """As if nothing had been; meanwhile other changes are not told again."""
    ann = correcting.person()
    [answer] = correcting.says(ann, HEADMASTER)
    change(correcting, school=None)
    before = edits(correcting)
    change(correcting, cafe=None)
    assert edits(correcting) == before

    change(correcting, school=SCHOOL)

    assert correcting.now(answer)["text"].startswith(LIND)
    assert (counted(correcting, "marked"), counted(correcting, "restored")) == (1, 1)
    change(correcting, school=SCHOOL.replace("Oskar Lind", "Edna Moran"))
    assert correcting.now(answer)["text"].startswith(CHANGED)


def test_another_document_may_answer_again(correcting: Talk) -> None:
    """The mark stays, above what that says."""
    ann = correcting.person()
    [answer] = correcting.says(ann, HEADMASTER)
    change(correcting, school=None)

    change(correcting, teachers=f"# Teachers\n\n{MORAN}\n")

    after = correcting.now(answer)["text"]
    assert after.startswith(f"{GONE}\n\n{OLD_QUOTE}\n")
    assert f"\n\n{words.NOW}\n\n{MORAN}\n[1] Teachers" in after


@pytest.mark.parametrize(
    "documents",
    [
        {"school": SCHOOL.replace("# The school of Korrin\n", "# The school of Korrin\n\nIt stands on a hill.\n")},
        {"school": SCHOOL.replace("two o'clock", "three o'clock")},
        {"school": None, "learning": SCHOOL},
        {"cafe": None},
    ],
    ids=["moved", "elsewhere changed", "renamed", "another document"],
)
def test_words_that_still_stand_are_left_alone(correcting: Talk, documents: dict[str, str | None]) -> None:
    """Nothing is edited, whatever else changed."""
    ann = correcting.person()
    [answer] = correcting.says(ann, f"/ask {HEADMASTER}")
    only_first(correcting)

    change(correcting, **documents)

    assert (edits(correcting), correcting.now(answer)["text"]) == (0, answer["text"])
    assert rows(correcting, "outdated") == 0


def only_first(correcting: Talk) -> None:
    """Let answers quote nothing but their first excerpt."""
    correcting.database.do("DELETE FROM quoted WHERE number > 1")


def test_words_around_what_was_highlighted_count(correcting: Talk) -> None:
    """They were quoted too; nothing is struck through that still stands."""
    after = asked(correcting, BUILDER, lighthouse=LIGHTHOUSE.replace("northern", "western"))

    assert after["text"].startswith(
        f"Outdated since {TODAY}: “The lighthouse of Korrin” has changed.\n\n{words.STILL_STANDS}\n\n{words.NOW}\n\n"
    )
    assert "western cliff" in after["text"]
    assert pieces(after, "strikethrough") == []


def test_an_answer_is_marked_again_only_if_its_new_words_change(correcting: Talk) -> None:
    """Then with what it said last."""
    ann = correcting.person()
    [answer] = correcting.says(ann, HEADMASTER)
    second, third = SCHOOL.replace("Oskar Lind", "Edna Moran"), SCHOOL.replace("Oskar Lind", "Ida Brook")
    change(correcting, school=second)
    before = edits(correcting)
    change(correcting, school=f"{second}\nIt has a garden.\n", cafe=None)
    assert edits(correcting) == before

    change(correcting, school=third)

    assert pieces(correcting.now(answer), "strikethrough") == [MORAN]
    assert "Oskar Lind" not in correcting.now(answer)["text"]
    assert counted(correcting, "marked") == 2


def test_an_answer_of_several_messages_is_marked_in_the_first(correcting: Talk) -> None:
    """Those that are not needed any more refer to it."""
    ann = correcting.person()
    answers = correcting.says(ann, HIVES)
    assert len(answers) == 3
    (correcting.bot.service.settings.paths.seeds / "hives.txt").write_text(
        "The diary of hives\n\nThe beekeeper of Korrin sells nothing.\n", encoding="utf-8"
    )
    change(correcting)

    first, *others = [correcting.now(answer) for answer in answers]
    assert first["text"].startswith(f"Outdated since {TODAY}: “The diary of hives” has changed.")
    assert texts(others) == [words.OUTDATED_ABOVE] * 2
    assert [bool(buttons(message)) for message in (first, *others)] == [True, False, False]


def test_an_answer_that_has_become_longer_waits_behind_its_button(correcting: Talk) -> None:
    """No message comes that nobody asked for."""
    ann = correcting.person()
    correcting.bot.service.settings.paths.seeds.joinpath("hives.txt").write_text("Hives\n\nBees.\n", encoding="utf-8")
    change(correcting, bees="# Bees\n\nThe beekeeper of Korrin sells combs at the market.\n")
    [answer] = correcting.says(ann, HIVES)
    correcting.bot.service.settings.paths.seeds.joinpath("hives.txt").write_text(
        DOCUMENTS["hives.txt"], encoding="utf-8"
    )
    change(correcting, bees=None)

    [after] = correcting.shown(ann)
    assert after["text"].startswith(f"Outdated since {TODAY}: “Bees” is no longer among the documents.")
    assert correcting.presses(ann, after, "More ▶") == ""
    assert " · part 1 of" in correcting.now(answer)["text"]


@pytest.mark.parametrize("text", [BUILDER, "???"], ids=["another question", "nonsense"])
def test_an_edited_question_has_no_old_answer(correcting: Talk, text: str) -> None:
    """What its messages said first is not marked in place of what they say now."""
    ann = correcting.person()
    correcting.says(ann, HEADMASTER)
    correcting.edits(ann, text)
    [before] = correcting.shown(ann)

    change(correcting, school=None)

    assert correcting.now(before)["text"] == before["text"]


def test_what_is_forgotten_is_not_marked(correcting: Talk) -> None:
    """Nothing of the chat is kept, neither of what was quoted."""
    ann = correcting.person()
    [answer] = correcting.says(ann, HEADMASTER)
    change(correcting, school=SCHOOL.replace("Oskar Lind", "Edna Moran"))
    correcting.says(ann, "/forget")
    assert [rows(correcting, table) for table in ("answers", "quoted", "outdated")] == [0, 0, 0]
    before = edits(correcting)

    change(correcting, school=None)

    assert (edits(correcting), correcting.now(answer)["text"].startswith(CHANGED)) == (before, True)


def test_whoever_may_not_ask_any_more_is_shown_nothing_new(correcting: Talk) -> None:
    """Their answers are left alone."""
    [answer] = correcting.says(correcting.person(), HEADMASTER)
    correcting.restart(telegram={"corrections": True, "access": "listed"})
    change(correcting, school=None)

    assert correcting.now(answer)["text"] == answer["text"]


def test_without_the_setting_nothing_is_marked_and_no_chat_is_kept(
    start_talk: Callable[..., Talk], island: Path
) -> None:
    """What was kept while it was on is deleted."""
    talk = start_talk(island, telegram={"corrections": True})
    [answer] = talk.says(talk.person(), HEADMASTER)
    assert rows(talk, "answers WHERE sealed IS NOT NULL") == 1
    talk.restart(telegram={})
    assert rows(talk, "answers WHERE sealed IS NOT NULL") == 0
    talk.says(talk.person("Ben"), HEADMASTER)
    publish(talk, school=None)
    talk.says(talk.person("Zoe"), BUILDER)

    assert rows(talk, "answers WHERE sealed IS NOT NULL") == 0
    assert talk.now(answer)["text"] == answer["text"]


def test_the_file_names_no_chat(correcting: Talk) -> None:
    """Neither as it is, nor in what SQLite puts beside it; and /about says what is kept."""
    ann = correcting.person()
    correcting.says(ann, HEADMASTER)

    assert correcting.says(ann, "/about")[0]["text"].endswith(words.ABOUT_CORRECTIONS)
    correcting.stop()
    file = correcting.bot.service.settings.paths.telegram
    with closing(sqlite3.connect(file)) as database:
        [(sealed,)] = database.execute("SELECT sealed FROM answers").fetchall()
    assert correcting.bot.service.seal.open(sealed) == ann.id
    answers = sqlite3.connect(file).execute("SELECT * FROM answers").fetchall()
    assert str(ann.id) not in repr(answers)
