"""``python -m qa_bot.fitting DATA``: fit the weights on the collections in a folder."""

import datetime as dt
import importlib.metadata
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from qa_bot.config import Settings, load
from qa_bot.evidence import Judge
from qa_bot.fitting.collections import ABBREVIATIONS, ROWS, SQUAD, FitCollection, load_all
from qa_bot.fitting.fit import SHARES, fit_confidence, fit_ranking, fit_reach, fit_sentence
from qa_bot.fitting.gathering import Asked, Example, Kind, foreign_to, gather
from qa_bot.fitting.measuring import measure
from qa_bot.index.encoding import no_progress
from qa_bot.opening import make_encoder, make_reader, open_index
from qa_bot.reader.packaged import PACKAGED_READER
from qa_bot.training.rows import KEPT_ASIDE
from qa_bot.weights import Weights, packaged_weights

FAR_QUESTIONS = 600
# A right answer withheld is so much worse than a wrong one shown, which whoever asks sees to be wrong.
WITHHELD_COSTS = 5


@click.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--config", type=click.Path(path_type=Path), help="The configuration, which names the reader.")
@click.option("--collection", "names", multiple=True, help="Fit on this one only; may be given several times.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Where to write; the packaged file if not given, which must be for its reader or none.",
)
def main(data: Path, config: Path | None, names: tuple[str, ...], out: Path | None) -> None:
    """Fit the weights of ranking, sentences and confidence on the collections in DATA."""
    settings = load(config)
    file = out or _packaged_file(settings.evidence.reader)
    examples = gather_all(settings, load_all(data, names))
    weights = fit(examples, settings)
    file.write_text(weights.model_dump_json(indent=1) + "\n", encoding="utf-8")
    click.echo(json.dumps(weights.model_dump(), indent=1))


def _packaged_file(reader: str) -> Path:
    """Name the packaged file for the packaged reader or for none; what is fitted for another one never takes its place."""
    if reader not in {"", PACKAGED_READER}:
        msg = f"the weights for {reader} need a file of their own: name it with --out, or make weights OUT=FILE"
        raise click.UsageError(msg)
    return packaged_weights(reader or None)


def gather_all(settings: Settings, collections: Sequence[FitCollection]) -> list[Example]:
    """Build an index for each collection where there is none, and gather the scores of its questions."""
    encoder = make_encoder(settings)
    # The weights in force only decide which hits are gathered, and every score is gathered as it is; nothing is out of reach.
    weights = Weights.load(packaged_weights(None)).model_copy(update={"reach": math.inf})
    judge = Judge(weights, None, make_reader(settings), settings.evidence.reads)
    examples: list[Example] = []
    for collection in collections:
        folder = settings.paths.embeddings / "collections" / f"fitting-{collection.name}"
        with open_index(folder, collection.paragraphs, encoder, no_progress) as index:
            asked = Asked(index, encoder, judge)
            foreign = foreign_to(collection, collections, FAR_QUESTIONS)
            for questions, unanswerable in ((collection, Kind.NEAR), (foreign, Kind.FAR)):
                with click.progressbar(
                    length=len(questions.questions), label=f"{collection.name} {unanswerable}"
                ) as bar:
                    examples += gather(questions, asked, unanswerable=unanswerable, progress=lambda *_: bar.update(1))
    return examples


def fit(examples: Sequence[Example], settings: Settings) -> Weights:
    """Fit all weights, and say on what and how well they do on what was kept aside."""
    seen = [example for example in examples if not example.aside]
    aside = [example for example in examples if example.aside]
    # The reader knows more about what it has learnt from than about anything else; without it the others alone teach as much.
    new = [example for example in seen if example.collection != SQUAD] or seen
    # Made questions teach only what they are made for: which paragraph explains. Sentences and confidences fitted to them
    # as well are worse on those that people asked.
    asked = [example for example in seen if example.collection != ABBREVIATIONS]
    # Which other hit comes first can only be told of questions that mean something by themselves.
    complete = [example for example in asked if example.collection != ROWS]
    ranking, sentence = fit_ranking(new), fit_sentence([e for e in new if e.collection != ABBREVIATIONS])
    # Most near misses that people wrote are of what the reader has learnt from, so that stays; by itself it would teach to
    # trust the reader too much.
    confidence = fit_confidence(asked, ranking, sentence)
    return Weights(
        reader=settings.evidence.reader or None,
        ranking=ranking,
        sentence=sentence,
        confidence=confidence,
        reach=fit_reach(complete, ranking),
        # With calibrated confidences the least costly. Source: Elkan (2001), "The Foundations of Cost-Sensitive Learning".
        threshold=round(1 / (1 + WITHHELD_COSTS), 4),
        provenance={
            "made": dt.datetime.now(tz=dt.UTC).date().isoformat(),
            "version": importlib.metadata.version("qa-bot"),
            "encoder": settings.encoder.model,
            "reads": settings.evidence.reads if settings.evidence.reader else 0,
            "command": "make weights",
            "fitted_on": _counts(seen),
            "ranking_and_sentences_on": sorted({example.collection for example in new}),
            "confidence_on": sorted({example.collection for example in asked}),
            "shares_for_confidence": {kind.value: share for kind, share in SHARES.items()},
            "kept_aside": (
                f"articles {', '.join(sorted(KEPT_ASIDE))} of squad2, every second passage of reader, every second question of "
                "the others, every second abbreviation"
            ),
            "measured_on_what_was_kept_aside": measure(aside, ranking, sentence, confidence),
        },
    )


def _counts(examples: Sequence[Example]) -> dict[str, Any]:
    names = sorted({example.collection for example in examples})
    return {
        name: {kind.value: sum(e.collection == name and e.kind is kind for e in examples) for kind in Kind}
        for name in names
    }


if __name__ == "__main__":
    main()
