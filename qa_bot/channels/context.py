"""What stands around an excerpt."""

from qa_bot.index.searching import Records
from qa_bot.records import Paragraph, Role


def paragraphs_around(store: Records, document: str, number: int, before: int, after: int) -> list[Paragraph]:
    """List a paragraph of a document and so many beside it, furniture passed over."""
    paragraphs = [stored.paragraph for stored in store.paragraphs(document)]
    content = [paragraph for paragraph in paragraphs if paragraph.role is not Role.FURNITURE]
    at = [paragraph.number for paragraph in content].index(number)
    return content[max(at - before, 0) : at + after + 1]
