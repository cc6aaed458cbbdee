"""Whether the words of one text stand in another: by runs of words, as the benchmark compares pages."""

import re
from collections.abc import Iterator

# Chinese, Japanese and Korean are written without blanks between words: there each character counts.
_CHARACTERS = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"
WORD = re.compile(rf"[{_CHARACTERS}]|[^\W{_CHARACTERS}]+")
RUN = 4
MARKER = re.compile(r"^ *(?:- |\d+\. )")

Runs = frozenset[tuple[str, ...]]


def words_of(text: str) -> list[str]:
    """Give the words of a text in small letters."""
    return WORD.findall(text.lower())


def runs_of(text: str) -> Runs:
    """Give all runs of words that stand in a line of a text."""
    return frozenset(run for line in text.split("\n") for run in _runs(line))


def share_in(text: str, runs: Runs) -> float:
    """Give the share of a text whose words stand in a row in another."""
    own = [run for line in text.split("\n") for run in _runs(MARKER.sub("", line))]
    return sum(run in runs for run in own) / len(own) if own else 0.0


def _runs(line: str) -> Iterator[tuple[str, ...]]:
    words = words_of(line)
    if words:
        yield from (tuple(words[at : at + RUN]) for at in range(max(1, len(words) - RUN + 1)))
