"""PDF: what a library sees on the pages becomes text in reading order."""

from qa_bot.reading.pdf.read import read_pdf

__all__ = ["read_pdf"]
