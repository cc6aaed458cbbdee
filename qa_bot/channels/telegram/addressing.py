"""Whether a message is for the bot, and what it asks. Pure."""

from telegram import Message, MessageEntity, User

from qa_bot.channels.telegram.followups import points
from qa_bot.channels.telegram.service import is_group

# Entities count in UTF-16 units, each of which is two bytes; what is no character remains what it is.
ENCODING = "utf-16-le", "surrogatepass"
# What stands between a call and the question: "@bot, who …", "/ask: who …".
AFTER_A_CALL = " ,:"


def is_addressed(message: Message, bot: User) -> bool:
    """Whether a message is for the bot: in private every one, in a group one that mentions it or replies to it."""
    if not is_group(message.chat):
        return True
    replied = message.reply_to_message
    return (replied is not None and _is_from(replied, bot)) or any(_mentions(message, bot))


def text_of(message: Message) -> str:
    """Give what a message says, be it below a photo or a file."""
    return message.text or message.caption or ""


def said_to(message: Message, bot: User) -> str:
    """Give what a message says without the mentions of the bot, and without the command that it begins with."""
    mentions = _mentions(message, bot)
    calls = sorted({*mentions, *_commands(message)}, key=lambda entity: entity.offset, reverse=True)
    units = text_of(message).encode(*ENCODING)
    for entity in calls:
        units = units[: 2 * entity.offset] + " ".encode(*ENCODING) + units[2 * (entity.offset + entity.length) :]
    text = units.decode(*ENCODING)
    if mentions:
        text = " ".join(text.split())
    return text.strip().lstrip(AFTER_A_CALL) if calls else text.strip()


def question_of(message: Message, bot: User) -> str:
    """Give what a message asks: what it says, or, if that only points there, what somebody else's message says."""
    said, replied = said_to(message, bot), message.reply_to_message
    if replied is None or _is_from(replied, bot) or not points(said):
        return said
    quoted = message.quote.text if message.quote else ""
    return quoted or said_to(replied, bot) or said


def _is_from(message: Message, bot: User) -> bool:
    return message.from_user is not None and message.from_user.id == bot.id


def _entities(message: Message) -> tuple[MessageEntity, ...]:
    return message.entities if message.text else message.caption_entities


def _commands(message: Message) -> list[MessageEntity]:
    """Give the command that a message begins with, if it begins with one."""
    return [one for one in _entities(message) if one.type == MessageEntity.BOT_COMMAND and one.offset == 0]


def _mentions(message: Message, bot: User) -> list[MessageEntity]:
    """Give where a message mentions the bot."""
    units, name = text_of(message).encode(*ENCODING), f"@{bot.username}".casefold()

    def is_mention(entity: MessageEntity) -> bool:
        if entity.type == MessageEntity.TEXT_MENTION:
            return entity.user is not None and entity.user.id == bot.id
        said = units[2 * entity.offset : 2 * (entity.offset + entity.length)].decode(*ENCODING)
        return entity.type == MessageEntity.MENTION and said.casefold() == name

    return [entity for entity in _entities(message) if is_mention(entity)]
