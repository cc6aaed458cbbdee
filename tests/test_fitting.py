from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from qa_bot.config import Paths, Settings
from qa_bot.evaluation.collection import CollectionParagraph
from qa_bot.fitting.__main__ import fit, gather_all, main
from qa_bot.fitting.collections import FitCollection, FitQuestion
from qa_bot.fitting.fit import (
    CONFIDENCE,
    RANKING_SCALE,
    conditional_logit,
    fit_confidence,
    fit_ranking,
    fit_reach,
    fit_sentence,
    logistic,
    signals,
)
from qa_bot.fitting.gathering import Example, Kind, ScoredHit
from qa_bot.fitting.measuring import measure, probability
from qa_bot.weights import ConfidenceWeights, RankingWeights, SentenceWeights, Weights, packaged_weights

GENERATOR = np.random.default_rng(5)


def choices(weights: list[float], count: int) -> list[tuple[NDArray[np.float64], NDArray[np.bool_]]]:
    """Draw choices between five members: each is taken as likely as e to the power of its weighted scores says."""
    groups = []
    for _ in range(count):
        scores = GENERATOR.normal(0, 1, (5, len(weights)))
        likely = np.exp(scores @ weights)
        groups.append((scores, np.arange(5) == GENERATOR.choice(5, p=likely / likely.sum())))
    return groups


def example(*, kind: Kind = Kind.ANSWERABLE, aside: bool = False, hits: int = 4) -> Example:
    """Make a question whose first hit is right if it is answerable, and then scores higher as a rule."""
    made = []
    for number in range(hits):
        right = kind is Kind.ANSWERABLE and number == 0
        sentences = GENERATOR.random((3, 5))
        sentences[0] += 0.8 * right
        sentences[:, 4] = 0
        ranking = np.append(GENERATOR.random(4) + 0.5 * right, [0.0, 0.0, 0.0])
        made.append(ScoredHit(ranking, sentences, right, (right, False, False)))
    return Example("made", kind, aside, 0.5, tuple(made))


def examples(count: int) -> list[Example]:
    """Make as many questions of each kind."""
    return [example(kind=kind, aside=number % 2 == 1) for number in range(count) for kind in Kind]


def test_weights_that_drew_the_choices_are_found() -> None:
    """Of many choices the weights are found again; one that counts against is held at 0."""
    found = conditional_logit(choices([2.0, 0.5, 0.0], 4_000))
    assert found == pytest.approx([2.0, 0.5, 0.0], abs=0.15)
    assert conditional_logit(choices([1.0, -1.0], 500))[1] == 0


def test_the_logistic_regression_is_that_of_scikit_learn() -> None:
    """Where no coefficient is negative; one that would be is held at 0, and the others are those found without it."""
    values = GENERATOR.normal(0, 1, (600, 3))
    right = GENERATOR.random(600) < expit(values @ [1.5, 0.4, -1.0] - 0.7)
    weights = GENERATOR.uniform(0.2, 3, 600)

    def oracle(columns: NDArray[np.float64]) -> list[float]:
        model = LogisticRegression(tol=1e-8, max_iter=5_000).fit(columns, right, sample_weight=weights)
        return [float(model.intercept_[0]), *(float(value) for value in model.coef_[0])]

    mirrored = values * [1, 1, -1]
    assert logistic(mirrored, right, weights).tolist() == pytest.approx(oracle(mirrored), abs=1e-3)
    *found, held = logistic(values, right, weights)
    assert held == 0
    assert found == pytest.approx(oracle(values[:, :2]), abs=1e-3)


def test_choices_without_a_choice_teach_nothing() -> None:
    """Where all members are right, or none, the others decide alone."""
    useful = choices([1.0, 2.0], 300)
    scores = GENERATOR.normal(0, 1, (5, 2))
    useless = [(scores, np.ones(5, dtype=bool)), (scores, np.zeros(5, dtype=bool))]

    assert conditional_logit([*useless, *useful]) == pytest.approx(conditional_logit(useful))


