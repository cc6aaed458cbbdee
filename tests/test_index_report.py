"""What an update of the index says it did."""

import pytest

from qa_bot.cli.reports import MOST_NAMES, say_report
from qa_bot.index.drafting import Report


@pytest.mark.parametrize(
    ("count", "last"), [(MOST_NAMES, f"added {MOST_NAMES - 1}.txt"), (MOST_NAMES + 1_200, "added 1,200 more")]
)
def test_of_thousands_of_documents_some_are_named(count: int, last: str, capsys: pytest.CaptureFixture[str]) -> None:
    """All that were refused are, each with its reason, and the counts are of all."""
    refused = {f"{number}.bin": "is no text" for number in range(60)}
    say_report(Report(3, tuple(f"{number}.txt" for number in range(count)), ("b.txt",), (), (), refused, 7))

    lines = capsys.readouterr().out.splitlines()
    added = [line for line in lines if line.startswith("added ")]
    assert added[:MOST_NAMES] == [f"added {number}.txt" for number in range(MOST_NAMES)]
    assert (added[-1], len(added)) == (last, MOST_NAMES + (count > MOST_NAMES))
    assert [line for line in lines if line.startswith("refused ")] == [
        f"refused {name}: is no text" for name in refused
    ]
    assert lines[-1] == f"generation 3: {count} added, 1 changed, 0 removed, 0 kept, 60 refused, 7 paragraphs encoded"
