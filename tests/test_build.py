import gc
import os
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock
from hypothesis import given, settings
from hypothesis import strategies as st
from stand_ins import CountedFile, SeedWriter, WordEncoder, set_seeds

from qa_bot.encoder.vectors import TokenVectors, Vectors
from qa_bot.errors import EncoderError, IndexUnusableError
from qa_bot.index.build import LOCK, is_current, update
from qa_bot.index.drafting import Report
from qa_bot.index.encoding import no_progress
from qa_bot.index.generation import Generation, current_number, open_current
from qa_bot.opening import open_index
from qa_bot.reading import SeedFile
from qa_bot.records import Hit
from qa_bot.retriever import encode_question, retrieve
from qa_bot.weights import Weights, packaged_weights

PARAGRAPHS = [f"Paragraph {number} tells of thing{number}. It is told at length here." for number in range(20)]
NO_ROOM = "no room"
ARTICLE = "\n\n".join(["A title of the article", *PARAGRAPHS]) + "\n"


def build(tmp_path: Path, seeds: tuple[SeedFile, ...], encoder: WordEncoder, *, rebuild: bool = False) -> Report:
    """Update the index in ``index/``."""
    return update(tmp_path / "index", seeds, encoder, rebuild=rebuild, progress=no_progress)


def opened(folder: Path) -> Generation:
    """Open the generation in force."""
    generation = open_current(folder)
    assert generation is not None
    return generation


def hits(question: str, generation: Generation) -> list[Hit]:
    """Find what a question finds."""
    weights = Weights.load(packaged_weights(None)).ranking
    return retrieve(encode_question(question, WordEncoder(), generation.lexical), generation, weights, limit=10)


def assert_same(generation: Generation, other: Generation) -> None:
    """Compare two generations: records, every table, projection, terms and hits."""
    for name in generation.store.stamps().keys() | other.store.stamps().keys():
        assert generation.store.document(name) == other.store.document(name)
        assert generation.store.paragraphs(name) == other.store.paragraphs(name)
    assert generation.store.refused() == other.store.refused()
    assert generation.manifest.counts == other.manifest.counts
    tables, others = generation.arrays.tables(), other.arrays.tables()
    for name in tables:
        assert np.array_equal(tables[name].bounds, others[name].bounds)
        assert np.array_equal(tables[name].values, others[name].values)
        assert tables[name].values.dtype == others[name].values.dtype
    assert np.array_equal(generation.arrays.projection, other.arrays.projection)
    assert list(generation.lexical.terms) == list(other.lexical.terms)
    assert list(generation.lexical.known_languages) == list(other.lexical.known_languages)
    for part in ("language_numbers", "lengths"):
        assert np.array_equal(getattr(generation.lexical, part), getattr(other.lexical, part))
    for part in ("holders", "counts"):
        assert np.array_equal(getattr(generation.lexical, part).bounds, getattr(other.lexical, part).bounds)
        assert np.array_equal(getattr(generation.lexical, part).values, getattr(other.lexical, part).values)
    for question in ("red fox", "where is the river", "Warranty 2015"):
        assert hits(question, generation) == hits(question, other)


sentences = st.sampled_from(
    [
        "The red fox ran.",
        "A river runs here.",
        "Warranty lasts 24 months.",
        "In 2015 the river rose. The fox swam.",
        "Red?",
    ]
)
paragraphs = st.lists(st.lists(sentences, min_size=1, max_size=3).map(" ".join), max_size=4).map("\n\n".join)
headed = st.tuples(
    st.sampled_from(["# Red", "# Blue", "## Red", "# Red\n\n## Part", "# Red\n\n## Other"]), paragraphs
).map("\n\n".join)
folders = st.dictionaries(st.sampled_from(["a.txt", "b.md", "c/d.txt", "e.pdf"]), paragraphs | headed, max_size=4)


