"""The metrics against programs that others trust: ir-measures, scikit-learn, and SQuAD's own definitions in torchmetrics."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import RR, Qrel, ScoredDoc, Success, calc_aggregate, nDCG
from sklearn.metrics import roc_auc_score

from qa_bot.evaluation import metrics, spans

with warnings.catch_warnings():
    # It imports parts of other libraries that are on their way out.
    warnings.simplefilter("ignore")
    from torchmetrics.functional.text import squad

DEPTHS = (1, 3, 5, 10)


@pytest.mark.parametrize("seed", range(5))
def test_retrieval_metrics_are_those_of_ir_measures(seed: int) -> None:
    """On random rankings, with several right paragraphs, with none found, and with fewer than ten hits."""
    generator = np.random.default_rng(seed)
    qrels, run, ranks, gains = [], [], [], []
    for question in range(60):
        relevant = set(generator.choice(30, generator.integers(1, 6), replace=False).tolist())
        hits = generator.permutation(30)[: generator.integers(1, 13)].tolist()
        qrels += [Qrel(str(question), str(document), 1) for document in relevant]
        run += [ScoredDoc(str(question), str(document), -float(rank)) for rank, document in enumerate(hits)]
        right = [document in relevant for document in hits]
        ranks.append(right.index(True) + 1 if True in right else None)
        gains.append(metrics.ndcg(right, len(relevant), 10))

    expected = calc_aggregate([*(Success @ depth for depth in DEPTHS), RR @ 10, nDCG @ 10], qrels, run)

    for depth in DEPTHS:
        assert metrics.hit_rate(ranks, depth) == pytest.approx(expected[Success @ depth])
    assert metrics.reciprocal_rank(ranks, 10) == pytest.approx(expected[RR @ 10])
    assert metrics.mean(gains) == pytest.approx(expected[nDCG @ 10])


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=2, max_size=40))
def test_auroc_is_that_of_scikit_learn(scored: list[tuple[int, bool]]) -> None:
    """With many ties; without one of the two kinds there is none."""
    positives = [score / 9 for score, truth in scored if truth]
    negatives = [score / 9 for score, truth in scored if not truth]
    found = metrics.auroc(positives, negatives)

    if not positives or not negatives:
        assert found is None
    else:
        assert found == pytest.approx(roc_auc_score([t for _, t in scored], [s / 9 for s, _ in scored]))


WORDS = st.lists(st.sampled_from(["the", "a", "An", "Mary", "mary", "1932", "U.S.", "U.S", "state-of", "in", "é", ","]))
ANSWERS = WORDS.map(" ".join)


@given(ANSWERS, st.lists(ANSWERS.filter(bool), min_size=1, max_size=3))
def test_exact_match_and_f1_are_those_of_squad(answer: str, gold: list[str]) -> None:
    """Against the official definitions as torchmetrics has them."""
    expected = squad(
        {"prediction_text": answer, "id": "q"}, {"answers": {"answer_start": [0] * len(gold), "text": gold}, "id": "q"}
    )

    assert 100 * spans.exact(answer, gold) == pytest.approx(float(expected["exact_match"]))
    assert 100 * spans.f1(answer, gold) == pytest.approx(float(expected["f1"]), abs=1e-4)
