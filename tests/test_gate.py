import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.errors import EvaluationError
from qa_bot.evaluation.gate import FIGURES, Gate

REPORT: dict[str, Any] = {
    "questions": 60, "answerable": 40, "unanswerable": 20,
    "retrieval": {"hit@1": 0.9, "hit@3": 0.95, "hit@5": 1.0, "hit@10": 1.0, "mrr@10": 0.92, "ndcg@10": 0.93},
    "answers": {"excerpt_hit": 0.85, "highlight_hit": 0.8, "highlight_sentences": 1.2, "exact": None, "f1": None},
    "abstention": {"auroc": 0.9, "coverage": 0.6, "error_rate": 0.04, "false_answer_rate": 0.1, "ece": 0.05},
    "latency_ms": {"p50": 20.0, "p95": 40.0},
    "gold": {"kept": 38, "moved": 1, "lost": 1},
}  # fmt: skip


@pytest.mark.parametrize(
    ("expression", "holds"),
    [
        ("hit@1>=.85", True),
        ("hit@1 >= .85 and error_rate <= .05", True),
        ("hit@1>=.95 and error_rate<=.05", False),
        ("hit@1>=.95 or error_rate<=.05", True),
        ("(hit@1>=.95 or mrr@10>.9) and p50<30", True),
        ("hit@1>=.95 or mrr@10>.9 and p50>30", False),
        ("gold_lost==0", False),
        ("gold_lost==1", True),
        ("hit@1>.9", False),
        ("hit@1>=.9", True),
        ("f1>=0", False),
        ("f1>=0 or hit@5==1", True),
        (" questions >= 60 ", True),
    ],
)
def test_a_gate_holds_or_does_not(expression: str, holds: bool) -> None:  # noqa: FBT001 - a table of expectations
    """``and`` binds closer than ``or``, and what has no value reaches nothing."""
    assert Gate.parse(expression).check(REPORT)["holds"] is holds


def test_each_comparison_is_told() -> None:
    """With the value it was made with, from left to right."""
    assert Gate.parse("hit@1>=.95 or (f1>.5 and gold_lost<=1)").check(REPORT) == {
        "expression": "hit@1>=.95 or (f1>.5 and gold_lost<=1)",
        "holds": False,
        "comparisons": [
            {"comparison": "hit@1 >= 0.95", "value": 0.9, "holds": False},
            {"comparison": "f1 > 0.5", "value": None, "holds": False},
            {"comparison": "gold_lost <= 1", "value": 1, "holds": True},
        ],
    }


@pytest.mark.parametrize(
    "expression",
    ["", "hit@1", "hit@1>=", ".85<=hit@1", "hit@1>=x", "not hit@1>=.5", "hit@1>=.5 and", "1<hit@1<2", "hit@1>=True",
     "__import__('os')", "hit@1>=-1", "hit@1!=1", "(" * 500, "hit@x>1", "f()>1", "hit@1>=.5\nimport os"],
)  # fmt: skip
def test_what_is_no_gate_is_refused_in_one_sentence(expression: str) -> None:
    """Nothing of it is run."""
    with pytest.raises(
        EvaluationError, match=r"^the gate .* cannot be read: write comparisons such as 'hit@1>=.85 and"
    ):
        Gate.parse(expression)


def test_an_unknown_figure_is_named_with_the_known_ones() -> None:
    """So that a slip of the pen is mended at once."""
    with pytest.raises(
        EvaluationError, match=r"^the gate names hit@2, which is no figure of a report: it can name hit@1, "
    ):
        Gate.parse("hit@2>=.5")


@given(st.sampled_from(FIGURES), st.sampled_from([">=", "<=", ">", "<", "=="]), st.floats(0, 100))
def test_every_figure_can_be_named(figure: str, sign: str, number: float) -> None:
    """And is compared as Python compares."""
    check = Gate.parse(f"{figure}{sign}{number!r}").check(REPORT)
    (comparison,) = check["comparisons"]
    value = comparison["value"]
    expected = {
        ">=": lambda: value >= number, "<=": lambda: value <= number, ">": lambda: value > number,
        "<": lambda: value < number, "==": lambda: value == number,
    }  # fmt: skip
    assert check["holds"] is (value is not None and expected[sign]())


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(expression: str) -> None:
    """Never with another error."""
    with contextlib.suppress(EvaluationError):
        Gate.parse(expression)
