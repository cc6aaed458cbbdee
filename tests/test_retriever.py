import math
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from similar_texts import texts_of
from stand_ins import WordEncoder

from qa_bot.encoder.vectors import Vectors
from qa_bot.evaluation.collection import CollectionParagraph
from qa_bot.index.build import update
from qa_bot.index.encoding import no_progress
from qa_bot.index.generation import Generation, open_current
from qa_bot.index.late import content_pieces, words_at
from qa_bot.index.lexical import K1, B
from qa_bot.records import Scores
from qa_bot.retriever import RERANKED, EncodedQuestion, encode_question, retrieve
from qa_bot.terms import terms_of
from qa_bot.weights import Weights, packaged_weights

QUESTIONS = ("Where did Haftar sign the ceasefire?", "oil port of Benghazi", "border border army", "Who? What?", "quux")

# The weights as packaged.
RANKING = Weights.load(packaged_weights(None)).ranking

# Pieces are stored in a byte a component; everything else is exact but for rounding.
LATE_ERROR = 0.02
TITLE = "Port of Benghazi"


def build(folder: Path, texts: Sequence[str]) -> Generation:
    """Index paragraphs, each a document of its own."""
    sources = [CollectionParagraph(f"p{number}", TITLE, text, f"p{number}") for number, text in enumerate(texts)]
    update(folder, sources, WordEncoder(), progress=no_progress)
    generation = open_current(folder)
    assert generation is not None
    return generation


@pytest.fixture(scope="module", params=[1, 2, 3])
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generation]:
    """Give an index of sixty paragraphs."""
    with build(tmp_path_factory.mktemp("index"), texts_of(request.param, 60)) as generation:
        yield generation


def asked(question: str, index: Generation) -> EncodedQuestion:
    """Encode a question as the bot does."""
    return encode_question(question, WordEncoder(), index.lexical)


def bm25(terms: Sequence[Sequence[str]], weights: dict[str, float]) -> list[float]:
    """Score every paragraph from the formula of BM25, divided by the question's whole weight."""
    mean = sum(map(len, terms)) / len(terms)
    scores = []
    for own in terms:
        counts = Counter(own)
        length = 1 - B + B * len(own) / mean
        scores.append(sum(w * counts[t] * (K1 + 1) / (counts[t] + K1 * length) for t, w in weights.items()))
    total = sum(weights.values())
    return [score / total if total else 0.0 for score in scores]


def late_by_loop(question: EncodedQuestion, text: str) -> float:
    """Score late interaction by plain loops on the encoder's own vectors of title and words, compressed by nobody."""
    encoded = [(part, WordEncoder().encode_questions([part])[0][1]) for part in (TITLE, text)]
    pieces = [vector for part, tokens in encoded for vector in tokens.vectors[content_pieces(part, tokens, "en")]]
    weights = question.analyses["en"].piece_weights
    if not weights.sum() or not pieces:
        return 0.0
    best = [max(float(piece @ own) for own in pieces) for piece in question.pieces]
    weighted = sum(weight * cosine for weight, cosine in zip(weights, best, strict=True))
    return float(weighted / weights.sum())


def rounded(vectors: Vectors) -> Vectors:
    """Round to half precision."""
    return vectors.astype(np.float16).astype(np.float32)


def by_brute_force(question: EncodedQuestion, index: Generation) -> list[Scores]:
    """Compute every score of every paragraph from its words; ``total`` without late interaction."""
    encoder = WordEncoder()
    texts = index.store.quotable_texts()
    lexical = bm25([terms_of(f"{TITLE}\n\n{text}", "en") for text in texts], question.analyses["en"].terms)
    scores = []
    for number, text in enumerate(texts):
        name, paragraph = index.store.paragraph(number)
        whole = index.store.document(name).text
        # Vectors are stored in half precision.
        sentences = rounded(encoder.encode_documents([whole[s.start : s.end] for s in paragraph.sentences]))
        cosine = float(rounded(encoder.encode_documents([text]))[0] @ question.vector)
        closest = max(float(vector @ question.vector) for vector in sentences)
        total = RANKING.paragraph * cosine + RANKING.sentence * closest + RANKING.lexical * lexical[number]
        scores.append(Scores(cosine, closest, lexical[number], late_by_loop(question, text), total))
    return scores


@pytest.mark.parametrize("words", QUESTIONS)
def test_every_score_is_what_brute_force_gives(index: Generation, words: str) -> None:
    """Of every paragraph, each score and the total by which it is ranked are those computed from its words alone."""
    question = asked(words, index)
    expected = by_brute_force(question, index)
    first_ranking = sorted((scores.total for scores in expected), reverse=True)

    hits = retrieve(question, index, RANKING, limit=60)

    assert sorted(hit.paragraph for hit in hits) == list(range(60))
    # The first ranking decides which are compared word by word, and orders the rest; equal ones may stand either way.
    ranked = [expected[hit.paragraph].total for hit in hits]
    assert sorted(ranked[:RERANKED], reverse=True) + ranked[RERANKED:] == pytest.approx(first_ranking, abs=1e-5)
    for hit in hits:
        scores = expected[hit.paragraph]
        assert hit.scores.paragraph == pytest.approx(scores.paragraph, abs=1e-5)
        assert hit.scores.sentence == pytest.approx(scores.sentence, abs=1e-5)
        assert hit.scores.lexical == pytest.approx(scores.lexical, abs=1e-6)
        late = scores.late if hit.rank <= RERANKED else 0.0
        assert hit.scores.late == pytest.approx(late, abs=LATE_ERROR)
        total = scores.total + RANKING.late * hit.scores.late
        assert hit.scores.total == pytest.approx(total, abs=1e-5)


