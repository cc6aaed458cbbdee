import numpy as np
import pytest
from numpy.typing import NDArray
from stand_ins import DIMENSION, WordEncoder

from qa_bot.encoder.vectors import TokenVectors, Vectors, normalise
from qa_bot.index.late import SCALE, LatePassage, compress, content_pieces, project, projection, words_at

# One byte a component: what the module promises of a cosine, with room for the two roundings of one product.
BYTE_ERROR = 0.02


def unit_vectors(generator: np.random.Generator, count: int, dimension: int = DIMENSION) -> Vectors:
    """Make random unit vectors."""
    return normalise(generator.standard_normal((count, dimension)))


def passage_of(vectors: Vectors, numbers: list[int]) -> LatePassage:
    """Store a paragraph by the vectors of its pieces and the sentence of each piece."""
    return LatePassage(compress(projection(vectors.shape[1]), vectors), np.array(numbers, dtype=np.int32))


def projected(question: Vectors) -> Vectors:
    """Project a question's pieces as the index does."""
    return project(projection(question.shape[1]), question)


def by_loop(question: Vectors, weights: NDArray[np.float64], pieces: Vectors) -> float:
    """Score late interaction with plain loops on vectors that nobody compressed."""
    if not len(pieces) or not sum(weights):
        return 0.0
    best = [max(float(np.dot(asked, piece)) for piece in pieces) for asked in question]
    return float(sum(weight * cosine for weight, cosine in zip(weights, best, strict=True)) / sum(weights))


@pytest.mark.parametrize("seed", range(6))
def test_scores_are_those_of_a_loop_over_uncompressed_vectors(seed: int) -> None:
    """A paragraph's score is the weighted mean of the best cosine of each piece, but for the loss of one byte a number."""
    generator = np.random.default_rng(seed)
    paragraphs = [unit_vectors(generator, int(count)) for count in generator.integers(0, 12, size=8)]
    passages = [passage_of(vectors, [0] * len(vectors)) for vectors in paragraphs]
    question, weights = unit_vectors(generator, 5), generator.random(5)

    scores = [passage.score(projected(question), weights) for passage in passages]

    expected = [by_loop(question, weights, vectors) for vectors in paragraphs]
    np.testing.assert_allclose(scores, expected, atol=BYTE_ERROR)


@pytest.mark.parametrize("seed", range(6))
def test_sentence_scores_use_only_the_pieces_of_the_sentence(seed: int) -> None:
    """Each sentence is scored by its own pieces; those of a heading (-1) belong to none, and an empty one scores 0."""
    generator = np.random.default_rng(seed)
    numbers = sorted(generator.integers(-1, 4, size=15).tolist())
    vectors = unit_vectors(generator, 15)
    question, weights = unit_vectors(generator, 4), generator.random(4)

    scores = passage_of(vectors, numbers).sentence_scores(projected(question), weights, 5)

    own = [vectors[[number == sentence for number in numbers]] for sentence in range(5)]
    np.testing.assert_allclose(scores, [by_loop(question, weights, pieces) for pieces in own], atol=BYTE_ERROR)
    assert scores[4] == 0.0


def test_pieces_without_weight_do_not_count() -> None:
    """A question's stop words change nothing, and a question of nothing else scores 0."""
    generator = np.random.default_rng(1)
    passage = passage_of(unit_vectors(generator, 6), [0] * 6)
    question = projected(unit_vectors(generator, 3))

    assert passage.score(question, np.array([1.0, 0.0, 0.0])) == pytest.approx(
        passage.score(question[:1], np.array([1.0])), abs=1e-6
    )
    assert passage.score(question, np.zeros(3)) == 0.0
    assert passage.score(question[:0], np.empty(0)) == 0.0


@pytest.mark.parametrize("dimension", [1, 32, 64, 384, 768])
def test_projection_is_orthonormal_and_never_changes(dimension: int) -> None:
    """The projection has at most 64 orthonormal columns and is the same at every call: stored pieces depend on it."""
    matrix = projection(dimension)

    assert matrix.shape == (dimension, min(64, dimension))
    np.testing.assert_allclose(matrix.T @ matrix, np.eye(matrix.shape[1]), atol=1e-5)
    assert np.array_equal(matrix, projection(dimension))


def test_compression_errs_by_half_a_step_at_most() -> None:
    """Each stored component is the projected one, rounded to the nearest of 255 steps."""
    vectors = unit_vectors(np.random.default_rng(5), 40, 384)
    matrix = projection(384)

    stored = compress(matrix, vectors)

    assert stored.dtype == np.int8
    assert np.abs(stored / SCALE - normalise(vectors @ matrix)).max() <= 0.5 / SCALE + 1e-6


def test_cosines_survive_the_projection_of_a_real_dimension() -> None:
    """Projected from 384 to 64 dimensions, a vector still is nearest to itself slightly changed, among a hundred."""
    generator = np.random.default_rng(6)
    vectors = unit_vectors(generator, 100, 384)
    passages = [passage_of(vectors[[number]], [0]) for number in range(100)]

    changed = normalise(vectors + 0.5 * unit_vectors(generator, 100, 384))

    questions = projected(changed)
    found = [int(np.argmax([passage.score(asked[None], np.ones(1)) for passage in passages])) for asked in questions]
    assert found == list(range(100))


def test_each_piece_is_given_the_word_it_starts_in() -> None:
    """A piece belongs to the word around its first character, continued pieces too; blanks and punctuation to none."""
    text = "Haftar’s army, 1,000 men"
    starts = np.array([0, 3, 9, 13, 14, 15, 17, 21], dtype=np.int32)

    words = words_at(text, starts, "en")

    found = [text[word.start : word.end] if word else None for word in words]
    assert found == ["Haftar’s", "Haftar’s", "army", None, None, "1,000", "1,000", "men"]
    assert words_at("", starts[:0], "en") == []
    assert words_at("…", starts[:1], "en") == [None]


def test_only_words_with_a_meaning_are_kept(encoder: WordEncoder) -> None:
    """Pieces of stop words and punctuation are not stored."""
    text = "When did the army, of Libya, retreat?"
    tokens: TokenVectors = encoder.encode_questions([text])[0][1]

    kept = content_pieces(text, tokens, "en")

    assert [text[tokens.starts[piece] : tokens.ends[piece]] for piece in kept] == ["army", "Libya", "retreat"]
