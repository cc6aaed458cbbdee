"""Measure how well the text of articles is told from what stands around it, as scrapinghub's benchmark does.

``python -m tests.html_benchmark FOLDER``: the folder holds ``ground-truth.json`` and a page for each of its keys,
``KEY.html.gz``. Texts are compared by their runs of four words, each page counts alike. The benchmark's own F1 is that of
the mean precision and the mean recall; the mean of the pages' F1 is given beside it. The second figure is the mean over
every second page: the rules were chosen mostly on the others.
"""

import gzip
import json
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import click

from qa_bot.errors import ReadError
from qa_bot.reading.html import read_html

WORD = re.compile(r"\w+")
RUN = 4
WORST = 10


@dataclass(frozen=True)
class Score:
    """How a text compares with the right one."""

    page: str
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def runs(text: str) -> Counter[tuple[str, ...]]:
    """Count the runs of words of a text; a shorter text is one run."""
    words = WORD.findall(text)
    return Counter(tuple(words[at : at + RUN]) for at in range(max(1, len(words) - RUN + 1)) if words)


def score(page: str, text: str, expected: str) -> Score:
    """Compare a text with the right one."""
    found, right = runs(text), runs(expected)
    common = (found & right).total()
    if found == right:
        return Score(page, 1, 1)
    return Score(page, common / (found.total() or 1), common / (right.total() or 1))


def read(page: Path) -> str:
    """Give the text of a page, none where it is refused."""
    try:
        return read_html(gzip.decompress(page.read_bytes())).text
    except ReadError:
        return ""


def line(name: str, scores: list[Score]) -> str:
    """Give a line of the table."""
    precision, recall = mean(s.precision for s in scores), mean(s.recall for s in scores)
    both = Score(name, precision, recall)
    return f"{name}: precision {precision:.3f}, recall {recall:.3f}, F1 {both.f1:.3f}, mean F1 {mean(s.f1 for s in scores):.3f}"


def main(folder: Path) -> None:
    """Print the worst pages, then the means."""
    started = time.perf_counter()
    truth = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    scores = [score(key, read(folder / f"{key}.html.gz"), truth[key].get("articleBody", "")) for key in sorted(truth)]
    for worst in sorted(scores, key=lambda s: s.f1)[:WORST]:
        click.echo(
            f"{worst.precision:.2f} {worst.recall:.2f} {worst.f1:.2f} {worst.page[:12]} {truth[worst.page]['url']}"
        )
    click.echo(line(f"all {len(scores)} pages", scores))
    click.echo(line("every second page", scores[1::2]))
    click.echo(f"{len(scores) / (time.perf_counter() - started):.1f} pages a second")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
