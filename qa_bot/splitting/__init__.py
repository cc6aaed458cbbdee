"""Documents become paragraphs and sentences, by offsets: slicing is the only way text leaves a document."""

from qa_bot.splitting.paragraphs import SPLITTER_VERSION, split

__all__ = ["SPLITTER_VERSION", "split"]
