"""What PostgreSQL costs: the same collections with both engines in one run, question by question in turns.

``python -m tests.postgresql_benchmark COLLECTION…``, each a folder with ``paragraphs.jsonl`` and ``questions.jsonl``.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from postgresql_server import running

from qa_bot.bot import QaBot
from qa_bot.config import EvidenceSettings, Settings
from qa_bot.evaluation.collection import load_collection
from qa_bot.evaluation.questions import load_questions
from qa_bot.index.embedded import Embedded
from qa_bot.index.encoding import no_progress
from qa_bot.index.keeping import Keeper
from qa_bot.index.postgresql.connecting import Server
from qa_bot.index.postgresql.keeping import Database
from qa_bot.opening import make_encoder, open_kept
from qa_bot.records import Answer

QUESTIONS = 300
WARM_UP = 20


def main(collections: list[Path]) -> None:
    """Print a line for each collection and engine."""
    sys.stdout.write(
        f"{'':<10}{'':<12}{'p50 ms':>8}{'p95 ms':>8}{'retrieve':>10}{'build s':>9}{'same first hit':>16}{'same answer':>13}\n"
    )
    with running() as server, tempfile.TemporaryDirectory() as folder:
        for collection in collections:
            where = Server(server.dsn(), collection.name, search_seconds=60, retry_seconds=5)
            keepers: dict[str, Keeper] = {
                "embedded": Embedded(Path(folder) / collection.name),
                "postgresql": Database(where, room=256_000_000),
            }
            _compare(collection, keepers)


def _compare(collection: Path, keepers: dict[str, Keeper]) -> None:
    settings = Settings(folder=Path(), evidence=EvidenceSettings(reader=""))
    encoder = make_encoder(settings)
    encoder.load()
    paragraphs = load_collection(collection / "paragraphs.jsonl")
    bots, seconds = {}, {}
    for name, keeper in keepers.items():
        began = time.perf_counter()
        bots[name] = QaBot(settings, open_kept(keeper, paragraphs, encoder, no_progress), encoder, keeper=keeper)
        seconds[name] = time.perf_counter() - began
    questions = [gold.question for gold in load_questions(collection / "questions.jsonl")][: QUESTIONS + WARM_UP]
    answers: dict[str, list[Answer]] = {name: [] for name in bots}
    for question in questions:
        for name, bot in bots.items():
            answers[name].append(bot.ask(question))
    measured = {name: own[WARM_UP:] for name, own in answers.items()}
    for name, own in measured.items():
        totals = [answer.timings.total for answer in own]
        pairs = list(zip(own, measured["embedded"], strict=True))
        first = sum(_first(one, bots[name]) == _first(other, bots["embedded"]) for one, other in pairs)
        same = sum([e.text for e in one.excerpts] == [e.text for e in other.excerpts] for one, other in pairs)
        sys.stdout.write(
            f"{collection.name:<10}{name:<12}{statistics.median(totals):>8.1f}{statistics.quantiles(totals, n=20)[-1]:>8.1f}"
            f"{statistics.median(answer.timings.retrieve for answer in own):>10.1f}{seconds[name]:>9.0f}"
            f"{f'{first} of {len(own)}':>16}{f'{same} of {len(own)}':>13}\n"
        )
    for bot in bots.values():
        bot.index.store.close()


def _first(answer: Answer, bot: QaBot) -> str | None:
    """Name the document of the best hit; those of a collection have one paragraph each."""
    return bot.index.store.paragraph(answer.ranking[0].paragraph)[0] if answer.ranking else None


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
