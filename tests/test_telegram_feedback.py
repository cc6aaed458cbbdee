"""Gold answers, gaps, and what becomes of votes: for those who run the bot."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from telegram_conversation import Talk, texts

from qa_bot.channels.telegram.feedback import question_set
from qa_bot.cli import main

ADMIN = 1_000_001
BUILDER = "Who built the lighthouse of Korrin?"
UNKNOWN = "What is the capital of Mongolia?"
USAGE = (
    "Reply to one of my answers with /gold to keep its highlighted words as the right answer, /gold and other words of the "
    "documents, or /gold none if the documents do not answer."
)
ADMINS_ONLY = "Only those who run this bot may do that."


@pytest.fixture
def talk(start_talk: Callable[..., Talk]) -> Talk:
    """Give a bot that is run by whoever comes first."""
    return start_talk(telegram={"admins": [ADMIN], "questions_per_minute": 100})


def exported(talk: Talk) -> list[Any]:
    """Give the question set that the feedback makes, without the numbers of its lines."""
    rows = [json.loads(line) for line in question_set(talk.bot.service.memory)]
    assert len({row["id"] for row in rows}) == len(rows)
    assert all(row.pop("id").startswith(row["category"]) for row in rows)
    return rows


def gold(question: str, *answers: str) -> dict[str, Any]:
    """Give a line of a question set, as it comes of /gold."""
    return {"question": question, "answers": list(answers), "category": "gold"}


def test_gold_keeps_what_is_highlighted(talk: Talk) -> None:
    """Of the answer that is replied to."""
    ann = talk.person()
    [answer] = talk.says(ann, BUILDER)
    sentence = "The lighthouse of Korrin was built in 1871 by the engineer Marta Hale."

    assert texts(talk.says(ann, "/gold", reply_to=answer)) == [
        f"Kept as the right answer to “{BUILDER}”: “{sentence}”."
    ]
    assert exported(talk) == [gold(BUILDER, sentence)]


@pytest.mark.parametrize("said", ["Marta Hale", "the engineer Marta Hale. It stands", "built in 1871 by"])
def test_gold_keeps_other_words_of_the_documents(talk: Talk, said: str) -> None:
    """As they stand there, of one sentence or of two."""
    ann = talk.person()
    [answer] = talk.says(ann, BUILDER)

    assert texts(talk.says(ann, f"/gold {said}", reply_to=answer)) == [
        f"Kept as the right answer to “{BUILDER}”: “{said}”."
    ]
    assert exported(talk) == [gold(BUILDER, said)]


@pytest.mark.parametrize("said", ["none", "None", " NONE "])
def test_gold_none_keeps_that_there_is_no_answer(talk: Talk, said: str) -> None:
    """Which is an answer, too."""
    ann = talk.person()
    [answer] = talk.says(ann, BUILDER)

    assert texts(talk.says(ann, f"/gold {said}", reply_to=answer)) == [
        f"Kept: the documents do not answer “{BUILDER}”."
    ]
    assert exported(talk) == [gold(BUILDER)]


def test_gold_for_what_was_not_found_needs_words(talk: Talk) -> None:
    """Nothing was highlighted."""
    ann = talk.person()
    [reply] = talk.says(ann, UNKNOWN)

    assert texts(talk.says(ann, "/gold", reply_to=reply)) == [USAGE]
    assert texts(talk.says(ann, "/gold none", reply_to=reply)) == [f"Kept: the documents do not answer “{UNKNOWN}”."]


@pytest.mark.parametrize("said", ["Martha Hale", "the architect Marta Hale", "marta hale", "1872"])
def test_gold_that_does_not_stand_in_the_documents_is_refused(talk: Talk, said: str) -> None:
    """It could never be found."""
    ann = talk.person()
    [answer] = talk.says(ann, BUILDER)

    assert texts(talk.says(ann, f"/gold {said}", reply_to=answer)) == [
        "These words do not stand in the documents as you wrote them. Copy them from an excerpt."
    ]
    assert exported(talk) == []


def test_gold_replaces_earlier_gold(talk: Talk) -> None:
    """There is one right answer to a question."""
    ann = talk.person()
    [answer] = talk.says(ann, BUILDER)
    for said in ("Marta Hale", "none", "1871"):
        talk.says(ann, f"/gold {said}", reply_to=answer)

    assert exported(talk) == [gold(BUILDER, "1871")]


def test_gold_for_any_message_of_a_long_answer(talk: Talk) -> None:
    """Each of them is the answer."""
    ann = talk.person()
    question = "What does the beekeeper of Korrin sell at the market?"
    messages = talk.says(ann, question)

    for message in messages:
        talk.says(ann, "/gold heather honey", reply_to=message)
        assert exported(talk) == [gold(question, "heather honey")]


def test_gold_without_a_reply_says_how(talk: Talk) -> None:
    """It would be unclear what is meant."""
    ann = talk.person()
    talk.says(ann, BUILDER)

    assert texts(talk.says(ann, "/gold")) == [USAGE]


def test_gold_that_is_very_long_is_confirmed(start_talk: Callable[..., Talk]) -> None:
    """By its beginning: the words of a long paragraph would not fit into the reply."""
    talk = start_talk(telegram={"admins": [ADMIN]}, evidence={"reader": ""}, answering={"threshold": 0})
    ann = talk.person()
    messages = talk.says(ann, "What does the beekeeper of Korrin sell at the market? " + "I wonder. " * 180)
    quoted = messages[0]["text"].rpartition("\n[")[0]

    [reply] = talk.says(ann, f"/gold {quoted}", reply_to=messages[0])

    assert reply["text"].startswith("Kept as the right answer to “What does the beekeeper")
    assert exported(talk)[0]["answers"] == [quoted]


@pytest.mark.parametrize("command", ["/gold", "/gold none", "/gaps", "/reload"])
def test_others_may_not(talk: Talk, command: str) -> None:
    """Only those who run the bot."""
    talk.person("Ann")
    bob = talk.person("Bob")
    [answer] = talk.says(bob, BUILDER)

    assert texts(talk.says(bob, command, reply_to=answer)) == [ADMINS_ONLY]
    assert exported(talk) == []


def test_a_group_can_be_judged_by_an_admin(talk: Talk) -> None:
    """Also the answer to somebody else."""
    ann = talk.person("Ann")
    group = talk.group(ann)
    bob = talk.person("Bob", chat=group)
    [answer] = talk.says(bob, f"/ask {BUILDER}", chat=group)

    talk.says(ann, "/gold Marta Hale", chat=group, reply_to=answer)

    assert exported(talk) == [gold(BUILDER, "Marta Hale")]


def test_gaps_are_grouped_by_question(talk: Talk) -> None:
    """Most frequent first, each as it was asked last; case, blanks and the last mark aside."""
    ann = talk.person()
    for question in (
        "Who is king?",
        UNKNOWN,
        "what is  the capital of mongolia",
        "WHAT IS THE CAPITAL OF MONGOLIA?",
        BUILDER,
    ):
        talk.says(ann, question)

    [reply] = talk.says(ann, "/gaps")

    gaps = [line for line in reply["text"].splitlines() if " × " in line]
    assert gaps[0] == "3 × WHAT IS THE CAPITAL OF MONGOLIA?"
    assert BUILDER not in reply["text"]


def test_without_gaps_that_is_said(talk: Talk) -> None:
    """Everything has been answered."""
    ann = talk.person()
    talk.says(ann, BUILDER)

    assert texts(talk.says(ann, "/gaps")) == ["Every question has been answered."]


def test_gaps_fit_into_a_message(start_talk: Callable[..., Talk]) -> None:
    """However long the questions are, and however many: the first twenty are shown."""
    talk = start_talk(telegram={"admins": [ADMIN], "questions_per_minute": 100}, evidence={"reader": ""})
    ann = talk.person()
    for number in range(22):
        talk.says(ann, f"What is the capital of Mongolia, number {number} of {'many ' * 50 * (number == 21)}?")

    [reply] = talk.says(ann, "/gaps")

    assert reply["text"].count(" × ") == 20
    assert len(reply["text"].splitlines()[1]) == len("1 × ") + 150


def test_a_question_that_was_edited_is_one_gap(talk: Talk) -> None:
    """As it was asked at last; what could be answered then is none."""
    ann = talk.person()
    talk.says(ann, "What is the kapital of Mongolia?")
    talk.edits(ann, UNKNOWN)
    assert talk.says(ann, "/gaps")[0]["text"].splitlines()[1:] == [f"1 × {UNKNOWN}"]

    talk.says(ann, UNKNOWN)
    talk.edits(ann, BUILDER)

    assert talk.says(ann, "/gaps")[0]["text"].splitlines()[1:] == [f"1 × {UNKNOWN}"]


def test_liked_answers_become_a_question_set(talk: Talk) -> None:
    """With the highlighted words; disliked ones do not, nor those as many like as dislike."""
    ann, bob = talk.person("Ann"), talk.person("Bob")
    liked = talk.says(ann, BUILDER)[-1]
    mixed = talk.says(bob, "Who is the headmaster of the school?")[-1]
    talk.says(ann, "When was the tower automated?")
    talk.presses(ann, liked, "👍")
    talk.presses(bob, mixed, "👎")

    assert exported(talk) == [
        {
            "question": BUILDER,
            "answers": ["The lighthouse of Korrin was built in 1871 by the engineer Marta Hale."],
            "category": "liked",
        }
    ]


def test_gold_wins_over_votes(talk: Talk) -> None:
    """Whoever runs the bot knows better."""
    ann = talk.person()
    [answer] = talk.says(ann, BUILDER)
    talk.presses(ann, answer, "👍")
    talk.says(ann, "/gold Marta Hale", reply_to=answer)

    assert exported(talk) == [gold(BUILDER, "Marta Hale")]


def test_a_follow_up_that_is_liked_stands_for_itself(talk: Talk) -> None:
    """As it was meant, since nobody can answer "and when?"."""
    ann = talk.person()
    talk.says(ann, BUILDER)
    [answer] = talk.says(ann, "and when?")
    talk.presses(ann, answer, "👍")

    [row] = exported(talk)
    assert row["question"] == "when built the lighthouse of Korrin?"


def test_feedback_is_exported_by_a_command(talk: Talk, tmp_path: Path) -> None:
    """Into a file; what it says of answers that nobody liked is said beside."""
    ann = talk.person()
    [answer] = talk.says(ann, BUILDER)
    talk.says(ann, "/gold Marta Hale", reply_to=answer)
    for question in ("Who is the headmaster of the school?", "When was the village school founded?"):
        talk.presses(ann, talk.says(ann, question)[-1], "👎")
    talk.stop()
    (tmp_path / "config.toml").write_text('[paths]\ntelegram = "telegram.sqlite3"\n', encoding="utf-8")

    done = CliRunner().invoke(
        main, ["--config", f"{tmp_path / 'config.toml'}", "feedback", "export", f"{tmp_path / 'feedback.jsonl'}"]
    )

    assert done.output == "1 question; 2 answers did not help, but nobody has said what would: see /gold\n"
    [row] = map(json.loads, (tmp_path / "feedback.jsonl").read_text(encoding="utf-8").splitlines())
    assert (row["question"], row["answers"], row["category"]) == (BUILDER, ["Marta Hale"], "gold")
