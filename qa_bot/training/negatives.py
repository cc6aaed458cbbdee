"""Questions that their passage does not answer, made from ones that it does.

People seldom write them down, though they ask them all the time: about the right people, a fact that is not there.
Either the sentence with the answer is taken out of the passage, or one thing in the question is exchanged: a name, a
number, a word for its opposite (as in Rajpurkar, Jia & Liang (2018), "Know What You Don't Know", section 4).
"""

import random
import re
from collections.abc import Sequence

from qa_bot.splitting.sentences import sentences_of
from qa_bot.training.rows import Row

WITHOUT_ANSWER, EXCHANGED, ALONE = "without_answer", "exchanged", "alone"
NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w'’-]+(?: (?:of |the |de )?[A-Z][\w'’-]+)*")
NUMBER = re.compile(r"\b\d+(?:[.,]\d+)*\b")
OPPOSITES = (
    "first last|largest smallest|most least|before after|north south|northern southern|increase decrease|increased decreased"
    "|won lost|win lose|oldest youngest|highest lowest|higher lower|more fewer|east west|eastern western|open close|support oppose"
    "|supported opposed|accept reject|accepted rejected|began ended|begin end|start stop|started stopped|mother father"
    "|husband wife|male female|men women|rich poor|early late|earlier later|strong weak|best worst|major minor|above below"
    "|inside outside|allowed forbidden|public private|old new|long short|high low|good bad|buy sell|import export|city village"
    "|attack defend|attacked defended|friend enemy|allies enemies|brother sister|son daughter|king queen|arrive leave|arrived left"
    "|join leave|joined left|rise fall|rose fell|causes cures|cause prevent|legal illegal|always never|many few|with without"
)
OPPOSITE = {word: other for pair in OPPOSITES.split("|") for a, b in [pair.split()] for word, other in ((a, b), (b, a))}
OPPOSITE_WORD = re.compile(rf"\b(?:{'|'.join(OPPOSITE)})\b")
# Where "not" may be put in.
AUXILIARY = re.compile(r"\b(?:is|are|was|were|did|does|do|can|could|has|have|had|will|would|should)\b(?! not)")
NEGATED = 0.15


def without_the_answer(row: Row) -> Row | None:
    """Take the sentences with an answer out of the passage; ``None`` if the answer's words stand elsewhere too."""
    sentences = sentences_of(row.passage, 0, len(row.passage), lines=False)
    kept = [s for s in sentences if not any(s.start < end and start < s.end for start, end in row.answers)]
    words = {row.passage[start:end].casefold() for start, end in row.answers}
    passage = " ".join(row.passage[s.start : s.end] for s in kept)
    if len(kept) < 2 or len(kept) == len(sentences) or any(word in passage.casefold() for word in words):  # noqa: PLR2004
        return None
    return Row(WITHOUT_ANSWER, row.question, passage, ())


def alone(row: Row, generator: random.Random) -> Row:
    """Give one sentence by itself for the passage: one with an answer if there is any, else any.

    Collections have few passages as short as headings are, and of those nearly all answer: what is short seems to answer.
    """
    sentences = [(s.start, s.end) for s in sentences_of(row.passage, 0, len(row.passage), lines=False)]
    answers = row.answers[:1]
    having = [s for s in sentences if all(s[0] <= start and end <= s[1] for start, end in answers)]
    start, end = generator.choice(having or [(0, len(row.passage))])
    return Row(ALONE, row.question, row.passage[start:end], tuple((a - start, b - start) for a, b in answers))


def exchanged(row: Row, others: Sequence[Row], generator: random.Random) -> Row | None:
    """Exchange one thing in the question for another of its kind; ``None`` if there is nothing to exchange.

    Names come from the passage or from ``others``, numbers are changed by a little.
    """
    ways = [_other_name, _other_number, _opposite, _not]
    generator.shuffle(ways)
    for way in ways:
        question = way(row, others, generator)
        if question is not None and question != row.question:
            return Row(EXCHANGED, question, row.passage, ())
    return None


def _other_name(row: Row, others: Sequence[Row], generator: random.Random) -> str | None:
    found = list(NAME.finditer(row.question))
    if not found:
        return None
    match = generator.choice(found)
    source = row.passage if generator.random() < 0.5 else generator.choice(others).passage  # noqa: PLR2004
    answers = {row.passage[start:end] for start, end in row.answers}
    names = [name for name in NAME.findall(source) if name not in row.question and name not in answers]
    return _put(row.question, match, generator.choice(names)) if names else None


def _other_number(row: Row, others: Sequence[Row], generator: random.Random) -> str | None:  # noqa: ARG001
    found = list(NUMBER.finditer(row.question))
    if not found:
        return None
    match = generator.choice(found)
    digits = match.group()
    changed = re.sub(r"\d(?=\d?$)", lambda _: str(generator.randrange(10)), digits)
    return _put(row.question, match, changed) if changed not in row.passage else None


def _opposite(row: Row, others: Sequence[Row], generator: random.Random) -> str | None:  # noqa: ARG001
    found = list(OPPOSITE_WORD.finditer(row.question))
    if not found:
        return None
    match = generator.choice(found)
    return _put(row.question, match, OPPOSITE[match.group()])


def _not(row: Row, others: Sequence[Row], generator: random.Random) -> str | None:  # noqa: ARG001
    match = AUXILIARY.search(row.question)
    if match is None or generator.random() > NEGATED:
        return None
    return _put(row.question, match, f"{match.group()} not")


def _put(question: str, match: re.Match[str], words: str) -> str:
    return question[: match.start()] + words + question[match.end() :]