def test_fitted_weights_do_better_than_none() -> None:
    """On questions kept aside, the right sentence and the right hit are found, and answerable ones told apart."""
    made = examples(300)
    seen, aside = [e for e in made if not e.aside], [e for e in made if e.aside]
    ranking, sentence = fit_ranking(seen), fit_sentence(seen)
    confidence = fit_confidence(seen, ranking, sentence)

    figures = measure(aside, ranking, sentence, confidence)["made"]
    assert figures["questions"] == 150
    assert figures["hit@1"] > 0.75
    assert figures["right_sentence"] > 0.9
    assert min(figures["auroc"].values()) > 0.8
    assert sum([ranking.paragraph, ranking.sentence, ranking.lexical]) == pytest.approx(RANKING_SCALE, abs=0.001)
    assert ranking.reader == sentence.reader == 0


def test_the_choice_of_sentences_is_measured() -> None:
    """By hand: of three right paragraphs one has its gold first, one second, one third; one of four is not found at all."""
    ranking = RankingWeights(paragraph=1, sentence=0, lexical=0, late=0, type=0, meaning=0, reader=0)
    sentence = SentenceWeights(coverage=0, cosine=1, late=0, type=0, reader=0)
    confidence = ConfidenceWeights(bias=0, coverage=0, cosine=0, late=0, type=0, known=0, lead=0, reader=0)

    def hit(score: float, cosines: Sequence[float], gold: int | None) -> ScoredHit:
        sentences = np.array([[0, cosine, 0, 0, 0] for cosine in cosines], dtype=np.float64)
        marks = tuple(number == gold for number in range(len(cosines)))
        return ScoredHit(np.array([score, 0, 0, 0, 0, 0, 0]), sentences, right=gold is not None, gold=marks)

    examples = [
        Example("made", Kind.ANSWERABLE, aside=True, known=1.0, hits=hits)
        for hits in (
            (hit(0.9, [0.1, 0.8, 0.2], 1), hit(0.5, [0.4], None)),
            (hit(0.9, [0.3], None), hit(0.5, [0.6, 0.8, 0.2], 0)),
            (hit(0.9, [0.6, 0.8, 0.2], 2), hit(0.5, [0.4], None)),
            (hit(0.9, [0.6], None),),
        )
    ]
    figures = measure(examples, ranking, sentence, confidence)["made"]

    assert (figures["right_sentence"], figures["sentence_mrr"], figures["both_right"]) == (
        pytest.approx(1 / 3, abs=1e-4), pytest.approx((1 + 1 / 2 + 1 / 3) / 3, abs=1e-4), 1 / 4,
    )  # fmt: skip


def test_the_reach_is_the_largest_lead_but_one_in_a_thousand_that_a_reader_takes_away() -> None:
    """What the kind of thing adds is no lead of the reader's."""
    ranking = RankingWeights(paragraph=1, sentence=0, lexical=0, late=0, type=1, meaning=1, reader=1)

    def asked(best: float, second: float, vote: float, *, holds: float = 0, explains: bool = False) -> Example:
        rows = (np.array([best, 0, 0, 0, 0, 0, 0]), np.array([second, 0, 0, 0, holds, float(explains), vote]))
        hits = tuple(ScoredHit(row, np.zeros((1, 5)), right=False, gold=(False,)) for row in rows)
        return Example("made", Kind.NEAR, aside=False, known=0.5, hits=hits)

    taken = [
        asked(2, 1.5, 0.75),
        asked(2, 1.75, 0.5),
        asked(2, 1.25, 0.25, explains=True),
        asked(2, 1.25, 0.25, holds=1),
    ]
    kept = [asked(2, 1, 0.5)] * 500
    assert fit_reach([*taken, *kept], ranking) == 0.5
    assert fit_reach([*taken, *kept, *kept], ranking) == 0.25
    assert fit_reach(kept, ranking) == 0.0


