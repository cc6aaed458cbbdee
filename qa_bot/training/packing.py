"""``python -m qa_bot.training.packing FEATURES WORK``: make the trained reader int8, as it is packaged."""

from pathlib import Path

import click
import numpy as np

from qa_bot.quantising.export import quantise
from qa_bot.quantising.wrapped import Spans
from qa_bot.reader.packaged import OUTPUTS
from qa_bot.training.batches import collate
from qa_bot.training.features import SEED, FeatureSet
from qa_bot.training.model import trained

# What the reader reads to show how large numbers become in it.
EXAMPLES = 200


@click.command()
@click.argument("file", metavar="FEATURES", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("work", type=click.Path(exists=True, file_okay=False, path_type=Path))
def main(file: Path, work: Path) -> None:
    """Make the reader that was trained in WORK int8, and leave it there."""
    features = FeatureSet.load(file)
    chosen = np.random.default_rng(SEED).choice(len(features), min(EXAMPLES, len(features)), replace=False)
    model = trained(work / "checkpoint.pt")
    read = [collate(features, [int(row)]) for row in chosen]
    quantise(Spans(model), [(batch.ids, batch.types) for batch in read], OUTPUTS, work)


if __name__ == "__main__":
    main()
