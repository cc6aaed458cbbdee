"""The list of documents says where each came from, if that is known of just these bytes."""

from dataclasses import replace
from pathlib import Path

from stand_ins import SeedWriter, WordEncoder

from qa_bot.channels.sources import source_lines, sources_as_json
from qa_bot.index.build import update
from qa_bot.index.encoding import no_progress
from qa_bot.index.generation import open_current
from qa_bot.reading.origins import Origin, load_origins, save_origins
from qa_bot.seeding.folder import digest_of

TEXT = "The tea is served at four.\n"
WHEN = "2026-11-25T10:00:00+00:00"
SENT = Origin(digest_of(TEXT.encode()), WHEN, added_by="Telegram 1000001")
FETCHED = Origin(digest_of(TEXT.encode()), WHEN, "https://example.org/tea")


def test_where_documents_came_from(write_seeds: SeedWriter, tmp_path: Path, encoder: WordEncoder) -> None:
    """By whom, from where and when; of what was changed since, nothing, and nothing unless origins are given."""
    names = ["both.txt", "changed.txt", "fetched.txt", "sent.txt", "unknown.txt"]
    files = write_seeds(dict.fromkeys(names, TEXT))
    save_origins(tmp_path / "seeds", {
        "both.txt": replace(FETCHED, added_by="Telegram 1000001"), "changed.txt": replace(SENT, digest="x"),
        "fetched.txt": FETCHED, "sent.txt": SENT, "gone.txt": SENT,
    })  # fmt: skip
    update(tmp_path / "index", files, encoder, progress=no_progress)
    generation = open_current(tmp_path / "index")
    assert generation is not None
    with generation:
        origins = load_origins(tmp_path / "seeds")
        lines = [line for line in source_lines(generation.store, origins) if "warning" not in line]
        known = sources_as_json(generation.store, origins)["documents"]
        bare = [*source_lines(generation.store), *sources_as_json(generation.store)["documents"]]

    documents = {name: f"{name} · {name[:-4]} · 1 paragraph · 27 characters" for name in names}
    assert lines == [
        documents["both.txt"], f"    added by Telegram 1000001 from https://example.org/tea at {WHEN}",
        documents["changed.txt"],
        documents["fetched.txt"], f"    fetched from https://example.org/tea at {WHEN}",
        documents["sent.txt"], f"    added by Telegram 1000001 at {WHEN}",
        documents["unknown.txt"],
    ]  # fmt: skip
    assert [document["origin"] for document in known] == [
        {"added_by": "Telegram 1000001", "url": "https://example.org/tea", "fetched": WHEN}, None,
        {"added_by": None, "url": "https://example.org/tea", "fetched": WHEN},
        {"added_by": "Telegram 1000001", "url": None, "fetched": WHEN}, None,
    ]  # fmt: skip
    assert "1000001" not in str(bare)
    assert WHEN not in str(bare)
