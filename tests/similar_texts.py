"""Paragraphs of few different words, so that they resemble each other."""

import numpy as np

SUBJECTS = [
    "Haftar",
    "Libya",
    "Tripoli",
    "Benghazi",
    "army",
    "parliament",
    "oil",
    "port",
    "border",
    "militia",
    "airport",
    "ceasefire",
]
FILLERS = ["the", "of", "in", "was", "and", "by", "with", "under", "near"]


def texts_of(seed: int, count: int) -> list[str]:
    """Make paragraphs of one to three sentences."""
    generator = np.random.default_rng(seed)
    return [
        " ".join(
            " ".join(generator.choice(SUBJECTS + FILLERS, size=generator.integers(3, 9))).capitalize() + "."
            for _ in range(generator.integers(1, 4))
        )
        for _ in range(count)
    ]
