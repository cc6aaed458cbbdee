"""Files become documents: one entry, `read`, and a module per format."""

from qa_bot.reading.entry import FORMATS, read
from qa_bot.reading.seeds import SeedFile, printable, scan, single

__all__ = ["FORMATS", "SeedFile", "printable", "read", "scan", "single"]
