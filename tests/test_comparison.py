"""The comparison with others: what is drawn, judged and shown, and what becomes of a contender that fails."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from comparison.__main__ import compete, sample, with_titles
from comparison.drawing import BARS_WIDTH, PANELS, draw
from comparison.entrants import ENTRANTS, Entrant
from comparison.environments import (
    PROJECT,
    SHARED,
    EnvironmentFailedError,
    environment_of,
    pinned_version,
    shared_constraints,
)
from comparison.protocol import Paragraph as Line
from comparison.protocol import read_paragraphs
from comparison.results import Figures, Row, figures_of, first_right, table
from comparison.running import TESTS, ContenderFailedError, Measured, measure
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.evaluation.questions import GoldQuestion
from qa_bot.records import Paragraph, Role

PARAGRAPHS = {"p1": "The well is deep.", "p2": "The port is old.", "p3": "A well-known port."}
FIGURES = Figures(1234.56, 2.0, 3.0, 4.0, 0.5, 0.75, 0.625, 400.4, 300.0, 0.123)
CONSTRAINTS = (PROJECT / "constraints.txt").read_text(encoding="utf-8")

# Finds the paragraphs that share a word with the question, by nothing but Python.
WORDS = """
import json
from comparison.protocol import run

class Words:
    def load(self):
        self.loaded = True

    def index(self, paragraphs, folder):
        assert self.loaded
        (folder / "index.json").write_text(json.dumps({p.id: p.text.lower() for p in paragraphs}))

    def open(self, folder):
        self.texts = json.loads((folder / "index.json").read_text())

    def ask(self, question):
        return [name for name, text in self.texts.items() if question.lower() in text]

    def change(self, paragraphs, at, folder):
        before = [p.text.lower() for p in paragraphs]
        before[at] = before[at].removesuffix(" this sentence was added later.")
        assert list(self.texts.values()) == before != [p.text.lower() for p in paragraphs]
        self.index(paragraphs, folder)

