"""The report of an evaluation as JUnit XML, for servers that run tests: a test case for each question."""

import re
from collections import Counter
from typing import Any
from xml.etree import ElementTree as ET

from qa_bot.evaluation.figures import expected, reply, reply_ok

# Characters that no XML document may hold, not even escaped (XML 1.0, section 2.2).
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
REPLACEMENT = "\ufffd"


def junit_report(report: dict[str, Any]) -> str:
    """Give the XML: a wrong reply is a failure, a question whose gold is lost is skipped."""
    verdicts = [_verdict(line) for line in report["per_question"]]
    counts = Counter(verdicts)
    totals = {
        "tests": str(len(verdicts)),
        "failures": str(counts["failure"]),
        "errors": "0",
        "skipped": str(counts["skipped"]),
        "time": f"{sum(line['latency_ms'] for line in report['per_question']) / 1000:.3f}",
    }
    root = ET.Element("testsuites", totals)
    suite = ET.SubElement(root, "testsuite", {"name": "qa-bot evaluate", "timestamp": report["made"], **totals})
    for line, verdict in zip(report["per_question"], verdicts, strict=True):
        _add_case(suite, line, verdict)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _verdict(line: dict[str, Any]) -> str | None:
    if line["gold"] == "lost":
        return "skipped"
    return None if reply_ok(line) else "failure"


def _add_case(suite: ET.Element, line: dict[str, Any], verdict: str | None) -> None:
    case = {
        "classname": clean(line["category"]),
        "name": clean(f"{line['id']}: {line['question']}"),
        "time": f"{line['latency_ms'] / 1000:.3f}",
    }
    element = ET.SubElement(suite, "testcase", case)
    if verdict == "skipped":
        ET.SubElement(element, "skipped", {"message": clean(f"gold lost: {expected(line)}")})
    if verdict == "failure":
        message = "answered wrongly" if line["status"] == "answered" else "not found"
        failure = ET.SubElement(element, "failure", {"message": message})
        failure.text = clean(f"expected: {expected(line)}\nshown: {reply(line)}")


def clean(text: str) -> str:
    """Put U+FFFD for what XML forbids."""
    return FORBIDDEN.sub(REPLACEMENT, text)
