"""What was measured, judged by the project's own rule, as figures and as a table in Markdown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from comparison.protocol import HITS
from comparison.running import Measured
from qa_bot.evaluation.metrics import Rank, hit_rate, percentile, reciprocal_rank
from qa_bot.evaluation.questions import GoldQuestion

NO_FIGURE = "–"


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one contender."""

    rate: float
    start_up: float
    p50: float
    p95: float
    hit_at_1: float
    hit_at_5: float
    mrr: float
    memory_indexing: float
    memory_asking: float
    changing: float


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: its title, the figure's name, and with how many digits it is written."""

    title: str
    figure: str
    digits: int

    def of(self, figures: Figures) -> str:
        """Write the figure."""
        return f"{getattr(figures, self.figure):,.{self.digits}f}"


COLUMNS = (
    Column("paragraphs indexed per second", "rate", 1),
    Column("one paragraph changed, s", "changing", 2),
    Column("start-up, s", "start_up", 1),
    Column("p50, ms", "p50", 1),
    Column("p95, ms", "p95", 1),
    Column("hit@1", "hit_at_1", 3),
    Column("hit@5", "hit_at_5", 3),
    Column("MRR@10", "mrr", 3),
    Column("memory, indexing, MB", "memory_indexing", 0),
    Column("memory, asking, MB", "memory_asking", 0),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: figures, or why there are none."""

    name: str
    version: str
    note: str
    outcome: Figures | str


def first_right(question: GoldQuestion, found: Sequence[str], texts: Mapping[str, str]) -> Rank:
    """Give the rank of the first right paragraph.

    Args:
        question: the question with its gold.
        found: the ids of the paragraphs found, best first.
        texts: the words of each paragraph by its id.

    """
    for rank, name in enumerate(found, start=1):
        right = question.is_answered_by(texts[name]) if question.relevant is None else name in question.relevant
        if right:
            return rank
    return None


def figures_of(measured: Measured, questions: Sequence[GoldQuestion], texts: Mapping[str, str]) -> Figures:
    """Judge what a contender found, and sum up what it took."""
    ranks = [first_right(gold, found, texts) for gold, found in zip(questions, measured.found, strict=True)]
    return Figures(
        rate=len(texts) / measured.indexing,
        start_up=measured.start_up,
        p50=percentile(measured.milliseconds, 0.5),
        p95=percentile(measured.milliseconds, 0.95),
        hit_at_1=hit_rate(ranks, 1),
        hit_at_5=hit_rate(ranks, 5),
        mrr=reciprocal_rank(ranks, HITS),
        memory_indexing=measured.memory_indexing,
        memory_asking=measured.memory_asking,
        changing=measured.changing,
    )


def table(rows: Sequence[Row]) -> str:
    """Write the rows as a table, and below it how each contender was used and which could not be measured."""
    lines = [
        f"| | version | {' | '.join(column.title for column in COLUMNS)} |",
        f"|---|---{'|--:' * len(COLUMNS)}|",
        *(f"| {row.name} | {row.version} | {' | '.join(_cells(row))} |" for row in rows),
        "",
        *(f"- **{row.name}**: {_below(row)}" for row in rows),
    ]
    return "\n".join(lines)


def _cells(row: Row) -> list[str]:
    if isinstance(row.outcome, str):
        return [NO_FIGURE] * len(COLUMNS)
    return [column.of(row.outcome) for column in COLUMNS]


def _below(row: Row) -> str:
    return f"{row.note}. Not measured: {row.outcome}" if isinstance(row.outcome, str) else row.note
