"""The running bot put together: what comes in, who handles it, and what starts and ends with it."""

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from telegram import Bot, LinkPreviewOptions, Message, Update
from telegram.error import BadRequest, NetworkError, TelegramError
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    Defaults,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from qa_bot.channels.telegram import words
from qa_bot.channels.telegram.access import Access
from qa_bot.channels.telegram.admission import Admission
from qa_bot.channels.telegram.answers import Answers
from qa_bot.channels.telegram.arrivals import Arrivals
from qa_bot.channels.telegram.attachments import Attachments
from qa_bot.channels.telegram.chats import Chats
from qa_bot.channels.telegram.commands import Commands, register
from qa_bot.channels.telegram.corrections import Corrections
from qa_bot.channels.telegram.database import Database
from qa_bot.channels.telegram.delivery import Delivery
from qa_bot.channels.telegram.engine import Engine
from qa_bot.channels.telegram.inline import Inline
from qa_bot.channels.telegram.intake import JournalQueue, Processor, unfinished
from qa_bot.channels.telegram.journal import Journal
from qa_bot.channels.telegram.membership import Membership
from qa_bot.channels.telegram.memory import Memory
from qa_bot.channels.telegram.metrics import Metrics
from qa_bot.channels.telegram.operators import Operators
from qa_bot.channels.telegram.presses import Presses, hint
from qa_bot.channels.telegram.questions import Questions
from qa_bot.channels.telegram.quotes import Quotes
from qa_bot.channels.telegram.sealing import Seal
from qa_bot.channels.telegram.secret import reveal
from qa_bot.channels.telegram.service import Service
from qa_bot.channels.telegram.uploads import PRESSES, Uploads
from qa_bot.config import Settings

log = logging.getLogger(__name__)

# What Telegram is asked to send; a type that nobody handles would only cost.
UPDATES = [
    Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.INLINE_QUERY, Update.MY_CHAT_MEMBER,
]  # fmt: skip
DEFAULTS = Defaults(link_preview_options=LinkPreviewOptions(is_disabled=True))
HOUSEKEEPING_SECONDS = 3_600.0

# python-telegram-bot's application, whose type has six parameters that say nothing here.
App = Application[Any, Any, Any, Any, Any, Any]
Handler = Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]


