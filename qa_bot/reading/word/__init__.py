"""Word documents (.docx)."""

from qa_bot.reading.word.document import read_word

__all__ = ["read_word"]
