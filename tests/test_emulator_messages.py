"""Messages of the bot: what they answer to, their buttons, how they change and go."""

from typing import Any

import pytest
from telegram_emulator.core import Emulator
from telegram_emulator.people import Person

Json = dict[str, Any]
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)


@pytest.fixture
def ann(emulator: Emulator) -> Person:
    """Give somebody who has asked the bot something: message 1."""
    ann = emulator.person("Ann")
    ann.says("What is a cell?")
    return ann


def problem(answer: Json) -> str:
    """Give the words of a refusal."""
    assert (answer["ok"], answer["error_code"]) == (False, 400)
    return str(answer["description"].removeprefix("Bad Request: "))


def keyboard(*rows: list[Json]) -> Json:
    """Give buttons as they travel."""
    return {"inline_keyboard": list(rows)}


def test_a_reply_names_its_message(emulator: Emulator, ann: Person) -> None:
    """And may quote it."""
    parameters = {"message_id": 1, "quote": "a cell"}
    sent = emulator.ask("sendMessage", chat_id=ann.id, text="This.", reply_parameters=parameters)["result"]

    assert sent["reply_to_message"]["text"] == "What is a cell?"
    assert sent["quote"] == {"text": "a cell", "position": 8, "is_manual": True}


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"message_id": 9}, "message to be replied not found"),
        ({"message_id": 1, "quote": "a sell"}, "QUOTE_TEXT_INVALID"),
        ({"message_id": 1, "quote": "x" * 1025}, "QUOTE_TEXT_INVALID"),
    ],
)
def test_a_reply_is_refused(emulator: Emulator, ann: Person, parameters: Json, words: str) -> None:
    """The quotation has to stand in the message word for word."""
    assert problem(emulator.ask("sendMessage", chat_id=ann.id, text="x", reply_parameters=parameters)) == words


def test_a_reply_to_nothing_may_be_allowed(emulator: Emulator, ann: Person) -> None:
    """Then it answers to nothing; the old names of the parameters serve as well."""
    allowed = {"message_id": 9, "allow_sending_without_reply": True}
    new = emulator.ask("sendMessage", chat_id=ann.id, text="x", reply_parameters=allowed)
    old = emulator.ask("sendMessage", chat_id=ann.id, text="x", reply_to_message_id=9)

    assert "reply_to_message" not in new["result"]
    assert problem(old) == "message to be replied not found"


