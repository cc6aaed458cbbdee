"""Read a folder of PDFs, each in a process of its own under the limits that files have, and say what became of each.

``python -m tests.pdf_benchmark FOLDER``: for each file the seconds and the peak memory of its process, pages, blocks and
characters, or why it is refused. The last lines count. Exits with 1 if a process died or ran out of its limits.

``python -m tests.pdf_benchmark --paragraphs FILE``: known paragraphs (a ``paragraphs.jsonl``) are set in many layouts, and
the share of them is given that comes back as exactly one block of the same words.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from pdf_layouts import LAYOUTS, set_in_type

from qa_bot.errors import ReadError
from qa_bot.reading.pdf import read_pdf

SECONDS = 20
MEGABYTES = 1_000
PARAGRAPHS = 14


def read_here(path: Path) -> dict[str, object]:
    """Read one file in this process, which may use so much memory and no more."""
    resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES * 1_000_000, MEGABYTES * 1_000_000))
    started = time.perf_counter()
    try:
        extract = read_pdf(path.read_bytes())
        pages = len({block.page for block in extract.blocks})
        said: dict[str, object] = {"blocks": len(extract.blocks), "characters": len(extract.text), "pages": pages}
    except ReadError as exc:
        said = {"refused": str(exc)}
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return said | {"seconds": time.perf_counter() - started, "megabytes": kilobytes / 1_000}


def read_apart(path: Path) -> dict[str, object]:
    """Read one file in a process of its own."""
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "tests.pdf_benchmark", "--one", str(path)],
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"died": f"after {SECONDS} s"}
    if ended.returncode:
        return {"died": f"with {ended.returncode}: {ended.stderr.decode(errors='replace')[-200:]!r}"}
    said: dict[str, object] = json.loads(ended.stdout)
    return said


def report(folder: Path) -> int:
    """Print a line for each file, and count."""
    sys.stdout.write(f"{'seconds':>8}{'MB':>6}{'pages':>6}{'blocks':>8}{'characters':>12}  file\n")
    counts = {"characters": 0, "refused": 0, "died": 0}
    for path in sorted(folder.glob("*.pdf")):
        said = read_apart(path)
        counts[next(key for key in counts if key in said)] += 1
        figures = f"{said.get('seconds', 0):>8.2f}{said.get('megabytes', 0):>6.0f}"
        what = said.get("refused") or said.get("died") or ""
        shown = f"{said.get('pages', ''):>6}{said.get('blocks', ''):>8}{said.get('characters', ''):>12}"
        sys.stdout.write(f"{figures}{shown}  {path.name}{': ' * bool(what)}{what}\n")
    sys.stdout.write(f"text {counts['characters']}, refused {counts['refused']}, died {counts['died']}\n")
    return int(counts["died"] > 0)


def documents(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield titles and paragraphs, as far as a document has enough of them."""
    by_title: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        by_title.setdefault(row["title"], []).append(" ".join(row["text"].split()))
    for title, paragraphs in by_title.items():
        if len(paragraphs) >= PARAGRAPHS:
            yield title, paragraphs[:PARAGRAPHS]


def plain(text: str) -> str:
    """Give a text without what cannot be seen, the numbers of notes, and the difference of quotation marks."""
    unseen = dict.fromkeys("⁰¹²³⁴⁵⁶⁷⁸⁹\u200b\u200e")
    return text.translate(str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'} | unseen))


def share(path: Path) -> None:
    """Set paragraphs in every layout, read them back, and give the share that is found."""
    texts = list(documents(path))
    total = found = 0
    for number, (name, layout) in enumerate(LAYOUTS.items()):
        here = hits = 0
        for title, paragraphs in texts[number % len(texts) :: len(LAYOUTS)] or texts[:1]:
            extract = read_pdf(set_in_type(title, paragraphs, layout))
            blocks = {plain(extract.text[block.start : block.end]) for block in extract.blocks}
            here += len(paragraphs)
            hits += sum(plain(paragraph) in blocks for paragraph in paragraphs)
        sys.stdout.write(f"{hits:>5} of {here:<5} {name}\n")
        total, found = total + here, found + hits
    sys.stdout.write(f"{found:>5} of {total:<5} {found / total:.1%}\n")


def main() -> int:
    """Run what is asked for."""
    match sys.argv[1:]:
        case ["--one", path]:
            sys.stdout.write(json.dumps(read_here(Path(path))))
        case ["--paragraphs", path]:
            share(Path(path))
        case [folder]:
            return report(Path(folder))
        case _:
            sys.stderr.write(f"{__doc__}\n")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
