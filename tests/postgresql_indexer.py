"""An indexer in a process of its own, whose encoder says when it is at work and then takes for ever: it is meant to be killed."""

import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from stand_ins import WordEncoder

from qa_bot.encoder.vectors import Vectors
from qa_bot.index.encoding import no_progress
from qa_bot.index.postgresql.connecting import Server
from qa_bot.index.postgresql.keeping import Database
from qa_bot.limits import Limits
from qa_bot.reading import scan


class EndlessEncoder(WordEncoder):
    """Encodes the first batch, and no more."""

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Say so, and wait for the end, if there is a paragraph of the second batch among the texts."""
        if any("last" in text for text in texts):
            sys.stdout.write("encoding\n")
            sys.stdout.flush()
            threading.Event().wait()
        return super().encode_documents(texts)


if __name__ == "__main__":
    dsn, schema, seeds = sys.argv[1:]
    keeper = Database(Server(dsn, schema, search_seconds=10, retry_seconds=5), room=1_000_000)
    keeper.update(scan(Path(seeds), Limits(max_file_mb=20)), EndlessEncoder(), progress=no_progress)
