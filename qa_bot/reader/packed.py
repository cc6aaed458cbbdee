"""The packed form of a reader: its weights as int8, a quarter of their size, with the digest that proves them."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load, save_file

from qa_bot.errors import ReaderError

if TYPE_CHECKING:
    from torch import Tensor

WEIGHTS = "model.int8.safetensors"
DIGEST = "model.sha256"

LARGEST = 127
SCALE = ".scale"

Array = NDArray[np.float32]


def pack(weights: Mapping[str, Array], folder: Path) -> None:
    """Write weights as int8 with one scale for each row of a matrix; vectors stay float32.

    The scale maps the largest value of a row to 127 (symmetric quantisation, as in Jacob et al. (2018), "Quantization and
    Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference", with the zero point at 0).
    """
    packed: dict[str, NDArray[np.generic]] = {}
    for name, values in weights.items():
        if values.ndim < 2:  # noqa: PLR2004 - a matrix has two dimensions
            packed[name] = values.astype(np.float32)
            continue
        scale = np.maximum(np.abs(values).max(axis=1, keepdims=True), np.finfo(np.float32).tiny) / LARGEST
        packed[name] = np.rint(values / scale).astype(np.int8)
        packed[name + SCALE] = scale.astype(np.float32)
    file = folder / WEIGHTS
    save_file(packed, file)
    (folder / DIGEST).write_text(hashlib.sha256(file.read_bytes()).hexdigest() + "\n", encoding="ascii")


def unpack(folder: Path) -> dict[str, "Tensor"]:
    """Read packed weights as float32. Raises `ReaderError` if they are missing or are not the ones that were packed."""
    import torch

    try:
        content = (folder / WEIGHTS).read_bytes()
        digest = (folder / DIGEST).read_text(encoding="ascii").strip()
    except OSError as exc:
        msg = (
            f"the packaged reader in {folder} cannot be read ({exc.strerror}): reinstall qa-bot, or set another reader"
        )
        raise ReaderError(msg) from exc
    if hashlib.sha256(content).hexdigest() != digest:
        msg = f"the packaged reader in {folder} is damaged (its SHA-256 is not {digest[:12]}…): reinstall qa-bot"
        raise ReaderError(msg)
    packed = load(content)
    return {
        name: torch.from_numpy(values.astype(np.float32) * packed.get(name + SCALE, np.float32(1)))
        for name, values in packed.items()
        if not name.endswith(SCALE)
    }
