"""The methods that write, change and delete messages."""

import copy

from telegram_emulator.chats import Chat
from telegram_emulator.errors import NOT_MODIFIED, refuse
from telegram_emulator.files import store
from telegram_emulator.keyboards import checked_markup
from telegram_emulator.parameters import Json, Parameters
from telegram_emulator.replies import reply_content
from telegram_emulator.state import Draft, State
from telegram_emulator.texts import Formatted, caption_text, message_text, read

ACTIONS = frozenset({
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "record_audio",
    "upload_audio", "upload_document", "choose_sticker", "find_location", "pick_up_location", "record_video_note",
    "upload_video_note", "cancel",
})  # fmt: skip
# What a draft shows is gone after half a minute.
DRAFT_SECONDS = 30.0


def send_message(state: State, parameters: Parameters) -> Json:
    """Write a text into a chat."""
    formatted = message_text(parameters.text("text"), parameters.text("parse_mode"), parameters.json("entities"))
    chat = state.writable(parameters)
    return written(state, chat, parameters, text_content(formatted))


def text_content(formatted: Formatted, name: str = "text") -> Json:
    """Give a text as a message holds it."""
    entities = {"text": "entities", "caption": "caption_entities"}[name]
    return {name: formatted.text} | ({entities: formatted.entities} if formatted.entities else {})


def written(state: State, chat: Chat, parameters: Parameters, content: Json) -> Json:
    """Put a checked message of the bot into its chat."""
    markup = checked_markup(parameters.json("reply_markup"))
    content = content | reply_content(state, chat, parameters)
    if markup and "inline_keyboard" in markup:
        content["reply_markup"] = markup
    options = parameters.json("link_preview_options")
    if options:
        content["link_preview_options"] = options
    if parameters.flag("protect_content"):
        content["has_protected_content"] = True
    state.drafts.pop(chat.id, None)
    return copy.deepcopy(state.add_message(chat, state.bot_user, content))


def send_document(state: State, parameters: Parameters) -> Json:
    """Send a file, new or known."""
    chat = state.writable(parameters)
    document = store(state, parameters, "document")
    caption = caption_text(
        parameters.text("caption"), parameters.text("parse_mode"), parameters.json("caption_entities")
    )
    content: Json = {"document": document} | (text_content(caption, "caption") if caption.text else {})
    return written(state, chat, parameters, content)


def own_message(state: State, parameters: Parameters) -> Json:
    """Find the message that should be changed; the bot may change only its own."""
    chat = state.writable(parameters)
    if not parameters.integer("message_id"):
        refuse("message identifier is not specified")
    message = state.messages.get((chat.id, parameters.integer("message_id")))
    if message is None:
        refuse("message to edit not found")
    if not state.is_bots(message):
        refuse("message can't be edited")
    return message


def edit_message_text(state: State, parameters: Parameters) -> Json:
    """Write another text in place of one."""
    formatted = message_text(parameters.text("text"), parameters.text("parse_mode"), parameters.json("entities"))
    message = own_message(state, parameters)
    if "text" not in message:
        refuse("there is no text in the message to edit")
    return changed(state, message, parameters, text_content(formatted))


def edit_message_caption(state: State, parameters: Parameters) -> Json:
    """Write another caption under a file."""
    caption = caption_text(
        parameters.text("caption"), parameters.text("parse_mode"), parameters.json("caption_entities")
    )
    message = own_message(state, parameters)
    if "document" not in message:
        refuse("there is no caption in the message to edit")
    return changed(state, message, parameters, text_content(caption, "caption") if caption.text else {})


def edit_message_reply_markup(state: State, parameters: Parameters) -> Json:
    """Put other buttons under a message, or none."""
    message = own_message(state, parameters)
    kept = {name: message[name] for name in CONTENT if name in message}
    return changed(state, message, parameters, kept)


# What an edit replaces; buttons that are not sent again are taken away.
CONTENT = ("text", "entities", "caption", "caption_entities")


def changed(state: State, message: Json, parameters: Parameters, content: Json) -> Json:
    """Give a message another content, which has to be another."""
    markup = checked_markup(parameters.json("reply_markup"))
    if markup and "inline_keyboard" in markup:
        content = content | {"reply_markup": markup}
    former = {name: message[name] for name in (*CONTENT, "reply_markup") if name in message}
    if former == content:
        refuse(NOT_MODIFIED)
    for name in former:
        del message[name]
    message.update(content, edit_date=state.now())
    return copy.deepcopy(message)


def delete_message(state: State, parameters: Parameters) -> bool:
    """Take a message away: the bot's own, one of a private chat, or any where the bot is an administrator."""
    chat = state.writable(parameters)
    message = state.messages.get((chat.id, parameters.integer("message_id")))
    if message is None:
        refuse("message to delete not found")
    allowed = chat.kind == "private" or chat.members.get(state.bot_id) == "administrator"
    if not allowed and not state.is_bots(message):
        refuse("message can't be deleted")
    del state.messages[chat.id, message["message_id"]]
    return True


def send_chat_action(state: State, parameters: Parameters) -> bool:
    """Show that the bot does something."""
    chat = state.writable(parameters)
    action = parameters.text("action").lower()
    if action not in ACTIONS:
        refuse("wrong parameter action in request")
    state.actions.append((chat.id, action))
    return True


def send_message_draft(state: State, parameters: Parameters) -> bool:
    """Show what is being written; only people's own chats show drafts, and only for half a minute."""
    chat = state.writable(parameters)
    if chat.kind != "private":
        refuse("TEXTDRAFT_PEER_INVALID")
    if not parameters.integer("draft_id"):
        refuse("Invalid draft identifier specified")
    text = parameters.text("text")
    shown = read(text, parameters.text("parse_mode"), parameters.json("entities")).text if text else ""
    state.drafts[chat.id] = Draft(parameters.integer("draft_id"), shown, state.clock.now() + DRAFT_SECONDS)
    return True
