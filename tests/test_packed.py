from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from qa_bot.errors import ReaderError
from qa_bot.reader.packed import DIGEST, LARGEST, WEIGHTS, pack, unpack

MATRICES = arrays.arrays(
    np.float32, arrays.array_shapes(min_dims=2, max_dims=2), elements=st.floats(-100, 100, width=32)
)


@given(MATRICES)
@example(np.array([[1e-45], [1e-39], [3.0]], dtype=np.float32))
def test_matrices_come_back_to_half_a_step(tmp_path_factory: pytest.TempPathFactory, values: np.ndarray) -> None:
    """Each row has a scale of its own: no value is off by more than half of 1/127 of the row's largest.

    The largest counts as float32's smallest normal number where it is smaller still, and is no number to divide by.
    """
    folder = tmp_path_factory.mktemp("packed")
    pack({"matrix": values}, folder)

    found = unpack(folder)["matrix"].numpy()

    step = np.maximum(np.abs(values).max(axis=1, keepdims=True), np.finfo(np.float32).tiny) / LARGEST
    assert (np.abs(found - values) <= step / 2 + 1e-5 * np.abs(values)).all()


def test_vectors_come_back_exactly(tmp_path: Path) -> None:
    """They are few, and stay as they are; the file holds a byte for each number of a matrix."""
    vector = np.array([1e-9, 3.0, -7.25], dtype=np.float32)
    pack({"bias": vector, "matrix": np.ones((300, 100), dtype=np.float32)}, tmp_path)

    assert np.array_equal(unpack(tmp_path)["bias"].numpy(), vector)
    assert (tmp_path / WEIGHTS).stat().st_size < 33_000


@pytest.mark.parametrize("damage", [b"", b"\0"], ids=["cut", "changed"])
def test_damaged_weights_are_refused(tmp_path: Path, damage: bytes) -> None:
    """A reader that was cut or changed is not used."""
    pack({"matrix": np.ones((4, 4), dtype=np.float32)}, tmp_path)
    content = (tmp_path / WEIGHTS).read_bytes()
    (tmp_path / WEIGHTS).write_bytes(content[:-1] + damage)

    with pytest.raises(ReaderError, match=r"is damaged \(its SHA-256 is not [0-9a-f]{12}…\): reinstall qa-bot$"):
        unpack(tmp_path)


@pytest.mark.parametrize("name", [WEIGHTS, DIGEST])
def test_missing_weights_are_refused(tmp_path: Path, name: str) -> None:
    """Each of the two files must be there."""
    pack({"matrix": np.ones((4, 4), dtype=np.float32)}, tmp_path)
    (tmp_path / name).unlink()

    with pytest.raises(ReaderError, match="cannot be read"):
        unpack(tmp_path)
