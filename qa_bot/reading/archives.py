"""Archives (ZIP) that documents are kept in: each part is looked at before it is unpacked, and none is ever written to disk.

So names such as ``../../etc/passwd`` lead nowhere, and a part that would unpack to much more than it promises is not read.
"""

import io
import zipfile
import zlib

from qa_bot.errors import ReadError

# What all parts of one archive may have, unpacked. Pictures, which are never read, do not count.
MOST_BYTES = 200_000_000
# A book of a thousand chapters with a picture for each has far fewer.
MOST_PARTS = 20_000
# Text unpacks to fifty times its size at most, unless it says the same again and again; bombs to a thousand times.
LARGEST_RATIO = 250
# Below this, the ratio tells nothing.
SMALL_BYTES = 1_000_000

# How files begin that Word before 2007 and encryption make ("compound files"), and names inside them, as they are stored.
COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
PASSWORD = "is protected by a password: remove it in the program that made it, and save it again"  # noqa: S105 - a message
DAMAGED = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, LookupError, ArithmeticError, RuntimeError)


class Archive:
    """The parts of a document, each unpacked when it is asked for."""

    def __init__(self, raw: bytes, kind: str) -> None:
        """Open an archive.

        Args:
            raw: its bytes.
            kind: what it is to hold, for messages: "a Word document (.docx)".

        Raises:
            ReadError: the bytes are no archive, or one with too many parts.

        """
        self._left = MOST_BYTES
        if raw.startswith(COMPOUND_FILE):
            old = f"is no {kind.removeprefix('a ').removeprefix('an ')}, but of the older form: open it and save it in the newer one"
            raise ReadError(PASSWORD if ENCRYPTED in raw else old)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(raw))
        except DAMAGED as exc:
            msg = (
                f"is no {kind.removeprefix('a ').removeprefix('an ')}, or damaged ({exc}): save it again, or remove it"
            )
            raise ReadError(msg) from exc
        self._parts = {part.filename: part for part in self._zip.infolist()}
        if len(self._zip.infolist()) > MOST_PARTS:
            msg = f"has more than {MOST_PARTS} parts: remove it, or save only its text"
            raise ReadError(msg)

    def __contains__(self, name: str) -> bool:
        """Whether there is such a part."""
        return name in self._parts

    def read(self, name: str) -> bytes:
        """Unpack a part; one that is missing has no bytes.

        Raises:
            ReadError: the part is damaged, encrypted, or unpacks to too much.

        """
        part = self._parts.get(name)
        if part is None:
            return b""
        if part.flag_bits & 1:
            raise ReadError(PASSWORD)
        self._left -= part.file_size
        if self._left < 0 or (part.file_size > SMALL_BYTES and part.file_size > LARGEST_RATIO * part.compress_size):
            msg = f"unpacks to far more than a text would ({name[:100]!r}): remove it, or save only its text"
            raise ReadError(msg)
        if part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            msg = f"is packed in an unusual way ({name[:100]!r}): save it again"
            raise ReadError(msg)
        try:
            return self._zip.read(part)
        except DAMAGED as exc:
            msg = f"is damaged ({name[:100]!r}): save it again, or remove it"
            raise ReadError(msg) from exc
