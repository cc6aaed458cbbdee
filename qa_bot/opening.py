"""Settings → the parts of a bot: its encoder, its reader, the weights, and the index of its documents."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from qa_bot.calibration import Fingerprint
from qa_bot.config import Settings
from qa_bot.counting import counted
from qa_bot.encoder.choosing import choose_encoder
from qa_bot.encoder.vectors import Encoder
from qa_bot.errors import ConfigError, IndexOutdatedError, IndexUnusableError
from qa_bot.index.build import is_current
from qa_bot.index.choosing import choose_keeper
from qa_bot.index.drafting import Report, Source
from qa_bot.index.embedded import Embedded
from qa_bot.index.encoding import Progress, no_progress
from qa_bot.index.generation import Generation
from qa_bot.index.keeping import Keeper
from qa_bot.index.manifest import MEND
from qa_bot.index.searching import Index
from qa_bot.models.identity import Identity
from qa_bot.reader.choosing import choose_reader
from qa_bot.reader.reading import Reader
from qa_bot.reading import scan
from qa_bot.weights import Weights, packaged_weights

log = logging.getLogger(__name__)


def make_encoder(settings: Settings) -> Encoder:
    """Name the encoder of the settings; it loads at its first text."""
    chosen = settings.encoder
    return choose_encoder(
        chosen.model,
        folder=settings.folder,
        precision=chosen.precision,
        threads=chosen.threads,
        batch_size=chosen.batch_size,
    )


def make_reader(settings: Settings) -> Reader | None:
    """Name the reader of the settings, if they name one; it loads at its first question."""
    name = settings.evidence.reader
    if not name:
        return None
    chosen = settings.encoder
    return choose_reader(name, folder=settings.folder, precision=chosen.precision, threads=chosen.threads)


def load_weights(settings: Settings) -> Weights:
    """Read the weights that the settings name, or the packaged ones.

    Raises:
        ConfigError: they cannot be used, or belong to another reader, whose scores mean something else.

    """
    named, reader = settings.evidence.weights, settings.evidence.reader or None
    file = settings.folder / named if named else packaged_weights(reader)
    weights = Weights.load(file)
    if weights.reader != reader:
        msg = (
            f"the weights {file} are for {weights.reader or 'no reader'}, not for {reader or 'no reader'}: fit some with "
            "make weights OUT=FILE, and name that file as weights under [evidence] in config.toml"
        )
        raise ConfigError(msg)
    return weights


def fingerprint_of(
    settings: Settings, index: Index, encoder: Identity, reader: Reader | None, weights: Weights
) -> Fingerprint:
    """Take the fingerprint of what confidences depend on."""
    return Fingerprint.of(
        encoder,
        None if reader is None else reader.identity,
        weights,
        index.store.digests(),
        reads=settings.evidence.reads,
        texts=f"splitter {index.manifest.splitter}, terms {index.manifest.terms}",
    )


def update_index(
    settings: Settings, encoder: Encoder, *, rebuild: bool = False, progress: Progress = no_progress
) -> Report:
    """Bring the index up to date with ``seeds/``.

    Raises:
        ReadError: there is no folder with documents.
        DatabaseError: the database that keeps the index cannot be used.
        IndexUnusableError: the index cannot be written.
        EncoderError: the encoder cannot be loaded.

    """
    sources = scan(settings.paths.seeds, settings.reading.limits)
    return _update(choose_keeper(settings), sources, encoder, rebuild=rebuild, progress=progress)


def open_index(folder: Path, sources: Sequence[Source], encoder: Encoder, progress: Progress) -> Generation:
    """Open the index of these sources in a folder; see `open_kept`."""
    generation = open_kept(Embedded(folder), sources, encoder, progress)
    assert isinstance(generation, Generation)
    return generation


def open_kept(keeper: Keeper, sources: Sequence[Source], encoder: Encoder, progress: Progress) -> Index:
    """Open the index of these sources, built or brought up to date first where it must be.

    Raises:
        IndexUnusableError: the index is damaged, or another encoder made it: it is never replaced unasked.
        DatabaseError: the database that keeps it cannot be used.
        SupersededError: the documents have changed in the meantime.

    """
    index = _open_unless_outdated(keeper)
    if index is not None:
        with kept_if_usable(index):
            _refuse_unless_made_by(encoder.identity, index)
            if is_current(index, sources):
                return index
        index.store.close()
    _update(keeper, sources, encoder, progress=progress)
    index = keeper.open()
    if index is None:
        msg = f"the index in {keeper} vanished while it was opened; {MEND}"
        raise IndexUnusableError(msg)
    return index


@contextmanager
def kept_if_usable(index: Index) -> Iterator[None]:
    """Close an index again if what is done first with it fails."""
    try:
        yield
    except BaseException:
        index.store.close()
        raise


def _refuse_unless_made_by(wanted: Identity, index: Index) -> None:
    made = index.manifest.identity
    if made != wanted:
        msg = f"the index was made by {made.model} ({made.digest[:12]}), not by {wanted.model} ({wanted.digest[:12]}); {MEND}"
        raise IndexUnusableError(msg)


def _update(
    keeper: Keeper, sources: Sequence[Source], encoder: Encoder, *, rebuild: bool = False, progress: Progress
) -> Report:
    """Bring the index up to date, and log when that begins and ends: it may take hours. Raises as `Keeper.update`."""
    log.info("bringing the index up to date with %s", counted(len(sources), "source"))
    report = keeper.update(sources, encoder, rebuild=rebuild, progress=progress)
    log.info("the index is up to date: generation %d", report.generation)
    return report


def _open_unless_outdated(keeper: Keeper) -> Index | None:
    """Open the index; one that another version of this program built is as good as none. Raises as `Keeper.open`."""
    try:
        return keeper.open()
    except IndexOutdatedError:
        return None
