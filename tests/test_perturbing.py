import json
import random
from pathlib import Path

import pytest
from click.testing import CliRunner
from rapidfuzz.distance import OSA

from qa_bot.evaluation.perturbing import Kind, main, perturb, preamble, typo
from qa_bot.evaluation.questions import GoldQuestion, load_questions
from qa_bot.wording import questions_in

QUESTIONS = [
    GoldQuestion("a", "When was the old bridge opened?", ("in 1932",), None, "when"),
    GoldQuestion("b", "Who accused General Haftar?", ("United Nations",), None, "who"),
    GoldQuestion("c", "How old is the moon?", (), None, "far"),
    GoldQuestion("d", "Why is bread brown?", (), None, "far"),
]


def words(kind: Kind, seed: int = 7) -> list[str]:
    """Give the questions in other words."""
    return [item.question.question for item in perturb(QUESTIONS, kind, seed)]


@pytest.mark.parametrize("kind", Kind)
def test_the_same_seed_gives_the_same_words(kind: Kind) -> None:
    """And each question keeps its gold, or has that of both where two are joined."""
    made = perturb(QUESTIONS, kind, 7)

    assert made == perturb(QUESTIONS, kind, 7)
    for item in made:
        assert item.question.id == f"{item.parts[0].id}-{kind.value}"
        assert item.question.category == kind.value
        assert set(item.question.answers) == {answer for part in item.parts for answer in part.answers}


def test_each_kind_does_what_it_says() -> None:
    """On a question each."""
    assert words(Kind.CAPITALS)[1] == "WHO ACCUSED GENERAL HAFTAR?"
    assert words(Kind.LOWER)[1] == "who accused general haftar?"
    assert words(Kind.NO_MARK)[1] == "Who accused General Haftar"
    assert words(Kind.KEYWORDS)[0] == "old bridge opened"
    assert words(Kind.NEGATION)[:2] == ["When wasn't the old bridge opened?", "Who never accused General Haftar?"]
    assert words(Kind.NO_VERB)[1] in {"who General Haftar", "General Haftar who?"}


@pytest.mark.parametrize("seed", range(30))
def test_a_typo_is_one_slip(seed: int) -> None:
    """In one word; three words at most have one where several are asked for."""
    question = QUESTIONS[0].question
    one, several = typo(question, random.Random(seed)), typo(question, random.Random(seed), 3)
    assert one is not None
    assert several is not None
    assert OSA.distance(question, one) == 1
    assert 1 <= OSA.distance(question, several) <= 3


def test_politeness_is_what_the_bot_cuts() -> None:
    """Of every preamble that the set is made with the question is left, but for its first letter and one closing."""
    for seed in range(200):
        made = preamble("When was the old bridge opened?", random.Random(seed))
        if "school" not in made:
            assert [part.lower() for part in questions_in(made)] == ["when was the old bridge opened?"], made


def test_joined_questions_have_two_parts() -> None:
    """Answerable ones go with answerable ones that have other gold."""
    made = perturb(QUESTIONS, Kind.TWO, 7)
    assert [[part.id for part in item.parts] for item in made] == [["a", "b"], ["b", "a"], ["c", "d"], ["d", "c"]]


def test_the_command_writes_a_question_set(tmp_path: Path) -> None:
    """Which evaluate can read."""
    given, out = tmp_path / "given.jsonl", tmp_path / "out.jsonl"
    given.write_text(
        "".join(json.dumps({"id": q.id, "question": q.question, "answers": list(q.answers)}) + "\n" for q in QUESTIONS)
    )

    done = CliRunner().invoke(main, [str(given), str(out), "--kind", "capitals"], catch_exceptions=False)

    assert done.output == f"4 questions written to {out}\n"
    assert [question.question for question in load_questions(out)] == words(Kind.CAPITALS)
