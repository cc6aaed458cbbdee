"""What a message answers to, and the topic it stands in."""

import json

from telegram_emulator.chats import Chat
from telegram_emulator.errors import refuse
from telegram_emulator.markup import utf16
from telegram_emulator.parameters import Json, Parameters
from telegram_emulator.state import State
from telegram_emulator.texts import read

LONGEST_QUOTE = 1024
GENERAL_TOPIC = 1


def reply_content(state: State, chat: Chat, parameters: Parameters) -> Json:
    """Give what a message says of the one it answers to, and of its topic."""
    target, asked = replied(state, chat, parameters)
    content = in_topic(state, chat, parameters.integer("message_thread_id"), target)
    if target is None:
        return content
    content["reply_to_message"] = without_reply(target)
    if asked.get("quote"):
        content["quote"] = quoted(target, asked)
    return content


def replied(state: State, chat: Chat, parameters: Parameters) -> tuple[Json | None, Json]:
    """Find the message that is answered to, or nothing when there may be none."""
    asked = parameters.json("reply_parameters") or {}
    if not asked and parameters.integer("reply_to_message_id"):
        # The old way of saying it.
        asked = {
            "message_id": parameters.integer("reply_to_message_id"),
            "allow_sending_without_reply": parameters.flag("allow_sending_without_reply"),
        }
    if not asked:
        return None, {}
    if not isinstance(asked, dict):
        refuse("Object expected as reply parameters")
    chat_id = int(asked.get("chat_id") or chat.id)
    target = state.messages.get((chat_id, int(asked.get("message_id") or 0)))
    if target is None and not asked.get("allow_sending_without_reply"):
        refuse("Message to be replied not found")
    return target, asked


def without_reply(message: Json) -> Json:
    """Give a message as its answers show it: without the one that it answers to itself."""
    return {name: value for name, value in message.items() if name != "reply_to_message"}


def quoted(target: Json, asked: Json) -> Json:
    """Check that a quotation stands in the message word for word."""
    entities = asked.get("quote_entities")
    if isinstance(entities, str):
        entities = json.loads(entities)
    quote = read(str(asked["quote"]), str(asked.get("quote_parse_mode", "")), entities)
    text = str(target.get("text", target.get("caption", "")))
    at = text.find(quote.text)
    if at < 0 or utf16(quote.text) > LONGEST_QUOTE:
        refuse("QUOTE_TEXT_INVALID")
    content: Json = {"text": quote.text, "position": utf16(text[:at]), "is_manual": True}
    return content | ({"entities": quote.entities} if quote.entities else {})


def in_topic(state: State, chat: Chat, thread: int, target: Json | None) -> Json:
    """Give what a message says of its topic; without one it goes where the message it answers to stands."""
    if not thread:
        return {name: target[name] for name in ("message_thread_id", "is_topic_message") if target and name in target}
    if chat.forum and thread in chat.topics and thread != GENERAL_TOPIC:
        return {"message_thread_id": thread, "is_topic_message": True}
    if chat.kind != "supergroup" or chat.forum or (chat.id, thread) not in state.messages:
        refuse("message thread not found")
    return {"message_thread_id": thread}
