"""The parts of a running bot, in one place for those who handle what comes in."""

from dataclasses import dataclass, field

from telegram import Chat, ForceReply, InlineKeyboardMarkup, Message

from qa_bot.channels.telegram import words
from qa_bot.channels.telegram.access import Access
from qa_bot.channels.telegram.arrivals import Arrivals
from qa_bot.channels.telegram.chats import Chats
from qa_bot.channels.telegram.database import Database
from qa_bot.channels.telegram.delivery import Address, Delivery, current_update
from qa_bot.channels.telegram.engine import Engine
from qa_bot.channels.telegram.formatted import Formatted, styled
from qa_bot.channels.telegram.journal import Journal
from qa_bot.channels.telegram.memory import Memory
from qa_bot.channels.telegram.metrics import Metrics
from qa_bot.channels.telegram.quotes import Quotes
from qa_bot.channels.telegram.sealing import Seal
from qa_bot.config import Settings


@dataclass(frozen=True, slots=True)
class Service:
    """What the handlers share; ``interrupted`` holds the updates that a crash interrupted while their reply was being sent."""

    settings: Settings
    engine: Engine
    database: Database
    journal: Journal
    memory: Memory
    arrivals: Arrivals
    chats: Chats
    access: Access
    delivery: Delivery
    metrics: Metrics
    quotes: Quotes
    seal: Seal
    interrupted: set[int] = field(default_factory=set)

    def address(self, message: Message) -> Address:
        """Say where a reply to a message goes: to its topic, in groups as a reply to it, silently if the chat is quiet."""
        group = is_group(message.chat)
        return Address(
            message.chat_id,
            topic_of(message) or None,
            message.message_id if group else None,
            silent=group and self.chats.choices(message.chat_id).quiet,
        )

    async def say(
        self, message: Message, text: str | Formatted, keyboard: InlineKeyboardMarkup | ForceReply | None = None
    ) -> None:
        """Reply to a message."""
        said = styled(text) if isinstance(text, str) else text
        if self.may_repeat():
            said = styled(f"{words.AGAIN}\n\n") + said
        await self.delivery.send(self.address(message), said, keyboard)

    def may_repeat(self) -> bool:
        """Whether the reply to come may be a second one, which it should say; of several messages the first one does."""
        update = current_update.get()
        if update not in self.interrupted:
            return False
        self.interrupted.discard(update)
        return True


def person_of(message: Message) -> int:
    """Give the number of whoever wrote a message: that of a chat, where somebody wrote in its name.

    Of what administrators write anonymously, and of what comes from channels, Telegram names one sender for all of them.
    """
    if message.sender_chat is not None:
        return message.sender_chat.id
    return message.from_user.id if message.from_user else message.chat_id


def topic_of(message: Message) -> int:
    """Give the number of the topic that a message is in; 0 where there is none."""
    return (message.message_thread_id or 0) if message.is_topic_message else 0


def is_group(chat: Chat) -> bool:
    """Whether a chat has several members."""
    return chat.type in {Chat.GROUP, Chat.SUPERGROUP}
