"""The bot as a process while the way to Telegram is bad: what is asked is answered, once, and nobody is left without."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest
from telegram_emulator.faults import (
    Fault,
    bad_gateway,
    conflict,
    dropped_after,
    dropped_before,
    error,
    flood,
    held,
    late,
    not_found,
    server_error,
    truncated,
    unauthorised,
)  # fmt: skip
from telegram_emulator.http import HttpServer
from telegram_process import IMPATIENT, PATIENCE, STUCK, TALKATIVE, BotProcess, fetch, free_port, telegram
from telegram_story import KILLED, LEON, OPERATION

MakeBot = Callable[..., BotProcess]
ASKED = "To which cities would the operation move on?"
AFTERWARDS = "Who is Bernardino Leon?"
# The method that is struck, by what, and how many messages answer the question then.
STRUCK = {
    "asked to wait": ("sendMessage", flood(1), 1),
    "a page of the gateway": ("sendMessage", bad_gateway(), 1),
    "half of an answer": ("sendMessage", truncated(), 1),
    "lost after it was done": ("sendMessage", dropped_after(), 1),
    # Nobody can tell this from the one before, and two answers are worse than none.
    "lost before it was done": ("sendMessage", dropped_before(), 0),
    "an error of the server": ("sendMessage", server_error(), 0),
    "asked to wait for minutes": ("sendMessage", flood(300), 0),
    "a reply to nothing": ("sendMessage", error(400, "message to be replied not found"), 0),
    "news behind a page": ("getUpdates", bad_gateway(), 1),
    "half of the news": ("getUpdates", truncated(), 1),
    "news lost on the way": ("getUpdates", dropped_after(), 1),
    "news not asked for": ("getUpdates", dropped_before(), 1),
    "an error instead of news": ("getUpdates", server_error(), 1),
    "news that must wait": ("getUpdates", flood(1), 1),
    "late news": ("getUpdates", late(1.5), 1),
    "another request for news": ("getUpdates", conflict(), 1),
}


@pytest.fixture(scope="module")
def running(telegram_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotProcess]:
    """Give a bot that goes on whatever happens to it here."""
    home = shutil.copytree(telegram_home, tmp_path_factory.mktemp("running") / "bot")
    with telegram() as server, BotProcess(server, home, monitor_port=free_port()) as bot:
        yield bot.start()


@pytest.mark.parametrize(("method", "fault", "messages"), STRUCK.values(), ids=STRUCK)
def test_a_fault_is_survived(running: BotProcess, method: str, fault: Fault, messages: int) -> None:
    """A question is answered at most once, and just once where that can be; the next one is answered in any case."""
    emulator = running.emulator
    ann = emulator.person("Ann")
    before = len(emulator.calls_of(method))
    emulator.faults.plan(method, fault)
    if method == "getUpdates":
        running.wait_until(lambda: len(emulator.calls_of(method)) > before)
    with emulator.state.changed:
        ann.says(ASKED)
        ann.says(AFTERWARDS)

    running.wait_until(lambda: len(emulator.answers(ann)) == messages + 1)
    running.wait_for(lambda: running.open() == 0)
    assert [text.startswith(OPERATION) for text in emulator.answers(ann)] == [True] * messages + [False]
    assert emulator.answers(ann)[-1].startswith(LEON)
    assert not emulator.faults.find(method, {})


def test_an_update_that_comes_again_is_answered_once(running: BotProcess) -> None:
    """Its number is known."""
    emulator = running.emulator
    ann = emulator.person("Ann")
    ann.says(ASKED)
    emulator.wait_for_answers(ann, 1, PATIENCE)
    [number] = [told.id for told in emulator.state.queue.told if told.sender == ann.id]
    emulator.redeliver(number)
    ann.says(AFTERWARDS)

    assert emulator.wait_for_answers(ann, 2, PATIENCE)[1].startswith(LEON)


def test_an_update_that_cannot_be_read_is_skipped(running: BotProcess) -> None:
    """What comes before and after it is answered, it is counted, and its words are not logged."""
    emulator = running.emulator
    ann = emulator.person("Ann")
    port = running.monitor_port
    with emulator.state.changed:
        ann.says(ASKED)
        emulator.state.tell("message", {"from": ann.user, "text": "These words are nobody's business."}, ann.id)
        ann.says(AFTERWARDS)

    assert [text[:20] for text in emulator.wait_for_answers(ann, 2, PATIENCE)] == [OPERATION[:20], LEON[:20]]
    assert "qa_bot_unreadable_updates_total 1.0\n" in fetch(port, "/metrics")[1]
    assert running.log().count("an update cannot be read and is skipped") == 1


def test_who_blocks_the_bot_disturbs_nobody(running: BotProcess) -> None:
    """Their answer is given up; when they want the bot again, it answers."""
    emulator = running.emulator
    ann, ben = emulator.person("Ann"), emulator.person("Ben")
    with emulator.state.changed:
        ann.says(ASKED)
        ann.blocks_bot()
    ben.says(AFTERWARDS)
    assert emulator.wait_for_answers(ben, 1, PATIENCE)[0].startswith(LEON)
    running.wait_for(lambda: running.open() == 0)
    assert emulator.answers(ann) == []

    ann.unblocks_bot()
    ann.says(AFTERWARDS)
    assert emulator.wait_for_answers(ann, 1, PATIENCE)[0].startswith(LEON)


def test_a_group_moves_while_it_is_answered(running: BotProcess) -> None:
    """The answer arrives in the supergroup that it has become, and a reply to it goes on from there."""
    emulator = running.emulator
    ann = emulator.person("Ann")
    group = ann.creates_group("Newsroom")
    with emulator.state.changed:
        ann.says(f"/ask {ASKED}", chat=group)
        moved = ann.migrates(group)
    assert emulator.wait_for_answers(moved, 1, PATIENCE)[0].startswith(OPERATION)
    running.wait_for(lambda: running.open() == 0)

    answer = emulator.shown(moved)[-1]
    ann.says("and who said that?", chat=moved, reply_to=answer)
    assert emulator.wait_for_answers(moved, 2, PATIENCE)[1].startswith(f"Asked in view of what came before: “{ASKED}”")


def test_it_says_that_it_is_well(running: BotProcess) -> None:
    """On this machine, to whoever watches over it, with figures."""
    emulator = running.emulator
    ann = emulator.person("Ann")
    ann.says("How many people were killed on Sept. 19?")
    assert emulator.wait_for_answers(ann, 1, PATIENCE)[0].startswith(KILLED)
    running.wait_for(lambda: running.open() == 0)

    listening = [
        line for line in psutil.Process(running.process.pid).net_connections("inet") if line.status == "LISTEN"
    ]
    assert [line.laddr for line in listening] == [("127.0.0.1", running.monitor_port)]
    assert fetch(running.monitor_port, "/healthz") == (200, "ok\n")
    status, figures = fetch(running.monitor_port, "/metrics")
    assert status == 200
    assert 'qa_bot_answers_total{status="answered"}' in figures
    assert "qa_bot_errors_total 0.0\n" in figures
    assert "qa_bot_waiting 0.0\n" in figures


def test_a_bot_that_hears_nothing_ends(telegram_home: Path, tmp_path: Path) -> None:
    """A token that is refused, another bot, a request that hangs: the process ends and says why, it is never a zombie.

    One that has been told to end, and answers what is left, is not taken for one that hears nothing.
    """
    gate = threading.Event()
    ends = {
        "refused": (unauthorised(), "Telegram refuses the token: ask @BotFather for the right one"),
        "not found": (not_found(), "Telegram refuses the token: ask @BotFather for the right one"),
        "another": (conflict(), "another program asks Telegram for news with the same token: stop it, or use another"),
        "hung": (held(gate), "no request for news has been answered for "),
    }
    with ExitStack() as stack:
        bots = {}
        for name in (*ends, "slow"):
            home = shutil.copytree(telegram_home, tmp_path / name)
            bots[name] = stack.enter_context(BotProcess(stack.enter_context(telegram()), home)).launch()
        for name, (fault, _) in ends.items():
            bots[name].ready().emulator.faults.plan("getUpdates", fault, times=1_000)
        slow = bots["slow"].ready()
        # Longer than a bot may hear nothing.
        slow.emulator.faults.plan("sendMessage", flood(20))
        ann = slow.emulator.person("Ann")
        ann.says(AFTERWARDS)
        slow.emulator.wait_for_calls("sendMessage", timeout=PATIENCE)
        assert slow.stop() == 0
        assert [text.startswith(LEON) for text in slow.emulator.answers(ann)] == [True]
        for name, (_, said) in ends.items():
            assert bots[name].wait() == 2, name
            assert bots[name].log().splitlines()[-1].startswith(f"qa-bot: {said}"), name
            assert "Traceback" not in bots[name].log()
        gate.set()


def test_a_bot_that_answers_nothing_ends(telegram: HttpServer, make_bot: MakeBot) -> None:
    """It is not well, tells who asked what it is stuck at, and leaves what others asked to the next start."""
    emulator = telegram.emulator
    ann, ben = emulator.person("Ann"), emulator.person("Ben")
    bot = make_bot(script=STUCK, monitor_port=free_port()).start()
    ann.says("What lasts forever?")
    bot.wait_for(lambda: "qa_bot_waiting 1.0\n" in fetch(bot.monitor_port, "/metrics")[1])
    ben.says(AFTERWARDS)
    assert fetch(bot.monitor_port, "/healthz") == (200, "ok\n")
    bot.wait_for(lambda: fetch(bot.monitor_port, "/healthz")[0] == 503)

    assert emulator.wait_for_answers(ann, 1, PATIENCE)[0].startswith(
        "Something went wrong here, not with your question."
    )
    assert bot.wait() == 2
    assert bot.log().splitlines()[-1].startswith("qa-bot: a question has not been answered for ")
    assert (bot.accepted(), bot.open()) == (2, 1)
    bot.start()
    assert emulator.wait_for_answers(ben, 1, PATIENCE)[0].startswith(LEON)
    assert len(emulator.answers(ann)) == 1
    assert bot.stop() == 0


def test_it_waits_for_telegram_at_the_start(telegram: HttpServer, make_bot: MakeBot) -> None:
    """What people asked meanwhile is answered then."""
    emulator = telegram.emulator
    emulator.faults.plan("*", dropped_before())
    emulator.faults.plan("*", bad_gateway())
    ann = emulator.person("Ann")
    ann.says(ASKED)
    bot = make_bot().start()

    assert emulator.wait_for_answers(ann, 1, PATIENCE)[0].startswith(OPERATION)
    assert bot.stop() == 0
    assert "Traceback" not in bot.log()


def test_it_can_be_stopped_while_it_waits(make_bot: MakeBot) -> None:
    """Where there is no Telegram at all."""
    bot = make_bot(base_url=f"http://127.0.0.1:{free_port()}/bot").launch()
    bot.wait_for(lambda: "Telegram cannot be reached, trying again: NetworkError" in bot.log())

    assert bot.stop() == 0
    assert "Traceback" not in bot.log()


def test_a_port_that_is_taken_is_named(telegram: HttpServer, make_bot: MakeBot) -> None:
    """That of the monitor, or that of the webhook."""
    port = int(telegram.base_url.rsplit(":", 1)[1].partition("/")[0])
    monitored = make_bot(monitor_port=port)
    hooked = make_bot(
        "hooked", mode="webhook", webhook_url=f"http://127.0.0.1:{port}/hook", webhook_port=port,
        secrets={"token": telegram.emulator.token, "webhook_secret": "Secret_of-a-webhook"},
    )  # fmt: skip

    assert monitored.launch().wait() == 2
    assert monitored.log().splitlines()[-1].startswith(f"qa-bot: nothing can listen at 127.0.0.1:{port} (")
    assert hooked.launch().wait() == 2
    assert hooked.log().splitlines()[-1].startswith(f"qa-bot: nothing can listen at 127.0.0.1:{port} (")
    assert "Traceback" not in monitored.log() + hooked.log()


def test_typing_that_fails_costs_no_answer(telegram: HttpServer, make_bot: MakeBot) -> None:
    """An answer that takes long is announced; where that cannot be done, it comes nevertheless."""
    emulator = telegram.emulator
    people = [emulator.person(name) for name in ("Ann", "Ben")]
    make_bot(script=IMPATIENT).start()
    for fault in (dropped_before(), error(403, "bot was blocked by the user")):
        emulator.faults.plan("sendChatAction", fault)
    for person in people:
        person.says(AFTERWARDS)

    for person in people:
        assert emulator.wait_for_answers(person, 1, PATIENCE)[0].startswith(LEON)
    assert len(emulator.calls_of("sendChatAction")) == 2


def test_nothing_is_told_to_a_talkative_log(telegram: HttpServer, make_bot: MakeBot) -> None:
    """With everything that the bot and asyncio can say, no log holds a token or a question."""
    emulator = telegram.emulator
    ann = emulator.person("Ann")
    bot = make_bot(script=TALKATIVE).start()
    emulator.faults.plan("sendMessage", error(400, "chat not found"))
    emulator.faults.plan("sendMessage", dropped_after())
    # The long text comes last, so that half of the news holds all others.
    emulator.faults.plan("getUpdates", truncated())
    bot.wait_until(lambda: emulator.faults.find("getUpdates", {}) is None)
    with emulator.state.changed:
        for text in (ASKED, AFTERWARDS, "/why", f"/gold {OPERATION}", "What does bread cost in Benghazi?", "x" * 3_000):
            ann.says(text)
        ann.asks_inline("Who reported the deaths west of Benghazi?")
        emulator.state.tell("message", {"from": ann.user, "text": "These words are nobody's business."}, ann.id)
    bot.wait_until(lambda: len(emulator.answers(ann)) == 5)

    assert bot.stop() == 0
    assert "DEBUG asyncio: " in bot.log()
    bot.check_log()
