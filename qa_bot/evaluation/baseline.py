"""Compare a report with an earlier one: every question fixed or broken, and how likely chance did it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, Self

from pydantic import BaseModel, Field, ValidationError
from scipy.stats import binomtest

from qa_bot.errors import EvaluationError

COMPARED_FIGURES = ("hit@1", "mrr@10", "excerpt_hit", "highlight_hit", "auroc", "coverage", "error_rate", "ece")


class Line(BaseModel):
    """What a report says of one question; older reports do not say its words and what became of its gold."""

    id: str
    rank: int | None
    status: Literal["answered", "not_found"]
    excerpt_ok: bool | None
    highlight_ok: bool | None
    question: str | None = None
    gold: str | None = None

    @property
    def answerable(self) -> bool:
        """Whether the documents answer it."""
        return self.excerpt_ok is not None

    @property
    def reply_ok(self) -> bool:
        """Whether the reply is right: an excerpt that answers, or "not found" where nothing does."""
        return bool(self.excerpt_ok) if self.answerable else self.status == "not_found"


# What is compared, question by question; None where a question has nothing to do with it.
ASPECTS: Mapping[str, Callable[[Line], bool | None]] = MappingProxyType(
    {
        "right passage first": lambda line: line.rank == 1 if line.answerable else None,
        "right highlight": lambda line: line.highlight_ok,
        "right reply": lambda line: line.reply_ok,
    }
)


class Baseline(BaseModel):
    """An earlier report."""

    schema_: Literal[1] = Field(alias="schema")
    retrieval: dict[str, float | None]
    answers: dict[str, float | None]
    abstention: dict[str, Any]
    per_question: list[Line]
    commit: str | None = None
    made: str | None = None

    @classmethod
    def read(cls, file: Path) -> Self:
        """Read a report that ``evaluate --json`` wrote. Raises `EvaluationError`."""
        try:
            return cls.model_validate_json(file.read_bytes())
        except OSError as exc:
            msg = f"the baseline {file} cannot be read: {exc.strerror or exc}"
            raise EvaluationError(msg) from exc
        except ValidationError as exc:
            error = exc.errors()[0]
            where = ".".join(map(str, error["loc"])) or "the file"
            msg = f"the baseline {file} is no report of evaluate ({where}: {error['msg']}): write one with evaluate --json"
            raise EvaluationError(msg) from exc

    @property
    def lines(self) -> dict[str, Line]:
        """The questions by their ids."""
        return {line.id: line for line in self.per_question}


@dataclass(frozen=True, slots=True)
class Matched:
    """The questions of two reports, put side by side.

    ``pairs`` has both lines, before and now; ``reworded`` are ids that stand for other words now, ``lost`` those whose
    gold is lost in either report: neither can be compared.
    """

    pairs: list[tuple[Line, Line]]
    only_before: list[str]
    only_now: list[str]
    reworded: list[str]
    lost: list[str]


def compare(baseline: Baseline, report: dict[str, Any]) -> dict[str, Any]:
    """Compare a report with an earlier one, in the form of the report's own ``baseline``."""
    matched = match(baseline.lines, {line["id"]: Line(**line) for line in report["per_question"]})
    groups = ("retrieval", "answers", "abstention")
    before = baseline.retrieval | baseline.answers | baseline.abstention
    now = {name: value for group in groups for name, value in report[group].items()}
    return {
        "commit": baseline.commit,
        "made": baseline.made,
        "compared": len(matched.pairs),
        "only_before": matched.only_before,
        "only_now": matched.only_now,
        "reworded": matched.reworded,
        "gold_lost": matched.lost,
        "figures": {name: [before.get(name), now[name]] for name in COMPARED_FIGURES},
        "changes": {aspect: changes(matched.pairs, judge) for aspect, judge in ASPECTS.items()},
    }


def match(before: Mapping[str, Line], now: Mapping[str, Line]) -> Matched:
    """Put the questions of two reports side by side, by their ids."""
    both = [(before[name], line) for name, line in now.items() if name in before]
    reworded = [new.id for old, new in both if old.question not in {None, new.question}]
    lost = [new.id for old, new in both if "lost" in {old.gold, new.gold}]
    return Matched(
        pairs=[pair for pair in both if pair[1].id not in {*reworded, *lost}],
        only_before=[name for name in before if name not in now],
        only_now=[name for name in now if name not in before],
        reworded=reworded,
        lost=lost,
    )


def changes(pairs: Sequence[tuple[Line, Line]], judge: Callable[[Line], bool | None]) -> dict[str, Any]:
    """List the questions that were wrong and are right now, and the other way round, with McNemar's p."""
    judged = [(judge(old), judge(new), new) for old, new in pairs]
    fixed = [new for was, is_now, new in judged if was is False and is_now]
    broken = [new for was, is_now, new in judged if was and is_now is False]
    return {"fixed": _named(fixed), "broken": _named(broken), "p": round(mcnemar(len(fixed), len(broken)), 6)}


def mcnemar(fixed: int, broken: int) -> float:
    """Give the probability of so uneven a change, or a more uneven one, if fixing and breaking were equally likely.

    Source: McNemar (1947), in the exact form: a two-sided sign test of the questions that changed.
    """
    return float(binomtest(fixed, fixed + broken).pvalue) if fixed + broken else 1.0


def _named(lines: Sequence[Line]) -> list[dict[str, str | None]]:
    return [{"id": line.id, "question": line.question} for line in lines]
