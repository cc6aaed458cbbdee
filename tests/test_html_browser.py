"""The HTML report in a real browser: it opens alone, sorts, filters, and can be read in any light."""

import copy
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser import LEFT_OUT, REQUIRE
from sample_report import REPORT
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By

from qa_bot.evaluation.html import html_report

ROOT = Path(__file__).resolve().parents[1]
COLUMNS = ["no.", "question", "category", "outcome", "rank", "confidence", "ms"]
# The contrast that WCAG 2.2 asks for (level AA).
LEAST_CONTRAST = 4.5
CONTRASTS = """
const light = (css) => {
  const [r, g, b] = css.match(/[\\d.]+/g).map((c) => c / 255).map((c) => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4);
  return .2126 * r + .7152 * g + .0722 * b;
};
const ground = (e) => {
  const css = getComputedStyle(e).backgroundColor;
  return css === "rgba(0, 0, 0, 0)" ? ground(e.parentElement) : css;
};
const texts = [...document.querySelectorAll("body *")].filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()));
return texts.filter((e) => e.checkVisibility()).map((e) => {
  const ink = getComputedStyle(e)[e.namespaceURI.endsWith("svg") ? "fill" : "color"];
  const [a, b] = [light(ink), light(ground(e))].sort((x, y) => y - x);
  return [(a + .05) / (b + .05), e.outerHTML];
});
"""

Opener = Callable[[dict[str, Any]], Chrome]


@pytest.fixture
def open_report(browser: Chrome, tmp_path: Path) -> Opener:
    """Give a function that writes a report to a file and opens it; its logs begin with the opening."""

    def open_file(report: dict[str, Any]) -> Chrome:
        file = tmp_path / "report.html"
        file.write_text(html_report(report), encoding="utf-8")
        emulate(browser, "setEmulatedMedia", features=[], media="")
        emulate(browser, "setScriptExecutionDisabled", value=False)
        emulate(browser, "clearDeviceMetricsOverride")
        browser.get("about:blank")
        for log in ("browser", "performance"):
            read_log(browser, log)
        browser.get(file.as_uri())
        return browser

    return open_file


def emulate(browser: Chrome, what: str, **how: Any) -> None:
    """Let the browser act as on another screen."""
    browser.execute_cdp_cmd(f"Emulation.{what}", how)


def read_log(browser: Chrome, name: str) -> list[dict[str, Any]]:
    """Give what has been written into a log since it was read last."""
    return list(browser.get_log(name))  # type: ignore[no-untyped-call]


def numbers(browser: Chrome) -> list[str]:
    """Give the numbers of the questions that can be seen, in their order."""
    rows = browser.find_elements(By.CSS_SELECTOR, "#questions tbody tr")
    return [row.find_element(By.TAG_NAME, "td").text for row in rows if row.is_displayed()]


def choose(browser: Chrome, outcome: str) -> None:
    """Choose an outcome."""
    browser.find_element(By.CSS_SELECTOR, f"input[value='{outcome}']").click()


def count_shown(browser: Chrome) -> str:
    """Give what is said about how many rows are shown."""
    return browser.find_element(By.ID, "shown").text


def test_it_opens_without_a_word_and_without_network(open_report: Opener) -> None:
    """The console stays empty, and nothing is asked for but the file itself."""
    browser = open_report(REPORT)
    events = [json.loads(entry["message"])["message"] for entry in read_log(browser, "performance")]
    asked = [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]

    assert read_log(browser, "browser") == []
    assert [url for url in asked if not url.startswith("data:")] == [browser.current_url]
    assert browser.current_url.startswith("file://")


def test_only_its_own_script_runs(open_report: Opener) -> None:
    """A script that comes in another way is not run, and the console tells that the policy forbade it."""
    browser = open_report(REPORT)
    browser.execute_script(
        "const s = document.createElement('script'); s.text = 'window.ran = 1'; document.body.append(s)"
    )

    assert browser.execute_script("return window.ran") is None
    assert ["Content Security Policy" in entry["message"] for entry in read_log(browser, "browser")] == [True]


