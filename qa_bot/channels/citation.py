"""Citations, as every channel writes them."""

from qa_bot.records import Citation


def cite(number: int, citation: Citation, *, compared: bool = False) -> str:
    """Write a citation: ``[1] title › heading · page 2 · line 21 · source · 2026-03-01``; for ``compared`` see `dated`."""
    parts = [titled(citation), *located(citation), citation.source, *dated(citation, compared=compared)]
    return f"[{number}] " + " · ".join(parts)


def titled(citation: Citation) -> str:
    """Name the document, and the heading that the words stand under."""
    return citation.title if citation.heading is None else f"{citation.title} › {citation.heading}"


def located(citation: Citation) -> list[str]:
    """Say where in the document the words stand."""
    page = [] if citation.page is None else [f"page {citation.page}"]
    return [*page, f"line {citation.line}"]


def dated(citation: Citation, *, compared: bool = False) -> list[str]:
    """Name the document's own day; where documents are ``compared`` by age, else the day its file was changed last."""
    if citation.date:
        return [citation.date]
    return [f"changed {citation.changed}"] if compared and citation.changed else []
