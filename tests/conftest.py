"""Fixtures of all tests: encoders, seeds, and an environment without settings."""

import functools
import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from browser import open_browser
from hypothesis import settings
from selenium.webdriver import Chrome
from stand_ins import SeedWriter, WordEncoder, set_seeds

from qa_bot.encoder.choosing import choose_encoder
from qa_bot.encoder.packaged import PackagedEncoder
from qa_bot.encoder.sentence_transformer import SentenceEncoder
from qa_bot.encoder.vectors import Encoder
from qa_bot.reader.choosing import choose_reader

if TYPE_CHECKING:
    # Imported for types only: most tests have no need of a chat library.
    from postgresql_server import PostgreSQLServer
    from seeding import Seedbed
    from telegram_conversation import Talk
    from telegram_emulator.core import Emulator
    from telegram_emulator.http import HttpServer
    from telegram_emulator.people import Person
    from telegram_process import BotProcess
    from web import Web

# Packaged models are loaded once, however many bots use them and wherever those live.
ENCODERS = functools.cache(functools.partial(choose_encoder, folder=Path()))
READERS = functools.cache(functools.partial(choose_reader, folder=Path()))

settings.register_profile("light", deadline=None, max_examples=50)
settings.load_profile("light")


@pytest.fixture(autouse=True)
def _no_settings_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the settings of whoever runs the tests out of them."""
    for variable in [name for name in os.environ if name.upper().startswith("QA_BOT_")]:
        monkeypatch.delenv(variable)


@pytest.fixture
def encoder() -> WordEncoder:
    """Give an encoder without a model; it notes what it is asked to encode."""
    return WordEncoder()


@pytest.fixture(scope="session")
def real_encoder() -> SentenceEncoder:
    """Give the packaged model on sentence-transformers, in full precision."""
    return SentenceEncoder("all-MiniLM-L6-v2", folder=Path(), precision="float32", threads=2, batch_size=32)


@pytest.fixture(scope="session")
def packaged_encoder() -> PackagedEncoder:
    """Give the packaged model in int8, as it runs by default."""
    return PackagedEncoder(threads=2)


@pytest.fixture(params=["real_encoder", "packaged_encoder"])
def either_encoder(request: pytest.FixtureRequest) -> Encoder:
    """Give the packaged model, once on sentence-transformers and once in int8."""
    encoder: Encoder = request.getfixturevalue(request.param)
    return encoder


@pytest.fixture
def write_seeds(tmp_path: Path) -> SeedWriter:
    """Give a function that makes ``seeds/`` below ``tmp_path`` hold just the texts given, and lists its files."""
    return functools.partial(set_seeds, tmp_path / "seeds")


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """Give a real browser; tests that want one are skipped where none is installed, but never silently."""
    with open_browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture
def seedbed(tmp_path: Path) -> "Seedbed":
    """Give an empty project whose seeds are changed by the commands."""
    from seeding import Seedbed

    return Seedbed(tmp_path / "project")


@pytest.fixture
def web() -> Iterator["Web"]:
    """Give a web whose pages the test sets."""
    from web import Web

    with Web() as web:
        yield web


@pytest.fixture
def emulator() -> Iterator["Emulator"]:
    """Give a Telegram of its own, which fails the test when the bot calls a method that it lacks."""
    from telegram_emulator.core import Emulator

    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def server(emulator: "Emulator") -> Iterator["HttpServer"]:
    """Give the same Telegram behind a port of this machine."""
    from telegram_emulator.http import HttpServer

    with HttpServer(emulator) as server:
        yield server


@pytest.fixture(scope="session")
def postgresql() -> Iterator["PostgreSQLServer"]:
    """Give a PostgreSQL server of its own."""
    from postgresql_server import running

    with running() as server:
        yield server


@pytest.fixture(scope="session")
def telegram_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the documents that the bot in Telegram is asked about, and their index."""
    from telegram_library import build

    return build(tmp_path_factory.mktemp("library") / "island")


