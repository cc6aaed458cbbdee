"""Why an answer is as it is: every score that led to it, in words."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qa_bot.asked_role import asked_role
from qa_bot.bot import QaBot
from qa_bot.calibration import Calibration, logit, sigmoid
from qa_bot.counting import counted
from qa_bot.evidence import ranking_total, vote_of
from qa_bot.records import Answer, Evidence, Excerpt, Role, Signals, Status
from qa_bot.weights import ConfidenceWeights, RankingWeights, SentenceWeights

LONGEST_QUOTE = 60
INDENT = "  "


class Part(NamedTuple):
    """What one signal adds to the logit."""

    value: float
    weight: float
    words: str

    @property
    def added(self) -> float:
        """The product: positive if it speaks for an answer."""
        return self.value * self.weight


def explain(answer: Answer, bot: QaBot, threshold: float | None = None) -> Iterator[str]:
    """Yield the lines of an explanation: the verdict, what the best passage is worth and why, and all other scores.

    Args:
        answer: the answer to explain.
        bot: who gave it.
        threshold: the one it had to reach, if that was not the bot's own.

    """
    shown = (*answer.excerpts, *answer.further) or answer.near
    if threshold is None or threshold == bot.threshold:
        yield f"{_verdict(answer, bot.threshold)} ({_threshold_source(bot)})"
    else:
        yield f"{_verdict(answer, threshold)} (as strict as was asked for here)"
    if not shown:
        return
    # The newest of conflicting passages is shown first, but the best one decides.
    first = min(shown, key=lambda excerpt: excerpt.evidence.hit.rank)
    best = first.evidence
    weights = bot.judge.weights_for(read=best.read)
    yield f"Best passage [{first.number}], by its best sentence (each score × its weight):"
    role = asked_role(answer.question)
    if role is not None:
        yield f"{INDENT}Each {role} comes first in its document, whatever it scores, as the question is about one."
    yield from _sum_up(best, weights.confidence, bot.calibration)
    if answer.status is Status.NOT_FOUND:
        yield _what_is_missing(best.signals, weights.confidence)
    yield from _table_of_sentences(first, weights.sentence)
    yield from _table_of_passages(shown, bot.judge.weights.ranking)
    if role is not Role.TITLE and any(excerpt.evidence.paragraph.role is Role.TITLE for excerpt in shown):
        yield f"{INDENT}A title's scores count no more than the best other passage's of its document; kind of thing and reader come on top."


def _verdict(answer: Answer, threshold: float) -> str:
    if answer.status is Status.ANSWERED:
        return f"Answered: the confidence {answer.confidence:.2f} reaches the threshold {threshold:.2f}"
    return f"Not found: the confidence {answer.confidence:.2f} is below the threshold {threshold:.2f}"


def _threshold_source(bot: QaBot) -> str:
    if bot.settings.answering.threshold != "auto":
        return "set in config.toml or the environment"
    return "packaged with the weights" if bot.calibration is None else _of(bot.calibration)


def _of(calibration: Calibration) -> str:
    return f"calibrated on {counted(calibration.questions, 'question')} on {calibration.made}"


def _sum_up(best: Evidence, weights: ConfidenceWeights, calibration: Calibration | None) -> Iterator[str]:
    for part in sorted(_parts(best.signals, weights), key=lambda part: -abs(part.added)):
        yield f"{INDENT}{part.added:+6.2f}  {part.words} ({part.value:.2f} × {part.weight:.2f})"
    yield f"{INDENT}{weights.bias:+6.2f}  what every passage starts with"
    value = logit(best.signals, weights)
    yield f"{INDENT}{value:+6.2f}  together, the logit: a probability of {sigmoid(value):.2f}"
    if calibration is not None:
        corrected = calibration.slope * value + calibration.bias
        yield (
            f"{INDENT}{corrected:+6.2f}  {_of(calibration)}, × {calibration.slope:.2f} {calibration.bias:+.2f}: "
            f"a probability of {best.confidence:.2f}"
        )


def _parts(signals: Signals, weights: ConfidenceWeights) -> Iterator[Part]:
    """Say what each signal adds; one without a weight adds nothing and is left out."""
    words = {
        "coverage": f"it holds {signals.coverage:.0%} of the question's words by weight",
        "cosine": f"its meaning is {_how_close(signals.cosine)} the question's",
        "late": f"word by word its meanings are {_how_close(signals.late)} the question's",
        "type": f"it {_TYPE[signals.type]}",
        "known": f"all documents together hold {signals.known:.0%} of the question's words by weight",
        "lead": f"the passage is {'ahead of' if signals.lead >= 0 else 'behind'} the next ones",
        "reader": f"the reader thinks that it {'answers' if signals.reader > 0 else 'does not answer'}",
    }
    for name, text in words.items():
        part = Part(getattr(signals, name), getattr(weights, name), text)
        if part.weight:
            yield part


_TYPE = {
    1.0: "holds the kind of thing asked for",
    0.0: "does not hold the kind of thing asked for",
    0.5: "may answer, as the question asks for no kind of thing in particular",
}

# From here on cosines are called close, and below this far; words for readers, nothing is decided by them.
CLOSE, FAR = 0.6, 0.35


def _how_close(similarity: float) -> str:
    if similarity >= CLOSE:
        return "close to"
    return "somewhat like" if similarity >= FAR else "far from"


def _what_is_missing(signals: Signals, weights: ConfidenceWeights) -> str:
    """Name the signal that would have added most, had it been as high as it can be."""
    nouns = {
        "coverage": "more of the question's words",
        "cosine": "a meaning closer to the question's",
        "late": "words closer in meaning to the question's",
        "type": "the kind of thing asked for",
        "reader": "a reader that is surer",
    }
    gains = {name: getattr(weights, name) * (1 - getattr(signals, name)) for name in nouns}
    name = max(gains, key=lambda name: gains[name])
    return f"{INDENT}Most is missing for want of {nouns[name]} (up to {gains[name]:+.2f})."


def _table_of_sentences(excerpt: Excerpt, weights: SentenceWeights) -> Iterator[str]:
    nouns = {
        "coverage": "question's words", "cosine": "meaning", "late": "word by word", "type": "kind of thing",
        "reader": "reader",
    }  # fmt: skip
    terms = [(name, getattr(weights, name), noun) for name, noun in nouns.items() if getattr(weights, name)]
    evidence = excerpt.evidence
    yield f"Sentences of [{excerpt.number}], ▸ the best; score = {_sum(terms)}:"
    for number, (sentence, scores) in enumerate(zip(evidence.paragraph.sentences, evidence.sentences, strict=True)):
        words = " ".join(evidence.document.text[sentence.start : sentence.end].split())
        quote = words if len(words) <= LONGEST_QUOTE else f"{words[: LONGEST_QUOTE - 1]}…"
        values = [getattr(scores, name) for name, _, _ in terms]
        yield f"{'▸' if number == evidence.best else ' '} {_row(scores.total, values)}  {quote}"


def _table_of_passages(shown: Sequence[Excerpt], weights: RankingWeights) -> Iterator[str]:
    nouns = {"paragraph": "meaning", "sentence": "closest sentence", "lexical": "words", "late": "word by word"}
    terms = [(name, getattr(weights, name), noun) for name, noun in nouns.items() if getattr(weights, name)]
    # What says nothing of any passage is left out.
    explained = weights.meaning and any(excerpt.evidence.explains for excerpt in shown)
    types = [("type", weights.type, "kind of thing")] if weights.type else []
    explanations = [("meaning", weights.meaning, "explanation")] if explained else []
    readers = [("reader", weights.reader, "reader")] if weights.reader else []
    yield f"Passages; score = {_sum([*terms, *types, *explanations, *readers])}; then how sure each is:"
    for excerpt in shown:
        evidence, citation = excerpt.evidence, excerpt.citation
        values = [getattr(evidence.hit.scores, name) for name, _, _ in terms]
        values += [evidence.type for _ in types]
        values += [float(evidence.explains) for _ in explanations]
        values += [vote_of(scores.reader for scores in evidence.sentences) for _ in readers]
        row = _row(ranking_total(evidence, weights), values)
        yield f"{INDENT}{row}  sure {evidence.confidence:.2f}  [{excerpt.number}] line {citation.line}, {citation.document}"


def _sum(terms: Sequence[tuple[str, float, str]]) -> str:
    return " + ".join(f"{weight:.2f} × {noun}" for _, weight, noun in terms)


def _row(total: float, values: Sequence[float]) -> str:
    return f"{total:6.2f} = " + " ".join(f"{value:5.2f}" for value in values)
