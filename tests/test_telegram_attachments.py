"""Photos, files, voice messages, stickers: the bot reads what stands below them, and says what it can do otherwise."""

from collections.abc import Callable

import pytest
from telegram_conversation import Talk, pieces, texts
from telegram_emulator.attachments import ATTACHMENTS

BUILDER = "Who built the lighthouse of Korrin?"
HEADMASTER = "Who is the headmaster of the school?"
QUOTED = "The lighthouse of Korrin was built in 1871 by the engineer Marta Hale."
TEXT_ONLY = "I can read text only: write me a question, and I answer with the exact words of my documents."


@pytest.mark.parametrize("kind", ATTACHMENTS)
def test_what_is_no_text_is_answered_with_what_the_bot_can_do(talk: Talk, kind: str) -> None:
    """In private, in one sentence; nothing counts as a question."""
    ann = talk.person()
    ann.sends(kind)
    talk.settle()

    assert texts(talk.shown(ann)) == [TEXT_ONLY]
    assert talk.database.all("SELECT * FROM answers") == []


@pytest.mark.parametrize("kind", ["photo", "document", "voice", "video"])
def test_what_stands_below_it_is_a_question(talk: Talk, kind: str) -> None:
    """As if it stood alone; nothing is said of what is above."""
    ann = talk.person()
    ann.sends(kind, caption=f"@qa_test_bot {BUILDER}")
    talk.settle()

    [answer] = talk.shown(ann)
    assert answer["text"].startswith(QUOTED)
    assert talk.database.all("SELECT question FROM answers") == [(BUILDER,)]


@pytest.mark.parametrize("caption", [BUILDER, ""])
def test_an_album_has_one_reply(talk: Talk, caption: str) -> None:
    """Its photos are messages of their own, and the first holds what stands below; the next album has its own reply."""
    ann = talk.person()
    for album in ("first", "second"):
        ann.sends("photo", caption=caption, album=album)
        ann.sends("photo", album=album)
        ann.sends("video", album=album)
    talk.settle()

    assert [text.startswith(QUOTED if caption else TEXT_ONLY) for text in texts(talk.shown(ann))] == [True, True]


@pytest.mark.parametrize("kind", ["photo", "sticker", "voice"])
def test_in_groups_nothing_is_said(talk: Talk, kind: str) -> None:
    """People show things to one another."""
    ann = talk.person()
    group = talk.group(ann)
    ann.sends(kind, chat=group)
    ann.sends("photo", caption=BUILDER, chat=group)
    talk.settle()

    assert talk.shown(group) == []


def test_a_mention_below_a_photo_is_answered_in_a_group(talk: Talk) -> None:
    """As one in a text is."""
    ann = talk.person()
    group = talk.group(ann)
    ann.sends("photo", caption=f"🦊 {BUILDER} @qa_test_bot", chat=group)
    talk.settle()

    [answer] = talk.shown(group)
    assert answer["text"].startswith(QUOTED)
    assert answer["reply_to_message"]["caption"] == f"🦊 {BUILDER} @qa_test_bot"
    assert talk.database.all("SELECT question FROM answers") == [(f"🦊 {BUILDER}",)]


def test_a_caption_may_be_edited(talk: Talk) -> None:
    """The answer is edited with it; one that comes later is answered then."""
    ann = talk.person()
    sent = ann.sends("photo", caption=HEADMASTER)
    bare = ann.sends("voice")
    talk.settle()
    ann.edits(sent, BUILDER)
    ann.edits(bare, HEADMASTER)
    talk.settle()

    edited, hint, answer = talk.shown(ann)
    assert pieces(edited, "underline") == ["Marta Hale"]
    assert hint["text"] == TEXT_ONLY
    assert answer["text"].startswith("The headmaster of the school is Oskar Lind.")


def test_a_stranger_is_told_of_invitations_only(start_talk: Callable[..., Talk]) -> None:
    """Whatever they send."""
    talk = start_talk(telegram={"access": "listed"})
    ann = talk.person()
    ann.sends("sticker")
    ann.sends("photo", caption=BUILDER)
    talk.settle()

    assert {text.partition(".")[0] for text in texts(talk.shown(ann))} == {"I answer people who have been invited"}


def test_what_telegram_delivers_again_has_one_reply(talk: Talk) -> None:
    """It is written down as a text is; what needs no reply in a group is not."""
    ann = talk.person()
    group = talk.group(ann)
    ann.sends("photo", caption=BUILDER)
    ann.sends("sticker")
    ann.sends("sticker", chat=group)
    talk.settle()
    for update in talk.emulator.state.queue.told[-3:]:
        talk.emulator.redeliver(update.id)
    talk.settle()

    assert [text.startswith(QUOTED) for text in texts(talk.shown(ann))] == [True, False]
    assert talk.database.all("SELECT state, body FROM journal") == [("done", None)] * 2
