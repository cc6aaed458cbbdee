"""Answers that quoted what has changed since are marked as outdated in Telegram, beside everything else."""

import asyncio
import datetime as dt
import logging
import time
from collections.abc import Collection, Sequence

from telegram.error import TelegramError

from qa_bot.bot import QaBot
from qa_bot.channels.telegram import words
from qa_bot.channels.telegram.answers import Answers, shown
from qa_bot.channels.telegram.formatted import styled
from qa_bot.channels.telegram.memory import Remembered
from qa_bot.channels.telegram.outdated import Change, Outdated
from qa_bot.channels.telegram.quotes import Quote
from qa_bot.channels.telegram.rendering import Screen
from qa_bot.channels.telegram.service import Service
from qa_bot.receipts import Verdict
from qa_bot.records import Answer, Status

log = logging.getLogger(__name__)

# How often it is looked whether there is a newer generation: a small file is read.
LOOK_EVERY = 3.0
# What Telegram could not be told is tried again after so many seconds.
TRY_AGAIN = 600.0
# Seconds after each change of a message. Telegram takes 30 a second, in a group 20 a minute: most is left to answers.
PAUSE, GROUP_PAUSE = 0.2, 6.0
MARKED, RESTORED, UNREACHABLE = "marked", "restored", "unreachable"


class Corrections:
    """Corrects answers."""

    def __init__(self, service: Service, answers: Answers) -> None:
        """Correct with the parts of a bot."""
        self._service = service
        self._answers = answers
        # The generation that all answers have been held against.
        self.done: int | None = None
        self._try_again: float | None = None

    async def run(self) -> None:
        """Correct at the start, whenever there is a newer generation, and what could not be done before, again."""
        while True:
            try:
                await self._look()
            except Exception:  # Whatever is wrong now, e.g. an index in the making, may be right later.
                log.exception("answers cannot be held against the documents")
                await asyncio.sleep(TRY_AGAIN)
            await asyncio.sleep(LOOK_EVERY)

    async def _look(self) -> None:
        """Go over to a newer generation if there is one, and correct what is to be corrected now."""
        await self._service.engine.renew()
        generation = self._service.engine.bot.index.manifest.generation
        newer = generation != self.done
        if newer or (self._try_again is not None and time.monotonic() > self._try_again):
            left = await self._correct(generation)
            # What was just being answered from the generation before is looked at then, too.
            self._try_again = time.monotonic() + TRY_AGAIN if newer or left else None
            self.done = generation

    async def _correct(self, generation: int) -> bool:
        """Correct what is outdated, one answer after the other; gives whether something is left.

        One that fails does not keep the others waiting.
        """
        left = False
        versions = await self._service.engine.look(lambda bot: bot.index.store.digests())
        for answer in self._service.quotes.doubtful(versions.values(), generation):
            try:
                kept = self._service.memory.answer(answer)
            except KeyError:
                # It has been forgotten meanwhile.
                continue
            try:
                await self._look_at(kept, versions)
            except TelegramError as exc:
                log.warning("an outdated answer cannot be marked now: %s", type(exc).__name__)
                left = True
            except Exception:  # The other answers are looked at all the same.
                log.exception("an answer cannot be looked at")
        return left

    async def _look_at(self, kept: Remembered, versions: dict[str, str]) -> None:
        """Find out whether an answer is outdated, and correct it if it is."""
        quotes, quoted, present = self._service.quotes, self._service.quotes.of(kept.id), set(versions.values())
        changes = await self._service.engine.look(lambda bot: _changes(bot, quoted, present))
        interrupted, found_nothing = quotes.is_pending(kept.id), kept.status == Status.NOT_FOUND.value
        if not (changes or interrupted or found_nothing):
            quotes.settle(kept.id, versions)
            return
        answer, before = await self._answers.again(kept), quotes.outdated(kept.id)
        if changes:
            today = dt.datetime.now().astimezone().date().isoformat()
            since = before.since if before is not None and interrupted else today
            quotes.begin(kept.id, since, [_without_what_stands(change, answer) for change in changes])
            await self._show(kept, answer, MARKED)
        elif interrupted:
            await self._show(kept, answer, RESTORED)
        elif answer.status is Status.NOT_FOUND:
            # It says so already.
            quotes.finish(kept.id, answer, outdated=True)
        else:
            await self._show(kept, answer, RESTORED if before is not None and _says(answer, before) else MARKED)

    async def _show(self, kept: Remembered, answer: Answer, outcome: str) -> None:
        """Say it in the messages of an answer. Raises `TelegramError` if Telegram cannot be reached."""
        if await self._edit(kept, answer, outdated=outcome == MARKED):
            self._service.quotes.finish(kept.id, answer, outdated=outcome == MARKED)
        else:
            self._service.quotes.give_up(kept.id)
            outcome = UNREACHABLE
            log.info("an outdated answer cannot be marked any more, and is left alone")
        self._service.metrics.corrections.labels(outcome).inc()

    async def _edit(self, kept: Remembered, answer: Answer, *, outdated: bool) -> bool:
        """Edit the messages of an answer; where one is lost, the others take what it would have said."""
        while (found := self._service.quotes.whereabouts(kept.id)) is not None:
            sealed, messages = found
            chat = self._service.seal.open(sealed)
            # Whoever may not ask any more is not shown anything new.
            if chat is None or not self._service.access.may_ask(chat, chat) or not self._service.chats.is_active(chat):
                return False
            mark = self._service.quotes.outdated(kept.id) if outdated else None
            screens, keyboard = shown(kept, answer, mark, most=len(messages))
            last = len(screens) - 1
            screens += [Screen(styled(words.OUTDATED_ABOVE))] * (len(messages) - len(screens))
            for number, (message, screen) in enumerate(zip(messages, screens, strict=True)):
                buttons = keyboard if number == last else None
                # Meanwhile the question may have been edited, or the answer forgotten.
                if self._service.quotes.whereabouts(kept.id) != found:
                    break
                if not await self._service.delivery.amend(chat, message, screen.text, buttons):
                    self._service.quotes.lose(kept.id, message)
                    break
                await asyncio.sleep(PAUSE if chat > 0 else GROUP_PAUSE)
            else:
                return True
        return False


def _changes(bot: QaBot, quoted: Sequence[Quote], present: Collection[str]) -> list[Change]:
    """Tell what became of quotes that do not stand as they were quoted."""
    found = [_change(bot, quote) for quote in quoted if quote.version not in present]
    return [change for change in found if change is not None]


def _change(bot: QaBot, quote: Quote) -> Change | None:
    """Tell what became of a quote; nothing if it stands in its document, wherever that may be now."""
    store, name = bot.index.store, quote.receipt.document
    try:
        document = store.document(name)
    except KeyError:
        return Change(quote.title, gone=True, said=quote.words)
    verdict, _ = quote.receipt.check(document, tuple(stored.paragraph for stored in store.paragraphs(name)))
    if verdict is not Verdict.CHANGED:
        return None
    return Change(quote.title, gone=False, said="" if quote.words in document.text else quote.words)


def _without_what_stands(change: Change, answer: Answer) -> Change:
    """Strike nothing through that the new answer says, from whichever document."""
    said = "" if any(change.said in excerpt.text for excerpt in answer.excerpts) else change.said
    return Change(change.title, change.gone, said)


def _says(answer: Answer, before: Outdated) -> bool:
    """Whether an answer says all that was struck through, so that this is not outdated after all."""
    return all(any(change.said in excerpt.text for excerpt in answer.excerpts) for change in before.changes)
