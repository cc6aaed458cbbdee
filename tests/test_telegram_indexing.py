"""While documents are read anew, questions are answered."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from stand_ins import SeedWriter
from telegram_engine import LATER, SUPPER, TEA, Run

from qa_bot.channels.telegram.engine import Engine
from qa_bot.errors import ReadError

BEFORE, AFTER = "Tea is served at four in the garden.", "Tea is served at five in the garden."
PATIENCE = 5


@pytest.fixture
def run(tmp_path: Path, write_seeds: SeedWriter) -> Iterator[Run]:
    """Give an engine to be run."""
    made = Run(tmp_path, write_seeds)
    yield made
    made.encoder.may_read.set()


def test_questions_are_answered_while_documents_are_read(run: Run) -> None:
    """From the generation before, and looked up in it; then from the new one."""

    async def talk(engine: Engine) -> None:
        run.write(LATER)
        reloading = await run.hold_reload(engine)
        answer = await asyncio.wait_for(engine.ask(TEA), PATIENCE)
        assert answer.excerpts[0].text == BEFORE
        assert await asyncio.wait_for(engine.look(lambda bot: bot.index.manifest.generation), PATIENCE) == 1
        assert not reloading.done()

        run.encoder.may_read.set()
        assert await reloading == "0 added, 1 changed, 1 removed"
        assert engine.bot.index.manifest.generation == 2
        assert (await engine.ask(TEA)).excerpts[0].text == AFTER

    run(talk)


def test_one_update_is_made_at_a_time(run: Run) -> None:
    """The next begins when the one before is in force, and sees what changed meanwhile."""

    async def talk(engine: Engine) -> None:
        run.write(LATER)
        first = await run.hold_reload(engine)
        second = asyncio.create_task(engine.reload())
        run.write(LATER | {"new.txt": "Breakfast is served at seven."})
        run.encoder.may_read.set()

        assert await first == "0 added, 1 changed, 1 removed"
        assert await second == "1 added, 0 changed, 0 removed"
        assert engine.bot.index.manifest.generation == 3

    run(talk)


def test_the_end_does_not_wait_for_an_update_that_nobody_waits_for(run: Run) -> None:
    """What waits for an answer is answered."""

    async def talk(engine: Engine) -> None:
        run.write(LATER)
        reloading = await run.hold_reload(engine)
        reloading.cancel()
        asking = asyncio.create_task(engine.ask(SUPPER))
        await asyncio.sleep(0)
        await asyncio.wait_for(engine.stop(), PATIENCE)
        assert (await asking).index.generation == 1
        engine._worker = Engine(run.settings)._worker

    run(talk)


def test_an_update_that_fails_says_why_and_answering_goes_on(run: Run) -> None:
    """The next one may succeed."""

    async def talk(engine: Engine) -> None:
        seeds = run.settings.paths.seeds
        seeds.rename(seeds.with_name("elsewhere"))
        with pytest.raises(ReadError):
            await engine.reload()
        assert (await engine.ask(TEA)).excerpts[0].text == BEFORE
        seeds.with_name("elsewhere").rename(seeds)
        run.write(LATER)
        assert await engine.reload() == "0 added, 1 changed, 1 removed"

    run(talk)
