"""Two documents, two numbers for the same thing: told from what only looks like it, and shown together."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from stand_ins import SeedWriter, WordEncoder
from test_answering import document_of, evidence_of

from qa_bot.answering import Selection, select
from qa_bot.bot import QaBot
from qa_bot.channels.explanation import explain
from qa_bot.channels.json_answer import answer_as_json
from qa_bot.channels.sources import source_lines, sources_as_json
from qa_bot.channels.terminal import Terminal
from qa_bot.config import Answering, EvidenceSettings, Paths, Settings
from qa_bot.conflicts import Statement, values
from qa_bot.index.build import update
from qa_bot.index.encoding import no_progress
from qa_bot.limits import Limits
from qa_bot.opening import open_index
from qa_bot.reading import scan
from qa_bot.reading.entry import read
from qa_bot.records import Evidence
from qa_bot.splitting import split

ROOT = Path(__file__).resolve().parents[1]
KILLED = "How many people were killed?"


def disagree(question: str, first: str, second: str, language: str = "en") -> bool:
    """Whether two sentences contradict each other, whichever comes first."""
    one, other = Statement.of(first, language), Statement.of(second, language)
    assert one.contradicts(other, question, language) == other.contradicts(one, question, language)
    return one.contradicts(other, question, language)


@pytest.mark.parametrize(
    ("question", "first", "second"),
    [
        ("When does the library open?", "The library opens at nine on weekdays.", "The library opens at 10 on weekdays."),
        ("Which day is the market held?", "The market is held every Monday.", "The market is held every Tuesday."),
        ("When was the bridge opened?", "The bridge was opened in 1932.", "The bridge was opened in 1933."),
        ("When did it break out?", "Fighting broke out near the port on Sept. 19.", "Fighting broke out near the port on 20 September."),
        (KILLED, "At least six people were killed west of Benghazi.", "At least nine people were killed west of Benghazi."),
        (KILLED, "On Sept. 19 six people were killed in Benghazi.", "On Sept. 19, 16 people were killed in Benghazi, it was said."),
        ("How high is the tower?", "The old tower is 1,090 metres high.", "The old tower is 1090.5 metres high."),
        ("What does a ticket cost?", "A ticket for adults costs 5 euros.", "A ticket for adults costs 6 euros."),
    ],
)  # fmt: skip
def test_two_values_for_the_same_thing(question: str, first: str, second: str) -> None:
    """The same statement with another number, day or year is a contradiction, where that is what is asked for."""
    assert disagree(question, first, second)


@pytest.mark.parametrize(
    ("question", "first", "second"),
    [
        (KILLED, "Six people were killed in Benghazi.", "6 people were killed in Benghazi."),
        (KILLED, "In 2015 six people were killed in Benghazi.", "In 2016 nine people were killed in Benghazi."),
        (KILLED, "Six people were killed in Benghazi in 2015.", "Six people were killed in Benghazi in 2016."),
        (KILLED, "Six people were killed in Benghazi.", "Nine people were killed in Tripoli."),
        (KILLED, "Six people were killed in Benghazi.", "Six people were killed and 10 wounded in Benghazi."),
        (KILLED, "Six people were killed.", "Nine houses were burnt."),
        ("How many people were killed in 2015?", "In 2015 people were killed in Benghazi.", "In 2016 people were killed in Benghazi."),
        ("Who leads the army?", "Haftar, 71, leads the army of the east.", "Haftar, 72, leads the army of the east."),
        ("When was the bridge opened?", "The bridge of 5 arches was opened in 1932.", "The bridge of 6 arches was opened in 1932."),
        ("When was he born?", "Alice Smith was born in the old city of Paris near the river Seine in 1932.", "Bob Smith was born in the old city of Paris near the river Seine in 1933."),
        ("What do 5 tickets cost?", "For adults 5 tickets cost 20 euros.", "For adults 6 tickets cost 20 euros."),
        ("How many came?", "One of them may come with 3 others.", "One of them may come with 3 others."),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_contradiction(question: str, first: str, second: str) -> None:
    """Another spelling, another year, place or person, more detail, or a number that was not asked for is none."""
    assert not disagree(question, first, second)


def test_other_languages_know_digits() -> None:
    """In other languages numbers in digits are compared."""
    first = "Die Bibliothek öffnet werktags um 9 Uhr."
    assert disagree("Wann öffnet die Bibliothek?", first, first.replace("9", "10"), "de")
    assert list(values("Im Mai sechs, nein 16", "de")) == ["16"]
    assert list(values("In May six, may be 1,600", "en")) == ["may", "6", "1600"]


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_texts_can_be_compared(first: str, second: str) -> None:
    """No text contradicts itself, and which of two comes first makes no difference."""
    assert not disagree("How many?", first, first)
    disagree("When?", first, second)


def told(
    *reports: tuple[str, str | None], changed: str | None = None, coverage: float = 1.0, confidence: float = 0.9
) -> list[Evidence]:
    """Make evidence of reports with their dates, each a document of its own, the best first."""
    evidence = []
    for number, (text, date) in enumerate(reports):
        item = evidence_of(
            replace(document_of(text, f"d{number}.txt"), date=date, changed=changed), confidence=confidence
        )
        scores = tuple(replace(sentence, coverage=coverage) for sentence in item.sentences)
        evidence.append(replace(item, sentences=scores, hit=replace(item.hit, rank=number + 1)))
    return evidence


def texts(selection: Selection) -> list[str]:
    """Give the words shown, in order."""
    return [excerpt.text for excerpt in selection.shown]


SIX, NINE, TWELVE = (f"At least {number} people were killed west of Benghazi." for number in ("six", "nine", "twelve"))
OTHER = "The port was closed for a week."


def test_conflicting_passages_are_shown_together_newest_first() -> None:
    """All that contradict the best passage are shown, even where one excerpt is wanted, by date; others follow."""
    evidence = told((SIX, "2026-01-01"), (OTHER, "2026-09-09"), (NINE, "2026-02-02"), (TWELVE, None))

    one, three = (select(KILLED, evidence, threshold=0.5, excerpts=count, near=0) for count in (1, 2))

    assert (texts(one), one.conflicts) == ([NINE, SIX, TWELVE], (1, 2, 3))
    assert (texts(three), three.conflicts) == ([NINE, SIX, TWELVE, OTHER], (1, 2, 3))
    assert [excerpt.citation.date for excerpt in one.shown] == ["2026-02-02", "2026-01-01", None]
    assert [excerpt.text for excerpt in one.further] == [OTHER]
    assert one.confidence == 0.9


def test_the_day_a_file_was_changed_counts_where_a_document_has_no_date() -> None:
    """It tells which document is newer, but is no date of the document."""
    evidence = [
        *told((SIX, "2026-01-01"), changed="2026-12-12"),
        told((OTHER, None), (NINE, None), changed="2026-02-02")[1],
    ]

    selection = select(KILLED, evidence, threshold=0.5, excerpts=2, near=0)

    cited = [(excerpt.citation.date, excerpt.citation.changed) for excerpt in selection.shown]
    assert (texts(selection), cited) == ([NINE, SIX], [(None, "2026-02-02"), ("2026-01-01", "2026-12-12")])


def test_equally_old_documents_stay_in_their_order() -> None:
    """Where dates tell nothing the better passage comes first."""
    selection = select(KILLED, told((SIX, None), (NINE, None)), threshold=0.5, excerpts=1, near=0)
    assert (texts(selection), selection.conflicts) == ([SIX, NINE], (1, 2))


def test_no_conflict_without_good_reason() -> None:
    """Passages below the threshold, barely about the question, of one document, or in another language are no conflict."""
    both = told((SIX, None), (NINE, None))
    unsure = [both[0], replace(both[1], confidence=0.4)]
    vague = told((SIX, None), (NINE, None), coverage=0.5)
    foreign = [both[0], replace(both[1], document=replace(both[1].document, language="de"))]
    document = document_of(f"{SIX}\n\n{NINE}")
    same = [replace(told((SIX, None))[0], document=document, paragraph=split(document)[number]) for number in (0, 1)]

    for evidence in (unsure, vague, foreign, same):
        selection = select(KILLED, evidence, threshold=0.5, excerpts=3, near=0)
        assert (texts(selection)[0], selection.conflicts) == (SIX, ())


def bot_of(folder: Path, seeds: Path, excerpts: int = 1) -> QaBot:
    """Open a bot over a folder of documents, by an encoder without a model."""
    settings = Settings(
        folder=folder,
        paths=Paths(seeds=seeds, embeddings=folder / "embeddings"),
        evidence=EvidenceSettings(reader=""),
        answering=Answering(threshold=0.0, excerpts=excerpts),
    )
    sources, encoder = scan(seeds, Limits(max_file_mb=1)), WordEncoder()
    return QaBot(settings, open_index(folder / "embeddings", sources, encoder, no_progress), encoder)


def test_a_disagreement_is_said_in_every_channel(tmp_path: Path, write_seeds: SeedWriter) -> None:
    """Terminal and JSON show both passages, the newest first, with their dates; the better one is explained."""
    write_seeds({
        "old.md": "---\ndate: 2025-03-01\n---\n\nThe town library opens at nine on weekdays.\n",
        "new.md": "---\ndate: 2026-03-01\n---\n\nThe town library opens at ten on weekdays.\n",
    })  # fmt: skip
    with bot_of(tmp_path, tmp_path / "seeds") as bot:
        answer = bot.ask("When does the town library open on weekdays?")
        terminal = Terminal(Console(width=100, force_terminal=False, record=True))
        terminal.show(answer)
        lines = list(explain(answer, bot))

    written = answer_as_json(answer)
    assert terminal.console.export_text() == (
        "The documents disagree:\n"
        "The town library opens at ten on weekdays.\n[1] new · line 5 · new.md · 2026-03-01\n\n"
        "The town library opens at nine on weekdays.\n[2] old · line 5 · old.md · 2025-03-01\n"
    )
    assert written["conflicts"] == [1, 2]
    assert [excerpt["date"] for excerpt in written["excerpts"]] == ["2026-03-01", "2025-03-01"]
    best = next(excerpt for excerpt in answer.excerpts if excerpt.evidence.hit.rank == 1)
    assert lines[1].startswith(f"Best passage [{best.number}], ")


def test_a_citation_names_the_documents_own_date(tmp_path: Path, write_seeds: SeedWriter) -> None:
    """Only its own: the day a file was changed is in the JSON, and shown where documents disagree."""
    write_seeds({
        "own.md": "---\ndate: 2025-03-01\n---\n\nThe town library opens at nine on weekdays.\n",
        "none.md": "The town library opens at ten on weekdays.\n",
        "else.md": "The old harbour was dug by hand.\n",
    })  # fmt: skip
    for name in ("own.md", "none.md", "else.md"):
        os.utime(tmp_path / "seeds" / name, (1_700_000_000, 1_700_000_000))
    with bot_of(tmp_path, tmp_path / "seeds") as bot:
        shown = []
        for question in ("When does the town library open on weekdays?", "Who dug the old harbour by hand?"):
            terminal = Terminal(Console(width=100, force_terminal=False, record=True))
            terminal.show(bot.ask(question))
            shown.append([line for line in terminal.console.export_text().splitlines() if line.startswith("[")])
        [harbour] = answer_as_json(bot.ask("Who dug the old harbour by hand?"))["excerpts"]

    assert shown == [
        ["[1] own · line 5 · own.md · 2025-03-01", "[2] none · line 1 · none.md · changed 2023-11-14"],
        ["[1] else · line 1 · else.md"],
    ]
    assert (harbour["date"], harbour["changed"]) == (None, "2023-11-14")


def test_the_article_does_not_disagree_with_itself(tmp_path: Path) -> None:
    """The article's own questions bring up no conflict, though each of its paragraphs be a document of its own."""
    article = (ROOT / "seeds" / "haftar-benghazi-offensive.txt").read_text(encoding="utf-8")
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for number, paragraph in enumerate(article.split("\n\n")):
        (seeds / f"{number}.txt").write_text(f"{paragraph}\n", encoding="utf-8")
    lines = (ROOT / "seeds" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    with bot_of(tmp_path, seeds, excerpts=10) as bot:
        answers = [bot.ask(json.loads(line)["question"]) for line in lines]

    assert [answer.question for answer in answers if answer.conflicts] == []
    assert sum(len(answer.excerpts) for answer in answers) > 300


def test_the_date_of_a_document(tmp_path: Path) -> None:
    """The date in the front matter of Markdown is its own; one that is none is not read; the file's day is told apart."""
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for name, head in (("a.md", "date: 2025-03-01T10:00"), ("b.md", "date: 2025-13-01"), ("c.txt", "date: 2025-03-01")):
        (seeds / name).write_text(f"---\n{head}\n---\n\nSome words.\n")
        os.utime(seeds / name, (1_700_000_000, 1_700_000_000))

    documents = [file.read() for file in scan(seeds, Limits(max_file_mb=1))]
    assert [(document.date, document.changed, document.day) for document in documents] == [
        ("2025-03-01", "2023-11-14", "2025-03-01"),
        (None, "2023-11-14", "2023-11-14"),
        (None, "2023-11-14", "2023-11-14"),
    ]
    assert read(seeds / "a.md").changed is None


def test_a_new_date_costs_no_encoding(tmp_path: Path, write_seeds: SeedWriter) -> None:
    """A file that was only touched gets its new date into the index, and nothing of it is encoded again."""
    encoder = WordEncoder()
    write_seeds({"a.txt": "Some words stand here."})
    open_index(
        tmp_path / "embeddings", scan(tmp_path / "seeds", Limits(max_file_mb=1)), encoder, no_progress
    ).store.close()
    os.utime(tmp_path / "seeds" / "a.txt", (1_700_000_000, 1_700_000_000))
    encoder.encoded.clear()
    sources = scan(tmp_path / "seeds", Limits(max_file_mb=1))

    report = update(tmp_path / "embeddings", sources, encoder, progress=no_progress)

    assert (report.kept, report.encoded, encoder.encoded) == (("a.txt",), 0, [])
    with open_index(tmp_path / "embeddings", sources, encoder, no_progress) as index:
        assert index.store.document("a.txt").changed == "2023-11-14"


def test_sources_name_author_and_date(tmp_path: Path, write_seeds: SeedWriter) -> None:
    """Where a document gives them."""
    sources = write_seeds({"own.md": "---\ndate: 2025-03-01\n---\n\nSome words.\n", "none.md": "Other words.\n"})
    with open_index(tmp_path / "embeddings", sources, WordEncoder(), no_progress) as index:
        lines, written = list(source_lines(index.store)), sources_as_json(index.store)

    assert lines == [
        "none.md · none · 1 paragraph · 13 characters",
        "own.md · own · 2025-03-01 · 2 paragraphs · 38 characters",
    ]
    assert [(document["author"], document["date"]) for document in written["documents"]] == [
        (None, None),
        (None, "2025-03-01"),
    ]
