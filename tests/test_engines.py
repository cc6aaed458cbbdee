"""What every engine must do alike: the embedded one is the measure."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from engines import assert_alike, database, embedded, hits, opened
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from postgresql_server import PostgreSQLServer
from similar_texts import SUBJECTS, texts_of
from stand_ins import CountedFile, SeedWriter, WordEncoder, set_seeds

from qa_bot.bot import QaBot
from qa_bot.config import EvidenceSettings, Paths, Settings
from qa_bot.evaluation.collection import CollectionParagraph
from qa_bot.index.encoding import no_progress
from qa_bot.index.keeping import Keeper
from qa_bot.opening import open_kept
from qa_bot.records import Status

QUESTIONS = (
    "Where did Haftar sign the ceasefire?",
    "oil port of Benghazi",
    "border border army",
    "Who rules Benghzai?",
    "Who? What?",
    "quux",
)
WORDS = [word.lower() for word in SUBJECTS] + ["tripoli", "libi", "the", "absent", "benghzai", "haftr", "e", "x1"]

# Below: all vectors compared one by one, and found through an approximate index.
EXACT, APPROXIMATE = 1_000_000, 1


@pytest.mark.parametrize("exact_below", [EXACT, APPROXIMATE])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_is_found(tmp_path: Path, postgresql: PostgreSQLServer, seed: int, exact_below: int) -> None:
    """Every hit with every score, in the same order, and everything else that an index tells."""
    sources = [CollectionParagraph(f"p{n}", "Title", text, f"p{n}") for n, text in enumerate(texts_of(seed, 60))]
    keepers: list[Keeper] = [embedded(tmp_path), database(postgresql, exact_below=exact_below)]

    reports = [keeper.update(sources, WordEncoder(), progress=no_progress) for keeper in keepers]

    assert reports[0] == reports[1]
    with opened(keepers[0]) as one, opened(keepers[1]) as other:
        assert_alike(one, other, QUESTIONS, WORDS)


LANGUAGES = {
    "fish.md": "# Der Fisch\n\nDer Fischer fängt am frühen Morgen viele Fische im Hafen von Korrin. Er verkauft die Fische auf dem Markt.",
    "library.md": "# مكتبة كورين\n\nتأسست مكتبة كورين في عام 1923 على يد المعلمة ليلى حداد. تضم المكتبة أربعين ألف كتاب.",
    "port.txt": "The port\n\nThe die was cast in the port of Korrin in 1923. Many boats come to the port in the early morning.",
    "tea.txt": "茶\n\n茶园在下午四点供应绿茶。客人在花园里喝茶。\n",
}


def test_the_same_is_found_in_several_languages(
    tmp_path: Path, postgresql: PostgreSQLServer, write_seeds: SeedWriter
) -> None:
    """Each paragraph by the terms that its own language gives a question."""
    keepers: list[Keeper] = [embedded(tmp_path), database(postgresql)]
    seeds = write_seeds(LANGUAGES)
    reports = [keeper.update(seeds, WordEncoder(), progress=no_progress) for keeper in keepers]

    assert reports[0] == reports[1]
    with opened(keepers[0]) as one, opened(keepers[1]) as other:
        assert list(other.lexical.known_languages) == ["ar", "de", "en", "zh"]
        assert_alike(
            one,
            other,
            (
                "Wann fängt der Fischer die Fische?",
                "The die in the port of Korrin",
                "متى تأسست مكتبة كورين؟",
                "何时供应绿茶？",
            ),
            ("fisch", "die", "port", "مكتب", "مكتبا", "茶", "绿茶", "korrin", "koriin"),
        )


sentences = st.sampled_from(
    [
        "The red fox ran.",
        "A river runs here.",
        "Warranty lasts 24 months.",
        "In 2015 the river rose. The fox swam.",
        "Red?",
    ]
)
paragraphs = st.lists(st.lists(sentences, min_size=1, max_size=3).map(" ".join), max_size=2).map("\n\n".join)
headed = st.tuples(st.sampled_from(["# Red", "# Blue", "## Red", "# Red\n\n## Part"]), paragraphs).map("\n\n".join)
folders = st.dictionaries(st.sampled_from(["a.txt", "b.md", "c/d.txt", "e.pdf"]), paragraphs | headed, max_size=4)


@given(st.lists(folders, min_size=2, max_size=3))
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_updates_lead_to_the_same(postgresql: PostgreSQLServer, states: list[Mapping[str, str]]) -> None:
    """However documents are added, changed and removed: reports, records, terms, numbers and hits."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        keepers: list[Keeper] = [embedded(folder), database(postgresql)]
        for state in states:
            seeds = set_seeds(folder / "seeds", state)
            reports = [keeper.update(seeds, WordEncoder(), progress=no_progress) for keeper in keepers]
            assert reports[0] == reports[1]

        with opened(keepers[0]) as one, opened(keepers[1]) as other:
            assert_alike(one, other, ("red fox", "where is the river", "Warranty 2015"), ("red", "fox", "river", "blu"))


@pytest.fixture(params=["embedded", "postgresql"])
def keeper(request: pytest.FixtureRequest, tmp_path: Path) -> Keeper:
    """Give an empty keeper of each engine."""
    if request.param == "embedded":
        return embedded(tmp_path)
    return database(request.getfixturevalue("postgresql"))


def test_there_is_nothing_at_first(keeper: Keeper) -> None:
    """Neither an index, nor documents, nor a calibration."""
    assert (keeper.open(), keeper.documents(), keeper.load_calibration()) == (None, None, None)