@given(st.lists(folders, min_size=2, max_size=4))
@settings(max_examples=40)
def test_updating_is_rebuilding(states: list[Mapping[str, str]]) -> None:
    """After any documents were added, changed and removed, the index is the one that building it anew gives."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for state in states:
            seeds = set_seeds(folder / "seeds", state)
            update(folder / "updated", seeds, WordEncoder(), progress=no_progress)
        update(folder / "rebuilt", seeds, WordEncoder(), progress=no_progress)

        with opened(folder / "updated") as updated, opened(folder / "rebuilt") as rebuilt:
            assert is_current(updated, seeds)
            assert_same(updated, rebuilt)


def test_nothing_to_do_keeps_the_generation(tmp_path: Path, write_seeds: SeedWriter, encoder: WordEncoder) -> None:
    """An update that finds nothing changed reads, encodes and publishes nothing."""
    seeds = write_seeds({"a.txt": ARTICLE, "bad.pdf": "%PDF"})
    first = build(tmp_path, seeds, encoder)
    reads: list[str] = []
    encoder.encoded.clear()

    again = update(tmp_path / "index", [CountedFile(seed, reads) for seed in seeds], encoder, progress=no_progress)

    assert again == Report(1, (), (), (), ("a.txt",), first.refused, 0)
    assert (reads, encoder.encoded, encoder.loads) == ([], [], 0)
    assert [path.name for path in (tmp_path / "index").glob("generation-*")] == ["generation-000001"]


def test_only_changed_documents_are_read(tmp_path: Path, write_seeds: SeedWriter, encoder: WordEncoder) -> None:
    """Documents that stayed are neither read nor encoded again, and the report names what became of each."""
    before = {"changed.txt": ARTICLE, "kept.txt": "Kept.\n\nKept words.", "removed.txt": "Gone soon."}
    first = build(tmp_path, write_seeds(before), encoder)
    after = {"added.txt": "New words.", "changed.txt": ARTICLE + "\nOne more.\n", "kept.txt": before["kept.txt"]}
    reads: list[str] = []
    encoder.encoded.clear()

    sources = [CountedFile(seed, reads) for seed in write_seeds(after)]
    report = update(tmp_path / "index", sources, encoder, progress=no_progress)

    assert first.added == ("changed.txt", "kept.txt", "removed.txt")
    assert report == Report(2, ("added.txt",), ("changed.txt",), ("removed.txt",), ("kept.txt",), {}, 2)
    assert reads == ["added.txt", "changed.txt"]
    assert sorted(encoder.encoded) == ["A title of the article", "New words.", "One more.", "added"]


def test_one_changed_paragraph_is_encoded_alone(tmp_path: Path, write_seeds: SeedWriter, encoder: WordEncoder) -> None:
    """Of a document of twenty paragraphs only the one that changed is encoded again: it, its two sentences and its title."""
    build(tmp_path, write_seeds({"a.txt": ARTICLE}), encoder)
    encoder.encoded.clear()

    report = build(tmp_path, write_seeds({"a.txt": ARTICLE.replace("thing7.", "something else.")}), encoder)

    assert (report.changed, report.encoded) == (("a.txt",), 1)
    assert sorted(encoder.encoded) == [
        "A title of the article",
        "It is told at length here.",
        "Paragraph 7 tells of something else.",
        "Paragraph 7 tells of something else. It is told at length here.",
    ]


def test_the_same_words_elsewhere_are_not_encoded_again(
    tmp_path: Path, write_seeds: SeedWriter, encoder: WordEncoder
) -> None:
    """A document that moves, or stands a second time under another name, costs no encoding."""
    build(tmp_path, write_seeds({"a.txt": ARTICLE}), encoder)
    encoder.encoded.clear()

    report = build(tmp_path, write_seeds({"b.txt": ARTICLE, "c/d.txt": ARTICLE}), encoder)

    assert (report.added, report.removed, report.encoded) == (("b.txt", "c/d.txt"), ("a.txt",), 0)
    assert encoder.encoded == []
    with opened(tmp_path / "index") as index:
        assert len(index.store.quotable_texts()) == 2 * len([*PARAGRAPHS, "title"])


@pytest.mark.parametrize("other", ["# Title\n\n## Novel\n", "# Novel\n\n## Part\n"], ids=["heading", "title"])
def test_the_same_words_under_another_title_are_other_words(
    tmp_path: Path, write_seeds: SeedWriter, encoder: WordEncoder, other: str
) -> None:
    """A paragraph is found by the heading and title above it, so it is not carried over where either has changed."""
    build(tmp_path, write_seeds({"a.md": "# Title\n\n## Part\n\nThe same words."}), encoder)

    build(tmp_path, write_seeds({"a.md": f"{other}\nThe same words."}), encoder)

    with opened(tmp_path / "index") as index:
        assert index.lexical.held(["novel"])
        assert hits("novel words", index)[0].scores.lexical > 0
        assert not index.lexical.held(["part" if "Title" in other else "titl"])


def test_a_touched_file_is_kept(tmp_path: Path, write_seeds: SeedWriter, encoder: WordEncoder) -> None:
    """A file written again with the words it had is no changed document."""
    build(tmp_path, write_seeds({"a.txt": ARTICLE}), encoder)
    write_seeds({})

    report = build(tmp_path, write_seeds({"a.txt": ARTICLE}), encoder)

    assert (report.kept, report.changed, report.encoded) == (("a.txt",), (), 0)


def test_a_text_of_too_many_sentences_is_refused(
    tmp_path: Path, write_seeds: SeedWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stands with the others that were refused, and does not stop the rest."""
    monkeypatch.setattr("qa_bot.splitting.paragraphs.MOST_SENTENCES", 50)

    report = build(
        tmp_path, write_seeds({"a.txt": "The red fox ran. " * 51, "b.txt": "A river runs here."}), WordEncoder()
    )

    assert report.refused == {"a.txt": "falls into more than 50 sentences: split it, or remove it"}
    assert report.added == ("b.txt",)


