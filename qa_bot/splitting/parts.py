"""Texts without a break, such as transcripts, are cut into parts that can be found, read and quoted."""

import re
from collections.abc import Iterable, Iterator

from qa_bot.records import Sentence

# What people set as one paragraph is far shorter (SQuAD's longest has 3,700 characters) and stays whole; longer ones are cut …
LONGEST_PARAGRAPH = 20_000
# … into parts of about this many characters, long as paragraphs of articles are.
LONGEST_PART = 1_500

NON_BLANK = re.compile(r"\S")


def parts_of(text: str, sentences: Iterable[Sentence]) -> Iterator[tuple[Sentence, ...]]:
    """Gather sentences into parts; one that is longer than a part is cut itself, at a blank if it has any."""
    part: list[Sentence] = []
    for sentence in (fitting for whole in sentences for fitting in _fitting(text, whole)):
        if part and sentence.end - part[0].start > LONGEST_PART:
            yield tuple(part)
            part = []
        part.append(sentence)
    if part:
        yield tuple(part)


def _fitting(text: str, sentence: Sentence) -> Iterator[Sentence]:
    start = sentence.start
    while sentence.end - start > LONGEST_PART:
        end = start + LONGEST_PART
        blank = max(text.rfind(" ", start + 1, end), text.rfind("\n", start + 1, end))
        cut = blank if blank > 0 else end
        yield Sentence(start, start + len(text[start:cut].rstrip()))
        following = NON_BLANK.search(text, cut, sentence.end)
        assert following is not None
        start = following.start()
    yield Sentence(start, sentence.end)
