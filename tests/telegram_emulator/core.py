"""The emulated server: it answers calls, remembers them, and lets people act."""

import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from telegram_emulator.chats import Chat
from telegram_emulator.delivery import Delivery
from telegram_emulator.errors import ApiError, worded
from telegram_emulator.faults import Fault, Faults
from telegram_emulator.files import find_by_path
from telegram_emulator.methods import METHODS
from telegram_emulator.parameters import Json, Parameters, Upload
from telegram_emulator.people import Person
from telegram_emulator.state import FIRST_USER, State
from telegram_emulator.updates import Poll

TOKEN = "7000000001:EMULATED-token_of-the-bot-under-test"  # noqa: S105 - it opens nothing
BOT_NAME = "qa_test_bot"


@dataclass
class Call:
    """A call of a method: what was asked, and the result or the error; ``done`` is false while it is held."""

    method: str
    parameters: Json
    time: float
    result: Any = None
    error: ApiError | None = None
    done: bool = False


@dataclass(frozen=True)
class Reply:
    """What goes back over the line."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    dropped: bool = False


class Emulator:
    """A Telegram of its own for one bot; used as a context manager, it fails when a method was called that it lacks."""

    def __init__(
        self, *, token: str = TOKEN, username: str = BOT_NAME, privacy_mode: bool = True, hasty_polls_wait: bool = True
    ) -> None:
        self.token = token
        self.state = State({
            "id": int(token.split(":", maxsplit=1)[0]),
            "is_bot": True,
            "first_name": "Question answerer",
            "username": username,
            "can_join_groups": True,
            "can_read_all_group_messages": not privacy_mode,
            "supports_inline_queries": True,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        })  # fmt: skip
        self.state.hasty_polls_wait = hasty_polls_wait
        self.faults = Faults()
        self.calls: list[Call] = []
        self.unknown_methods: list[str] = []
        # Methods that a test lets the bot try though they are not there.
        self.may_be_missing: set[str] = set()
        self.delivery = Delivery(self.state, self._run_from_webhook)

    def pass_time(self, seconds: float) -> None:
        """Let time pass at the server at once."""
        with self.state.changed:
            self.state.clock.ahead += seconds
            self.state.changed.notify_all()

    def redeliver(self, update_id: int) -> None:
        """Tell the bot of something once more, though it has confirmed it."""
        with self.state.changed:
            self.state.queue.redeliver(update_id)
            self.state.changed.notify_all()

    def person(self, first_name: str, *, username: str = "", language_code: str = "en") -> Person:
        """Let somebody come into being; the bot knows nothing of them yet."""
        with self.state.changed:
            user: Json = {"id": FIRST_USER + len(self.state.users), "is_bot": False, "first_name": first_name}
            user |= {"language_code": language_code} | ({"username": username} if username else {})
            self.state.users[user["id"]] = user
            self.state.chats[user["id"]] = Chat(user["id"], "private", person=user)
            return Person(self.state, user)

    def handle(
        self, token: str, method: str, values: Mapping[str, Any], files: Mapping[str, Upload] | None = None
    ) -> Reply:
        """Answer a request as it came over a line."""
        if token != self.token:
            return reply_of(ApiError(401, worded(401, "")))
        parameters = Parameters(values, files or {})
        with self.state.changed:
            call = Call(method, parameters.readable(), self.state.clock.now())
            self.calls.append(call)
            fault = self.faults.take(method, call.parameters)
            self.state.changed.notify_all()
        if fault.gate:
            fault.gate.wait()
        if fault.error or fault.page or fault.drop_before:
            return self._refused(call, fault)
        with self.state.changed:
            self._run(call, parameters)
        if fault.delay:
            self.state.closing.wait(fault.delay)
        return spoilt(reply_of(call.error or call.result), fault)

    def ask(self, method: str, **values: Any) -> Json:
        """Ask as a bot does, and give the whole answer, unchanged by any library."""
        envelope: Json = json.loads(self.handle(self.token, method, values).body)
        return envelope

    def _refused(self, call: Call, fault: Fault) -> Reply:
        with self.state.changed:
            call.error = fault.error or ApiError(502, "Bad Gateway" if fault.page else "connection dropped")
            call.done = True
            self.state.changed.notify_all()
        if fault.page:
            return Reply(502, fault.page.encode(), {"Content-Type": "text/html"})
        return Reply(0, b"", dropped=True) if fault.drop_before else reply_of(call.error)

    def _run(self, call: Call, parameters: Parameters) -> None:
        """Do what is asked, holding the lock."""
        method = METHODS.get(call.method.lower())
        try:
            if method is None:
                self._remember_unknown(call.method)
            else:
                call.result = copy.deepcopy(method(self.state, parameters))
        except ApiError as problem:
            call.error = problem
        call.done = True
        if self.state.webhook.url:
            self.delivery.start()
        self.state.changed.notify_all()

    def _remember_unknown(self, method: str) -> None:
        if method.lower() not in {name.lower() for name in self.may_be_missing}:
            self.unknown_methods.append(method)
        raise ApiError(404, "Not Found: method not found")

    def _run_from_webhook(self, method: str, values: Json) -> None:
        """Do what the answer to a webhook asks for; nobody is told how it went."""
        call = Call(method, values, self.state.clock.now())
        self.calls.append(call)
        self._run(call, Parameters(values))

    def file(self, token: str, path: str) -> Reply:
        """Give the content of a file."""
        with self.state.changed:
            found = find_by_path(self.state, path) if token == self.token else None
        if found is None:
            return reply_of(ApiError(404, worded(404, "")))
        return Reply(200, found.content, {"Content-Type": "application/octet-stream"})

    def take_updates(self) -> list[Json]:
        """Give what the bot has not confirmed, and confirm it: for a bot that is handed its updates by a test."""
        with self.state.changed:
            updates = self.state.queue.take(0, len(self.state.queue.told))
            self.state.queue.clear()
            return copy.deepcopy(updates)

    def calls_of(self, *methods: str) -> list[Call]:
        """Give the calls of some methods, in their order."""
        with self.state.changed:
            return [call for call in self.calls if call.method in methods]

    def shown(self, chat: Chat | Person) -> list[Json]:
        """Give the messages that a chat shows now."""
        with self.state.changed:
            found = [message for (chat_id, _), message in self.state.messages.items() if chat_id == chat.id]
            return copy.deepcopy(sorted(found, key=lambda message: int(message["message_id"])))

    def answers(self, chat: Chat | Person) -> list[str]:
        """Give the texts of the bot's messages that a chat shows now."""
        with self.state.changed:
            return [str(message.get("text", "")) for message in self.shown(chat) if self.state.is_bots(message)]

    def draft(self, person: Person) -> str | None:
        """Give what the chat with a person shows as being written."""
        with self.state.changed:
            draft = self.state.drafts.get(person.id)
            return draft.text if draft and self.state.clock.now() < draft.until else None

    def wait_until(self, condition: Callable[[], Any], timeout: float = 5.0) -> None:
        """Wait until something is so, and fail when it does not come to be."""
        with self.state.changed:
            if not self.state.changed.wait_for(condition, timeout):
                told = "\n".join(
                    f"{call.method} {call.parameters} -> {call.error or call.result}" for call in self.calls
                )
                message = f"not so within {timeout} s; the calls were:\n{told}"
                raise AssertionError(message)

    def wait_for_calls(self, method: str, count: int = 1, timeout: float = 5.0) -> list[Call]:
        """Wait until a method has been called, and answered, so many times, and give the calls."""
        self.wait_until(lambda: len([call for call in self.calls_of(method) if call.done]) >= count, timeout)
        return [call for call in self.calls_of(method) if call.done]

    def wait_for_answers(self, chat: Chat | Person, count: int = 1, timeout: float = 5.0) -> list[str]:
        """Wait until a chat shows so many messages of the bot, and give their texts."""
        self.wait_until(lambda: len(self.answers(chat)) >= count, timeout)
        return self.answers(chat)

    def wait_for_poll(self, timeout: float = 5.0, after: Poll | None = None) -> Poll:
        """Wait until a request for updates is held, and give it; one that a dead bot left behind can be passed over."""
        self.wait_until(lambda: self.state.queue.poll not in {None, after}, timeout)
        poll = self.state.queue.poll
        assert poll is not None
        return poll

    def check(self) -> None:
        """Fail when a method was called that the emulator lacks."""
        if self.unknown_methods:
            message = f"the bot called methods that the emulator lacks: {', '.join(self.unknown_methods)}"
            raise AssertionError(message)

    def close(self) -> None:
        """Let everything that is held go."""
        with self.state.changed:
            self.state.closing.set()
            for plan in self.faults.plans:
                if plan.fault.gate:
                    plan.fault.gate.set()
            self.state.changed.notify_all()
        self.delivery.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if error is None:
            self.check()


def reply_of(outcome: Any) -> Reply:
    """Wrap a result or an error as the server does."""
    headers = {"Content-Type": "application/json"}
    if not isinstance(outcome, ApiError):
        return Reply(200, json.dumps({"ok": True, "result": outcome}).encode(), headers)
    if "retry_after" in outcome.parameters:
        headers["Retry-After"] = str(outcome.parameters["retry_after"])
    return Reply(outcome.code, json.dumps(outcome.envelope()).encode(), headers)


def spoilt(reply: Reply, fault: Fault) -> Reply:
    """Lose an answer, or half of it."""
    if fault.drop_after:
        return Reply(0, b"", dropped=True)
    if fault.truncated:
        return Reply(reply.status, reply.body[: len(reply.body) // 2], reply.headers)
    return reply
