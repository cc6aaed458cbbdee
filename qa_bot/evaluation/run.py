"""Ask a question set and measure the answers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa_bot.bot import QaBot, make_encoder, open_index
from qa_bot.config import Settings
from qa_bot.evaluation import metrics
from qa_bot.evaluation.collection import index_folder, load_collection
from qa_bot.evaluation.questions import GoldQuestion
from qa_bot.index.encoding import Progress
from qa_bot.index.store import Store
from qa_bot.records import Answer, Excerpt, Hit, Status

SCHEMA = 1
DEPTHS = (1, 3, 5, 10)
DEPTH = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question.

    ``right`` says of each hit whether it is right, ``relevant`` how many right paragraphs there are; ``first_ok``
    whether the best passage is right, shown or withheld. ``excerpt_ok`` and ``highlight_ok`` are about the first
    excerpt shown, and ``None`` for questions that nothing answers, or that have no gold words to look for.
    """

    question: GoldQuestion
    answer: Answer
    right: tuple[bool, ...]
    relevant: int
    first_ok: bool
    excerpt_ok: bool | None
    highlight_ok: bool | None

    @property
    def rank(self) -> int | None:
        """The rank of the first right hit."""
        return self.right.index(True) + 1 if True in self.right else None

    @property
    def answered(self) -> bool:
        """Whether the bot answered at all."""
        return self.answer.status is Status.ANSWERED


def open_bot(settings: Settings, paragraphs: Path | None, progress: Progress, *, calibrated: bool = True) -> QaBot:
    """Open the bot over ``seeds/``, or over a paragraph file instead. Raises `QaBotError`."""
    if paragraphs is None:
        return QaBot.open(settings, progress=progress, calibrated=calibrated)
    encoder = make_encoder(settings)
    folder = index_folder(settings.paths.embeddings, paragraphs)
    index = open_index(folder, load_collection(paragraphs), encoder, progress)
    return QaBot(settings, index, encoder, calibrated=calibrated)


def ask_all(bot: QaBot, questions: Sequence[GoldQuestion], progress: Progress) -> list[Outcome]:
    """Ask every question; ``progress`` is told ``(asked, all)``."""
    outcomes = []
    for number, question in enumerate(questions, start=1):
        outcomes.append(judge(question, bot.ask(question.question), bot.index.store))
        progress(number, len(questions))
    return outcomes


def judge(question: GoldQuestion, answer: Answer, store: Store) -> Outcome:
    """Compare an answer with the gold of its question."""
    right = tuple(_is_right(question, hit.paragraph, store) for hit in answer.ranking)
    words_known = question.answerable and bool(question.answers)
    shown = answer.excerpts[0] if answer.excerpts else None
    return Outcome(
        question=question,
        answer=answer,
        right=right,
        relevant=_count_relevant(question, store),
        first_ok=question.answerable and bool(answer.ranking) and _holds_answer(question, answer.ranking[0], store),
        excerpt_ok=(shown is not None and _excerpt_ok(question, shown)) if question.answerable else None,
        highlight_ok=(shown is not None and _highlight_ok(question, shown)) if words_known else None,
    )


def summarise(outcomes: Sequence[Outcome], bot: QaBot) -> dict[str, Any]:
    """Make the report in the form of ``evaluate --json``."""
    answerable = [outcome for outcome in outcomes if outcome.question.answerable]
    manifest = bot.index.manifest
    return {
        "schema": SCHEMA,
        "questions": len(outcomes),
        "answerable": len(answerable),
        "unanswerable": len(outcomes) - len(answerable),
        "retrieval": _retrieval(answerable),
        "answers": _answers(answerable),
        "abstention": _abstention(outcomes),
        "latency_ms": {
            name: round(metrics.percentile([outcome.answer.timings.total for outcome in outcomes], share), 2)
            for name, share in (("p50", 0.5), ("p95", 0.95))
        },
        "index": {
            "generation": manifest.generation,
            "model": manifest.model,
            "model_digest": manifest.model_digest,
            "documents": manifest.counts.documents,
            "paragraphs": manifest.counts.paragraphs,
            "threshold": bot.threshold,
        },
        "categories": dict(_categories(outcomes)),
        "per_question": [_line(outcome) for outcome in outcomes],
    }


def _holds_answer(question: GoldQuestion, hit: Hit, store: Store) -> bool:
    name, paragraph = store.paragraph(hit.paragraph)
    words = store.document(name).text[paragraph.start : paragraph.end]
    return question.is_answered_by(words) if question.answers else question.is_right(name, paragraph, words)


