"""Documents that admins send in private: read, shown, and added or discarded as they say; what was added can be undone."""

import asyncio
import logging
import re

from telegram import CallbackQuery, Document, InlineKeyboardMarkup, Message, Update
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from qa_bot.channels.telegram import keyboards, words
from qa_bot.channels.telegram.admission import Admission, Outcome
from qa_bot.channels.telegram.arrivals import Arrival, State
from qa_bot.channels.telegram.formatted import Formatted, styled
from qa_bot.channels.telegram.keyboards import ADD, DISCARD, UNDO, Press
from qa_bot.channels.telegram.presses import hint
from qa_bot.channels.telegram.previews import render_preview
from qa_bot.channels.telegram.service import Service, person_of
from qa_bot.counting import counted
from qa_bot.errors import QaBotError, SeedingError
from qa_bot.seeding.receiving import Preview

log = logging.getLogger(__name__)

BYTES_PER_MB = 1_000_000
# Telegram gives bots no larger files.
TELEGRAM_MB = 20.0
FETCHING_SECONDS = 30.0
# An address; or a file on this machine, where a Bot API server of one's own puts them.
FETCHABLE = re.compile(r"https?://|/")

PRESSES = re.compile(f"(?:{ADD}|{DISCARD}|{UNDO}):")
NOT_DECIDED = {State.WAITING, State.ADDING}
ADDED = {State.ADDED, State.UNDOING}


