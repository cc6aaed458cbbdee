"""The index in a folder of this machine."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from qa_bot.calibration import Calibration
from qa_bot.encoder.vectors import Encoder
from qa_bot.errors import IndexUnusableError
from qa_bot.index.approximation import shortfalls
from qa_bot.index.build import update
from qa_bot.index.drafting import Report, Source
from qa_bot.index.encoding import Progress
from qa_bot.index.generation import Generation, current_number, open_current, open_store, stand_in
from qa_bot.index.manifest import name_of
from qa_bot.index.resuming import resuming
from qa_bot.index.store import Store


@dataclass(frozen=True, slots=True)
class Embedded:
    """Keeps an index in a folder; see `Keeper`."""

    folder: Path

    def __str__(self) -> str:
        """Name the folder."""
        return str(self.folder)

    def open(self) -> Generation | None:
        """Open the generation in force."""
        return open_current(self.folder)

    def examine(self) -> Sequence[str]:
        """Prove every byte; gives which searches find less than they should."""
        generation = open_current(self.folder, thorough=True)
        if generation is None:
            return ()
        with generation:
            return shortfalls(generation.manifest.approximations)

    def documents(self) -> Store | None:
        """Open its documents alone."""
        return open_store(self.folder)

    def update(
        self, sources: Sequence[Source], encoder: Encoder, *, rebuild: bool = False, progress: Progress
    ) -> Report:
        """Publish a generation of these sources."""
        with resuming(self.folder, encoder) as resumed:
            return update(self.folder, sources, resumed, rebuild=rebuild, progress=progress)

    @contextmanager
    def passing(self, sources: Sequence[Source], encoder: Encoder) -> Iterator[tuple[Generation, Report]]:
        """Build a generation in a folder of its own, which is removed; what did not change is not encoded again."""
        with tempfile.TemporaryDirectory(prefix="qa-bot-") as temporary:
            beside = Embedded(Path(temporary))
            number = current_number(self.folder)
            if number is not None:
                stand_in(self.folder / name_of(number), beside.folder)
            report = beside.update(sources, encoder, progress=lambda _done, _all: None)
            generation = beside.open()
            if generation is None:
                msg = f"the passing index in {beside} vanished: try again"
                raise IndexUnusableError(msg)
            with generation:
                yield generation, report

    def load_calibration(self) -> Calibration | None:
        """Read the calibration beside the generations."""
        return Calibration.load(self.folder)

    def store_calibration(self, calibration: Calibration) -> None:
        """Put a calibration beside the generations."""
        calibration.store(self.folder)
