"""Where the bot is: blocked or let in again, thrown out of a group, or in one that has become a supergroup."""

from telegram import ChatMember, Update
from telegram.ext import ContextTypes

from qa_bot.channels.telegram.service import Service

GONE = frozenset({ChatMember.LEFT, ChatMember.BANNED})


class Membership:
    """Handles what happens to the bot's membership."""

    def __init__(self, service: Service) -> None:
        """Handle it with the parts of a bot."""
        self._service = service

    async def on_change(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Note whether the bot can write in a chat."""
        change = update.my_chat_member
        if change is not None:
            self._service.chats.set_active(change.chat.id, active=change.new_chat_member.status not in GONE)

    async def on_migration(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Carry a group's settings and answers over to its supergroup."""
        message = update.effective_message
        if message is not None and message.migrate_to_chat_id is not None:
            self._service.access.follow(message.chat_id, message.migrate_to_chat_id)
            self._service.chats.migrate(message.chat_id, message.migrate_to_chat_id)
