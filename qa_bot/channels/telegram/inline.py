"""Questions in other chats: @bot and a question, and each excerpt is a result that can be sent there."""

import asyncio

from telegram import InlineQueryResultArticle, InlineQueryResultsButton, InputTextMessageContent, Update
from telegram.error import BadRequest
from telegram.ext import ContextTypes

from qa_bot.bot import Inquiry
from qa_bot.channels.telegram import words
from qa_bot.channels.telegram.formatted import LONGEST_MESSAGE
from qa_bot.channels.telegram.rendering import quotations
from qa_bot.channels.telegram.service import Service
from qa_bot.counting import counted
from qa_bot.errors import QuestionError
from qa_bot.records import Excerpt, Status

# Programs send every keystroke; a question is answered when so long nothing has been typed.
DEBOUNCE = 0.4
# Telegram may give the same person the same results for so long.
CACHE_SECONDS = 60
EXCERPTS = 5
LONGEST_DESCRIPTION = 200
FEWEST_CHARACTERS = 3
# What the button above the results begins the private chat with.
ASK = "ask"
NOTHING_FOUND = "The documents do not answer this."
NOT_INVITED = "Ask for an invitation"


class Inline:
    """Handles inline questions."""

    def __init__(self, service: Service) -> None:
        """Handle them with the parts of a bot."""
        self._service = service
        self._latest: dict[int, str] = {}

    async def on_query(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer with excerpts, unless more is being typed."""
        query = update.inline_query
        if query is None:
            return
        person = query.from_user.id
        self._latest[person] = query.id
        await asyncio.sleep(DEBOUNCE)
        if self._latest.get(person) != query.id:
            return
        del self._latest[person]
        if not self._service.access.may_ask(person, person):
            await self._answer(update, [], NOT_INVITED)
            return
        text = query.query.strip()
        if len(text) < FEWEST_CHARACTERS:
            await self._answer(update, [])
            return
        if seconds := self._service.access.person_rate.wait(str(person)):
            too_fast = words.TOO_FAST.format(time=counted(seconds, "second"))
            await self._answer(update, [], too_fast, cache_seconds=0)
            return
        try:
            answer = await self._service.engine.ask(Inquiry(text, EXCERPTS))
        except QuestionError:
            await self._answer(update, [])
            return
        found = [*answer.excerpts, *answer.further][:EXCERPTS] if answer.status is Status.ANSWERED else []
        self._service.metrics.answers.labels(f"inline_{answer.status.value}").inc()
        await self._answer(update, [_result(excerpt) for excerpt in found], "" if found else NOTHING_FOUND)

    async def _answer(
        self,
        update: Update,
        results: list[InlineQueryResultArticle],
        said: str = "",
        *,
        cache_seconds: int = CACHE_SECONDS,
    ) -> None:
        assert update.inline_query is not None
        button = InlineQueryResultsButton(said, start_parameter=ASK) if said else None
        try:
            await update.inline_query.answer(results, cache_time=cache_seconds, is_personal=True, button=button)
        except BadRequest:
            # Whoever asked has typed on, or has gone.
            return


def _result(excerpt: Excerpt) -> InlineQueryResultArticle:
    start = excerpt.citation.start
    mark = excerpt.highlights[0]
    said = " ".join(excerpt.text[mark.start - start : mark.end - start].split())
    message = next(quotations(excerpt))
    assert message.size <= LONGEST_MESSAGE
    return InlineQueryResultArticle(
        str(excerpt.number),
        excerpt.citation.title[:LONGEST_DESCRIPTION] or excerpt.citation.document,
        InputTextMessageContent(message.text, entities=message.entities()),
        description=said[:LONGEST_DESCRIPTION],
    )
