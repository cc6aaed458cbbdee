"""The charts show the numbers they are given."""

import math
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from qa_bot.evaluation.html.charts import latency_chart, rank_chart, reliability_chart, risk_coverage_chart
from qa_bot.evaluation.html.svg import BOTTOM, EASY_STEPS, LEFT, RIGHT, TOP, thinned, ticks
from qa_bot.evaluation.metrics import percentile

ranks = st.one_of(st.none(), st.integers(1, 12))
shares = st.floats(0, 1)


def read(svg: str) -> ET.Element:
    """Read a chart as XML."""
    return ET.fromstring(svg)  # noqa: S314 - we have just made it


def tips(svg: str) -> list[str]:
    """Give the words of each bar or dot."""
    return [mark.findtext("title") or "" for mark in read(svg) if mark.tag in {"rect", "circle"}]


def heights(svg: str) -> list[float]:
    """Give the height of each bar."""
    return [float(bar.get("height", "")) for bar in read(svg).iter("rect")]


def words(svg: str, kind: str) -> list[str | None]:
    """Give the texts of a kind."""
    return [text.text for text in read(svg).iter("text") if kind in (text.get("class") or "").split()]


def test_ranks_are_counted_one_by_one() -> None:
    """Each rank has a bar as high as its count; none, and what is beyond ten, have one of their own."""
    svg = rank_chart([1, 1, 1, 2, 10, None, 11])

    assert tips(svg) == [
        *("rank 1: 3 questions", "rank 2: 1 question", *(f"rank {rank}: 0 questions" for rank in range(3, 10))),
        *("rank 10: 1 question", "no rank: 2 questions"),
    ]
    assert words(svg, "count") == ["3", "1", "0", "0", "0", "0", "0", "0", "0", "1", "2"]
    assert [round(height / heights(svg)[1], 1) for height in heights(svg)] == [3, 1, 0, 0, 0, 0, 0, 0, 0, 1, 2]


@given(st.lists(ranks, min_size=1))
def test_the_bars_of_ranks_are_all_questions(ranks: list[int | None]) -> None:
    """No question is left out, and no bar is higher than the chart."""
    svg = rank_chart(ranks)

    assert sum(int(count or "") for count in words(svg, "count")) == len(ranks)
    assert max(heights(svg)) < BOTTOM - TOP


def test_reliability_has_a_bar_for_each_bin_with_questions() -> None:
    """A bar is as high as the share that is right; its bin's count and mean confidence are told; 1 is in the last bin."""
    svg = reliability_chart([(0.0, False), (0.05, True), (0.1, False), (0.95, True), (1.0, True)])

    assert tips(svg) == [
        "confidence 0.0 to 0.1: 2 questions, mean confidence 0.025, right 0.500",
        "confidence 0.1 to 0.2: 1 question, mean confidence 0.100, right 0.000",
        "confidence 0.9 to 1.0: 2 questions, mean confidence 0.975, right 1.000",
    ]
    assert heights(svg) == [(BOTTOM - TOP) / 2, 0, BOTTOM - TOP]
    assert words(svg, "count") == ["2", "1", "0", "0", "0", "0", "0", "0", "0", "2"]


@given(st.lists(st.tuples(shares, st.booleans()), min_size=1))
def test_the_bins_of_reliability_are_all_questions(pairs: list[tuple[float, bool]]) -> None:
    """No question is left out."""
    assert sum(int(count or "") for count in words(reliability_chart(pairs), "count")) == len(pairs)


def test_risk_and_coverage_are_where_the_axes_say() -> None:
    """The curve starts and ends at its first and last point, and the dot is the threshold's."""
    svg = read(risk_coverage_chart([(0.5, 0.0), (1.0, 0.4)], (0.75, 0.2)))
    curve, dot = svg.find("polyline"), svg.find("circle")

    assert curve is not None
    assert dot is not None
    assert curve.get("points") == f"{(LEFT + RIGHT) / 2:g},{BOTTOM} {RIGHT},{TOP}"
    assert (dot.get("cx"), dot.get("cy")) == (f"{LEFT + 0.75 * (RIGHT - LEFT):g}", f"{(BOTTOM + TOP) / 2:g}")
    assert svg.findtext("desc") == (
        "At the threshold 0.750 are answered, 0.200 of these wrongly. "
        "With 1.000 of the questions answered, 0.400 of the answers are wrong."
    )


@given(st.lists(st.tuples(shares, shares), min_size=1))
def test_any_curve_can_be_drawn(curve: list[tuple[float, float]]) -> None:
    """A curve stays inside its axes, and without a threshold there is no dot."""
    svg = risk_coverage_chart(curve, None)
    line = read(svg).find("polyline")
    points = [
        tuple(map(float, point.split(","))) for point in (line.get("points", "") if line is not None else "").split()
    ]

    assert points
    assert all(LEFT <= x <= RIGHT and TOP <= y <= BOTTOM for x, y in points)
    assert tips(svg) == []


def test_latencies_are_counted_and_the_slowest_gathered() -> None:
    """Times fall into bars of an easy width; those beyond the 99th percentile share the last bar."""
    svg = latency_chart([5.0] * 50 + [20.0] * 49 + [9000.0])

    assert tips(svg) == ["5 to 6 ms: 50 questions", "20 to 21 ms: 49 questions", "21 ms and more: 1 question"]
    assert words(svg, "count") == ["p50 5.0", "p95 20.0"]
    assert read(svg).findtext("desc") == (
        "Half of the questions took at most 5.0 ms, 95 % at most 20.0 ms, the slowest 9000.0 ms."
    )


@given(st.lists(st.floats(0, 1e6), min_size=1))
def test_the_bars_of_latency_are_all_questions(times: list[float]) -> None:
    """No question is left out, and there are never too many bars to read."""
    svg = latency_chart(times)
    counts = [int(tip.rsplit(": ", 1)[1].split()[0]) for tip in tips(svg)]

    assert sum(counts) == len(times)
    assert len(counts) <= 27
    assert words(svg, "count") == [f"p50 {percentile(times, 0.5):.1f}", f"p95 {percentile(times, 0.95):.1f}"]


@given(st.floats(1e-6, 1e9))
def test_ticks_are_easy_and_few(high: float) -> None:
    """Ticks start at 0, reach nearly to the end, and are 1, 2 or 5 times a power of ten apart."""
    values = ticks(high)
    step = values[1]

    assert values[0] == 0
    assert 2 <= len(values) <= 6
    assert high - step < values[-1] <= high * (1 + 1e-6)
    assert any(math.isclose(step / 10 ** math.floor(math.log10(step * 1.0001)), easy) for easy in EASY_STEPS)


def test_ticks_of_counts_are_whole() -> None:
    """Where only whole numbers make sense, there are no others."""
    assert ticks(2.2, least=1) == [0, 1, 2]


@given(st.lists(st.tuples(shares, shares)))
def test_thinning_keeps_the_ends_and_leaves_no_gap(points: list[tuple[float, float]]) -> None:
    """First and last point are kept, and each left out lies within half a pixel of one that is kept."""
    kept = thinned(points)

    assert [*kept[:1], *kept[-1:]] == [*points[:1], *points[-1:]]
    assert all(min(math.dist(point, other) for other in kept) < 0.5 for point in points if point not in kept)
