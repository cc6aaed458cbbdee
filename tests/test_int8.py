"""Int8 models on ONNX Runtime: one text on one thread, or on all of them, with the same numbers."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_bot.models.int8 import Int8Model
from qa_bot.reader.packaged import FOLDER

THREADS = 3
Text = tuple[list[int], list[int]]

pieces = st.tuples(st.integers(min_value=1_000, max_value=29_000), st.integers(min_value=0, max_value=3))
texts = st.lists(pieces, min_size=1, max_size=300).map(lambda both: ([i for i, _ in both], [t for _, t in both]))


@pytest.fixture(scope="module")
def model() -> Int8Model:
    """Open the model of the packaged reader, for three threads."""
    return Int8Model(FOLDER, threads=THREADS)


@settings(max_examples=25)
@given(text=texts)
def test_all_threads_together_give_the_numbers_of_one(model: Int8Model, text: Text) -> None:
    """To the bit: how many threads compute is never seen in an answer."""
    alone, one = model.run_alone(*text), model.run(*text)

    assert len(alone) == len(one) == len(("starts", "ends"))
    for ours, theirs in zip(alone, one, strict=True):
        assert np.array_equal(ours, theirs)


@settings(max_examples=5)
@given(several=st.lists(texts, min_size=6, max_size=6))
def test_several_that_each_believe_they_are_alone(model: Int8Model, several: list[Text]) -> None:
    """One of them gets all threads, the others one each, and all the right numbers."""
    expected = [model.run(*text) for text in several]
    with ThreadPoolExecutor(len(several)) as askers:
        found = list(askers.map(lambda text: model.run_alone(*text), several))

    for ours, theirs in zip(found, expected, strict=True):
        assert all(np.array_equal(a, b) for a, b in zip(ours, theirs, strict=True))


# In a process of its own, where no thread comes or goes but those of the reader.
COUNTING = """
import os
from qa_bot.models.int8 import Int8Model
from qa_bot.reader.packaged import FOLDER, PACKAGED_READER, PackagedReader
from qa_bot.reader.reading import Passage

reader = PackagedReader(PACKAGED_READER, threads=3)
# What comes with the library is there before anything is counted.
Int8Model(FOLDER, threads=3).load()
before = len(os.listdir("/proc/self/task"))
reader.load()
loaded = len(os.listdir("/proc/self/task")) - before
passage = Passage("The treaty was signed in Skhirat. It ended the war.", ((0, 33), (34, 51)))
pair = list(reader.read("Where was the treaty signed?", [passage, passage]))
[alone] = reader.read("Where was the treaty signed?", [passage])
assert pair == [alone, alone], (pair, alone)
start, end = alone.spans[0]
print(passage.text[start:end], loaded)
"""


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="counts threads in /proc: Linux only")
def test_a_passage_by_itself_is_read_on_all_threads() -> None:
    """With the thread that calls, as many compute as may; the others are made when the model is loaded, not by a question."""
    done = subprocess.run(
        [sys.executable, "-c", COUNTING], capture_output=True, text=True, encoding="utf-8", check=False
    )

    assert done.stdout.split() == ["Skhirat", f"{THREADS - 1}"]


def test_a_model_of_one_thread_reads_alone_with_it() -> None:
    """There is nothing to share then."""
    single = Int8Model(FOLDER, threads=1)
    text = ([101, 2003, 102], [0, 0, 0])

    assert all(np.array_equal(a, b) for a, b in zip(single.run_alone(*text), single.run(*text), strict=True))
