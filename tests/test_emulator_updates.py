"""The queue of updates: confirmed by offsets, held, limited, forgotten in time, told to one poller."""

import threading
from typing import Any

import pytest
from telegram_emulator import faults
from telegram_emulator.core import Emulator
from telegram_emulator.people import Person

Json = dict[str, Any]
CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


@pytest.fixture
def ann(emulator: Emulator) -> Person:
    """Give somebody who has said nothing yet, and let polls that come soon after one another be."""
    emulator.state.hasty_polls_wait = False
    return emulator.person("Ann")


def texts(answer: Json) -> list[str]:
    """Give what was said."""
    return [update["message"]["text"] for update in answer["result"]]


class Poller:
    """A bot that polls from another thread."""

    def __init__(self, emulator: Emulator, **parameters: Any) -> None:
        """Ask for updates, and return when the request is held."""
        self.answer: Json = {}
        former = emulator.state.queue.poll
        self._thread = threading.Thread(target=self._ask, args=(emulator, {"timeout": 20} | parameters))
        self._thread.start()
        emulator.wait_for_poll(after=former)

    def _ask(self, emulator: Emulator, parameters: Json) -> None:
        self.answer = emulator.ask("getUpdates", **parameters)

    def result(self) -> Json:
        """Give the answer when it has come."""
        self._thread.join(5)
        return self.answer


def test_an_offset_confirms_what_lies_below(emulator: Emulator, ann: Person) -> None:
    """What is not confirmed comes again; an offset from the future confirms nothing."""
    for text in ("one", "two", "three"):
        ann.says(text)
    first = emulator.ask("getUpdates")["result"][0]["update_id"]

    assert texts(emulator.ask("getUpdates", offset=0)) == ["one", "two", "three"]
    assert texts(emulator.ask("getUpdates", offset=first + 100)) == ["one", "two", "three"]
    assert texts(emulator.ask("getUpdates", offset=first + 1)) == ["two", "three"]
    assert texts(emulator.ask("getUpdates", offset=first)) == ["two", "three"]
    assert texts(emulator.ask("getUpdates", offset=first + 3)) == []
    assert texts(emulator.ask("getUpdates")) == []


def test_a_negative_offset_keeps_the_last_ones(emulator: Emulator, ann: Person) -> None:
    """And forgets the others."""
    for text in ("one", "two", "three"):
        ann.says(text)

    assert texts(emulator.ask("getUpdates", offset=-2)) == ["two", "three"]
    assert texts(emulator.ask("getUpdates", offset=0)) == ["two", "three"]


@pytest.mark.parametrize(("limit", "count"), [(2, 2), (0, 1), (-5, 1), (1000, 100), ("x", 100)])
def test_a_limit_is_brought_within_bounds(emulator: Emulator, ann: Person, limit: object, count: int) -> None:
    """From 1 to 100; what is no number counts as missing."""
    for number in range(101):
        ann.says(str(number))
    assert len(emulator.ask("getUpdates", limit=limit)["result"]) == count


def test_a_held_request_ends_when_something_is_said(emulator: Emulator, ann: Person) -> None:
    """With just that."""
    poller = Poller(emulator)
    ann.says("one")
    assert texts(poller.result()) == ["one"]


def test_a_request_is_held_for_fifty_seconds_at_most(emulator: Emulator, ann: Person) -> None:
    """However long it asks for."""
    assert ann.chat.started is False
    poller = Poller(emulator, timeout=3600)
    emulator.pass_time(51)
    assert poller.result() == {"ok": True, "result": []}


def test_the_second_poller_ends_the_first(emulator: Emulator, ann: Person) -> None:
    """The first is told why; one that need not be held disturbs nobody."""
    first = Poller(emulator)
    assert emulator.ask("getUpdates")["ok"] is True
    second = Poller(emulator)

    assert first.result() == {"ok": False, "error_code": 409, "description": CONFLICT}
    ann.says("one")
    assert texts(second.result()) == ["one"]


