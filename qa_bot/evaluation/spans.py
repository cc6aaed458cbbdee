"""How well exact answers agree with gold ones, as SQuAD counts it: exact match and F1 of the words.

Source: Rajpurkar et al. (2016), "SQuAD: 100,000+ Questions for Machine Comprehension of Text", and its official
``evaluate-v2.0.py``, whose definitions these are.
"""

import re
import string
from collections import Counter
from collections.abc import Sequence

ARTICLES = re.compile(r"\b(a|an|the)\b")
NO_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalise(answer: str) -> str:
    """Take off what does not count: case, punctuation, English articles and surplus blanks."""
    return " ".join(ARTICLES.sub(" ", answer.lower().translate(NO_PUNCTUATION)).split())


def exact(answer: str, gold: Sequence[str]) -> float:
    """Give 1 if the answer is one of the gold ones, else 0."""
    return max(float(normalise(answer) == normalise(other)) for other in gold)


def f1(answer: str, gold: Sequence[str]) -> float:
    """Give the harmonic mean of precision and recall of the words, against the gold answer it agrees with best."""
    return max(_f1(normalise(answer).split(), normalise(other).split()) for other in gold)


def _f1(words: Sequence[str], gold: Sequence[str]) -> float:
    if not words or not gold:
        return float(words == gold)
    common = (Counter(words) & Counter(gold)).total()
    return 2 * common / (len(words) + len(gold))
