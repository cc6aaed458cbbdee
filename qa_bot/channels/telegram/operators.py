"""Commands for those who run the bot: gold answers, gaps, and new documents."""

from telegram import Message, Update
from telegram.ext import ContextTypes

from qa_bot.channels.telegram import words
from qa_bot.channels.telegram.addressing import said_to
from qa_bot.channels.telegram.answers import Answers
from qa_bot.channels.telegram.commands import Commands
from qa_bot.channels.telegram.service import Service, person_of
from qa_bot.errors import QaBotError
from qa_bot.records import Answer

NONE = "none"
GAPS_SHOWN = 20
# So much of gold is repeated, and the rest kept.
LONGEST_GOLD = 3_000


class Operators:
    """Handles the commands of admins."""

    def __init__(self, service: Service, answers: Answers, commands: Commands) -> None:
        """Handle them with the parts of a bot."""
        self._service = service
        self._answers = answers
        self._commands = commands

    async def gold(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Keep the right answer to the question of the answer that is replied to."""
        message = update.effective_message
        if message is None or not await self._is_admin(message):
            return
        kept = self._commands.meant(message) if message.reply_to_message else None
        if kept is None:
            await self._service.say(message, words.GOLD_USAGE)
            return
        said = said_to(message, context.bot.bot)
        if said.casefold() == NONE:
            self._service.memory.keep_gold(kept.meant, [])
            await self._service.say(message, words.GOLD_NONE.format(question=words.beginning(kept.meant)))
            return
        gold = said or kept.highlighted
        if not gold:
            await self._service.say(message, words.GOLD_USAGE)
        elif not _stands_in(await self._answers.again(kept), gold):
            await self._service.say(message, words.GOLD_ELSEWHERE)
        else:
            self._service.memory.keep_gold(kept.meant, [gold])
            shown = words.beginning(kept.meant), words.beginning(gold, LONGEST_GOLD)
            await self._service.say(message, words.GOLD_KEPT.format(question=shown[0], words=shown[1]))

    async def gaps(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """List the questions without an answer, most frequent first."""
        message = update.effective_message
        if message is None or not await self._is_admin(message):
            return
        found = self._service.memory.gaps(GAPS_SHOWN)
        lines = [f"{times} × {words.beginning(question, 150)}" for question, times in found]
        await self._service.say(message, "\n".join([words.GAPS, *lines]) if lines else words.NO_GAPS)

    async def reload(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Bring the index up to date with the documents."""
        message = update.effective_message
        if message is None or not await self._is_admin(message):
            return
        try:
            summary = await self._service.engine.reload()
        except QaBotError as exc:
            await self._service.say(message, str(exc))
        else:
            await self._service.say(message, words.RELOADED.format(summary=summary))

    async def _is_admin(self, message: Message) -> bool:
        if self._service.access.is_admin(person_of(message)):
            return True
        await self._service.say(message, words.ADMINS_ONLY)
        return False


def _stands_in(answer: Answer, gold: str) -> bool:
    """Whether words stand in a document that an answer has looked at."""
    passages = (*answer.excerpts, *answer.further, *answer.near)
    return any(gold in passage.evidence.document.text for passage in passages)
