"""An answer as JSON, for programs: the contract of ``ask --json``."""

from typing import Any

from qa_bot.records import Answer, Excerpt

SCHEMA = 1
DECIMALS = 4


def answer_as_json(answer: Answer) -> dict[str, Any]:
    """Give an answer as what `json.dumps` takes; offsets count code points in the document's text."""
    return {
        "schema": SCHEMA,
        "question": answer.question,
        "status": answer.status.value,
        "confidence": round(answer.confidence, DECIMALS),
        "excerpts": [excerpt_as_json(excerpt) for excerpt in answer.excerpts],
        "near": [excerpt_as_json(excerpt) for excerpt in answer.near],
        "conflicts": list(answer.conflicts),
        "index": {"generation": answer.index.generation, "model": answer.index.model},
        "timings_ms": {
            "encode": round(answer.timings.encode, 2),
            "retrieve": round(answer.timings.retrieve, 2),
            "evidence": round(answer.timings.evidence, 2),
            "total": round(answer.timings.total, 2),
        },
    }


def excerpt_as_json(excerpt: Excerpt) -> dict[str, Any]:
    """Give an excerpt with its citation."""
    citation = excerpt.citation
    return {
        "number": excerpt.number,
        "text": excerpt.text,
        "document": citation.document,
        "title": citation.title,
        "source": citation.source,
        "start": citation.start,
        "end": citation.end,
        "line": citation.line,
        "paragraph": citation.paragraph,
        "page": citation.page,
        "heading": citation.heading,
        "date": citation.date,
        "changed": citation.changed,
        "occurrence": citation.occurrence,
        "occurrences": citation.occurrences,
        "highlights": [{"start": mark.start, "end": mark.end} for mark in excerpt.highlights],
        "answer": None if excerpt.answer is None else {"start": excerpt.answer.start, "end": excerpt.answer.end},
        "score": round(excerpt.score, DECIMALS),
        "receipt": excerpt.receipt,
    }
