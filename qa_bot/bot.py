"""The bot: answers questions from one index of the documents. Every channel asks here."""

import functools
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Self

from qa_bot.answering import select
from qa_bot.calibration import StoredCalibration
from qa_bot.config import Settings
from qa_bot.encoder.vectors import Encoder
from qa_bot.errors import IndexUnusableError, QuestionError
from qa_bot.evidence import Judge
from qa_bot.index.choosing import choose_keeper
from qa_bot.index.encoding import Progress, no_progress
from qa_bot.index.keeping import Keeper
from qa_bot.index.manifest import MEND
from qa_bot.index.searching import Index
from qa_bot.index.superseding import despite_changes
from qa_bot.merging import merge
from qa_bot.opening import fingerprint_of, kept_if_usable, load_weights, make_encoder, make_reader, open_kept
from qa_bot.reading import scan
from qa_bot.records import Answer, IndexInfo, Timings
from qa_bot.retriever import EncodedQuestion, encode_questions, retrieve
from qa_bot.surrogates import replace_surrogates
from qa_bot.weights import Weights, packaged_weights
from qa_bot.wording import questions_in

# So many hits are kept of a question: what the deepest metric looks at.
HITS = 10
# While the reader is at one question, the index is searched for another.
ANSWERED_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question, and how to answer it: as the bot's settings say where nothing is said."""

    question: str
    excerpts: int | None = None
    threshold: float | None = None