run(Words)
"""


def gold(answers: tuple[str, ...] = (), relevant: frozenset[str] | None = None, name: str = "q") -> GoldQuestion:
    """Make a question with its gold."""
    return GoldQuestion(name, "What?", answers, relevant, "all")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Write a collection of three paragraphs and two questions."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    lines = [json.dumps({"id": name, "title": "T", "text": text}) for name, text in PARAGRAPHS.items()]
    (folder / "paragraphs.jsonl").write_text("\n".join(lines), encoding="utf-8")
    questions = [
        {"id": "a", "question": "How deep is the well?", "answers": ["deep"], "relevant": ["p1"]},
        {"id": "b", "question": "How old is the port?", "answers": ["old"]},
        {"id": "c", "question": "Who is the king?", "answers": [], "relevant": []},
    ]
    (folder / "questions.jsonl").write_text("\n".join(map(json.dumps, questions)), encoding="utf-8")
    return folder


@given(st.lists(st.booleans(), max_size=30), st.integers(1, 30), st.integers(0, 5))
def test_answerable_questions_are_drawn_in_their_order(answerable: list[bool], count: int, seed: int) -> None:
    """So many are drawn as asked for, or all; the same seed draws the same."""
    questions = [gold(("x",) if yes else (), name=f"{at:02}") for at, yes in enumerate(answerable)]

    drawn = sample(questions, count, seed)

    assert len(drawn) == min(count, sum(answerable))
    assert all(question.answerable for question in drawn)
    assert drawn == sorted(drawn, key=lambda question: question.id)
    assert drawn == sample(questions, count, seed)


@given(
    st.permutations(list(PARAGRAPHS)),
    st.sets(st.sampled_from(["deep", "port", "nowhere"])),
    st.none() | st.frozensets(st.sampled_from([*PARAGRAPHS, "p9"])),
)
def test_right_is_what_the_project_calls_right(
    found: list[str], answers: set[str], relevant: frozenset[str] | None
) -> None:
    """The first right paragraph is the first that `GoldQuestion` takes for right."""
    question = gold(tuple(answers), relevant)
    whole = {name: Paragraph(1, 0, len(text), 1, Role.BODY, ()) for name, text in PARAGRAPHS.items()}

    right = [question.is_right(name, whole[name], PARAGRAPHS[name]) for name in found]

    assert first_right(question, found, PARAGRAPHS) == (right.index(True) + 1 if any(right) else None)


def test_figures_sum_up_what_was_measured() -> None:
    """Ranks are judged over all questions, found or not."""
    questions = [gold(relevant=frozenset({"p1"})), gold(("old",)), gold(relevant=frozenset({"p3"})), gold(("king",))]
    found = (("p1", "p2"), ("p1", "p2"), (), ("p1", "p2", "p3"))

    figures = figures_of(Measured(0.5, 1.5, (4.0, 1.0, 3.0, 2.0), found, 90.0, 80.0, 0.25), questions, PARAGRAPHS)

    assert figures == Figures(
        rate=6.0, start_up=1.5, p50=2.0, p95=4.0, hit_at_1=0.25, hit_at_5=0.5, mrr=0.375, memory_indexing=90.0, memory_asking=80.0, changing=0.25
    )  # fmt: skip


def test_the_table_shows_who_failed() -> None:
    """A contender without figures keeps its row, and the reason stands below."""
    rows = [Row("one", "1.0", "all of it", FIGURES), Row("two", "2.0", "half of it", "no wheel")]

    assert table(rows).splitlines() == [
        "| | version | paragraphs indexed per second | one paragraph changed, s | start-up, s | p50, ms | p95, ms | hit@1 | hit@5 | MRR@10 | memory, indexing, MB | memory, asking, MB |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
        "| one | 1.0 | 1,234.6 | 0.12 | 2.0 | 3.0 | 4.0 | 0.500 | 0.750 | 0.625 | 400 | 300 |",
        "| two | 2.0 | – | – | – | – | – | – | – | – | – | – |",
        "",
        "- **one**: all of it",
        "- **two**: half of it. Not measured: no wheel",
    ]


def test_bars_are_as_long_as_their_figures() -> None:
    """Each panel has a bar for each contender that has figures; the longest fills its place."""
    half = Figures(*[value / 2 for value in (1234.56, 2.0, 3.0, 4.0, 0.5, 0.75, 0.625, 400.4, 300.0, 0.123)])
    svg = draw([Row("one", "", "", FIGURES), Row("none", "", "", "failed"), Row("half", "", "", half)])

    bars = [
        float(rect.get("width", ""))
        for rect in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}rect")  # noqa: S314 - we have just made it
        if "bar" in (rect.get("class") or "")
    ]
    assert bars == [BARS_WIDTH, BARS_WIDTH / 2] * len(PANELS)


def test_nobody_measured_is_an_empty_picture() -> None:
    """Without figures there are panels without bars."""
    assert 'class="bar' not in draw([Row("none", "", "", "failed")])


def test_a_contender_is_measured(data: Path, tmp_path: Path) -> None:
    """It indexes, answers and takes in a change, in processes of its own; what it found comes in the order of the questions."""
    (tmp_path / "words.py").write_text(WORDS, encoding="utf-8")
    variables = {"PYTHONPATH": f"{TESTS}{os.pathsep}{tmp_path}"}

    measured = measure("words", Path(sys.executable), data / "paragraphs.jsonl", ["well", "port", "king"], variables)

    assert measured.found == (("p1", "p3"), ("p2", "p3"), ())
    assert len(measured.milliseconds) == 3
    assert 0 < measured.start_up < 60
    assert measured.indexing > 0
    assert measured.changing > 0
    assert min(measured.memory_indexing, measured.memory_asking) > 5


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("raise SystemExit('no such model')", "no such model"),
        ("import os; os.abort()", "killed by SIGABRT"),
        ("print('hello')", "printed no measurements but 'hello'"),
        ("", "printed no measurements but 'no reason given'"),
        (WORDS.replace("self.texts =", "self.words ="), "AttributeError: 'Words' object has no attribute 'texts'"),
    ],
)
def test_a_contender_that_fails_says_why(data: Path, tmp_path: Path, code: str, reason: str) -> None:
    """The last line of what it said is the reason."""
    (tmp_path / "failing.py").write_text(code, encoding="utf-8")
    variables = {"PYTHONPATH": f"{TESTS}{os.pathsep}{tmp_path}"}

    with pytest.raises(ContenderFailedError, match=re.escape(reason)):
        measure("failing", Path(sys.executable), data / "paragraphs.jsonl", ["well"], variables)


def test_a_contender_that_is_not_there_does_not_stop_the_run(data: Path, tmp_path: Path) -> None:
    """One whose library is missing has a row with the reason."""
    entrant = Entrant("txtai", "txtai", "hybrid", package="click")

    row = compete(entrant, data / "paragraphs.jsonl", [gold()], tmp_path, {})

    assert row == Row(
        "txtai", pinned_version(CONSTRAINTS, "click"), "hybrid", "ModuleNotFoundError: No module named 'txtai'"
    )


def test_an_environment_is_made_once(tmp_path: Path) -> None:
    """It is kept as long as the requirements are the same, and made anew when they change."""
    requirements, folder = tmp_path / "some.txt", tmp_path / "environments"
    requirements.write_text("# nothing\n", encoding="utf-8")
    python = environment_of(requirements, folder)
    kept = folder / "some" / "kept"
    kept.touch()

    assert environment_of(requirements, folder) == python
    assert kept.exists()

    requirements.write_text("# still nothing\n", encoding="utf-8")
    assert environment_of(requirements, folder) == python
    assert not kept.exists()
    assert subprocess.run([python, "-c", ""], check=False).returncode == 0


def test_what_cannot_be_installed_is_a_named_failure(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row names the reason, and the next run tries again."""
    for name, value in {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull}.items():
        monkeypatch.setenv(name, value)
    requirements = tmp_path / "some.txt"
    requirements.write_text("no-such-package==1.0\n", encoding="utf-8")
    entrant = Entrant("some", "txtai", "hybrid", requirements, "no-such-package")

    row = compete(entrant, data / "paragraphs.jsonl", [gold()], tmp_path, {})

    assert row == Row("some", "1.0", "hybrid", "ERROR: No matching distribution found for no-such-package==1.0")
    with pytest.raises(EnvironmentFailedError):
        environment_of(requirements, tmp_path)


