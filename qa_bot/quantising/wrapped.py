"""Models with just the inputs and outputs that they have as int8."""

from typing import Any

from torch import Tensor, nn


class Pieces(nn.Module):
    """An encoder: ids and types of word pieces become their vectors, shape ``(1, pieces, dimension)``."""

    def __init__(self, bert: Any) -> None:  # noqa: ANN401 - transformers' models are loosely typed
        super().__init__()
        bert.set_attn_implementation("eager")
        self.bert = bert

    def forward(self, ids: Tensor, types: Tensor) -> Tensor:
        """Give the last layer's output."""
        output: Tensor = self.bert(input_ids=ids, token_type_ids=types).last_hidden_state
        return output


class Spans(nn.Module):
    """A reader: ids and types of word pieces become logits of starts and ends, each of shape ``(1, pieces)``."""

    def __init__(self, reader: Any) -> None:  # noqa: ANN401 - as above
        super().__init__()
        reader.set_attn_implementation("eager")
        self.reader = reader

    def forward(self, ids: Tensor, types: Tensor) -> tuple[Tensor, Tensor]:
        """Give the logits."""
        output = self.reader(input_ids=ids, token_type_ids=types)
        return output.start_logits, output.end_logits
