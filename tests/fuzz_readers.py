"""Feed the readers of all formats with damaged files, guided by what of the code they reach.

``python -m tests.fuzz_readers SUFFIX FOLDER [ARGUMENTS OF LIBFUZZER]`` mutates the files of FOLDER, for example
``python -m tests.fuzz_readers .pdf /tmp/samples -max_total_time=300``. It needs atheris, which is not among what this
project requires: ``.venv/bin/pip install atheris``. Whatever a reader raises but `ReadError` ends the run, and leaves the
input behind as ``crash-…``; memory and time are limited as for every file.
"""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["qa_bot.reading", "mammoth", "markdown_it", "trafilatura"]):
    from qa_bot.errors import ReadError
    from qa_bot.reading.entry import FORMATS

from qa_bot.records import Document
from qa_bot.splitting import split


def check(suffix: str, raw: bytes) -> None:
    """Read and split bytes; the blocks must hold every character that is no blank."""
    try:
        extract = FORMATS[suffix](raw)
    except ReadError:
        return
    text, end = extract.text, 0
    for block in extract.blocks:
        assert end <= block.start < block.end <= len(text), block
        assert not text[end : block.start].strip(), text[end : block.start]
        end = block.end
    assert not text[end:].strip(), text[end:]
    split(Document("a", "a", "a", text, extract.blocks, ""))


def main() -> None:
    """Run libFuzzer."""
    suffix, folder, *arguments = sys.argv[1:]
    assert suffix in FORMATS, f"one of {', '.join(FORMATS)}"
    assert Path(folder).is_dir(), folder
    atheris.Setup(
        [sys.argv[0], *arguments, "-rss_limit_mb=1500", "-timeout=20", folder], lambda raw: check(suffix, raw)
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
