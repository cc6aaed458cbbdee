"""What a reader says is weighed with the other scores; what it has not read, without it."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from stand_ins import SeedWriter, WordEncoder

from qa_bot.calibration import sigmoid
from qa_bot.evidence import SEES_NONE, Judge, ranking_total, vote_of
from qa_bot.index.build import update
from qa_bot.index.encoding import no_progress
from qa_bot.index.generation import Generation, open_current
from qa_bot.models.identity import Identity
from qa_bot.reader.reading import Passage
from qa_bot.reader.spans import MOST_SURE, Reading
from qa_bot.records import Evidence
from qa_bot.retriever import EncodedQuestion, encode_question, retrieve
from qa_bot.weights import ConfidenceWeights, RankingWeights, SentenceWeights, Weights

QUESTION = "Who opened the harbour?"
SEEDS = {
    "en.txt": "The king opened the harbour.\n\nThe harbour was opened in spring.\n\nThe harbour is small and cold.",
    "fr.txt": "Le roi a ouvert le harbour de la ville, et beaucoup de gens sont venus pour la fête du printemps.",
}
KING, SPRING, COLD = SEEDS["en.txt"].split("\n\n")


def weights_of(bias: float, reader: float, reach: float = math.inf) -> Weights:
    """Make weights by which the bias and the reader alone decide how sure an answer is."""
    return Weights(
        reader="pen" if reader else None,
        ranking=RankingWeights(paragraph=1, sentence=0, lexical=1, late=0, type=0, meaning=0, reader=reader),
        sentence=SentenceWeights(coverage=1, cosine=0, late=0, type=0, reader=reader),
        confidence=ConfidenceWeights(bias=bias, coverage=0, cosine=0, late=0, type=0, known=0, lead=0, reader=reader),
        reach=reach,
        threshold=0.5,
        provenance={},
    )


class Pen:
    """A reader that knows English, notes what it reads, and is as sure of a text as it is told."""

    identity = Identity("pen", "0")

    def __init__(
        self, scores: dict[str, float], languages: frozenset[str] | None = frozenset({"en"}), question: str = QUESTION
    ) -> None:
        """Take the score of each text, and the question to come."""
        self.languages = languages
        self._question = question
        self.read_texts: list[str] = []
        self._scores = scores

    def load(self) -> None:
        """Do nothing."""

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """Give each text its score."""
        assert question == self._question
        self.read_texts += [passage.text for passage in passages]
        return [
            Reading((self._scores.get(p.text, 0.0),) * len(p.sentences), (None,) * len(p.sentences)) for p in passages
        ]


@pytest.fixture
def index(tmp_path: Path, write_seeds: SeedWriter) -> Iterator[Generation]:
    """Give an index of an English document of three paragraphs and a French one."""
    update(tmp_path / "index", write_seeds(SEEDS), WordEncoder(), progress=no_progress)
    with open_current(tmp_path / "index") or pytest.fail("there is no index") as opened:
        yield opened


def weigh(index: Generation, judge: Judge) -> list[Evidence]:
    """Weigh all four paragraphs."""
    question: EncodedQuestion = encode_question(QUESTION, WordEncoder(), index.lexical)
    return judge.weigh(question, retrieve(question, index, judge.weights.ranking, limit=4), index)


def texts(evidence: Sequence[Evidence]) -> list[str]:
    """List the paragraphs, best first."""
    return [item.document.text[item.paragraph.start : item.paragraph.end] for item in evidence]


def by_text(evidence: Sequence[Evidence]) -> dict[str, Evidence]:
    """Find evidence by its paragraph."""
    return dict(zip(texts(evidence), evidence, strict=True))


def judge_with(pen: Pen, reads: int = 2) -> Judge:
    """Make a judge that has this reader."""
    return Judge(weights_of(-1, 2), reader=pen, reads=reads, unread=weights_of(-2, 0))


def test_the_best_hits_in_a_known_language_are_read(index: Generation) -> None:
    """So many of them as are wanted; a reader of which no language is known reads all."""
    unread = texts(weigh(index, Judge(weights_of(-2, 0))))
    english = [text for text in unread if text in {KING, SPRING, COLD}]
    for reads in (1, 2, 3, 4):
        pen, polyglot = Pen({}), Pen({}, languages=None)
        weigh(index, judge_with(pen, reads))
        weigh(index, judge_with(polyglot, reads))
        assert pen.read_texts == english[:reads]
        assert polyglot.read_texts == unread[:reads]


def test_a_hit_too_far_behind_the_best_is_not_read(index: Generation) -> None:
    """What it said of that would not bring it to the front."""
    hits = {text: item.hit.scores.total for text, item in by_text(weigh(index, Judge(weights_of(-2, 0)))).items()}
    behind = hits[KING] - hits[SPRING]
    assert behind > 0
    for reach, expected in ((behind + 0.01, [KING, SPRING]), (behind - 0.01, [KING]), (0, [KING])):
        pen = Pen({SPRING: 9.0})
        found = weigh(index, Judge(weights_of(-1, 2, reach), reader=pen, reads=2, unread=weights_of(-2, 0)))
        assert pen.read_texts == expected
        assert {text: item.read for text, item in by_text(found).items() if item.read} == dict.fromkeys(expected, True)
        assert texts(found)[0] == expected[-1]
        # Not the French one, which the reader could not read anyway.
        assert {text for text, item in by_text(found).items() if item.behind} == {KING, SPRING, COLD} - set(expected)


def test_what_was_not_read_is_weighed_without_the_reader(index: Generation) -> None:
    """By the weights fitted without one: the reader's silence is no vote against it."""
    pen = Pen({KING: 5.0, SPRING: -20.0})
    found = by_text(weigh(index, judge_with(pen)))

    assert set(pen.read_texts) == {KING, SPRING}
    assert {text: item.read for text, item in found.items()} == {
        KING: True, SPRING: True, COLD: False, SEEDS["fr.txt"]: False,
    }  # fmt: skip
    assert found[KING].confidence == pytest.approx(sigmoid(-1 + 2 * 5.0 / MOST_SURE))
    assert found[SPRING].confidence == pytest.approx(sigmoid(-1 + 2 * -1.0))
    assert found[COLD].confidence == found[SEEDS["fr.txt"]].confidence == pytest.approx(sigmoid(-2))


