"""How much reading a file may cost."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest file (megabytes), and the time (seconds), memory (megabytes) and text (characters) that it may take.

    The settings of ``[reading]`` have the same names and defaults.
    """

    max_file_mb: float = 20
    max_seconds: float = 20
    max_memory_mb: int = 1_000
    max_characters: int = 20_000_000

    def to_json(self) -> str:
        """Write them so that `from_json` can read them."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Limits":
        """Read what `to_json` wrote."""
        return cls(**json.loads(text))
