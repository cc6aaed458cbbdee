"""Presses of buttons and inline queries, and how they are answered."""

from typing import Any

import pytest
from telegram_emulator.core import Emulator
from telegram_emulator.people import Person
from telegram_emulator.state import Asked

Json = dict[str, Any]
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


@pytest.fixture
def ann(emulator: Emulator) -> Person:
    """Give somebody who knows the bot, and let polls that come soon after one another be."""
    emulator.state.hasty_polls_wait = False
    ann = emulator.person("Ann")
    ann.says("Hello")
    return ann


def pressed(emulator: Emulator, ann: Person) -> Asked:
    """Let somebody press a button."""
    markup = {"inline_keyboard": [[{"text": "Good", "callback_data": "fb:1:+"}]]}
    sent = emulator.ask("sendMessage", chat_id=ann.id, text="x", reply_markup=markup)["result"]
    return ann.presses(sent, "Good")


def article(number: int, text: str = "x", **more: Any) -> Json:
    """Give a result as it travels."""
    return {"type": "article", "id": f"r{number}", "title": "x", "input_message_content": {"message_text": text}} | more


def test_a_press_reaches_the_bot_with_its_message(emulator: Emulator, ann: Person) -> None:
    """And its answer reaches the person."""
    press = pressed(emulator, ann)
    update = emulator.ask("getUpdates")["result"][-1]["callback_query"]

    assert (update["id"], update["data"], update["message"]["text"]) == (press.id, "fb:1:+", "x")
    assert emulator.ask("answerCallbackQuery", callback_query_id=press.id, text="Yes", show_alert=True)["ok"] is True
    assert press.answer == {"text": "Yes", "show_alert": True, "url": ""}


def test_a_button_that_is_not_there_cannot_be_pressed(emulator: Emulator, ann: Person) -> None:
    """The test learns which ones are."""
    pressed(emulator, ann)
    with pytest.raises(AssertionError, match=r"^Ann finds no button 'Bad' among \['Good'\]$"):
        ann.presses(emulator.shown(ann)[-1], "Bad")


def test_a_press_is_answered_once_and_in_time(emulator: Emulator, ann: Person) -> None:
    """Else it is as if it had never been."""
    once, late = pressed(emulator, ann), pressed(emulator, ann)
    answers = [emulator.ask("answerCallbackQuery", callback_query_id=once.id) for _ in range(2)]
    assert (answers[0]["ok"], answers[1]["description"]) == (True, TOO_OLD)

    emulator.pass_time(151)
    for query_id in (late.id, "unknown", ""):
        assert emulator.ask("answerCallbackQuery", callback_query_id=query_id)["description"] == TOO_OLD


def test_the_answer_to_a_press_is_short(emulator: Emulator, ann: Person) -> None:
    """Two hundred letters."""
    press = pressed(emulator, ann)
    answer = emulator.ask("answerCallbackQuery", callback_query_id=press.id, text="x" * 201)

    assert answer["description"] == "Bad Request: message is too long"
    assert emulator.ask("answerCallbackQuery", callback_query_id=press.id, text="x" * 200)["ok"] is True


def test_an_inline_query_is_answered_and_a_result_chosen(emulator: Emulator, ann: Person) -> None:
    """The result appears under the person's name, by way of the bot, which learns of the choice."""
    asked = ann.asks_inline("cell")
    update = emulator.ask("getUpdates")["result"][-1]["inline_query"]
    results = [
        article(1, " <b>Cells</b>", input_message_content={"message_text": " <b>Cells</b>", "parse_mode": "HTML"})
    ]
    assert (update["query"], update["offset"], update["from"]["id"]) == ("cell", "", ann.id)

    assert emulator.ask("answerInlineQuery", inline_query_id=asked.id, results=results, cache_time=0)["ok"] is True
    message = ann.chooses_inline_result(asked, "r1", query="cell")
    chosen = emulator.ask("getUpdates")["result"][-1]["chosen_inline_result"]

    assert (message["text"], message["from"]["id"]) == ("Cells", ann.id)
    assert message["via_bot"]["username"] == "qa_test_bot"
    assert (chosen["result_id"], chosen["query"]) == ("r1", "cell")


@pytest.mark.parametrize(
    ("results", "more", "words"),
    [
        ([article(number) for number in range(51)], {}, "too many inline query results specified"),
        ([article(1), article(1)], {}, "RESULT_ID_DUPLICATE"),
        ([article(1, id="x" * 65)], {}, "RESULT_ID_INVALID"),
        ([article(1, "x" * 4097)], {}, "message is too long"),
        ([article(1, " ")], {}, "text must be non-empty"),
        ([article(1, "")], {}, "can't parse inline query result: Input message content is not specified"),
        ([{"type": "article", "id": "1"}], {}, 'can\'t parse inline query result: Can\'t find field "title"'),
        ([article(1, reply_markup={"inline_keyboard": [[{"text": "x", "callback_data": ""}]]})], {}, "BUTTON_DATA_INVALID"),
        ([], {"next_offset": "x" * 65}, "NEXT_OFFSET_INVALID"),
        ([], {"button": {"text": "x", "start_parameter": "a b"}}, "START_PARAM_INVALID"),
    ],
)  # fmt: skip
def test_inline_results_are_refused(
    emulator: Emulator, ann: Person, results: list[Json], more: Json, words: str
) -> None:
    """In the server's words, and the query is still open."""
    asked = ann.asks_inline("cell")
    answer = emulator.ask("answerInlineQuery", inline_query_id=asked.id, results=results, **more)

    assert answer["description"] == f"Bad Request: {words}"
    assert emulator.ask("answerInlineQuery", inline_query_id=asked.id, results=[])["ok"] is True


def test_an_inline_query_is_answered_once_and_in_time(emulator: Emulator, ann: Person) -> None:
    """Half a minute."""
    once, late = ann.asks_inline("a"), ann.asks_inline("b")
    answers = [emulator.ask("answerInlineQuery", inline_query_id=once.id, results=[]) for _ in range(2)]
    assert (answers[0]["ok"], answers[1]["description"]) == (True, TOO_OLD)

    emulator.pass_time(31)
    for query_id in (late.id, "unknown"):
        assert emulator.ask("answerInlineQuery", inline_query_id=query_id, results=[])["description"] == TOO_OLD
