"""Citations, as every channel writes them."""

from qa_bot.records import Citation


def cite(number: int, citation: Citation) -> str:
    """Write a citation: ``[1] title › heading · page 2 · line 21 · source``."""
    return f"[{number}] " + " · ".join([titled(citation), *located(citation), citation.source])


def titled(citation: Citation) -> str:
    """Name the document, and the heading that the words stand under."""
    return citation.title if citation.heading is None else f"{citation.title} › {citation.heading}"


def located(citation: Citation) -> list[str]:
    """Say where in the document the words stand."""
    page = [] if citation.page is None else [f"page {citation.page}"]
    return [*page, f"line {citation.line}"]