def test_requirements_are_pinned() -> None:
    """Each contender's requirements name a version of everything but of what all share, which the project pins."""
    assert {line.split("==")[0] for line in shared_constraints(CONSTRAINTS).splitlines()} == SHARED
    for entrant in ENTRANTS:
        assert (TESTS / "comparison" / "contenders" / f"{entrant.module}.py").is_file()
        if entrant.requirements and entrant.package:
            lines = entrant.requirements.read_text(encoding="utf-8").splitlines()
            pinned = [line for line in lines if "==" in line]
            assert pinned_version("\n".join(pinned), entrant.package)
            assert {line for line in lines if line not in pinned and not line.startswith("#")} <= SHARED


def test_titles_stand_before_texts(data: Path, tmp_path: Path) -> None:
    """With titles each paragraph keeps its id and begins with its title."""
    lines = read_paragraphs(with_titles(data / "paragraphs.jsonl", tmp_path))

    assert lines == [Line(name, "T", f"T\n{text}") for name, text in PARAGRAPHS.items()]


def test_the_comparison_runs(data: Path, tmp_path: Path) -> None:
    """The command measures this project and writes the table and the picture."""
    out = tmp_path / "out"
    name = "qa_bot, without a reader"
    command = [sys.executable, "-m", "comparison", str(data), "--only", name, "--questions", "2", "--out", str(out)]
    done = subprocess.run(
        command,
        env=os.environ | {"PYTHONPATH": f"{TESTS}{os.pathsep}{PROJECT}"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )

    written = (out / "comparison.md").read_text(encoding="utf-8")
    assert (done.returncode, done.stdout, done.stderr) == (0, written, f"{name} …\n")
    assert "tiny: 3 paragraphs, 2 answerable questions (seed 7)" in written
    assert re.search(rf"^\| {name} \| [\d.]+ \|.*\| 1\.000 \| 1\.000 \| 1\.000 \|", written, re.MULTILINE)
    assert (out / "comparison.svg").read_text(encoding="utf-8").count('class="bar own"') == len(PANELS)
