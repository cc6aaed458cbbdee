"""Commands for everybody, and the lists of commands that Telegram shows, by scope and language."""

import importlib.metadata
import logging
from collections.abc import Iterable

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    ForceReply,
    Message,
    Update,
)
from telegram.error import BadRequest
from telegram.ext import ContextTypes

from qa_bot.bot import QaBot
from qa_bot.channels.explanation import explain
from qa_bot.channels.sources import source_lines
from qa_bot.channels.telegram import keyboards, words
from qa_bot.channels.telegram.addressing import question_of, said_to
from qa_bot.channels.telegram.answers import Answers
from qa_bot.channels.telegram.formatted import LONGEST_MESSAGE, Formatted, stretches
from qa_bot.channels.telegram.inline import ASK
from qa_bot.channels.telegram.memory import Remembered
from qa_bot.channels.telegram.questions import Questions
from qa_bot.channels.telegram.service import Service, is_group, person_of, topic_of
from qa_bot.counting import counted

log = logging.getLogger(__name__)

# What Telegram shows of each command, in the languages of the people who use it.
DESCRIPTIONS: dict[str, dict[str, str]] = {
    "": {
        "ask": "Ask a question", "sources": "The documents I answer from", "why": "Why the last answer is as it is",
        "settings": "How many excerpts, how strict, how quiet", "about": "What I am, and what I keep",
        "forget": "Delete what I know of you", "help": "What I can do",
        "gold": "Keep the right answer to a question", "gaps": "Questions without an answer",
        "reload": "Read the documents anew",
    },
    "de": {
        "ask": "Eine Frage stellen", "sources": "Die Dokumente, aus denen ich antworte",
        "why": "Warum die letzte Antwort so ist", "settings": "Wie viele Auszüge, wie streng, wie leise",
        "about": "Was ich bin und was ich behalte", "forget": "Löschen, was ich von dir weiß", "help": "Was ich kann",
        "gold": "Die richtige Antwort auf eine Frage merken", "gaps": "Fragen ohne Antwort",
        "reload": "Die Dokumente neu lesen",
    },
    "es": {
        "ask": "Hacer una pregunta", "sources": "Los documentos de los que respondo",
        "why": "Por qué la última respuesta es así", "settings": "Cuántos extractos, qué rigor, qué silencio",
        "about": "Qué soy y qué guardo", "forget": "Borrar lo que sé de ti", "help": "Qué sé hacer",
        "gold": "Guardar la respuesta correcta", "gaps": "Preguntas sin respuesta", "reload": "Releer los documentos",
    },
    "fr": {
        "ask": "Poser une question", "sources": "Les documents dont je réponds",
        "why": "Pourquoi la dernière réponse est ainsi", "settings": "Combien d’extraits, quelle rigueur, quel silence",
        "about": "Ce que je suis et ce que je garde", "forget": "Effacer ce que je sais de vous",
        "help": "Ce que je sais faire", "gold": "Garder la bonne réponse", "gaps": "Questions sans réponse",
        "reload": "Relire les documents",
    },
    "ru": {
        "ask": "Задать вопрос", "sources": "Документы, по которым я отвечаю", "why": "Почему последний ответ такой",
        "settings": "Сколько отрывков, как строго, как тихо", "about": "Что я такое и что храню",
        "forget": "Удалить то, что я о вас знаю", "help": "Что я умею", "gold": "Запомнить верный ответ",
        "gaps": "Вопросы без ответа", "reload": "Перечитать документы",
    },
}  # fmt: skip
EVERYWHERE = ("ask", "sources", "why", "settings", "about", "forget", "help")
FOR_ADMINS = ("gold", "gaps", "reload")
# As many messages as an explanation or a list may take.
MOST_MESSAGES = 3
# What a list leaves of a message to what is said of it.
ROOM_FOR_NOTES = 100


