"""Index a thousand documents of all formats, some of them hostile, then again after ten of them have changed.

``python -m tests.corpus_benchmark [DATA]``: the words are those of the paragraphs of SQuAD 2.0 in DATA, the folder of public
collections. Prints seconds, the peak memory of the indexing process and of the one that reads, what was refused and why, and
how many documents and paragraphs were read again.
"""

import itertools
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from html import escape
from pathlib import Path

import click
import psutil
from office_files import book, opendocument, p, pack, styled, word
from pdf_layouts import LAYOUTS, set_in_type

DOCUMENTS = 1_000
PARAGRAPHS = 4
CHANGED = 10
LAYOUTS_USED = tuple(LAYOUTS.values())


def as_text(title: str, texts: Sequence[str]) -> bytes:
    """Write a plain text."""
    return "\n\n".join([title, *texts]).encode()


def as_markdown(title: str, texts: Sequence[str]) -> bytes:
    """Write Markdown with headings and front matter."""
    body = "\n\n".join(f"## Part {number}\n\n{text}" for number, text in enumerate(texts, start=1))
    return f"---\ndate: 2024-05-01\nsource: https://example.org/a\n---\n# {title}\n\n{body}\n".encode()


def as_html(title: str, texts: Sequence[str]) -> bytes:
    """Write a page with what stands around an article."""
    body = "".join(f"<p>{escape(text)}</p>" for text in texts)
    return (
        f"<!doctype html><html lang='en'><head><title>{escape(title)}</title></head><body><nav><a href='/'>Home</a>"
        f"<a href='/news'>News</a></nav><article><h1>{escape(title)}</h1>{body}</article><script>alert(1)</script>"
        "<footer>© 2024 Somebody. All rights reserved.</footer></body></html>"
    ).encode()


def as_word(title: str, texts: Sequence[str]) -> bytes:
    """Write a Word document."""
    return word(styled(escape(title), "Title") + "".join(p(escape(text)) for text in texts))


def as_opendocument(title: str, texts: Sequence[str]) -> bytes:
    """Write an OpenDocument text."""
    body = "".join(f"<text:p>{escape(text)}</text:p>" for text in texts)
    return opendocument(f"<text:h text:outline-level='1'>{escape(title)}</text:h>{body}")


def as_book(title: str, texts: Sequence[str]) -> bytes:
    """Write an e-book, a chapter for each paragraph."""
    chapters = {f"c{n}": f"<h1>Chapter {n}</h1><p>{escape(text)}</p>" for n, text in enumerate(texts, start=1)}
    return book(chapters, metadata=f"<dc:title>{escape(title)}</dc:title>")


def as_rich_text(title: str, texts: Sequence[str]) -> bytes:
    """Write Rich Text."""
    written = "\\par\n".join(
        "".join(
            character if character.isascii() and character not in "\\{}" else f"\\u{_signed(character)}?"
            for character in text
        )
        for text in [title, *texts]
    )
    return f"{{\\rtf1\\ansi {written}\\par}}".encode()


def _signed(character: str) -> int:
    """Give a character as Rich Text counts, in 16 bits with a sign; those beyond are left out of the sample."""
    code = min(ord(character), 0xFFFD)
    return code - 0x10000 if code >= 0x8000 else code


def as_pairs(title: str, texts: Sequence[str]) -> bytes:
    """Write questions with their answers as JSON Lines."""
    return "\n".join(
        json.dumps({"question": f"What of {title}, {n}?", "answer": text}) for n, text in enumerate(texts, start=1)
    ).encode()


def as_table(title: str, texts: Sequence[str]) -> bytes:
    """Write questions with their answers as a table."""
    rows = (f'"What of {title}, {n}?","{text.replace(chr(34), chr(34) * 2)}"' for n, text in enumerate(texts, start=1))
    return "\n".join(["question,answer", *rows]).encode()


def as_pdf(title: str, texts: Sequence[str]) -> bytes:
    """Write a PDF of one of the layouts."""
    return set_in_type(title, list(texts), LAYOUTS_USED[sum(map(len, texts)) % len(LAYOUTS_USED)])


Writer = Callable[[str, Sequence[str]], bytes]
WRITERS: dict[str, Writer] = {
    ".txt": as_text, ".md": as_markdown, ".html": as_html, ".docx": as_word, ".odt": as_opendocument, ".epub": as_book,
    ".rtf": as_rich_text, ".jsonl": as_pairs, ".csv": as_table, ".pdf": as_pdf,
}  # fmt: skip