@pytest.mark.parametrize(
    ("button", "words"),
    [
        ({"text": "x", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": "é" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "x"}, "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
        ({"callback_data": "x"}, 'can\'t parse inline keyboard button: Can\'t find field "text"'),
        ({"text": "x", "url": "no where"}, "inline keyboard button URL 'no where' is invalid: Wrong HTTP URL"),
        ({"text": "x", "copy_text": {"text": ""}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "x", "copy_text": {"text": "x" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": " ", "callback_data": "x"}, "keyboard button text must be non-empty"),
        ({"text": "x", "callback_data": "x", "style": "gold"}, "can't parse inline keyboard button: Invalid button style specified"),
    ],
)  # fmt: skip
def test_a_button_is_refused(emulator: Emulator, ann: Person, button: Json, words: str) -> None:
    """With nothing sent."""
    answer = emulator.ask("sendMessage", chat_id=ann.id, text="x", reply_markup=keyboard([button]))
    assert problem(answer) == words
    assert emulator.answers(ann) == []


@pytest.mark.parametrize(("rows", "columns"), [(1, 9), (13, 8)])
def test_too_many_buttons_are_refused(emulator: Emulator, ann: Person, rows: int, columns: int) -> None:
    """A hundred, eight in a row, may stand under a message."""
    button = {"text": "x", "callback_data": "é" * 32, "style": "success"}
    many = keyboard(*[[button] * columns] * rows)
    enough = keyboard(*[[button] * 8] * 12, [button] * 4)

    assert (
        problem(emulator.ask("sendMessage", chat_id=ann.id, text="x", reply_markup=many)) == "reply markup is too long"
    )
    assert (
        emulator.ask("sendMessage", chat_id=ann.id, text="x", reply_markup=enough)["result"]["reply_markup"] == enough
    )


def test_an_edit_replaces_text_and_buttons(emulator: Emulator, ann: Person) -> None:
    """Buttons that are not sent again are gone."""
    buttons = keyboard([{"text": "x", "copy_text": {"text": "y"}}])
    sent = emulator.ask("sendMessage", chat_id=ann.id, text="one", reply_markup=buttons)["result"]
    edited = emulator.ask("editMessageText", chat_id=ann.id, message_id=sent["message_id"], text="two")["result"]

    assert (edited["text"], edited.get("reply_markup"), "edit_date" in edited) == ("two", None, True)
    assert emulator.shown(ann)[-1] == edited


def test_an_edit_may_change_the_buttons_only(emulator: Emulator, ann: Person) -> None:
    """Or take them away; the text stays."""
    sent = emulator.ask("sendMessage", chat_id=ann.id, text="one")["result"]["message_id"]
    buttons = keyboard([{"text": "x", "callback_data": "y"}])
    edited = emulator.ask("editMessageReplyMarkup", chat_id=ann.id, message_id=sent, reply_markup=buttons)

    assert (edited["result"]["text"], edited["result"]["reply_markup"]) == ("one", buttons)
    bare = emulator.ask("editMessageReplyMarkup", chat_id=ann.id, message_id=sent)
    assert "reply_markup" not in bare["result"]


@pytest.mark.parametrize(
    ("message_id", "text", "words"),
    [
        (9, "x", "message to edit not found"),
        (1, "x", "message can't be edited"),
        (0, "x", "message identifier is not specified"),
        (2, " one ", NOT_MODIFIED),
        (2, "", "message text is empty"),
        (4, "x", "there is no text in the message to edit"),
    ],
)
def test_an_edit_is_refused(emulator: Emulator, ann: Person, message_id: int, text: str, words: str) -> None:
    """Message 2 is the bot's and says "one", message 4 is its file."""
    emulator.ask("sendMessage", chat_id=ann.id, text="one")
    theirs = ann.sends_document("a", b"a")
    emulator.ask("sendDocument", chat_id=ann.id, document=theirs["document"]["file_id"])
    assert problem(emulator.ask("editMessageText", chat_id=ann.id, message_id=message_id, text=text)) == words


def test_a_message_is_deleted(emulator: Emulator, ann: Person) -> None:
    """In a group somebody else's only by an administrator."""
    group = ann.creates_group("Cells")
    theirs = ann.says("/ask", chat=group)["message_id"]

    assert problem(emulator.ask("deleteMessage", chat_id=ann.id, message_id=9)) == "message to delete not found"
    assert problem(emulator.ask("deleteMessage", chat_id=group.id, message_id=theirs)) == "message can't be deleted"
    assert emulator.ask("deleteMessage", chat_id=ann.id, message_id=1)["result"] is True
    assert emulator.shown(ann) == []
    ann.adds_bot(group, admin=True)
    assert emulator.ask("deleteMessage", chat_id=group.id, message_id=theirs)["result"] is True


def test_a_draft_is_shown_for_half_a_minute(emulator: Emulator, ann: Person) -> None:
    """Or until the answer; in no group, and never without a number."""
    assert emulator.ask("sendMessageDraft", chat_id=ann.id, draft_id=1, text="Ce")["result"] is True
    assert emulator.draft(ann) == "Ce"
    emulator.pass_time(31)
    assert emulator.draft(ann) is None
    emulator.ask("sendMessageDraft", chat_id=ann.id, draft_id=1)
    assert emulator.draft(ann) == ""
    emulator.ask("sendMessage", chat_id=ann.id, text="Cells")
    assert emulator.draft(ann) is None

    group = ann.creates_group("Cells")
    assert problem(emulator.ask("sendMessageDraft", chat_id=group.id, draft_id=1, text="x")) == "TEXTDRAFT_PEER_INVALID"
    assert problem(emulator.ask("sendMessageDraft", chat_id=ann.id, text="x")) == "invalid draft identifier specified"


def test_a_chat_action_is_shown(emulator: Emulator, ann: Person) -> None:
    """If there is such a one."""
    assert emulator.ask("sendChatAction", chat_id=ann.id, action="typing")["result"] is True
    assert emulator.state.actions == [(ann.id, "typing")]
    answer = emulator.ask("sendChatAction", chat_id=ann.id, action="thinking")
    assert problem(answer) == "wrong parameter action in request"


def test_the_bot_reacts_with_one_emoji(emulator: Emulator, ann: Person) -> None:
    """Of those that there are, to a message that is there."""

    def react(message_id: int, *emoji: str) -> Json:
        reaction = [{"type": "emoji", "emoji": one} for one in emoji]
        return emulator.ask("setMessageReaction", chat_id=ann.id, message_id=message_id, reaction=reaction)

    assert react(1, "👍")["result"] is True
    assert emulator.state.reactions == {(ann.id, 1): ["👍"]}
    assert problem(react(1, "👍", "👎")) == "REACTIONS_TOO_MANY"
    assert problem(react(1, "🧫")) == "REACTION_INVALID"
    assert problem(react(9, "👍")) == "message to react not found"
