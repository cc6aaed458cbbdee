"""The gate of an evaluation: what its figures must reach, as in ``hit@1>=.85 and error_rate<=.05``.

A gate is comparisons of a figure with a number, joined by ``and`` and ``or``, with parentheses. Python's own parser reads
it (``hit@1`` is to it a product of matrices), and nothing of it is ever run.
"""

import ast
import operator
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Self

from qa_bot.errors import EvaluationError

FIGURES = (
    "hit@1", "hit@3", "hit@5", "hit@10", "mrr@10", "ndcg@10", "excerpt_hit", "highlight_hit", "highlight_sentences",
    "exact", "f1", "auroc", "coverage", "error_rate", "false_answer_rate", "ece", "p50", "p95", "gold_lost", "questions",
    "answerable", "unanswerable",
)  # fmt: skip

OPERATORS: Mapping[type[ast.cmpop], tuple[str, Callable[[float, float], bool]]] = MappingProxyType(
    {
        ast.GtE: (">=", operator.ge),
        ast.LtE: ("<=", operator.le),
        ast.Gt: (">", operator.gt),
        ast.Lt: ("<", operator.lt),
        ast.Eq: ("==", operator.eq),
    }
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A figure compared with a number."""

    figure: str
    sign: str
    compare: Callable[[float, float], bool]
    number: float

    def holds(self, figures: Mapping[str, float | None]) -> bool:
        """Whether it holds; a figure that has no value reaches nothing."""
        value = figures[self.figure]
        return value is not None and self.compare(value, self.number)

    def comparisons(self) -> Iterator["Comparison"]:
        """Yield itself."""
        yield self

    def __str__(self) -> str:
        return f"{self.figure} {self.sign} {self.number:g}"


@dataclass(frozen=True, slots=True)
class Junction:
    """Parts joined by ``and`` or by ``or``."""

    join: Callable[[list[bool]], bool]
    parts: tuple["Comparison | Junction", ...]

    def holds(self, figures: Mapping[str, float | None]) -> bool:
        """Whether all hold, or any."""
        return self.join([part.holds(figures) for part in self.parts])

    def comparisons(self) -> Iterator[Comparison]:
        """Yield the comparisons in it, from left to right."""
        for part in self.parts:
            yield from part.comparisons()


@dataclass(frozen=True, slots=True)
class Gate:
    """What a report must reach."""

    expression: str
    condition: Comparison | Junction

    @classmethod
    def parse(cls, expression: str) -> Self:
        """Read a gate. Raises `EvaluationError`."""
        try:
            with warnings.catch_warnings():
                # It would warn of ".85and", which cannot be misread.
                warnings.simplefilter("ignore")
                tree = ast.parse(expression.strip(), mode="eval")
            return cls(expression, _node(tree.body))
        except (SyntaxError, ValueError, RecursionError, MemoryError) as exc:
            raise EvaluationError(_not_understood(expression)) from exc

    def check(self, report: dict[str, Any]) -> dict[str, Any]:
        """Compare a report with the gate, in the form of the report's own ``gate``."""
        figures = figures_of(report)
        return {
            "expression": self.expression,
            "holds": self.condition.holds(figures),
            "comparisons": [
                {"comparison": str(part), "value": figures[part.figure], "holds": part.holds(figures)}
                for part in self.condition.comparisons()
            ],
        }


def figures_of(report: dict[str, Any]) -> dict[str, float | None]:
    """Give the figures of a report that a gate may name."""
    groups = ("retrieval", "answers", "abstention", "latency_ms")
    every = {name: value for group in groups for name, value in report[group].items()} | report
    return {name: every[name] for name in FIGURES if name != "gold_lost"} | {"gold_lost": report["gold"]["lost"]}


def _node(node: ast.expr) -> Comparison | Junction:
    match node:
        case ast.BoolOp(op=joined, values=values):
            return Junction(all if isinstance(joined, ast.And) else any, tuple(map(_node, values)))
        case ast.Compare(left=left, ops=[compared], comparators=[ast.Constant(value=int() | float() as number)]) if (
            type(compared) in OPERATORS and not isinstance(number, bool)
        ):
            return Comparison(_figure(left), *OPERATORS[type(compared)], float(number))
    msg = f"not part of a gate: {ast.unparse(node)}"
    raise ValueError(msg)


def _figure(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name):
            figure = name
        case ast.BinOp(left=ast.Name(id=name), op=ast.MatMult(), right=ast.Constant(value=int() as depth)):
            figure = f"{name}@{depth}"
        case _:
            msg = f"no figure: {ast.unparse(node)}"
            raise ValueError(msg)
    if figure not in FIGURES:
        msg = f"the gate names {figure}, which is no figure of a report: it can name {', '.join(FIGURES)}"
        raise EvaluationError(msg)
    return figure


def _not_understood(expression: str) -> str:
    return (
        f"the gate {expression!r} cannot be read: write comparisons such as 'hit@1>=.85 and error_rate<=.05', a figure on "
        "the left, >=, <=, >, < or ==, and a number"
    )
