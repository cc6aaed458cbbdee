"""Letters that a text spells out."""

import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stand_ins import SeedWriter, WordEncoder
from test_evidence import Pen, judge_with, weights_of

from qa_bot.abbreviations import spelt_out
from qa_bot.evidence import Judge
from qa_bot.index.build import update
from qa_bot.index.encoding import no_progress
from qa_bot.index.generation import open_current
from qa_bot.records import Evidence
from qa_bot.retriever import encode_question, retrieve


@pytest.mark.parametrize(
    ("text", "letters", "name"),
    [
        ("The UN Support Mission in Libya (UNSMIL) condemned it.", "unsmil", "UN Support Mission in Libya"),
        ("UNSMIL (the UN Support Mission in Libya) condemned it.", "UNSMIL", "UN Support Mission in Libya"),
        ("Those with a high body mass index (BMI) do.", "BMI", "body mass index"),
        ("Of the United States of America (the “USA”), all.", "usa", "United States of America"),
        ("The World Health Organization (WHO; Geneva) says so.", "WHO", "World Health Organization"),
        ("Who is he? The World Health Organization [WHO] says so.", "who", "World Health Organization"),
        ("The mission (UNSMIL) began. The UN Support Mission in Libya (UNSMIL) ended.", "UNSMIL", "UN Support Mission in Libya"),
        ("UNSMIL called for talks.", "UNSMIL", None),
        ("The talks (UNSMIL) began.", "UNSMIL", None),
        ("(UNSMIL)", "UNSMIL", None),
        ("The Support Mission in Libya (SML) left.", "UNSMIL", None),
        ("The NATO alliance (NATO) grew.", "NATO", None),
        ("The unit system (us) is here.", "us", None),
        ("United we stand in the sunny afternoon of a long day (US) here.", "US", None),
        ("Stay in the sun (S) here.", "S", None),
        ("The World Health Organization (WHO knows) says so.", "WHO", None),
        ("NATO (No one knows all of the treaties of the Organization of the sea) met.", "NATO", None),
    ],
)  # fmt: skip
def test_what_letters_stand_for(text: str, letters: str, name: str | None) -> None:
    """The name ends before them or begins behind them, in parentheses, and has them in their order."""
    span = spelt_out(text, letters)
    assert (None if span is None else text[span[0] : span[1]]) == name


@given(st.text(alphabet="AbßİC ()the.", max_size=60), st.sampled_from(["AB", "abc", "ßC", "C", "A B"]))
def test_a_name_lies_in_the_text(text: str, letters: str) -> None:
    """Whatever the text; it begins with its first letter, at the beginning of a word."""
    span = spelt_out(text, letters)
    if span is not None:
        assert 0 <= span[0] < span[1] <= len(text)
        assert text[span[0]].casefold() == letters[0].casefold()
        assert span[0] == 0 or not text[span[0] - 1].isalnum()


@pytest.mark.parametrize(
    "text", ["x (AB " * 200_000, "    AB" * 400, ("AB" + " " * 40) * 50, "(" * 1_000 + "AB " * 300]
)
def test_no_text_takes_long(text: str) -> None:
    """However often the letters stand in it, and whatever stands between them."""
    started = time.perf_counter()
    assert spelt_out(text, "AB") is None
    assert time.perf_counter() - started < 0.5


def weigh(folder: Path, write_seeds: SeedWriter, question: str, judge: Judge | None = None) -> Sequence[Evidence]:
    """Ask a reader that prefers the first paragraph, which does not spell the letters out, or another judge."""
    calls = "UNSMIL called for UNSMIL talks."
    text = f"{calls}\n\nOn Sunday it rained. The UN Support Mission in Libya (UNSMIL) said it strongly condemns the bombing."
    update(folder / "letters", write_seeds({"letters.txt": text}), WordEncoder(), progress=no_progress)
    with open_current(folder / "letters") or pytest.fail("there is no index") as index:
        encoded = encode_question(question, WordEncoder(), index.lexical)
        judge = judge or judge_with(Pen({calls: 3.0}, question=question))
        return judge.weigh(encoded, retrieve(encoded, index, judge.weights.ranking, limit=2), index)


def test_what_spells_letters_out_answers_what_they_stand_for(tmp_path: Path, write_seeds: SeedWriter) -> None:
    """As surely as a reader could be, whatever it thinks, with the name as the exact answer."""
    first, second = weigh(tmp_path, write_seeds, "Could you please tell me what UNSMIL stands for?")

    assert [sentence.reader for sentence in first.sentences] == [-1.0, 1.0]
    assert first.answer is not None
    assert first.document.text[first.answer.start : first.answer.end] == "UN Support Mission in Libya"
    assert first.confidence >= second.confidence


def test_it_is_never_too_far_behind(tmp_path: Path, write_seeds: SeedWriter) -> None:
    """Nobody has to read what is certain."""
    question = "What does UNSMIL stand for?"
    judge = Judge(weights_of(-1, 2, reach=0), reader=Pen({}, question=question), reads=2, unread=weights_of(-2, 0))
    first, second = weigh(tmp_path, write_seeds, question, judge)

    assert first.answer is not None
    assert (first.behind, second.behind) == (False, False)
    assert first.hit.scores.total < second.hit.scores.total


def test_without_a_reader_nothing_speaks_like_one(tmp_path: Path, write_seeds: SeedWriter) -> None:
    """Its weights know of no such score."""
    found = weigh(tmp_path, write_seeds, "What does UNSMIL stand for?", Judge(weights_of(-2, 0)))

    assert {(item.read, item.answer) for item in found} == {(False, None)}
    assert {sentence.reader for item in found for sentence in item.sentences} == {0.0}


def test_other_questions_are_the_readers(tmp_path: Path, write_seeds: SeedWriter) -> None:
    """They are not answered by what spells a name out."""
    first, _ = weigh(tmp_path, write_seeds, "When did UNSMIL call?")

    assert first.document.text[first.paragraph.start : first.paragraph.end].startswith("UNSMIL called")
