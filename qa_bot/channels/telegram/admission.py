"""Documents that were sent come among the others, and go again, step by step; whatever interrupts that, it can go on.

All of this may take a while, and is done in a thread beside the event loop.
"""

from enum import Enum, auto

from qa_bot.channels.telegram.arrivals import Arrival, Arrivals, State
from qa_bot.config import Settings
from qa_bot.seeding.folder import SeedFolder
from qa_bot.seeding.receiving import NOTHING, Inbox, Preview


class Outcome(Enum):
    """What became of a wish: it is done; the documents have changed since it was made; what it is about is gone."""

    DONE = auto()
    CHANGED = auto()
    GONE = auto()


class Admission:
    """Lets documents in and out. What it raises are whole sentences."""

    def __init__(self, settings: Settings, arrivals: Arrivals) -> None:
        """Note in ``arrivals`` how far each document has come."""
        self._settings = settings
        self._arrivals = arrivals

    def inbox(self) -> Inbox:
        """Give the inbox of the documents as they are now."""
        return Inbox(SeedFolder(self._settings.paths.seeds, self._settings.reading.limits))

    def receive(self, name: str, raw: bytes, *, chat: int, person: int) -> tuple[int, Preview]:
        """Let a document wait that somebody sent, unless it is there already.

        Raises:
            SeedingError: it cannot be a document, or ``seeds/`` cannot be written.

        """
        inbox = self.inbox()
        received = inbox.receive(name, raw)
        try:
            preview = inbox.preview(received)
        except BaseException:
            inbox.discard(received)
            raise
        if preview.twin is not None:
            inbox.discard(received)
            return 0, preview
        return self._arrivals.keep(chat, person, received, preview.before), preview

    def look(self, arrival: Arrival) -> Preview:
        """Look again at a document that waits. Raises as `receive` does."""
        preview = self.inbox().preview(arrival.received)
        self._arrivals.look(arrival.id, preview.before)
        return preview

    def add(self, arrival: Arrival, by: str) -> Outcome:
        """Put a document that waits in its place, and note who wanted that.

        Raises:
            SeedingError: ``seeds/`` cannot be written, or the document not be there.
            ReadError: the origins of the documents cannot be read.

        """
        inbox, received = self.inbox(), arrival.received
        with inbox.folder.locked():
            interrupted = arrival.state is State.ADDING
            if not (interrupted and inbox.is_in_place(received)):
                if not inbox.is_waiting(received):
                    return Outcome.GONE
                if inbox.in_force(received.name) != arrival.before or inbox.twin_of(received) is not None:
                    return Outcome.CHANGED
                self._arrivals.adding(arrival.id, inbox.keep_former(received))
                inbox.put(received)
            inbox.sign(received, by)
            self._arrivals.has_come(arrival.id, State.ADDED)
        return Outcome.DONE

    def discard(self, arrival: Arrival) -> Outcome:
        """Let go of a document that waits, unless it had been put in its place before a kill. Raises `SeedingError`."""
        inbox = self.inbox()
        with inbox.folder.locked():
            if arrival.state is State.ADDING and inbox.is_in_place(arrival.received):
                return Outcome.CHANGED
            inbox.discard(arrival.received)
            self._arrivals.has_come(arrival.id, State.DISCARDED)
        return Outcome.DONE

    def undo(self, arrival: Arrival) -> Outcome:
        """Put things back as they were, if the document is still the one that was added.

        Raises:
            SeedingError: the document before it is not kept any more, or ``seeds/`` cannot be written.
            ReadError: the origins of the documents cannot be read.

        """
        inbox, received, former = self.inbox(), arrival.received, arrival.former
        with inbox.folder.locked():
            if inbox.is_in_place(received):
                self._arrivals.has_come(arrival.id, State.UNDOING)
                inbox.take_back(received, former)
            else:
                undone = inbox.in_force(received.name) == (former.digest if former else NOTHING)
                if not (arrival.state is State.UNDOING and undone):
                    return Outcome.CHANGED
            inbox.restore_origin(received.name, former)
            self._arrivals.has_come(arrival.id, State.UNDONE)
        return Outcome.DONE
