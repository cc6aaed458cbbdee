"""What a calibration on half of a question set is worth on the other half.

``.venv/bin/python -m tests.calibration_benchmark FOLDER``, where the folder holds ``paragraphs.jsonl`` and
``questions.jsonl``. Questions are drawn, asked once and cut in two halves, many times. The index is kept below
``embeddings/collections``.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import click
import numpy as np

from qa_bot.config import load
from qa_bot.evaluation import metrics
from qa_bot.evaluation.calibrating import fit, logit_of
from qa_bot.evaluation.questions import load_questions
from qa_bot.evaluation.run import ask_all, open_bot


class Half(NamedTuple):
    """What became of the half that nothing was fitted on; ``promised`` is the error rate by cross-validation."""

    reached: bool
    ece_before: float
    ece: float
    error_rate: float
    coverage: float
    promised: float


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--questions", "count", default=800, help="How many questions to draw.")
@click.option(
    "--unanswerable", type=float, help="The share of questions that nothing answers; as in the set if not given."
)
@click.option("--max-error", default=0.05, help="The share of answers that may be wrong.")
@click.option("--splits", default=50, help="How often to cut the questions in two halves.")
def main(folder: Path, count: int, unanswerable: float | None, max_error: float, splits: int) -> None:
    """Ask questions of a collection and print what calibrating on one half does to the other."""
    generator = np.random.default_rng(7)
    gold = load_questions(folder / "questions.jsonl")
    yes, no = ([question for question in gold if question.answerable is kind] for kind in (True, False))
    share = len(no) / len(gold) if unanswerable is None else unanswerable
    drawn = [yes[at] for at in generator.permutation(len(yes))[: round(count * (1 - share))]]
    drawn += [no[at] for at in generator.permutation(len(no))[: round(count * share)]]
    with click.progressbar(length=len(drawn), label="asking") as bar:
        bot = open_bot(load(), folder / "paragraphs.jsonl", lambda *_: None, calibrated=False)
        outcomes = ask_all(bot, drawn, lambda *_: bar.update(1))
    confidences = [outcome.answer.confidence for outcome in outcomes]
    truths = [outcome.first_ok for outcome in outcomes]
    halves = [halve(confidences, truths, max_error, np.random.default_rng(seed)) for seed in range(splits)]
    click.echo(f"{len(drawn)} questions, {share:.0%} unanswerable, {splits} splits, at most {max_error:g} wrong")
    for name in Half._fields:
        values = np.array([getattr(half, name) for half in halves], dtype=float)
        click.echo(
            f"{name:<11} mean {values.mean():.3f}  from {np.quantile(values, 0.05):.3f} to {np.quantile(values, 0.95):.3f}"
        )
    answers = sum(half.coverage for half in halves)
    wrong = sum(half.coverage * half.error_rate for half in halves)
    click.echo(f"of all answers together {wrong / answers if answers else 0:.3f} are wrong")


def halve(
    confidences: Sequence[float], truths: Sequence[bool], max_error: float, generator: np.random.Generator
) -> Half:
    """Calibrate on a random half and look at the other."""
    order = generator.permutation(len(truths))
    one, other = order[::2], order[1::2]
    shipped, right = np.array(confidences), np.array(truths)
    found = fit(shipped[one].tolist(), right[one].tolist(), max_error)
    probabilities = found.line.probabilities(np.array([logit_of(value) for value in shipped[other].tolist()]))
    answered, held_out = probabilities >= found.threshold, right[other]
    return Half(
        reached=found.reached,
        ece_before=metrics.calibration_error(shipped[other].tolist(), held_out.tolist()),
        ece=metrics.calibration_error(probabilities.tolist(), held_out.tolist()),
        error_rate=float((~held_out[answered]).mean()) if answered.any() else 0.0,
        coverage=float(answered.mean()),
        promised=found.trial.error_rate,
    )


if __name__ == "__main__":
    main()