class Commands:
    """Handles the commands that everybody may use."""

    def __init__(self, service: Service, answers: Answers, questions: Questions) -> None:
        """Handle them with the parts of a bot."""
        self._service = service
        self._answers = answers
        self._questions = questions

    async def start(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Greet; with the invitation code, let somebody in."""
        message = _message(update)
        person = person_of(message)
        access = self._service.access
        code = context.args[0] if context.args else ASK
        # The button above inline results leads here with a word that is no code.
        if code != ASK and not access.may_ask(person, message.chat_id):
            invited = access.invite(person, code)
            await self._service.say(message, words.WELCOME if invited else words.WRONG_CODE)
            return
        await self._service.say(message, words.START if access.may_ask(person, message.chat_id) else words.INVITED_ONLY)

    async def help(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Say what the bot can do."""
        message = _message(update)
        person = person_of(message)
        is_admin = self._service.access.is_admin(person)
        names = (*EVERYWHERE, *FOR_ADMINS) if is_admin else EVERYWHERE
        lines = "\n".join(f"/{name} – {DESCRIPTIONS[''][name]}" for name in names)
        said = words.HELP.format(commands=lines)
        await self._service.say(message, f"{said}\n\n{words.HELP_FOR_ADMINS}" if is_admin else said)

    async def ask(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer what follows /ask, or the message that it replies to; without either, ask for a question."""
        message = _message(update)
        question = question_of(message, context.bot.bot)
        if question:
            await self._questions.ask(message, question)
            return
        if await self._questions.admits(message):
            await self._service.say(message, words.WHAT_QUESTION, ForceReply(selective=True))

    async def sources(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """List the documents, or those whose line holds what follows the command."""
        message = _message(update)
        if not await self._questions.admits(message):
            return
        wanted = said_to(message, context.bot.bot)
        lines = await self._service.engine.look(lambda bot: list(source_lines(bot.index.store)))
        found = [line for line in lines if wanted.casefold() in line.casefold()]
        nothing = words.NO_SUCH_DOCUMENTS.format(wanted=words.beginning(wanted)) if lines else words.NO_DOCUMENTS
        await self._say_lines(message, found or [nothing])

    async def why(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Explain the answer that the command replies to, or the last one here."""
        message = _message(update)
        if not await self._questions.admits(message):
            return
        kept = self.meant(message)
        if kept is None:
            await self._service.say(message, words.NOT_MINE if message.reply_to_message else words.NOTHING_ASKED)
            return
        answer = await self._answers.again(kept)
        lines = await self._service.engine.look(lambda bot: list(explain(answer, bot, kept.threshold)))
        await self._say_lines(message, [f"“{kept.question}”", *lines])

    async def about(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Say what answers, and what is kept."""

        def describe(bot: QaBot) -> str:
            manifest = bot.index.manifest
            return words.ABOUT.format(
                version=importlib.metadata.version("qa-bot"),
                documents=counted(manifest.counts.documents, "document"),
                paragraphs=counted(manifest.counts.paragraphs, "paragraph"),
                generation=manifest.generation,
                model=manifest.model,
                days=counted(bot.settings.telegram.retention_days, "day"),
            )

        said = await self._service.engine.look(describe)
        if self._service.settings.telegram.corrections:
            said = f"{said}\n\n{words.ABOUT_CORRECTIONS}"
        await self._service.say(_message(update), said)

    async def settings(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Show the chat's settings as buttons."""
        message = _message(update)
        if not await self._questions.admits(message):
            return
        choices, usual = self._service.chats.choices(message.chat_id), self._service.settings.answering.excerpts
        keyboard = keyboards.of_settings(choices, usual, group=is_group(message.chat))
        await self._service.say(message, words.SETTINGS, keyboard)

    async def forget(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Delete what is known of a person."""
        message = _message(update)
        person = self._service.database.pseudonym(person_of(message))
        self._service.memory.forget(person)
        self._service.arrivals.forget(person)
        await self._service.say(message, words.FORGOTTEN)

    def meant(self, message: Message) -> Remembered | None:
        """Find the answer that a command is about: the one it replies to, or the last one in the chat and topic."""
        chat = self._service.database.pseudonym(message.chat_id)
        try:
            if message.reply_to_message is not None:
                return self._service.memory.in_message(chat, message.reply_to_message.message_id)
            return self._service.memory.latest(chat, topic_of(message))
        except KeyError:
            return None

    async def _say_lines(self, message: Message, lines: Iterable[str]) -> None:
        text = "\n".join(lines)
        ends = [number + 1 for number, character in enumerate(text) if character == "\n"]
        parts = stretches(text, ends, LONGEST_MESSAGE - ROOM_FOR_NOTES)
        for start, end in parts[:MOST_MESSAGES]:
            more = "…" if end < len(text) and (start, end) == parts[:MOST_MESSAGES][-1] else ""
            await self._service.say(message, Formatted(text[start:end] + more))


async def register(bot: Bot, admins: Iterable[int]) -> None:
    """Tell Telegram which commands there are, for private chats, groups and admins, in each language."""
    for language in DESCRIPTIONS:
        scopes: list[tuple[BotCommandScope, tuple[str, ...]]] = [
            (BotCommandScopeAllPrivateChats(), EVERYWHERE),
            (BotCommandScopeAllGroupChats(), ("ask", "sources", "why", "settings", "help")),
            *((BotCommandScopeChat(admin), (*EVERYWHERE, *FOR_ADMINS)) for admin in admins),
        ]
        for scope, names in scopes:
            commands = [BotCommand(name, DESCRIPTIONS[language][name]) for name in names]
            try:
                await bot.set_my_commands(commands, scope=scope, language_code=language or None)
            except BadRequest as exc:
                # An admin who has not written to the bot yet has no chat with it.
                log.warning("commands could not be registered for %s: %s", scope.type, exc.message)


def _message(update: Update) -> Message:
    assert update.effective_message is not None
    return update.effective_message