def test_a_reader_that_sees_nothing_hardly_changes_the_order(index: Generation) -> None:
    """However sure it is: no hit falls behind one that it has not read, and a yes still lifts a hit to the top."""
    before = texts(weigh(index, Judge(weights_of(-2, 0))))
    assert before.index(KING) < before.index(SPRING)
    assert texts(weigh(index, judge_with(Pen(dict.fromkeys((KING, SPRING, COLD), -2 * MOST_SURE))))) == before
    assert texts(weigh(index, judge_with(Pen({KING: -2 * MOST_SURE, SPRING: -0.4 * MOST_SURE})))) == before
    assert texts(weigh(index, judge_with(Pen({KING: -2 * MOST_SURE, SPRING: 0.9 * MOST_SURE}))))[0] == SPRING


def test_what_holds_the_kind_of_thing_asked_for_is_preferred(tmp_path: Path, write_seeds: SeedWriter) -> None:
    """Where a question asks for any; and it is read first, and within reach, as it may come to the front unread."""
    mills = "The old mill opened.\n\nThe mill on the long river opened in May 1871 and closed in June 1902."
    update(tmp_path / "mills", write_seeds({"mills.txt": mills}), WordEncoder(), progress=no_progress)
    with open_current(tmp_path / "mills") or pytest.fail("there is no index") as index:
        for question, first in (("When was the mill opened?", 1), ("Was the mill opened?", 0)):
            encoded = encode_question(question, WordEncoder(), index.lexical)
            for reach in (0, math.inf):
                weights = weights_of(-2, 0, reach).model_copy(update={"ranking": explaining(0, holding=1)})
                hits = retrieve(encoded, index, weights.ranking, limit=2)
                pen = Pen({}, question=question)
                evidence = Judge(weights, None, pen, 1).weigh(encoded, hits, index)

                assert hits[0].paragraph == 0
                assert evidence[0].hit.paragraph == first
                assert pen.read_texts == [mills.split("\n\n")[first]]
                assert [item.type for item in evidence] == ([1, 0] if first else [0.5, 0.5])
                assert [item.behind for item in evidence] == [False, reach == 0]
                assert ranking_total(evidence[0], weights.ranking) == hits[first].scores.total + evidence[0].type


