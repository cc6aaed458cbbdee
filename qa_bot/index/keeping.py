"""Where an index is kept, whichever engine keeps it."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from qa_bot.calibration import Calibration
from qa_bot.encoder.vectors import Encoder
from qa_bot.index.drafting import Report, Source
from qa_bot.index.encoding import Progress
from qa_bot.index.searching import Index, Records


class Keeper(Protocol):
    """What keeps an index, and the calibration that belongs to it."""

    def open(self) -> Index | None:
        """Open the state in force and prove it whole; ``None`` if there is none.

        Raises:
            IndexOutdatedError: another version of this program made it.
            IndexUnusableError: it is damaged.
            DatabaseError: the database cannot be used.

        """

    def examine(self) -> Sequence[str]:
        """Prove all of the state in force, where the engine does not itself; gives what is to be noted. Raises as `open`."""

    def documents(self) -> Records | None:
        """Open the documents of the state in force, without the numbers; ``None`` if there is none. Raises as `open`."""

    def update(
        self, sources: Sequence[Source], encoder: Encoder, *, rebuild: bool = False, progress: Progress
    ) -> Report:
        """Put a state in force that holds these sources; with nothing to do, keep the one there is.

        Args:
            sources: what the documents are read from, in the order in which equally good hits are shown.
            encoder: makes the vectors; loaded only if something has to be encoded.
            rebuild: carry nothing over.
            progress: told ``(done, total)`` in characters while encoding.

        Raises:
            IndexUnusableError: it cannot be written, or another process keeps indexing.
            DatabaseError: the database cannot be used.
            EncoderError: the encoder cannot be loaded.

        """

    def passing(self, sources: Sequence[Source], encoder: Encoder) -> AbstractContextManager[tuple[Index, Report]]:
        """Give the index as these sources would make it, and what changed; nobody else sees it, and it does not stay."""

    def load_calibration(self) -> Calibration | None:
        """Read the calibration, if there is one. Raises `CalibrationError` if it is damaged."""

    def store_calibration(self, calibration: Calibration) -> None:
        """Keep a calibration, in place of the one before. Raises `CalibrationError` if it cannot be written."""