def test_only_what_changed_is_read_and_encoded(keeper: Keeper, write_seeds: SeedWriter, encoder: WordEncoder) -> None:
    """A moved paragraph keeps its numbers; what stayed is not touched."""
    before = {"changed.txt": "One.\n\nTwo stays here.", "kept.txt": "Kept words.", "removed.txt": "Moves on."}
    keeper.update(write_seeds(before), encoder, progress=no_progress)
    reads: list[str] = []
    encoder.encoded.clear()
    after = {
        "added.txt": "New words.",
        "changed.txt": "One.\n\nTwo stays here.\n\nMoves on.",
        "kept.txt": "Kept words.",
    }

    sources = [CountedFile(seed, reads) for seed in write_seeds(after)]
    report = keeper.update(sources, encoder, progress=no_progress)

    assert (report.added, report.changed, report.removed, report.kept) == (
        ("added.txt",), ("changed.txt",), ("removed.txt",), ("kept.txt",),
    )  # fmt: skip
    assert reads == ["added.txt", "changed.txt"]
    assert "Two stays here." not in encoder.encoded
    with opened(keeper) as index:
        assert index.manifest.generation == 2


def test_rebuilding_carries_nothing_over(keeper: Keeper, write_seeds: SeedWriter, encoder: WordEncoder) -> None:
    """Everything is read and encoded anew, and nothing stands twice."""
    seeds = write_seeds({"a.txt": "The red fox ran. It swam."})
    keeper.update(seeds, encoder, progress=no_progress)

    report = keeper.update(seeds, encoder, rebuild=True, progress=no_progress)

    assert (report.generation, report.encoded) == (2, 1)
    with opened(keeper) as index:
        assert index.manifest.counts.sentences == 2
        assert [hit.rank for hit in hits(index, "fox")] == [1]


def test_another_encoder_makes_everything_anew(keeper: Keeper, write_seeds: SeedWriter) -> None:
    """Nothing of the old one is left, and what it made is never searched with the new one."""
    seeds = write_seeds({"a.txt": "The red fox ran."})
    keeper.update(seeds, WordEncoder(), progress=no_progress)
    other = WordEncoder("other words")

    report = keeper.update(seeds, other, progress=no_progress)

    assert (report.added, report.encoded) == (("a.txt",), 1)
    with opened(keeper) as index:
        assert index.manifest.identity == other.identity


def test_a_passing_state_is_seen_by_nobody_else(keeper: Keeper, write_seeds: SeedWriter, encoder: WordEncoder) -> None:
    """And does not stay."""
    keeper.update(write_seeds({"a.txt": "The red fox ran."}), encoder, progress=no_progress)

    with keeper.passing(write_seeds({"b.txt": "A river runs here."}), encoder) as (index, report):
        assert (report.added, report.removed) == (("b.txt",), ("a.txt",))
        assert [index.store.paragraph(hit.paragraph)[0] for hit in hits(index, "river")] == ["b.txt"]
        with opened(keeper) as beside:
            assert list(beside.store.stamps()) == ["a.txt"]
            assert beside.newest() == 1

    with opened(keeper) as after:
        assert (list(after.store.stamps()), after.newest()) == (["a.txt"], 1)


def test_nothing_is_found_where_there_is_nothing(tmp_path: Path, keeper: Keeper, write_seeds: SeedWriter) -> None:
    """A project begins without documents: questions have no answer, and no trouble either."""
    chosen = Settings(
        folder=tmp_path,
        paths=Paths(seeds=tmp_path / "seeds", embeddings=tmp_path / "embeddings"),
        evidence=EvidenceSettings(reader=""),
    )
    encoder = WordEncoder()
    with QaBot(chosen, open_kept(keeper, write_seeds({}), encoder, no_progress), encoder, keeper=keeper) as bot:
        answer = bot.ask("When is tea served? Is it green?", threshold=0)

    assert (answer.status, answer.confidence) == (Status.NOT_FOUND, 0.0)
    assert (answer.excerpts, answer.further, answer.near, answer.ranking) == ((), (), (), ())


def test_answers_are_the_same(tmp_path: Path, postgresql: PostgreSQLServer, write_seeds: SeedWriter) -> None:
    """Their words, where they stand, and how sure they are."""
    seeds = write_seeds(
        {"libya.md": "# Libya\n\n" + "\n\n".join(texts_of(3, 25)), "tea.txt": "Tea is served at four. It is green."}
    )
    chosen = Settings(
        folder=tmp_path,
        paths=Paths(seeds=tmp_path / "seeds", embeddings=tmp_path / "embeddings"),
        evidence=EvidenceSettings(reader=""),
    )
    encoder = WordEncoder()
    keepers: list[Keeper] = [embedded(tmp_path), database(postgresql)]
    bots = [QaBot(chosen, open_kept(keeper, seeds, encoder, no_progress), encoder, keeper=keeper) for keeper in keepers]

    for question in ("When is tea served?", "Is tea gren and oil black?", *QUESTIONS[:4]):
        one, other = (bot.ask(question, threshold=0) for bot in bots)
        assert [(e.text, e.citation, e.highlights) for e in one.excerpts] == [
            (e.text, e.citation, e.highlights) for e in other.excerpts
        ]
        assert one.status == other.status
        assert one.confidence == pytest.approx(other.confidence, abs=1e-4)
    for bot in bots:
        bot.index.store.close()
