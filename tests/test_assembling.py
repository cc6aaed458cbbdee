from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stand_ins import SeedWriter, WordEncoder
from test_build import assert_same, opened

from qa_bot.index import arrays, assembling, postings
from qa_bot.index.assembling import runs
from qa_bot.index.build import update
from qa_bot.index.collecting import NEW
from qa_bot.index.encoding import no_progress

BEFORE = {
    f"{letter}.md": f"# Part {letter}\n\n"
    + "\n\n".join(f"Item{letter}{n} stands here. So does part{n}. It has {'much ' * n}to say." for n in range(9))
    for letter in "abcdef"
}
AFTER = {
    **{name: text for name, text in BEFORE.items() if name not in {"b.md", "e.md"}},
    "a0.md": BEFORE["e.md"],
    "c.md": BEFORE["c.md"].replace("part4", "another").replace("part7", "another"),
    "g.md": "# Part g\n\nWords of its own. They come last.\n\n" + BEFORE["b.md"].removeprefix("# Part b\n\n"),
    "русский.txt": "Это первое предложение. А вот второе предложение.",
}


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let batches and blocks be so small that there are many."""
    monkeypatch.setattr(assembling, "BATCH_CHARACTERS", 150)
    monkeypatch.setattr(arrays, "BLOCK", 2)
    monkeypatch.setattr(postings, "BLOCK", 4)


@given(st.lists(st.integers(-1, 9), max_size=12))
def test_runs_are_stretches_of_rows_that_follow_each_other(known: list[int]) -> None:
    """Put together, runs give every row as it was; none goes on where the one before ended."""
    found = list(runs(np.array(known, dtype=np.int64)))

    pieces = [
        [NEW] * (stop - start) if row == NEW else list(range(row, row + stop - start)) for start, stop, row in found
    ]
    assert [row for piece in pieces for row in piece] == known
    assert [start for start, _, _ in found] == [0, *(stop for _, stop, _ in found[:-1])][: len(found)]
    for one, other in pairwise(pieces):
        assert other[0] not in ({NEW} if one[-1] == NEW else {one[-1] + 1})


@pytest.mark.usefixtures("small_steps")
def test_batches_change_nothing(tmp_path: Path, write_seeds: SeedWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Built and updated in many small batches and blocks, an index is the one that is built at once."""
    for state in (BEFORE, AFTER):
        seeds = write_seeds(state)
        update(tmp_path / "batches", seeds, WordEncoder(), progress=no_progress)
    monkeypatch.undo()
    update(tmp_path / "at-once", seeds, WordEncoder(), progress=no_progress)

    with opened(tmp_path / "batches") as batches, opened(tmp_path / "at-once") as at_once:
        assert len(batches.arrays) > 40
        assert_same(batches, at_once)


@pytest.mark.usefixtures("small_steps")
def test_progress_goes_on_from_batch_to_batch(tmp_path: Path, write_seeds: SeedWriter) -> None:
    """Progress only ever grows, keeps its total, and ends at it, in an update too."""
    told: list[tuple[int, int]] = []

    def tell(done: int, total: int) -> None:
        told.append((done, total))

    for state in (BEFORE, AFTER):
        told.clear()
        update(tmp_path / "index", write_seeds(state), WordEncoder(), progress=tell)

        done = [number for number, _ in told]
        assert len(done) > 5
        assert done == sorted(done)
        assert {total for _, total in told} == {done[-1]}
