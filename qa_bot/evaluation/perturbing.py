"""Question sets in other words: the same questions with typos, as keywords, in capitals, politely, two in one, negated.

``python -m qa_bot.evaluation.perturbing QUESTIONS OUT --kind KIND --seed N`` writes such a set; the same seed gives the
same words. The rules are those of English. Each question keeps its gold; its id gets the kind as a suffix, and the kind is
its category. Kinds that a question has no form of (a question without a verb to negate) leave it out.
"""

import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import click

from qa_bot.counting import counted
from qa_bot.evaluation.questions import GoldQuestion, load_questions
from qa_bot.languages import ENGLISH
from qa_bot.terms import words_of

# Where fingers slip to: the letters beside each one on the commonest keyboard.
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
SHORTEST_TYPO = 4
MOST_TYPOS = 3

GREETINGS = (
    "Hi, ",
    "Hello! ",
    "Hey there, ",
    "Good morning, ",
    "Dear bot, ",
    "Quick question: ",
    "Sorry to bother you. ",
)
REQUESTS = (
    "could you tell me ",
    "can you please tell me: ",
    "please, I would like to know ",
    "I was wondering, ",
    "do you know ",
    "I'm trying to find out ",
    "I have a question: ",
)
CLOSINGS = (
    " Thanks!",
    " Thanks in advance.",
    " Thank you very much!",
    " please",
    " Any help is appreciated.",
    " I need it for school.",
)

NEGATED = {
    "is": "isn't", "are": "aren't", "was": "wasn't", "were": "weren't", "do": "don't", "does": "doesn't", "did": "didn't",
    "has": "hasn't", "have": "haven't", "had": "hadn't", "can": "can't", "could": "couldn't", "will": "won't",
    "would": "wouldn't", "should": "shouldn't",
}  # fmt: skip
AUXILIARY = re.compile(rf"\b({'|'.join(NEGATED)})\b", re.IGNORECASE)
SUBJECT = re.compile(r"^(?:who|what|which \w+)\b", re.IGNORECASE)
QUESTION_WORD = re.compile(
    r"\b(?:who|whom|whose|when|where|why|what|which|how(?: many| much| long| old)?)\b", re.IGNORECASE
)
INFLECTED = re.compile(r"[a-z]+(?:ed|ing)$")


class Kind(StrEnum):
    """A way to ask in other words.

    ``typo`` is one slip in one word, ``typos`` one in up to three words. ``no_verb`` is the question word with keywords.
    ``two`` joins a question and the next one of the set with other gold, ``two_apart`` one and any other.
    """

    TYPO = "typo"
    TYPOS = "typos"
    KEYWORDS = "keywords"
    CAPITALS = "capitals"
    LOWER = "lower"
    NO_MARK = "no_mark"
    PREAMBLE = "preamble"
    NO_VERB = "no_verb"
    TWO = "two"
    TWO_APART = "two_apart"
    NEGATION = "negation"


@dataclass(frozen=True, slots=True)
class Perturbed:
    """A question in other words, with the questions that are in it: itself or, where two are joined, both.

    Its gold is that of either part.
    """

    question: GoldQuestion
    parts: tuple[GoldQuestion, ...]


def perturb(questions: Sequence[GoldQuestion], kind: Kind, seed: int) -> list[Perturbed]:
    """Put questions into other words; the same set and seed give the same words."""
    return list(_joined(questions, kind, seed) if kind in JOINED else _reworded(questions, kind, seed))


def typo(text: str, rng: random.Random, most: int = 1) -> str | None:
    """Let a finger slip in up to ``most`` words: letters swapped, lost, doubled, or the key beside hit."""
    words = [match.span() for match in re.finditer(r"[^\W\d_]+", text) if len(match.group()) >= SHORTEST_TYPO]
    slips = sorted(rng.sample(words, min(most, len(words))), reverse=True)
    for start, end in slips:
        text = text[:start] + _slip(text[start:end], rng) + text[end:]
    return text if slips else None


def _slip(word: str, rng: random.Random) -> str:
    """Change a word by one slip, anywhere in it."""
    at = rng.randrange(len(word))
    beside = _beside(word[at])
    slipped = {
        "swap": word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
        "lose": word[:at] + word[at + 1 :],
        "double": word[: at + 1] + word[at:],
        "hit": word[:at] + (rng.choice(beside) if beside else "") + word[at + 1 :],
    }[rng.choice(("swap", "lose", "double", "hit"))]
    return slipped if slipped != word else _slip(word, rng)


def _beside(letter: str) -> str:
    for row in ROWS:
        at = row.find(letter.lower())
        if at >= 0:
            near = row[max(at - 1, 0) : at] + row[at + 1 : at + 2]
            return near if letter.islower() else near.upper()
    return ""


def keywords(text: str, _: random.Random) -> str | None:
    """Leave only the words that carry a subject, in lower case."""
    words = _content(text)
    return " ".join(words).lower() if words else None


def no_verb(text: str, rng: random.Random) -> str | None:
    """Leave the question word, before or behind, and the subject: no auxiliaries, and no verb that its ending betrays."""
    asked = QUESTION_WORD.search(text)
    words = [
        word
        for word in _content(text)
        if not INFLECTED.match(word) and (not asked or word.lower() not in asked.group().lower().split())
    ]
    if not asked or not words:
        return None
    parts = [asked.group().lower(), " ".join(words)]
    return " ".join(parts) if rng.random() < 1 / 2 else f"{parts[1]} {parts[0]}?"


def _content(text: str) -> list[str]:
    return [text[word.start : word.end] for word in words_of(text, ENGLISH) if word.terms]


