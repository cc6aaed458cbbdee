from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from stand_ins import SeedWriter, WordEncoder

from qa_bot.cli.reports import say_report
from qa_bot.encoder.vectors import normalise
from qa_bot.index import approximation as measuring
from qa_bot.index import build as building
from qa_bot.index import dense
from qa_bot.index.approximation import Approximation, shortfalls
from qa_bot.index.build import update
from qa_bot.index.dense import Cells, DenseIndex, write_cells
from qa_bot.index.embedded import Embedded
from qa_bot.index.encoding import no_progress
from qa_bot.index.generation import Generation, open_current
from qa_bot.index.halves import Halves, to_halves, to_singles
from qa_bot.index.ragged import Ragged

DIMENSION, COUNT = 32, 6000
GROUPS = 60


def grouped(seed: int, count: int) -> Halves:
    """Make unit vectors that lie in groups, as those of texts do."""
    centres = np.random.default_rng(0).standard_normal((GROUPS, DIMENSION))
    generator = np.random.default_rng(seed)
    chosen = centres[generator.integers(0, GROUPS, size=count)]
    return to_halves(normalise(chosen + 0.4 * generator.standard_normal((count, DIMENSION))))


def written(path: Path, halves: Halves, before: Cells | None = None) -> Approximation:
    """Write cells for vectors that are few, as if they were many."""
    approximation = write_cells(path, halves, grouped(9, 50), before, threads=1, exact_up_to=1000)
    assert approximation is not None
    return approximation


def rows_of(halves: Halves) -> Ragged:
    """Give each vector a row of its own."""
    return Ragged(np.arange(len(halves) + 1, dtype=np.int64), halves)


def opened(folder: Path) -> Generation:
    """Open the generation in force."""
    generation = open_current(folder)
    assert generation is not None
    return generation


def nearest(halves: Halves, question: NDArray[np.float32], count: int) -> set[int]:
    """Name the nearest by brute force."""
    return set(np.argsort(-(halves.astype(np.float32) @ question), kind="stable")[:count].tolist())


def test_few_vectors_get_no_cells(tmp_path: Path) -> None:
    """Vectors that are few enough to compare each get no file, and all of them are looked at."""
    halves = grouped(1, 1000)

    approximation = write_cells(tmp_path / "cells", halves, halves, None, threads=1, exact_up_to=1000)

    assert approximation is None
    assert not (tmp_path / "cells").exists()


def test_recall_is_as_measured(tmp_path: Path) -> None:
    """What cells find of the ten nearest vectors, of questions they were not measured with, is what they say, or near it."""
    halves = grouped(1, COUNT)

    approximation = written(tmp_path / "cells", halves)

    assert approximation.good
    assert (approximation.vectors, approximation.added) == (COUNT, 0)
    index = DenseIndex.open(rows_of(halves), tmp_path / "cells", approximation)
    assert (len(index), index.dimension) == (COUNT, DIMENSION)
    found = [
        len(nearest(halves, question, 10) & set(index.search(question, dense.SCORED).tolist())) / 10
        for question in to_singles(grouped(2, 100))
    ]
    assert np.mean(found) >= approximation.recall - 0.02
    assert index.search(to_singles(halves[-1:])[0], 1).tolist() == [COUNT - 1]