def test_hostile_texts_are_shown_and_nothing_else(open_report: Opener) -> None:
    """Markup in a question, a passage or a category is text to the reader."""
    bad = "</script><script>window.ran=1</script><img src=x onerror='window.ran=1'>\u202e<!--"
    report = copy.deepcopy(REPORT)
    report["per_question"][1].update(question=bad, category=bad, shown=bad, shown_highlights=[bad], expected=[bad])
    browser = open_report(report)
    row = browser.find_element(By.CSS_SELECTOR, "#questions tbody tr")

    assert [e.text for e in row.find_elements(By.CSS_SELECTOR, "summary, mark, li, .category")] == [bad] * 4
    assert browser.execute_script("return [window.ran, document.images.length, document.scripts.length]") == [
        None,
        0,
        1,
    ]
    assert read_log(browser, "browser") == []


def test_failed_questions_come_first_with_what_was_shown_and_expected(open_report: Opener) -> None:
    """Just the failed questions are seen at first, each open."""
    browser = open_report(REPORT)
    rows = [row for row in browser.find_elements(By.CSS_SELECTOR, "#questions tbody tr") if row.is_displayed()]
    passage = "It fell. […] Six people died. Others fled."

    assert count_shown(browser) == "5 of 8 questions shown"
    assert [row.find_element(By.CSS_SELECTOR, "dl").text.split("\n") for row in rows] == [
        ["shown", passage, "news.txt", "expected", "Others fled", "fled"],
        ["shown", passage, "news.txt", "expected", "Six people died"],
        *[["shown", "nothing", "expected", "Six people died"]] * 2,
        ["shown", passage, "news.txt", "expected", "nothing"],
    ]


@pytest.mark.parametrize(
    ("column", "upwards", "downwards"),
    [
        ("no.", "12345678", "87654321"),
        ("question", "73185462", "26458137"),
        ("category", "67234518", "23451867"),
        ("outcome", "36845172", "27145863"),
        ("rank", "24135678", "32415678"),
        ("confidence", "75483621", "12638457"),
        ("ms", "51426783", "38762415"),
    ],
)
def test_a_click_sorts_and_another_turns_it_round(
    open_report: Opener, column: str, upwards: str, downwards: str
) -> None:
    """Equal ones keep their order, what has no value stays last, and the heads say how it is sorted."""
    browser = open_report(REPORT)
    choose(browser, "")
    heads = browser.find_elements(By.CSS_SELECTOR, "#questions thead th")
    orders = []
    for _ in range(2):
        heads[COLUMNS.index(column)].find_element(By.TAG_NAME, "button").click()
        orders.append(("".join(numbers(browser)), [head.get_attribute("aria-sort") for head in heads]))

    assert [head.text for head in heads] == COLUMNS
    assert orders == [
        (order, [way if name == column else None for name in COLUMNS])
        for order, way in ((upwards, "ascending"), (downwards, "descending"))
    ]


def test_the_keyboard_sorts_and_filters(open_report: Opener) -> None:
    """The heads are reached with Tab and pressed with Enter; arrows walk through the outcomes."""
    browser = open_report(REPORT)
    browser.find_element(By.CSS_SELECTOR, "input[value='failed']").send_keys(Keys.ARROW_LEFT)
    browser.find_element(By.NAME, "category").send_keys(Keys.TAB)
    browser.switch_to.active_element.send_keys(Keys.TAB)
    browser.switch_to.active_element.send_keys(Keys.ENTER)

    assert browser.switch_to.active_element.text == "question"
    assert "".join(numbers(browser)) == "73185462"


def test_categories_sort_by_number(open_report: Opener) -> None:
    """The table of categories sorts as well, and 1,200 is more than 2."""
    browser = open_report(REPORT)
    button = browser.find_elements(By.CSS_SELECTOR, "#categories thead button")[1]
    button.click()
    button.click()

    assert [e.text for e in browser.find_elements(By.CSS_SELECTOR, "#categories tbody th")] == ["what", "far"]


