import json
from math import comb
from pathlib import Path
from typing import Any

import pytest

from qa_bot.errors import EvaluationError
from qa_bot.evaluation.baseline import Baseline, compare, mcnemar
from qa_bot.evaluation.report import baseline_lines


def line(
    name: str, *, rank: int | None = 1, ok: bool | None = True, status: str = "answered", **more: Any
) -> dict[str, Any]:
    """Make the entry of a question."""
    return {
        "id": name, "rank": rank, "status": status, "excerpt_ok": ok, "highlight_ok": ok,
        "question": f"{name}?", "gold": None if ok is None else "kept", **more,
    }  # fmt: skip


def report(*lines: dict[str, Any], hit: float = 0.5) -> dict[str, Any]:
    """Make a report."""
    figures = dict.fromkeys(("mrr@10", "excerpt_hit", "highlight_hit", "auroc", "coverage", "error_rate", "ece"), 0.5)
    return {
        "schema": 1, "made": "2026-11-25", "commit": None, "per_question": list(lines),
        "retrieval": {"hit@1": hit, "mrr@10": figures["mrr@10"]},
        "answers": {name: figures[name] for name in ("excerpt_hit", "highlight_hit")},
        "abstention": {name: figures[name] for name in ("auroc", "coverage", "error_rate", "ece")},
    }  # fmt: skip


def compared(tmp_path: Path, before: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """Compare a report with one that was written to a file."""
    file = tmp_path / "before.json"
    file.write_text(json.dumps(before), encoding="utf-8")
    return compare(Baseline.read(file), now)


def test_every_question_fixed_or_broken_is_listed(tmp_path: Path) -> None:
    """Passage, highlight and reply each have a list of their own, and McNemar's p."""
    before = report(line("a", rank=2, ok=False), line("b"), line("c"), line("d", ok=None), hit=0.5)
    now = report(line("a"), line("b", rank=3, ok=False), line("c"), line("d", ok=None, status="not_found"), hit=0.75)

    found = compared(tmp_path, before, now)

    assert found["compared"] == 4
    assert found["figures"]["hit@1"] == [0.5, 0.75]
    fixed = {aspect: [q["id"] for q in change["fixed"]] for aspect, change in found["changes"].items()}
    broken = {aspect: [q["id"] for q in change["broken"]] for aspect, change in found["changes"].items()}
    assert [sorted(names) for names in fixed.values()] == [["a"], ["a"], ["a", "d"]]
    assert [sorted(names) for names in broken.values()] == [["b"], ["b"], ["b"]]
    lines = list(baseline_lines(found))
    assert "  hit@1 .500 → .750" in lines
    assert lines.count("  broken b: b?") == 3


def test_what_cannot_be_compared_is_said(tmp_path: Path) -> None:
    """New and dropped questions, other words under the same id, and lost gold."""
    before = report(line("old"), line("reworded", question="Else?"), line("lost"))
    now = report(line("new"), line("reworded"), line("lost", gold="lost", ok=False, rank=None))

    found = compared(tmp_path, before, now)

    assert found["compared"] == 0
    assert list(baseline_lines(found))[-4:] == [
        "only in the baseline: old", "not in the baseline: new", "asked in other words in the baseline: reworded",
        "gold lost: lost",
    ]  # fmt: skip


def test_a_report_of_an_earlier_version_is_understood(tmp_path: Path) -> None:
    """It has no words and no gold of its questions."""
    old = {name: value for name, value in line("a", rank=2, ok=False).items() if name not in {"question", "gold"}}
    before = report(old)
    del before["made"], before["commit"]

    assert [
        q["id"] for q in compared(tmp_path, before, report(line("a")))["changes"]["right passage first"]["fixed"]
    ] == ["a"]


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "cannot be read: No such file"), ("{", "is no report of evaluate"), ("{}", "is no report of evaluate"),
     ('{"schema": 2}', "is no report of evaluate")],
    ids=["missing", "no JSON", "empty", "other schema"],
)  # fmt: skip
def test_what_is_no_report_is_refused(tmp_path: Path, content: str | None, message: str) -> None:
    """In one sentence that names the file."""
    file = tmp_path / "before.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(EvaluationError, match=rf"^the baseline {file} {message}"):
        Baseline.read(file)


@pytest.mark.parametrize(("fixed", "broken"), [(0, 0), (1, 0), (9, 1), (3, 3), (12, 30)])
def test_mcnemar_by_counting(fixed: int, broken: int) -> None:
    """Twice the tail of a fair coin's throws, 1 at most."""
    count = fixed + broken
    tail = sum(comb(count, number) for number in range(min(fixed, broken) + 1)) / 2**count
    assert mcnemar(fixed, broken) == pytest.approx(min(1, 2 * tail))
