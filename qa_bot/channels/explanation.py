"""Why an answer is as it is: every score that led to it, in words."""

from collections.abc import Iterator

from qa_bot.records import Answer, Excerpt, Status

DECIMALS = 2


def explain(answer: Answer, threshold: float) -> Iterator[str]:
    """Yield the lines of an explanation."""
    verdict = "answered, since it reaches" if answer.status is Status.ANSWERED else "not found, since it is below"
    yield f"confidence {answer.confidence:.{DECIMALS}f}: {verdict} the threshold {threshold:.{DECIMALS}f}"
    for excerpt in answer.excerpts or answer.near:
        yield from _explain_excerpt(excerpt)


def _explain_excerpt(excerpt: Excerpt) -> Iterator[str]:
    hit, evidence = excerpt.evidence.hit, excerpt.evidence
    scores = hit.scores
    yield f"[{excerpt.number}] rank {hit.rank}, confidence {evidence.confidence:.{DECIMALS}f}, score {scores.total:.{DECIMALS}f}:"
    yield f"    meaning of the paragraph {scores.paragraph:.{DECIMALS}f}, of its closest sentence {scores.sentence:.{DECIMALS}f}"
    yield f"    words in common, weighed by rarity {scores.lexical:.{DECIMALS}f}; word by word {scores.late:.{DECIMALS}f}"
    signals = evidence.signals
    yield (
        f"    best sentence: holds {signals.coverage:.0%} of the question's words by weight, "
        f"meaning {signals.cosine:.{DECIMALS}f}, word by word {signals.late:.{DECIMALS}f}, {_TYPE[signals.type]}"
    )
    yield (
        f"    the documents know {signals.known:.0%} of the question's words by weight; "
        f"ahead of the next passages by {signals.lead:.{DECIMALS}f}"
    )
    if signals.reader:
        yield f"    the reader is {signals.reader:+.{DECIMALS}f} sure that it answers (from -1 to +1)"


_TYPE = {
    1.0: "holds the kind of thing asked for",
    0.0: "does not hold the kind of thing asked for",
    0.5: "any kind of thing may answer",
}