def preamble(text: str, rng: random.Random) -> str:
    """Ask politely: a greeting, a request, a closing, one of them at least."""
    before = rng.choice((*GREETINGS, ""))
    request = rng.choice((*REQUESTS, *("",) * (len(REQUESTS) // 2 if before else 0)))
    after = rng.choice((*CLOSINGS, *("",) * len(CLOSINGS)))
    opening = before + request
    return f"{opening}{_small(text) if opening.endswith((', ', ': ', 'me ', 'know ', 'out ')) else text}{after}"


def negation(text: str, _: random.Random) -> str | None:
    """Ask for the contrary. The words are the same but for one, so the gold stays, though it seldom answers any more."""
    auxiliary = AUXILIARY.search(text)
    if auxiliary:
        negated = NEGATED[auxiliary.group().lower()]
        return (
            text[: auxiliary.start()]
            + (negated if auxiliary.start() else negated.capitalize())
            + text[auxiliary.end() :]
        )
    subject = SUBJECT.match(text)
    return f"{subject.group()} never{text[subject.end() :]}" if subject else None


def join(first: str, second: str, rng: random.Random) -> str:
    """Ask two questions in one, as people do."""
    bare = first.rstrip(" ?")
    return rng.choice(
        (f"{bare} and {_small(second)}", f"{bare}, and {_small(second)}", f"{bare}? {second}", f"{bare}? And {_small(second)}",
         f"{bare}? Also, {_small(second)}")
    )  # fmt: skip


def _small(text: str) -> str:
    """Begin small, unless the first word is a name or an abbreviation."""
    first = text.split(maxsplit=1)[0]
    return text[0].lower() + text[1:] if first.lower() in OPENINGS else text


OPENINGS = frozenset(
    """
    what who whom whose when where why which how is are was were do does did has have had can could will would should
    in on at the a an along after during by for under according about of some one over as from until since name
    """.split()  # noqa: SIM905 - a list of fifty literals reads worse
)

REWORDED: dict[Kind, Callable[[str, random.Random], str | None]] = {
    Kind.TYPO: typo,
    Kind.TYPOS: lambda text, rng: typo(text, rng, MOST_TYPOS),
    Kind.KEYWORDS: keywords,
    Kind.CAPITALS: lambda text, _: text.upper(),
    Kind.LOWER: lambda text, _: text.lower(),
    Kind.NO_MARK: lambda text, _: text.rstrip(" ?"),
    Kind.PREAMBLE: preamble,
    Kind.NO_VERB: no_verb,
    Kind.NEGATION: negation,
}
JOINED = frozenset({Kind.TWO, Kind.TWO_APART})


def _reworded(questions: Sequence[GoldQuestion], kind: Kind, seed: int) -> Iterator[Perturbed]:
    for question in questions:
        words = REWORDED[kind](question.question, _random(seed, kind, question))
        if words and any(character.isalnum() for character in words):
            yield Perturbed(_renamed(question, kind, words), (question,))


def _joined(questions: Sequence[GoldQuestion], kind: Kind, seed: int) -> Iterator[Perturbed]:
    for number, question in enumerate(questions):
        rng = _random(seed, kind, question)
        order = [*questions[number + 1 :], *questions[:number]]
        if kind is Kind.TWO_APART:
            rng.shuffle(order)
        other = next((o for o in order if _differ(question, o)), None)
        if other is not None:
            words = join(question.question, other.question, rng)
            yield Perturbed(_renamed(_either(question, other), kind, words), (question, other))


def _differ(one: GoldQuestion, other: GoldQuestion) -> bool:
    """Whether two questions have different gold; those that nothing answers go with each other."""
    if not one.answerable or not other.answerable:
        return one.answerable is other.answerable
    return one.answers != other.answers if one.relevant is None else one.relevant != other.relevant


def _either(one: GoldQuestion, other: GoldQuestion) -> GoldQuestion:
    """Give a question for which the gold of either one is right."""
    named = one.relevant is not None and other.relevant is not None
    relevant = (one.relevant or frozenset()) | (other.relevant or frozenset()) if named else None
    return replace(one, answers=tuple(dict.fromkeys((*one.answers, *other.answers))), relevant=relevant)


def _renamed(question: GoldQuestion, kind: Kind, words: str) -> GoldQuestion:
    return replace(question, id=f"{question.id}-{kind}", question=words, category=kind.value)


def _random(seed: int, kind: Kind, question: GoldQuestion) -> random.Random:
    return random.Random(f"{seed} {kind} {question.id}")  # noqa: S311 - reproducible, no secrets


def as_fields(perturbed: Perturbed) -> dict[str, Any]:
    """Give a question as a line of a question set; ``parts`` names the questions that are in it."""
    question = perturbed.question
    fields: dict[str, Any] = {"id": question.id, "question": question.question, "answers": list(question.answers)}
    if question.relevant is not None:
        fields["relevant"] = sorted(question.relevant)
    return fields | {"category": question.category, "parts": [part.id for part in perturbed.parts]}


@click.command()
@click.argument("questions", type=click.Path(dir_okay=False, path_type=Path))
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--kind", type=click.Choice([*(kind.value for kind in Kind), "all"]), default="all", help="How to ask.")
@click.option("--seed", default=7, help="The same seed gives the same words.")
def main(questions: Path, out: Path, kind: str, seed: int) -> None:
    """Write the set QUESTIONS in other words to OUT."""
    given = load_questions(questions)
    kinds = list(Kind) if kind == "all" else [Kind(kind)]
    lines = [json.dumps(as_fields(item), ensure_ascii=False) for each in kinds for item in perturb(given, each, seed)]
    out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    click.echo(f"{counted(len(lines), 'question')} written to {out}")


if __name__ == "__main__":
    main()