class QaBot:
    """Answers questions from one generation of an index."""

    def __init__(
        self,
        settings: Settings,
        index: Index,
        encoder: Encoder,
        *,
        keeper: Keeper | None = None,
        calibrated: bool = True,
    ) -> None:
        """Put the parts together; see `open` for the usual way.

        Args:
            settings: what the bot is to do.
            index: the generation to answer from.
            encoder: the one that made the index.
            keeper: what keeps the index; that of the documents if not given.
            calibrated: whether to use the operator's calibration, where there is one that fits.

        Raises:
            ConfigError: the weights cannot be used.
            CalibrationError: the calibration is damaged.

        """
        self.settings = settings
        self.index = index
        self.encoder = encoder
        self.keeper = keeper or choose_keeper(settings)
        self._loading = threading.Lock()
        reader, weights = make_reader(settings), load_weights(settings)
        self.fingerprint = fingerprint_of(settings, index, encoder.identity, reader, weights)
        stored = self.keeper.load_calibration() if calibrated else None
        calibration = StoredCalibration(stored, self.fingerprint)
        self.calibration = calibration.usable
        self.calibration_outdated = calibration.outdated
        unread = Weights.load(packaged_weights(None))
        self.judge = Judge(weights, self.calibration, reader, settings.evidence.reads, unread)

    @property
    def threshold(self) -> float:
        """The least confidence of an answer: as set, or as calibrated, or the one that came with the weights."""
        chosen = self.settings.answering.threshold
        if chosen != "auto":
            return chosen
        return self.calibration.threshold if self.calibration else self.judge.weights.threshold

    @classmethod
    def open(cls, settings: Settings, *, progress: Progress = no_progress, calibrated: bool = True) -> "QaBot":
        """Open the index of ``seeds/``, brought up to date first where it must be.

        Raises:
            QaBotError: the documents, the index or the encoder cannot be used.

        """
        encoder = make_encoder(settings)
        sources = scan(settings.paths.seeds, settings.reading.limits)
        keeper = choose_keeper(settings)

        def opened() -> "QaBot":
            index = open_kept(keeper, sources, encoder, progress)
            with kept_if_usable(index):
                return cls(settings, index, encoder, keeper=keeper, calibrated=calibrated)

        return despite_changes(opened)

    def renewed(self) -> "QaBot":
        """Open the newest generation of the index, with the same models. Raises `QaBotError` if it cannot be used."""
        return despite_changes(self._renewed)

    def _renewed(self) -> "QaBot":
        index = self.keeper.open()
        if index is None or index.manifest.identity != self.encoder.identity:
            if index is not None:
                index.store.close()
            msg = f"the index in {self.keeper} is gone, or another encoder made it; {MEND}"
            raise IndexUnusableError(msg)
        with kept_if_usable(index):
            return self.over(index)

    def over(self, index: Index) -> "QaBot":
        """Answer from another generation, with the same models. Raises `QaBotError` if it cannot be used."""
        bot = QaBot(self.settings, index, self.encoder, keeper=self.keeper)
        bot.judge = replace(bot.judge, reader=self.judge.reader)
        return bot

    def __enter__(self) -> Self:
        """Use the bot in a ``with`` block."""
        return self

    def __exit__(self, *exc_info: object) -> None:
        """Close the index."""
        self.index.store.close()

    def load(self) -> None:
        """Load the models now rather than at the first question, which waits where a thread is about it already.

        Raises:
            EncoderError: the encoder cannot be loaded.
            ReaderError: the reader cannot be loaded.

        """
        # One after the other: torch and transformers do not bear being imported by two threads at a time.
        with self._loading:
            self.encoder.load()
            if self.judge.reader is not None:
                self.judge.reader.load()

    def ask(self, question: str, *, excerpts: int | None = None, threshold: float | None = None) -> Answer:
        """Answer a question.

        Args:
            question: what somebody asks, in their words.
            excerpts: how many excerpts to show at most; as the settings say if not given.
            threshold: the least confidence of an answer; the bot's own if not given.

        Raises:
            QuestionError: the question is empty or too long.
            DatabaseError: the database that keeps the index cannot be used.
            SupersededError: the documents have changed in the meantime.

        """
        [answer] = self.ask_all([Inquiry(self.checked(question), excerpts, threshold)])
        return answer

    def ask_all(self, inquiries: Sequence[Inquiry]) -> list[Answer]:
        """Answer questions that wait at the same time, which `checked` has let pass: they are encoded together."""
        self.load()
        return self.index.read(lambda: self._answer_all(inquiries))

    def _answer_all(self, inquiries: Sequence[Inquiry]) -> list[Answer]:
        started = time.perf_counter()
        asked = [questions_in(inquiry.question) for inquiry in inquiries]
        texts = [part for parts in asked for part in parts]
        encoded = iter(encode_questions(texts, self.encoder, self.index.lexical))
        each = 1000 * (time.perf_counter() - started) / max(len(inquiries), 1)
        work = [
            functools.partial(self._answer, inquiry, [next(encoded) for _ in parts], each)
            for inquiry, parts in zip(inquiries, asked, strict=True)
        ]
        if len(work) == 1:
            return [work[0]()]
        with ThreadPoolExecutor(ANSWERED_AT_ONCE, thread_name_prefix="answering") as workers:
            # What one thread reads belongs together for itself.
            return list(workers.map(self.index.read, work))

    def _answer(self, inquiry: Inquiry, parts: Sequence[EncodedQuestion], encoding: float) -> Answer:
        chosen = self.settings.answering
        started = time.perf_counter()
        found = [retrieve(part, self.index, self.judge.weights.ranking, limit=HITS) for part in parts]
        after_retrieving = time.perf_counter()
        weighed = [self.judge.weigh(part, hits, self.index) for part, hits in zip(parts, found, strict=True)]
        evidence = merge(weighed, limit=HITS)
        selection = select(
            inquiry.question,
            evidence,
            threshold=self.threshold if inquiry.threshold is None else inquiry.threshold,
            excerpts=inquiry.excerpts or chosen.excerpts,
            near=chosen.near,
        )
        finished = time.perf_counter()
        return Answer(
            question=inquiry.question,
            status=selection.status,
            confidence=selection.confidence,
            excerpts=selection.shown,
            further=selection.further,
            near=selection.near,
            ranking=tuple(item.hit for item in evidence),
            index=IndexInfo(self.index.manifest.generation, self.index.manifest.model),
            timings=Timings(
                encode=encoding,
                retrieve=1000 * (after_retrieving - started),
                evidence=1000 * (finished - after_retrieving),
                total=encoding + 1000 * (finished - started),
            ),
            conflicts=selection.conflicts,
        )

    def checked(self, question: str) -> str:
        """Give a question as it can be asked. Raises `QuestionError` if it cannot."""
        text = replace_surrogates(question).strip()
        if not any(character.isalnum() for character in text):
            msg = "the question has no words: ask in words"
            raise QuestionError(msg)
        if len(text) > self.settings.answering.max_question:
            msg = (
                f"the question has {len(text)} characters, more than the {self.settings.answering.max_question} allowed: "
                "ask more briefly, or raise max_question under [answering] in config.toml"
            )
            raise QuestionError(msg)
        return text
