"""The methods about the bot and about chats: who is who, commands, descriptions, reactions."""

import json
import re

from telegram.constants import ReactionEmoji

from telegram_emulator.chats import membership
from telegram_emulator.errors import refuse
from telegram_emulator.parameters import Json, Parameters
from telegram_emulator.state import State

SCOPES = frozenset({
    "default", "all_private_chats", "all_group_chats", "all_chat_administrators", "chat", "chat_administrators",
    "chat_member",
})  # fmt: skip
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
LONGEST_COMMAND = 32
LONGEST_COMMAND_DESCRIPTION = 256
MOST_COMMANDS = 100
LONGEST_TEXTS = {"description": 512, "short_description": 120}
EMOJI = frozenset(emoji.value for emoji in ReactionEmoji)


def get_me(state: State, _parameters: Parameters) -> Json:
    """Give the bot itself."""
    return dict(state.bot)


def get_chat(state: State, parameters: Parameters) -> Json:
    """Give a chat with all that is known of it."""
    chat = state.writable(parameters)
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    return chat.described() | {
        "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": dict.fromkeys(gifts, True),
    }  # fmt: skip


def get_chat_member(state: State, parameters: Parameters) -> Json:
    """Give the standing of somebody in a chat."""
    chat = state.writable(parameters)
    user_id = parameters.integer("user_id")
    user = state.bot_user if user_id == state.bot_id else state.users.get(user_id)
    if user is None:
        refuse("PARTICIPANT_ID_INVALID")
    usual = "member" if chat.kind == "private" and user_id in {state.bot_id, chat.id} else "left"
    return membership(user, chat.members.get(user_id, usual))


def get_chat_administrators(state: State, parameters: Parameters) -> list[Json]:
    """Give those who rule a chat; other bots are left out."""
    chat = state.writable(parameters)
    if chat.kind == "private":
        refuse("there are no administrators in the private chat")
    people = state.users | {state.bot_id: state.bot_user}
    ruling = ("creator", "administrator")
    return [membership(people[user_id], status) for user_id, status in chat.members.items() if status in ruling]


def scope_of(parameters: Parameters) -> tuple[str, str]:
    """Read for whom and in which language commands are meant."""
    scope = parameters.json("scope") or {"type": "default"}
    if not isinstance(scope, dict) or scope.get("type") not in SCOPES:
        refuse("Can't parse BotCommandScope: Unsupported type specified")
    return json.dumps(scope, sort_keys=True), language_of(parameters)


def language_of(parameters: Parameters) -> str:
    """Read a language, two small letters or nothing."""
    language = parameters.text("language_code")
    if not re.fullmatch(r"([a-z]{2})?", language):
        refuse("Invalid language code specified")
    return language


def set_my_commands(state: State, parameters: Parameters) -> bool:
    """Replace the commands of a scope and a language."""
    commands = parameters.json("commands")
    if not isinstance(commands, list):
        refuse("Expected an Array of BotCommand")
    if len(commands) > MOST_COMMANDS:
        refuse("BOT_COMMANDS_TOO_MUCH")
    state.profile.commands[scope_of(parameters)] = [checked_command(command) for command in commands]
    return True


def checked_command(command: Json) -> Json:
    """Check one command."""
    name, description = str(command.get("command", "")).removeprefix("/"), str(command.get("description", ""))
    if not name:
        refuse("Can't parse BotCommand: Command must be non-empty")
    if len(name) > LONGEST_COMMAND:
        refuse(f"Command length must not exceed {LONGEST_COMMAND}")
    if not COMMAND.fullmatch(name):
        refuse("BOT_COMMAND_INVALID")
    if not description.strip():
        refuse("Command description must be non-empty")
    if len(description) > LONGEST_COMMAND_DESCRIPTION:
        refuse(f"Command description length must not exceed {LONGEST_COMMAND_DESCRIPTION}")
    return {"command": name, "description": description}


def get_my_commands(state: State, parameters: Parameters) -> list[Json]:
    """Give the commands of a scope and a language, exactly these and no substitutes."""
    return state.profile.commands.get(scope_of(parameters), [])


def delete_my_commands(state: State, parameters: Parameters) -> bool:
    """Take the commands of a scope and a language away."""
    state.profile.commands.pop(scope_of(parameters), None)
    return True


def set_text(state: State, parameters: Parameters, name: str) -> bool:
    """Replace one of the texts that the bot says of itself."""
    text = parameters.text(name)
    if len(text) > LONGEST_TEXTS[name]:
        refuse(f"{name.replace('_', ' ')} is too long")
    state.profile.descriptions[name, language_of(parameters)] = text
    return True


def get_text(state: State, parameters: Parameters, name: str) -> Json:
    """Give one of the texts that the bot says of itself, that without a language where there is no other."""
    texts = state.profile.descriptions
    return {name: texts.get((name, language_of(parameters))) or texts.get((name, ""), "")}


def set_message_reaction(state: State, parameters: Parameters) -> bool:
    """React to a message with one emoji, or with none."""
    chat = state.writable(parameters)
    message = state.messages.get((chat.id, parameters.integer("message_id")))
    if message is None:
        refuse("message to react not found")
    reactions = parameters.json("reaction") or []
    if len(reactions) > 1:
        refuse("REACTIONS_TOO_MANY")
    if any(reaction.get("type") != "emoji" or reaction.get("emoji") not in EMOJI for reaction in reactions):
        refuse("REACTION_INVALID")
    state.reactions[chat.id, message["message_id"]] = [reaction["emoji"] for reaction in reactions]
    return True
