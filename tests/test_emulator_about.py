"""What the bot says of itself, and the files that it gets and gives."""

from typing import Any

import pytest
from telegram_emulator.core import Emulator
from telegram_emulator.parameters import Upload

ASK = {"command": "ask", "description": "Ask me"}
FRAGEN = {"command": "fragen", "description": "Frag mich"}
GROUPS = {"type": "all_group_chats"}


def test_the_bot_knows_itself(emulator: Emulator) -> None:
    """By the number in its token; the letters of a method's name may be large or small."""
    me = emulator.ask("GETME")["result"]
    assert (me["id"], me["is_bot"], me["username"]) == (7_000_000_001, True, "qa_test_bot")
    assert (me["can_read_all_group_messages"], me["supports_inline_queries"]) == (False, True)


def test_commands_are_kept_by_scope_and_language(emulator: Emulator) -> None:
    """And are given back just as they were set, until they are deleted."""
    emulator.ask("setMyCommands", commands=[ASK])
    emulator.ask("setMyCommands", commands=[FRAGEN], language_code="de")
    emulator.ask("setMyCommands", commands=[ASK, FRAGEN], scope=GROUPS)

    assert emulator.ask("getMyCommands")["result"] == [ASK]
    assert emulator.ask("getMyCommands", language_code="de")["result"] == [FRAGEN]
    assert emulator.ask("getMyCommands", scope=GROUPS)["result"] == [ASK, FRAGEN]
    assert emulator.ask("getMyCommands", scope=GROUPS, language_code="de")["result"] == []
    emulator.ask("deleteMyCommands")
    assert emulator.ask("getMyCommands")["result"] == []


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"commands": [ASK] * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": [ASK | {"command": "Ask!"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [ASK | {"command": "x" * 33}]}, "command length must not exceed 32"),
        ({"commands": [ASK | {"command": "/"}]}, "can't parse BotCommand: Command must be non-empty"),
        ({"commands": [ASK | {"description": "x" * 257}]}, "command description length must not exceed 256"),
        ({"commands": [ASK | {"description": " "}]}, "command description must be non-empty"),
        ({"commands": [ASK], "language_code": "english"}, "invalid language code specified"),
        ({"commands": [ASK], "scope": {"type": "all"}}, "can't parse BotCommandScope: Unsupported type specified"),
        ({"commands": "[{"}, "can't parse commands JSON object"),
    ],
)
def test_commands_are_refused(emulator: Emulator, parameters: dict[str, Any], words: str) -> None:
    """In the server's words."""
    assert emulator.ask("setMyCommands", **parameters)["description"] == f"Bad Request: {words}"


@pytest.mark.parametrize(("name", "longest"), [("description", 512), ("short_description", 120)])
def test_texts_are_kept_by_language(emulator: Emulator, name: str, longest: int) -> None:
    """Another language is given that without one; they are only so long."""
    method = f"My{name.title().replace('_', '')}"
    emulator.ask(f"set{method}", **{name: "x" * longest})
    emulator.ask(f"set{method}", language_code="de", **{name: "y"})

    assert emulator.ask(f"get{method}", language_code="fr")["result"] == {name: "x" * longest}
    assert emulator.ask(f"get{method}", language_code="de")["result"] == {name: "y"}
    answer = emulator.ask(f"set{method}", **{name: "x" * (longest + 1)})
    assert answer["description"] == f"Bad Request: {name.replace('_', ' ')} is too long"


def test_a_file_can_be_fetched_up_to_twenty_megabytes(emulator: Emulator) -> None:
    """By the path that the server tells; no byte more."""
    ann = emulator.person("Ann")
    small = ann.sends_document("a.txt", b"cell", size=20 << 20)["document"]
    large = ann.sends_document("b.txt", b"cell", size=(20 << 20) + 1)["document"]
    file = emulator.ask("getFile", file_id=small["file_id"])["result"]

    assert file["file_size"] == 20 << 20
    assert emulator.file(emulator.token, file["file_path"]).body == b"cell"
    assert emulator.file("1:wrong", file["file_path"]).status == 404
    assert emulator.ask("getFile", file_id=large["file_id"])["description"] == "Bad Request: file is too big"
    unknown = emulator.ask("getFile", file_id="unknown")
    assert unknown["description"] == "Bad Request: wrong file_id or the file is temporarily unavailable"


def test_a_file_that_is_sent_is_checked(emulator: Emulator) -> None:
    """It must be there, hold something, and be no larger than 50 MB."""
    ann = emulator.person("Ann")
    ann.says("Hello")

    def send(content: bytes | None) -> dict[str, Any]:
        files = {} if content is None else {"document": Upload("a.txt", content)}
        reply = emulator.handle(emulator.token, "sendDocument", {"chat_id": ann.id}, files)
        return {"status": reply.status, "body": reply.body}

    assert b"there is no document in the request" in send(None)["body"]
    assert b"file must be non-empty" in send(b"")["body"]
    assert send(b"x" * ((50 << 20) + 1))["status"] == 413
    assert send(b"x")["status"] == 200


def test_a_method_that_is_not_there_fails_the_test() -> None:
    """Unless the test lets the bot try it."""
    with (
        pytest.raises(AssertionError, match=r"^the bot called methods that the emulator lacks: sendRichMessage$"),
        Emulator() as emulator,
    ):
        answer = emulator.ask("sendRichMessage")
    assert answer == {"ok": False, "error_code": 404, "description": "Not Found: method not found"}

    with Emulator() as emulator:
        emulator.may_be_missing.add("sendRichMessage")
        assert emulator.ask("sendRichMessage")["error_code"] == 404


def test_the_calls_are_remembered(emulator: Emulator) -> None:
    """In their order, with what was asked and how it ended."""
    ann = emulator.person("Ann")
    ann.says("Hello")
    emulator.ask("sendMessage", chat_id=str(ann.id), text="5", entities="[]", disable_notification="true")
    emulator.ask("sendMessage", chat_id=ann.id, text="")
    good, bad = emulator.calls_of("sendMessage")

    assert good.parameters == {"chat_id": ann.id, "text": "5", "entities": [], "disable_notification": True}
    assert (good.done, good.error, good.result["text"]) == (True, None, "5")
    assert (bad.result, str(bad.error)) == (None, "Bad Request: message text is empty")


def test_waiting_fails_with_what_was_called(emulator: Emulator) -> None:
    """So that it can be seen what happened instead."""
    emulator.ask("getMe")
    with pytest.raises(AssertionError, match=r"^not so within 0\.01 s; the calls were:\ngetMe \{\} -> "):
        emulator.wait_for_calls("sendMessage", timeout=0.01)
    assert len(emulator.wait_for_calls("getMe")) == 1
