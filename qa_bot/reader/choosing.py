"""Which reader a name means."""

from pathlib import Path

from qa_bot.models.int8 import MODEL
from qa_bot.models.precision import Precision, cores
from qa_bot.reader.packaged import PACKAGED_READER, PackagedReader
from qa_bot.reader.reading import Reader
from qa_bot.reader.transformer import TransformerReader


def choose_reader(name: str, *, folder: Path, precision: Precision, threads: int) -> Reader:
    """Choose a reader; it loads at its first question.

    Args:
        name: ``packaged``, a name at the hub of models, or a path, also of a folder that ``make reader`` left.
        folder: what a relative path is relative to.
        precision: how a model of torch computes; the packaged one is in int8.
        threads: how many threads of the packaged reader read a passage each; 0 for all cores this process may use.

    """
    if name == PACKAGED_READER:
        return PackagedReader(name, threads=cores(threads))
    path = folder / Path(name).expanduser()
    if (path / MODEL).is_file():
        return PackagedReader(name, threads=cores(threads), folder=path)
    return TransformerReader(name, folder=folder, precision=precision)
