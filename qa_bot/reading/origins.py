"""Where documents came from: ``seeds/.origins.json``, which a person can read and mend.

An origin belongs to the very bytes that came from there: a file that was changed since has none any more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from qa_bot.errors import ReadError
from qa_bot.files import write_whole

ORIGINS = ".origins.json"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a document came from.

    ``digest`` is of its bytes, ``fetched`` a time in ISO form, ``etag`` and ``last_modified`` what its server called this
    state of it. ``aliases`` are other addresses that led to ``url``. ``added_by`` names who brought it, where that is known.
    """

    digest: str
    fetched: str
    url: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    aliases: tuple[str, ...] = ()
    added_by: str | None = None


# The origins of documents by name.
Origins = Mapping[str, Origin]


@dataclass(frozen=True, slots=True)
class _File:
    schema: Literal[1]
    documents: dict[str, Origin]


FILE = TypeAdapter(_File)


def load_origins(seeds: Path) -> dict[str, Origin]:
    """Read the origins below a folder; there are none without the file.

    Raises:
        ReadError: the file is damaged; the message is a whole sentence.

    """
    path = seeds / ORIGINS
    try:
        file = FILE.validate_json(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValidationError) as exc:
        reason = _first_fault(exc) if isinstance(exc, ValidationError) else exc.strerror
        msg = (
            f"{path}, which says where documents came from, cannot be read ({reason}): mend it, or rename it to go on "
            "without the addresses of what was fetched"
        )
        raise ReadError(msg) from exc
    return file.documents


def _first_fault(exc: ValidationError) -> str:
    error = exc.errors()[0]
    return ", ".join(filter(None, [".".join(map(str, error["loc"])), error["msg"]]))


def save_origins(seeds: Path, origins: Origins) -> None:
    """Write the origins below a folder; whoever reads meanwhile has the old ones or the new ones. Raises `OSError`."""
    file = _File(1, dict(sorted(origins.items())))
    write_whole(seeds / ORIGINS, FILE.dump_json(file, indent=1, exclude_defaults=True) + b"\n")
