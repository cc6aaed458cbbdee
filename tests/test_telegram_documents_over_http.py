"""A document that is sent to the bot as people run it: fetched over HTTP from where Telegram keeps files."""

import subprocess
from collections.abc import Callable

from telegram_emulator.http import HttpServer
from telegram_process import BotProcess, buttons, environment, program

from qa_bot.channels.telegram.keyboards import ADD_IT, UNDO_IT

BREAD = "Bread of Benghazi\n\nA loaf of bread costs two dinars at the harbour.\n"
COST = "What does a loaf of bread cost?"
QUOTED = "A loaf of bread costs two dinars at the harbour.\n[1] "
ADDED = "Added: benghazi-bread.txt. The index now holds 2 documents with "


def test_a_document_is_fetched_from_the_address_for_files(
    telegram: HttpServer, make_bot: Callable[..., BotProcess]
) -> None:
    """The one that QA_BOT_TELEGRAM__BASE_FILE_URL names; killed meanwhile, the bot goes on, and its log tells nothing of it."""
    emulator = telegram.emulator
    ann = emulator.person("Ann")
    secrets = {"token": emulator.token, "base_file_url": telegram.base_file_url}
    # The file says something else, so that it is the variable that counts.
    bot = make_bot(admins=[ann.id], secrets=secrets, base_file_url="http://127.0.0.1:9/file/bot").start()
    ann.sends_document("benghazi-bread.txt", BREAD.encode())
    bot.wait_until(lambda: emulator.answers(ann))
    [preview] = [message for message in emulator.shown(ann) if emulator.state.is_bots(message)]
    assert preview["text"].startswith("Bread of Benghazi\nbenghazi-bread.txt · format txt · language en\n")
    assert buttons(preview) == [["Add", "Discard"]]

    # Before that it would show the document again, and say that this may be the second time.
    bot.wait_for(lambda: bot.open() == 0)
    bot.kill()
    bot.start()
    ann.presses(preview, ADD_IT)
    bot.wait_until(lambda: emulator.answers(ann)[0].startswith(ADDED))
    ann.says(COST)
    assert emulator.wait_for_answers(ann, 2)[1].startswith(QUOTED)
    sources = subprocess.run(
        [*program(bot.home), "sources"], env=environment(), capture_output=True, text=True, check=True
    )
    assert f"\n    added by Telegram {ann.id} at 20" in f"\n{sources.stdout}"
    ann.presses(preview, UNDO_IT)
    bot.wait_until(lambda: emulator.answers(ann)[0].startswith("Undone: benghazi-bread.txt is not "))
    ann.says(COST + " Tell me.")
    assert not emulator.wait_for_answers(ann, 3)[2].startswith(QUOTED)
    assert bot.stop() == 0

    [call] = emulator.calls_of("getFile")
    private = ["benghazi-bread", "dinars", "documents/file_", "/file/bot", str(call.parameters["file_id"]), str(ann.id)]
    assert [text for text in private if text in bot.log()] == []
    assert not list((bot.home / "seeds" / ".incoming").iterdir())
