"""A model of torch becomes a file for ONNX Runtime, with its weights in int8, and the digest that proves it."""

import hashlib
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from qa_bot.models.int8 import DIGEST, INPUTS, MODEL
from qa_bot.quantising.smoothing import smooth

# The newest set of operators that the exporter by tracing knows well.
OPSET = 17


def quantise(model: nn.Module, examples: Sequence[tuple[Tensor, ...]], outputs: Sequence[str], folder: Path) -> None:
    """Write a model that takes ids and types of word pieces, each of shape ``(1, pieces)``, as int8.

    Weights get one scale for each output of a product. Their inputs are quantised when the model runs, by one scale for the
    text that it reads (dynamic quantisation).

    Args:
        model: in float32, on the processor; its linear layers are replaced.
        examples: inputs like those to come, which show how large the inputs of the products become.
        outputs: the names of what the model returns.
        folder: where to put the file and its digest.

    """
    model.eval()
    smooth(model, examples)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / MODEL
    with tempfile.TemporaryDirectory() as beside, warnings.catch_warnings(action="ignore"):
        exact = Path(beside) / "float32.onnx"
        torch.onnx.export(
            model,
            examples[0],
            str(exact),
            input_names=list(INPUTS),
            output_names=list(outputs),
            dynamic_axes={name: {1: "pieces"} for name in (*INPUTS, *outputs)},
            opset_version=OPSET,
            dynamo=False,
        )
        quantize_dynamic(exact, file, weight_type=QuantType.QInt8, per_channel=True)
    (folder / DIGEST).write_text(hashlib.sha256(file.read_bytes()).hexdigest() + "\n", encoding="ascii")
