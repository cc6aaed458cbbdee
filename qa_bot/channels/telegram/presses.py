"""What the buttons do: they edit the message that they are under."""

import logging
from dataclasses import replace

from telegram import CallbackQuery, ChatMember, Message, Update
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from qa_bot.bot import QaBot
from qa_bot.channels.context import paragraphs_around
from qa_bot.channels.telegram import keyboards, words
from qa_bot.channels.telegram.answers import Answers, buttons
from qa_bot.channels.telegram.chats import MOST_EXCERPTS, STRICTNESS, Choices
from qa_bot.channels.telegram.formatted import styled
from qa_bot.channels.telegram.keyboards import AROUND, GO, NEAR, SET_EXCERPTS, SET_QUIET, SET_STRICTNESS, VOTE, Press
from qa_bot.channels.telegram.memory import Remembered
from qa_bot.channels.telegram.rendering import MOST_MESSAGES, Screen, render, render_context, render_near
from qa_bot.channels.telegram.service import Service, is_group
from qa_bot.records import Answer, Excerpt, Paragraph

log = logging.getLogger(__name__)

# What is around an excerpt: itself with one paragraph on each side, or so many paragraphs before or after that.
BESIDE, PER_PAGE = 1, 3
LONGEST_HINT = 200


class Presses:
    """Handles presses of buttons."""

    def __init__(self, service: Service, answers: Answers) -> None:
        """Handle them with the parts of a bot."""
        self._service = service
        self._answers = answers

    async def on_press(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Do what a button says; what cannot be done any more is said kindly."""
        query = update.callback_query
        if query is None or not isinstance(query.message, Message):
            if query is not None:
                await hint(query, words.STALE)
            return
        try:
            press = Press.parse(query.data or "")
            said = await self._do(press, query, query.message)
        except (KeyError, ValueError, IndexError, OverflowError):
            said = words.STALE
        await hint(query, said)

    async def _do(self, press: Press, query: CallbackQuery, message: Message) -> str:
        """Do it; gives what to say in passing. Raises `KeyError` and the like where the answer is not known any more."""
        if not self._service.access.may_ask(query.from_user.id, message.chat_id):
            return words.INVITED_ONLY
        if press.action in {SET_EXCERPTS, SET_STRICTNESS, SET_QUIET}:
            return await self._set(press, query, message)
        kept = self._service.memory.answer(press.answer)
        if kept.chat != self._service.database.pseudonym(message.chat_id):
            # Programs may send any number; what was asked in other chats is none of their business.
            raise KeyError(press.answer)
        if press.action == VOTE:
            [vote] = press.numbers
            thanks = words.THANKS[vote]
            self._service.memory.vote(press.answer, self._service.database.pseudonym(query.from_user.id), vote)
            return thanks
        answer = await self._answers.again(kept)
        changed = words.NEWER if answer.index.generation != kept.generation else ""
        if press.action == GO:
            kept = replace(kept, note=f"{changed}\n{kept.note}".strip())
            return await self._go(press.numbers[0], kept, answer, message)
        if press.action == NEAR:
            excerpt = _numbered(answer, press.numbers[0])
            keyboard = keyboards.under_near(kept.id, excerpt.number)
            await self._service.delivery.edit(message.chat_id, message.message_id, render_near(excerpt), keyboard)
            return changed
        if press.action == AROUND:
            return await self._show_around(press, answer, message) or changed
        raise ValueError(press.action)

    async def _go(self, at: int, kept: Remembered, answer: Answer, message: Message) -> str:
        """Show another message of an answer in place of this one."""
        outdated, messages = self._service.quotes.outdated(kept.id), self._service.quotes.messages(kept.id)
        screens = render(answer, kept.note, outdated, most=min(len(messages), MOST_MESSAGES) or MOST_MESSAGES)
        last = screens.shown - 1
        at = max(at, last)
        if at >= len(screens.all):
            return words.NO_MORE
        screen: Screen = screens.all[at]
        keyboard = buttons(kept.id, answer, screens) if at == last else keyboards.under_answer(kept.id, screens, at)
        await self._service.delivery.edit(message.chat_id, message.message_id, screen.text, keyboard)
        return ""

    async def _show_around(self, press: Press, answer: Answer, message: Message) -> str:
        """Show what stands around an excerpt, or a page before or after that."""
        number, page = press.numbers
        excerpt = _numbered(answer, number)

        def read(bot: QaBot) -> list[Paragraph]:
            reach = BESIDE + PER_PAGE * (abs(page) + 1)
            return paragraphs_around(
                bot.index.store, excerpt.citation.document, excerpt.citation.paragraph, reach, reach
            )

        paragraphs = await self._service.engine.look(read)
        own = next(n for n, paragraph in enumerate(paragraphs) if paragraph.number == excerpt.citation.paragraph)
        first, last = _page(page, own)
        around = paragraphs[max(first, 0) : max(last, 0)]
        if not around:
            return words.NO_MORE
        keyboard = keyboards.under_context(press.answer, number, page, earlier=first > 0, later=last < len(paragraphs))
        await self._service.delivery.edit(
            message.chat_id, message.message_id, render_context(excerpt, around), keyboard
        )
        return ""

    async def _set(self, press: Press, query: CallbackQuery, message: Message) -> str:
        """Change a setting of the chat; in groups only its administrators may."""
        if is_group(message.chat):
            member = await message.chat.get_member(query.from_user.id)
            if member.status not in {ChatMember.ADMINISTRATOR, ChatMember.OWNER}:
                return words.GROUP_ADMINS_ONLY
        choices = _chosen(self._service.chats.choices(message.chat_id), press)
        self._service.chats.choose(message.chat_id, choices)
        usual = self._service.settings.answering.excerpts
        keyboard = keyboards.of_settings(choices, usual, group=is_group(message.chat))
        await self._service.delivery.edit(message.chat_id, message.message_id, styled(words.SETTINGS), keyboard)
        return ""


def _chosen(choices: Choices, press: Press) -> Choices:
    if press.action == SET_EXCERPTS:
        if not 1 <= press.answer <= MOST_EXCERPTS:
            raise ValueError(press.answer)
        return replace(choices, excerpts=press.answer)
    if press.action == SET_STRICTNESS:
        return replace(choices, strictness=dict(enumerate(STRICTNESS))[press.answer])
    return replace(choices, quiet=bool(press.answer))


def _page(page: int, own: int) -> tuple[int, int]:
    """Give the range of paragraphs on a page; page 0 is the excerpt with its neighbours."""
    if page == 0:
        return own - BESIDE, own + BESIDE + 1
    if page > 0:
        first = own + BESIDE + 1 + PER_PAGE * (page - 1)
        return first, first + PER_PAGE
    last = own - BESIDE + PER_PAGE * (page + 1)
    return last - PER_PAGE, last


def _numbered(answer: Answer, number: int) -> Excerpt:
    """Give an excerpt by its number. Raises `KeyError`."""
    for excerpt in (*answer.excerpts, *answer.further, *answer.near):
        if excerpt.number == number:
            return excerpt
    raise KeyError(number)


async def hint(query: CallbackQuery, text: str) -> None:
    """Answer a press, which Telegram waits for; one that has waited too long wants no answer any more."""
    try:
        await query.answer(text[:LONGEST_HINT] or None)
    except TelegramError as exc:
        log.info("a press could not be answered: %s", type(exc).__name__)
