"""The collections that weights are fitted on, read from files in the form of the public ones."""

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from qa_bot.errors import QuestionSetError
from qa_bot.fitting.collections import FitCollection, load_all
from qa_bot.fitting.gathering import foreign_to
from qa_bot.training.abbreviations import QUESTIONS

MISSION = "The Support Mission in Libya (SML) left. The SML had come late."
LATER = "Later the SML came back."
SCHOOL = "The Old Village School (OVS) is small."
TREATY = "The Treaty of Paris (TP) was signed."
PARAGRAPHS = [
    {"id": "p1", "title": "Libya", "text": MISSION},
    {"id": "p2", "title": "Libya", "text": LATER},
    {"id": "p3", "title": "Islamism", "text": "The Free Youth League (FYL) grew."},
    {"id": "p4", "title": "Libya", "text": f"The FYL left. {SCHOOL}"},
]


def lines(file: Path, rows: Sequence[Mapping[str, object]]) -> None:
    """Write JSON Lines."""
    file.parent.mkdir(exist_ok=True)
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Give a folder with small collections."""
    lines(tmp_path / "squad2" / "paragraphs.jsonl", PARAGRAPHS)
    lines(
        tmp_path / "squad2" / "questions.jsonl",
        [
            {"id": "1", "question": "Who left?", "answers": ["The Support Mission in Libya"], "relevant": ["p1"]},
            {"id": "2", "question": "Who grew?", "answers": None, "relevant": [], "near": "p3"},
        ],
    )
    lines(
        tmp_path / "clapnq" / "questions.jsonl",
        [{"question": "what was signed", "title": "Paris", "text": TREATY, "sentences": [TREATY], "answers": [TREATY]}],
    )
    lines(
        tmp_path / "selqa" / "dev.jsonl",
        [{"question": "What is TP?", "title": "TP", "sentences": ["The TP held.", "For long."], "answers": [0]}],
    )
    return tmp_path


def loaded(data: Path) -> dict[str, FitCollection]:
    """Load all collections but the big one."""
    return {c.name: c for c in load_all(data, ("squad2", "clapnq", "selqa", "abbreviations"))}


def test_abbreviations_are_asked_for_where_some_paragraphs_only_use_them(data: Path) -> None:
    """Right are those that spell one out; one that stands in these alone is too easy, and articles kept aside stay so."""
    asked = loaded(data)["abbreviations"]

    assert [p.text for p in asked.paragraphs] == [*(p["text"] for p in PARAGRAPHS), TREATY, "The TP held. For long."]
    assert [question.text for question in asked.questions] == [
        question.format(short=short) for short in ("SML", "FYL", "TP") for question in QUESTIONS
    ]
    count = len(QUESTIONS)
    start = MISSION.index("Support Mission")
    assert asked.questions[0].gold == {"p1": ((start, MISSION.index(" (SML)")),)}
    assert [question.aside for question in asked.questions] == [False] * count + [True] * count + [False] * count


def test_no_question_is_foreign_where_a_collection_stands_apart(data: Path) -> None:
    """It may well be answered there; of the others each has its own subjects."""
    collections = loaded(data)
    everything = list(collections.values())

    assert [q.text for q in foreign_to(collections["clapnq"], everything, 10).questions] == [
        "Who left?", "Who grew?", "What is TP?",
    ]  # fmt: skip
    assert foreign_to(collections["abbreviations"], everything, 10).questions == []


def test_rows_that_the_reader_has_not_learnt_from(tmp_path: Path) -> None:
    """Each passage is a paragraph once, every second one is kept aside, and what was made by exchanging passages is left out."""
    rows = [
        ("Who left?", "The mission left.", [{"text": "The mission", "start": 0}], "squad"),
        ("Who came?", "The mission left.", [], "squad"),
        ("Who grew?", "It left.", [], "derived_negatives_en"),
        ("Who grew?", "The league grew.", [{"text": "league", "start": 4}, {"text": "The league", "start": 0}], "qamr"),
    ]
    names = ("question", "passage", "answers", "source")
    (tmp_path / "reader").mkdir()
    with gzip.open(tmp_path / "reader" / "dev.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps({"title": "Libya", **dict(zip(names, row, strict=True))}) + "\n" for row in rows)

    [read] = load_all(tmp_path, ("reader",))

    assert [(p.title, p.text) for p in read.paragraphs] == [
        ("Libya", "The mission left."),
        ("Libya", "The league grew."),
    ]
    assert read.apart
    first, second = (paragraph.name for paragraph in read.paragraphs)
    assert [(q.text, q.gold, q.aside) for q in read.questions] == [
        ("Who left?", {first: ((0, 11),)}, False),
        ("Who came?", {}, False),
        ("Who grew?", {second: ((4, 10), (0, 10))}, True),
    ]


def test_an_unknown_collection(data: Path) -> None:
    """Is refused with the names of those that there are."""
    with pytest.raises(QuestionSetError, match="squad2, clapnq, selqa, scifact, reader, abbreviations"):
        load_all(data, ("squad3",))
