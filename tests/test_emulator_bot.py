"""The library that the bot uses gets along with the emulator, over a line and without one."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity, Update
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import Application, ApplicationBuilder, CommandHandler, ContextTypes, ExtBot
from telegram.request import HTTPXRequest
from telegram_emulator import faults
from telegram_emulator.core import Emulator
from telegram_emulator.http import HttpServer
from telegram_emulator.request import InProcessRequest

MakeBot = Callable[[], Bot]
AnyApplication = Application[Any, Any, Any, Any, Any, Any]


@pytest.fixture(params=["in process", "over HTTP"])
def make_bot(request: pytest.FixtureRequest, emulator: Emulator) -> MakeBot:
    """Give a function that makes a bot, on either way to the emulator."""
    if request.param == "in process":
        return lambda: ExtBot(
            emulator.token, request=InProcessRequest(emulator), get_updates_request=InProcessRequest(emulator)
        )
    server: HttpServer = request.getfixturevalue("server")
    return lambda: ExtBot(
        emulator.token,
        base_url=server.base_url,
        base_file_url=server.base_file_url,
        request=HTTPXRequest(httpx_kwargs={"trust_env": False}),
        get_updates_request=HTTPXRequest(httpx_kwargs={"trust_env": False}),
    )


@pytest.fixture(autouse=True)
def _new_times(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask the library for times as it will give them; it warns of the old ones."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


def run(make_bot: MakeBot, talk: Callable[[Bot], Coroutine[Any, Any, None]]) -> None:
    """Start a bot, let it talk, and stop it."""

    async def started() -> None:
        async with make_bot() as bot:
            await talk(bot)

    asyncio.run(started())


def test_a_bot_is_asked_and_answers(emulator: Emulator, make_bot: MakeBot) -> None:
    """With a quotation that an emoji before it moves, and buttons, of which one is pressed."""
    ann = emulator.person("Ann")
    question = ann.says("What is a cell?")

    async def talk(bot: Bot) -> None:
        [update] = await bot.get_updates(timeout=0)
        assert update.message is not None
        assert update.message.text == "What is a cell?"
        text = "😀 Cells are small."
        entities = MessageEntity.adjust_message_entities_to_utf_16(
            text, [MessageEntity(MessageEntity.EXPANDABLE_BLOCKQUOTE, 2, 16)]
        )
        markup = InlineKeyboardMarkup([[InlineKeyboardButton("Good", callback_data="fb:1:+")]])
        sent = await update.message.reply_text(text, entities=entities, reply_markup=markup, do_quote=True)
        assert (sent.text, sent.parse_entity(sent.entities[0])) == (text, "Cells are small.")

        press = ann.presses(emulator.shown(ann)[-1], "Good")
        [update] = await bot.get_updates(offset=update.update_id + 1, timeout=0)
        assert update.callback_query is not None
        assert update.callback_query.data == "fb:1:+"
        await update.callback_query.answer("Thank you")
        assert press.answer == {"text": "Thank you", "show_alert": False, "url": ""}

    run(make_bot, talk)
    [_, answer] = emulator.shown(ann)
    assert answer["reply_to_message"]["message_id"] == question["message_id"]
    assert answer["entities"] == [{"type": "expandable_blockquote", "offset": 3, "length": 16}]


def test_a_held_request_is_answered_when_something_happens(emulator: Emulator, make_bot: MakeBot) -> None:
    """And not before."""
    ann = emulator.person("Ann")

    async def talk(bot: Bot) -> None:
        asked = asyncio.create_task(bot.get_updates(timeout=20))
        await asyncio.to_thread(emulator.wait_for_poll)
        ann.says("Hello")
        [update] = await asked
        assert update.message is not None
        assert update.message.text == "Hello"

    run(make_bot, talk)


def test_a_document_travels_both_ways(emulator: Emulator, make_bot: MakeBot) -> None:
    """Byte for byte."""
    ann = emulator.person("Ann")
    content = bytes(range(256)) * 5 + b"\r\n--\r\n"
    ann.sends_document("cells.bin", content, caption="Read this")

    async def talk(bot: Bot) -> None:
        [update] = await bot.get_updates(timeout=0)
        assert update.message is not None
        assert update.message.document is not None
        file = await update.message.document.get_file()
        assert bytes(await file.download_as_bytearray()) == content
        await bot.send_document(ann.id, content, filename="back.bin", caption="Here")

    run(make_bot, talk)
    [_, sent] = emulator.shown(ann)
    assert (sent["document"]["file_name"], sent["caption"]) == ("back.bin", "Here")
    assert emulator.state.files[sent["document"]["file_id"]].content == content


@pytest.mark.parametrize(
    ("fault", "error", "message"),
    [
        (faults.flood(7), RetryAfter, "Flood control exceeded. Retry in 0:00:07"),
        (faults.server_error(), NetworkError, "Internal Server Error: restart"),
        (faults.bad_gateway(), NetworkError, "Bad Gateway (502). Parsing the server response "),
        (faults.truncated(), TelegramError, "Invalid server response"),
        (faults.dropped_before(), NetworkError, "httpx.RemoteProtocolError: Server disconnected without sending"),
        (faults.dropped_after(), NetworkError, "httpx.RemoteProtocolError: Server disconnected without sending"),
        (faults.unauthorised(), InvalidToken, "Unauthorized"),
        (faults.not_found(), InvalidToken, "Not Found"),
        (faults.late(5.0), NetworkError, "Timed out"),
    ],
    ids=lambda value: "" if isinstance(value, faults.Fault) else None,
)
def test_what_goes_wrong_reaches_the_bot_as_it_would(
    emulator: Emulator, make_bot: MakeBot, fault: faults.Fault, error: type[TelegramError], message: str
) -> None:
    """Once; the next call is answered."""
    ann = emulator.person("Ann")
    ann.says("Hello")
    emulator.faults.plan("sendMessage", fault)

    async def talk(bot: Bot) -> None:
        with pytest.raises(error) as caught:
            await bot.send_message(ann.id, "one", read_timeout=0.3)
        assert caught.value.message.startswith(message)
        await bot.send_message(ann.id, "two")

    run(make_bot, talk)
    processed = fault.truncated or fault.drop_after or fault.delay
    assert emulator.answers(ann) == (["one", "two"] if processed else ["two"])


def test_refusals_reach_the_bot_as_it_would(emulator: Emulator, make_bot: MakeBot) -> None:
    """Each as the error that the library has for it."""
    ann = emulator.person("Ann")
    group = ann.creates_group("Cells")
    other = ann.creates_group("Atoms")
    ann.kicks_bot(other)
    new = ann.migrates(group)

    async def talk(bot: Bot) -> None:
        with pytest.raises(BadRequest, match=r"^Button_data_invalid$"):
            await bot.send_message(new.id, "x", reply_markup=InlineKeyboardMarkup.from_button(
                InlineKeyboardButton("x", callback_data="x" * 65)))  # fmt: skip
        with pytest.raises(Forbidden, match=r"^Forbidden: bot was kicked from the group chat$"):
            await bot.send_message(other.id, "x")
        with pytest.raises(ChatMigrated) as caught:
            await bot.send_message(group.id, "x")
        assert caught.value.new_chat_id == new.id

    run(make_bot, talk)


async def start(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer ``/start``."""
    assert update.effective_message is not None
    await update.effective_message.reply_text("Ask me.")