@pytest.fixture
def start_talk(
    telegram_library: Path, emulator: "Emulator", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., "Talk"]]:
    """Give a function that starts a bot in Telegram; what it is given are sections of settings.

    All bots share their models, which is as if each had been started long ago, and wait less than they would for people.
    """
    from telegram_conversation import Talk

    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    monkeypatch.setattr("qa_bot.opening.choose_encoder", lambda model, folder, **options: ENCODERS(model, **options))  # noqa: ARG005 - of a packaged model, the folder says nothing
    monkeypatch.setattr("qa_bot.opening.choose_reader", lambda name, folder, **options: READERS(name, **options))  # noqa: ARG005
    monkeypatch.setattr("qa_bot.channels.telegram.inline.DEBOUNCE", 0.02)
    monkeypatch.setattr("qa_bot.channels.telegram.delivery.FIRST_PAUSE", 0.01)
    with ExitStack() as open_talks:

        def start(folder: Path = telegram_library, **sections: dict[str, object]) -> Talk:
            talk = Talk(emulator, folder, tmp_path / "telegram.sqlite3", sections)
            return open_talks.enter_context(talk)

        yield start


@pytest.fixture
def talk(start_talk: Callable[..., "Talk"]) -> "Talk":
    """Give a conversation with a bot in Telegram, with the usual settings."""
    return start_talk()


@pytest.fixture
def island(telegram_library: Path, tmp_path: Path) -> Path:
    """Give a copy of that folder, which a test may change."""
    return Path(shutil.copytree(telegram_library, tmp_path / "island"))


@pytest.fixture
def seeds(island: Path) -> Path:
    """Give the folder of the documents."""
    return island / "seeds"


@pytest.fixture
def ann(talk: "Talk") -> "Person":
    """Let the admin come."""
    return talk.person()


@pytest.fixture
def correcting(start_talk: Callable[..., "Talk"], island: Path, monkeypatch: pytest.MonkeyPatch) -> "Talk":
    """Give a conversation with a bot that corrects its answers, without pausing, about documents that may be changed."""
    for name, seconds in {"LOOK_EVERY": 0.02, "PAUSE": 0.0, "GROUP_PAUSE": 0.0, "TRY_AGAIN": 0.05}.items():
        monkeypatch.setattr(f"qa_bot.channels.telegram.corrections.{name}", seconds)
    return start_talk(island, telegram={"corrections": True})


@pytest.fixture(scope="session")
def telegram_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with documents and their index, made once."""
    from telegram_process import make_home

    return make_home(tmp_path_factory.mktemp("home") / "bot")


@pytest.fixture
def telegram() -> Iterator["HttpServer"]:
    """Give a Telegram for bots that are processes."""
    import telegram_process

    with telegram_process.telegram() as server:
        yield server


@pytest.fixture
def make_bot(telegram: "HttpServer", telegram_home: Path, tmp_path: Path) -> Iterator[Callable[..., "BotProcess"]]:
    """Give a function that makes a bot with its own copy of the documents, not started yet; all end with the test."""
    from telegram_process import BotProcess

    with ExitStack() as bots:

        def make(name: str = "bot", **options: Any) -> BotProcess:
            home = shutil.copytree(telegram_home, tmp_path / name)
            return bots.enter_context(BotProcess(telegram, home, **options))

        yield make


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail whatever test has the token of the bot in its log or its output; processes have logs of their own."""
    report = yield
    emulator = sys.modules.get("telegram_emulator.core")
    if emulator is not None and any(emulator.TOKEN in text for _, text in report.sections):
        report.outcome, report.longrepr = "failed", "the token stands in the log or the output"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say last, and loudly, what was left out and why."""
    reasons = Counter(str(report.longrepr[2]) for report in terminalreporter.getreports("skipped"))
    for reason, count in reasons.items():
        terminalreporter.write_line(
            f"LEFT OUT ({count} tests): {reason.removeprefix('Skipped: ')}", red=True, bold=True
        )
