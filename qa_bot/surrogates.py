"""Characters that no encoding can carry."""

import re

SURROGATES = re.compile(r"[\ud800-\udfff]")


def replace_surrogates(text: str) -> str:
    """Replace each lone surrogate by U+FFFD, so that a text can be stored and sent; lengths stay as they are."""
    return SURROGATES.sub("\ufffd", text)
