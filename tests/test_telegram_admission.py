"""Documents that were sent are admitted and taken back in steps, and a kill may come between any two."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qa_bot.channels.telegram.admission import Admission, Outcome
from qa_bot.channels.telegram.arrivals import Arrival, Arrivals, State
from qa_bot.channels.telegram.database import Database
from qa_bot.config import Settings
from qa_bot.errors import ReadError, SeedingError
from qa_bot.seeding.receiving import Inbox

ANN = 1_000_001
TEA, NEW_TEA = b"The tea is served at four.\n", b"The tea is served at five.\n"
ORIGINS = {"tea.txt": {"digest": "x", "fetched": "2026-01-01", "url": "https://example.org/tea"}}
STEPS = [("add", "keep_former"), ("add", "put"), ("add", "sign"), ("undo", "take_back"), ("undo", "restore_origin")]


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """Give a folder with a document that was fetched from the web."""
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "tea.txt").write_bytes(TEA)
    (folder / ".origins.json").write_text(json.dumps({"schema": 1, "documents": ORIGINS}))
    return folder


@pytest.fixture
def arrivals(tmp_path: Path) -> Iterator[Arrivals]:
    """Give the memory of what was sent."""
    with Database(tmp_path / "telegram.sqlite3") as database:
        yield Arrivals(database)


@pytest.fixture
def admission(seeds: Path, arrivals: Arrivals) -> Admission:
    """Give what lets documents into the folder."""
    return Admission(Settings.model_validate({"paths": {"seeds": seeds}, "folder": seeds.parent}), arrivals)


def documents(seeds: Path) -> dict[str, bytes]:
    """Give the documents with their bytes."""
    return {path.name: path.read_bytes() for path in seeds.glob("*.txt")}


def origins(seeds: Path) -> Any:
    """Give what is known of where the documents came from."""
    return json.loads((seeds / ".origins.json").read_text())["documents"]


def receive(admission: Admission, arrivals: Arrivals, name: str) -> Arrival:
    """Let a document wait."""
    number, _ = admission.receive(name, NEW_TEA, chat=ANN, person=ANN)
    return arrivals.arrival(number, ANN)


@pytest.mark.parametrize("name", ["tea.txt", "other.txt"], ids=["replacing", "new"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("wish", "step"), STEPS)
def test_a_kill_between_steps_leaves_nothing_half_done(
    admission: Admission, arrivals: Arrivals, seeds: Path, monkeypatch: pytest.MonkeyPatch, *,
    name: str, wish: str, step: str, after: bool,
) -> None:  # fmt: skip
    """Each document is there as a whole, old or new; the same wish again is done, and undoing leads back to the beginning."""
    arrival = receive(admission, arrivals, name)
    if wish == "undo":
        assert admission.add(arrival, "Ann") is Outcome.DONE
    done = getattr(Inbox, step)

    def killed(*arguments: Any) -> None:
        if after:
            done(*arguments)
        raise KeyboardInterrupt

    def wanted() -> Outcome:
        now = arrivals.arrival(arrival.id, ANN)
        return admission.add(now, "Ann") if wish == "add" else admission.undo(now)

    with monkeypatch.context() as patch:
        patch.setattr(Inbox, step, killed)
        with pytest.raises(KeyboardInterrupt):
            wanted()
    before, added = {"tea.txt": TEA}, {"tea.txt": TEA, name: NEW_TEA}
    assert documents(seeds) in (before, added)

    assert wanted() is Outcome.DONE
    if wish == "add":
        assert documents(seeds) == added
        assert origins(seeds)[name]["added_by"] == "Ann"
        assert arrivals.arrival(arrival.id, ANN).state is State.ADDED
        assert admission.undo(arrivals.arrival(arrival.id, ANN)) is Outcome.DONE
    assert documents(seeds) == before
    assert origins(seeds) == ORIGINS
    assert arrivals.arrival(arrival.id, ANN).state is State.UNDONE
    assert {path.read_bytes() for path in seeds.glob(".removed/*/*")} - {TEA} == {NEW_TEA}


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_kill_while_it_is_discarded(
    admission: Admission, arrivals: Arrivals, seeds: Path, monkeypatch: pytest.MonkeyPatch, *, after: bool
) -> None:  # fmt: skip
    """It can be discarded again; if its file is gone already, it cannot be added any more."""
    arrival = receive(admission, arrivals, "other.txt")
    if after:
        admission.inbox().discard(arrival.received)
    with monkeypatch.context() as patch:
        patch.setattr(Arrivals, "has_come", killed)
        with pytest.raises(KeyboardInterrupt):
            admission.discard(arrival)

    assert admission.add(arrival, "Ann") is Outcome.GONE
    assert admission.discard(arrival) is Outcome.DONE
    assert documents(seeds) == {"tea.txt": TEA}


def killed(*_: object) -> None:
    """Stand for a step at which the bot is killed."""
    raise KeyboardInterrupt


def test_a_name_that_cannot_be_is_refused(admission: Admission, seeds: Path) -> None:
    """That of a folder, for instance; nothing waits then."""
    (seeds / "folder.txt").mkdir()
    with pytest.raises(SeedingError) as caught:
        admission.receive("folder.txt", NEW_TEA, chat=ANN, person=ANN)

    assert str(caught.value) == "folder.txt has the name of a folder: give it another one, and send it again"
    assert list((seeds / ".incoming").iterdir()) == []


def test_a_document_that_cannot_be_read_may_be_replaced(admission: Admission, arrivals: Arrivals, seeds: Path) -> None:
    """And comes back as it was."""
    (seeds / "tea.txt").write_bytes(b"")
    number, preview = admission.receive("tea.txt", NEW_TEA, chat=ANN, person=ANN)
    assert preview.replaced is None
    assert admission.add(arrivals.arrival(number, ANN), "Ann") is Outcome.DONE
    assert admission.undo(arrivals.arrival(number, ANN)) is Outcome.DONE

    assert documents(seeds) == {"tea.txt": b""}


def test_damaged_origins_stop_it_before_anything_is_done(admission: Admission, arrivals: Arrivals, seeds: Path) -> None:
    """They would be lost otherwise."""
    arrival = receive(admission, arrivals, "tea.txt")
    (seeds / ".origins.json").write_text("{")
    with pytest.raises(ReadError):
        admission.add(arrival, "Ann")

    assert documents(seeds) == {"tea.txt": TEA}
    assert arrivals.arrival(arrival.id, ANN).state is State.WAITING


def test_what_was_changed_after_a_kill_is_left_alone(
    admission: Admission, arrivals: Arrivals, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever presses again neither overwrites it nor puts the former one back over it."""
    arrival = receive(admission, arrivals, "tea.txt")
    with monkeypatch.context() as patch:
        patch.setattr(Inbox, "sign", killed)
        with pytest.raises(KeyboardInterrupt):
            admission.add(arrival, "Ann")
    (seeds / "tea.txt").write_bytes(b"No tea today.\n")

    assert admission.add(arrivals.arrival(arrival.id, ANN), "Ann") is Outcome.GONE
    assert admission.undo(arrivals.arrival(arrival.id, ANN)) is Outcome.CHANGED
    assert documents(seeds) == {"tea.txt": b"No tea today.\n"}


def test_what_was_sent_long_ago_is_forgotten(arrivals: Arrivals, admission: Admission) -> None:
    """With everything else."""
    arrival = receive(admission, arrivals, "tea.txt")
    arrivals.prune(1)
    assert arrivals.arrival(arrival.id, ANN) == arrival
    arrivals.prune(0)
    with pytest.raises(KeyError):
        arrivals.arrival(arrival.id, ANN)