def test_what_explains_a_name_is_preferred(tmp_path: Path, write_seeds: SeedWriter) -> None:
    """Where a question asks for its meaning: all passages hold the question's only word."""
    ports = "The harbour called for calm.\n\nThe harbour is a port in the north, and very many ships lie in it."
    update(tmp_path / "ports", write_seeds({"ports.txt": ports}), WordEncoder(), progress=no_progress)
    judge = Judge(weights_of(-2, 0).model_copy(update={"ranking": explaining(1)}))
    with open_current(tmp_path / "ports") or pytest.fail("there is no index") as index:
        for question, first in (("What is the harbour?", 1), ("Is the harbour calm?", 0)):
            encoded = encode_question(question, WordEncoder(), index.lexical)
            hits = retrieve(encoded, index, judge.weights.ranking, limit=2)
            evidence = judge.weigh(encoded, hits, index)

            assert hits[0].paragraph == 0
            assert evidence[0].hit.paragraph == first
            assert [item.explains for item in evidence] == [first == 1, False]
            assert ranking_total(evidence[0], explaining(1)) == evidence[0].hit.scores.total + (first == 1)


def test_where_a_meaning_is_asked_for_what_may_explain_it_is_within_reach(
    tmp_path: Path, write_seeds: SeedWriter
) -> None:
    """It may come to the front without the reader, and is not to come there unread."""
    ports = "The harbour called for calm.\n\nThe harbour is a port in the north, and very many ships lie in it."
    update(tmp_path / "ports", write_seeds({"ports.txt": ports}), WordEncoder(), progress=no_progress)
    weights = weights_of(-2, 0, reach=0).model_copy(update={"ranking": explaining(1)})
    with open_current(tmp_path / "ports") or pytest.fail("there is no index") as index:
        for question, read in (("What is the harbour?", 2), ("Is the harbour calm?", 1)):
            encoded, pen = encode_question(question, WordEncoder(), index.lexical), Pen({}, question=question)
            Judge(weights, None, pen, 2).weigh(encoded, retrieve(encoded, index, weights.ranking, limit=2), index)
            assert len(pen.read_texts) == read


def explaining(weight: float, holding: float = 0) -> RankingWeights:
    """Give weights by which an explanation counts so much, and holding the kind of thing asked for."""
    return RankingWeights(paragraph=0, sentence=0, lexical=1, late=0, type=holding, meaning=weight, reader=0)


def test_a_vote() -> None:
    """The best sentence counts, and a no counts only so much."""
    assert vote_of([-0.9, 0.4, 0.1]) == 0.4
    assert vote_of([-0.9, -0.5]) == SEES_NONE
    assert vote_of([-0.1]) == -0.1


def test_a_reader_is_not_shown_what_asks_nothing(index: Generation) -> None:
    """What nobody has words for, and small talk, nothing answers, whatever a reader may see in it."""
    reader = Pen({KING: 9.0})
    judge = Judge(weights_of(0, 1), None, reader, 4, weights_of(0, 0))
    question = replace(encode_question(QUESTION, WordEncoder(), index.lexical), readable=False)

    evidence = judge.weigh(question, retrieve(question, index, judge.weights.ranking, limit=4), index)

    assert reader.read_texts == []
    assert [item.read for item in evidence] == [False] * 4
