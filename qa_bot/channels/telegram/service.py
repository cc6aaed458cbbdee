"""The parts of a running bot, in one place for those who handle what comes in."""

from dataclasses import dataclass

from telegram import Chat, Message

from qa_bot.channels.telegram.access import Access
from qa_bot.channels.telegram.chats import Chats
from qa_bot.channels.telegram.database import Database
from qa_bot.channels.telegram.delivery import Address, Delivery
from qa_bot.channels.telegram.engine import Engine
from qa_bot.channels.telegram.formatted import Formatted, styled
from qa_bot.channels.telegram.journal import Journal
from qa_bot.channels.telegram.memory import Memory
from qa_bot.channels.telegram.metrics import Metrics
from qa_bot.config import Settings


@dataclass(frozen=True, slots=True)
class Service:
    """What the handlers share."""

    settings: Settings
    engine: Engine
    database: Database
    journal: Journal
    memory: Memory
    chats: Chats
    access: Access
    delivery: Delivery
    metrics: Metrics

    def address(self, message: Message) -> Address:
        """Say where a reply to a message goes: to its topic, in groups as a reply to it, silently if the chat is quiet."""
        group = is_group(message.chat)
        return Address(
            message.chat_id,
            topic_of(message) or None,
            message.message_id if group else None,
            silent=group and self.chats.choices(message.chat_id).quiet,
        )

    async def say(self, message: Message, text: str | Formatted) -> None:
        """Reply to a message."""
        await self.delivery.send(self.address(message), styled(text) if isinstance(text, str) else text)


def person_of(message: Message) -> int:
    """Give the number of whoever wrote a message; administrators of a group may write in its name."""
    return message.from_user.id if message.from_user else message.chat_id


def topic_of(message: Message) -> int:
    """Give the number of the topic that a message is in; 0 where there is none."""
    return (message.message_thread_id or 0) if message.is_topic_message else 0


def is_group(chat: Chat) -> bool:
    """Whether a chat has several members."""
    return chat.type in {Chat.GROUP, Chat.SUPERGROUP}