@pytest.mark.parametrize(
    ("outcome", "words", "category", "shown"),
    [
        ("", "", "", "23456178"),
        ("failed", "", "", "23456"),
        ("answered wrongly", "", "", "3"),
        ("not answered", "", "", "45"),
        ("false answer", "", "", "6"),
        ("gold lost", "", "", "8"),
        ("", "", "far", "67"),
        ("failed", "", "far", "6"),
        ("", "DID fall", "", "45"),
        ("", "ölpreise", "", "7"),
        ("", "others", "", "23618"),
        ("", "q-4", "", "4"),
        ("gold lost", "others", "what", "8"),
        ("gold lost", "", "far", ""),
    ],
)
def test_filters_go_together(open_report: Opener, outcome: str, words: str, category: str, shown: str) -> None:
    """Only what has the outcome, the category and all the words is seen, and it is said how many these are."""
    browser = open_report(REPORT)
    choose(browser, outcome)
    browser.find_element(By.NAME, "words").send_keys(words)
    browser.find_element(By.CSS_SELECTOR, f"option[value='{category}']").click()

    assert "".join(numbers(browser)) == shown
    assert count_shown(browser) == f"{len(shown)} of 8 questions shown"


def test_charts_are_drawn_to_scale(open_report: Opener) -> None:
    """Four charts are seen, named and described; the bars of the ranks are as high as their counts."""
    browser = open_report(REPORT)
    charts = browser.find_elements(By.CSS_SELECTOR, "svg[role=img]")
    bars = browser.execute_script(
        "return [...document.querySelectorAll('#ranks rect')].map((e) => e.getBoundingClientRect().height)"
    )

    assert [chart.accessible_name for chart in charts] == [
        f"{chart.find_element(By.TAG_NAME, 'title').get_attribute('textContent')} "
        f"{chart.find_element(By.TAG_NAME, 'desc').get_attribute('textContent')}"
        for chart in charts
    ]
    assert [chart.get_attribute("id") for chart in charts] == ["risk-coverage", "reliability", "ranks", "latency"]
    assert all(chart.size["height"] > 200 for chart in charts)
    # Ranks 1, 1, 3, 1 and none are those of the answerable questions whose gold is not lost.
    assert [round(bar / bars[2]) for bar in bars] == [3, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("media", ["screen", "print"])
def test_it_is_readable_in_any_light(open_report: Opener, scheme: str, media: str) -> None:
    """Every text stands out from its ground, and only a dark screen is dark."""
    browser = open_report(REPORT)
    emulate(browser, "setEmulatedMedia", media=media, features=[{"name": "prefers-color-scheme", "value": scheme}])
    browser.execute_script("for (const e of document.querySelectorAll('details')) e.open = true")
    contrasts = browser.execute_script(CONTRASTS)
    paper = browser.find_element(By.TAG_NAME, "body").value_of_css_property("background-color")

    assert len(contrasts) > 150
    assert [text for contrast, text in contrasts if contrast < LEAST_CONTRAST] == []
    assert (paper == "rgba(21, 23, 26, 1)") is (scheme == "dark" and media == "screen")


def test_a_narrow_screen_needs_no_scrolling_aside(open_report: Opener) -> None:
    """At the width of a small phone the page is as wide as the screen."""
    browser = open_report(REPORT)
    emulate(browser, "setDeviceMetricsOverride", width=360, height=740, deviceScaleFactor=1, mobile=True)

    assert browser.execute_script("return document.scrollingElement.scrollWidth") == 360


def test_without_scripts_everything_is_there(open_report: Opener, browser: Chrome) -> None:
    """All rows are seen, and no control that would do nothing."""
    browser = open_report(REPORT)
    emulate(browser, "setScriptExecutionDisabled", value=True)
    browser.refresh()

    assert "".join(numbers(browser)) == "23456178"
    assert not browser.find_element(By.ID, "filters").is_displayed()
    assert browser.find_elements(By.CSS_SELECTOR, "thead button") == []
    emulate(browser, "setScriptExecutionDisabled", value=False)


@pytest.mark.parametrize(("required", "code"), [("", 0), ("1", 1)])
def test_a_missing_browser_is_said_aloud(tmp_path: Path, required: str, code: int) -> None:
    """Without a browser its tests are skipped and named in the last lines; where one is required, they fail."""
    chosen = f"{Path(__file__).relative_to(ROOT)}::{test_categories_sort_by_number.__name__}"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", chosen],
        cwd=ROOT,
        env={**os.environ, "PATH": str(tmp_path), REQUIRE: required},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == code
    assert LEFT_OUT in done.stdout
    assert (f"LEFT OUT (1 tests): {LEFT_OUT}" in done.stdout) is (required == "")