def application(bot: Bot) -> AnyApplication:
    """Give a whole application with one command."""
    built: AnyApplication = ApplicationBuilder().bot(bot).build()
    built.add_handler(CommandHandler("start", start))
    return built


def test_a_whole_application_polls(emulator: Emulator, make_bot: MakeBot) -> None:
    """It starts, answers a command, and stops while a request is held."""
    emulator.state.hasty_polls_wait = False
    ann = emulator.person("Ann")

    async def polls() -> None:
        async with application(make_bot()) as running:
            assert running.updater is not None
            await running.updater.start_polling(poll_interval=0, timeout=10)
            await running.start()
            ann.says("/start")
            await asyncio.to_thread(emulator.wait_for_answers, ann)
            await running.updater.stop()
            await running.stop()

    asyncio.run(polls())
    assert emulator.answers(ann) == ["Ask me."]


def test_an_application_is_handed_its_updates(emulator: Emulator, make_bot: MakeBot) -> None:
    """Without polling, which is the quickest way."""
    ann = emulator.person("Ann")
    ann.says("/start")

    async def handed() -> None:
        async with application(make_bot()) as running:
            for update in emulator.take_updates():
                await running.process_update(Update.de_json(update, running.bot))

    asyncio.run(handed())
    assert emulator.answers(ann) == ["Ask me."]
    assert emulator.take_updates() == []
