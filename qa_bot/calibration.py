"""Scores → probability that a paragraph answers, corrected by what the operator's own questions taught."""

import hashlib
import math
import os
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

from qa_bot.encoder import Identity
from qa_bot.errors import CalibrationError
from qa_bot.records import Signals
from qa_bot.weights import ConfidenceWeights, Weights

FILE = "calibration.json"
SCHEMA = 1


class Fingerprint(BaseModel):
    """What probabilities depend on: the encoder, the reader, the weights, and the documents."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    encoder: str
    reader: str | None
    weights: str
    documents: str

    @classmethod
    def of(cls, encoder: Identity, reader: Identity | None, weights: Weights, documents: dict[str, str]) -> Self:
        """Take the fingerprint; ``documents`` are the digests of the documents by name."""
        return cls(
            encoder=encoder.digest,
            reader=reader.digest if reader else None,
            weights=_digest(weights.model_dump_json(exclude={"provenance"})),
            documents=_digest("\n".join(f"{name}\t{digest}" for name, digest in sorted(documents.items()))),
        )

    def same_scores(self, other: "Fingerprint") -> bool:
        """Whether scores mean the same, though the documents may have changed."""
        return self.model_copy(update={"documents": other.documents}) == other


class Calibration(BaseModel):
    """What an operator's own questions teach: logit → ``slope`` · logit + ``bias``, and the threshold that suits them.

    Source: Platt (1999), "Probabilistic Outputs for Support Vector Machines".
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_: int = SCHEMA
    slope: float
    bias: float
    threshold: float
    max_error: float
    questions: int
    made: str
    fingerprint: Fingerprint

    @classmethod
    def load(cls, folder: Path) -> Self | None:
        """Read the calibration stored with the index, if there is one. Raises `CalibrationError` if it is damaged."""
        file = folder / FILE
        try:
            return cls.model_validate_json(file.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValidationError) as exc:
            msg = f"{file} is damaged: run qa-bot calibrate again, or delete it"
            raise CalibrationError(msg) from exc

    def store(self, folder: Path) -> None:
        """Put it beside the index, in one step. Raises `CalibrationError` if it cannot be written."""
        file = folder / FILE
        beside = file.with_suffix(f".{os.getpid()}.new")
        try:
            beside.write_text(self.model_dump_json(indent=1) + "\n", encoding="utf-8")
            beside.replace(file)
        except OSError as exc:
            msg = f"{file} cannot be written ({exc.strerror or exc}): make room, or mend its permissions"
            raise CalibrationError(msg) from exc


def confidence(signals: Signals, weights: ConfidenceWeights, calibration: Calibration | None = None) -> float:
    """Estimate the probability that a paragraph answers the question."""
    value = logit(signals, weights)
    return sigmoid(value if calibration is None else calibration.slope * value + calibration.bias)


def logit(signals: Signals, weights: ConfidenceWeights) -> float:
    """Weigh the signals; positive where an answer is more likely than none."""
    return (
        weights.bias
        + weights.coverage * signals.coverage
        + weights.cosine * signals.cosine
        + weights.late * signals.late
        + weights.type * signals.type
        + weights.known * signals.known
        + weights.lead * signals.lead
        + weights.reader * signals.reader
    )


def sigmoid(value: float) -> float:
    """Give 1 / (1 + e^-value), for any value."""
    return 1 / (1 + math.exp(-value)) if value >= 0 else 1 - 1 / (1 + math.exp(value))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
