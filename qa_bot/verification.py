"""What became of the words behind a receipt."""

from dataclasses import dataclass

from qa_bot.config import Settings
from qa_bot.errors import ReadError
from qa_bot.reading import scan
from qa_bot.receipts import Receipt, Verdict
from qa_bot.splitting import split


@dataclass(frozen=True, slots=True)
class Verification:
    """A verdict, and what it means."""

    verdict: Verdict
    explanation: str


def verify(receipt: str, settings: Settings) -> Verification:
    """Check quoted words against their document as it is now, in ``seeds/``, not as it was indexed.

    Raises:
        ReceiptError: that is no receipt.
        ReadError: there is no folder with documents.

    """
    parsed = Receipt.parse(receipt)
    files = {file.name: file for file in scan(settings.paths.seeds, settings.reading.limits)}
    if parsed.document not in files:
        return Verification(Verdict.GONE, f"there is no document {parsed.document} any more")
    try:
        document = files[parsed.document].read()
    except ReadError as exc:
        return Verification(Verdict.GONE, f"{parsed.document} {exc}")
    verdict, start = parsed.check(document, split(document))
    if start is None:
        return Verification(verdict, f"{parsed.document} does not hold these words any more")
    line = document.text.count("\n", 0, start) + 1
    return Verification(verdict, f"{parsed.document} says these words at line {line}")
