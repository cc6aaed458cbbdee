"""Files become documents: one entry, `qa_bot.reading.entry.read`, and a module per format.

Which files there are is told without loading a format: they are read in a process of their own.
"""

from qa_bot.reading.seeds import SeedFile, printable, scan, single

__all__ = ["SeedFile", "printable", "scan", "single"]
