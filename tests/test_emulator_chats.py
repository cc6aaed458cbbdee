"""Where the bot may write, who is in a chat, and what reaches a bot in privacy mode."""

from typing import Any

import pytest
from telegram_emulator.core import Emulator
from telegram_emulator.people import Person

Json = dict[str, Any]


@pytest.fixture
def ann(emulator: Emulator) -> Person:
    """Give somebody whom the bot does not know, and let polls that come soon after one another be."""
    emulator.state.hasty_polls_wait = False
    return emulator.person("Ann", username="ann_1")


def send(emulator: Emulator, chat_id: object, **more: Any) -> Json:
    """Send something into a chat."""
    return emulator.ask("sendMessage", chat_id=chat_id, text="x", **more)


def told(emulator: Emulator) -> list[Json]:
    """Give what the bot has not heard yet, each with its kind."""
    updates = emulator.ask("getUpdates")["result"]
    if updates:
        emulator.ask("getUpdates", offset=updates[-1]["update_id"] + 1)
    return [{"kind": kind} | update[kind] for update in updates for kind in update if kind != "update_id"]


def test_the_bot_cannot_write_to_whom_it_does_not_know(emulator: Emulator, ann: Person) -> None:
    """Not even after it has seen them in a group; only who has written to it can be written to."""
    assert send(emulator, "")["description"] == "Bad Request: chat_id is empty"
    for unknown in (5, "@nobody", "word", ann.id):
        assert send(emulator, unknown)["description"] == "Bad Request: chat not found"

    ann.says("/ask", chat=ann.creates_group("Cells"))
    answer = send(emulator, ann.id)
    assert (answer["error_code"], answer["description"]) == (
        403,
        "Forbidden: bot can't initiate conversation with a user",
    )
    ann.says("Hello")
    assert send(emulator, ann.id)["ok"] is True
    assert send(emulator, "@ann_1")["ok"] is True


def test_who_blocks_the_bot_is_not_written_to(emulator: Emulator, ann: Person) -> None:
    """The bot is told of it, and of the end of it."""
    ann.says("Hello")
    ann.blocks_bot()
    answer = send(emulator, ann.id)
    assert (answer["error_code"], answer["description"]) == (403, "Forbidden: bot was blocked by the user")
    with pytest.raises(AssertionError, match=r"^Ann has blocked the bot and cannot write to it$"):
        ann.says("Hello?")

    ann.unblocks_bot()
    assert send(emulator, ann.id)["ok"] is True
    standings = [
        (update["old_chat_member"]["status"], update["new_chat_member"]["status"])
        for update in told(emulator)
        if update["kind"] == "my_chat_member"
    ]
    assert standings == [("member", "kicked"), ("kicked", "member")]


@pytest.mark.parametrize("kind", ["group", "supergroup"])
def test_the_bot_writes_only_where_it_is(emulator: Emulator, ann: Person, kind: str) -> None:
    """Not where it never was, and not where it was thrown out."""
    create = ann.creates_group if kind == "group" else ann.creates_supergroup
    chat = create("Cells", with_bot=False)
    assert send(emulator, chat.id)["description"] == f"Forbidden: bot is not a member of the {kind} chat"
    ann.adds_bot(chat)
    assert send(emulator, chat.id)["ok"] is True
    ann.kicks_bot(chat)
    answer = send(emulator, chat.id)
    assert (answer["error_code"], answer["description"]) == (403, f"Forbidden: bot was kicked from the {kind} chat")

    ann.says("/ask", chat=chat)
    kinds = [(update["kind"], update.get("new_chat_member", {}).get("status")) for update in told(emulator)]
    assert kinds == [("my_chat_member", "member"), ("message", None), ("my_chat_member", "kicked")]


def test_a_group_becomes_a_supergroup(emulator: Emulator, ann: Person) -> None:
    """The bot is told in both, and sent on from the old one."""
    group = ann.creates_group("Cells")
    told(emulator)
    new = ann.migrates(group)

    assert send(emulator, group.id) == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": new.id},
    }
    assert send(emulator, new.id)["ok"] is True
    services = [
        (update["chat"]["id"], update.get("migrate_to_chat_id"), update.get("migrate_from_chat_id"))
        for update in told(emulator)
    ]
    assert services == [(group.id, new.id, None), (new.id, None, group.id)]


@pytest.mark.parametrize(
    ("text", "reaches"),
    [
        ("What is a cell?", False),
        ("/ask what", True),
        ("/ask@qa_test_bot what", True),
        ("/ask@QA_Test_Bot what", True),
        ("/ask@other_bot what", False),
        ("a/b", False),
        ("@qa_test_bot what", False),
    ],
)
def test_privacy_mode_hides_what_is_not_meant_for_the_bot(
    emulator: Emulator,
    ann: Person,
    text: str,
    reaches: bool,  # noqa: FBT001 - a table of expectations
) -> None:
    """Commands reach it, and answers to what it wrote; an administrator reads all."""
    group = ann.creates_group("Cells")
    told(emulator)
    said = ann.says(text, chat=group)
    ann.edits(said, f"{text}!")
    assert [update["kind"] for update in told(emulator)] == (["message", "edited_message"] if reaches else [])

    ann.says(text, chat=group, reply_to=send(emulator, group.id)["result"])
    assert [update["text"] for update in told(emulator)] == [text]
    ann.adds_bot(group, admin=True)
    ann.says(text, chat=group)
    assert told(emulator)[-1]["text"] == text


