"""HTML that holds nothing but content becomes text and blocks: web pages, and formats that keep their text as HTML."""

from qa_bot.reading.structure.formulas import line_of_formula
from qa_bot.reading.structure.nodes import EXPONENT, SUPERSCRIPTS, flat_text
from qa_bot.reading.structure.page import MARKER, blocks_of_html, role_of_tag

__all__ = ["EXPONENT", "MARKER", "SUPERSCRIPTS", "blocks_of_html", "flat_text", "line_of_formula", "role_of_tag"]
