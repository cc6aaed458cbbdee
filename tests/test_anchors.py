from collections.abc import Iterator

import pytest
from evaluated import evaluate
from stand_ins import WordEncoder, set_seeds

from qa_bot.evaluation.anchors import Corpus, Gold, anchor
from qa_bot.evaluation.questions import GoldQuestion
from qa_bot.index.encoding import no_progress
from qa_bot.index.generation import Generation
from qa_bot.opening import open_index

TEXT = (
    "Haftar's forces “shrugged off” the charge — again.\n\nAt least six people were killed on Sept. 19.\n\n"
    "The growth was −5 percent, or 5 million.\n\n利比亚的战争很长。\n\nThe commander of the internationaly recognized army led.\n"
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generation]:
    """Index a document that was edited since the questions were written."""
    folder = tmp_path_factory.mktemp("anchors")
    with open_index(
        folder / "index", set_seeds(folder / "seeds", {"a.txt": TEXT}), WordEncoder(), no_progress
    ) as opened:
        yield opened


def anchored(
    index: Generation, *answers: str, relevant: list[str] | None = None
) -> tuple[tuple[str, ...], Gold | None]:
    """Look for gold."""
    question = GoldQuestion("q", "?", answers, None if relevant is None else frozenset(relevant), "all")
    found, gold = anchor(question, Corpus(index.store))
    return found.answers, gold


@pytest.mark.parametrize("answer", ["six people were killed", "shrugged off", "−5 percent", "的战争"])
def test_words_that_stand_are_kept(index: Generation, answer: str) -> None:
    """As they stand."""
    assert anchored(index, answer) == ((answer,), Gold.KEPT)


@pytest.mark.parametrize(
    ("answer", "now"),
    [
        ('Haftar’s forces "shrugged off"', "Haftar's forces “shrugged off"),
        ("SIX  people\nwere killed", "six people were killed"),
        ("the charge -- again", "the charge — again"),
        ("-5 percent", "−5 percent"),
        ("commander of the internationally recognized army", "commander of the internationaly recognized army"),
    ],
    ids=["quotation marks", "case and blanks", "dashes", "minus", "typo"],
)
def test_words_that_were_edited_harmlessly_are_found_again(index: Generation, answer: str, now: str) -> None:
    """And count as they stand now."""
    assert anchored(index, answer) == ((now,), Gold.MOVED)


@pytest.mark.parametrize(
    "answer",
    [
        "seven people were killed",
        "killed on Sept. 20",
        "5 percent of it",
        "5 billion",
        "7 million",
        "+5 percent",
        "people killed",
    ],
)
def test_other_words_are_no_edit(index: Generation, answer: str) -> None:
    """Another number, sign or word is another answer."""
    assert anchored(index, answer) == ((answer,), Gold.LOST)


def test_one_kept_answer_of_several_is_enough(index: Generation) -> None:
    """The others are dropped, or found again."""
    assert anchored(index, "seven people", "six people") == (("six people",), Gold.KEPT)


def test_gold_of_a_paragraph_that_is_gone_is_lost(index: Generation) -> None:
    """Unless its words are found in another paragraph of the document: then its number has changed."""
    assert anchored(index, relevant=["a.txt#2"]) == ((), Gold.KEPT)
    assert anchored(index, relevant=["a.txt#99"]) == ((), Gold.LOST)
    assert anchored(index, relevant=["b.txt"]) == ((), Gold.LOST)
    assert anchored(index, "six people", relevant=["a.txt#1"])[1] is Gold.MOVED


def test_nothing_is_looked_for_where_nothing_answers(index: Generation) -> None:
    """An unanswerable question has no gold to lose."""
    assert anchored(index) == ((), None)


def test_lost_gold_is_told_apart_and_stays_in_the_denominators(index: Generation) -> None:
    """It is not right, it is counted, and what the others reach stands beside."""
    questions = (
        GoldQuestion("kept", "How many people were killed?", ("six people",), None, "all"),
        GoldQuestion("lost", "How many people fled?", ("ninety people",), None, "all"),
    )
    report = evaluate(index, questions)

    assert {name: report["gold"][name] for name in ("kept", "moved", "lost")} == {"kept": 1, "moved": 0, "lost": 1}
    assert report["retrieval"]["hit@1"] == 0.5
    assert report["gold"]["without_lost"]["hit@1"] == 1.0
    assert [line["gold"] for line in report["per_question"]] == ["kept", "lost"]
