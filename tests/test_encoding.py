import re

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from stand_ins import DIMENSION, WordEncoder

from qa_bot.encoder.sentence_transformer import SentenceEncoder
from qa_bot.index.encoding import EncodedPassage, Passage, encode_passages, no_progress, windows_of
from qa_bot.index.late import compress, content_pieces

WORDS = ["alpha", "bravo", "charlie", "delta", "the", "echo", "extraordinarily", "(foxtrot)", "7,000"]

sentences_of_words = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=30), min_size=1, max_size=5)


def passage_of(*sentences: str, title: str = "", heading: str = "") -> Passage:
    """Make a passage of sentences with a blank between."""
    text = " ".join(sentences)
    ends = np.cumsum([len(sentence) + 1 for sentence in sentences]) - 1
    spans = [(int(end) - len(sentence), int(end)) for sentence, end in zip(sentences, ends, strict=True)]
    return Passage(text, tuple(spans), title=title, heading=heading)


def encode_one(passage: Passage, encoder: WordEncoder) -> EncodedPassage:
    """Encode a single passage."""
    (encoded,), _ = encode_passages([passage], encoder, no_progress)
    return encoded


@given(sentences_of_words, st.sampled_from(["", "Warranty", "Heading of several words"]))
def test_windows_fit_and_lose_nothing(sentences: list[list[str]], heading: str) -> None:
    """Every window fits the encoder together with its heading, windows do not overlap, and no word is outside them."""
    encoder = WordEncoder(window=16)
    passage = passage_of(*(" ".join(words) + "." for words in sentences), heading=heading)

    windows = windows_of(passage, encoder)

    texts = [f"{heading}\n{passage.text[start:end]}" for start, end in windows]
    assert max(encoder.count_pieces(texts)) <= encoder.window
    edges = [edge for window in windows for edge in window]
    assert edges == sorted(edges)
    kept = "".join(passage.text[start:end] for start, end in windows)
    assert re.sub(r"\s", "", kept) == re.sub(r"\s", "", passage.text)


def test_a_paragraph_that_fits_is_one_window(encoder: WordEncoder) -> None:
    """A paragraph no longer than the window is not cut."""
    passage = passage_of("One two three.", "Four five six.")

    assert windows_of(passage, encoder) == [(0, len(passage.text))]


def test_a_long_paragraph_is_cut_at_sentence_ends() -> None:
    """Sentences that fit are never cut, and as many of them share a window as fit."""
    encoder = WordEncoder(window=12)
    passage = passage_of("One two three.", "Four five six.", "Seven eight nine.")

    windows = windows_of(passage, encoder)

    assert [passage.text[start:end] for start, end in windows] == ["One two three. Four five six.", "Seven eight nine."]


def test_a_sentence_longer_than_the_window_is_cut_at_blanks() -> None:
    """A sentence that does not fit is cut between words, and every word is in just one window."""
    encoder = WordEncoder(window=10)
    words = [f"word{number}" for number in range(50)]
    passage = passage_of(" ".join(words))

    windows = windows_of(passage, encoder)
    encoded = encode_one(passage, encoder)

    assert [word for start, end in windows for word in passage.text[start:end].split()] == words
    assert len(encoded.windows) == len(windows) > 1
    assert np.array_equal(encoded.sentences, encoder.encode_documents([passage.text]))
    assert encoded.piece_sentences.tolist() == [0] * 50


def test_a_text_without_blanks_is_cut_all_the_same() -> None:
    """A word longer than the window is cut inside, rather than read only in part."""
    encoder = WordEncoder(window=6)
    passage = passage_of("x" * 1000)

    windows = windows_of(passage, encoder)

    assert "".join(passage.text[start:end] for start, end in windows) == passage.text
    assert max(encoder.count_pieces([passage.text[start:end] for start, end in windows])) <= encoder.window


def test_a_heading_longer_than_the_window_leaves_room_for_the_paragraph() -> None:
    """However many pieces a heading has, the paragraph below is cut into windows and encoded."""
    encoder = WordEncoder(window=16)
    passage = passage_of("One two three.", "Four five six.", heading="very long heading " * 10)

    encoded = encode_one(passage, encoder)

    assert len(encoded.windows) >= 1
    assert encoded.sentences.shape == (2, DIMENSION)


@given(sentences_of_words, st.sampled_from(["", "Warranty", "Heading of several words"]))
@example(
    [["alpha", "alpha", "the", "extraordinarily", "alpha", "alpha", "the", "the", "the", "the"]],
    "Heading of several words",
)
def test_pieces_stand_in_their_sentences(sentences: list[list[str]], heading: str) -> None:
    """The pieces kept of each sentence are its own and all of them, by ascending sentences; no cut goes through a word."""
    encoder = WordEncoder(window=16)
    texts = [" ".join(words) + "." for words in sentences]
    passage = passage_of(*texts, heading=heading)

    (encoded,), matrix = encode_passages([passage], encoder, no_progress)

    numbers = encoded.piece_sentences.tolist()
    assert numbers == sorted(numbers)
    unlimited = WordEncoder(window=10_000)
    for number, text in enumerate(texts):
        tokens = unlimited.encode_questions([text])[0][1]
        expected = compress(matrix, tokens.vectors[content_pieces(text, tokens, "en")])
        assert np.array_equal(encoded.pieces[encoded.piece_sentences == number], expected)


