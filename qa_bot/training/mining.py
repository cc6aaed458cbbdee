"""``python -m qa_bot.training.mining DATA FILE``: questions with passages that resemble the right one and do not answer.

What the reader reads is what the retriever found: passages near the question, of any document. The rows of collections
are about the right passage or another of its article only. Source: Karpukhin et al. (2020), "Dense Passage Retrieval",
section 3.2, where "hard negatives" are the best passages that lack the answer's words; here the encoder finds them.
"""

import gzip
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import numpy as np

from qa_bot.encoder.choosing import choose_encoder
from qa_bot.encoder.packaged import PACKAGED_ENCODER
from qa_bot.encoder.vectors import Vectors
from qa_bot.files import write_whole
from qa_bot.training.mixture import DERIVED, MADE_FROM, MINED, by_source
from qa_bot.training.rows import Row

# So many of the nearest passages are looked at …
NEAREST = 20
# … and so many kept.
KEPT = 6


@click.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def main(data: Path, file: Path) -> None:
    """Write to FILE, gzipped JSON Lines, which passages of DATA resemble its questions but do not answer them."""
    sources = by_source(data)
    rows = [row for source in MADE_FROM for row in sources[source]]
    asked = [row for row in rows if row.answers]
    passages = list(dict.fromkeys(row.passage for row in [*rows, *sources[DERIVED]]))
    click.echo(f"{len(asked)} questions, {len(passages)} passages")
    encoder = choose_encoder(PACKAGED_ENCODER, folder=Path(), precision="auto", threads=0, batch_size=32)
    questions = encoder.encode_documents([row.question for row in asked])
    found = mined(asked, questions, passages, encoder.encode_documents(passages))
    write_whole(file, gzip.compress("".join(map(_line, found)).encode()))


def _line(row: Row) -> str:
    fields = {"question": row.question, "passage": row.passage, "answers": [], "source": row.source}
    return json.dumps(fields, ensure_ascii=False) + "\n"


def mined(rows: Sequence[Row], questions: Vectors, passages: Sequence[str], vectors: Vectors) -> Iterator[Row]:
    """Yield each row's question with each of the ``KEPT`` nearest passages that have no answer's words, nearest first.

    ``questions`` are the vectors of the rows' questions, ``vectors`` those of the passages, all of length 1.
    """
    folded = [passage.casefold() for passage in passages]
    for row, question in zip(rows, questions, strict=True):
        words = {row.passage[start:end].casefold() for start, end in row.answers}
        nearest = np.argsort(-(vectors @ question), kind="stable")[:NEAREST]
        lacking = [n for n in nearest if passages[n] != row.passage and not any(word in folded[n] for word in words)]
        yield from (Row(MINED, row.question, passages[n], ()) for n in lacking[:KEPT])


if __name__ == "__main__":
    main()
