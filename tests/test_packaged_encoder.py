"""The packaged encoder in int8: near to the official model, and the same for a text whatever else there is."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from qa_bot.encoder import packaged
from qa_bot.encoder.choosing import choose_encoder
from qa_bot.encoder.packaged import PackagedEncoder
from qa_bot.encoder.sentence_transformer import SentenceEncoder
from qa_bot.errors import ConfigError, ModelError
from qa_bot.models.int8 import DIGEST, MODEL
from qa_bot.models.precision import Precision

ROOT = Path(__file__).resolve().parents[1]
ARTICLE = (ROOT / "seeds" / "haftar-benghazi-offensive.txt").read_text(encoding="utf-8").split("\n")
TEXTS = [line for line in ARTICLE if line.strip()]


def test_vectors_are_near_those_of_sentence_transformers(
    packaged_encoder: PackagedEncoder, real_encoder: SentenceEncoder
) -> None:
    """Each text of the article, long or of a word, points the way it does in float32; so do its word pieces."""
    exact = real_encoder.encode_documents(TEXTS)
    cosines = (packaged_encoder.encode_documents(TEXTS) * exact).sum(axis=1)

    assert cosines.min() > 0.985
    assert cosines.mean() > 0.995
    for (_, ours), (_, theirs) in zip(
        packaged_encoder.encode_passages(TEXTS), real_encoder.encode_passages(TEXTS), strict=True
    ):
        assert ours.starts.tolist() == theirs.starts.tolist()
        assert ours.ends.tolist() == theirs.ends.tolist()
        assert (ours.vectors * theirs.vectors).sum(axis=1).mean() > 0.98


def test_a_text_is_encoded_alike_in_any_company(packaged_encoder: PackagedEncoder) -> None:
    """Alone, among others, as passage, as document or as question: the same bits."""
    together = packaged_encoder.encode_documents(TEXTS)
    passages = list(packaged_encoder.encode_passages(TEXTS[::-1]))[::-1]

    for text, vector, (of_passage, tokens) in zip(TEXTS, together, passages, strict=True):
        of_question, question_tokens = packaged_encoder.encode_questions([text])[0]
        assert np.array_equal(vector, of_passage)
        assert np.array_equal(vector, of_question)
        assert np.array_equal(tokens.vectors, question_tokens.vectors)


@pytest.mark.parametrize("text", ["", " ", "\u200b", "\0"])
def test_a_text_without_word_pieces_has_a_vector(packaged_encoder: PackagedEncoder, text: str) -> None:
    """It is that of the model's marks alone; there are no pieces."""
    vector, tokens = packaged_encoder.encode_questions([text])[0]

    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
    assert tokens.vectors.shape == (0, 384)
    assert (tokens.starts.shape, tokens.ends.shape) == ((0,), (0,))


@pytest.mark.parametrize(
    ("model", "precision", "kind"),
    [
        ("all-MiniLM-L6-v2", "auto", PackagedEncoder),
        ("sentence-transformers/all-MiniLM-L6-v2", "int8", PackagedEncoder),
        ("all-MiniLM-L6-v2", "float32", SentenceEncoder),
        ("all-MiniLM-L6-v2", "bfloat16", SentenceEncoder),
        ("models/mine", "auto", SentenceEncoder),
    ],
)
def test_the_settings_choose_the_encoder(model: str, precision: Precision, kind: type) -> None:
    """Only the packaged model has an int8 form; what other precision is asked for, sentence-transformers computes."""
    assert type(choose_encoder(model, folder=Path(), precision=precision, threads=1, batch_size=8)) is kind


def test_other_models_have_no_int8_form() -> None:
    """To ask for one is an error that says what to do."""
    with pytest.raises(ConfigError, match=r"^the encoder 'mine' has no int8 form.*in config.toml to auto$"):
        choose_encoder("mine", folder=Path(), precision="int8", threads=1, batch_size=8)


def test_the_int8_form_is_another_model(packaged_encoder: PackagedEncoder, real_encoder: SentenceEncoder) -> None:
    """An index of one is not searched with the other."""
    assert packaged_encoder.identity.model == real_encoder.identity.model
    assert packaged_encoder.identity != real_encoder.identity


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        (MODEL, None, "cannot be read"),
        (DIGEST, None, "cannot be read"),
        (DIGEST, b"\xff\xfe", "cannot be read"),
        (MODEL, b"", "is damaged"),
        (MODEL, b"something else", "is damaged"),
    ],
    ids=["no model", "no digest", "digest of bytes", "empty", "changed"],
)
def test_a_damaged_model_is_refused(tmp_path: Path, name: str, content: bytes | None, reason: str) -> None:
    """Each of the two files must be there, as it was made."""
    folder = tmp_path / "model"
    shutil.copytree(packaged.FOLDER, folder)
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_bytes(content)

    with pytest.raises(ModelError, match=rf"^\S*{name} {reason} \(?.*: reinstall qa-bot$"):
        PackagedEncoder(threads=1, folder=folder).load()


def test_an_answer_needs_no_torch(tmp_path: Path) -> None:
    """With the packaged encoder and reader nothing imports what takes seconds to import."""
    program = (
        "import sys; from qa_bot.bot import QaBot; from qa_bot.config import load; bot = QaBot.open(load(None));"
        "print(bot.ask('Who is Khalifa Haftar?').status, {'torch', 'transformers', 'sentence_transformers'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={"QA_BOT_PATHS__EMBEDDINGS": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.stdout, done.stderr) == ("answered set()\n", "")
