"""Web pages: what they are about, without what stands around it."""

from qa_bot.reading.html.page import read_html

__all__ = ["read_html"]