def test_a_webhook_ends_polling(emulator: Emulator, ann: Person) -> None:
    """For good."""
    assert ann.chat.started is False
    poller = Poller(emulator)
    emulator.ask("setWebhook", url="https://example.org/hook")

    assert poller.result()["description"] == "Conflict: terminated by setWebhook request"
    assert emulator.ask("getUpdates") == {
        "ok": False,
        "error_code": 409,
        "description": "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the "
        "webhook first",
    }


def test_the_same_question_soon_after_is_held(emulator: Emulator, ann: Person) -> None:
    """For three seconds; and within half a second there is only one update for it."""
    emulator.state.hasty_polls_wait = True
    emulator.ask("getUpdates", offset=5)
    poller = Poller(emulator, offset=5, timeout=0)
    emulator.pass_time(3.1)
    assert poller.result() == {"ok": True, "result": []}

    ann.says("one")
    ann.says("two")
    emulator.pass_time(4)
    assert texts(emulator.ask("getUpdates", offset=5)) == ["one", "two"]
    assert texts(emulator.ask("getUpdates", offset=5)) == ["one"]


def test_the_kinds_that_are_wanted_are_remembered(emulator: Emulator, ann: Person) -> None:
    """And looked at when something happens, not when it is asked for."""
    ann.says("one")
    emulator.ask("getUpdates", allowed_updates=["inline_query", "nonsense"])
    ann.says("two")
    ann.asks_inline("cell")
    updates = emulator.ask("getUpdates")["result"]

    assert [next(kind for kind in update if kind != "update_id") for update in updates] == ["message", "inline_query"]
    emulator.ask("getUpdates", allowed_updates=[])
    ann.says("three")
    assert emulator.ask("getUpdates")["result"][-1]["message"]["text"] == "three"


def test_reactions_are_told_only_when_asked_for(emulator: Emulator, ann: Person) -> None:
    """They are not among the usual kinds."""
    said = ann.says("one")
    ann.reacts(said, "👍")
    emulator.ask("getUpdates", allowed_updates=["message_reaction"])
    ann.reacts(said, "👎")

    [_, reaction] = emulator.ask("getUpdates")["result"]
    assert reaction["message_reaction"]["new_reaction"] == [{"type": "emoji", "emoji": "👎"}]


def test_what_waits_too_long_is_forgotten(emulator: Emulator, ann: Person) -> None:
    """Inline queries first, then presses, and messages after a day."""
    ann.says("one")
    markup = {"inline_keyboard": [[{"text": "Good", "callback_data": "x"}]]}
    ann.presses(emulator.ask("sendMessage", chat_id=ann.id, text="x", reply_markup=markup)["result"], "Good")
    ann.asks_inline("cell")
    counts = []
    for seconds in (0, 31, 120, 86_200, 100):
        emulator.pass_time(seconds)
        counts.append(emulator.ask("getWebhookInfo")["result"]["pending_update_count"])

    assert counts == [3, 2, 1, 1, 0]


def test_an_update_may_come_twice(emulator: Emulator, ann: Person) -> None:
    """Though it was confirmed."""
    ann.says("one")
    [update] = emulator.ask("getUpdates")["result"]
    emulator.ask("getUpdates", offset=update["update_id"] + 1)
    emulator.redeliver(update["update_id"])

    assert emulator.ask("getUpdates", offset=update["update_id"] + 1)["result"] == [update]
    assert emulator.ask("getUpdates", offset=update["update_id"] + 1)["result"] == []


@pytest.mark.parametrize(
    ("fault", "code", "description"),
    [
        (faults.unauthorised(), 401, "Unauthorized"),
        (faults.not_found(), 404, "Not Found"),
        (faults.conflict(), 409, CONFLICT),
    ],
    ids=["401", "404", "409"],
)
def test_polling_goes_wrong_as_often_as_planned(
    emulator: Emulator, ann: Person, fault: faults.Fault, code: int, description: str
) -> None:
    """And then works again; nothing is lost."""
    ann.says("one")
    emulator.faults.plan("getUpdates", fault, times=2)
    for _ in range(2):
        assert emulator.ask("getUpdates") == {"ok": False, "error_code": code, "description": description}
    assert texts(emulator.ask("getUpdates")) == ["one"]
