"""Texts of documents and questions, made fit for a page. They may hold anything; escaping is left to the template."""

from collections.abc import Sequence
from typing import Any

from qa_bot.surrogates import replace_surrogates

# HTML cannot hold these, drops them or reads them as others: they are shown as the signs that stand for them.
CONTROL_PICTURES = 0x2400
DELETE, DELETE_PICTURE = 0x7F, 0x2421
SIGNS = {
    **{code: CONTROL_PICTURES + code for code in range(0x20) if chr(code) not in "\t\n"},
    DELETE: DELETE_PICTURE,
    **dict.fromkeys(range(0x80, 0xA0), 0xFFFD),
}


def clean(report: dict[str, Any]) -> dict[str, Any]:
    """Give the report with texts that hold no character that a page cannot carry."""
    return {clean_text(name): _clean(value) for name, value in report.items()}


def clean_text(text: str) -> str:
    """Give the text as a page can carry it; as many signs stand in it, but for a CR LF, which is one line end."""
    return replace_surrogates(text.replace("\r\n", "\n")).translate(SIGNS)


def marked(text: str, highlights: Sequence[str]) -> list[tuple[str, bool]]:
    """Cut a text into stretches, and say of each whether it is highlighted; highlights stand in their order."""
    stretches: list[tuple[str, bool]] = []
    at = 0
    for highlight in highlights:
        start = text.find(highlight, at)
        if highlight and start >= 0:
            stretches += [(text[at:start], False), (highlight, True)]
            at = start + len(highlight)
    stretches.append((text[at:], False))
    return [stretch for stretch in stretches if stretch[0]]


def flat(value: object, name: str = "") -> list[tuple[str, str]]:
    """Give the values of a nested object with their dotted names."""
    if isinstance(value, dict):
        return [pair for key, item in value.items() for pair in flat(item, f"{name}.{key}" if name else str(key))]
    if isinstance(value, list):
        return [(name, ", ".join(map(str, value)))]
    return [] if value is None else [(name, str(value))]


def _clean(value: object) -> object:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [_clean(item) for item in value]
    return clean(value) if isinstance(value, dict) else value
