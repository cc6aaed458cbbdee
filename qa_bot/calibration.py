"""Scores → probability that a paragraph answers, corrected by what the operator's own questions taught."""

import hashlib
import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from qa_bot.errors import CalibrationError
from qa_bot.models.identity import Identity
from qa_bot.records import Signals
from qa_bot.weights import ConfidenceWeights, Weights

FILE = "calibration.json"
# Raised whenever the file means something else than before.
SCHEMA: Literal[2] = 2

MEND = "run: qa-bot calibrate QUESTIONS"


class Fingerprint(BaseModel):
    """What probabilities depend on: the encoder, the reader, the weights, how texts are cut, and the documents.

    ``reads`` is how many hits the reader reads (0 without one), ``texts`` the versions of splitter and terms.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    encoder: str
    reader: str | None
    reads: int
    weights: str
    texts: str
    documents: str

    @classmethod
    def of(
        cls,
        encoder: Identity,
        reader: Identity | None,
        weights: Weights,
        documents: dict[str, str],
        *,
        reads: int,
        texts: str,
    ) -> Self:
        """Take the fingerprint; ``documents`` are the digests of the documents by name."""
        return cls(
            encoder=encoder.digest,
            reader=reader.digest if reader else None,
            reads=reads if reader else 0,
            weights=_digest(weights.model_dump_json(exclude={"provenance"})),
            texts=texts,
            documents=_digest("\n".join(f"{name}\t{digest}" for name, digest in sorted(documents.items()))),
        )

    def changed_scores(self, now: "Fingerprint") -> tuple[str, ...]:
        """Name what has changed so that scores do not mean the same any more; documents alone do not do that."""
        return tuple(noun for name, noun in _NOUNS.items() if getattr(self, name) != getattr(now, name))


_NOUNS = {
    "encoder": "the encoder",
    "reader": "the reader",
    "reads": "how many paragraphs it reads",
    "weights": "the weights",
    "texts": "the way texts are split",
}


class Calibration(BaseModel):
    """What an operator's own questions teach: logit → ``slope`` · logit + ``bias``, and the threshold that suits them.

    ``coverage``, ``error_rate`` and ``ece`` say how it does on questions that it was not fitted on, ``made`` is the day.
    Source: Platt (1999), "Probabilistic Outputs for Support Vector Machines".
    """

    model_config = ConfigDict(extra="forbid", frozen=True, validate_by_name=True, serialize_by_alias=True)

    schema_: Annotated[Literal[2], Field(alias="schema")] = SCHEMA
    slope: float
    bias: float
    threshold: Annotated[float, Field(ge=0, le=1)]
    max_error: float
    coverage: float
    error_rate: float
    ece: float
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
            msg = f"{file} is damaged, or of another version: {MEND}, or delete the file"
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


@dataclass(frozen=True, slots=True)
class StoredCalibration:
    """The calibration that is stored with an index, if there is one, against what scores depend on now."""

    stored: Calibration | None
    now: Fingerprint

    @property
    def usable(self) -> Calibration | None:
        """The calibration, as long as scores mean what they meant when it was made."""
        return None if self.stored is None or self.stored.fingerprint.changed_scores(self.now) else self.stored

    @property
    def outdated(self) -> str | None:
        """What is wrong with it and how to mend that, in one line; ``None`` if nothing is, or if there is none."""
        if self.stored is None or self.stored.fingerprint == self.now:
            return None
        changed = self.stored.fingerprint.changed_scores(self.now)
        if changed:
            return f"the calibration is not used, since {' and '.join(changed)} changed after it was made: {MEND}"
        return (
            f"the calibration is outdated, since the documents changed after it was made on {self.stored.made}: {MEND}"
        )


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
