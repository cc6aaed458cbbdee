"""The one entry through which every format becomes a `Document`."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from qa_bot.errors import ReadError
from qa_bot.languages import language_of
from qa_bot.limits import Limits
from qa_bot.reading.delimited import read_delimited
from qa_bot.reading.epub import read_epub
from qa_bot.reading.extract import Extract, Format
from qa_bot.reading.html import read_html
from qa_bot.reading.json_pairs import read_json, read_json_lines
from qa_bot.reading.markdown import read_markdown
from qa_bot.reading.opendocument import read_opendocument
from qa_bot.reading.pdf import read_pdf
from qa_bot.reading.plain import read_plain
from qa_bot.reading.rtf import read_rtf
from qa_bot.reading.suffixes import NO_FORMAT
from qa_bot.reading.titles import clean_title, title_of_name
from qa_bot.reading.word import read_word
from qa_bot.records import Document, Role

FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        ".txt": read_plain,
        ".md": read_markdown,
        ".markdown": read_markdown,
        ".html": read_html,
        ".htm": read_html,
        ".xhtml": read_html,
        ".csv": read_delimited,
        ".tsv": read_delimited,
        ".json": read_json,
        ".jsonl": read_json_lines,
        ".docx": read_word,
        ".odt": read_opendocument,
        ".epub": read_epub,
        ".rtf": read_rtf,
        ".pdf": read_pdf,
    }
)

BYTES_PER_MB = 1_000_000
DEFAULTS = Limits()


def read(path: Path, *, name: str | None = None, limits: Limits = DEFAULTS) -> Document:
    """Read a file of any known format.

    Args:
        path: the file.
        name: what the document is called; the file's name if not given.
        limits: the largest file and the longest text; time and memory are limited by the one who calls.

    Raises:
        ReadError: the file cannot become a document; the message says why and how to mend it.

    """
    extract_of = FORMATS.get(path.suffix.lower())
    if extract_of is None:
        msg = f"has {NO_FORMAT}: convert it, or remove it"
        raise ReadError(msg)
    raw = _read_bytes(path, limits.max_file_mb)
    extract = extract_of(raw)
    if not extract.text.strip():
        msg = "is empty: put text into it, or remove it"
        raise ReadError(msg)
    if len(extract.text) > limits.max_characters:
        msg = (
            f"holds {len(extract.text):,} characters, more than the {limits.max_characters:,} allowed: split it, or raise "
            "max_characters under [reading] in config.toml"
        )
        raise ReadError(msg)
    name = name or path.name
    return Document(
        name=name,
        title=clean_title(extract.title or _title_block(extract)) or title_of_name(name),
        source=extract.source or name,
        text=extract.text,
        blocks=extract.blocks,
        digest=hashlib.sha256(raw).hexdigest(),
        warnings=extract.warnings,
        language=extract.language or language_of(extract.text),
        date=extract.date,
        author=extract.author,
    )


def _title_block(extract: Extract) -> str:
    return next((extract.text[block.start : block.end] for block in extract.blocks if block.role is Role.TITLE), "")


def _read_bytes(path: Path, max_file_mb: float) -> bytes:
    try:
        if not path.is_file() and (path.exists() or path.is_symlink()):
            msg = "is a folder, not a file" if path.is_dir() else "is no regular file: remove it"
            raise ReadError(msg)
        size = path.stat().st_size
        if size > max_file_mb * BYTES_PER_MB:
            msg = (
                f"has {size / BYTES_PER_MB:.1f} MB, more than the {max_file_mb:g} MB allowed: "
                "split it, or raise max_file_mb under [reading] in config.toml"
            )
            raise ReadError(msg)
        return path.read_bytes()
    except OSError as exc:
        msg = f"cannot be read ({exc.strerror or exc}): check that it exists and its permissions"
        raise ReadError(msg) from exc
