"""What people send in private that is no text: photos, files, voice messages, stickers, places and the like."""

from telegram import Update
from telegram.ext import ContextTypes

from qa_bot.channels.telegram import words
from qa_bot.channels.telegram.access import MINUTE, Rate
from qa_bot.channels.telegram.questions import Questions
from qa_bot.channels.telegram.service import Service


class Attachments:
    """Handles what is attached to a message."""

    def __init__(self, service: Service, questions: Questions) -> None:
        """Handle it with the parts of a bot."""
        self._service = service
        self._questions = questions
        # The photos of an album come as messages of their own, and one reply is enough.
        self._albums = Rate(1, MINUTE)

    async def on_attachment(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer what stands below it; where nothing does, say what the bot can do."""
        message = update.effective_message
        if message is None:
            return
        seen = message.media_group_id is not None and self._albums.wait(message.media_group_id) > 0
        if message.caption:
            await self._questions.on_text(update, context)
        elif not seen and await self._questions.admits(message):
            await self._service.say(message, words.TEXT_ONLY)
