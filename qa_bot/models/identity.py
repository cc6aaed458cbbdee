"""Which model it is: what is made by one model fits no other."""

import contextlib
import hashlib
from dataclasses import dataclass
from pathlib import Path

HUB_PREFIX = "sentence-transformers/"


@dataclass(frozen=True, slots=True)
class Identity:
    """Which model an encoder or a reader is: vectors of two encoders may be compared only if these are equal."""

    model: str
    digest: str


def identity_of(model: str, path: Path | None) -> Identity:
    """Tell which model a folder holds or, without one, which commit of it lies in the local cache of the hub."""
    return Identity(model, (cached_commit(model) or "unknown") if path is None else _digest_of_weights(path))


def cached_commit(model: str) -> str | None:
    """Tell which commit of a hub model lies in the local cache."""
    from huggingface_hub import try_to_load_from_cache

    for name in (model, HUB_PREFIX + model):
        with contextlib.suppress(ValueError):
            cached = try_to_load_from_cache(name, "config.json")
            if isinstance(cached, str):
                return Path(cached).parent.name
    return None


def _digest_of_weights(path: Path) -> str:
    """Digest every file of a model folder that can change what it gives."""
    digest = hashlib.sha256()
    for file in sorted(path.rglob("*")):
        if file.suffix in {".safetensors", ".bin", ".json", ".txt", ".model"} and file.is_file():
            digest.update(file.relative_to(path).as_posix().encode())
            with file.open("rb") as handle:
                digest.update(hashlib.file_digest(handle, "sha256").digest())
    return digest.hexdigest()