def test_a_mention_may_reach_the_bot(emulator: Emulator, ann: Person) -> None:
    """Where a test says so; Telegram does not promise it."""
    group = ann.creates_group("Cells")
    told(emulator)
    emulator.state.mentions_reach_bot = True
    ann.says("hello @qa_test_bot", chat=group)
    ann.says("hello @qa_test_bot_2", chat=group)

    [update] = told(emulator)
    assert update["entities"] == [{"type": "mention", "offset": 6, "length": 12}]


def test_without_privacy_mode_all_reaches_the_bot() -> None:
    """It says so itself."""
    with Emulator(privacy_mode=False) as emulator:
        ann = emulator.person("Ann")
        ann.says("hello", chat=ann.creates_group("Cells"))

        assert emulator.ask("getMe")["result"]["can_read_all_group_messages"] is True
        assert emulator.ask("getUpdates")["result"][-1]["message"]["text"] == "hello"


def test_a_topic_of_a_forum_is_kept(emulator: Emulator, ann: Person) -> None:
    """An answer goes where its question stands; a topic that is not there is refused."""
    forum = ann.creates_supergroup("Cells", forum=True)
    thread = ann.opens_topic(forum, "Small ones")
    asked = ann.says("/ask", chat=forum, thread=thread)
    named = send(emulator, forum.id, message_thread_id=thread)["result"]
    reply = send(emulator, forum.id, reply_parameters={"message_id": asked["message_id"]})["result"]
    general = send(emulator, forum.id)["result"]

    for message in (asked, named, reply):
        assert (message["message_thread_id"], message["is_topic_message"]) == (thread, True)
    assert "message_thread_id" not in general
    for wrong in (1, 999):
        answer = send(emulator, forum.id, message_thread_id=wrong)
        assert answer["description"] == "Bad Request: message thread not found"


def test_a_thread_outside_a_forum(emulator: Emulator, ann: Person) -> None:
    """Is begun by a message of a supergroup; a private chat has none."""
    supergroup = ann.creates_supergroup("Cells")
    asked = ann.says("/ask", chat=supergroup)["message_id"]
    ann.says("Hello")

    assert send(emulator, supergroup.id, message_thread_id=asked)["result"]["message_thread_id"] == asked
    assert send(emulator, ann.id, message_thread_id=asked)["description"] == "Bad Request: message thread not found"


def test_supergroups_count_their_messages_themselves(emulator: Emulator, ann: Person) -> None:
    """All other chats together, as Telegram does."""
    ben = emulator.person("Ben")
    supergroup = ann.creates_supergroup("Cells", with_bot=False)
    numbers = [ann.says("a"), ben.says("b"), ann.says("c", chat=supergroup), ann.says("d")]
    assert [message["message_id"] for message in numbers] == [1, 2, 1, 3]


def test_members_and_administrators_are_known(emulator: Emulator, ann: Person) -> None:
    """Also those who are not there."""
    ben = emulator.person("Ben")
    group = ann.creates_group("Cells")

    def standing(user_id: int) -> str:
        return str(emulator.ask("getChatMember", chat_id=group.id, user_id=user_id)["result"]["status"])

    assert [standing(user) for user in (ann.id, ben.id, emulator.state.bot_id)] == ["creator", "left", "member"]
    ben.joins(group)
    assert standing(ben.id) == "member"
    assert (
        emulator.ask("getChatMember", chat_id=group.id, user_id=5)["description"]
        == "Bad Request: PARTICIPANT_ID_INVALID"
    )
    ann.adds_bot(group, admin=True)
    ruling = emulator.ask("getChatAdministrators", chat_id=group.id)["result"]
    assert [(one["user"]["first_name"], one["status"]) for one in ruling] == [
        ("Ann", "creator"),
        ("Question answerer", "administrator"),
    ]


def test_a_chat_is_described(emulator: Emulator, ann: Person) -> None:
    """A person by their names, a group by its title."""
    ann.says("Hello")
    forum = ann.creates_supergroup("Cells", forum=True)
    mine, theirs = (emulator.ask("getChat", chat_id=chat)["result"] for chat in (ann.id, forum.id))

    assert (mine["type"], mine["first_name"], mine["username"]) == ("private", "Ann", "ann_1")
    assert (theirs["type"], theirs["title"], theirs["is_forum"]) == ("supergroup", "Cells", True)
    answer = emulator.ask("getChatAdministrators", chat_id=ann.id)
    assert answer["description"] == "Bad Request: there are no administrators in the private chat"


def test_people_can_do_only_what_people_can_do(emulator: Emulator, ann: Person) -> None:
    """A test that lets them do more fails."""
    group = ann.creates_group("Cells")
    theirs = send(emulator, group.id)["result"]

    with pytest.raises(AssertionError, match=r"^Ann can edit only their own messages$"):
        ann.edits(theirs, "y")
    with pytest.raises(AssertionError, match=r"^Ann can open topics only in a forum$"):
        ann.opens_topic(group, "Small ones")
    emulator.ask("deleteMessage", chat_id=group.id, message_id=theirs["message_id"])
    with pytest.raises(AssertionError, match=r"^Ann cannot press a button of a message that is gone$"):
        ann.presses(theirs, "x")