def _is_right(question: GoldQuestion, paragraph_id: int, store: Store) -> bool:
    name, paragraph = store.paragraph(paragraph_id)
    return question.is_right(name, paragraph, store.document(name).text[paragraph.start : paragraph.end])


def _count_relevant(question: GoldQuestion, store: Store) -> int:
    if question.relevant is not None:
        return len(question.relevant)
    return sum(question.is_answered_by(words) for words in store.quotable_texts()) if question.answers else 0


def _excerpt_ok(question: GoldQuestion, excerpt: Excerpt) -> bool:
    if question.answers:
        return question.is_answered_by(excerpt.text)
    return question.is_right(excerpt.citation.document, excerpt.evidence.paragraph, excerpt.text)


def _highlight_ok(question: GoldQuestion, excerpt: Excerpt) -> bool:
    """Whether a gold answer stands inside what is highlighted; sentences that touch are one highlight."""
    if not excerpt.highlights:
        return False
    first, last = excerpt.highlights[0], excerpt.highlights[-1]
    text = excerpt.evidence.document.text
    adjacent = not text[first.end : last.start].strip()
    stretches = [(first.start, last.end)] if adjacent else [(mark.start, mark.end) for mark in excerpt.highlights]
    return any(question.is_answered_by(text[start:end]) for start, end in stretches)


def _retrieval(answerable: Sequence[Outcome]) -> dict[str, float]:
    ranks = [outcome.rank for outcome in answerable]
    return {
        **{f"hit@{depth}": round(metrics.hit_rate(ranks, depth), 4) for depth in DEPTHS},
        "mrr@10": round(metrics.reciprocal_rank(ranks, DEPTH), 4),
        "ndcg@10": round(metrics.mean([metrics.ndcg(o.right, o.relevant, DEPTH) for o in answerable]), 4),
    }


def _answers(answerable: Sequence[Outcome]) -> dict[str, float | None]:
    judged = [outcome.highlight_ok for outcome in answerable if outcome.highlight_ok is not None]
    counts = [len(outcome.answer.excerpts[0].highlights) for outcome in answerable if outcome.answer.excerpts]
    return {
        "excerpt_hit": round(metrics.mean([bool(outcome.excerpt_ok) for outcome in answerable]), 4),
        "highlight_hit": round(metrics.mean(judged), 4) if judged else None,
        "highlight_sentences": round(metrics.mean(counts), 4) if counts else None,
    }


def _abstention(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    answered = [outcome for outcome in outcomes if outcome.answered]
    unanswerable = [outcome for outcome in outcomes if not outcome.question.answerable]
    confidences = [outcome.answer.confidence for outcome in outcomes]
    truths = [outcome.first_ok for outcome in outcomes]
    area = metrics.auroc(
        [outcome.answer.confidence for outcome in outcomes if outcome.question.answerable],
        [outcome.answer.confidence for outcome in unanswerable],
    )
    return {
        "auroc": None if area is None else round(area, 4),
        "coverage": round(metrics.mean([outcome.answered for outcome in outcomes]), 4),
        "error_rate": round(metrics.mean([not outcome.first_ok for outcome in answered]), 4),
        "false_answer_rate": round(metrics.mean([outcome.answered for outcome in unanswerable]), 4),
        "ece": round(metrics.calibration_error(confidences, truths), 4),
        "risk_coverage": [[round(c, 4), round(r, 4)] for c, r in metrics.risk_coverage(confidences, truths)],
    }


def _categories(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, dict[str, Any]]]:
    for category in sorted({outcome.question.category for outcome in outcomes}):
        own = [outcome for outcome in outcomes if outcome.question.category == category]
        answerable = [outcome for outcome in own if outcome.question.answerable]
        yield (
            category,
            {
                "questions": len(own),
                "answered": sum(outcome.answered for outcome in own),
                **({"hit@1": _retrieval(answerable)["hit@1"], **_answers(answerable)} if answerable else {}),
            },
        )


def _line(outcome: Outcome) -> dict[str, Any]:
    return {
        "id": outcome.question.id,
        "rank": outcome.rank,
        "status": outcome.answer.status.value,
        "confidence": round(outcome.answer.confidence, 4),
        "excerpt_ok": outcome.excerpt_ok,
        "highlight_ok": outcome.highlight_ok,
    }