def hostile() -> dict[str, bytes]:
    """Give files that no document can be made of."""
    bomb = pack({"word/document.xml": b"\0" * 300_000_000, "_rels/.rels": "<Relationships/>"})
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    return {
        "bomb.docx": bomb,
        "entities.odt": pack({"content.xml": f"<!DOCTYPE x [{entities}]><x>&e9;</x>", "mimetype": "x"}),
        "empty.txt": b"",
        "binary.txt": bytes(range(32)) * 1_000,
        "cut.pdf": as_pdf("Cut", ["Some words."])[:400],
        "no.pdf": b"This is no PDF.",
        "no.docx": b"This is no archive.",
        "unknown.xyz": b"Some words.",
        "deep.html": b"<div>" * 200_000,
        "numbers.jsonl": b"1\n2\n3\n",
    }


def write_corpus(folder: Path, data: Path) -> None:
    """Write the documents."""
    with (data / "squad2" / "paragraphs.jsonl").open(encoding="utf-8") as lines:
        paragraphs = [json.loads(line) for line in lines]
    sample = itertools.cycle(paragraphs)
    for number in range(DOCUMENTS):
        suffix = list(WRITERS)[number % len(WRITERS)]
        chosen = list(itertools.islice(sample, PARAGRAPHS))
        # Where the paragraphs begin again, no document repeats another.
        texts = [f"{paragraph['text']} This stands in document {number}." for paragraph in chosen]
        (folder / f"{number:04}{suffix}").write_bytes(WRITERS[suffix](f"{chosen[0]['title']} {number}", texts))
    for name, raw in hostile().items():
        (folder / name).write_bytes(raw)


def change(folder: Path) -> None:
    """Change some documents, of every format one."""
    for number, suffix in zip(range(CHANGED), WRITERS, strict=True):
        texts = [f"These words are new in document {number}.", "And so are these."]
        (folder / f"{number:04}{suffix}").write_bytes(WRITERS[suffix](f"Changed {number}", texts))


def index(home: Path) -> dict[str, object]:
    """Index, and tell what came of it and what it cost."""
    started = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-m", "qa_bot", "index", "--json"], cwd=home, stdout=subprocess.PIPE, env=os.environ
    ) as process:
        peaks: dict[str, float] = {}
        watcher = threading.Thread(target=_watch, args=(psutil.Process(process.pid), peaks))
        watcher.start()
        assert process.stdout is not None
        report: dict[str, object] = json.load(process.stdout)
        watcher.join()
    return report | {"seconds": time.monotonic() - started, "peaks": peaks}


def _watch(process: psutil.Process, peaks: dict[str, float]) -> None:
    """Note the most memory that a process and those it starts hold, in megabytes."""
    with suppress(psutil.NoSuchProcess):
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            for role, one in _family(process):
                with suppress(psutil.NoSuchProcess):
                    peaks[role] = max(peaks.get(role, 0.0), one.memory_info().rss / 2**20)
            time.sleep(0.05)


def _family(process: psutil.Process) -> Iterator[tuple[str, psutil.Process]]:
    yield "indexing", process
    yield from (("reading", child) for child in process.children())


def show(report: dict[str, object]) -> None:
    """Print a report."""
    counted = {name: len(report[name]) for name in ("added", "changed", "removed", "kept")}  # type: ignore[arg-type]
    peaks = report["peaks"]
    assert isinstance(peaks, dict)
    memory = ", ".join(f"{role} {megabytes:.0f} MB" for role, megabytes in peaks.items())
    click.echo(f"{report['seconds']:.1f} s; {counted}; {report['encoded']} paragraphs encoded; peak memory: {memory}")


def main(data: Path) -> None:
    """Run the benchmark."""
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary)
        (home / "seeds").mkdir()
        (home / "config.toml").write_text("", encoding="utf-8")
        write_corpus(home / "seeds", data)
        sizes = Counter({path.suffix: path.stat().st_size for path in (home / "seeds").iterdir()})
        click.echo(f"{sum(1 for _ in (home / 'seeds').iterdir())} files of {len(sizes)} formats")
        report = index(home)
        show(report)
        refused = report["refused"]
        assert isinstance(refused, dict)
        for name, reason in refused.items():
            click.echo(f"  refused {name}: {reason}")
        change(home / "seeds")
        show(index(home))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