def test_a_refused_file_is_read_again_only_when_it_changes(
    tmp_path: Path, write_seeds: SeedWriter, encoder: WordEncoder
) -> None:
    """A file that cannot be a document is reported at every update, but read again only once it has changed."""
    reads: list[str] = []

    def run(files: Mapping[str, str]) -> Report:
        sources = [CountedFile(seed, reads) for seed in write_seeds(files)]
        return update(tmp_path / "index", sources, encoder, progress=no_progress)

    first = run({"a.txt": "Words.", "empty.txt": " \n"})
    second = run({"a.txt": "Other words.", "empty.txt": " \n"})
    third = run({"a.txt": "Other words.", "empty.txt": "Not empty any more."})

    assert list(first.refused) == list(second.refused) == ["empty.txt"]
    assert first.refused == second.refused
    assert "is empty" in first.refused["empty.txt"]
    assert (third.refused, third.added) == ({}, ("empty.txt",))
    assert reads == ["a.txt", "empty.txt", "a.txt", "empty.txt"]


def test_a_document_that_cannot_be_read_any_more_is_removed(
    tmp_path: Path, write_seeds: SeedWriter, encoder: WordEncoder
) -> None:
    """A document that became unreadable is refused and no longer found."""
    build(tmp_path, write_seeds({"a.txt": "Words of the first.", "b.txt": "Words of the second."}), encoder)

    report = build(tmp_path, write_seeds({"a.txt": "", "b.txt": "Words of the second."}), encoder)

    assert (report.removed, list(report.refused), report.kept) == (("a.txt",), ["a.txt"], ("b.txt",))
    with opened(tmp_path / "index") as index:
        assert index.store.quotable_texts() == ["Words of the second."]


@pytest.mark.parametrize(
    ("files", "documents"),
    [
        ({}, 0),
        ({"only.md": "## One\n\n## Two\n\n### Three\n"}, 1),
        ({"rules.txt": "***\n\n---\n"}, 1),
        ({"bad.pdf": "%PDF"}, 0),
    ],
    ids=["no seeds", "only headings", "only furniture", "only refused"],
)
def test_an_index_of_nothing(
    tmp_path: Path, write_seeds: SeedWriter, encoder: WordEncoder, files: dict[str, str], documents: int
) -> None:
    """Without a single paragraph to quote there is an index all the same: it finds nothing, and grows later."""
    report = build(tmp_path, write_seeds(files), encoder)

    assert (report.generation, report.encoded, encoder.encoded) == (1, 0, [])
    with opened(tmp_path / "index") as index:
        assert (index.manifest.counts.documents, index.manifest.counts.paragraphs) == (documents, 0)
        assert hits("anything at all", index) == []
    assert build(tmp_path, write_seeds({**files, "a.txt": "Words at last."}), encoder).encoded == 1
    assert build(tmp_path, write_seeds(files), encoder).removed == ("a.txt",)


def test_very_long_paragraphs_and_sentences(tmp_path: Path, write_seeds: SeedWriter, encoder: WordEncoder) -> None:
    """Words far beyond the encoder's window are found: of a paragraph of many sentences, and of one endless sentence."""
    many = " ".join(f"Sentence number {n} names item{n}x." for n in range(300))
    endless = "Here " + ", ".join(f"part{n}y" for n in range(300)) + "."
    build(tmp_path, write_seeds({"a.txt": many + "\n", "b.txt": endless + "\n", "c.txt": "Short words."}), encoder)

    with opened(tmp_path / "index") as index:
        assert index.store.quotable_texts() == [many, endless, "Short words."]
        for question, paragraph in (("item299x", 0), ("part299y", 1), ("short", 2)):
            first = hits(question, index)[0]
            assert first.paragraph == paragraph
            assert first.scores.late == pytest.approx(1.0, abs=0.02)


