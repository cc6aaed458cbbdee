"""Which encoder a name means."""

from pathlib import Path

from qa_bot.encoder.packaged import NAMES, PackagedEncoder
from qa_bot.encoder.sentence_transformer import SentenceEncoder
from qa_bot.encoder.vectors import Encoder
from qa_bot.errors import ConfigError
from qa_bot.models.precision import Precision, cores


def choose_encoder(model: str, *, folder: Path, precision: Precision, threads: int, batch_size: int) -> Encoder:
    """Choose an encoder; it loads at its first text.

    Args:
        model: a name at the hub of models, or a path; ``all-MiniLM-L6-v2`` is packaged and needs no network.
        folder: what a relative path is relative to.
        precision: ``int8``, which only the packaged model has; with it ``auto`` means that.
        threads: how many threads encode; 0 for all cores this process may use.
        batch_size: how many texts each thread encodes at once, where the model is not in int8.

    Raises:
        ConfigError: another model than the packaged one is to compute in int8.

    """
    if model in NAMES and precision in {"auto", "int8"}:
        return PackagedEncoder(threads=cores(threads))
    if precision == "int8":
        msg = (
            f"the encoder {model!r} has no int8 form, which only the packaged one has: set precision under [encoder] in "
            "config.toml to auto"
        )
        raise ConfigError(msg)
    return SentenceEncoder(model, folder=folder, precision=precision, threads=threads, batch_size=batch_size)
