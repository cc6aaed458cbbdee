"""Buttons under messages, checked as the server checks them."""

from typing import Any

from telegram_emulator.errors import refuse
from telegram_emulator.markup import checked_address, utf16
from telegram_emulator.parameters import Json

MOST_BUTTONS = 100
MOST_IN_A_ROW = 8
LONGEST_DATA = 64
LONGEST_COPIED = 256
STYLES = frozenset({"primary", "success", "danger"})
OTHER_ACTIONS = ("web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
                 "switch_inline_query_chosen_chat", "callback_game", "pay")  # fmt: skip


def checked_markup(markup: Any) -> Json | None:
    """Check what should stand under a message, and give it without what is empty."""
    if markup is None:
        return None
    if not isinstance(markup, dict):
        refuse("Object expected as reply markup")
    if "inline_keyboard" in markup:
        rows = [[checked_button(button) for button in row] for row in keyboard_rows(markup["inline_keyboard"]) if row]
        check_size(rows)
        return {"inline_keyboard": rows} if rows else None
    # The other three are shown by the person's own program and checked only for their form.
    if not markup.keys() & {"keyboard", "remove_keyboard", "force_reply"}:
        refuse("Can't parse reply keyboard markup JSON object")
    return markup


def keyboard_rows(rows: Any) -> list[list[Any]]:
    """Check that a keyboard is made of rows."""
    if not isinstance(rows, list):
        refuse('Field "inline_keyboard" must be of type Array')
    for row in rows:
        if not isinstance(row, list):
            refuse('Field "inline_keyboard" must be an Array of Arrays')
    return rows


def check_size(rows: list[list[Json]]) -> None:
    """Refuse keyboards that would not be shown whole."""
    if sum(map(len, rows)) > MOST_BUTTONS or any(len(row) > MOST_IN_A_ROW for row in rows):
        refuse("reply markup is too long")


def checked_button(button: Any) -> Json:
    """Check one button: it has a text and does one thing."""
    problem = "Can't parse inline keyboard button:"
    if not isinstance(button, dict):
        refuse(f"{problem} InlineKeyboardButton must be an Object")
    if "text" not in button:
        refuse(f'{problem} Can\'t find field "text"')
    if not str(button["text"]).strip():
        refuse("Keyboard button text must be non-empty")
    if button.get("style") not in {None, *STYLES}:
        refuse(f"{problem} Invalid button style specified")
    check_action(button, problem)
    return dict(button)


def check_action(button: Json, problem: str) -> None:
    """Check what a button does."""
    if "callback_data" in button:
        check_data(button["callback_data"])
    elif "url" in button:
        if not checked_address(button["url"]):
            refuse(f"Inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    elif "copy_text" in button:
        if not 1 <= utf16(button["copy_text"].get("text", "")) <= LONGEST_COPIED:
            refuse("BUTTON_COPY_TEXT_INVALID")
    elif not any(action in button for action in OTHER_ACTIONS):
        refuse(f"{problem} Text buttons are unallowed in the inline keyboard")


def check_data(data: Any) -> None:
    """Check what a button gives back to the bot; bytes count."""
    if not isinstance(data, str):
        refuse('Can\'t parse inline keyboard button: Field "callback_data" must be of type String')
    if not 1 <= len(data.encode()) <= LONGEST_DATA:
        refuse("BUTTON_DATA_INVALID")
