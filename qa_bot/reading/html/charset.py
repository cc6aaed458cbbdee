"""The encoding that a page names at its beginning."""

import re

# Browsers look no further for it, by the standard; a little more does no harm.
BEGINNING = 4_096
XML = re.compile(rb"\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)")
META = re.compile(rb"<meta[^>]{0,400}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)


def declared_encoding(raw: bytes) -> str | None:
    """Give the encoding that the beginning of a page says it is written in."""
    beginning = COMMENT.sub(b"", raw[:BEGINNING])
    found = META.search(beginning) or XML.search(beginning)
    return found[1].decode("ascii") if found else None
