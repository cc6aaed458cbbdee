"""What happens in groups: who comes and goes, topics, migration, and what a bot in privacy mode gets to see."""

import re

from telegram_emulator.chats import INSIDE, Chat, membership
from telegram_emulator.parameters import Json
from telegram_emulator.state import FIRST_GROUP, FIRST_SUPERGROUP, State


def create(state: State, kind: str, title: str, creator: Json) -> Chat:
    """Make a group."""
    first = FIRST_GROUP if kind == "group" else FIRST_SUPERGROUP
    chat = Chat(first - len(state.chats), kind, title, members={int(creator["id"]): "creator"})
    state.chats[chat.id] = chat
    return chat


def set_bot_standing(state: State, chat: Chat, by: Json, status: str) -> None:
    """Change the standing of the bot in a chat, and tell it so."""
    usual = "member" if chat.kind == "private" else "left"
    before = chat.members.get(state.bot_id, usual)
    chat.members[state.bot_id] = status
    payload = {
        "chat": chat.described(),
        "from": by,
        "date": state.now(),
        "old_chat_member": membership(state.bot_user, before),
        "new_chat_member": membership(state.bot_user, status),
    }
    state.tell("my_chat_member", payload, chat.id)


def announce(state: State, chat: Chat, by: Json, content: Json) -> Json:
    """Put a service message into a chat; every bot inside is told of it."""
    message = state.add_message(chat, by, content)
    if chat.members.get(state.bot_id) in INSIDE:
        state.tell("message", message, chat.id)
    return message


def migrate(state: State, chat: Chat, by: Json) -> Chat:
    """Make a supergroup of a group; the old one is there only to say so."""
    new = create(state, "supergroup", chat.title, by)
    new.members = dict(chat.members)
    announce(state, chat, by, {"migrate_to_chat_id": new.id})
    chat.migrated_to = new.id
    announce(state, new, by, {"migrate_from_chat_id": chat.id})
    return new


def reaches_bot(state: State, chat: Chat, message: Json) -> bool:
    """Say whether the bot gets to see what a person has written."""
    if chat.kind == "private":
        return True
    status = chat.members.get(state.bot_id)
    if status not in INSIDE or chat.migrated_to is not None:
        return False
    if status == "administrator" or state.bot["can_read_all_group_messages"]:
        return True
    return addressed(state, message)


def addressed(state: State, message: Json) -> bool:
    """Say whether a message is meant for the bot, as privacy mode understands it."""
    if message.get("reply_to_message", {}).get("from", {}).get("id") == state.bot_id or "via_bot" in message:
        return True
    text = str(message.get("text", message.get("caption", "")))
    name = re.escape(state.bot["username"])
    commands = re.findall(r"(?<![\w/<>])/\w{1,64}(?:@(\w+))?(?![\w/<>@])", text)
    if any(other.lower() in {"", state.bot["username"].lower()} for other in commands):
        return True
    return state.mentions_reach_bot and bool(re.search(rf"(?i)(?<!\w)@{name}(?!\w)", text))
