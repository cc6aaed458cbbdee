"""Compare one answer with the gold of its question."""

from dataclasses import dataclass
from typing import Any

from qa_bot.evaluation import spans
from qa_bot.evaluation.anchors import Corpus, Gold, anchor
from qa_bot.evaluation.questions import GoldQuestion
from qa_bot.index.searching import Records
from qa_bot.records import Answer, Excerpt, Hit, Status


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question.

    ``question`` has its gold as it stands in the documents now, ``gold`` says what became of it. ``right`` says of each
    hit whether it is right, ``relevant`` how many right paragraphs there are; ``first_ok`` whether the best passage is
    right, shown or withheld. ``excerpt_ok`` and ``highlight_ok`` are about the first excerpt shown, ``exact`` and ``f1``
    about the exact answer in it; all are ``None`` for questions that nothing answers, or that have no gold words to look
    for. Where gold is lost nothing is right.
    """

    question: GoldQuestion
    gold: Gold | None
    answer: Answer
    right: tuple[bool, ...]
    relevant: int
    first_ok: bool
    excerpt_ok: bool | None
    highlight_ok: bool | None
    exact: float | None
    f1: float | None

    @property
    def rank(self) -> int | None:
        """The rank of the first right hit."""
        return self.right.index(True) + 1 if True in self.right else None

    @property
    def answered(self) -> bool:
        """Whether the bot answered at all."""
        return self.answer.status is Status.ANSWERED


def judge(question: GoldQuestion, answer: Answer, corpus: Corpus, store: Records) -> Outcome:
    """Compare an answer with the gold of its question, looked for in the documents as they are now."""
    question, gold = anchor(question, corpus)
    words_known = question.answerable and bool(question.answers)
    shown = answer.excerpts[0] if answer.excerpts else None
    exact_answer = exact_words(shown) or ""
    return Outcome(
        question=question,
        gold=gold,
        answer=answer,
        right=tuple(_is_right(question, hit, store) for hit in answer.ranking),
        relevant=_count_relevant(question, corpus),
        first_ok=question.answerable and bool(answer.ranking) and _holds_answer(question, answer.ranking[0], store),
        excerpt_ok=(shown is not None and _excerpt_ok(question, shown)) if question.answerable else None,
        highlight_ok=(shown is not None and _highlight_ok(question, shown)) if words_known else None,
        exact=spans.exact(exact_answer, question.answers) if words_known else None,
        f1=spans.f1(exact_answer, question.answers) if words_known else None,
    )


def as_json(outcome: Outcome) -> dict[str, Any]:
    """Give the entry of a question in the report."""
    answer, question = outcome.answer, outcome.question
    best = next(iter((*answer.excerpts, *answer.near)), None)
    return {
        "id": question.id,
        "rank": outcome.rank,
        "status": answer.status.value,
        "confidence": round(answer.confidence, 4),
        "excerpt_ok": outcome.excerpt_ok,
        "highlight_ok": outcome.highlight_ok,
        "question": question.question,
        "category": question.category,
        "expected": list(question.answers),
        "relevant": None if question.relevant is None else sorted(question.relevant),
        "shown": best.text if best else None,
        "shown_document": best.citation.document if best else None,
        "shown_highlights": [best.evidence.document.text[m.start : m.end] for m in best.highlights] if best else [],
        "exact_answer": exact_words(answer.excerpts[0] if answer.excerpts else None),
        "first_ok": outcome.first_ok,
        "answerable": question.answerable,
        "latency_ms": round(answer.timings.total, 2),
        "gold": outcome.gold.value if outcome.gold else None,
    }


def exact_words(excerpt: Excerpt | None) -> str | None:
    """Give the words that a reader marks in an excerpt, if it does."""
    if excerpt is None or excerpt.answer is None:
        return None
    return excerpt.evidence.document.text[excerpt.answer.start : excerpt.answer.end]


def _holds_answer(question: GoldQuestion, hit: Hit, store: Records) -> bool:
    if not question.answers:
        return _is_right(question, hit, store)
    name, paragraph = store.paragraph(hit.paragraph)
    return question.is_answered_by(store.document(name).text[paragraph.start : paragraph.end])


def _is_right(question: GoldQuestion, hit: Hit, store: Records) -> bool:
    name, paragraph = store.paragraph(hit.paragraph)
    return question.is_right(name, paragraph, store.document(name).text[paragraph.start : paragraph.end])


def _count_relevant(question: GoldQuestion, corpus: Corpus) -> int:
    """Count the right paragraphs; a name that none can be found for counts as one that is missed, as trec_eval does."""
    if question.relevant is not None:
        found = [corpus.findable(name) for name in question.relevant]
        return len(set().union(*found)) + found.count(set())
    return sum(question.is_answered_by(words) for words in corpus.quotable) if question.answers else 0


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
