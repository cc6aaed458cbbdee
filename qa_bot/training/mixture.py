"""What the reader learns from: how many rows of each source, which are repeated, and in which order."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from qa_bot.training.abbreviations import abbreviation_rows
from qa_bot.training.negatives import exchanged, without_the_answer
from qa_bot.training.rows import Row, collection_rows, reader_rows

# At most so many answerable rows of each source. Text like that of documents counts more than chat and single sentences.
ANSWERABLE = {
    "collection": 2_000,
    "squad_dev_otherhalf": 7_000,
    "squad_train_head": 4_500,
    "squadshifts_new_wiki": 5_000,
    "nq_dev_oracle_qed": 3_000,
    "afriqa_gold_en": 3_000,
    "tydiqa_goldp_en_train": 3_000,
    "squadshifts_reddit": 2_500,
    "squadshifts_amazon_reviews": 2_500,
    "fairytaleqa": 1_500,
    "covidqa_windowed": 800,
    "quotesum_dev": 300,
    "tatqa_text_spans": 500,
    "qamr": 4_000,
    "qadiscourse": 1_500,
    "tweetqa": 1_000,
    "molweni_test": 300,
}
# Questions that people wrote to look answerable are few and the hardest: each is seen so often …
NEAR_SOURCES = ("collection", "squad_dev_otherhalf")
NEAR_VISITS = 2
# … and these are found or made.
DERIVED = "derived_negatives_en"
DERIVED_ROWS = 5_000
WITHOUT_ANSWER = 4_500
EXCHANGED = 3_500
# What negatives are made from: questions that stand on their own, about passages of several sentences.
MADE_FROM = (
    "collection",
    "squad_dev_otherhalf",
    "squad_train_head",
    "squadshifts_new_wiki",
    "tydiqa_goldp_en_train",
    "nq_dev_oracle_qed",
    "afriqa_gold_en",
)


def mixture(data: Path, seed: int) -> list[Row]:
    """Draw the rows to train on from a folder with ``reader/train.jsonl.gz`` and ``squad2/``, in random order."""
    generator = random.Random(seed)  # noqa: S311 - reproducible, no secrets
    sources: dict[str, list[Row]] = defaultdict(list)
    for row in [*reader_rows(data / "reader" / "train.jsonl.gz"), *collection_rows(data / "squad2", aside=False)]:
        sources[row.source].append(row)
    rows = [row for source in sorted(ANSWERABLE) for row in _some(sources[source], ANSWERABLE[source], generator)]
    rows += [row for source in NEAR_SOURCES for row in sources[source] if not row.answers] * NEAR_VISITS
    rows += _draw(sources[DERIVED], DERIVED_ROWS, generator)
    rows += _made(sources, generator)
    rows += abbreviation_rows([row for source in sorted(sources) for row in sources[source]], generator)
    generator.shuffle(rows)
    return rows


def _some(rows: Iterable[Row], count: int, generator: random.Random) -> list[Row]:
    return _draw([row for row in rows if row.answers], count, generator)


def _draw(rows: Sequence[Row], count: int, generator: random.Random) -> list[Row]:
    return generator.sample(rows, min(count, len(rows)))


def _made(sources: dict[str, list[Row]], generator: random.Random) -> Iterator[Row]:
    answerable = [row for source in MADE_FROM for row in sources[source] if row.answers]
    generator.shuffle(answerable)
    yield from _first(answerable, without_the_answer, WITHOUT_ANSWER)
    generator.shuffle(answerable)
    yield from _first(answerable, lambda row: exchanged(row, answerable, generator), EXCHANGED)


def _first(rows: Iterable[Row], make: Callable[[Row], Row | None], count: int) -> Iterator[Row]:
    made = (negative for row in rows if (negative := make(row)) is not None)
    return (negative for _, negative in zip(range(count), made, strict=False))
