"""Documents that people send: they wait in a hidden folder until somebody decides, come into ``seeds/``, and go again.

Nothing here knows how they were sent. Each step is done as a whole or not at all and can be done again, so that whoever
notes after which step they are may be killed between any two.
"""

import contextlib
import os
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from qa_bot.errors import SeedingError
from qa_bot.files import sync_folder, write_whole
from qa_bot.reading.origins import Origin, load_origins, save_origins
from qa_bot.reading.seeds import QUESTION_SET
from qa_bot.reading.suffixes import SUFFIXES
from qa_bot.records import Document, Role
from qa_bot.seeding.folder import REMOVED, SeedFolder, digest_of, now
from qa_bot.seeding.names import safe_name
from qa_bot.splitting import split

INCOMING = ".incoming"
# What nobody has decided about for so long is let go.
KEPT_SECONDS = 86_400.0
# The digest of what is not there.
NOTHING = ""


@dataclass(frozen=True, slots=True)
class Received:
    """A file that waits: what it is to be called, the digest of its bytes, and the name that it has meanwhile."""

    name: str
    digest: str
    kept_as: str


@dataclass(frozen=True, slots=True)
class Former:
    """A document that has made room for another one: the digest of its bytes, the folder that keeps it, and its origin."""

    digest: str
    aside: str
    origin: Origin | None


@dataclass(frozen=True, slots=True)
class Preview:
    """A document as it would be, how many of its paragraphs can be quoted, and the words that its text begins with.

    ``twin`` names the document that holds just these bytes already. ``before`` is the digest of the one whose place it would
    take, and ``replaced`` how many paragraphs that has, if it can be read.
    """

    document: Document
    paragraphs: int
    quotable: int
    beginning: str
    twin: str | None
    before: str
    replaced: int | None


class Inbox:
    """What waits to come into a folder of documents. Of its errors, the messages are whole sentences."""

    def __init__(self, folder: SeedFolder) -> None:
        """Receive for this folder; it is looked at once, so that each piece of work needs an inbox of its own."""
        self.folder = folder
        self._incoming = folder.seeds / INCOMING

    def name_for(self, wish: str) -> str:
        """Give the name that a document is to have. Raises `SeedingError` if there can be none of that name."""
        name = safe_name(wish)
        if name == QUESTION_SET:
            msg = f"{name} is the name of the question set: give the document another one, and send it again"
            raise SeedingError(msg)
        if Path(name).suffix.lower() not in SUFFIXES:
            msg = f"{name} has no format that I read ({', '.join(SUFFIXES)}): convert it, and send it again"
            raise SeedingError(msg)
        return name

    def receive(self, name: str, raw: bytes) -> Received:
        """Keep a file until somebody decides. Raises `SeedingError`."""
        kept_as = f"{secrets.token_hex(8)}{Path(name).suffix.lower()}"
        with self.folder.locked():
            self._incoming.mkdir(exist_ok=True)
            write_whole(self._incoming / kept_as, raw)
        return Received(name, digest_of(raw), kept_as)

    def preview(self, received: Received) -> Preview:
        """Read what waits, and say what would become of it. Raises `SeedingError` if it cannot be a document."""
        path = PurePosixPath(received.name)
        with _named(received.name):
            if self.folder.place(path).is_dir():
                msg = "has the name of a folder: give it another one, and send it again"
                raise SeedingError(msg)
            document = self.folder.read(self._incoming / received.kept_as, path)
        paragraphs = split(document)
        quotable = [paragraph for paragraph in paragraphs if paragraph.role.quotable and paragraph.sentences]
        first = next((p for p in quotable if p.role is Role.BODY), None) or next(iter(quotable), None)
        return Preview(
            document,
            len(paragraphs),
            len(quotable),
            document.text[first.start : first.end] if first else "",
            self.twin_of(received),
            self.in_force(received.name),
            self._paragraphs_of(path),
        )

    def is_waiting(self, received: Received) -> bool:
        """Whether a file still waits."""
        return (self._incoming / received.kept_as).is_file()

    def twin_of(self, received: Received) -> str | None:
        """Give the name of the document that holds the bytes of what waits, if there is one."""
        return self.folder.twin_of((self._incoming / received.kept_as).read_bytes())

    def in_force(self, name: str) -> str:
        """Give the digest of the document of a name; nothing, if there is none."""
        try:
            return digest_of((self.folder.seeds / name).read_bytes())
        except OSError:
            return NOTHING

    def is_in_place(self, received: Received) -> bool:
        """Whether the document of its name holds just these bytes."""
        return self.in_force(received.name) == received.digest

    def keep_former(self, received: Received) -> Former | None:
        """Keep the document whose place is to be taken; it stays where it is until that happens.

        Raises:
            SeedingError: it cannot be kept.
            ReadError: the origins of the documents cannot be read.

        """
        origin = load_origins(self.folder.seeds).get(received.name)
        digest = self.in_force(received.name)
        if digest == NOTHING:
            return None
        aside = self.folder.copy_aside(PurePosixPath(received.name))
        return Former(digest, aside.relative_to(self.folder.seeds).as_posix(), origin)

    def put(self, received: Received) -> None:
        """Put what waits in its place, over what is there. Raises `SeedingError`."""
        with _named(received.name):
            target = self.folder.place(PurePosixPath(received.name))
        (self._incoming / received.kept_as).replace(target)
        sync_folder(target.parent)

    def sign(self, received: Received, added_by: str) -> None:
        """Note who added a document, and when. Raises `ReadError` if the origins of the documents cannot be read."""
        self._note(received.name, Origin(received.digest, now(), added_by=added_by))

    def take_back(self, received: Received, former: Former | None) -> None:
        """Take a document out again, and put the former one back in one step; what is taken out is kept.

        Raises:
            SeedingError: the former one is not kept any more; nothing was done.

        """
        path = PurePosixPath(received.name)
        if former is None:
            self.folder.set_aside([path])
            return
        kept = self.folder.seeds / former.aside / path
        if not kept.is_file() or digest_of(kept.read_bytes()) != former.digest:
            msg = f"{received.name} cannot be what it was before: that is not kept any more"
            raise SeedingError(msg)
        self.folder.copy_aside(path)
        kept.replace(self.folder.seeds / path)
        sync_folder(self.folder.seeds)
        self.folder.prune(kept.parent, self.folder.seeds / REMOVED)

    def restore_origin(self, name: str, former: Former | None) -> None:
        """Note where the former document came from. Raises `ReadError` if the origins of the documents cannot be read."""
        self._note(name, former.origin if former else None)

    def discard(self, received: Received) -> None:
        """Let go of what waits."""
        (self._incoming / received.kept_as).unlink(missing_ok=True)

    def prune(self) -> None:
        """Let go of what has waited for too long."""
        with contextlib.suppress(OSError):
            for entry in os.scandir(self._incoming):
                if time.time() - entry.stat().st_mtime > KEPT_SECONDS:
                    Path(entry).unlink(missing_ok=True)

    def _note(self, name: str, origin: Origin | None) -> None:
        origins = load_origins(self.folder.seeds)
        origins.pop(name, None)
        save_origins(self.folder.seeds, origins | ({name: origin} if origin else {}))

    def _paragraphs_of(self, path: PurePosixPath) -> int | None:
        try:
            return len(split(self.folder.read(self.folder.seeds / path, path)))
        except SeedingError:
            return None


@contextlib.contextmanager
def _named(name: str) -> Iterator[None]:
    """Make whole sentences of what is said of a document."""
    try:
        yield
    except SeedingError as exc:
        msg = f"{name} {exc}"
        raise SeedingError(msg) from exc
