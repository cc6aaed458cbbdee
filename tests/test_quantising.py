"""Quantised models do nearly what they did before; smoothed ones just that."""

import random
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor
from transformers import BertConfig, BertForQuestionAnswering, BertModel

from qa_bot.models.int8 import Int8Model
from qa_bot.quantising.export import quantise
from qa_bot.quantising.smoothing import SmoothLinear, smooth
from qa_bot.quantising.wrapped import Pieces, Spans

VOCABULARY = 300


def config() -> BertConfig:
    """Give the configuration of a small model whose numbers are large, and larger in a few channels."""
    return BertConfig(
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        vocab_size=VOCABULARY,
        initializer_range=0.2,
        type_vocab_size=4,
    )


def examples(seed: int) -> list[tuple[Tensor, Tensor]]:
    """Make inputs of different lengths."""
    generator = random.Random(seed)
    return [
        (
            torch.tensor([[generator.randrange(VOCABULARY) for _ in range(length)]]),
            torch.tensor([[generator.randrange(4) for _ in range(length)]]),
        )
        for length in (3, 17, 40)
    ]


@pytest.fixture
def encoder() -> Pieces:
    """Give a small encoder with one channel that is much larger than the others."""
    torch.manual_seed(1)
    bert = BertModel(config(), add_pooling_layer=False)
    with torch.no_grad():
        bert.get_parameter("encoder.layer.0.output.LayerNorm.weight")[5] = 40.0
    bert.train(mode=False)
    return Pieces(bert)


def test_smoothing_changes_no_output(encoder: Pieces) -> None:
    """What goes over to the weights is taken from the inputs."""
    with torch.inference_mode():
        before = [encoder(*example) for example in examples(1)]
    smooth(encoder, examples(2))

    with torch.inference_mode():
        after = [encoder(*example) for example in examples(1)]

    assert len([layer for layer in encoder.modules() if isinstance(layer, SmoothLinear)]) == 2 * 6
    for one, other in zip(before, after, strict=True):
        torch.testing.assert_close(one, other, atol=1e-3, rtol=1e-3)


def test_smoothing_evens_out_the_inputs(encoder: Pieces) -> None:
    """The largest channel of a product's input stands out much less."""
    [query] = [layer for name, layer in encoder.named_modules() if name.endswith("layer.1.attention.self.query")]
    found: list[Tensor] = []
    query.register_forward_pre_hook(lambda _, inputs: found.append(inputs[0].detach()[0]))
    for example in examples(2):
        encoder(*example)
    smooth(encoder, examples(2))
    smoothed = encoder.get_submodule("bert.encoder.layer.1.attention.self.query")
    assert isinstance(smoothed, SmoothLinear)

    def unevenness(inputs: Tensor) -> float:
        largest = inputs.abs().amax(dim=0)
        return float(largest.max() / largest.median())

    inputs = torch.cat(found)
    assert unevenness(inputs) > 10
    assert unevenness(inputs * smoothed.inverse) < unevenness(inputs) / 3


def test_products_of_one_input_share_its_smoothing(encoder: Pieces) -> None:
    """Query, key and value read the same; what evens it out is the same for all three."""
    smooth(encoder, examples(1))
    attention = encoder.get_submodule("bert.encoder.layer.0.attention.self")
    first, *others = [attention.get_submodule(name) for name in ("query", "key", "value")]

    assert isinstance(first, SmoothLinear)
    for other in others:
        assert isinstance(other, SmoothLinear)
        assert torch.equal(first.inverse, other.inverse)


def test_a_quantised_reader_says_nearly_the_same(tmp_path: Path) -> None:
    """Its logits are those of the model but for a few hundredths of their spread, at any length, a quarter in size."""
    torch.manual_seed(1)
    model = Spans(BertForQuestionAnswering(config()))
    model.eval()
    with torch.inference_mode():
        expected = [model(*example) for example in examples(3)]
    quantise(model, examples(4), ("starts", "ends"), tmp_path / "new")

    quantised = Int8Model(tmp_path / "new", threads=2)
    inputs = [(ids[0].tolist(), types[0].tolist()) for ids, types in examples(3)]
    found = list(quantised.each(inputs, lambda pair: quantised.run(*pair)))

    for logits, exact in zip(found, expected, strict=True):
        for ours, theirs in zip(logits, exact, strict=True):
            assert ours.shape == theirs[0].shape
            assert np.abs(ours - theirs[0].numpy()).max() < 0.15 * float(theirs.std() + 1)