def test_pieces_of_title_and_heading_stand_in_no_sentence(encoder: WordEncoder) -> None:
    """The words of title and heading are kept with each paragraph, but count for none of its sentences."""
    passages = [
        passage_of("Alpha bravo.", "Charlie delta echo.", title="The new fan", heading="Warranty period"),
        passage_of("Foxtrot.", title="The new fan"),
    ]

    (first, second), matrix = encode_passages(passages, encoder, no_progress)

    assert first.piece_sentences.tolist() == [-1, -1, -1, -1, 0, 0, 1, 1, 1]
    assert second.piece_sentences.tolist() == [-1, -1, 0]
    tokens = encoder.encode_questions(["The new fan"])[0][1]
    assert np.array_equal(second.pieces[:2], compress(matrix, tokens.vectors[1:]))


def test_of_a_very_long_title_the_beginning_counts() -> None:
    """Each paragraph of a document whose title is a page long keeps the pieces of its first 200 characters only."""
    encoded = encode_one(passage_of("Alpha.", title="word " * 1000), WordEncoder(window=5_000))

    assert encoded.piece_sentences.tolist() == [-1] * 40 + [0]


def test_vectors_are_those_of_the_texts_they_stand_for(encoder: WordEncoder) -> None:
    """The window's vector is that of heading and words, a sentence's that of the sentence alone, and titles are no part."""
    passage = passage_of("Alpha bravo.", "Charlie delta.", title="Title", heading="Warranty")

    encoded = encode_one(passage, encoder)

    assert encoder.encoded == [f"Warranty\n{passage.text}", "Charlie delta.", "Alpha bravo.", "Title"]
    assert np.array_equal(encoded.windows, encoder.encode_documents([f"Warranty\n{passage.text}"]))
    assert np.array_equal(encoded.sentences, encoder.encode_documents(["Alpha bravo.", "Charlie delta."]))
    assert passage.words == f"Title\nWarranty\n{passage.text}"


def test_a_paragraph_of_one_sentence_is_encoded_once(encoder: WordEncoder) -> None:
    """A paragraph of one window and one sentence has the same vector as both, computed once."""
    encoded = encode_one(passage_of("Alpha bravo charlie."), encoder)

    assert encoder.encoded == ["Alpha bravo charlie."]
    assert np.array_equal(encoded.windows, encoded.sentences)


def test_many_passages_are_encoded_as_each_alone(encoder: WordEncoder) -> None:
    """Encoding in order of length changes nothing: every passage keeps its own numbers."""
    lengths = np.random.default_rng(4).integers(1, 60, size=300)
    passages = [
        passage_of(" ".join(f"w{n}x{i}" for i in range(length)) + ".", f"End{n}.", title=f"title {n % 7}")
        for n, length in enumerate(lengths)
    ]

    together, matrix = encode_passages(passages, encoder, no_progress)

    for passage, encoded in zip(passages, together, strict=True):
        (alone,), _ = encode_passages([passage], encoder, no_progress, matrix=matrix)
        for name in ("windows", "sentences", "pieces", "piece_sentences"):
            assert np.array_equal(getattr(encoded, name), getattr(alone, name))


def test_progress_grows_to_its_total(encoder: WordEncoder) -> None:
    """Progress is told in characters, only ever grows, keeps its total and ends at it."""
    told: list[tuple[int, int]] = []
    passages = [passage_of(f"Alpha {number}.", "Bravo charlie.") for number in range(600)]

    encode_passages(passages, encoder, lambda done, total: told.append((done, total)))

    assert len(told) > 3
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert {total for _, total in told} == {told[-1][0]}


KOREAN = "대한민국 헌법 제일조는 대한민국은 민주공화국이다 라고 규정하고 있다. "


def test_windows_fit_where_a_character_is_more_than_one_piece(real_encoder: SentenceEncoder) -> None:
    """Korean syllables are two or three pieces each, and still every window is one that the encoder reads whole."""
    text = (KOREAN * 6).strip()
    passage = Passage(text, ((0, len(text)),))

    windows = windows_of(passage, real_encoder)

    assert max(real_encoder.count_pieces([text[start:end] for start, end in windows])) <= real_encoder.window


def test_a_korean_heading_does_not_fill_the_window(real_encoder: SentenceEncoder) -> None:
    """The longest heading there may be, in a script of many pieces a character, still leaves room for its paragraph."""
    text = "Short sentences stand here. " * 40
    passage = Passage(text, ((0, len(text)),), heading=(KOREAN * 6)[:200])

    windows = windows_of(passage, real_encoder)

    assert windows[0][0] == 0
    assert windows[-1][1] == len(text)


@pytest.mark.parametrize("window", [3, 4, 5, 40])
def test_the_smallest_windows_work(window: int) -> None:
    """Even a window of one word holds a paragraph, in as many parts as it takes."""
    encoder = WordEncoder(window=window)
    passage = passage_of("Alpha bravo charlie.", "Delta echo.")

    encoded = encode_one(passage, encoder)

    assert max(encoder.count_pieces([passage.text[start:end] for start, end in windows_of(passage, encoder)])) <= window
    assert encoded.piece_sentences.tolist() == sorted(encoded.piece_sentences)
    assert set(encoded.piece_sentences) == {0, 1}
