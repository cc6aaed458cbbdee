"""What the reader learns from: which rows there are, and how many of each source in one pass."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from qa_bot.training.abbreviations import SPELT, UNEXPLAINED, abbreviation_rows
from qa_bot.training.negatives import ALONE, EXCHANGED, WITHOUT_ANSWER, alone, exchanged, without_the_answer
from qa_bot.training.rows import Row, collection_rows, reader_rows

DERIVED = "derived_negatives_en"
MINED = "mined"
# So many rows of each source in one pass: text like that of documents counts more than chat and single sentences …
ANSWERABLE = {
    "collection": 1_300,
    "squad_dev_otherhalf": 7_000,
    "squad_train_head": 4_500,
    "squadshifts_new_wiki": 7_500,
    "nq_dev_oracle_qed": 3_000,
    "afriqa_gold_en": 5_000,
    "tydiqa_goldp_en_train": 3_600,
    "squadshifts_reddit": 3_000,
    "squadshifts_amazon_reviews": 3_000,
    "fairytaleqa": 2_000,
    "covidqa_windowed": 1_000,
    "quotesum_dev": 300,
    "tatqa_text_spans": 600,
    "qamr": 3_000,
    "qadiscourse": 1_500,
    "tweetqa": 1_000,
    "molweni_test": 300,
    SPELT: 1_300,
    ALONE: 2_500,
}
# … and questions that people wrote to look answerable, which are few and the hardest, are seen twice each.
UNANSWERABLE = {
    "collection": 2_300,
    "squad_dev_otherhalf": 4_400,
    DERIVED: 6_000,
    MINED: 12_000,
    WITHOUT_ANSWER: 5_000,
    EXCHANGED: 5_000,
    UNEXPLAINED: 1_300,
    ALONE: 5_000,
}
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
# Of so many mined passages one gives a sentence by itself too.
MINED_ALONE = 6
# People leave it out as often as not.
WITHOUT_QUESTION_MARK = 0.2


def by_source(data: Path) -> dict[str, list[Row]]:
    """Read the rows of a folder with ``reader/train.jsonl.gz`` and ``squad2/`` that may be learnt from."""
    sources: dict[str, list[Row]] = defaultdict(list)
    for row in [*reader_rows(data / "reader" / "train.jsonl.gz"), *collection_rows(data / "squad2", aside=False)]:
        sources[row.source].append(row)
    return sources


def all_rows(data: Path, mined: Path, generator: random.Random) -> Iterator[Row]:
    """Yield all rows: those of the data, those found by `qa_bot.training.mining`, and those made from the data's."""
    sources = by_source(data)
    rows = [row for source in sorted(sources) for row in sources[source]]
    answerable = [row for source in MADE_FROM for row in sources[source] if row.answers]
    found = list(reader_rows(mined))
    made = [without_the_answer(row) for row in answerable]
    made += [exchanged(row, answerable, generator) for row in answerable]
    made += [alone(row, generator) for row in [*answerable, *found[::MINED_ALONE]]]
    everything = [*rows, *found, *(row for row in made if row), *abbreviation_rows(rows, generator)]
    return (_as_asked(row, generator) for row in everything)


def _as_asked(row: Row, generator: random.Random) -> Row:
    if generator.random() > WITHOUT_QUESTION_MARK:
        return row
    return Row(row.source, row.question.rstrip("? "), row.passage, row.answers, row.title)


def draw(sources: Sequence[str], answered: Sequence[bool], generator: random.Random) -> list[int]:
    """Draw the rows of one pass, by number, in random order; of each row its source is given, and whether it has an answer."""
    parts: dict[tuple[str, bool], list[int]] = defaultdict(list)
    for row, part in enumerate(zip(sources, answered, strict=True)):
        parts[part].append(row)
    counts = [((source, True), count) for source, count in ANSWERABLE.items()]
    counts += [((source, False), count) for source, count in UNANSWERABLE.items()]
    drawn = [row for part, count in counts for row in _some(parts[part], count, generator)]
    generator.shuffle(drawn)
    return drawn


def _some(rows: Sequence[int], count: int, generator: random.Random) -> list[int]:
    """Draw so many; where there are fewer, all of them, and some or all once more."""
    again = min(max(count - len(rows), 0), len(rows))
    return generator.sample(rows, min(count, len(rows))) + generator.sample(rows, again)