def test_too_few_probes_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where not even the most cells that may be looked at hold enough of the nearest, that is said in a sentence."""
    monkeypatch.setattr(dense, "PROBES", (1,))
    halves = to_halves(normalise(np.random.default_rng(3).standard_normal((COUNT, DIMENSION))))

    approximation = written(tmp_path / "cells", halves)

    assert approximation.recall < 0.9
    assert shortfalls({"windows": None, "sentences": approximation}) == (
        f"the search among sentences finds {approximation.recall:.1%} of the ten nearest, less than the 98% wanted",
    )


@pytest.mark.parametrize("dropped", [0, 1, 40])
def test_cells_are_carried_over(tmp_path: Path, dropped: int) -> None:
    """Cells of other vectors are taken over: gone ones are not found any more, moved ones at their new place, new ones too."""
    halves = grouped(1, COUNT)
    before = written(tmp_path / "before", halves)
    # The first are gone, the rest stand in reverse, one of them twice, with new ones below.
    now = np.concatenate([halves[dropped:][::-1], halves[-1:], grouped(4, 50)])
    moved = COUNT - 1 - np.arange(COUNT)
    moved[:dropped] = -1

    after = written(tmp_path / "after", now, Cells(tmp_path / "before", before, moved))

    assert after == replace(before, added=51)
    index = DenseIndex.open(rows_of(now), tmp_path / "after", after)
    assert len(index) == len(now)
    for number in [*range(0, len(now), 61), *range(len(now) - 52, len(now))]:
        question = to_singles(now[number : number + 1])[0]
        assert number in index.search(question, 20)


@pytest.mark.parametrize(("added", "count"), [(COUNT // 5, COUNT + COUNT // 5), (0, COUNT // 3)])
def test_cells_that_do_not_suit_are_made_anew(tmp_path: Path, added: int, count: int) -> None:
    """Where much is new or most is gone, cells are found and recall is measured again."""
    halves = grouped(1, COUNT)
    before = written(tmp_path / "before", halves)
    now = grouped(5, count)
    now[: count - added] = halves[: count - added]
    moved = np.where(np.arange(COUNT) < count - added, np.arange(COUNT), -1)

    after = written(tmp_path / "after", now, Cells(tmp_path / "before", before, moved))

    assert (after.vectors, after.added) == (count, 0)


def test_an_index_with_cells_finds_what_one_without_finds(
    tmp_path: Path, write_seeds: SeedWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Built and updated with cells, an index gives the same candidates as one that compares all vectors."""
    texts = {f"{n}.txt": "\n\n".join(f"Item{n} has part{m}. It is item{n}x{m}." for m in range(40)) for n in range(20)}
    exact, celled = tmp_path / "exact", tmp_path / "celled"
    changed = {
        **texts,
        "7.txt": texts["7.txt"].replace("part3.", "nothing."),
        "new.txt": "Item99 is new. It has part3.",
    }
    del changed["3.txt"]
    for number, state in enumerate((texts, changed), start=1):
        seeds = write_seeds(state)
        update(exact, seeds, WordEncoder(), progress=no_progress)
        with monkeypatch.context() as patched:
            patched.setattr(building, "EXACT_UP_TO", 100)
            report = update(celled, seeds, WordEncoder(), progress=no_progress)
        assert (report.generation, report.shortfalls) == (number, ())
    with opened(exact) as every, opened(celled) as some:
        approximation = some.manifest.approximations["sentences"]
        assert approximation is not None
        assert approximation.added > 0
        assert len(some.sentences) == len(every.sentences)
        for text in ("Item7 has nothing.", "It is item12x30.", "Item99 is new."):
            [question] = WordEncoder().encode_documents([text])
            terms = {"en": every.lexical.weigh(["part3", "item12x30"])}
            asked = [one.search(question, terms, paragraphs=5, sentences=5) for one in (every, some)]
            assert asked[0].ids.tolist() == asked[1].ids.tolist()
            assert asked[0].sentence.tolist() == asked[1].sentence.tolist()


def test_an_index_that_finds_too_little_says_so(
    tmp_path: Path, write_seeds: SeedWriter, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The report of the update, its printed form, that of an update with nothing to do, and an examination name the search."""
    monkeypatch.setattr(building, "EXACT_UP_TO", 100)
    # As if more were wanted than there can be.
    monkeypatch.setattr(measuring, "LEAST_RECALL", 1.01)
    seeds = write_seeds({"a.txt": "\n\n".join(f"Item{n} stands here. It is part{n}." for n in range(60))})
    sentence = "the search among sentences finds 100.0% of the ten nearest, less than the 101% wanted"

    reports = [update(tmp_path / "index", seeds, WordEncoder(), progress=no_progress) for _ in range(2)]
    say_report(reports[0])

    assert [report.shortfalls for report in reports] == [(sentence,)] * 2
    assert f"warning: {sentence}" in " ".join(capsys.readouterr().out.split())
    assert Embedded(tmp_path / "index").examine() == (sentence,)
    assert Embedded(tmp_path / "none").examine() == ()
