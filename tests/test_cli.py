"""The command line, run as its users run it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from qa_bot.reading.entry import FORMATS
from qa_bot.weights import Weights, packaged_weights

ROOT = Path(__file__).resolve().parents[1]
ARTICLE = "haftar-benghazi-offensive.txt"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a project folder with the article, indexed."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copy(ROOT / "config.toml", folder)
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    done = run(folder, "index")
    assert (done.returncode, done.stderr) == (0, "")
    return folder


def run(folder: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run qa-bot in a folder, free of settings in the environment."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("QA_BOT_")}
    return subprocess.run(
        [sys.executable, "-m", "qa_bot", *arguments],
        cwd=folder,
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        check=False,
    )


def test_ask_json_keeps_its_contract(project: Path) -> None:
    """``ask --json`` has just the fields of the contract, and each excerpt is a slice of its document."""
    done = run(project, "ask", "How many people were killed west of Benghazi?", "--json")
    answer = json.loads(done.stdout)
    text = (project / "seeds" / ARTICLE).read_text(encoding="utf-8")

    assert done.returncode == 0
    assert list(answer) == [
        "schema", "question", "status", "confidence", "excerpts", "near", "conflicts", "index", "timings_ms",
    ]  # fmt: skip
    assert (answer["schema"], answer["status"], answer["near"]) == (1, "answered", [])
    assert answer["index"] == {"generation": 1, "model": "all-MiniLM-L6-v2"}
    assert list(answer["timings_ms"]) == ["encode", "retrieve", "evidence", "total"]
    excerpt = answer["excerpts"][0]
    assert {name: excerpt[name] for name in ("number", "document", "source", "line", "paragraph", "page", "heading")} == {
        "number": 1, "document": ARTICLE, "source": ARTICLE, "line": 12, "paragraph": 7, "page": None, "heading": None,
    }  # fmt: skip
    assert excerpt["title"] == text.split("\n", 1)[0]
    assert excerpt["text"] == text[excerpt["start"] : excerpt["end"]]
    assert excerpt["text"].startswith("At least six people were killed and ten wounded")
    assert excerpt["highlights"] == [{"start": excerpt["start"], "end": excerpt["end"]}]
    assert (excerpt["occurrence"], excerpt["occurrences"]) == (1, 1)
    assert excerpt["score"] == answer["confidence"]


def test_ask_without_an_answer_exits_with_3(project: Path) -> None:
    """A question about another subject is ``not_found``: no excerpts, three near passages, exit code 3."""
    done = run(project, "ask", "How do I bake sourdough bread?", "--json")
    answer = json.loads(done.stdout)

    assert done.returncode == 3
    assert (answer["status"], answer["excerpts"], len(answer["near"])) == ("not_found", [], 3)
    assert answer["confidence"] < Weights.load(packaged_weights("packaged")).threshold


def test_furniture_is_never_quoted(project: Path) -> None:
    """Asking for the very words of furniture does not bring it up."""
    answer = json.loads(
        run(project, "ask", "You must be logged in to post a comment Login", "--json", "--top", "9").stdout
    )

    quoted = [excerpt["text"] for excerpt in answer["excerpts"] + answer["near"]]
    assert quoted
    assert not [text for text in quoted if "logged in" in text]


def test_top_and_why(project: Path) -> None:
    """``--top`` limits the excerpts; ``--why`` adds every score in words."""
    done = run(project, "ask", "What did UNSMIL say?", "--top", "1", "--why")
    lines = done.stdout.splitlines()

    assert sum(line.startswith("[1] Anti") for line in lines) == 1
    assert not [line for line in lines if line.startswith("[2]")]
    verdict = next(line for line in lines if line.startswith("Answered: the confidence "))
    threshold = Weights.load(packaged_weights("packaged")).threshold
    assert verdict.endswith(f"reaches the threshold {threshold:.2f} (packaged with the weights)")


def test_verify_follows_the_document(project: Path, tmp_path: Path) -> None:
    """A receipt is intact, moved, changed or gone as its document is; a string of another form is refused.

    The index keeps the text as it was read, and bears witness where the file does not any more.
    """
    folder = tmp_path / "copy"
    shutil.copytree(project, folder)
    receipt = json.loads(run(folder, "ask", "Who supports Haftar?", "--json").stdout)["excerpts"][0]["receipt"]
    article = folder / "seeds" / ARTICLE
    text = article.read_text(encoding="utf-8")

    assert run(folder, "verify", receipt).stdout == f"intact: {ARTICLE} says these words at line 22\n"
    article.write_text("A new first line of this text\n\n" + text, encoding="utf-8")
    assert run(folder, "verify", receipt).stdout == f"moved: {ARTICLE} says these words at line 24\n"
    article.write_text(text.replace("support from Egypt", "support from abroad"), encoding="utf-8")
    changed = run(folder, "verify", receipt)
    assert (changed.returncode, changed.stdout) == (
        3, f"changed: {ARTICLE} does not hold these words any more; before it was changed it did, at line 22\n",
    )  # fmt: skip
    article.unlink()
    kept = run(folder, "verify", receipt)
    assert (kept.returncode, kept.stdout) == (
        0,
        f"kept: there is no document {ARTICLE} any more, but the text that the index keeps of it says these words at line 22\n",
    )
    article.write_bytes(bytes(range(32)) * 100)
    assert run(folder, "verify", receipt).stdout.startswith(
        f"kept: {ARTICLE} is not text (too many control characters)"
    )
    article.unlink()
    shutil.rmtree(folder / "embeddings")
    gone = run(folder, "verify", receipt)
    assert (gone.returncode, gone.stdout) == (3, f"gone: there is no document {ARTICLE} any more\n")
    refused = run(folder, "verify", "nonsense")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    (folder / "seeds" / ".origins.json").write_text("{", encoding="utf-8")
    unknown = run(folder, "verify", receipt)
    assert (unknown.returncode, unknown.stdout, unknown.stderr.count("\n")) == (2, "", 1)
    assert unknown.stderr.startswith(
        f"qa-bot: {folder / 'seeds' / '.origins.json'}, which says where documents came from,"
    )


def test_an_outdated_index_is_brought_up_to_date(project: Path, tmp_path: Path) -> None:
    """A document added to ``seeds/`` answers the next question, without a word about indexing."""
    folder = tmp_path / "copy"
    shutil.copytree(project, folder)
    (folder / "seeds" / "library.md").write_text(
        "# Library\n\nThe library opens at nine on weekdays.\n", encoding="utf-8"
    )
    answer = json.loads(run(folder, "ask", "When does the library open?", "--json").stdout)

    assert answer["excerpts"][0]["text"] == "The library opens at nine on weekdays."
    assert answer["excerpts"][0]["document"] == "library.md"
    assert answer["index"]["generation"] == 2


def test_index_says_what_it_did(project: Path, tmp_path: Path) -> None:
    """``index`` names what was added and refused, with a reason, and a second run finds nothing to do."""
    folder = tmp_path / "copy"
    shutil.copytree(project, folder)
    (folder / "seeds" / "empty.txt").touch()
    (folder / "seeds" / "picture.png").write_bytes(b"\x89PNG")
    (folder / "seeds" / "clip.mp4").touch()
    (folder / "seeds" / "note.txt").write_text("Tea is served at four o'clock.\n", encoding="utf-8")

    first = run(folder, "index")
    assert first.stdout.splitlines() == [
        "added note.txt",
        "refused clip.mp4: has no format that is read: convert it, or remove it",
        "refused empty.txt: is empty: put text into it, or remove it",
        "refused picture.png: has no format that is read: convert it, or remove it",
        f"formats that are read: {', '.join(FORMATS)}",
        "generation 2: 1 added, 0 changed, 0 removed, 1 kept, 3 refused, 1 paragraph encoded",
    ]
    report = json.loads(run(folder, "index", "--json").stdout)
    assert (report["generation"], report["added"], report["encoded"]) == (2, [], 0)
    assert sorted(report["refused"]) == ["clip.mp4", "empty.txt", "picture.png"]


def test_sources_and_doctor(project: Path) -> None:
    """``sources`` lists the documents, ``doctor`` finds everything in order."""
    title = "Anti-Islamist Gen. Haftar shrugs off UN charge, escalates Benghazi offensive"
    assert run(project, "sources").stdout == f"{ARTICLE} · {title} · 18 paragraphs · 3005 characters\n"
    assert json.loads(run(project, "sources", "--json").stdout)["documents"] == [
        {
            "document": ARTICLE,
            "title": title,
            "author": None,
            "date": None,
            "paragraphs": 18,
            "characters": 3005,
            "warnings": [],
            "origin": None,
        }
    ]
    healthy = run(project, "doctor")
    assert healthy.returncode == 0
    assert [line[:18] for line in healthy.stdout.splitlines()] == [
        "ok   configuration", "ok   documents: 1 ", "ok   model: all-Mi", "ok   reader: packa", "ok   index: genera",
        "ok   calibration: ", "ok   telegram: not",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("reader", "weights", "finding"),
    [
        ("", "", "ok   reader: none: the other scores decide alone"),
        ("seeds", "", "BAD  reader: the reader 'seeds' cannot be loaded "),
        (
            "",
            str(packaged_weights("packaged")),
            f"BAD  reader: the weights {packaged_weights('packaged')} are for packaged,",
        ),
    ],
    ids=["none", "no model", "weights of another"],
)
def test_doctor_looks_at_the_reader(project: Path, reader: str, weights: str, finding: str) -> None:
    """It is loaded, and must have weights of its own."""
    settings = dict(os.environ, QA_BOT_EVIDENCE__READER=reader, QA_BOT_EVIDENCE__WEIGHTS=weights)
    done = subprocess.run(
        [sys.executable, "-m", "qa_bot", "doctor"],
        cwd=project,
        capture_output=True,
        text=True,
        env=settings,
        check=False,
    )
    [line] = [line for line in done.stdout.splitlines() if " reader: " in line]

    assert line.startswith(finding)
    assert done.returncode == (0 if finding.startswith("ok") else 2)


def test_another_model_is_a_named_error(project: Path) -> None:
    """An index made by another encoder is never searched: one line names the command that mends it; `doctor` knows, too."""
    other = dict(os.environ, QA_BOT_ENCODER__PRECISION="float32")
    done, examined = (
        subprocess.run(
            [sys.executable, "-m", "qa_bot", *arguments],
            cwd=project, capture_output=True, text=True, env=other, check=False,
        )
        for arguments in (["ask", "Who is Leon?"], ["doctor"])
    )  # fmt: skip

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.rstrip().endswith("run: qa-bot index --rebuild")
    [line] = [line for line in examined.stdout.splitlines() if " index: " in line]
    assert line.startswith("BAD  index: generation ")
    assert line.endswith("made by another model, so that no question can be answered: run: qa-bot index --rebuild")
    assert examined.returncode == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ask", ""], "qa-bot: the question has no words: ask in words\n"),
        (["ask", "?!"], "qa-bot: the question has no words: ask in words\n"),
        (["ask", "why " * 600], "qa-bot: the question has 2399 characters, more than the 2000 allowed"),
        (
            ["--config", "none.toml", "ask", "Who?"],
            "qa-bot: there is no none.toml: run qa-bot in the folder of config.toml",
        ),
        (["evaluate", "none.jsonl"], "qa-bot: none.jsonl cannot be read as UTF-8 text: "),
        (["evaluate", "config.toml"], "qa-bot: config.toml, line 1: not valid JSON"),
        (["evaluate", "seeds"], "qa-bot: seeds cannot be read as UTF-8 text: "),
        (
            ["evaluate", "mute.jsonl"],
            "qa-bot: the question 'mute' cannot be asked: the question has no words: ask in words\n",
        ),
        (
            ["calibrate", "mute.jsonl"],
            "qa-bot: the question 'mute' cannot be asked: the question has no words: ask in words\n",
        ),
    ],
    ids=["empty", "no words", "too long", "no config", "no set", "not JSON", "folder", "mute", "mute to calibrate"],
)
def test_bad_input_gets_one_line(project: Path, arguments: list[str], message: str) -> None:
    """Bad input exits with 2 and one line on stderr that says what is wrong."""
    questions = [{"id": "first", "question": "Who?", "answers": []}, {"id": "mute", "question": "???", "answers": []}]
    (project / "mute.jsonl").write_text("\n".join(map(json.dumps, questions)), encoding="utf-8")
    done = run(project, *arguments)

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(message)


def test_evaluate_reports_the_metrics(project: Path, tmp_path: Path) -> None:
    """``evaluate`` asks the project's own set, prints the metrics and writes them; its goals are met."""
    file = tmp_path / "report.json"
    forms = {form: tmp_path / f"report.{form}" for form in ("html", "junit", "markdown")}
    options = [part for form, path in forms.items() for part in (f"--{form}", str(path))]
    done = run(project, "evaluate", "--json", str(file), *options, "--gate", "hit@1>=.88 and hit@3>=.97")
    report = json.loads(file.read_text(encoding="utf-8"))

    assert done.returncode == 0
    assert done.stdout.startswith(
        "105 questions, 67 answerable, 38 not; 17 paragraphs, all-MiniLM-L6-v2, reader packaged\n"
    )
    assert list(report) == [
        "schema", "questions", "answerable", "unanswerable", "retrieval", "answers", "abstention", "latency_ms", "index",
        "intervals", "gold", "categories", "baseline", "gate", "settings", "commit", "version", "made", "per_question",
    ]  # fmt: skip
    assert list(report["retrieval"]) == ["hit@1", "hit@3", "hit@5", "hit@10", "mrr@10", "ndcg@10"]
    assert list(report["answers"]) == ["excerpt_hit", "highlight_hit", "highlight_sentences", "exact", "f1"]
    assert list(report["abstention"]) == [
        "auroc", "coverage", "error_rate", "false_answer_rate", "ece", "risk_coverage",
    ]  # fmt: skip
    assert report["retrieval"]["hit@1"] >= 0.88
    assert report["retrieval"]["hit@3"] >= 0.97
    assert report["answers"]["highlight_hit"] >= 0.80
    assert {"id", "rank", "status", "confidence", "excerpt_ok", "highlight_ok"} < report["per_question"][0].keys()
    assert done.stdout.splitlines()[-3] == "the gate holds: hit@1>=.88 and hit@3>=.97"
    starts = {form: path.read_text(encoding="utf-8")[:15].lower() for form, path in forms.items()}
    assert starts == {"html": "<!doctype html>", "junit": "<?xml version='", "markdown": "## qa-bot evalu"}


