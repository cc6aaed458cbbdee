"""What a processor can do decides how models compute."""

from pathlib import Path

import numpy as np
import pytest

from qa_bot.encoder.packaged import PackagedEncoder
from qa_bot.models.precision import overflows, use_bfloat16

TEXTS = ["The army retreated.", "Tea is served at four in the garden, and supper at eight in the hall."]


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ({"avx2", "avx512f", "avx512_vnni"}, False),
        ({"avx2", "avx_vnni"}, False),
        ({"asimd", "asimddp"}, False),
        ({"avx2"}, True),
        ({"avx2", "not_avx_vnni"}, True),
        (set(), True),
    ],
)
def test_products_of_bytes_overflow_without_instructions_for_them(flags: set[str], expected: bool) -> None:  # noqa: FBT001
    """A processor that is not known is taken for one without."""
    assert overflows(frozenset(flags)) is expected


@pytest.mark.parametrize("flags", ["", "flags : avx2", "flags : avx512_vnni"], ids=["unknown", "without", "with"])
def test_a_text_has_the_same_vector_either_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: str) -> None:
    """Other instructions, but for the last digits the same numbers."""
    usual = PackagedEncoder(threads=1).encode_documents(TEXTS)
    (tmp_path / "cpuinfo").write_text(flags)
    monkeypatch.setattr("qa_bot.models.precision.CPUINFO", tmp_path / "cpuinfo")

    here = PackagedEncoder(threads=1).encode_documents(TEXTS)

    np.testing.assert_allclose((usual * here).sum(axis=1), 1, atol=1e-4)


@pytest.mark.parametrize(
    ("precision", "flags", "expected"),
    [("bfloat16", "", True), ("float32", "amx_bf16", False), ("auto", "x amx_bf16", True), ("auto", "avx2", False)],
)
def test_bfloat16_is_for_processors_that_have_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    precision: str,
    flags: str,
    expected: bool,  # noqa: FBT001
) -> None:
    """Unless it is asked for."""
    (tmp_path / "cpuinfo").write_text(flags)
    monkeypatch.setattr("qa_bot.models.precision.CPUINFO", tmp_path / "cpuinfo")

    assert use_bfloat16(precision) is expected  # type: ignore[arg-type]