def test_another_encoder_rebuilds_all(tmp_path: Path, write_seeds: SeedWriter, encoder: WordEncoder) -> None:
    """An update with another model carries nothing over, and the index is then that model's."""
    seeds = write_seeds({"a.txt": ARTICLE})
    build(tmp_path, seeds, encoder)
    other = WordEncoder("others")

    report = build(tmp_path, seeds, other)

    assert (report.generation, report.encoded) == (2, len(PARAGRAPHS) + 1)
    with open_index(tmp_path / "index", seeds, other, no_progress) as index:
        assert index.manifest.identity == other.identity


def test_a_rebuild_encodes_all_again(tmp_path: Path, write_seeds: SeedWriter, encoder: WordEncoder) -> None:
    """A rebuild carries nothing over even where nothing changed, and gives the same index."""
    seeds = write_seeds({"a.txt": ARTICLE})
    build(tmp_path, seeds, encoder)
    with opened(tmp_path / "index") as before:
        report = build(tmp_path, seeds, encoder, rebuild=True)

        assert (report.generation, report.added, report.encoded) == (2, ("a.txt",), len(PARAGRAPHS) + 1)
        with opened(tmp_path / "index") as after:
            assert_same(before, after)


def test_only_the_last_two_generations_remain(tmp_path: Path, write_seeds: SeedWriter, encoder: WordEncoder) -> None:
    """After every update the folder holds the generation in force and the one before it, and no work in progress."""
    index = tmp_path / "index"
    index.mkdir()
    (index / ".building-left-by-a-killed-one").mkdir()
    for number in range(1, 6):
        build(tmp_path, write_seeds({"a.txt": f"Version {number} of the words."}), encoder)

        expected = {f"generation-{n:06}" for n in (number - 1, number) if n} | {"CURRENT", LOCK}
        assert {path.name for path in index.iterdir()} == expected
        assert current_number(index) == number


class BrokenEncoder(WordEncoder):
    """An encoder that cannot encode paragraphs, as on a full disk."""

    def encode_passages(self, texts: Sequence[str]) -> Iterator[tuple[Vectors, TokenVectors]]:  # noqa: ARG002 - none is encoded
        """Fail."""
        raise EncoderError(NO_ROOM)


def test_failed_builds_do_not_pile_up(tmp_path: Path, write_seeds: SeedWriter, encoder: WordEncoder) -> None:
    """Each begins by removing what the last has left; the generation in force is not touched."""
    index = tmp_path / "index"
    build(tmp_path, write_seeds({"a.txt": "Some words."}), encoder)
    seeds = write_seeds({"a.txt": "Other words."})
    for _ in range(3):
        with pytest.raises(EncoderError, match=NO_ROOM):
            build(tmp_path, seeds, BrokenEncoder())

        assert {path.name for path in index.iterdir()} - {"CURRENT", LOCK} == {
            "generation-000001",
            ".building-generation-000002",
        }
    build(tmp_path, seeds, encoder)
    assert {path.name for path in index.glob("*generation*")} == {"generation-000001", "generation-000002"}


def test_who_may_read_the_folder_may_read_the_generations(
    tmp_path: Path, write_seeds: SeedWriter, encoder: WordEncoder
) -> None:
    """An index made by one user serves a bot that runs as another, as far as the first one's umask allows."""
    before = os.umask(0o027)
    try:
        build(tmp_path, write_seeds({"a.txt": "Some words."}), encoder)
    finally:
        os.umask(before)

    generation = tmp_path / "index" / "generation-000001"
    assert generation.stat().st_mode & 0o777 == 0o750
    assert {file.stat().st_mode & 0o777 for file in generation.iterdir()} == {0o640}


def test_strange_files_in_the_folder_do_no_harm(tmp_path: Path, write_seeds: SeedWriter, encoder: WordEncoder) -> None:
    """What somebody else put into the index folder is left alone, even if it is called like a generation."""
    strange = [tmp_path / "index" / name for name in ("README.md", "generation-backup", "generation-²")]
    for path in strange:
        path.mkdir(parents=True)

    report = build(tmp_path, write_seeds({"a.txt": "Words."}), encoder)

    assert report.generation == 1
    assert all(path.is_dir() for path in strange)


