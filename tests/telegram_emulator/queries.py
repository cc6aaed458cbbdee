"""The methods that answer presses of buttons and inline queries."""

import re
from typing import Any

from telegram_emulator.errors import QUERY_TOO_OLD, refuse
from telegram_emulator.keyboards import checked_markup
from telegram_emulator.markup import utf16
from telegram_emulator.parameters import Json, Parameters
from telegram_emulator.state import Asked, State
from telegram_emulator.texts import message_text
from telegram_emulator.updates import LIFETIMES

LONGEST_ANSWER = 200
MOST_RESULTS = 50
LONGEST_ID = 64
LONGEST_OFFSET = 64
START_PARAMETER = re.compile(r"[A-Za-z0-9_-]{1,64}")


def open_query(state: State, kind: str, query_id: str) -> Asked:
    """Find what is asked, which may be neither answered nor too old."""
    asked = state.asked.get(query_id)
    if asked is None or asked.kind != kind or asked.answer is not None:
        refuse(QUERY_TOO_OLD)
    if state.clock.now() > asked.born + LIFETIMES[kind]:
        refuse(QUERY_TOO_OLD)
    return asked


def answer_callback_query(state: State, parameters: Parameters) -> bool:
    """Answer a press of a button."""
    asked = open_query(state, "callback_query", parameters.text("callback_query_id"))
    text = parameters.text("text")
    if utf16(text) > LONGEST_ANSWER:
        refuse("message is too long")
    asked.answer = {"text": text, "show_alert": parameters.flag("show_alert"), "url": parameters.text("url")}
    return True


def answer_inline_query(state: State, parameters: Parameters) -> bool:
    """Answer an inline query."""
    results = parameters.json("results")
    if not isinstance(results, list):
        refuse("Expected an Array of inline query results")
    if len(results) > MOST_RESULTS:
        refuse("too many inline query results specified")
    checked = [checked_result(result) for result in results]
    if len({result["id"] for result in checked}) < len(checked):
        refuse("RESULT_ID_DUPLICATE")
    next_offset = parameters.text("next_offset")
    if len(next_offset.encode()) > LONGEST_OFFSET:
        refuse("NEXT_OFFSET_INVALID")
    button = parameters.json("button")
    if button:
        check_results_button(button)
    asked = open_query(state, "inline_query", parameters.text("inline_query_id"))
    asked.answer = {
        "results": checked,
        "next_offset": next_offset,
        "cache_time": parameters.integer("cache_time", 300),
        "is_personal": parameters.flag("is_personal"),
        "button": button,
    }
    return True


def checked_result(result: Any) -> Json:
    """Check one result; its text is checked like that of a message and kept as it will be shown."""
    problem = "Can't parse inline query result:"
    if not isinstance(result, dict):
        refuse(f"{problem} expected an Object")
    for name in ("type", "id", *(["title"] if result.get("type") == "article" else [])):
        if name not in result:
            refuse(f'{problem} Can\'t find field "{name}"')
    if not 1 <= len(str(result["id"]).encode()) <= LONGEST_ID:
        refuse("RESULT_ID_INVALID")
    content = result.get("input_message_content")
    if result["type"] == "article" and not (content or {}).get("message_text"):
        refuse(f"{problem} Input message content is not specified")
    checked = dict(result)
    if content and "message_text" in content:
        formatted = message_text(content["message_text"], content.get("parse_mode", ""), content.get("entities"))
        checked["shown"] = {"text": formatted.text, "entities": formatted.entities}
    markup = checked_markup(result.get("reply_markup"))
    return checked | ({"reply_markup": markup} if markup else {})


def check_results_button(button: Json) -> None:
    """Check the button that stands above the results."""
    if "text" not in button:
        refuse("Can't parse inline query results button: Can't find field \"text\"")
    if "start_parameter" not in button and "web_app" not in button:
        refuse("Can't parse inline query results button: InlineQueryResultsButton must have exactly one optional field")
    if "start_parameter" in button and not START_PARAMETER.fullmatch(button["start_parameter"]):
        refuse("START_PARAM_INVALID")