class TelegramBot:
    """A bot with everything that belongs to it."""

    def __init__(self, settings: Settings, bot: Bot) -> None:
        """Put the parts together around a bot of python-telegram-bot. Raises `TelegramError`."""
        chosen = settings.telegram
        code = reveal(chosen.invitation_code, chosen.invitation_code_file, settings.folder)
        database = Database(settings.paths.telegram)
        journal, chats, access = Journal(database), Chats(database), Access(chosen, code, database)
        self.service = Service(
            settings=settings,
            engine=Engine(settings),
            database=database,
            journal=journal,
            memory=Memory(database),
            arrivals=Arrivals(database),
            chats=chats,
            access=access,
            delivery=Delivery(bot, journal, chats, access),
            metrics=Metrics(),
            quotes=Quotes(database),
            seal=Seal(database.key(bot.token)),
        )
        self.queue = JournalQueue(journal)
        self._answers = Answers(self.service)
        self._questions = Questions(self.service, self._answers)
        self.corrections = Corrections(self.service, self._answers)
        self._tasks: set[asyncio.Task[None]] = set()

    def application(self, bot: Bot, *, updater: bool = True) -> App:
        """Make the application; without an updater, updates are handed to it."""
        builder = ApplicationBuilder().bot(bot).concurrent_updates(Processor(self.service.journal))
        builder = builder.update_queue(self.queue) if updater else builder.updater(None).update_queue(self.queue)
        app: App = builder.post_init(self.begin).post_stop(self.end).build()
        self._add_handlers(app)
        return app

    async def begin(self, app: App) -> None:
        """Open the index, tell Telegram the commands, and take up what was interrupted."""
        await self.service.engine.start()
        self._keep_house()
        try:
            await register(app.bot, self.service.settings.telegram.admins)
        except TelegramError as exc:
            log.warning("the commands could not be registered: %s", type(exc).__name__)
        if not app.bot.can_read_all_group_messages:
            log.info("privacy mode is on: in groups the bot sees commands, replies to it, and perhaps mentions")
        for update, sending in unfinished(self.service.journal, app.bot, self.service.settings.telegram.fresh_minutes):
            if sending:
                self.service.interrupted.add(update.update_id)
            await self.queue.replay(update)
        self.run_beside(self._keep_house_now_and_then())
        if self.service.settings.telegram.corrections:
            self.run_beside(self.corrections.run())
        else:
            self.service.quotes.give_up_all()

    async def end(self, _app: App) -> None:
        """Close what was opened."""
        await self.leave_off()
        await self.service.engine.stop()
        self.service.database.close()

    async def leave_off(self, _app: App | None = None) -> None:
        """End what is done beside everything else."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def run_beside(self, work: Awaitable[None]) -> None:
        """Do something beside everything else, until the bot ends."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _add_handlers(self, app: App) -> None:
        answers, questions = self._answers, self._questions
        commands = Commands(self.service, answers, questions)
        operators = Operators(self.service, answers, commands)
        membership = Membership(self.service)
        new, edited = filters.UpdateType.MESSAGE, filters.UpdateType.EDITED_MESSAGE
        by_name: dict[str, Handler] = {
            "start": commands.start, "help": commands.help, "ask": commands.ask, "sources": commands.sources,
            "why": commands.why, "about": commands.about, "settings": commands.settings, "forget": commands.forget,
            "gold": operators.gold, "gaps": operators.gaps, "reload": operators.reload,
        }  # fmt: skip
        for name, handler in by_name.items():
            app.add_handler(CommandHandler(name, handler, filters=new))
        private = filters.ChatType.PRIVATE
        app.add_handler(MessageHandler(new & filters.COMMAND & private & filters.TEXT, commands.help))
        uploads, attachments = Uploads(self.service), Attachments(self.service, questions)
        admins = filters.User(self.service.settings.telegram.admins)
        # Animations come as documents, too. What stands below a document that may be added is no question.
        documents = filters.Document.ALL & ~filters.ANIMATION & private & admins
        app.add_handler(MessageHandler(new & documents, uploads.on_document))
        app.add_handler(MessageHandler(new & filters.ATTACHMENT & private, attachments.on_attachment))
        said = filters.TEXT | filters.CAPTION
        app.add_handler(MessageHandler(new & said & ~filters.COMMAND, questions.on_text))
        app.add_handler(MessageHandler(edited & said & ~documents, questions.on_edited))
        app.add_handler(MessageHandler(new & filters.StatusUpdate.MIGRATE, membership.on_migration))
        app.add_handler(CallbackQueryHandler(uploads.on_press, PRESSES))
        app.add_handler(CallbackQueryHandler(Presses(self.service, answers).on_press))
        app.add_handler(InlineQueryHandler(Inline(self.service).on_query))
        app.add_handler(ChatMemberHandler(membership.on_change, ChatMemberHandler.MY_CHAT_MEMBER))
        app.add_error_handler(self._on_error)

    async def _on_error(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Log an error under a number, and tell whoever asked that number, nothing else."""
        # The library counts what Telegram refuses among the errors of the network.
        asking = update is None and isinstance(context.error, TelegramError)
        if asking or (isinstance(context.error, NetworkError) and not isinstance(context.error, BadRequest)):
            log.warning("Telegram cannot be reached: %s", type(context.error).__name__)
            return
        number = uuid.uuid4().hex[:8]
        self.service.metrics.errors.inc()
        log.error("error %s", number, exc_info=context.error)
        if not isinstance(update, Update):
            return
        said, message = words.FAILED.format(number=number), update.effective_message
        if update.callback_query is not None:
            await hint(update.callback_query, said)
        elif isinstance(message, Message):
            await self.service.say(message, said)

    def _keep_house(self) -> None:
        self.service.memory.prune(self.service.settings.telegram.retention_days)
        self.service.arrivals.prune(self.service.settings.telegram.retention_days)
        self.service.journal.prune()
        Admission(self.service.settings, self.service.arrivals).inbox().prune()

    async def _keep_house_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(HOUSEKEEPING_SECONDS)
            self._keep_house()