def test_what_the_reader_has_learnt_from_teaches_confidence_only() -> None:
    """And made questions teach no confidence; those that mean nothing by themselves do not tell what comes first."""
    learnt, natural, made, rows = (
        [replace(own, collection=name) for own in examples(30)]
        for name in ("squad2", "selqa", "abbreviations", "reader")
    )
    weights = fit([*learnt, *natural, *made, *rows], Settings())
    seen = [[own for own in group if not own.aside] for group in (learnt, natural, made, rows)]

    assert weights.ranking == fit_ranking([*seen[1], *seen[2], *seen[3]])
    assert weights.sentence == fit_sentence([*seen[1], *seen[3]])
    assert weights.confidence == fit_confidence([*seen[0], *seen[1], *seen[3]], weights.ranking, weights.sentence)
    assert weights.reach == fit_reach([*seen[0], *seen[1]], weights.ranking)


@pytest.mark.parametrize("reader", [None, "packaged"])
def test_the_packaged_threshold_is_the_least_costly(reader: str | None) -> None:
    """A right answer withheld costs as much as five wrong ones, so one in six has to be right."""
    assert fit(examples(30), Settings()).threshold == pytest.approx(1 / 6, abs=1e-4)
    assert Weights.load(packaged_weights(reader)).threshold == pytest.approx(1 / 6, abs=1e-4)


def test_nothing_is_out_of_reach_when_scores_are_gathered(tmp_path: Path) -> None:
    """What a reader says of hits far behind tells how far behind they may be."""
    texts = {"a": "The mill was built in 1871 by Ann Lee.", "b": "The mill of Korrin was sold to Bob Ray in 1902."}
    paragraphs = [CollectionParagraph(name, "Korrin", text, name) for name, text in texts.items()]
    question = FitQuestion("Who built the mill in 1871?", {"a": ((31, 38),)}, aside=False)
    settings = Settings(paths=Paths(embeddings=tmp_path))

    [first, *_] = gather_all(settings, [FitCollection("mills", paragraphs, [question])])

    assert len(first.hits) == 2
    assert all(hit.sentences[0, -1] > -1 for hit in first.hits)


def test_signals_are_those_of_the_best_sentence_of_the_best_hit() -> None:
    """The lead is measured against the mean of the next four hits, without what a reader or the kind of thing adds."""
    ranking = RankingWeights(paragraph=1, sentence=0, lexical=0, late=0, type=5, meaning=5, reader=5)
    sentence = SentenceWeights(coverage=0, cosine=1, late=0, type=0, reader=0)
    scores = [[0.1, 0.2, 0.3, 0.4, -1.0], [0.5, 0.6, 0.7, 0.8, 1.0]]
    best = ScoredHit(np.array([2.0, 0, 0, 0, 1.0, 1.0, 1.0]), np.array(scores), right=True, gold=(False, True))
    others = tuple(
        ScoredHit(np.array([value, 0, 0, 0, 0, 0, -1.0]), np.array(scores), right=False, gold=(False, False))
        for value in (1.0, 2.0, 3.0, 4.0, 0.0)
    )
    asked = Example("made", Kind.ANSWERABLE, aside=False, known=0.9, hits=(*others, best))

    found = dict(zip(CONFIDENCE, signals(asked, ranking, sentence), strict=True))

    assert found == {
        "coverage": 0.5, "cosine": 0.6, "late": 0.7, "type": 0.8, "known": 0.9, "lead": 2.0 - 2.5, "reader": 1.0,
    }  # fmt: skip


def test_a_question_without_hits_is_not_answered() -> None:
    """Its probability is 0."""
    weights = Weights.load(packaged_weights(None))
    nothing = Example("made", Kind.FAR, aside=False, known=0.0, hits=())
    assert probability(nothing, weights.ranking, weights.sentence, weights.confidence) == 0


def test_weights_for_another_reader_never_take_the_place_of_the_packaged_ones(tmp_path: Path) -> None:
    """They need a file of their own, which is said before anything is gathered."""
    done = CliRunner().invoke(main, [str(tmp_path)], env={"QA_BOT_EVIDENCE__READER": "deepset/minilm-uncased-squad2"})

    assert done.exit_code == 2
    assert done.output.rstrip().endswith(
        "the weights for deepset/minilm-uncased-squad2 need a file of their own: name it with --out, or make weights OUT=FILE"
    )
