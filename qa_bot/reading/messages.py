"""What is said between the program and the process that reads files for it: a line of JSON each."""

from pydantic import BaseModel, ConfigDict

from qa_bot.limits import Limits
from qa_bot.records import Document

LINE_END = b"\n"
READY = b""
# What a character takes in JSON at most, its share of the blocks included, for text that is any use to anybody.
BYTES_PER_CHARACTER = 12


class Request(BaseModel):
    """A file to read, whose name may be any bytes, and what its document is called."""

    model_config = ConfigDict(frozen=True, ser_json_bytes="base64", val_json_bytes="base64")

    path: bytes
    name: str


class Reply(BaseModel):
    """A document, or why there is none."""

    model_config = ConfigDict(frozen=True)

    document: Document | None = None
    refused: str = ""


def most_bytes(limits: Limits) -> int:
    """Give how long a reply may be."""
    return BYTES_PER_CHARACTER * limits.max_characters + (1 << 16)
