"""The fitted weights: how much each score counts. Read from a file that says what they were fitted on."""

from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from qa_bot.errors import ConfigError

FOLDER = Path(__file__).parent / "fitted"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RankingWeights(_Part):
    """What a hit is ordered by: the weighted sum of its scores."""

    paragraph: float
    sentence: float
    lexical: float
    late: float
    type: float
    meaning: float
    reader: float


class SentenceWeights(_Part):
    """Which sentence of a paragraph answers: the one with the highest weighted sum of its scores."""

    coverage: float
    cosine: float
    late: float
    type: float
    reader: float


class ConfidenceWeights(_Part):
    """The logistic model of "this paragraph answers"; see `qa_bot.calibration.Signals` for what is weighed."""

    bias: float
    coverage: float
    cosine: float
    late: float
    type: float
    known: float
    lead: float
    reader: float


class Weights(_Part):
    """All weights that belong to one reader, or to none, with the least confidence of an answer that suits them.

    ``reach`` is how far behind the best hit one may be, before any is read, for the reader to be worth asking; ``provenance`` says what they were fitted on, how and how well they do on what they were not fitted on.
    """

    reader: str | None
    ranking: RankingWeights
    sentence: SentenceWeights
    confidence: ConfidenceWeights
    reach: float
    threshold: float
    provenance: dict[str, Any]

    @classmethod
    def load(cls, file: Path) -> Self:
        """Read weights. Raises `ConfigError`."""
        try:
            return cls.model_validate_json(file.read_bytes(), strict=True)
        except (OSError, ValidationError) as exc:
            reason = f"{exc.error_count()} wrong fields" if isinstance(exc, ValidationError) else exc.strerror
            msg = f"the weights {file} cannot be used ({reason}): fit them anew with make weights"
            raise ConfigError(msg) from exc


def packaged_weights(reader: str | None) -> Path:
    """Name the packaged file of weights for a reader, or for none."""
    return FOLDER / ("without-reader.json" if reader is None else "with-reader.json")
