"""Measure what questions in other words cost: each kind of wording against the same questions as they are.

``python -m tests.wording_benchmark QUESTIONS [--paragraphs FILE] [--count N] [--seed N] [--kind KIND …]``: of the set, N
answerable questions and as many unanswerable ones in proportion are drawn, and asked in every wording. Without
``--paragraphs`` the documents are those in ``seeds/``. The index is built once and kept.
"""

import argparse
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qa_bot.bot import QaBot
from qa_bot.config import load
from qa_bot.evaluation import metrics
from qa_bot.evaluation.anchors import Corpus
from qa_bot.evaluation.judging import Outcome, judge
from qa_bot.evaluation.perturbing import Kind, Perturbed, perturb
from qa_bot.evaluation.questions import GoldQuestion, load_questions
from qa_bot.evaluation.run import open_bot
from qa_bot.index.encoding import no_progress
from qa_bot.records import Answer

HEADER = (
    f"{'':<11}{'asked':>6}{'hit@1':>8}{'hit@5':>8}{'highlight':>11}{'loss: @1':>11}{'@5':>8}{'highlight':>11}"
    f"{'answered':>10}{'auroc':>8}{'both shown':>12}{'p50 ms':>8}\n"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in other words with what became of it; ``both`` says whether each part's gold is among the excerpts."""

    first: str
    outcome: Outcome
    both: bool | None


def draw(questions: Sequence[GoldQuestion], count: int | None, seed: int) -> list[GoldQuestion]:
    """Draw ``count`` answerable questions, and of the others the same share, in the order of the set."""
    answerable = sum(question.answerable for question in questions)
    if count is None or count >= answerable:
        return list(questions)
    rng = random.Random(seed)
    drawn: set[str] = set()
    for kind in (True, False):
        ids = [question.id for question in questions if question.answerable is kind]
        drawn.update(rng.sample(ids, round(count * len(ids) / answerable)))
    return [question for question in questions if question.id in drawn]


def ask(bot: QaBot, corpus: Corpus, item: Perturbed) -> Asked:
    """Ask one question."""
    answer = bot.ask(item.question.question)
    joined = len(item.parts) > 1 and all(part.answerable for part in item.parts)
    both = all(_shows(bot, corpus, answer, part) for part in item.parts) if joined else None
    return Asked(item.parts[0].id, judge(item.question, answer, corpus, bot.index.store), both)


def _shows(bot: QaBot, corpus: Corpus, answer: Answer, part: GoldQuestion) -> bool:
    outcome = judge(part, answer, corpus, bot.index.store)
    shown = {excerpt.evidence.hit.paragraph for excerpt in answer.excerpts}
    return any(right and hit.paragraph in shown for right, hit in zip(outcome.right, answer.ranking, strict=True))


def figures(asked: Sequence[Asked]) -> tuple[float, float, float]:
    """Give hit@1, hit@5 and highlight_hit of the answerable questions."""
    own = [item.outcome for item in asked if item.outcome.question.answerable]
    ranks = [outcome.rank for outcome in own]
    highlights = [bool(outcome.highlight_ok) for outcome in own]
    return metrics.hit_rate(ranks, 1), metrics.hit_rate(ranks, 5), metrics.mean(highlights)


def line(name: str, asked: Sequence[Asked], original: Sequence[Asked]) -> str:
    """Give a line of the table; the loss is against the same questions as they are."""
    reached, base = figures(asked), figures([item for item in original if item.first in {a.first for a in asked}])
    answerable = [item.outcome for item in asked if item.outcome.question.answerable]
    others = [item.outcome for item in asked if not item.outcome.question.answerable]
    area = metrics.auroc([o.answer.confidence for o in answerable], [o.answer.confidence for o in others])
    both = [item.both for item in asked if item.both is not None]
    p50 = metrics.percentile([item.outcome.answer.timings.total for item in asked], 0.5)
    lost = [before - after for before, after in zip(base, reached, strict=True)]
    return (
        f"{name:<11}{len(asked):>6}{reached[0]:>8.3f}{reached[1]:>8.3f}{reached[2]:>11.3f}"
        f"{lost[0]:>11.3f}{lost[1]:>8.3f}{lost[2]:>11.3f}{metrics.mean([o.answered for o in answerable]):>10.3f}"
        f"{'–' if area is None else f'{area:.3f}':>8}{f'{metrics.mean(both):.3f}' if both else '–':>12}{p50:>8.1f}\n"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("questions", type=Path)
    parser.add_argument("--paragraphs", type=Path)
    parser.add_argument("--count", type=int)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--kind", action="append", choices=[kind.value for kind in Kind])
    given = parser.parse_args()
    questions = draw(load_questions(given.questions), given.count, given.seed)
    with open_bot(load(None), given.paragraphs, no_progress) as bot:
        bot.load()
        corpus = Corpus(bot.index.store)
        original = [ask(bot, corpus, Perturbed(question, (question,))) for question in questions]
        sys.stdout.write(HEADER + line("as it is", original, original))
        for kind in [Kind(name) for name in given.kind or Kind]:
            asked = [ask(bot, corpus, item) for item in perturb(questions, kind, given.seed)]
            sys.stdout.write(line(kind.value, asked, original))
            sys.stdout.flush()


if __name__ == "__main__":
    main()
