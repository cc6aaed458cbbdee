"""Measure which share of files in old and odd encodings is decoded to the right text.

``python -m tests.encodings_benchmark FOLDER``: the folder holds folders named by their encoding, with or without a language
behind it: ``windows-1250-czech``. The right text is what Python's codec of that name makes of the bytes; files for which
there is none, or which it cannot decode, are left out.
"""

import codecs
import sys
import time
from pathlib import Path

import click

from qa_bot.errors import ReadError
from qa_bot.reading.decoding import LINE_ENDS, decode

NAMES = {"maccyrillic": "mac_cyrillic", "macroman": "mac_roman"}


def codec_of(folder: str) -> str | None:
    """Give the codec that a folder is named by: as many parts of its name as make one."""
    parts = folder.lower().split("-")
    for length in range(len(parts), 0, -1):
        name = "-".join(parts[:length])
        try:
            return codecs.lookup(NAMES.get(name, name)).name
        except LookupError:
            continue
    return None


def right_text(raw: bytes, codec: str) -> str | None:
    """Give the text as it should be, without its mark and with plain line ends."""
    try:
        return LINE_ENDS.sub("\n", raw.decode(codec)).removeprefix("\ufeff")
    except UnicodeError:
        return None


def read(raw: bytes) -> tuple[str, str]:
    """Decode; give the text and the encoding, or why there is none."""
    try:
        decoded = decode(raw)
    except ReadError as exc:
        return "", str(exc)
    return decoded.text, decoded.encoding


def main(root: Path) -> None:
    """Print the files that are decoded wrongly, then the share of the others."""
    started = time.perf_counter()
    total = right = 0
    for path in sorted(path for path in root.rglob("*") if path.is_file() and path.parent != root):
        codec = codec_of(path.parent.name)
        raw = path.read_bytes()
        expected = right_text(raw, codec) if codec else None
        if expected is None:
            continue
        text, encoding = read(raw)
        total += 1
        right += text == expected
        if text != expected:
            click.echo(f"{path.parent.name}/{path.name}: {encoding}")
    click.echo(f"{right} of {total} right ({right / total:.3f}), {time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
