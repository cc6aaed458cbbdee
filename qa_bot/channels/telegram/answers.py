"""From a question to its answer in a chat: asked, remembered, sent; and sent anew where the question is edited."""

import asyncio
import contextlib
import time

from telegram import InlineKeyboardMarkup, Message
from telegram.constants import ChatAction, ReactionEmoji
from telegram.error import TelegramError

from qa_bot.bot import Inquiry
from qa_bot.channels.telegram import keyboards, words
from qa_bot.channels.telegram.chats import Choices
from qa_bot.channels.telegram.delivery import Address
from qa_bot.channels.telegram.followups import Earlier, leans, meanings
from qa_bot.channels.telegram.formatted import styled
from qa_bot.channels.telegram.memory import Place, Remembered
from qa_bot.channels.telegram.outdated import Outdated
from qa_bot.channels.telegram.rendering import MOST_MESSAGES, Screen, Screens, render
from qa_bot.channels.telegram.service import Service, is_group, person_of, topic_of
from qa_bot.errors import QuestionError
from qa_bot.records import Answer, Status

# "typing" is shown only to somebody who waits, and not when many do: each time counts against Telegram's limits.
PATIENCE = 1.0
CROWD = 8


class Answers:
    """Answers questions in chats."""

    def __init__(self, service: Service) -> None:
        """Answer with the parts of a bot."""
        self._service = service

    async def reply(self, message: Message, question: str) -> None:
        """Answer a question that a message asks."""
        started = time.monotonic()
        try:
            asked, note, answer = await self._answer(message, question)
        except QuestionError as exc:
            await self._service.say(message, self._refusal(question, exc))
            return
        self._service.metrics.answers.labels(answer.status.value).inc()
        if self._service.may_repeat():
            note = f"{words.AGAIN}\n{note}".strip()
        kept = self._keep(message, question, note, answer, asked)
        if self._may_shrug(message, answer) and await self._react(message, ReactionEmoji.SHRUG):
            return
        await self._send(kept, answer, self._service.address(message))
        self._service.metrics.seconds.observe(time.monotonic() - started)

    async def volunteer(self, message: Message, question: str) -> None:
        """Answer a question that nobody asked the bot, if it is sure enough and has not answered it here before."""
        service = self._service
        inquiry = self._inquiry(message, question, least=service.settings.telegram.unasked_confidence)
        chat = service.database.pseudonym(message.chat_id)
        # An answer to this very message may have been kept and, since the bot was killed, never sent.
        if service.memory.has_been_answered(chat, question, besides=message.message_id):
            return
        try:
            answer = await service.engine.ask(inquiry)
        except QuestionError:
            return
        if answer.status is Status.ANSWERED:
            note = words.AGAIN if service.may_repeat() else ""
            kept = self._keep(message, question, note, answer, inquiry)
            await self._send(kept, answer, service.address(message))

    async def revise(self, message: Message, question: str, kept: Remembered, messages: list[int]) -> None:
        """Answer an edited question in the messages of its former answer."""
        try:
            asked, note, answer = await self._answer(message, question)
        except QuestionError as exc:
            # The former answer would stand below something that it does not answer.
            self._service.memory.reword(kept.id, question)
            refusal = [Screen(styled(self._refusal(question, exc)))]
            self._note_sent(kept, message.chat_id, await self._replace(message, messages, refusal, None))
            return
        revised = self._keep(message, question, note, answer, asked)
        if not messages and self._may_shrug(message, answer) and await self._react(message, ReactionEmoji.SHRUG):
            return
        screens, keyboard = shown(revised, answer)
        self._note_sent(revised, message.chat_id, await self._replace(message, messages, screens, keyboard))
        if not messages and is_group(message.chat) and self._choices(message).quiet:
            await self._react(message, None)

    async def _replace(
        self, message: Message, messages: list[int], screens: list[Screen], keyboard: InlineKeyboardMarkup | None
    ) -> list[int]:
        """Show something in place of messages that reply to one; gives the messages that show it now."""
        sent: list[int] = []
        for number, screen in enumerate(screens):
            buttons = keyboard if number == len(screens) - 1 else None
            if number < len(messages) and await self._service.delivery.edit(
                message.chat_id, messages[number], screen.text, buttons
            ):
                sent.append(messages[number])
                continue
            extra = await self._service.delivery.send(self._service.address(message), screen.text, buttons)
            sent += [extra.message_id] if extra else []
        for surplus in messages[len(screens) :]:
            await self._service.delivery.delete(message.chat_id, surplus)
        return sent

    async def again(self, kept: Remembered) -> Answer:
        """Give an answer anew, for its buttons."""
        return await self._service.engine.ask(Inquiry(kept.meant, kept.excerpts, kept.threshold))

    def _refusal(self, question: str, exc: QuestionError) -> str:
        """Say why a question cannot be asked, to people who cannot change the configuration."""
        most = self._service.settings.answering.max_question
        if len(question) > most:
            return words.TOO_LONG.format(characters=len(question), most=most)
        return f"{str(exc)[:1].upper()}{str(exc)[1:]}."

    async def _answer(self, message: Message, question: str) -> tuple[Inquiry, str, Answer]:
        """Answer a question, in view of what came before if it leans on that; gives what to say above the answer."""
        inquiry = self._inquiry(message, self._service.engine.bot.checked(question))
        earlier = self._earlier(message, question)
        if earlier is None:
            return inquiry, "", await self._patiently(message, inquiry)
        most = self._service.settings.answering.max_question
        ways = [Inquiry(way[:most], inquiry.excerpts, inquiry.threshold) for way in meanings(question, _view(earlier))]
        # A reply to an answer may be a question of its own.
        ways += [] if leans(question) else [inquiry]
        answers = await asyncio.gather(*(self._patiently(message, way) for way in ways))
        best = max(range(len(ways)), key=lambda number: answers[number].confidence)
        note = "" if ways[best] == inquiry else words.IN_VIEW_OF.format(question=words.beginning(earlier.question))
        return ways[best], note, answers[best]

    async def _patiently(self, message: Message, inquiry: Inquiry) -> Answer:
        """Wait for an answer, and show that one is being looked for if it takes long."""
        asking = asyncio.ensure_future(self._service.engine.ask(inquiry))
        done, _ = await asyncio.wait([asking], timeout=PATIENCE)
        if not done and self._service.engine.waiting <= CROWD and not is_group(message.chat):
            # A sign that does not arrive is no reason to keep the answer back.
            with contextlib.suppress(TelegramError):
                await message.reply_chat_action(ChatAction.TYPING)
        return await asking

    def _earlier(self, message: Message, question: str) -> Remembered | None:
        """Find what a question may lean on: the answer it replies to, or, if it must, the one before."""
        service = self._service
        chat = service.database.pseudonym(message.chat_id)
        try:
            if message.reply_to_message is not None:
                return service.memory.in_message(chat, message.reply_to_message.message_id)
            if leans(question):
                person = service.database.pseudonym(person_of(message))
                return service.memory.latest(chat, topic_of(message), person, before=message.message_id)
        except KeyError:
            pass
        return None

    def _inquiry(self, message: Message, question: str, least: float = 0.0) -> Inquiry:
        choices = self._choices(message)
        threshold = max(choices.threshold(self._service.engine.bot.threshold), least)
        return Inquiry(question, choices.excerpts or self._service.settings.answering.excerpts, threshold)

    def _may_shrug(self, message: Message, answer: Answer) -> bool:
        """Whether a reaction is enough of a reply."""
        return answer.status is Status.NOT_FOUND and is_group(message.chat) and self._choices(message).quiet

    async def _react(self, message: Message, emoji: ReactionEmoji | None) -> bool:
        """React to a message; false where Telegram or the group does not allow it."""
        return await self._service.delivery.react(message.chat_id, message.message_id, emoji)

    def _choices(self, message: Message) -> Choices:
        return self._service.chats.choices(message.chat_id)

    def _keep(self, message: Message, question: str, note: str, answer: Answer, asked: Inquiry) -> Remembered:
        pseudonym = self._service.database.pseudonym
        place = Place(pseudonym(message.chat_id), pseudonym(person_of(message)), topic_of(message), message.message_id)
        return self._service.memory.keep(
            place, question, note, answer, excerpts=asked.excerpts or 0, threshold=asked.threshold or 0.0
        )

    async def _send(self, kept: Remembered, answer: Answer, address: Address) -> None:
        screens, keyboard = shown(kept, answer)
        sent: list[Message] = []
        for number, screen in enumerate(screens):
            message = await self._service.delivery.send(
                address, screen.text, keyboard if number == len(screens) - 1 else None, patient=True
            )
            sent += [message] if message else []
            if message is None and not self._service.chats.is_active(address.chat):
                # Whoever has blocked the bot wants none of the others either.
                break
        # A group may have become a supergroup meanwhile.
        chat = sent[-1].chat_id if sent else address.chat
        self._note_sent(kept, chat, [message.message_id for message in sent])

    def _note_sent(self, kept: Remembered, chat: int, messages: list[int]) -> None:
        """Remember which messages an answer is now, and how to reach them if it is to be corrected."""
        self._service.memory.sent(kept.id, self._service.database.pseudonym(chat), messages)
        if self._service.settings.telegram.corrections:
            self._service.quotes.reach(kept.id, self._service.seal.close(chat))


def shown(
    kept: Remembered, answer: Answer, outdated: Outdated | None = None, *, most: int = MOST_MESSAGES
) -> tuple[list[Screen], InlineKeyboardMarkup | None]:
    """Give the messages that an answer begins with, and the buttons under the last of them."""
    screens = render(answer, kept.note, outdated, most=most)
    return list(screens.all[: screens.shown]), buttons(kept.id, answer, screens)


def buttons(number: int, answer: Answer, screens: Screens) -> InlineKeyboardMarkup | None:
    """Give the buttons under the last message that an answer begins with."""
    if answer.status is Status.NOT_FOUND:
        return keyboards.under_not_found(number, answer.near)
    return keyboards.under_answer(number, screens, screens.shown - 1)


def _view(kept: Remembered) -> Earlier:
    return Earlier(kept.meant, kept.highlighted)