def test_readers_keep_what_they_opened(tmp_path: Path, write_seeds: SeedWriter, encoder: WordEncoder) -> None:
    """A reader answers from the generation it opened, even after that was removed, and sees the new one when it reopens."""
    build(tmp_path, write_seeds({"a.txt": ARTICLE}), encoder)
    with opened(tmp_path / "index") as reader:
        for number in range(3):
            build(tmp_path, write_seeds({"a.txt": f"Version {number}."}), encoder)
        assert not reader.folder.exists()

        found = hits("thing7", reader)[0]

        name, paragraph = reader.store.paragraph(found.paragraph)
        assert reader.store.document(name).text[paragraph.start : paragraph.end] == PARAGRAPHS[7]
        assert len(reader.arrays.windows.take(np.arange(len(reader.arrays)))) == len(PARAGRAPHS) + 1
    with opened(tmp_path / "index") as reader:
        assert reader.store.quotable_texts() == ["Version 2."]


def test_opening_brings_up_to_date(tmp_path: Path, write_seeds: SeedWriter, encoder: WordEncoder) -> None:
    """Opening for questions builds a missing index, updates an outdated one, and leaves a current one as it is."""
    for files, generation in (({"a.txt": "One."}, 1), ({"a.txt": "One."}, 1), ({"a.txt": "Other."}, 2)):
        seeds = write_seeds(files)
        with open_index(tmp_path / "index", seeds, encoder, no_progress) as index:
            assert index.manifest.generation == generation
            assert index.store.quotable_texts() == list(files.values())


def test_what_reads_ahead_ends_with_the_update(tmp_path: Path, write_seeds: SeedWriter, encoder: WordEncoder) -> None:
    """No thread is left for the garbage collector to end, wherever it runs: it would wait for it in one that cannot."""
    gc.disable()
    try:
        build(tmp_path, write_seeds({"a.txt": "Words.", "empty.txt": " ", "z.txt": "Other words."}), encoder)
        assert [t.name for t in threading.enumerate() if t.name.startswith("ThreadPoolExecutor")] == []
    finally:
        gc.enable()


def test_two_processes_do_not_index_at_once(tmp_path: Path, write_seeds: SeedWriter, encoder: WordEncoder) -> None:
    """While another process indexes, an update waits, and says so if it waited long enough."""
    seeds = write_seeds({"a.txt": "Words."})
    build(tmp_path, seeds, encoder)

    with (
        FileLock(tmp_path / "index" / LOCK),
        pytest.raises(IndexUnusableError, match="another process has been indexing"),
    ):
        update(tmp_path / "index", seeds, encoder, progress=no_progress, lock_seconds=0)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path, encoder: WordEncoder) -> None:
    """An index folder that cannot be written is an error of one line that names it."""
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(IndexUnusableError, match="cannot be written") as caught:
        update(tmp_path / "file" / "index", [], encoder, progress=no_progress)

    assert "\n" not in str(caught.value)


def test_the_same_text_twice_is_noticed(tmp_path: Path, write_seeds: SeedWriter, encoder: WordEncoder) -> None:
    """By name the first counts as the original; the others warn, whatever is carried over, until it is gone."""

    def warnings(*names: str, text: str = ARTICLE) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
        report = build(tmp_path, write_seeds({"other.txt": "Other words.\n"} | dict.fromkeys(names, text)), encoder)
        with opened(tmp_path / "index") as generation:
            kept = {document.name: document.warnings for document in generation.store.summaries() if document.warnings}
        return report.warnings, kept

    def copy_of(name: str) -> tuple[str, ...]:
        return (f"holds the same text as {name}: remove one of them",)

    b_of_a, c_of_a = {"b.txt": copy_of("a.txt")}, {"c.txt": copy_of("a.txt")}
    assert warnings("b.txt") == ({}, {})
    assert warnings("a.txt", "b.txt") == (b_of_a, b_of_a)
    assert warnings("a.txt", "b.txt", "c.txt") == (c_of_a, b_of_a | c_of_a)
    assert warnings("b.txt", "c.txt") == ({"c.txt": copy_of("b.txt")}, {"c.txt": copy_of("b.txt")})
    assert warnings("c.txt") == ({}, {})
