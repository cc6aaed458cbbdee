"""Questions of many people, answered together by the real engine over a small folder of documents."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from stand_ins import SeedWriter
from telegram_engine import LATER, PATIENCE, SEEDS, SUPPER, TEA, Run

from qa_bot.bot import Inquiry
from qa_bot.channels.telegram.engine import MOST_TOGETHER, REMEMBERED_ANSWERS, Engine
from qa_bot.errors import QuestionError


@pytest.fixture
def run(tmp_path: Path, write_seeds: SeedWriter) -> Iterator[Run]:
    """Give an engine to be run."""
    made = Run(tmp_path, write_seeds)
    yield made
    made.encoder.gate.set()


def test_who_asks_at_the_same_time_is_answered_together(run: Run) -> None:
    """The same question once; each gets the answer to their own."""

    async def talk(engine: Engine) -> None:
        first, second, third = await asyncio.gather(*map(engine.ask, (TEA, SUPPER, TEA)))
        assert first is third
        assert [first.question, second.question] == [TEA.question, SUPPER.question]
        assert first.excerpts[0].text == "Tea is served at four in the garden."
        assert engine.waiting == 0

    assert run(talk) == [[TEA.question, SUPPER.question]]


def test_who_comes_meanwhile_is_in_the_next_round(run: Run) -> None:
    """So many together and no more; the first do not wait for the last."""
    others = [Inquiry(f"Where is table {number}?") for number in range(MOST_TOGETHER + 4)]

    async def talk(engine: Engine) -> None:
        first = await run.hold(engine, TEA)
        asking = [asyncio.create_task(engine.ask(other)) for other in others]
        await asyncio.sleep(0)
        assert engine.waiting == 1 + len(others)
        run.encoder.gate.set()
        answers = await asyncio.gather(first, *asking)
        assert [answer.question for answer in answers] == [TEA.question, *(other.question for other in others)]

    assert [len(questions) for questions in run(talk)] == [1, MOST_TOGETHER, 4]


def test_an_answer_is_remembered(run: Run) -> None:
    """For the same inquiry; another number of excerpts or threshold makes another one."""

    async def talk(engine: Engine) -> None:
        first = await engine.ask(TEA)
        assert await engine.ask(TEA) is first
        assert await engine.ask(Inquiry(f"  {TEA.question}\n", threshold=0.0)) is first
        strict = await engine.ask(Inquiry(TEA.question, threshold=1.0))
        assert (strict.excerpts, len((await engine.ask(Inquiry(TEA.question, 1, 0.0))).excerpts)) == ((), 1)
        for number in range(REMEMBERED_ANSWERS + 1):
            engine._remember(Inquiry(f"{number}?"), first)
        assert await engine.ask(TEA) is not first

    assert len(run(talk)) == 4


def test_a_new_generation_is_taken_up(run: Run) -> None:
    """Also by a question that was answered from the old one."""

    async def talk(engine: Engine) -> None:
        assert (await engine.ask(TEA)).excerpts[0].text == "Tea is served at four in the garden."
        run.update(LATER)
        answer = await engine.ask(TEA)
        assert (answer.index.generation, answer.excerpts[0].text) == (2, "Tea is served at five in the garden.")

    assert run(talk) == [[TEA.question]] * 2


def test_a_new_generation_is_taken_up_without_a_question(run: Run) -> None:
    """When it is asked for; one that cannot be used is not."""

    async def talk(engine: Engine) -> None:
        await engine.renew()
        assert engine.bot.index.manifest.generation == 1
        run.update(LATER)
        await engine.renew()
        assert engine.bot.index.manifest.generation == 2
        (run.settings.paths.embeddings / "CURRENT").write_text("nonsense")
        await engine.renew()
        assert engine.bot.index.manifest.generation == 2

    assert run(talk) == []


def test_no_question_is_lost_when_the_index_changes(run: Run) -> None:
    """The one that is being answered comes from the old generation, those that wait from the new one."""

    async def talk(engine: Engine) -> None:
        first = await run.hold(engine, TEA)
        second = asyncio.create_task(engine.ask(SUPPER))
        await asyncio.to_thread(run.update, LATER)
        run.encoder.gate.set()
        answers = await asyncio.gather(first, second)
        assert [answer.index.generation for answer in answers] == [1, 2]

    run(talk)


@pytest.mark.parametrize("damaged", ["documents.sqlite", "windows.npy", "manifest.json", "terms.bounds.npy"])
def test_a_damaged_generation_is_left_alone(run: Run, damaged: str, caplog: pytest.LogCaptureFixture) -> None:
    """The old one goes on, and this is said once; the next sound one is taken up."""

    async def talk(engine: Engine) -> None:
        await engine.ask(TEA)
        run.update(LATER)
        file = run.settings.paths.embeddings / "generation-000002" / damaged
        file.write_bytes(file.read_bytes()[:-9])
        for inquiry in (TEA, SUPPER, TEA):
            assert (await engine.ask(inquiry)).index.generation == 1
        assert len([record for record in caplog.records if "cannot be used" in record.message]) == 1
        run.update(SEEDS, rebuild=True)
        assert (await engine.ask(TEA)).index.generation == 3

    run(talk)


def test_without_a_current_generation_the_old_one_goes_on(run: Run) -> None:
    """Whatever stands where its name should."""

    async def talk(engine: Engine) -> None:
        current = run.settings.paths.embeddings / "CURRENT"
        for damage in (current.unlink, lambda: current.write_text("nonsense"), lambda: current.write_bytes(b"\xff")):
            damage()
            for inquiry in (TEA, SUPPER):
                assert (await engine.ask(inquiry)).index.generation == 1

    assert len(run(talk)) == 2


def test_an_error_reaches_all_who_wait(run: Run) -> None:
    """And nobody after them."""

    async def talk(engine: Engine) -> None:
        run.encoder.fault = MemoryError("too little memory")
        outcomes = await asyncio.gather(*map(engine.ask, (TEA, SUPPER, TEA)), return_exceptions=True)
        assert outcomes == [run.encoder.fault] * 3
        run.encoder.fault = None
        assert (await engine.ask(TEA)).question == TEA.question

    run(talk)


def test_one_that_fails_takes_nobody_along(run: Run) -> None:
    """Those that waited with it are answered by themselves, and the next ones together again."""

    async def talk(engine: Engine) -> None:
        run.encoder.fault, run.encoder.faulty = MemoryError("too little memory"), "supper"
        tea, supper = await asyncio.gather(*map(engine.ask, (TEA, SUPPER)), return_exceptions=True)
        assert (getattr(tea, "question", ""), supper) == (TEA.question, run.encoder.fault)
        run.encoder.fault = None
        await asyncio.gather(engine.ask(SUPPER), engine.ask(Inquiry("Where is tea?")))

    assert [len(together) for together in run(talk)] == [2, 1, 1, 2]


def test_what_is_no_question_is_refused_at_once(run: Run) -> None:
    """It does not wait with the others."""

    async def talk(engine: Engine) -> None:
        for words in ("", " \n", "?!", "a" * 2_001):
            with pytest.raises(QuestionError):
                await engine.ask(Inquiry(words))

    assert run(talk) == []


def test_who_gives_up_does_not_disturb_the_others(run: Run) -> None:
    """They are answered all the same."""

    async def talk(engine: Engine) -> None:
        first = await run.hold(engine, TEA)
        second, third = (asyncio.create_task(engine.ask(inquiry)) for inquiry in (SUPPER, TEA))
        await asyncio.sleep(0)
        first.cancel()
        second.cancel()
        run.encoder.gate.set()
        assert (await third).question == TEA.question
        assert engine.waiting == 0

    run(talk)


def test_how_long_questions_take_is_known(run: Run) -> None:
    """Of those in the worker, not of what else it does; given up, they fail, and those behind them are answered."""

    async def talk(engine: Engine) -> None:
        assert await engine.look(lambda _: engine.busy) == 0
        first = await run.hold(engine, TEA)
        second = asyncio.create_task(engine.ask(SUPPER))
        await asyncio.sleep(0.05)
        assert 0.05 <= engine.busy < PATIENCE
        engine.abandon()
        with pytest.raises(TimeoutError):
            await first
        run.encoder.gate.set()
        assert (await second).question == SUPPER.question
        assert engine.busy == 0

    run(talk)


def test_what_waits_is_answered_before_the_end(run: Run) -> None:
    """Also what is not in the round that is being answered."""
    others = [Inquiry(f"Where is table {number}?") for number in range(2 * MOST_TOGETHER)]

    async def talk(engine: Engine) -> None:
        first = await run.hold(engine, TEA)
        asking = [asyncio.create_task(engine.ask(other)) for other in others]
        await asyncio.sleep(0)
        run.encoder.gate.set()
        await engine.stop()
        assert len(await asyncio.gather(first, *asking)) == 1 + len(others)
        engine._worker = Engine(run.settings)._worker

    run(talk)


def test_documents_are_read_anew(run: Run) -> None:
    """What has changed is said, and answered from at once."""

    async def talk(engine: Engine) -> None:
        run._write_seeds(LATER | {"new.txt": "Breakfast is served at seven.\n"})
        assert await engine.reload() == "1 added, 1 changed, 1 removed"
        assert engine.bot.index.manifest.generation == 2
        assert await engine.look(lambda bot: bot.index.store.digests().keys()) == {"tea.txt", "new.txt"}

    run(talk)


def test_the_packaged_models_are_opened(run: Run) -> None:
    """As the bot does when it begins."""
    run._write_seeds(SEEDS)

    async def started() -> None:
        engine = Engine(run.settings)
        await engine.start()
        assert (await engine.ask(TEA)).excerpts[0].text == "Tea is served at four in the garden."
        await engine.stop()

    asyncio.run(started())
