"""The report of an evaluation as a page: one file that needs nothing else."""

from qa_bot.evaluation.html.page import html_report

__all__ = ["html_report"]
