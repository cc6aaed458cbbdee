"""Pages that were fetched become documents, and where they came from is kept."""

import time
from collections.abc import Mapping
from dataclasses import replace as with_changes
from email.utils import parsedate_to_datetime
from pathlib import PurePosixPath

from httpx import URL

from qa_bot.errors import SeedingError
from qa_bot.files import write_beside
from qa_bot.reading.entry import FORMATS
from qa_bot.reading.origins import Origin, load_origins, save_origins
from qa_bot.records import Document
from qa_bot.seeding.addresses import name_of_page, without_tracking
from qa_bot.seeding.fetching import Page, State
from qa_bot.seeding.folder import Outcome, SeedFolder, Verdict, digest_of, now
from qa_bot.seeding.media_types import as_utf8, suffix_of
from qa_bot.seeding.names import safe_path


def names_by_address(origins: Mapping[str, Origin]) -> dict[str, str]:
    """Give the name of the document by each address that leads to its page."""
    return {
        address: name
        for name, origin in origins.items()
        for address in (origin.url, *origin.aliases)
        if address is not None
    }


def is_as_fetched(folder: SeedFolder, name: str, origin: Origin) -> bool:
    """Whether a document still holds the bytes that came from its origin."""
    try:
        return digest_of((folder.seeds / name).read_bytes()) == origin.digest
    except OSError:
        return False


def store_page(folder: SeedFolder, page: Page, asked: URL, *, into: str = "", replace: bool = False) -> Outcome:
    """Put a page into the folder, or in the place of what came from the same address before.

    Args:
        folder: where it goes.
        page: what was fetched.
        asked: the address that was asked for, which the page's own may differ from.
        into: the folder below ``seeds/`` that a new document goes into; one named by the host if empty.
        replace: whether it may take the place of a document that was changed here since it was fetched.

    Raises:
        SeedingError: it cannot be a document, or ``seeds/`` cannot be written.
        ReadError: the origins of the documents cannot be read.

    """
    suffix = suffix_of(page.media_type, page.url.path, FORMATS)
    page = with_changes(page, raw=as_utf8(page.raw, page.media_type, page.charset))
    with folder.locked():
        origins = load_origins(folder.seeds)
        names = names_by_address(origins)
        name = names.get(str(without_tracking(page.url))) or names.get(str(without_tracking(asked)))
        known = origins.pop(name) if name is not None else None
        if name is not None and known is not None and (folder.seeds / name).is_file():
            _refuse_over_changes(folder, name, known, replace=replace)
            outcome = _renewed(folder, page, name, str(asked), suffix, keep=not is_as_fetched(folder, name, known))
        else:
            outcome = _new(folder, page, _path(without_tracking(page.url), suffix, into), str(asked))
        if outcome.name == name and known is not None:
            origins[name] = known
        origins[outcome.name] = _origin(folder, outcome.name, page, asked, origins.get(outcome.name))
        save_origins(folder.seeds, origins)
    return outcome


def note_unchanged(folder: SeedFolder, name: str) -> None:
    """Note that the page of a document was asked for, and is still what it was."""
    with folder.locked():
        origins = load_origins(folder.seeds)
        if name in origins:
            origins[name] = with_changes(origins[name], fetched=now())
            save_origins(folder.seeds, origins)


def _path(url: URL, suffix: str, into: str) -> PurePosixPath:
    path = name_of_page(url, suffix, FORMATS)
    return safe_path(into) / path.name if into else path


def _new(folder: SeedFolder, page: Page, path: PurePosixPath, item: str) -> Outcome:
    twin = folder.twin_of(page.raw)
    if twin is not None:
        return Outcome(item, Verdict.THERE, twin)
    path = folder.free_path(path)
    folder.put(path, page.raw, changed=_changed(page))
    return Outcome(item, Verdict.ADDED, path.as_posix())


def _refuse_over_changes(folder: SeedFolder, name: str, origin: Origin, *, replace: bool) -> None:
    if not replace and not is_as_fetched(folder, name, origin):
        msg = f"would take the place of {name}, which was changed here since it was fetched: say --replace"
        raise SeedingError(msg)


def _renewed(folder: SeedFolder, page: Page, name: str, item: str, suffix: str, *, keep: bool) -> Outcome:
    """Put a page in the place of what it was; where only what is around its words differs, it stays as it was.

    ``keep`` says whether what it was is kept, as it must be where somebody has changed it here.
    """
    path = PurePosixPath(name)
    if FORMATS.get(path.suffix.lower()) is not FORMATS[suffix]:
        # What it has become cannot be read by that name.
        outcome = _new(folder, page, path.with_suffix(suffix), item)
        folder.set_aside([path])
        return outcome
    if (folder.seeds / path).read_bytes() == page.raw:
        return Outcome(item, Verdict.THERE, name)
    document = _read(folder, page.raw, path)
    if document.text == _text_at(folder, path):
        return Outcome(item, Verdict.THERE, name)
    if keep:
        folder.copy_aside(path)
    folder.put(path, page.raw, document=document, changed=_changed(page))
    return Outcome(item, Verdict.CHANGED, name)


def _text_at(folder: SeedFolder, path: PurePosixPath) -> str | None:
    """Give the text of a document as it is; nothing, if it cannot be read any more."""
    try:
        return folder.read(folder.seeds / path, path).text
    except SeedingError:
        return None


def _read(folder: SeedFolder, raw: bytes, path: PurePosixPath) -> Document:
    temporary = write_beside(folder.seeds / path, raw)
    try:
        return folder.read(temporary, path)
    finally:
        temporary.unlink()


def _origin(folder: SeedFolder, name: str, page: Page, asked: URL, known: Origin | None) -> Origin:
    """Note where a document came from; further addresses of the same page are kept beside the first one."""
    addresses = [str(without_tracking(page.url)), str(without_tracking(asked))]
    # What another server says of the same page is no state that the first one knows.
    is_first = known is None or known.url is None or known.url in addresses
    state = page.state if is_first or known is None else State(known.etag, known.last_modified)
    if known is not None:
        addresses = [*filter(None, [known.url]), *addresses, *known.aliases]
    url, *aliases = dict.fromkeys(addresses)
    return Origin(
        digest=digest_of((folder.seeds / name).read_bytes()),
        fetched=now(),
        url=url,
        etag=state.etag,
        last_modified=state.last_modified,
        aliases=tuple(aliases),
        added_by=known.added_by if known else None,
    )


def _changed(page: Page) -> float | None:
    """Give the time at which a page was changed last, as far as its server tells it."""
    try:
        told = parsedate_to_datetime(page.state.last_modified or "").timestamp()
    except (ValueError, OverflowError):
        return None
    return told if 0 <= told <= time.time() else None
