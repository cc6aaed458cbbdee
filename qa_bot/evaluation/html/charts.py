"""The charts of the report, each from plain numbers."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from qa_bot.counting import counted
from qa_bot.evaluation.html.svg import Plot, Point, easy_step, ticks
from qa_bot.evaluation.metrics import CALIBRATION_BINS, mean, percentile

DEPTH = 10
# Beyond this share of the questions, times are gathered in one last bar.
LATENCY_SHARE = 0.99
LATENCY_BARS = 25
# A curve that hardly errs is not blown up to full height.
LEAST_RISK_SHOWN = 0.1


def risk_coverage_chart(curve: Sequence[Point], at: Point | None) -> str:
    """Draw coverage → risk; ``at`` is where the threshold stands.

    Source: El-Yaniv & Wiener (2010), "On the Foundations of Noise-free Selective Classification".
    """
    last = curve[-1]
    words = f"With {last[0]:.3f} of the questions answered, {last[1]:.3f} of the answers are wrong."
    if at is not None:
        words = f"At the threshold {at[0]:.3f} are answered, {at[1]:.3f} of these wrongly. {words}"
    highest = max([risk for _, risk in curve] + [LEAST_RISK_SHOWN])
    step = easy_step(highest, 5)
    plot = Plot("risk-coverage", "Risk and coverage", words, x=(0, 1), top=min(step * math.ceil(highest / step), 1))
    plot.y_axis("wrong among the answered", digits=2)
    plot.x_axis("answered among all questions", [(value, f"{value:.1f}") for value in ticks(1)])
    plot.curve(curve, "curve")
    if at is not None:
        plot.dot(at, f"at the threshold: {at[0]:.3f} answered, {at[1]:.3f} of these wrongly")
    return plot.markup()


def reliability_chart(pairs: Sequence[tuple[float, bool]]) -> str:
    """Draw, for bins of confidence, the share that is right; a short stroke is the mean confidence.

    ``pairs`` has the confidence in the best passage of each question, and whether that passage is right.

    Source: Guo et al. (2017), "On Calibration of Modern Neural Networks", with their ten bins of equal width.
    """
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(CALIBRATION_BINS)]
    for confidence, truth in pairs:
        bins[min(max(int(confidence * CALIBRATION_BINS), 0), CALIBRATION_BINS - 1)].append((confidence, truth))
    tips = [_bin_words(number, content) for number, content in enumerate(bins)]
    plot = Plot("reliability", "Reliability", "; ".join(tips), x=(0, 1), top=1)
    plot.y_axis("right", digits=1)
    counts = [((number + 0.5) / CALIBRATION_BINS, str(len(content))) for number, content in enumerate(bins)]
    marks = [(value, f"{value:.1f}") for value in ticks(1)]
    plot.x_axis("confidence, and above this the number of questions", marks, counts)
    for number, content in enumerate(bins):
        start, end = number / CALIBRATION_BINS, (number + 1) / CALIBRATION_BINS
        if content:
            plot.bar(start, end, mean([truth for _, truth in content]), tips[number])
            plot.level(start, end, mean([confidence for confidence, _ in content]))
    plot.curve([(0, 0), (1, 1)], "diagonal")
    return plot.markup()


def rank_chart(ranks: Sequence[int | None]) -> str:
    """Draw how many questions have their first right paragraph at each rank, and how many have none."""
    names = [*map(str, range(1, DEPTH + 1)), "none"]
    heights = Counter(str(rank) if rank is not None and rank <= DEPTH else "none" for rank in ranks)
    tips = [_rank_words(name, heights[name]) for name in names]
    plot = Plot("ranks", "Ranks", "; ".join(tips), x=(0, len(names)), top=_room_for(heights.values()))
    plot.y_axis("questions", digits=0)
    plot.x_axis("rank of the first right paragraph", [(at + 0.5, name) for at, name in enumerate(names)])
    for at, (name, tip) in enumerate(zip(names, tips, strict=True)):
        plot.bar(at, at + 1, heights[name], tip, kind="bad" if name == "none" else "")
        plot.bar_label(at, at + 1, heights[name], f"{heights[name]}")
    return plot.markup()


def latency_chart(times: Sequence[float]) -> str:
    """Draw how many questions took how long, in milliseconds; the slowest share one bar."""
    median, slow = percentile(times, 0.5), percentile(times, 0.95)
    width = easy_step(max(percentile(times, LATENCY_SHARE), 1e-3), LATENCY_BARS)
    bars = math.floor(percentile(times, LATENCY_SHARE) / width) + 1
    heights = Counter(min(int(time / width), bars) for time in times)
    words = f"Half of the questions took at most {median:.1f} ms, 95 % at most {slow:.1f} ms, the slowest {max(times):.1f} ms."
    total = bars + (1 if heights[bars] else 0)
    plot = Plot("latency", "Latency", words, x=(0, total * width), top=_room_for(heights.values()))
    plot.y_axis("questions", digits=0)
    plot.x_axis("milliseconds", [(value, f"{value:g}") for value in ticks(bars * width)])
    for number, count in sorted(heights.items()):
        start, end = number * width, (number + 1) * width
        span = f"{start:g} ms and more" if number == bars else f"{start:g} to {end:g} ms"
        plot.bar(start, end, count, f"{span}: {counted(count, 'question')}", kind="rest" if number == bars else "")
    plot.upright(median, f"p50 {median:.1f}")
    plot.upright(slow, f"p95 {slow:.1f}", row=1)
    return plot.markup()


def _bin_words(number: int, content: Sequence[tuple[float, bool]]) -> str:
    span = f"confidence {number / CALIBRATION_BINS:.1f} to {(number + 1) / CALIBRATION_BINS:.1f}"
    if not content:
        return f"{span}: no questions"
    confidence = mean([confidence for confidence, _ in content])
    right = mean([truth for _, truth in content])
    return f"{span}: {counted(len(content), 'question')}, mean confidence {confidence:.3f}, right {right:.3f}"


def _rank_words(name: str, count: int) -> str:
    return f"{'no rank' if name == 'none' else f'rank {name}'}: {counted(count, 'question')}"


def _room_for(counts: Iterable[int]) -> float:
    """Give the height of an axis that leaves room for a number above the highest bar."""
    return max(counts, default=1) * 1.1
