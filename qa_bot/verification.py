"""What became of the words behind a receipt."""

from contextlib import closing
from dataclasses import dataclass

from qa_bot.config import Settings
from qa_bot.errors import IndexUnusableError, ReadError
from qa_bot.index.choosing import choose_keeper
from qa_bot.reading import scan
from qa_bot.receipts import Receipt, Verdict
from qa_bot.records import Document, Paragraph
from qa_bot.splitting import split


@dataclass(frozen=True, slots=True)
class Verification:
    """A verdict, and what it means."""

    verdict: Verdict
    explanation: str


def verify(receipt: str, settings: Settings) -> Verification:
    """Check quoted words against their document as it is now, in ``seeds/``, not as it was indexed.

    Where the file itself is gone or cannot be read any more, the text that the index keeps of it bears witness.

    Raises:
        ReceiptError: that is no receipt.
        DatabaseError: the database that keeps the texts cannot be used.
        ReadError: there is no folder with documents, or where they came from cannot be read.

    """
    parsed = Receipt.parse(receipt)
    name = parsed.document
    kept = _line_in_kept_text(parsed, settings)
    files = {file.name: file for file in scan(settings.paths.seeds, settings.reading.limits)}
    if name not in files:
        return _without_original(f"there is no document {name} any more", kept)
    try:
        document = files[name].read()
        paragraphs = split(document)
    except ReadError as exc:
        return _without_original(f"{name} {exc}", kept)
    verdict, line = _look(parsed, document, paragraphs)
    if line is not None:
        return Verification(verdict, f"{name} says these words at line {line}")
    since = "" if kept is None else f"; before it was changed it did, at line {kept}"
    return Verification(verdict, f"{name} does not hold these words any more{since}")


def _without_original(missing: str, kept: int | None) -> Verification:
    if kept is None:
        return Verification(Verdict.GONE, missing)
    return Verification(
        Verdict.KEPT, f"{missing}, but the text that the index keeps of it says these words at line {kept}"
    )


def _line_in_kept_text(receipt: Receipt, settings: Settings) -> int | None:
    """Find the line of the words in the text that the index keeps; an index that cannot be used keeps none."""
    try:
        store = choose_keeper(settings).documents()
    except IndexUnusableError:
        return None
    if store is None:
        return None
    with closing(store):
        if receipt.document not in store.stamps():
            return None
        text = store.document(receipt.document).text
    return _line(text, receipt.start) if receipt.fits(text) else None


def _look(receipt: Receipt, document: Document, paragraphs: tuple[Paragraph, ...]) -> tuple[Verdict, int | None]:
    verdict, start = receipt.check(document, paragraphs)
    return verdict, None if start is None else _line(document.text, start)


def _line(text: str, start: int) -> int:
    return text.count("\n", 0, start) + 1
