"""Which messages are questions to the bot, and what becomes of them."""

import re

from telegram import Message, Update
from telegram.ext import ContextTypes

from qa_bot.channels.telegram import words
from qa_bot.channels.telegram.addressing import is_addressed, question_of, text_of
from qa_bot.channels.telegram.answers import Answers
from qa_bot.channels.telegram.service import Service, is_group, person_of
from qa_bot.counting import counted

# Other commands are not done anew when they are edited.
ASK = re.compile(r"/ask(?:@\w+)?(?!\w)", re.IGNORECASE)


class Questions:
    """Handles texts that may be questions."""

    def __init__(self, service: Service, answers: Answers) -> None:
        """Handle them with the parts of a bot."""
        self._service = service
        self._answers = answers

    async def on_text(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer a text, be it below a photo or a file, that is addressed to the bot."""
        message = update.effective_message
        # What is sent by way of a bot are its own words, this one's inline results for instance.
        if message is None or not text_of(message) or message.via_bot is not None:
            return
        if is_addressed(message, context.bot.bot):
            await self.ask(message, question_of(message, context.bot.bot))
        # What nobody asked the bot is limited, too; to say so would only be noise.
        elif message.text and self._may_volunteer(message) and not self._wait(message):
            await self._answers.volunteer(message, message.text)

    async def on_edited(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Edit the answer to a question that was edited; one that was not answered before is answered now."""
        message = update.edited_message
        if message is None or not text_of(message) or message.via_bot is not None or not self._may_ask(message):
            return
        is_command = text_of(message).startswith("/")
        if is_command and not ASK.match(text_of(message)):
            return
        question = question_of(message, context.bot.bot)
        chat = self._service.database.pseudonym(message.chat_id)
        try:
            kept, messages = self._service.memory.to_message(chat, message.message_id)
        except KeyError:
            if not is_group(message.chat) and not is_command:
                await self.ask(message, question)
            return
        # Telegram tells of edits also where the text is the same.
        if question not in {"", kept.question} and not self._wait(message):
            await self._answers.revise(message, question, kept, messages)

    async def ask(self, message: Message, question: str) -> None:
        """Answer a question, if whoever asks may, and not too often."""
        if not await self.admits(message):
            return
        if not question:
            await self._service.say(message, words.WHAT_QUESTION)
            return
        too_fast = self._wait(message)
        if too_fast:
            await self._service.say(message, too_fast)
            return
        await self._answers.reply(message, question)

    async def admits(self, message: Message) -> bool:
        """Whether somebody may ask; in private they are told if not, and in groups it would only be noise."""
        if self._may_ask(message):
            return True
        if not is_group(message.chat):
            await self._service.say(message, words.INVITED_ONLY)
        return False

    def _may_volunteer(self, message: Message) -> bool:
        """Whether to look for an answer to what nobody asked the bot."""
        is_question = (message.text or "").rstrip().endswith("?")
        return self._service.settings.telegram.answer_unasked and is_question and self._may_ask(message)

    def _may_ask(self, message: Message) -> bool:
        person = person_of(message)
        return self._service.access.may_ask(person, message.chat_id)

    def _wait(self, message: Message) -> str:
        """Say how long to wait, if somebody asks too often; nothing if not."""
        access = self._service.access
        person = person_of(message)
        if seconds := access.person_rate.wait(str(person)):
            return words.TOO_FAST.format(time=counted(seconds, "second"))
        if is_group(message.chat) and (seconds := access.group_rate.wait(str(message.chat_id))):
            return words.GROUP_TOO_FAST.format(time=counted(seconds, "second"))
        return ""
