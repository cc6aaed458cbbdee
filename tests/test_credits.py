"""Who took a picture."""

from pathlib import Path

import pytest
from stand_ins import SeedWriter, WordEncoder
from test_evidence import Pen, judge_with

from qa_bot.asked_role import asked_role, asks_for_credit
from qa_bot.credits import LONGEST, credit
from qa_bot.index.build import update
from qa_bot.index.encoding import no_progress
from qa_bot.index.generation import open_current
from qa_bot.records import Evidence, Role
from qa_bot.retriever import encode_question, retrieve


@pytest.mark.parametrize(
    "question",
    [
        "Who took the photo of the soldiers?",
        "who shot these pictures",
        "By whom was the photo taken?",
        "Who is the picture by?",
        "Whose photograph is this?",
        "Who was the photographer of the picture?",
        "Who is the photographer?",
        "What is the photographer's name?",
        "Which agency provided the picture?",
        "What agency is credited for the photo?",
        "Who is credited with the photograph of the troops?",
        "who make the foto",
        "photo credit",
    ],
)
def test_questions_for_a_credit(question: str) -> None:
    """They ask for captions."""
    assert asks_for_credit(question)
    assert asked_role(question) is Role.CAPTION


@pytest.mark.parametrize(
    "question",
    [
        "What does the photo show?",
        "Who took the pictures down?",
        "Who took Benghazi?",
        "Who is the photographer of Vogue?",
        "Which agency took the offer?",
        "Who is credited with the victory?",
    ],
)
def test_other_questions(question: str) -> None:
    """What a picture shows, and what else was taken, no credit tells."""
    assert not asks_for_credit(question)


@pytest.mark.parametrize(
    ("caption", "words"),
    [
        ("Troops near Benghazi on Aug. 14. /AFP/Abdullah Doma", "AFP/Abdullah Doma"),
        ("A view of it. (AP Photo/Ann Lee)", "AP Photo/Ann Lee"),
        ("A view of it. Ann Lee/Reuters", "Ann Lee/Reuters"),
        ("A view of it. Photo: Ann Lee", "Photo: Ann Lee"),
        ("A view of it (photo by Ann Lee)", "photo by Ann Lee"),
        ("Photo: Lorries queue at the quay. Photograph: Ann Lee", "Photograph: Ann Lee"),
        ("Photo: Ann Lee, The Times", "Photo: Ann Lee"),
        ("A view of it. Photo by Ann Lee for the town", "Photo by Ann Lee"),
        ("A view of it, courtesy of the National Archives", "courtesy of the National Archives"),
        ("A view of it. © 2024 Ann Lee", "© 2024 Ann Lee"),
        ("Photo: Lorries queue at the quay.", None),
        ("The photo of Ann Lee was found by chance.", None),
        ("AFP and AP said so.", None),
        ("He/she came.", None),
        ("x" * LONGEST + " Photo: Ann Lee", None),
    ],
)
def test_the_credit_of_a_caption(caption: str, words: str | None) -> None:
    """Names an agency and a photographer, or says that the picture is by somebody."""
    span = credit(caption)
    assert (None if span is None else caption[span[0] : span[1]]) == words


def weigh(folder: Path, write_seeds: SeedWriter, question: str) -> list[Evidence]:
    """Ask a reader that sees nothing."""
    text = "Town council meets\n\nThe council in its hall on Aug. 14. /AFP/Ann Lee\n\nThe council took the photo by Bob Ray down. It was old."
    update(folder / "index", write_seeds({"council.txt": text}), WordEncoder(), progress=no_progress)
    with open_current(folder / "index") or pytest.fail("there is no index") as index:
        encoded, judge = encode_question(question, WordEncoder(), index.lexical), judge_with(Pen({}, question=question))
        return judge.weigh(encoded, retrieve(encoded, index, judge.weights.ranking, limit=3), index)


def test_a_caption_with_a_credit_says_who_took_the_picture(tmp_path: Path, write_seeds: SeedWriter) -> None:
    """By the sentence with the credit, which is the exact answer, whatever a reader thinks."""
    found, *others = weigh(tmp_path, write_seeds, "Who took the photo?")

    assert found.paragraph.role is Role.CAPTION
    assert found.answer is not None
    assert found.document.text[found.answer.start : found.answer.end] == "AFP/Ann Lee"
    assert found.sentences[found.best].reader == 1.0
    assert [item.answer for item in others] == [None, None]


def test_what_it_shows_is_the_readers(tmp_path: Path, write_seeds: SeedWriter) -> None:
    """A caption may say this or that."""
    assert {item.answer for item in weigh(tmp_path, write_seeds, "What does the photo show?")} == {None}
