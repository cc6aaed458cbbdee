"""``calibrate``: what it stores, who uses it, and who says that it is outdated."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from stand_ins import WordEncoder

from qa_bot.bot import QaBot
from qa_bot.config import load
from qa_bot.evaluation.calibrating import calibrate, logit_of
from qa_bot.evaluation.collection import load_collection, name_of
from qa_bot.evaluation.questions import load_questions
from qa_bot.evaluation.run import ask_all
from qa_bot.index.embedded import Embedded
from qa_bot.index.encoding import no_progress
from qa_bot.opening import open_index

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a project folder with the article, calibrated on every second question of its set."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copy(ROOT / "config.toml", folder)
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    lines = (folder / "seeds" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    for name, half in (("one", lines[::2]), ("other", lines[1::2]), ("few", lines[:20])):
        (folder / f"{name}.jsonl").write_text("\n".join(half) + "\n", encoding="utf-8")
    done = run(folder, "calibrate", "one.jsonl", "--json", "calibration-report.json")
    assert (done.returncode, done.stderr) == (0, "")
    (folder / "printed").write_text(done.stdout, encoding="utf-8")
    return folder


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run qa-bot in a folder, free of settings in the environment."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("QA_BOT_")}
    return subprocess.run(
        [sys.executable, "-m", "qa_bot", *arguments],
        cwd=folder, capture_output=True, text=True, encoding="utf-8", env=environment, check=False,
    )  # fmt: skip


def stored(folder: Path) -> dict[str, object]:
    """Read what is stored with the index."""
    fields: dict[str, object] = json.loads((folder / "embeddings" / "calibration.json").read_text(encoding="utf-8"))
    return fields


def test_calibrate_prints_the_curve_and_stores_what_it_chose(project: Path) -> None:
    """What is printed, what is stored with the index and what is written as JSON agree."""
    printed = (project / "printed").read_text(encoding="utf-8").splitlines()
    report = json.loads((project / "calibration-report.json").read_text(encoding="utf-8"))

    assert printed[0] == "53 questions, 34 answerable, 19 not; at most 0.05 wrong"
    assert printed[2] == " answered    wrong  threshold"
    assert report["calibration"] == stored(project)
    assert list(report) == ["schema", "calibration", "reached", "cross_validation", "risk_coverage"]
    assert report["risk_coverage"][-1]["coverage"] == 1.0
    threshold = f"threshold {report['calibration']['threshold']:.3f}, "
    assert len([line for line in printed if line.startswith(threshold)]) == 1


def test_evaluate_uses_it(project: Path) -> None:
    """The threshold of an evaluation is the stored one."""
    done = run(project, "evaluate", "other.jsonl", "--json", "-")

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["index"]["threshold"] == stored(project)["threshold"]


def test_it_is_flagged_when_documents_change(project: Path, tmp_path: Path) -> None:
    """After a change of the documents ``ask`` says so in one line on stderr, and ``doctor`` calls it a fault."""
    folder = tmp_path / "copy"
    shutil.copytree(project, folder)
    healthy = run(folder, "doctor")
    assert healthy.returncode == 0
    assert healthy.stdout.splitlines()[-2].startswith("ok   calibration: of 20")
    (folder / "seeds" / "note.txt").write_text("Tea is served at four o'clock.\n", encoding="utf-8")

    asked, examined = run(folder, "ask", "When is tea served?", "--json"), run(folder, "doctor")

    outdated = (
        f"the calibration is outdated, since the documents changed after it was made on {stored(folder)['made']}: "
        "run: qa-bot calibrate QUESTIONS"
    )
    assert (asked.stderr, json.loads(asked.stdout)["schema"]) == (f"qa-bot: {outdated}\n", 1)
    assert examined.returncode == 2
    assert examined.stdout.splitlines()[-2] == f"BAD  calibration: {outdated}"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["few.jsonl"], "too few to calibrate on: 20 questions, "),
        (["one.jsonl", "--max-error", "0"], "0.0 is not in the range 0<x<1"),
        (["one.jsonl", "--max-error", "1"], "1.0 is not in the range 0<x<1"),
        (["one.jsonl", "--max-error", "five"], "'five' is not a valid float range"),
        (["none.jsonl"], "none.jsonl cannot be read"),
        ([], "Missing argument 'QUESTIONS'"),
    ],
    ids=["few", "zero", "one", "no number", "no file", "nothing"],
)
def test_what_cannot_be_calibrated_on_is_refused(project: Path, arguments: list[str], message: str) -> None:
    """A set that is too small and an impossible share are refused with a reason, and what is stored stays."""
    before = stored(project)
    done = run(project, "calibrate", *arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert stored(project) == before


def test_a_collection_has_a_calibration_of_its_own(tmp_path: Path) -> None:
    """What is fitted to a paragraph file is stored with its index, corrects its confidences, and leaves others alone."""
    shutil.copy(ROOT / "config.toml", tmp_path)
    settings = load(tmp_path / "config.toml")
    words = [f"{first}{second}" for first in ("alpha", "bravo", "delta", "gamma", "kappa") for second in "abcdefghijkl"]
    rows = [{"id": word, "title": word, "text": f"The {word} was opened in 1932 by a king."} for word in words]
    paragraphs, questions = tmp_path / "paragraphs.jsonl", tmp_path / "questions.jsonl"
    paragraphs.write_text("\n".join(json.dumps(row) for row in rows[:40]))
    gold = [{"id": word, "question": f"When was the {word} opened?", "relevant": [word]} for word in words[:40]]
    gold += [{"id": word, "question": f"Who closed the {word}?", "relevant": []} for word in words[40:]]
    questions.write_text("\n".join(json.dumps(row) for row in gold))
    encoder = WordEncoder()
    keeper = Embedded(settings.paths.embeddings / "collections" / name_of(paragraphs))

    index = open_index(keeper.folder, load_collection(paragraphs), encoder, no_progress)
    with QaBot(settings, index, encoder, keeper=keeper) as bot:
        calibration, _ = calibrate(bot, ask_all(bot, load_questions(questions), no_progress), 0.05)
        shipped = bot.ask("When was the alphaa opened?").confidence
        bot.keeper.store_calibration(calibration)
        fitted = QaBot(settings, bot.index, encoder, keeper=keeper)
        assert (fitted.calibration, fitted.threshold, fitted.calibration_outdated) == (
            calibration, calibration.threshold, None,
        )  # fmt: skip
        assert logit_of(fitted.ask("When was the alphaa opened?").confidence) == pytest.approx(
            calibration.slope * logit_of(shipped) + calibration.bias
        )
        assert QaBot(settings, bot.index, encoder, keeper=keeper, calibrated=False).calibration is None
    assert not (settings.paths.embeddings / "calibration.json").exists()
