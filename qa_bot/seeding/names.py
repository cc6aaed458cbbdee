"""Names for documents: safe below ``seeds/`` whatever they are made of, and still readable."""

import hashlib
import re
import unicodedata
from pathlib import PurePosixPath

# File systems allow 255 bytes; a temporary name beside it, and a number behind it, must find room too.
LONGEST_NAME = 180
NAMELESS = "document"
DIGEST_CHARACTERS = 8

# What separates folders somewhere, or means something to a shell or a file system.
UNSAFE = re.compile(r"[/\\:*?\"<>|]+")
# What cannot be seen (C), among it controls and what turns the direction of writing, and blanks that are no plain blank (Z).
UNSEEN_CATEGORIES = ("C", "Z")
REPEATED = re.compile(r"([-_ ])[-_ ]+")
BEFORE_DOT = re.compile(r"[-_ ]+(?=\.)")
# Names of devices, with whatever suffix, where a folder is opened under Windows.
DEVICE = re.compile(r"^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)", re.IGNORECASE)


def safe_name(wish: str, *, suffix: str | None = None) -> str:
    """Make one part of a path of any text: never empty, hidden, a way up, or too long; letters of all scripts stay.

    Args:
        wish: what the name is to say.
        suffix: what it ends with, such as ``.html``; as the wish has it if not given.

    """
    text = unicodedata.normalize("NFC", wish.encode("utf-8", "replace").decode("utf-8"))
    text = "".join(" " if unicodedata.category(sign)[0] in UNSEEN_CATEGORIES else sign for sign in text)
    name = BEFORE_DOT.sub("", REPEATED.sub(r"\1", UNSAFE.sub("-", text))).strip("-_ .")
    stem, suffix = _cut_suffix(name) if suffix is None else (name, suffix)
    stem = DEVICE.sub(lambda match: f"{match.group()}-", stem.strip("-_ .") or NAMELESS)
    return _shortened(stem, suffix)


def safe_path(wish: str) -> PurePosixPath:
    """Make a path below a folder of any text; parts that lead nowhere or up are left out."""
    parts = [part for part in re.split(r"[/\\]", wish) if part.strip(" .")]
    return PurePosixPath(*map(safe_name, parts))


def numbered(path: PurePosixPath, number: int) -> PurePosixPath:
    """Tell a name apart from others that are alike: ``story.html`` → ``story-2.html``; the first has no number."""
    return path if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")


def _cut_suffix(name: str) -> tuple[str, str]:
    """Tell a suffix such as ``.html`` from a name; what is long or holds blanks is none."""
    match = re.fullmatch(r"(.*[^.])(\.\w{1,10})", name, re.DOTALL)
    return (match[1], match[2]) if match else (name, "")


def _shortened(stem: str, suffix: str) -> str:
    """Cut a long name, and tell it apart from others that begin alike by a digest."""
    room = LONGEST_NAME - len(suffix.encode())
    raw = stem.encode()
    if len(raw) <= room:
        return stem + suffix
    digest = hashlib.sha256(raw).hexdigest()[:DIGEST_CHARACTERS]
    kept = raw[: room - DIGEST_CHARACTERS - 1].decode("utf-8", "ignore").rstrip("-_ .")
    return f"{kept}-{digest}{suffix}"
