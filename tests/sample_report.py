"""A report of eight questions, one of each kind, as ``evaluate --json`` makes it."""

from typing import Any

SHOWN = {"shown": "It fell. […] Six people died. Others fled.", "shown_document": "news.txt"}
MARKED = {"shown_highlights": ["It fell.", "Six people died."]}


def _line(number: int, question: str, status: str, confidence: float, latency_ms: float, **more: Any) -> dict[str, Any]:
    line = {
        "id": f"q-{number}",
        "question": question,
        "category": "what",
        "expected": ["Six people died"],
        "shown": None,
        "shown_document": None,
        "shown_highlights": [],
        "first_ok": False,
        "answerable": True,
        "rank": None,
        "status": status,
        "confidence": confidence,
        "excerpt_ok": False,
        "highlight_ok": False,
        "latency_ms": latency_ms,
        "gold": "kept",
    }
    return {**line, **(SHOWN | MARKED if status == "answered" else {}), **more}


UNANSWERABLE = {
    "answerable": False,
    "expected": [],
    "excerpt_ok": None,
    "highlight_ok": None,
    "gold": None,
    "category": "far",
}
RIGHT = {"first_ok": True, "excerpt_ok": True, "highlight_ok": True, "rank": 1}

REPORT: dict[str, Any] = {
    "schema": 1,
    "questions": 8,
    "answerable": 6,
    "unanswerable": 2,
    "retrieval": {"hit@1": 0.6, "mrr@10": 0.76667},
    "answers": {"excerpt_hit": 0.4, "highlight_hit": 0.2, "highlight_sentences": 1.5},
    "abstention": {
        "auroc": None,
        "coverage": 0.625,
        "error_rate": 0.6,
        "false_answer_rate": 0.5,
        "ece": 0.1,
        "risk_coverage": [[0.125, 0.0], [0.25, 0.0], [0.5, 0.5], [1.0, 0.75]],
    },
    "latency_ms": {"p50": 12.0, "p95": 41.0},
    "index": {"generation": 1, "model": "all-MiniLM-L6-v2", "model_digest": "c0ffee", "paragraphs": 17},
    "categories": {"far": {"questions": 2, "answered": 1}, "what": {"questions": 1200, "answered": 4, "hit@1": 0.6}},
    "intervals": {"hit@1": [0.5, 0.7]},
    "settings": {"answering": {"threshold": 0.18}},
    "commit": "ba21017",
    "made": "2026-11-25T02:20:11+00:00",
    "per_question": [
        _line(1, "What fell?", "answered", 0.95, 10.0, **RIGHT),
        _line(
            2,
            "Who fled?",
            "answered",
            0.91,
            12.0,
            **RIGHT | {"highlight_ok": False, "expected": ["Others fled", "fled"]},
        ),
        _line(3, "How many died?", "answered", 0.55, 41.0, rank=3),
        _line(4, "Where did it fall?", "not_found", 0.08, 11.0, rank=1, first_ok=True),
        _line(5, "When did it fall?", "not_found", 0.05, 9.0),
        _line(6, "Who bakes bread?", "answered", 0.62, 13.0, **UNANSWERABLE),
        _line(7, "Ärger über Ölpreise?", "not_found", 0.02, 14.0, **UNANSWERABLE),
        _line(8, "what was said?", "answered", 0.3, 15.0, gold="lost"),
    ],
}
