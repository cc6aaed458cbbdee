"""Documents that change while a bot that corrects its answers is at work, and what shows that it does."""

import datetime as dt

from telegram_conversation import Talk

from qa_bot.opening import make_encoder, update_index

HEADMASTER = "Who is the headmaster of the school?"
LIND = "The headmaster of the school is Oskar Lind."
MORAN = "The headmaster of the school is Edna Moran."
TODAY = dt.datetime.now().astimezone().date().isoformat()
CHANGED = f"Outdated since {TODAY}: “The school of Korrin” has changed."
GONE = f"Outdated since {TODAY}: “The school of Korrin” is no longer among the documents."


def publish(talk: Talk, **documents: str | None) -> None:
    """Write documents, or remove them, and bring the index up to date as another process does."""
    settings = talk.bot.service.settings
    for name, text in documents.items():
        file = settings.paths.seeds / f"{name}.md"
        if text is None:
            file.unlink()
        else:
            file.write_text(text, encoding="utf-8")
    update_index(settings, make_encoder(settings))


def change(talk: Talk, **documents: str | None) -> None:
    """Change documents, and wait until the bot has held all its answers against them."""
    publish(talk, **documents)
    catch_up(talk)


def catch_up(talk: Talk) -> None:
    """Wait until the bot has held all its answers against the documents as they are."""
    current = (talk.bot.service.settings.paths.embeddings / "CURRENT").read_text(encoding="utf-8")
    number = int(current.rpartition("-")[2])
    talk.wait_until(lambda: talk.bot.corrections.done == number)


def counted(talk: Talk, outcome: str) -> float:
    """Give how many corrections came to an end in one way."""
    count = talk.bot.service.metrics.registry.get_sample_value("qa_bot_corrections_total", {"outcome": outcome})
    return count or 0.0


def edits(talk: Talk) -> int:
    """Count the attempts to edit a message."""
    return len(talk.emulator.calls_of("editMessageText"))


def rows(talk: Talk, table: str) -> int:
    """Count the rows of a table of what the bot remembers."""
    count: int = talk.database.one(f"SELECT count(*) FROM {table}")[0]  # noqa: S608 - constants
    return count
