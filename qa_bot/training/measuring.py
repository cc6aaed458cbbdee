"""``python -m qa_bot.training.measuring DATA READER``: how well a reader does on rows that it has not learnt from."""

from collections.abc import Sequence
from pathlib import Path

import click

from qa_bot.evaluation import metrics, spans
from qa_bot.reader.choosing import choose_reader
from qa_bot.reader.reading import Passage, Reader
from qa_bot.splitting.sentences import sentences_of
from qa_bot.training.rows import Row, collection_rows, reader_rows


@click.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("reader")
def main(data: Path, reader: str) -> None:
    """Measure READER, "packaged" or a name or path, on the questions of DATA that were kept aside."""
    opened = choose_reader(reader, folder=Path(), precision="auto", threads=0)
    for name, rows in (
        ("articles kept aside", list(collection_rows(data / "squad2", aside=True))),
        ("reader/dev", list(reader_rows(data / "reader" / "dev.jsonl.gz"))),
    ):
        figures = measure(opened, rows)
        click.echo(f"{name}: {len(rows)} rows, " + ", ".join(f"{key} {value:.3f}" for key, value in figures.items()))


def measure(reader: Reader, rows: Sequence[Row]) -> dict[str, float]:
    """Measure exact answers, the choice of the sentence, and how well rows with and without an answer are told apart.

    ``exact`` and ``f1`` are those of SQuAD, over the rows with an answer, also where the reader thinks there is none;
    ``right_sentence`` likewise; ``auroc`` is over all rows.
    """
    exact, f1, right, with_answer, without = [], [], [], [], []
    for row in rows:
        score, words, sentence = _read(reader, row)
        if not row.answers:
            without.append(score)
            continue
        gold = [row.passage[start:end] for start, end in row.answers]
        exact.append(spans.exact(words, gold))
        f1.append(spans.f1(words, gold))
        right.append(any(sentence[0] < end and start < sentence[1] for start, end in row.answers))
        with_answer.append(score)
    return {
        "exact": metrics.mean(exact),
        "f1": metrics.mean(f1),
        "right_sentence": metrics.mean(right),
        "auroc": metrics.auroc(with_answer, without) or 0.0,
    }


def _read(reader: Reader, row: Row) -> tuple[float, str, tuple[int, int]]:
    """Give the best sentence's score, the words marked in it, and its offsets."""
    sentences = tuple((s.start, s.end) for s in sentences_of(row.passage, 0, len(row.passage), lines=False))
    [reading] = reader.read(row.question, [Passage(row.passage, sentences)])
    best = max(range(len(sentences)), key=lambda number: reading.sentences[number])
    span = reading.spans[best]
    return reading.sentences[best], row.passage[slice(*span)] if span else "", sentences[best]


if __name__ == "__main__":
    main()
