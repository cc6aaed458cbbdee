"""Numbers with what they count."""

import pytest

from qa_bot.counting import counted


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 paragraphs"), (1, "1 paragraph"), (2, "2 paragraphs"), (11, "11 paragraphs")]
)
def test_one_is_no_plural(number: int, words: str) -> None:
    """Only one has no s."""
    assert counted(number, "paragraph") == words
