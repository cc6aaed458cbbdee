"""Is everything in order? Each part is examined by itself, and what is wrong comes with the way to mend it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from qa_bot.calibration import StoredCalibration
from qa_bot.config import Settings, load
from qa_bot.counting import counted
from qa_bot.errors import CalibrationError, IndexUnusableError, QaBotError
from qa_bot.index.build import is_current
from qa_bot.index.choosing import choose_keeper
from qa_bot.opening import fingerprint_of, load_weights, make_encoder, make_reader
from qa_bot.reading import scan


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one part."""

    part: str
    sound: bool
    text: str


def examine(config: Path | None) -> Iterator[Finding]:
    """Examine each part of a bot, as far as it can be without the one before."""
    try:
        settings = load(config)
    except QaBotError as exc:
        yield Finding("configuration", sound=False, text=str(exc))
        return
    yield Finding("configuration", sound=True, text=f"{settings.folder}")
    for part, look in PARTS.items():
        yield _finding(part, look, settings)


def _finding(part: str, look: Callable[[Settings], str], settings: Settings) -> Finding:
    try:
        return Finding(part, sound=True, text=look(settings))
    except QaBotError as exc:
        return Finding(part, sound=False, text=str(exc))


def _documents(settings: Settings) -> str:
    count = len(scan(settings.paths.seeds, settings.reading.limits))
    hint = "" if count else ": put documents there"
    return f"{counted(count, 'file')} in {settings.paths.seeds}{hint}"


def _model(settings: Settings) -> str:
    encoder = make_encoder(settings)
    encoder.load()
    return f"{encoder.identity.model}, digest {encoder.identity.digest[:12]}, reads {encoder.window} word pieces"


def _reader(settings: Settings) -> str:
    """Load the reader, and see that there are weights that suit it."""
    reader = make_reader(settings)
    if reader is not None:
        reader.load()
    load_weights(settings)
    if reader is None:
        return "none: the other scores decide alone"
    return f"{reader.identity.model}, digest {reader.identity.digest[:12]}, reads the {settings.evidence.reads} best paragraphs"


def _index(settings: Settings) -> str:
    """Prove all of the index, which is too much for each opening of a large one, and say what it holds."""
    keeper = choose_keeper(settings)
    notes = keeper.examine()
    generation = keeper.open()
    if generation is None:
        return "not built yet: any command that needs it builds it, or run: qa-bot index"
    with generation:
        counts = generation.manifest.counts
        state = (
            f"generation {generation.manifest.generation}, {counted(counts.documents, 'document')}, "
            f"{counted(counts.paragraphs, 'paragraph')}"
        )
        if settings.index.engine != "embedded":
            state += f", in {keeper}"
        if counts.refused:
            state += f", {counted(counts.refused, 'file')} refused (see: qa-bot sources)"
        state = "; ".join([state, *notes])
        if generation.manifest.identity != make_encoder(settings).identity:
            msg = f"{state}, made by another model, so that no question can be answered: run: qa-bot index --rebuild"
            raise IndexUnusableError(msg)
        sources = scan(settings.paths.seeds, settings.reading.limits)
        return state if is_current(generation, sources) else f"{state}, outdated: the next command updates it"


def _calibration(settings: Settings) -> str:
    """Say which calibration is in force; one that does not fit any more is a fault, as its numbers mean something else."""
    keeper = choose_keeper(settings)
    stored = keeper.load_calibration()
    if stored is None:
        return "none of your own: the packaged threshold is used; with a question set, run: qa-bot calibrate QUESTIONS"
    generation = keeper.open()
    if generation is None:
        return "stored for an index that is not built yet"
    with generation:
        now = fingerprint_of(
            settings, generation, make_encoder(settings).identity, make_reader(settings), load_weights(settings)
        )
    outdated = StoredCalibration(stored, now).outdated
    if outdated is not None:
        raise CalibrationError(outdated)
    return (
        f"of {stored.made}, on {counted(stored.questions, 'question')}: threshold {stored.threshold:.3f}, "
        f"at most {stored.max_error:g} of the answers wrong"
    )


def _telegram(settings: Settings) -> str:
    """Ask Telegram whose token it is, if there is one."""
    from qa_bot.channels.telegram.checking import check

    return check(settings)


PARTS: dict[str, Callable[[Settings], str]] = {
    "documents": _documents,
    "model": _model,
    "reader": _reader,
    "index": _index,
    "calibration": _calibration,
    "telegram": _telegram,
}
