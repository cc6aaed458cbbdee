"""Measure keyword search alone, without any encoder.

``python -m tests.lexical_benchmark FOLDER …``: each folder holds a paragraphs.jsonl and a questions.jsonl. Questions that
nothing answers, or that do not name their paragraphs, are left out.
"""

import sys
import time
from pathlib import Path

import numpy as np

from qa_bot.evaluation import metrics
from qa_bot.evaluation.collection import load_collection
from qa_bot.evaluation.questions import load_questions
from qa_bot.index.lexical import LexicalIndex
from qa_bot.terms import terms_of

DEPTH = 10
DECIMALS = 6


def build(path: Path) -> tuple[list[str], LexicalIndex]:
    """Index a paragraph file: the names of its paragraphs, and their terms."""
    documents = [paragraph.read() for paragraph in load_collection(path)]
    terms = [terms_of(f"{document.title}\n\n{document.text}", document.language) for document in documents]
    index = LexicalIndex.of_terms(terms, [document.language for document in documents])
    return [document.name for document in documents], index


def best(index: LexicalIndex, question: str) -> list[int]:
    """Name the paragraphs that fit a question best, best first."""
    weights = {language: index.weigh(terms_of(question, language)) for language in index.known_languages}
    order: list[int] = np.argsort(-index.scores(weights).round(DECIMALS), kind="stable")[:DEPTH].tolist()
    return order


def measure(folder: Path) -> str:
    """Ask all questions of a collection and give a line of the table."""
    started = time.perf_counter()
    names, index = build(folder / "paragraphs.jsonl")
    indexed = time.perf_counter()
    questions = [question for question in load_questions(folder / "questions.jsonl") if question.relevant]
    ranks = []
    for question in questions:
        right = [names[row] in (question.relevant or ()) for row in best(index, question.question)]
        ranks.append(right.index(True) + 1 if any(right) else None)
    asked = time.perf_counter()
    figures = (metrics.hit_rate(ranks, 1), metrics.hit_rate(ranks, 5), metrics.reciprocal_rank(ranks, DEPTH))
    return (
        f"{folder.name:<10}{','.join(index.known_languages):>10}{len(names):>12}{len(questions):>11}"
        f"{''.join(f'{figure:>9.4f}' for figure in figures)}"
        f"{1000 * (indexed - started) / len(names):>15.2f}{1000 * (asked - indexed) / max(len(questions), 1):>15.2f}"
    )


def main() -> None:
    """Print the table."""
    sys.stdout.write(
        f"{'':<10}{'languages':>10}{'paragraphs':>12}{'questions':>11}{'hit@1':>9}{'hit@5':>9}{'MRR@10':>9}"
        f"{'ms/paragraph':>15}{'ms/question':>15}\n"
    )
    for folder in sys.argv[1:]:
        sys.stdout.write(f"{measure(Path(folder))}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
