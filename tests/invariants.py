"""What holds of the text and the blocks of every file that is read."""

from qa_bot.reading.extract import Extract


def check_extract(extract: Extract) -> None:
    """Blocks are in order, without overlap, trimmed, and hold every non-blank character of a text that can be stored."""
    text, end = extract.text, 0
    for block in extract.blocks:
        assert end <= block.start < block.end <= len(text)
        assert not text[end : block.start].strip()
        assert text[block.start : block.end].strip() == text[block.start : block.end]
        end = block.end
    assert not text[end:].strip()
    text.encode()
    assert "\r" not in text
