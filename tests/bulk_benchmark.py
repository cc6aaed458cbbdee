"""What keeping costs that a build has encoded, and how fast Ray encodes: ``PYTHONPATH=tests python -m tests.bulk_benchmark FOLDER``.

The folder is that of a collection. Processors are busy with other work, so the seconds of processors count for what is kept.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from qa_bot.config import EncoderSettings, Settings
from qa_bot.encoder.packaged import PackagedEncoder
from qa_bot.evaluation.collection import load_collection
from qa_bot.index.choosing import choose_workers
from qa_bot.index.drafting import passage_of
from qa_bot.index.encoding import Passage, encode_passages, no_progress
from qa_bot.index.resuming import ResumingEncoder
from qa_bot.splitting import split

THREADS = 2


def passages_of(folder: Path, count: int) -> list[Passage]:
    """Read the first paragraphs of a collection."""
    found: list[Passage] = []
    for source in load_collection(folder / "paragraphs.jsonl"):
        document = source.read()
        found += [passage_of(document, paragraph) for paragraph in split(document) if paragraph.role.quotable]
        if len(found) >= count:
            break
    return found[:count]


def keeping(encoder: PackagedEncoder, passages: list[Passage]) -> str:
    """Measure what it costs to keep the paragraphs, once they are encoded, and to find them again."""
    began = time.process_time()
    encoded, matrix = encode_passages(passages, encoder, no_progress)
    encoding = time.process_time() - began
    with tempfile.TemporaryDirectory() as name:
        parts = ResumingEncoder(encoder, Path(name))
        began = time.process_time()
        parts.keep(passages, encoded, matrix)
        kept = time.process_time() - began
        size = sum(file.stat().st_size for file in Path(name).rglob("*") if file.is_file())
        began = time.process_time()
        encode_passages(passages, ResumingEncoder(encoder, Path(name)), no_progress)
        found = time.process_time() - began
    return (
        f"{len(passages)} paragraphs: encoding {encoding:.1f} s of processors, keeping {kept:.2f} s "
        f"({100 * kept / encoding:.2f} %) and {size / len(passages):,.0f} bytes a paragraph, going on {found:.2f} s"
    )


def spread(encoder: PackagedEncoder, passages: list[Passage]) -> str:
    """Measure how fast threads of one process and workers of Ray encode, in turns."""
    settings = Settings(encoder=EncoderSettings(threads=THREADS))
    half = len(passages) // 2
    seconds = {"threads": 0.0, "Ray": 0.0}
    with choose_workers(settings, encoder, "local") as workers:
        # Both have loaded their models.
        encode_passages(passages[:64], workers, no_progress)
        for part in (passages[:half], passages[half:]):
            for name, who in (("threads", encoder), ("Ray", workers)):
                began = time.perf_counter()
                encode_passages(part, who, no_progress)
                seconds[name] += time.perf_counter() - began
    rates = [f"{len(passages) / taken:.1f} by {name}" for name, taken in seconds.items()]
    return f"{THREADS} cores, paragraphs a second: {', '.join(rates)}"


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description="What keeping costs that a build has encoded.")
    parser.add_argument("folder", type=Path, help="the folder of a collection")
    parser.add_argument("--paragraphs", type=int, default=600)
    parser.add_argument("--ray", action="store_true", help="compare with workers of Ray")
    arguments = parser.parse_args()
    encoder = PackagedEncoder(threads=THREADS)
    encoder.load()
    passages = passages_of(arguments.folder, arguments.paragraphs)
    if arguments.ray:
        sys.stdout.write(f"{spread(encoder, passages)}\n")
    sys.stdout.write(f"{keeping(encoder, passages)}\n")


if __name__ == "__main__":
    main()
