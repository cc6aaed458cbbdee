"""What is right of a ranking, and how much there is to find."""

import json
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stand_ins import WordEncoder, set_seeds

from qa_bot.evaluation import metrics
from qa_bot.evaluation.anchors import Corpus
from qa_bot.evaluation.collection import load_collection
from qa_bot.evaluation.judging import Outcome, judge
from qa_bot.evaluation.questions import GoldQuestion
from qa_bot.index.drafting import Source
from qa_bot.index.encoding import no_progress
from qa_bot.index.generation import Generation
from qa_bot.opening import open_index
from qa_bot.records import Answer, Hit, IndexInfo, Scores, Status, Timings

LONG = "\n\n".join(f"Paragraph {number} tells of the tea." for number in range(1, 13))
TEXTS = {
    "long.txt": LONG,
    "short.md": "# Coffee\n\nOne about coffee.\n\nSkip to content\n\nTwo about coffee.\n",
    "one.txt": "Alone.\n",
}
# A paragraph file may give a paragraph the name that another document's paragraph has.
COLLECTION = {"a": "One about tea.", "a#1": "Two about tea.", "b": "Three about tea."}
NAMES = st.sampled_from([*TEXTS, *COLLECTION, "gone.txt"])
RELEVANT = st.frozensets(NAMES | st.builds("{}#{}".format, NAMES, st.integers(0, 13)), max_size=6)


@pytest.fixture(scope="module", params=["seeds", "collection"])
def index(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Generation]:
    """Index documents, or the paragraphs of a file."""
    folder = tmp_path_factory.mktemp("judging")
    sources: Sequence[Source] = set_seeds(folder / "seeds", TEXTS)
    if request.param == "collection":
        lines = [json.dumps({"id": name, "text": text}) for name, text in COLLECTION.items()]
        (folder / "paragraphs.jsonl").write_text("\n".join(lines), encoding="utf-8")
        sources = load_collection(folder / "paragraphs.jsonl")
    with open_index(folder / "index", sources, WordEncoder(), no_progress) as opened:
        yield opened


def ranked(index: Generation, relevant: frozenset[str], order: list[int]) -> Outcome:
    """Judge a ranking of paragraphs for a question whose gold is that."""
    hits = tuple(Hit(paragraph, rank, Scores(0, 0, 0, 0, 0)) for rank, paragraph in enumerate(order, start=1))
    answer = Answer("?", Status.NOT_FOUND, 0, (), (), (), hits, IndexInfo(1, "m"), Timings(0, 0, 0, 0))
    return judge(GoldQuestion("q", "?", (), relevant, "all"), answer, Corpus(index.store), index.store)


def findable(index: Generation) -> list[int]:
    """Give all paragraphs that a search can find."""
    store = index.store
    return [stored.id for name in store.digests() for stored in store.paragraphs(name) if stored.id is not None]


@pytest.mark.parametrize("index", ["seeds"], indirect=True)
@pytest.mark.parametrize(
    ("relevant", "count"),
    [
        (set(), 0),
        ({"long.txt"}, 12),
        ({"long.txt#1"}, 1),
        ({"long.txt", "long.txt#1"}, 12),
        ({"long.txt", "one.txt"}, 13),
        ({"short.md"}, 3),
        ({"short.md#3"}, 1),
        ({"short.md#2", "short.md#3"}, 2),
        ({"gone.txt"}, 1),
        ({"one.txt", "gone.txt", "long.txt#99"}, 3),
    ],
)
def test_how_much_is_relevant(index: Generation, relevant: set[str], count: int) -> None:
    """Of a document all that can be found, each paragraph once; what is not there is one that is missed.

    The third paragraph of ``short.md`` is furniture, which no search finds.
    """
    assert ranked(index, frozenset(relevant), []).relevant == count


@given(relevant=RELEVANT, data=st.data(), depth=st.integers(1, 15))
def test_ndcg_never_exceeds_1(index: Generation, relevant: frozenset[str], data: st.DataObject, depth: int) -> None:
    """Whatever is named, in whatever order it is found; the best order reaches 1 unless something is missed."""
    order = data.draw(st.permutations(findable(index)))
    outcome = ranked(index, relevant, order)
    best = sorted(outcome.right, reverse=True)

    assert metrics.ndcg(outcome.right, outcome.relevant, depth) <= 1
    assert sum(best) <= outcome.relevant
    if sum(best) == outcome.relevant:
        assert metrics.ndcg(best, outcome.relevant, depth) == pytest.approx(1 if relevant else 0)
