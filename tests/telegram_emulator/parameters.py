"""What a request asks for: the parameters, read as the real server reads them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from telegram_emulator.errors import refuse

Json = dict[str, Any]

# On the wire these are JSON inside a string; all other parameters are numbers, words or texts.
JSON_NAMES = frozenset({
    "allowed_updates", "button", "caption_entities", "commands", "entities", "link_preview_options", "message_ids",
    "reaction", "reply_markup", "reply_parameters", "results", "scope",
})  # fmt: skip
INTEGER_NAMES = frozenset({
    "cache_time", "chat_id", "draft_id", "limit", "max_connections", "message_id", "message_thread_id", "offset",
    "reply_to_message_id", "timeout", "user_id",
})  # fmt: skip


class Upload(NamedTuple):
    """A file that came with a request."""

    name: str
    content: bytes
    mime_type: str = "application/octet-stream"


@dataclass(frozen=True)
class Parameters:
    """The parameters of one request by their names, and its files by the names of their parts."""

    values: Mapping[str, Any]
    files: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Give a text, empty when it is missing."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def integer(self, name: str, default: int = 0, least: int = -(2**63), most: int = 2**63) -> int:
        """Give a number, brought within its bounds; what is none counts as missing."""
        try:
            value = int(str(self.values[name]))
        except (KeyError, ValueError):
            return default
        return min(max(value, least), most)

    def flag(self, name: str) -> bool:
        """Say whether something is asked for."""
        return self.text(name).strip().lower() in {"true", "yes", "1"}

    def json(self, name: str) -> Any:
        """Give what JSON holds, or nothing when it is missing."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            refuse(f"can't parse {name.replace('_', ' ')} JSON object")

    def readable(self) -> Json:
        """Give all parameters as Python values, for a test to look at."""
        return {name: self._readable(name, value) for name, value in self.values.items()}

    def _readable(self, name: str, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if value in {"true", "false"}:
            return value == "true"
        if name in INTEGER_NAMES and value.lstrip("-").isdigit():
            return int(value)
        if name in JSON_NAMES:
            try:
                return json.loads(value)
            except ValueError:
                return value
        return value
