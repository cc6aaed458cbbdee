"""Ask a question set over an index."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from qa_bot.bot import QaBot
from qa_bot.config import Settings
from qa_bot.errors import QuestionError, QuestionSetError
from qa_bot.evaluation.anchors import Corpus
from qa_bot.evaluation.collection import load_collection, name_of
from qa_bot.evaluation.judging import Outcome, judge
from qa_bot.evaluation.questions import GoldQuestion
from qa_bot.index.choosing import choose_keeper
from qa_bot.index.encoding import Progress
from qa_bot.opening import make_encoder, open_kept


def open_bot(settings: Settings, paragraphs: Path | None, progress: Progress, *, calibrated: bool = True) -> QaBot:
    """Open the bot over ``seeds/``, or over a paragraph file instead. Raises `QaBotError`."""
    if paragraphs is None:
        return QaBot.open(settings, progress=progress, calibrated=calibrated)
    encoder = make_encoder(settings)
    keeper = choose_keeper(settings, name_of(paragraphs))
    index = open_kept(keeper, load_collection(paragraphs), encoder, progress)
    return QaBot(settings, index, encoder, keeper=keeper, calibrated=calibrated)


def ask_all(bot: QaBot, questions: Sequence[GoldQuestion], progress: Progress) -> list[Outcome]:
    """Ask every question; ``progress`` is told ``(asked, all)``. Raises `QuestionSetError` before the first is asked."""
    refuse_unaskable(bot, ((repr(question.id), question.question) for question in questions))
    corpus = Corpus(bot.index.store)
    outcomes = []
    for number, question in enumerate(questions, start=1):
        outcomes.append(judge(question, bot.ask(question.question), corpus, bot.index.store))
        progress(number, len(questions))
    return outcomes


def refuse_unaskable(bot: QaBot, questions: Iterable[tuple[str, str]]) -> None:
    """Look at questions, each with its name, before the first is asked: asking all of them takes a while.

    Raises:
        QuestionSetError: one has no words, or too many.

    """
    for name, question in questions:
        try:
            bot.checked(question)
        except QuestionError as exc:
            msg = f"the question {name} cannot be asked: {exc}"
            raise QuestionSetError(msg) from exc