def test_an_evaluation_below_its_gate_fails(project: Path, tmp_path: Path) -> None:
    """Exit code 4, with each comparison; a baseline is compared with at the same time."""
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"id": "a", "question": "Who supports Haftar?", "answers": ["support from Egypt"]}\n')
    assert run(project, "evaluate", str(questions), "--json", str(tmp_path / "before.json")).returncode == 0

    done = run(
        project,
        "evaluate",
        str(questions),
        "--baseline",
        str(tmp_path / "before.json"),
        "--gate",
        "hit@1>=.5 and p50<0",
    )

    assert (done.returncode, done.stderr) == (4, "")
    assert done.stdout.splitlines()[-3:-1] == [
        "the gate does not hold: hit@1>=.5 and p50<0",
        "  hit@1 >= 0.5: 1, holds",
    ]
    assert "right passage first: 0 fixed, 0 broken, p = 1" in done.stdout


def test_evaluate_over_a_paragraph_file(project: Path, tmp_path: Path) -> None:
    """With ``--paragraphs`` the corpus is that file, and its index is kept apart from that of the documents."""
    paragraphs = tmp_path / "paragraphs.jsonl"
    texts = {"a": "The bridge was opened in 1932.", "b": "The tower is 90 metres high.", "c": "Bees make honey."}
    paragraphs.write_text("\n".join(json.dumps({"id": i, "title": "Facts", "text": t}) for i, t in texts.items()))
    questions = tmp_path / "questions.jsonl"
    rows = [
        {"id": "1", "question": "When was the bridge opened?", "answers": ["1932"], "relevant": ["a"]},
        {"id": "2", "question": "How high is the tower?", "relevant": ["b"]},
        {"id": "3", "question": "Who won the match on Sunday?", "answers": None, "relevant": []},
    ]
    questions.write_text("\n".join(json.dumps(row) for row in rows))
    done = run(project, "evaluate", "--paragraphs", str(paragraphs), str(questions), "--json", "-")
    report = json.loads(done.stdout)

    assert (report["questions"], report["answerable"], report["unanswerable"]) == (3, 2, 1)
    assert report["retrieval"] == dict.fromkeys(report["retrieval"], 1.0)
    answers = report["answers"]
    assert (answers["excerpt_hit"], answers["highlight_hit"], answers["highlight_sentences"]) == (1.0, 1.0, 1.0)
    assert report["abstention"]["false_answer_rate"] == 0.0
    assert run(project, "sources").stdout.startswith(ARTICLE)


def test_help_imports_nothing_heavy() -> None:
    """``--help`` and ``--version`` import no model, no index and no settings."""
    code = (
        "import sys, qa_bot.cli as c\n"
        "for flag in ('--help', '--version'):\n"
        "    try: c.main([flag])\n"
        "    except SystemExit: pass\n"
        "heavy = {'torch', 'sentence_transformers', 'faiss', 'numpy', 'pydantic', 'rich', 'prompt_toolkit'}\n"
        "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Usage: ")