class Uploads:
    """Handles what admins send as files, and the buttons below what is said of it."""

    def __init__(self, service: Service) -> None:
        """Handle it with the parts of a bot."""
        self._service = service
        self._admission = Admission(service.settings, service.arrivals)
        # The documents and their index are changed by one press after the other.
        self._turn = asyncio.Lock()
        self._under_way: set[int] = set()

    async def on_document(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Read a document, and show what it is and what would become of it."""
        message = update.effective_message
        if message is None or message.document is None:
            return
        try:
            number, preview = await self._receive(message, message.document)
        except QaBotError as exc:
            await self._service.say(message, str(exc))
        else:
            await self._service.say(message, *_shown(number, preview))

    async def _receive(self, message: Message, document: Document) -> tuple[int, Preview]:
        """Fetch a document and let it wait; what can be refused is refused before. Raises `QaBotError`."""
        name = self._admission.inbox().name_for(document.file_name or "")
        size, most = (
            (document.file_size or 0) / BYTES_PER_MB,
            min(self._service.settings.reading.max_file_mb, TELEGRAM_MB),
        )
        if size > most:
            raise SeedingError(words.TOO_BIG.format(name=name, size=size, most=most))
        raw = await _fetched(document)
        if raw is None:
            raise SeedingError(words.NOT_FETCHED.format(name=name))
        return await asyncio.to_thread(
            self._admission.receive, name, raw, chat=message.chat_id, person=person_of(message)
        )

    async def on_press(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Do what a button below a document says; what cannot be done is said kindly."""
        query = update.callback_query
        if query is None:
            return
        try:
            press, arrival, message = self._meant(query)
        except (KeyError, ValueError):
            await hint(query, words.NO_SUCH_FILE)
            return
        if not self._service.access.is_admin(query.from_user.id):
            await hint(query, words.ADMINS_ONLY)
        elif arrival.id in self._under_way:
            await hint(query, words.WORKING)
        else:
            self._under_way.add(arrival.id)
            try:
                async with self._turn:
                    await self._do(press.action, arrival, query, message)
            finally:
                self._under_way.discard(arrival.id)

    def _meant(self, query: CallbackQuery) -> tuple[Press, Arrival, Message]:
        """Find what a press is about; programs can send anything. Raises `KeyError` and `ValueError`."""
        press, message = Press.parse(query.data or ""), query.message
        if not isinstance(message, Message):
            raise KeyError(query.id)
        arrival = self._service.arrivals.arrival(press.answer, message.chat_id)
        if press.action == UNDO and arrival.state in NOT_DECIDED:
            raise KeyError(arrival.id)
        return press, arrival, message

    async def _do(self, action: str, arrival: Arrival, query: CallbackQuery, message: Message) -> None:
        """Do it, say so in passing, and let the message say how things are now."""
        try:
            said, instead = await self._decide(action, arrival, query.from_user.id)
        except QaBotError as exc:
            await hint(query, "")
            await self._service.say(message, str(exc))
            return
        # Telegram waits for this, and making the index may take long.
        await hint(query, said)
        arrival = self._service.arrivals.arrival(arrival.id, message.chat_id)
        text, keyboard = instead or await self._state(arrival)
        await self._service.delivery.edit(message.chat_id, message.message_id, text, keyboard)

    async def _decide(self, action: str, arrival: Arrival, person: int) -> "Decided":
        """Carry out a decision; gives what to say in passing, and what to show if it is not how far it has come."""
        if arrival.state in NOT_DECIDED:
            if action == DISCARD and await asyncio.to_thread(self._admission.discard, arrival) is Outcome.DONE:
                return "", None
            return await self._add(arrival, person)
        if arrival.state in ADDED and action == UNDO:
            return await self._undo(arrival)
        return PASSED[arrival.state], None

    async def _add(self, arrival: Arrival, person: int) -> "Decided":
        name = arrival.received.name
        outcome = await asyncio.to_thread(self._admission.add, arrival, f"Telegram {person}")
        if outcome is Outcome.DONE:
            return words.IS_IN_PLACE.format(name=name), None
        if outcome is Outcome.CHANGED:
            return words.LOOK_AGAIN, _shown(arrival.id, await asyncio.to_thread(self._admission.look, arrival))
        text = words.LET_GO if arrival.state is State.WAITING else words.NOT_AS_ADDED
        return words.NO_SUCH_FILE, (styled(text.format(name=name)), None)

    async def _undo(self, arrival: Arrival) -> "Decided":
        if await asyncio.to_thread(self._admission.undo, arrival) is Outcome.DONE:
            return words.IS_UNDONE, None
        said = words.NOT_AS_ADDED.format(name=arrival.received.name)
        return said, (styled(said), None)

    async def _state(self, arrival: Arrival) -> "Shown":
        """Say how far a document has come, with an index that is up to date with that."""
        name = arrival.received.name
        if arrival.state in ADDED:
            text = words.ADDED.format(name=name, index=await self._index())
            return styled(text), keyboards.under_added(arrival.id)
        if arrival.state is State.UNDONE:
            form = words.UNDONE_REPLACED if arrival.former else words.UNDONE
            return styled(form.format(name=name, index=await self._index())), None
        return styled(words.DISCARDED.format(name=name)), None

    async def _index(self) -> str:
        """Bring the index up to date; says what it holds now."""
        try:
            await self._service.engine.reload()
        except QaBotError as exc:
            return words.INDEX_LATER.format(reason=exc)
        counts = await self._service.engine.look(lambda bot: bot.index.manifest.counts)
        documents, paragraphs = (
            counted(counts.documents, "document"),
            counted(counts.paragraphs, "paragraph"),
        )
        return words.INDEX_HOLDS.format(documents=documents, paragraphs=paragraphs)


# A message and the buttons below it.
Shown = tuple[Formatted, InlineKeyboardMarkup | None]
# What is said in passing, and a message if it is not how far the document has come.
Decided = tuple[str, Shown | None]
# What is said to a press that comes too late.
PASSED = {
    State.ADDED: words.WAS_ADDED,
    State.UNDOING: words.WAS_ADDED,
    State.UNDONE: words.WAS_UNDONE,
    State.DISCARDED: words.WAS_DISCARDED,
}


def _shown(number: int, preview: Preview) -> Shown:
    """Show a document that waits, with buttons; one that is there already needs none."""
    return render_preview(preview), keyboards.under_preview(number) if preview.twin is None else None


async def _fetched(document: Document) -> bytes | None:
    """Fetch a file from Telegram; nothing if that fails. Its address, which holds the token, is told nobody."""
    try:
        file = await document.get_file()
        if not FETCHABLE.match(file.file_path or ""):
            # The library takes a path for a file of this machine, if there happens to be one where the bot was started.
            log.warning("a document could not be fetched: its path is that of a file here")
            return None
        raw = bytes(await file.download_as_bytearray(read_timeout=FETCHING_SECONDS))
    except (TelegramError, RuntimeError, OSError) as exc:
        log.warning("a document could not be fetched: %s", type(exc).__name__)
        return None
    return raw if document.file_size in {None, len(raw)} else None
