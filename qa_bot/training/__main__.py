"""``python -m qa_bot.training FEATURES WORK``: fine-tune the default encoder as a reader."""

import math
import random
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import click
import torch
from transformers.utils import logging as transformers_logging

from qa_bot.models.precision import cores
from qa_bot.training.batches import batches, grouped
from qa_bot.training.features import SEED, FeatureSet
from qa_bot.training.loop import Plan, resume, train
from qa_bot.training.mixture import draw
from qa_bot.training.model import new_model, on_device, trained

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
PIECES_IN_A_BATCH = 16_000
LEARNING_RATE = 2e-4


@click.command()
@click.argument("file", metavar="FEATURES", type=FILE)
@click.argument("work", type=click.Path(file_okay=False, path_type=Path))
@click.option("--passes", default=2, help="How often to draw rows.")
@click.option("--minutes", default=math.inf, help="End by then; the learning rate falls in time.")
@click.option("--teacher", "teachers", multiple=True, type=FILE, help="Learn from the reader of this checkpoint too.")
@click.option("--start", type=FILE, help="Begin with the weights of this checkpoint.")
@click.option("--seed", default=SEED, help="Draws the rows and their order; another reader takes another one.")
@click.option("--learning-rate", default=LEARNING_RATE, help="The highest.")
def main(
    file: Path,
    work: Path,
    *,
    passes: int,
    minutes: float,
    teachers: Sequence[Path],
    start: Path | None,
    seed: int,
    learning_rate: float,
) -> None:
    """Fine-tune the default encoder as a reader on FEATURES, and leave it in WORK; what was interrupted goes on."""
    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    work.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(seed)
    torch.set_num_threads(cores(0))
    features = FeatureSet.load(file)
    drawn = list(enumerate(draws(features, passes, seed)))
    steps = sum(
        1 for number, rows in drawn for _ in grouped(features, rows, pieces=PIECES_IN_A_BATCH, seed=seed + number)
    )
    model = on_device(new_model())
    if start is not None:
        resume(model, start)
    made = chain.from_iterable(
        batches(features, rows, pieces=PIECES_IN_A_BATCH, seed=seed + number) for number, rows in drawn
    )
    click.echo(
        f"{sum(len(rows) for _, rows in drawn)} rows drawn from {len(features)}, {steps} steps on {model.device}"
    )
    plan = Plan(steps, minutes, learning_rate, work / "checkpoint.pt")
    train(model, made, plan, click.echo, [on_device(trained(teacher)) for teacher in teachers])


def draws(features: FeatureSet, passes: int, seed: int) -> list[list[int]]:
    """Draw the rows of each pass."""
    generator = random.Random(seed)  # noqa: S311 - reproducible, no secrets
    sources = features.names[features.sources].tolist()
    answered = (features.starts > 0).tolist()
    return [draw(sources, answered, generator) for _ in range(passes)]


if __name__ == "__main__":
    main()
