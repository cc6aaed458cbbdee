"""What a document is called."""

import re
from pathlib import PurePosixPath

# A headline is one line, not a paragraph of prose.
MAX_TITLE_CHARACTERS = 200
MARKDOWN_HEADING = re.compile(r"^#{1,6}[ \t]+|[ \t]+#*$|\n[=-]+\s*$")
BLANKS = re.compile(r"\s+")


def clean_title(text: str) -> str:
    """Take heading marks and line ends off the text of a title."""
    return BLANKS.sub(" ", MARKDOWN_HEADING.sub("", text)).strip()


def title_of_name(name: str) -> str:
    """Make a readable title of a file name: ``reports/annual-report_2025.txt`` → ``annual report 2025``."""
    return BLANKS.sub(" ", re.sub(r"[-_]+", " ", PurePosixPath(name).stem)).strip() or name


def looks_like_title(line: str) -> bool:
    """Whether the first line of a plain text reads like its title: short, and not a sentence of prose."""
    line = line.strip()
    return 0 < len(line) <= MAX_TITLE_CHARACTERS and line[-1] not in ".,;:" and any(c.isalnum() for c in line)
