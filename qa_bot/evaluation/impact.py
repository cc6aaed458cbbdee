"""What a document would change before it is published: which questions would get another answer with it."""

import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from qa_bot.bot import QaBot
from qa_bot.counting import counted
from qa_bot.errors import ReadError
from qa_bot.evaluation.anchors import Corpus
from qa_bot.evaluation.judging import Outcome, judge
from qa_bot.evaluation.questions import GoldQuestion
from qa_bot.evaluation.run import refuse_unaskable
from qa_bot.index.encoding import Progress
from qa_bot.reading import scan, single
from qa_bot.records import Answer, Document, Excerpt

NOTHING = "not found"
# So many characters of a question name it.
BRIEF = 60


class Kind(StrEnum):
    """What happens to an answer."""

    FOUND = "would be answered"
    LOST = "would not be answered any more"
    OTHER = "would get another answer"
    FURTHER = "would get the same answer, and others beside it than now"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that people ask, where it is known from, and its gold if somebody said what is right."""

    question: str
    origin: str
    gold: GoldQuestion | None


@dataclass(frozen=True, slots=True)
class Change:
    """A question that would get another answer; ``right_before`` and ``right_after`` only where there is gold."""

    asked: Asked
    kind: Kind
    before: Answer
    after: Answer
    right_before: bool | None
    right_after: bool | None


@dataclass(frozen=True, slots=True)
class Impact:
    """What a document would do: to which one of the same name, how many questions were asked, which answers change."""

    document: Document
    paragraphs: int
    replaces: bool
    questions: int
    changes: tuple[Change, ...]


def impact(bot: QaBot, file: Path, name: str, questions: Sequence[Asked], progress: Progress) -> Impact:
    """Ask every question twice: with the documents as they are, and as they would be with a file.

    Args:
        bot: the bot as it answers now.
        file: the file, wherever it is.
        name: what the document would be called; one of that name would be replaced.
        questions: what to ask.
        progress: told ``(asked, all)``.

    Raises:
        ReadError: the file cannot become a document.
        QuestionSetError: one of the questions cannot be asked; none was.

    """
    refuse_unaskable(bot, ((f"“{_brief(asked.question)}” ({asked.origin})", asked.question) for asked in questions))
    replaces = name in bot.index.store.stamps()
    with _with_file(bot, file, name) as changed:
        corpora = Corpus(bot.index.store), Corpus(changed.index.store)
        changes = []
        for number, asked in enumerate(questions, start=1):
            pair = bot.ask(asked.question), changed.ask(asked.question)
            kind = _kind(*pair)
            if kind is not None:
                right = [
                    _is_right(asked.gold, answer, corpus, of)
                    for answer, corpus, of in zip(pair, corpora, (bot, changed), strict=True)
                ]
                changes.append(Change(asked, kind, *pair, *right))
            progress(number, len(questions))
        store = changed.index.store
        return Impact(store.document(name), len(store.paragraphs(name)), replaces, len(questions), tuple(changes))


def _brief(question: str) -> str:
    return textwrap.shorten(question, BRIEF, placeholder="…")


@contextmanager
def _with_file(bot: QaBot, file: Path, name: str) -> Iterator[QaBot]:
    """Give a bot over a passing index of the documents with the file among them; what is unchanged is not encoded again."""
    limits = bot.settings.reading.limits
    others = [seed for seed in scan(bot.settings.paths.seeds, limits) if seed.name != name]
    sources = sorted([*others, single(file, name, limits)], key=lambda seed: seed.name)
    with bot.keeper.passing(sources, bot.encoder) as (index, report):
        if name in report.refused:
            msg = f"{file} {report.refused[name]}"
            raise ReadError(msg)
        yield bot.over(index)


def _kind(before: Answer, after: Answer) -> Kind | None:
    was, is_ = ([excerpt.text for excerpt in answer.excerpts] for answer in (before, after))
    if was == is_:
        return None
    if not was or not is_:
        return Kind.FOUND if is_ else Kind.LOST
    return Kind.FURTHER if was[0] == is_[0] else Kind.OTHER


def _is_right(gold: GoldQuestion | None, answer: Answer, corpus: Corpus, bot: QaBot) -> bool | None:
    if gold is None:
        return None
    outcome: Outcome = judge(gold, answer, corpus, bot.index.store)
    return bool(outcome.excerpt_ok) if gold.answerable else not outcome.answered


def impact_lines(found: Impact) -> Iterator[str]:
    """Yield the lines that tell an editor what publishing would do."""
    document = found.document
    yield (
        f"{document.name} would {'be replaced' if found.replaces else 'be added'}: "
        f"“{document.title}”, {counted(found.paragraphs, 'paragraph')}"
    )
    yield from (f"    warning: {warning}" for warning in document.warnings)
    better, worse = (
        sum((change.right_before, change.right_after) == pair for change in found.changes)
        for pair in ((False, True), (True, False))
    )
    yield (
        f"{len(found.changes)} of {counted(found.questions, 'question')} would get another answer; by what is known to be right, "
        f"better: {better}, worse: {worse}"
    )
    for change in sorted(found.changes, key=_urgency):
        yield ""
        yield f"? {change.asked.question}  ({change.asked.origin}) {change.kind.value}{_verdict(change)}"
        yield from _difference(change)


def _urgency(change: Change) -> int:
    """Order what becomes worse before what becomes better, and that before what nobody has judged."""
    if change.right_before == change.right_after:
        return 2
    return 1 if change.right_after else 0


def _verdict(change: Change) -> str:
    return {0: ": worse", 1: ": better"}.get(_urgency(change), "")


def _difference(change: Change) -> Iterator[str]:
    now, then = change.before.excerpts, change.after.excerpts
    if change.kind is not Kind.FURTHER:
        yield f"    now:  {_said(now[0]) if now else NOTHING}"
        yield f"    then: {_said(then[0]) if then else NOTHING}"
        return
    for excerpts, others, verb in ((now, then, "no more:"), (then, now, "besides:")):
        kept = {excerpt.text for excerpt in others}
        yield from (f"    {verb} {_said(excerpt)}" for excerpt in excerpts if excerpt.text not in kept)


def _said(excerpt: Excerpt) -> str:
    text = excerpt.evidence.document.text
    words = " […] ".join(text[mark.start : mark.end] for mark in excerpt.highlights)
    return f"{' '.join(words.split())} [{excerpt.citation.document}, line {excerpt.citation.line}]"


def impact_as_json(found: Impact) -> dict[str, Any]:
    """Give it as what `json.dumps` takes."""
    return {
        "schema": 1,
        "document": found.document.name,
        "title": found.document.title,
        "paragraphs": found.paragraphs,
        "warnings": list(found.document.warnings),
        "replaces": found.replaces,
        "questions": found.questions,
        "changes": [
            {
                "question": change.asked.question,
                "origin": change.asked.origin,
                "kind": change.kind.name.lower(),
                "before": _answer(change.before),
                "after": _answer(change.after),
                "right_before": change.right_before,
                "right_after": change.right_after,
            }
            for change in found.changes
        ],
    }


def _answer(answer: Answer) -> dict[str, Any]:
    excerpts = [
        {"document": excerpt.citation.document, "line": excerpt.citation.line, "text": excerpt.text}
        for excerpt in answer.excerpts
    ]
    return {"status": answer.status.value, "confidence": round(answer.confidence, 4), "excerpts": excerpts}