@pytest.mark.parametrize("words", QUESTIONS)
def test_the_best_stand_first(index: Generation, words: str) -> None:
    """Ranks count from 1 without a gap, and the hits that were compared word by word are in the order of their totals."""
    hits = retrieve(asked(words, index), index, RANKING, limit=RERANKED)

    assert [hit.rank for hit in hits] == list(range(1, RERANKED + 1))
    totals = [hit.scores.total for hit in hits]
    assert totals == sorted(totals, reverse=True)


@pytest.mark.parametrize("limit", [0, 1, 3, 10, 25])
def test_a_smaller_limit_gives_the_same_first_hits(index: Generation, limit: int) -> None:
    """How many hits are asked for changes nothing about those that come first."""
    question = asked(QUESTIONS[0], index)

    assert retrieve(question, index, RANKING, limit=limit) == retrieve(question, index, RANKING, limit=60)[:limit]


def test_equal_hits_keep_the_order_of_the_documents(tmp_path: Path) -> None:
    """Paragraphs of the same words come in the order in which their documents were given."""
    texts = ["Oil port of Benghazi.", "The army.", "Oil port of Benghazi.", "Oil.", "Oil port of Benghazi."]
    with build(tmp_path / "index", texts) as index:
        hits = retrieve(asked("Where is the oil port of Benghazi?", index), index, RANKING, limit=5)

    assert [hit.paragraph for hit in hits][:3] == [0, 2, 4]
    assert len({hit.scores for hit in hits[:3]}) == 1


def test_the_best_of_many_is_found(tmp_path: Path) -> None:
    """Where there are more paragraphs than are looked at closely, the best ones by brute force are among them."""
    texts = texts_of(9, 450)
    texts[444] = "Haftar signed the ceasefire at the airport of Tripoli."
    with build(tmp_path / "index", texts) as index:
        question = asked("Who signed the ceasefire at the airport of Tripoli?", index)
        expected = sorted(by_brute_force(question, index), key=lambda scores: -scores.total)

        hits = retrieve(question, index, RANKING, limit=RERANKED)

    assert hits[0].paragraph == 444
    lexical = sorted(hit.scores.lexical for hit in hits)
    assert lexical == pytest.approx(sorted(scores.lexical for scores in expected[:RERANKED]), abs=1e-6)


def test_paragraphs_with_a_rare_word_are_found_by_it(tmp_path: Path) -> None:
    """A paragraph far from the question in meaning is still found by the one rare word they share."""
    texts = [f"Haftar Libya oil number{number}." for number in range(900)]
    texts.append("Unrelated words surround zanzibar here, and many more of them follow on and on.")
    with build(tmp_path / "index", texts) as index:
        question = asked("Haftar Libya oil zanzibar", index)

        hits = retrieve(question, index, RANKING, limit=len(texts))

    assert 900 in [hit.paragraph for hit in hits]


def test_pieces_weigh_as_much_as_their_words_are_rare(index: Generation) -> None:
    """Each piece of a question weighs the idf of its word; stop words and punctuation weigh nothing."""
    text = "Where is the ceasefire, extraordinarily?"

    question = asked(text, index)

    tokens = WordEncoder().encode_questions([text])[0][1]
    named = [word.terms if word else None for word in words_at(text, tokens.starts, "en")]
    rarest = ("extraordinarili",)
    assert named == [(), (), (), ("ceasefir",), None, rarest, rarest, None]
    rare = [index.lexical.idf(terms[0]) if terms else 0.0 for terms in named]
    assert question.analyses["en"].piece_weights.tolist() == rare
    assert math.isclose(rare[5], 1.0)
    assert 0 < rare[3] < 1


def test_a_question_without_content_has_hits_without_content(index: Generation) -> None:
    """A question of stop words only has no lexical and no late score, and does not fail."""
    hits = retrieve(asked("What is it?", index), index, RANKING, limit=10)

    assert len(hits) == 10
    assert {(hit.scores.lexical, hit.scores.late) for hit in hits} == {(0.0, 0.0)}


def test_hits_do_not_depend_on_earlier_questions(index: Generation) -> None:
    """Asking changes nothing: the same question gives the same hits before and after others."""
    before = retrieve(asked(QUESTIONS[0], index), index, RANKING, limit=10)
    vectors: NDArray[np.float16] = index.windows.vectors.values.copy()
    for words in QUESTIONS[1:]:
        retrieve(asked(words, index), index, RANKING, limit=10)

    assert retrieve(asked(QUESTIONS[0], index), index, RANKING, limit=10) == before
    assert np.array_equal(index.windows.vectors.values, vectors)


def test_the_word_for_the_kind_of_thing_is_no_keyword(index: Generation) -> None:
    """Unless the question has no other word."""
    assert asked("Which party won the border?", index).analyses["en"].terms.keys() == {"won", "border"}
    assert asked("Which party?", index).analyses["en"].terms.keys() == {"parti"}


def test_small_talk_is_not_for_a_reader(index: Generation) -> None:
    """Questions are."""
    assert all(asked(text, index).readable for text in QUESTIONS)
    assert not asked("How are you today?", index).readable
