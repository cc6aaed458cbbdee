"""What is said above an answer that is outdated. Pure."""

from dataclasses import dataclass

from qa_bot.channels.telegram import words
from qa_bot.channels.telegram.formatted import BOLD, STRIKE, Formatted, cut, join, styled

# What the heading may take of a message: so many changes, each with a title and words of so many UTF-16 units.
MOST_CHANGES, LONGEST_TITLE, LONGEST_SAID = 3, 120, 300
ROOM_FOR_OUTDATED = 1_600


@dataclass(frozen=True, slots=True)
class Change:
    """What became of an excerpt: its document's title, whether that is gone, and the words that do not stand any more."""

    title: str
    gone: bool
    said: str


@dataclass(frozen=True, slots=True)
class Outdated:
    """Since when an answer is outdated, and why."""

    since: str
    changes: tuple[Change, ...]

    def heading(self, *, answered: bool) -> Formatted:
        """Say it; what the answer said is struck through. Below it stands what the documents say now, if they answer."""
        reasons = dict.fromkeys(_reason(change) for change in self.changes)
        why = words.OUTDATED.format(since=self.since, reasons="; ".join(list(reasons)[:MOST_CHANGES]))
        said = list(dict.fromkeys(change.said for change in self.changes if change.said))[:MOST_CHANGES]
        struck = [styled(cut(" ".join(text.split()), LONGEST_SAID), STRIKE) for text in said]
        before = styled(f"{words.SAID}\n") + join(struck, "\n") if struck else styled(words.STILL_STANDS)
        return join([styled(why, BOLD), before, *([styled(words.NOW, BOLD)] if answered else [])], "\n\n")


def _reason(change: Change) -> str:
    said = words.GONE if change.gone else words.CHANGED
    return said.format(title=cut(" ".join(change.title.split()), LONGEST_TITLE))
